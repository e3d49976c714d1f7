"""Series: wall time across clock changes, days left out, moved sessions, ends, sequences."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.booking.meeting import Meeting
from core.booking.series import (
    Pattern,
    Series,
    SeriesState,
    coming,
    cut,
    recurrence,
    revision,
    sequence_of,
    windows,
)
from core.ids import MeetingId, SeriesId
from core.timing.recurrence import Frequency, Rule, first_days
from core.timing.zones import DAY, instant, wall
from tests.unit.core.booking.samples import GUEST, MEETING, NOW
from tests.unit.core.timing.places import places

LONDON, NEW_YORK = "Europe/London", "America/New_York"
WEEKLY = Rule(Frequency.WEEKLY)
FORTNIGHT = Pattern(
    Rule(Frequency.WEEKLY, 2, (1,)), LONDON, date(2026, 10, 27), 14 * 60, 30, count=7
)


def series(pattern: Pattern, skipped: frozenset[int] = frozenset()) -> tuple[Series, list[Meeting]]:
    """Return a series with a meeting for each slot that is not skipped."""
    made = Series(
        SeriesId("0"), MEETING.programme_id, GUEST, MEETING.people, pattern, "", "0@example.org"
    )
    meetings = [
        replace(
            MEETING,
            id=MeetingId(str(number)),
            start=slot,
            end=slot + pattern.minutes * 60,
            series=made.id,
            slot=slot,
        )
        for number, slot in enumerate(pattern.slots())
        if slot not in skipped
    ]
    return made, meetings


rules = st.one_of(
    st.builds(Rule, st.just(Frequency.DAILY), st.integers(1, 10)),
    st.builds(
        Rule,
        st.just(Frequency.WEEKLY),
        st.integers(1, 4),
        st.sets(st.integers(0, 6), max_size=3).map(lambda days: tuple(sorted(days))),
        sunday_first=st.booleans(),
    ),
    st.builds(Rule, st.just(Frequency.MONTHLY), st.integers(1, 3), month_day=st.integers(1, 31)),
    st.builds(
        lambda interval, day, nth: Rule(Frequency.MONTHLY, interval, (day,), position=nth),
        st.integers(1, 3),
        st.integers(0, 6),
        st.sampled_from((1, 2, 3, 4, 5, -1)),
    ),
)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """A pattern anywhere, near a clock change more often than not."""
    zone, near = draw(places())
    rule = draw(rules)
    first = next(iter(rule.days(near - timedelta(days=draw(st.integers(0, 60))))), None)
    assume(first is not None and first.year < 2037)
    assert first is not None
    return Pattern(rule, zone, first, draw(st.integers(0, 1439)), 30, draw(st.integers(1, 26)))


@settings(max_examples=200, deadline=None)
@given(patterns())
def test_every_session_is_at_its_wall_time_unless_the_clocks_jump_over_it(one: Pattern) -> None:
    slots = one.slots()
    assert len(slots) == len(one.days()) <= one.count
    assert list(slots) == sorted(set(slots))
    for day, slot in zip(one.days(), slots, strict=True):
        assert slot == instant(day, time(*divmod(one.minute, 60)), one.zone)
        assert wall(slot, one.zone).hour * 60 + wall(slot, one.zone).minute >= one.minute
        assert one.day_of(slot) == day


@settings(max_examples=200, deadline=None)
@given(patterns(), st.data())
def test_the_event_is_what_stands_and_nothing_else(one: Pattern, data: st.DataObject) -> None:
    skipped = data.draw(st.sets(st.sampled_from(one.slots()), max_size=len(one.slots()) - 1))
    made, meetings = series(one, frozenset(skipped))
    said = recurrence(made, meetings)
    by_rule = [day for day in one.days() if day not in said.left_out]
    moved = {m.day: m.start for m in said.moved}
    assert [moved.get(day, one.slot(day)) for day in by_rule] == [m.start for m in meetings]
    for meeting in meetings:
        if one.day_of(meeting.slot) not in moved:
            at = wall(meeting.start, one.zone)
            assert at.hour * 60 + at.minute == one.minute


@settings(max_examples=200, deadline=None)
@given(patterns(), st.data())
def test_what_is_cut_off_keeps_step(one: Pattern, data: st.DataObject) -> None:
    slots = one.slots()
    skipped = frozenset(data.draw(st.sets(st.sampled_from(slots))))
    held = [slot for slot in slots if slot not in skipped]
    rest = cut(one, skipped)
    assert [s for s in rest.slots() if s not in skipped] == held
    if held:
        assert (rest.slots()[0], rest.slots()[-1]) == (held[0], held[-1])


def test_every_other_tuesday_for_three_months() -> None:
    assert [f"{day:%d.%m}" for day in FORTNIGHT.days()] == [
        *("27.10", "10.11", "24.11", "08.12", "22.12", "05.01", "19.01"),
    ]
    theirs = [wall(slot, NEW_YORK).hour for slot in FORTNIGHT.slots()]
    assert theirs == [10, 9, 9, 9, 9, 9, 9]
    assert FORTNIGHT.rule_text() == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270119T140000Z"


def test_months_without_the_day_are_left_out() -> None:
    rule = Rule(Frequency.MONTHLY, month_day=31)
    assert [d.month for d in first_days(rule, date(2026, 10, 31), 4)] == [10, 12, 1, 3]
    never = Rule(Frequency.YEARLY, weekdays=(), month_day=30)
    assert all(d.month != 2 for d in first_days(never, date(2027, 2, 1), 20))
    assert first_days(Rule(Frequency.MONTHLY, 12, month_day=31), date(2027, 2, 1), 3) == ()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule(Frequency.MONTHLY, weekdays=(4,), position=-1), "FREQ=MONTHLY;BYDAY=-1FR"),
        (
            Rule(Frequency.MONTHLY, weekdays=(0, 1, 2, 3, 4), position=-1),
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        (Rule(Frequency.MONTHLY, month_day=15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Rule(Frequency.DAILY), "FREQ=DAILY"),
        (
            Rule(Frequency.WEEKLY, 2, (0, 6), sunday_first=True),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        ),
    ],
)
def test_rules_as_text(rule: Rule, text: str) -> None:
    assert rule.text() == text


def test_a_time_that_the_clocks_jump_over_is_written_as_a_moved_session() -> None:
    """02:30 does not exist in London on 28 March 2027; by RFC 5545 3.3.5 programs make 01:30 UTC
    of it, we say 01:00.
    """
    weekly = Pattern(WEEKLY, LONDON, date(2027, 3, 21), 90, 30, count=2)
    made, meetings = series(weekly)
    (moved,) = recurrence(made, meetings).moved
    assert (moved.day, moved.start) == (date(2027, 3, 28), meetings[1].start)
    assert wall(moved.start, LONDON).hour == 2
    assert weekly.rule_text().endswith("UNTIL=20270328T013000Z")


def test_moving_skipping_and_cutting() -> None:
    made, meetings = series(FORTNIGHT)
    later = meetings[1].start + 3600
    meetings[1] = meetings[1].move(later, later + 1800, NOW)
    meetings[3] = meetings[3].cancel(NOW)
    said = recurrence(made, meetings)
    assert said.left_out == (date(2026, 12, 8),)
    assert [(m.day, m.start, m.sequence) for m in said.moved] == [(date(2026, 11, 10), later, 1)]
    assert (revision(made, meetings), sequence_of(made, meetings[0])) == (2, 0)

    after = made.changed(meetings, NOW, FORTNIGHT.ending(date(2026, 12, 25)))
    assert after.sequence == 3
    assert after.pattern.rule_text().endswith("UNTIL=20261222T140000Z")
    again = meetings[4].cancel(NOW)
    assert sequence_of(after, again) > after.sequence
    ended = after.end(meetings, NOW)
    assert ended.state is SeriesState.ENDED
    assert ended.end(meetings, NOW) is ended


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), max_size=30))
def test_sequences_rise_with_every_change(steps: list[tuple[int, int]]) -> None:
    made, meetings = series(FORTNIGHT)
    told = dict.fromkeys(range(7), 0)
    whole, sent = 0, 0
    for number, kind in steps:
        if kind == 2:
            made = made.changed(meetings, NOW)
            assert made.sequence > sent
            sent = made.sequence
        else:
            start = meetings[number].start + (60 if kind else 120)
            meetings[number] = meetings[number].move(start, start + 1800, NOW)
            now = sequence_of(made, meetings[number])
            assert now > told[number]
            told[number], sent = now, max(sent, now)
        assert revision(made, meetings) > whole
        whole = revision(made, meetings)


def test_what_is_to_come() -> None:
    _, meetings = series(FORTNIGHT)
    meetings[2] = meetings[2].cancel(NOW)
    now = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
    assert [m.id for m in coming(meetings, now)] == ["1", "3", "4", "5", "6"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_few_windows_that_no_service_refuses(days: list[int]) -> None:
    spans = [(day * DAY, day * DAY + 1800) for day in sorted(days)]
    found = windows(spans, 2 * DAY)
    assert all(end - start <= 60 * DAY for start, end in found)
    for start, end in spans:
        assert any(a <= start - 2 * DAY and end + 2 * DAY <= b for a, b in found)
    assert len(found) <= 1 + (spans[-1][1] - spans[0][0]) // (55 * DAY)
