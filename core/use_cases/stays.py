"""A stay in another zone for some days to come: planned, begun and ended by itself (A40)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core import presence
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.spans import Span


KINDS = frozenset({NoticeKind.ZONE_THERE, NoticeKind.ZONE_BACK})


def follow(tx: Tx, notice: Notice, now: int) -> None:
    """Set the clock that a notice of these kinds tells about, before it is told; the end of a
    stay that has been made longer since is not its end.
    """
    person = tx.people.get(notice.to)
    if notice.kind is NoticeKind.ZONE_BACK:
        if person.back is not None and person.back.start > now:
            return
        presence.end_stay(tx, person, notice.facts["zone"])
    else:
        begin(tx, person, notice.facts)


async def plan(ports: Ports, person_id: PersonId, zone: str, span: Span) -> str:
    """Use a zone within a span; one that has begun counts at once. A plan replaces the one
    before. Return the zone that comes back afterwards.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> str:
        person = tx.people.get(person_id)
        home = presence.home_zone(tx, person)
        facts = {"zone": zone, "home": home, "from": str(span[0]), "ends": str(span[1])}
        presence.plan_stay(tx, person, facts)
        if span[0] <= now:
            begin(tx, person, facts)
            return home
        told = as_effect(Notice(person.id, NoticeKind.ZONE_THERE, "", facts), _key(facts), span[0])
        tx.effects.add(replace(told, lane=None))  # it must not hold up what comes before
        return home

    return await ports.store.transact(work)


def begin(tx: Tx, person: Person, facts: Mapping[str, str]) -> bool:
    """Begin a planned stay; False for one that is no longer planned, or has begun before."""
    if not presence.take_plan(tx, person, facts):
        return False
    presence.stay(tx, person, facts["zone"], int(facts["ends"]))
    known = {"zone": facts["zone"], "home": facts["home"]}
    notice = Notice(person.id, NoticeKind.ZONE_BACK, "", known)
    tx.effects.add(replace(as_effect(notice, _key(facts), int(facts["ends"])), lane=None))
    return True


async def drop(ports: Ports, person_id: PersonId) -> bool:
    """Take a plan back that has not begun; False when there is none."""
    return await ports.store.transact(
        lambda tx: presence.take_plan(tx, tx.people.get(person_id), None)
    )


def _key(facts: Mapping[str, str]) -> str:
    """Return what tells one stay from another: the same days may be planned twice."""
    return f"{facts['zone']}:{facts['from']}:{facts['ends']}"
