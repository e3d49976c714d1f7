"""Keep connections alive: notice what broke, say so once a week, look daily, give access back.

Each step is an effect row. Nothing here tells of a calendar's content: an account opens or it
does not, and a calendar is in it or it is not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from zlib import crc32

from core.effects import GIVE_UP, Effect, EffectKind, EffectState, is_hopeless
from core.errors import (
    AccessRevoked,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    NotFound,
    ProviderError,
)
from core.ids import GrantId, LinkId
from core.links import LinkState
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended, Later
from core.ports import BusyAnswer
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from core.links import CalendarLink, Grant
    from core.ports import Ports, Store, Tx

    Outcome = Callable[[Tx], None] | Ended | Later

HOUR, DAY, WEEK = 3600, 86_400, 7 * 86_400
EMPTYING = 60  # seconds after which it is looked again whether our copies are out of an account
MOST_EFFECTS = 500  # of a person's newest, among which those that take copies out are looked for
FOR_GOOD = (NotConnected, ConsentRequiredByAdmin, InvalidRequest)


# --- what is amiss ------------------------------------------------------------------------------


class Cause(StrEnum):
    """Why an account, or one calendar in it, cannot be used."""

    REVOKED = "revoked"  # what we keep no longer opens the account
    CONSENT = "consent"  # the organisation's IT administrator has to approve
    MISSING = "missing"  # the account opens, but the calendar is no longer in it


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing amiss since an instant; `link_id` is None where it is the whole account."""

    cause: Cause
    since: int
    link_id: LinkId | None = None

    def __str__(self) -> str:
        """Return it as `Grant.why_broken` holds it."""
        return ":".join([self.cause, str(self.since), *([self.link_id] if self.link_id else [])])


def troubles(why_broken: str) -> tuple[Trouble, ...]:
    """Read what is amiss out of `Grant.why_broken`: "cause:since" or "cause:since:link" each."""
    found = []
    for word in why_broken.split():
        cause, _, rest = word.partition(":")
        since, _, link_id = rest.partition(":")
        if cause in set(Cause) and since.isdecimal():
            found.append(Trouble(Cause(cause), int(since), LinkId(link_id) if link_id else None))
    return tuple(found)


# --- what happened to an account ----------------------------------------------------------------


def mark_broken(
    tx: Tx, grant: Grant, now: int, cause: Cause = Cause.REVOKED, *, tell: bool = True
) -> None:
    """Mark a grant as no longer opening its account and tell its person: now, then weekly.

    One that is marked already changes nothing. Without `tell` the person knows it already.
    """
    if grant.state is not LinkState.OK:
        return
    case = str(Trouble(cause, now))
    tx.links.save_grant(replace(grant, state=LinkState.BROKEN, why_broken=case))
    if tell:
        _tell(tx, grant, f"{case}:{grant.version}", now)
    tx.effects.add(_reminder(grant, case, 1, now))


def restored(grant: Grant, secret: Mapping[str, str]) -> Grant:
    """Return a grant that opens again, with what opens it."""
    return replace(grant, secret=secret, state=LinkState.OK, why_broken="")


def opened(tx: Tx, grant: Grant, now: int) -> None:
    """Begin to look daily whether an account still opens; beginning twice changes nothing."""
    look = _look(grant.id, now)
    tx.effects.add(replace(look, payload={**look.payload, "opened": str(now)}))


def leave(tx: Tx, grant: Grant, now: int, emptied: frozenset[LinkId] = frozenset()) -> None:
    """Forget an account's calendars at once, and give the access back at its service.

    What opens the account is kept, sealed, only until the service has taken the access back. Out
    of `emptied` calendars our copies are taken first: no search reads these links any more.
    """
    links = _links(tx, grant)
    kept = [link.id for link in links if link.id in emptied]
    for link in links:
        if link.id not in emptied:
            tx.links.remove(link.id)
    tx.links.save_grant(replace(grant, state=LinkState.GONE, why_broken=""))
    tx.effects.add(
        Effect(
            key=f"revoke:{grant.id}",
            kind=EffectKind.REVOKE,
            due_at=now,
            person_id=grant.person_id,
            payload={"grant": grant.id, **({"after": " ".join(kept)} if kept else {})},
            give_up_at=now + GIVE_UP,
        )
    )


def _links(tx: Tx, grant: Grant) -> list[CalendarLink]:
    return [x for x in tx.links.of([grant.person_id])[grant.person_id] if x.grant_id == grant.id]


def _tell(tx: Tx, grant: Grant, key: str, now: int, link_id: LinkId | None = None) -> None:
    """Tell the person of a broken account, or of one calendar that is gone from it."""
    facts = {"grant": grant.id, **({"link": link_id} if link_id else {})}
    subject = f"link:{link_id}" if link_id else f"grant:{grant.id}"
    notice = Notice(grant.person_id, NoticeKind.LINK_BROKEN, subject, facts)
    tx.effects.add(as_effect(notice, f"{grant.id}:{key}", now))


