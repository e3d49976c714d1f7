"""Services that people may no longer use: whose they were, when they end, giving access back.

New connects are refused from the moment of the change. What is connected ends at once or in 14
days (R69); without the organisation's approval it ends at once (R38). Each person's end is an
effect row of its own, and whoever has a service in another of their programmes keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.autoplan import load
from core.effects import Effect, EffectKind
from core.ids import PersonId
from core.keeping import leave
from core.links import Provider, is_delegated
from core.notices import Notice, NoticeKind, as_effect
from core.policy import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from core.ids import OrgId
    from core.links import Grant
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx

GRACE = 14 * 86_400
"""Seconds for which people keep a service that ends later."""


class Ending(StrEnum):
    """When links of a service that is not allowed any more end."""

    NOW = "now"
    LATER = "later"


class Why(StrEnum):
    """Why links are taken back."""

    SERVICE = "service"  # none of the person's programmes allows it
    APPROVAL = "approval"  # the organisation does not approve of connected calendars
    AUTO = "auto"  # the organisation no longer connects its people


def services_of(policy: Policy) -> frozenset[Provider]:
    """Return what may be connected under a programme's rules, the other gates aside."""
    return frozenset(policy.services) if policy.approved else frozenset()


class Allowance:
    """Which services each person of an organisation may use: those of any running programme."""

    def __init__(
        self, tx: Tx, org_id: OrgId, scope: str = "", texts: Mapping[str, str] | None = None
    ) -> None:
        """Read it as it holds, or as it would with `texts` as the settings of one `scope`."""

        def stored(one: str) -> Mapping[str, str]:
            return texts if texts is not None and one == scope else tx.settings.read(one)

        organisation = stored(org_id)
        self.approved = resolve(organisation, {}).approved
        self._general = services_of(resolve(organisation, {}))
        self._own: dict[PersonId, frozenset[Provider]] = {}
        for programme in tx.programmes.of(org_id):
            if programme.ended:
                continue
            services = services_of(resolve(organisation, stored(programme.id)))
            for person_id in {m.person_id for m in tx.programmes.members(programme.id)}:
                self._own[person_id] = self._own.get(person_id, frozenset()) | services

    def of(self, person_id: PersonId) -> frozenset[Provider]:
        """Return what somebody may use."""
        return self._own.get(person_id, self._general)


@dataclass(frozen=True, slots=True)
class Loss:
    """A person who has connected a service, and may not use it after a change."""

    person_id: PersonId
    provider: Provider


