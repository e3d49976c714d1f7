"""What was given up on its way to people and calendars, and trying it again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from core.errors import NotFound
from core.use_cases.administer import rights
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.effects import Effect
    from core.ids import EffectId, PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.use_cases.administer.rights import Standing

LOOK = 500
"""Given-up deliveries of the whole deployment that are looked through."""

MOST = 20
"""Lines of a person's delivery log."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One given-up effect with what it is about."""

    effect: Effect
    person: Person | None
    meeting: Meeting | None


async def given_up(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None = None
) -> tuple[Delivery, ...]:
    """Return the given-up deliveries of what one administers, newest first. Raises Refused."""

    def work(tx: Tx) -> tuple[Delivery, ...]:
        actor = rights.administrator(tx, actor_id)
        found = (_delivery(tx, effect) for effect in tx.effects.dead(LOOK))
        return tuple(d for d in found if _is_mine(tx, actor, d, programme_id))

    return await ports.store.read(work)


async def retry(ports: Ports, actor_id: PersonId, effect_id: EffectId) -> Delivery | None:
    """Make a given-up delivery due again; None when it was not given up any more.

    Raises Refused; NotFound for one that is not the actor's to see.
    """

    def work(tx: Tx) -> Delivery | None:
        actor = rights.administrator(tx, actor_id)
        delivery = _delivery(tx, tx.effects.get(effect_id))
        if not _is_mine(tx, actor, delivery, None):
            raise NotFound(str(effect_id))
        now = ports.clock.now()
        if not tx.effects.revive(effect_id, now):
            return None
        name = delivery.person.name if delivery.person else ""
        programme_id = delivery.meeting.programme_id if delivery.meeting else None
        detail = f"{delivery.effect.kind} {name}".strip()
        note(tx, actor.person, now, "delivery.retry", detail, programme_id)
        return delivery

    return await ports.store.transact(work)


async def log_of(
    ports: Ports,
    actor_id: PersonId,
    person_id: PersonId,
    programme_id: ProgrammeId | None = None,
    limit: int = MOST,
) -> tuple[Delivery, ...]:
    """Return what was to reach one person of what one administers, newest first.

    Raises Refused; NotFound for a person of another organisation.
    """

    def work(tx: Tx) -> tuple[Delivery, ...]:
        actor = rights.administrator(tx, actor_id)
        rights.colleague(tx, actor, person_id)
        found = (_delivery(tx, effect) for effect in tx.effects.of_person(person_id, LOOK))
        mine = (d for d in found if _is_mine(tx, actor, d, programme_id))
        return tuple(islice(mine, limit))

    return await ports.store.read(work)


def _delivery(tx: Tx, effect: Effect) -> Delivery:
    """Load what an effect is about; what is gone meanwhile is left out."""
    person = meeting = None
    if effect.person_id is not None:
        person = tx.people.many((effect.person_id,)).get(effect.person_id)
    if effect.meeting_id is not None:
        try:
            meeting = tx.meetings.get(effect.meeting_id)
        except NotFound:
            meeting = None
    return Delivery(effect, person, meeting)


def _is_mine(tx: Tx, actor: Standing, delivery: Delivery, programme_id: ProgrammeId | None) -> bool:
    """Tell whether a delivery concerns what somebody administers (or one programme of it)."""
    if delivery.person is None or delivery.person.org_id != actor.org_id:
        return False
    if delivery.meeting is not None:
        concerned = {delivery.meeting.programme_id}
    else:
        concerned = {m.programme_id for m in tx.programmes.roles(delivery.person.id)}
    if programme_id is not None:
        return programme_id in concerned and actor.administers(programme_id)
    return actor.is_global or bool(concerned & actor.administered)