def _reminder(grant: Grant, case: str, turn: int, now: int) -> Effect:
    """Return the next weekly word about one case of a broken account."""
    return Effect(
        key=f"reconnect:{grant.id}:{case}:{turn}",
        kind=EffectKind.RECONNECT,
        due_at=now + WEEK,
        payload={"grant": grant.id, "case": case, "turn": str(turn)},
    )


def _look(grant_id: GrantId, now: int) -> Effect:
    """Return the next daily look: at the account's own time of day, so that accounts do not crowd.

    The key is that instant: whoever asks for the next look asks for the same one, so that an
    account is never looked at twice a day.
    """
    own = crc32(grant_id.encode()) % DAY
    due_at = ((now - own) // DAY + 1) * DAY + own
    return Effect(
        key=f"look:{grant_id}:{due_at}",
        kind=EffectKind.CHECK_GRANT,
        due_at=due_at,
        payload={"grant": grant_id},
    )


# --- looking ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """What came of opening an account: `calendars` are those in it, `cause` why it is shut.

    Both None: it was out of reach, or this installation does not speak to its service.
    """

    calendars: frozenset[str] | None = None
    cause: Cause | None = None


async def look_at(ports: Ports, grant: Grant, linked: Collection[str]) -> Sight:
    """Open an account as a search would; `linked` are the calendars that should be in it.

    A calendar that is only hidden from the account's list still tells its busy times, so it is
    in the account. Raises nothing that a service does.
    """
    service = ports.calendars.get(grant.provider)
    if service is None:
        return Sight()
    now = ports.clock.now()
    try:
        listed = {c.calendar_id for c in await service.connector.calendars(grant)}
        if unlisted := [one for one in linked if one not in listed]:
            told = await service.busy.busy(grant, unlisted, (now, now + HOUR), "UTC")
            listed |= {one for one in unlisted if isinstance(told.get(one), BusyAnswer)}
    except AccessRevoked:
        return Sight(cause=Cause.REVOKED)
    except ConsentRequiredByAdmin:
        return Sight(cause=Cause.CONSENT)
    except ProviderError:
        return Sight()
    return Sight(frozenset(listed))


def record_sight(tx: Tx, grant: Grant, sight: Sight, now: int, *, tell: bool = True) -> None:
    """Keep what was seen of a grant as it was then; people are told of what is new.

    An account that was connected anew meanwhile is not marked for what its old key did not open.
    """
    try:
        fresh = tx.links.grant(grant.id)
    except NotFound:
        return
    if fresh.state is LinkState.GONE:
        return
    if sight.cause is not None and fresh.secret == grant.secret:
        mark_broken(tx, fresh, now, sight.cause, tell=tell)
    if sight.calendars is not None:
        _record_missing(tx, fresh, sight.calendars, now, tell=tell)


def _record_missing(
    tx: Tx, grant: Grant, calendars: frozenset[str], now: int, *, tell: bool
) -> None:
    """Note the links whose calendar is gone from an account that opens; each is its own case.

    Its person is told when it is found, and again each week until it is back or unlinked.
    """
    known = {trouble.link_id: trouble for trouble in troubles(grant.why_broken)}
    missing = [
        known.get(link.id) or Trouble(Cause.MISSING, now, link.id)
        for link in _links(tx, grant)
        if link.calendar_id not in calendars
    ]
    why = " ".join(map(str, missing))
    if why != grant.why_broken or grant.state is not LinkState.OK:
        tx.links.save_grant(replace(grant, state=LinkState.OK, why_broken=why))
    for trouble in missing:
        turn = (now - trouble.since) // WEEK
        is_new = trouble.since == now
        if (is_new and tell) or (turn and _wants_reminders(tx, grant, now)):
            _tell(tx, grant, f"{trouble}:{turn}", now, trouble.link_id)


def _wants_reminders(tx: Tx, grant: Grant, now: int) -> bool:
    """Tell whether somebody may be reminded: not one who is away or wants none (Y15)."""
    person = tx.people.get(grant.person_id)
    today = local_date(now, person.zone)
    return person.nudges and not any(x.first <= today <= x.last for x in person.leave)


# --- carrying out -------------------------------------------------------------------------------


async def keep(ports: Ports, effect: Effect) -> Outcome:
    """Carry out one effect of this module; return what is to be recorded with its end.

    Raises ProviderError leaves for an access that cannot be given back yet.
    """
    grant_id = GrantId(effect.payload["grant"])
    if effect.kind is EffectKind.REVOKE:
        return await _revoke(ports, effect, grant_id)
    if effect.kind is EffectKind.CHECK_GRANT:
        return await _check(ports, effect, grant_id)
    return lambda tx: _remind(tx, effect, ports.clock.now())


async def _revoke(ports: Ports, effect: Effect, grant_id: GrantId) -> Outcome:
    """Give an access back; one that the service no longer knows is given back.

    Where it is given up, what opens the account goes all the same, and its person is told.
    """

    def load(tx: Tx) -> Grant | None:
        grant = tx.links.grant(grant_id)
        # Services take back all accesses to an account at once: the new one would go with it.
        others = tx.links.grants_of([grant.person_id]).values()
        account = grant.account.casefold()
        again = any(
            o.provider is grant.provider and o.account.casefold() == account for o in others
        )
        return None if again else grant

    if await ports.store.read(lambda tx: _is_being_emptied(tx, effect)):
        return Later(ports.clock.now() + EMPTYING, "our copies are taken out of it first")
    try:
        grant = await ports.store.read(load)
    except NotFound:
        return Ended()
    service = ports.calendars.get(grant.provider) if grant else None
    if grant is None or service is None:
        return lambda tx: tx.links.remove_grant(grant_id)
    try:
        with suppress(AccessRevoked):
            await service.connector.revoke(grant)
    except ProviderError as error:
        now = ports.clock.now()
        if not isinstance(error, FOR_GOOD) and not is_hopeless(effect, now):
            raise
        said, left = f"{type(error).__name__}: {error}"[:300], grant
        return Ended(said, lambda tx: _let_go(tx, left, now), EffectState.DEAD)
    return lambda tx: tx.links.remove_grant(grant_id)


def _is_being_emptied(tx: Tx, effect: Effect) -> bool:
    """Tell whether copies are still to be taken out of the calendars of an account."""
    after = effect.payload.get("after", "").split()
    return effect.person_id is not None and any(
        other.kind is EffectKind.REMOVE_EVENT
        and other.payload.get("link") in after
        and other.state is EffectState.READY
        for other in (tx.effects.of_person(effect.person_id, MOST_EFFECTS) if after else ())
    )


def _let_go(tx: Tx, grant: Grant, now: int) -> None:
    """Forget what opens an account though its service did not take the access back; say so."""
    tx.links.remove_grant(grant.id)
    facts = {"left": grant.provider.value}
    notice = Notice(grant.person_id, NoticeKind.LINK_BROKEN, "", facts)
    tx.effects.add(as_effect(notice, f"{grant.id}:left", now))


async def _check(ports: Ports, effect: Effect, grant_id: GrantId) -> Callable[[Tx], None]:
    """Look at an account that is thought to open; what is out of reach is looked at tomorrow.

    One of which no calendar has been chosen for an hour serves nothing: it is given back.
    """

    def load(tx: Tx) -> tuple[Grant, list[str]]:
        grant = tx.links.grant(grant_id)
        return grant, [link.calendar_id for link in _links(tx, grant)]

    try:
        grant, linked = await ports.store.read(load)
    except NotFound:
        return lambda _tx: None
    is_open = grant.state is LinkState.OK
    sight = await look_at(ports, grant, linked) if is_open else Sight()
    now = ports.clock.now()

    unused = not linked and now - int(effect.payload.get("opened", "0")) >= HOUR

    def record(tx: Tx) -> None:
        with suppress(NotFound):
            fresh = tx.links.grant(grant_id)
            if fresh.state is LinkState.GONE:
                return
            if unused and not _links(tx, fresh):
                leave(tx, fresh, now)
                return
            record_sight(tx, grant, sight, now)
            tx.effects.add(_look(grant_id, now))

    return record


def _remind(tx: Tx, effect: Effect, now: int) -> None:
    """Say again that an account does not open, until it does or its person has left it.

    A case that was mended and broke again is another one, with reminders of its own.
    """
    with suppress(NotFound):
        grant = tx.links.grant(GrantId(effect.payload["grant"]))
        case, turn = effect.payload["case"], int(effect.payload["turn"])
        if grant.state is LinkState.BROKEN and grant.why_broken == case:
            if _wants_reminders(tx, grant, now):
                _tell(tx, grant, f"{case}:{turn}", now)
            tx.effects.add(_reminder(grant, case, turn + 1, now))


class KeptGrants:
    """The port `Grants`: renewed credentials go to the store, whoever renews first wins."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def renewed(self, grant: Grant, secret: Mapping[str, str]) -> Grant:
        """Save renewed credentials; return theirs when somebody else renewed them meanwhile.

        Raises AccessRevoked for an account that its person has left.
        """

        def work(tx: Tx) -> Grant:
            try:
                stored = tx.links.grant(grant.id)
            except NotFound:
                raise AccessRevoked("the account was left by its person") from None
            if stored.secret != grant.secret:
                return stored
            tx.links.save_grant(replace(stored, secret=secret))
            return tx.links.grant(grant.id)

        return await self._store.transact(work)
