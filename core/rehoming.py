"""Bring booked sessions to a person's new primary, and take the copies elsewhere away (A17).

Partners notice nothing: no time changes, so no sequence rises and nobody else is written to.
What came by mail stays as it came; a copy beside the filed invitation would be a second event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import MeetingState, Path
from core.booking.plan import event_effect, leftover_effect, mail_effect
from core.convening import address_of, way_to
from core.effects import EffectKind
from core.links import LinkState, Provider, primary

if TYPE_CHECKING:
    from core.booking.meeting import Attendee, Meeting
    from core.effects import Effect
    from core.ids import LinkId, PersonId
    from core.links import CalendarLink
    from core.ports import Tx

HORIZON = 3 * 366 * 86_400  # seconds ahead in which sessions are looked for


@dataclass(frozen=True, slots=True)
class Rehomed:
    """What became of a person's sessions: written to the new primary, sent by mail instead, and
    those whose older copy stays behind in a calendar that we cannot enter any more. `emptied`
    are the links out of which copies are now taken.
    """

    written: tuple[Meeting, ...] = ()
    mailed: tuple[Meeting, ...] = ()
    behind: tuple[Meeting, ...] = ()
    emptied: frozenset[LinkId] = frozenset()


def strays(tx: Tx, person_id: PersonId, now: int) -> tuple[Meeting, ...]:
    """Return the coming sessions whose copy stands elsewhere than in the person's primary."""
    home = primary(tx.links.of([person_id])[person_id])
    if home is None:
        return ()
    found = tx.meetings.of_person(person_id, (now, now + HORIZON))
    return tuple(m for m in found if m.start > now and _is_stray(m, person_id, home))


def _is_stray(meeting: Meeting, person_id: PersonId, home: CalendarLink) -> bool:
    entry = meeting.attendee(person_id)
    booked = meeting.state is MeetingState.BOOKED and entry is not None
    return booked and entry is not None and entry.path is Path.CALENDAR and entry.link_id != home.id


def bring_home(tx: Tx, person_id: PersonId, now: int) -> Rehomed:
    """Let every stray session follow the person's primary; doing it twice changes nothing."""
    links = {link.id: link for link in tx.links.of([person_id])[person_id]}
    grants = tx.links.grants_of([person_id])
    home = primary(links.values())
    rehomed = Rehomed()
    if home is None:
        return rehomed
    person = tx.people.get(person_id)
    for meeting in strays(tx, person_id, now):
        entry = meeting.attendee(person_id)
        if entry is None:
            continue
        policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
        path = way_to(policy, home, grants, owns=person_id == meeting.owner)
        email = address_of(person, home, grants)
        changed = replace(entry, path=path, link_id=home.id, email=email)
        after = meeting.reroute(changed)
        old = links.get(entry.link_id) if entry.link_id else None
        opens = old is not None and old.grant_id in grants
        opens = opens and old is not None and grants[old.grant_id].state is LinkState.OK
        effects = [_arrival(after, changed, now)]
        if old is not None and opens:
            leaving = _once(leftover_effect(meeting, entry, now), now)
            # Apple refuses a UID that another calendar of the account still holds.
            first = old.grant_id == home.grant_id
            first = first and grants[home.grant_id].provider is Provider.CALDAV
            effects.insert(0 if first else 1, leaving)
            rehomed = replace(rehomed, emptied=rehomed.emptied | {old.id})
        else:
            rehomed = replace(rehomed, behind=(*rehomed.behind, after))
        tx.meetings.save(after)
        for effect in effects:
            tx.effects.add(effect)
        if path is Path.CALENDAR:
            rehomed = replace(rehomed, written=(*rehomed.written, after))
        else:
            rehomed = replace(rehomed, mailed=(*rehomed.mailed, after))
    return rehomed


def _arrival(meeting: Meeting, entry: Attendee, now: int) -> Effect:
    """Return how the session comes to its new place."""
    if entry.path is Path.CALENDAR:
        return event_effect(meeting, entry, now, again=f"home:{now}")
    return _once(mail_effect(EffectKind.MAIL_INVITE, None, meeting, entry, now), now)


def _once(effect: Effect, now: int) -> Effect:
    """Return an effect that is not taken for an earlier one of the same version."""
    return replace(effect, key=f"{effect.key}:home:{now}")