def losses(tx: Tx, org_id: OrgId, before: Allowance, after: Allowance) -> tuple[Loss, ...]:
    """Return who would lose what they have connected, each service of a person once."""
    found = (
        Loss(person_id, provider)
        for provider in Provider
        for person_id in dict.fromkeys(tx.links.holders(org_id, provider).values())
    )
    return tuple(
        loss
        for loss in found
        if loss.provider in before.of(loss.person_id)
        and loss.provider not in after.of(loss.person_id)
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What a change of settings did: whose links end, and whose end was taken back."""

    ending: tuple[PersonId, ...] = ()
    staying: tuple[PersonId, ...] = ()


def settle(ports: Ports, tx: Tx, org_id: OrgId, before: Allowance, ending: Ending) -> Settled:
    """Let links end that the settings, changed already, do not allow; take ends back that they
    do. People are told at once.
    """
    ids, now, after = ports.ids, ports.clock.now(), Allowance(tx, org_id)
    gone = losses(tx, org_id, before, after)
    if not after.approved:
        people = tuple(dict.fromkeys(loss.person_id for loss in gone))
        for person_id in people:
            tx.effects.add(stop_effect(person_id, None, Why.APPROVAL, ids.new(), now))
        return Settled(people)
    for loss in gone:
        _end(tx, loss, Change(ids.new(), ending, now, spoken(ports)))
    staying = _kept(tx, org_id, after, now)
    return Settled(tuple(dict.fromkeys(loss.person_id for loss in gone)), staying)


def follow(ports: Ports, tx: Tx, person: Person, before: frozenset[Provider]) -> None:
    """Let one person's services follow the programmes they are in now; `before` is what they
    might use until then. Without the last programme that allows one it ends as when it is
    withdrawn: in 14 days, said at once; with one that allows it (again) it stays.
    """
    ids, now = ports.ids, ports.clock.now()
    after = personal_allowance(tx, person.org_id, person.id)
    held = {grant.provider for grant in tx.links.grants_of([person.id]).values()}
    for provider in sorted(held):
        loss = Loss(person.id, provider)
        if provider in before - after:
            _end(tx, loss, Change(ids.new(), Ending.LATER, now, spoken(ports)))
        elif provider in after and _forget(tx, loss):
            _tell_staying(tx, loss, now)


def stop_effect(
    person_id: PersonId, provider: Provider | None, why: Why, number: str, due_at: int
) -> Effect:
    """Return the effect that takes a person's links back, of one service or of all."""
    payload = {"provider": provider.value if provider else "", "why": why.value}
    key = f"stop:{person_id}:{number}"
    return Effect(key, EffectKind.STOP_SERVICE, due_at, person_id=person_id, payload=payload)


@dataclass(frozen=True, slots=True)
class Change:
    """One end that is set: its number, when, and the services this deployment speaks."""

    number: str
    ending: Ending
    now: int
    spoken: str


def spoken(ports: Ports) -> str:
    """Return the services that can be offered instead, with commas."""
    return ",".join(provider.value for provider in ports.calendars)


def _end(tx: Tx, loss: Loss, change: Change) -> None:
    """Set a person's end of a service; told now when it is later, else when it has ended."""
    until = change.now if change.ending is Ending.NOW else change.now + GRACE
    _forget(tx, loss)
    effect = stop_effect(loss.person_id, loss.provider, Why.SERVICE, change.number, until)
    tx.effects.add(effect)
    tx.settings.write(loss.person_id, _mark(loss), f"{effect.key} {until}")
    if change.ending is Ending.LATER:
        facts = {"provider": loss.provider.value, "until": str(until), "others": change.spoken}
        _tell(tx, loss.person_id, NoticeKind.SERVICE_ENDS, facts, change.number, change.now)


def ends_at(tx: Tx, person_id: PersonId, provider: Provider) -> int:
    """Return when a service ends for a person (epoch seconds), 0 when it does not."""
    text = tx.settings.read(person_id).get(_mark(Loss(person_id, provider)), "")
    return int(text.partition(" ")[2] or 0)


def _mark(loss: Loss) -> str:
    """Return under which word a person's end of a service is kept with their settings."""
    return f"ends.{loss.provider}"


def _forget(tx: Tx, loss: Loss) -> bool:
    """Cancel the end that is set; tell whether there was one."""
    text = tx.settings.read(loss.person_id).get(_mark(loss), "")
    if text:
        tx.effects.cancel(text.partition(" ")[0])
        tx.settings.write(loss.person_id, _mark(loss), None)
    return bool(text)


def _kept(tx: Tx, org_id: OrgId, after: Allowance, now: int) -> tuple[PersonId, ...]:
    """Take back the ends of what is allowed (again), and say so."""
    kept: dict[PersonId, None] = {}
    for provider in Provider:
        for person_id in dict.fromkeys(tx.links.holders(org_id, provider).values()):
            loss = Loss(person_id, provider)
            if provider in after.of(person_id) and _forget(tx, loss):
                kept[person_id] = None
                _tell_staying(tx, loss, now)
    return tuple(kept)


def _tell_staying(tx: Tx, loss: Loss, now: int) -> None:
    facts = {"provider": loss.provider.value}
    _tell(tx, loss.person_id, NoticeKind.SERVICE_STAYS, facts, str(now), now)


# --- carrying out -------------------------------------------------------------------------------


async def stop(ports: Ports, effect: Effect) -> Callable[[Tx], None]:
    """Carry out an end: nothing is asked of a service here, giving back is a row of its own."""
    now, others = ports.clock.now(), spoken(ports)
    return lambda tx: _stop(tx, effect, now, others)


def _stop(tx: Tx, effect: Effect, now: int, others: str) -> None:
    """Take a person's links back and tell the effect, unless they are allowed again."""
    person_id, why = effect.person_id or PersonId(""), Why(effect.payload["why"])
    if person_id not in tx.people.many([person_id]):
        return
    word = effect.payload["provider"]
    grants = [
        grant
        for grant in tx.links.grants_of([person_id]).values()
        if word in ("", grant.provider) and (why is not Why.AUTO or is_delegated(grant))
    ]
    if why is Why.AUTO and _is_on_again(tx, person_id, word):
        return
    if why is Why.SERVICE:
        loss = Loss(person_id, Provider(word))
        if tx.settings.read(person_id).get(_mark(loss), "").startswith(effect.key):
            tx.settings.write(person_id, _mark(loss), None)
    if why is not Why.AUTO:
        grants = _not_allowed(tx, person_id, grants)
    for grant in grants:
        leave(tx, grant, now)
    if grants:
        apple = any(grant.provider is Provider.CALDAV for grant in grants)
        facts = {"provider": word, "why": why.value, "others": others}
        facts["password"] = "yes" if apple else ""
        _tell(tx, person_id, NoticeKind.SERVICE_ENDED, facts, effect.key, now)


def _is_on_again(tx: Tx, person_id: PersonId, provider: str) -> bool:
    """Tell whether the organisation connects its people there again, since the end was set."""
    plan = load(tx, tx.people.get(person_id).org_id)
    return plan is not None and bool(plan.run) and plan.service == provider


def _not_allowed(tx: Tx, person_id: PersonId, grants: Iterable[Grant]) -> list[Grant]:
    """Return the grants whose service none of a person's running programmes allows."""
    org_id = tx.people.get(person_id).org_id
    allowed = personal_allowance(tx, org_id, person_id)
    return [grant for grant in grants if grant.provider not in allowed]


def personal_allowance(tx: Tx, org_id: OrgId, person_id: PersonId) -> frozenset[Provider]:
    """Return what one person may use, as `Allowance` says it for all."""
    organisation = tx.settings.read(org_id)
    ids = dict.fromkeys(m.programme_id for m in tx.programmes.roles(person_id))
    running = [p for p in map(tx.programmes.get, ids) if not p.ended]
    policies = [resolve(organisation, tx.settings.read(p.id)) for p in running]
    found = [services_of(policy) for policy in policies or [resolve(organisation, {})]]
    return frozenset().union(*found)


def _tell(
    tx: Tx, person_id: PersonId, kind: NoticeKind, facts: Mapping[str, str], key: str, now: int
) -> None:
    notice = Notice(person_id, kind, "", facts)
    tx.effects.add(as_effect(notice, f"{key}:{facts['provider']}", now))
