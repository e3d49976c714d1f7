"""News of series: booked, changed, cut or called off as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card
from bot.message import Outgoing
from bot.speak import rhythm, session_words, times, turn_views, views
from bot.speak import series_change_words as changed
from bot.speak import series_words as said
from core.booking.series import coming, present
from core.booking.series_plan import MOVED
from core.ids import PersonId, SeriesId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.people import Person
    from core.ports import Tx


def booked(
    people: Mapping[PersonId, Person],
    series: Series,
    meetings: Sequence[Meeting],
    me: PersonId,
    now: int,
    extra: Iterable[str] = (),
) -> Outgoing:
    """Return the good news for one person; `extra` are sentences said after it."""
    starts = [m.start for m in meetings]
    others = [p for p in series.people if p != me]
    first = said.BOOKED.format(
        rhythm=rhythm.rhythm(series.pattern),
        names=views.names(people, others, me),
        count=len(starts),
        dates=rhythm.from_to(starts, people[me].zone, now),
    )
    actions = (Action(f"series:dates:{series.id}", "All dates"),)
    text = " ".join([first, *turn_views.booked(series, meetings), *extra])
    return Outgoing(text, Card(actions=actions), f"series:{series.id}")


def moved(
    people: Mapping[PersonId, Person],
    series: Series,
    meetings: Sequence[Meeting],
    me: PersonId,
    now: int,
    extra: Iterable[str] = (),
) -> Outgoing:
    """Return what a series is after it was changed; `extra` are sentences said after it."""
    starts = [m.start for m in coming(meetings, now)]
    text = changed.DONE.format(
        rhythm=rhythm.rhythm(present(series, meetings, now)),
        names=views.others(people, series.people, me),
        count=said.sessions(len(starts)),
        dates=rhythm.from_to(starts, people[me].zone, now),
    )
    actions = (Action(f"series:dates:{series.id}", "All dates"),)
    text = " ".join([text, *extra, changed.DONE_HOW])
    return Outgoing(text, Card(actions=actions), f"series:{series.id}", said.LEFT_CHANGED)


def notice(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Return the news of a series that was booked, changed, cut or called off as a whole."""
    series = tx.meetings.series(SeriesId(facts["series"]))
    meetings = tx.meetings.of_series(series.id)
    people = tx.people.many(dict.fromkeys((me.id, *series.people)))
    if series.sequence == 0:
        programme = tx.programmes.get(series.programme_id).name
        connected = bool(tx.links.of([me.id])[me.id])
        how = views.delivery(meetings[0], me.id, programme, connected=connected)
        return booked(people, series, meetings, me.id, series.changed_at, how)
    left = coming(meetings, series.changed_at)
    if facts.get("what") == MOVED and left:
        return moved(people, series, meetings, me.id, series.changed_at)
    name = tx.people.get(PersonId(facts["by"])).name if facts.get("by") else "Somebody"
    pattern = said.ENDED_BY_LEFT if left else said.ENDED_BY
    day = times.day(left[-1].start, me.zone, series.changed_at) if left else ""
    when = rhythm.rhythm(present(series, meetings, series.changed_at))
    text = pattern.format(name=name, rhythm=when, day=day)
    if facts.get("reason"):
        text = f"{text} {session_words.BECAUSE.format(reason=facts['reason'])}"
    return Outgoing(text, None, f"series:{series.id}", said.LEFT_CHANGED)
