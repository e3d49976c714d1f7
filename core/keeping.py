"""Keep connections alive: notice what broke, say so once a week, look daily, give access back.

Each step is an effect row. Nothing here tells of a calendar's content: an account opens or it
does not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from core.effects import GIVE_UP, Effect, EffectKind
from core.errors import AccessRevoked, ConsentRequiredByAdmin, NotFound, ProviderError
from core.ids import GrantId
from core.links import LinkState
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.links import Grant
    from core.ports import Ports, Store, Tx

DAY, WEEK = 86_400, 7 * 86_400
SPREAD = 3600 * 6  # seconds over which the daily looks are spread, by account


# --- what happened to an account ----------------------------------------------------------------


def mark_broken(tx: Tx, grant: Grant, now: int) -> None:
    """Mark a grant as no longer opening its account and tell its person: now, then weekly."""
    if grant.state is not LinkState.OK:
        return
    tx.links.save_grant(replace(grant, state=LinkState.BROKEN, why_broken=f"revoked:{now}"))
    _tell_broken(tx, grant, f"{grant.version}", now)
    tx.effects.add(_reminder(grant, f"{grant.version}", 1, now))


def restored(grant: Grant, secret: Mapping[str, str]) -> Grant:
    """Return a grant that opens again, with what opens it."""
    return replace(grant, secret=secret, state=LinkState.OK, why_broken="")


def opened(tx: Tx, grant: Grant, now: int) -> None:
    """Begin to look daily whether an account still opens; beginning twice changes nothing."""
    tx.effects.add(_look(grant.id, 0, now))


def leave(tx: Tx, grant: Grant, now: int) -> None:
    """Forget an account's calendars at once, and give the access back at its service.

    What opens the account is kept, sealed, only until the service has taken the access back.
    """
    for link in tx.links.of([grant.person_id])[grant.person_id]:
        if link.grant_id == grant.id:
            tx.links.remove(link.id)
    tx.links.save_grant(replace(grant, state=LinkState.GONE, why_broken=""))
    tx.effects.add(
        Effect(
            key=f"revoke:{grant.id}",
            kind=EffectKind.REVOKE,
            due_at=now,
            payload={"grant": grant.id},
            give_up_at=now + GIVE_UP,
        )
    )


def _tell_broken(tx: Tx, grant: Grant, key: str, now: int) -> None:
    notice = Notice(
        grant.person_id, NoticeKind.LINK_BROKEN, f"grant:{grant.id}", {"grant": grant.id}
    )
    tx.effects.add(as_effect(notice, f"{grant.id}:{key}", now))


def _reminder(grant: Grant, case: str, turn: int, now: int) -> Effect:
    """Return the next weekly word about one case of a broken account."""
    return Effect(
        key=f"reconnect:{grant.id}:{case}:{turn}",
        kind=EffectKind.RECONNECT,
        due_at=now + WEEK,
        payload={"grant": grant.id, "case": case, "turn": str(turn)},
    )


def _look(grant_id: GrantId, turn: int, now: int) -> Effect:
    """Return the next daily look; the accounts' looks are spread, so that they do not crowd."""
    spread = crc32(grant_id.encode()) % SPREAD if turn == 0 else 0
    return Effect(
        key=f"look:{grant_id}:{turn}",
        kind=EffectKind.CHECK_GRANT,
        due_at=now + DAY + spread,
        payload={"grant": grant_id, "turn": str(turn)},
    )


# --- carrying out -------------------------------------------------------------------------------


async def keep(ports: Ports, effect: Effect) -> Callable[[Tx], None]:
    """Carry out one effect of this module; return what is to be recorded with its end.

    Raises ProviderError leaves for an access that cannot be given back yet.
    """
    grant_id = GrantId(effect.payload["grant"])
    if effect.kind is EffectKind.REVOKE:
        await _revoke(ports, grant_id)
        return lambda tx: tx.links.remove_grant(grant_id)
    if effect.kind is EffectKind.CHECK_GRANT:
        return await _check(ports, effect, grant_id)
    return lambda tx: _remind(tx, effect, ports.clock.now())


async def _revoke(ports: Ports, grant_id: GrantId) -> None:
    """Give an access back; one that the service no longer knows is given back."""
    try:
        grant = await ports.store.read(lambda tx: tx.links.grant(grant_id))
    except NotFound:
        return
    service = ports.calendars.get(grant.provider)
    if service is not None:
        with suppress(AccessRevoked):
            await service.connector.revoke(grant)


async def _check(ports: Ports, effect: Effect, grant_id: GrantId) -> Callable[[Tx], None]:
    """Open an account as a search would; what is only out of reach is looked at tomorrow."""
    shut = False
    with suppress(NotFound, ProviderError):
        grant = await ports.store.read(lambda tx: tx.links.grant(grant_id))
        service = ports.calendars.get(grant.provider)
        if service is not None and grant.state is LinkState.OK:
            try:
                await service.connector.calendars(grant)
            except (AccessRevoked, ConsentRequiredByAdmin):
                shut = True
    turn, now = int(effect.payload["turn"]) + 1, ports.clock.now()

    def record(tx: Tx) -> None:
        with suppress(NotFound):
            fresh = tx.links.grant(grant_id)
            if fresh.state is LinkState.GONE:
                return
            if shut:
                mark_broken(tx, fresh, now)
            tx.effects.add(_look(grant_id, turn, now))

    return record


def _remind(tx: Tx, effect: Effect, now: int) -> None:
    """Say again that an account does not open, until it does or its person has left it."""
    with suppress(NotFound):
        grant = tx.links.grant(GrantId(effect.payload["grant"]))
        if grant.state is LinkState.BROKEN:
            case, turn = effect.payload["case"], int(effect.payload["turn"])
            _tell_broken(tx, grant, f"{case}:{turn}", now)
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
