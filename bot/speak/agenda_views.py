"""Lists of sessions and of open proposals: their lines, and the buttons that make sense now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Style
from bot.speak import agenda_words, group_words, proposals, series_words, times, views, words
from core.booking.meeting import MeetingState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import MeetingId, PersonId, SeriesId
    from core.people import Person

LONGEST_LABEL = 75  # of a button, in the strictest of the chats
SOON = 2 * 3600  # seconds before a session in which somebody may be late for it
TIMES_SHOWN = 3


def heads(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Return the sessions by start, of each series the next one alone."""
    known: set[SeriesId] = set()
    found: list[Meeting] = []
    for meeting in meetings:
        if meeting.series is None or meeting.series not in known:
            found.append(meeting)
        if meeting.series is not None:
            known.add(meeting.series)
    return found


def session_row(meetings: Sequence[Meeting], meeting: Meeting, me: Person, now: int) -> str:
    """Return the time of a session, and where it is among those of `meetings` in its series."""
    time = times.of_meeting(meeting, me, now)
    if meeting.series is None:
        return time
    own = [m for m in meetings if m.series == meeting.series and m.state is MeetingState.BOOKED]
    if meeting.start >= max(m.start for m in own):
        return series_words.ROW_LAST.format(time=time)
    if meeting.start > min(m.start for m in own):
        return agenda_words.ROW_ONE.format(time=time, count=len(own))
    day = times.day(max(m.start for m in own), me.zone, now)
    return series_words.ROW.format(time=time, count=len(own), day=day)


def session_actions(
    listed: Sequence[Meeting], names: Mapping[MeetingId, str], me: Person, now: int
) -> list[Action]:
    """Return what can be done with listed sessions; `names` are the others by session."""
    late = [
        Action(f"late:{m.id}", agenda_words.LATE.format(name=names[m.id])[:LONGEST_LABEL])
        for m in listed
        if m.start - now <= SOON
    ]
    change = [Action(f"show:{m.id}", f"Change {times.begin(m.start, me, now)}") for m in listed]
    series = {m.series: m.id for m in reversed(listed) if m.series}
    dates = [
        Action(f"series:dates:{s}", series_words.ALL_DATES.format(name=names[m])[:LONGEST_LABEL])
        for s, m in reversed(series.items())
    ]
    return [*late, *change, *dates]


# --- open proposals ---------------------------------------------------------------------------


def whose_turn(people: Mapping[PersonId, Person], item: Proposal, me: PersonId) -> str:
    """Return "your turn" or "their turn"; with nobody left to answer it is the asker's."""
    waiting = item.waiting_for() or (item.request.asker,)
    if me in waiting:
        others = [p for p in waiting if p != me]
        if not others:
            return agenda_words.YOUR_TURN
        return agenda_words.YOUR_TURN_TOO.format(names=views.names(people, others, me))
    if set(waiting) == {item.request.asker, *item.request.attendees} - {me}:
        return agenda_words.THEIR_TURN
    return agenda_words.TURN_OF.format(names=views.names(people, waiting, me))


def waits(people: Mapping[PersonId, Person], item: Proposal, me: Person) -> str:
    """Return who still has to answer an open proposal, first of all the reader; once everybody
    has answered, the choice is its asker's.
    """
    first = times.begin(min(slot.start for slot in item.slots), me, item.made_at)
    asker, missing = item.request.asker, item.waiting_for()
    if me.id in missing and me.id != asker:
        return words.OPEN_FOR_YOU.format(name=people[asker].name, time=first)
    if missing:
        return words.OPEN_PROPOSAL.format(names=views.names(people, missing, me.id), time=first)
    pattern = agenda_words.CHOOSE if me.id == asker else agenda_words.CHOOSES
    return pattern.format(name=people[asker].name, time=first)


def proposal_line(people: Mapping[PersonId, Person], item: Proposal, me: Person) -> tuple[str, str]:
    """Return with whom an open proposal is, and whose turn it is for what until when."""
    others = [p for p in dict.fromkeys((item.request.asker, *item.request.attendees)) if p != me.id]
    starts = sorted(slot.start for slot in item.slots)
    shown = [times.begin(start, me, item.made_at) for start in starts[:TIMES_SHOWN]]
    what = words.listed(shown, "or")
    if item.request.series is not None:
        what = agenda_words.SERIES.format(count=len(starts), time=shown[0])
    elif len(starts) > TIMES_SHOWN:
        what = agenda_words.MORE.format(times=", ".join(shown), count=len(starts) - TIMES_SHOWN)
    pattern = agenda_words.MOVE if item.request.moves else agenda_words.LINE
    line = pattern.format(
        turn=whose_turn(people, item, me.id),
        times=what,
        until=times.moment(item.expires_at, me.zone, item.made_at),
    )
    return views.names(people, others, me.id), line


def _choice(item: Proposal, me: Person) -> list[Action]:
    """Return the button that books the best time of a vote, once it is its asker's choice."""
    silent = [p for p in item.waiting_for() if p != me.id]
    best = None if silent else item.favourite(item.made_at)
    if best is None:
        return []
    when = times.begin(best.start, me, item.made_at)
    label = group_words.GO_AHEAD.format(time=when, yes=len(best.yes), all=best.number)
    return [Action(f"settle:{item.id}:{best.start}", label, Style.PRIMARY)]


def proposal_actions(people: Mapping[PersonId, Person], item: Proposal, me: Person) -> list[Action]:
    """Return what somebody can do about an open proposal now."""
    request = item.request
    asker = people[request.asker].first_name
    found: list[Action] = []
    if me.id in item.waiting_for() and me.id in request.invitees:
        found += [
            Action(
                f"accept:{item.id}:{s}",
                f"{times.begin(s, me, item.made_at)} ({asker})"[:LONGEST_LABEL],
            )
            for s in proposals.acceptable(me.id, item)
        ]
        if request.series is not None:
            label = agenda_words.ACCEPT_SERIES.format(name=asker)[:LONGEST_LABEL]
            found.append(Action(f"series:accept:{item.id}", label))
        label = agenda_words.NONE.format(name=asker)[:LONGEST_LABEL]
        found.append(Action(f"decline:{item.id}", label, Style.DANGER))
    if me.id == request.asker:
        names = views.names(people, request.invitees, me.id)
        found += _choice(item, me)
        buttons = [("withdraw", agenda_words.TAKE_BACK, Style.DANGER)]
        if request.series is None:
            buttons.insert(0, ("more", agenda_words.OTHER_TIMES, Style.DEFAULT))
        if [p for p in item.waiting_for() if p != me.id]:
            buttons.insert(0, ("remind", agenda_words.REMIND, Style.DEFAULT))
        found += [
            Action(f"{verb}:{item.id}", label.format(names=names)[:LONGEST_LABEL], style)
            for verb, label, style in buttons
        ]
    return found
