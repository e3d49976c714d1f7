"""What a calendar service does with the copy of a whole series, seen by reading its busy times."""

import contextlib
import random
from dataclasses import replace
from datetime import date

import pytest

from core.booking.drafts import EventDraft
from core.booking.meeting import Meeting
from core.booking.series import Pattern, Series, recurrence, revision, windows
from core.errors import PreconditionFailed, RateLimited, RemoteMissing, Unavailable
from core.links import Grant
from core.ports import Receipt
from core.timing.recurrence import Frequency, Rule
from core.timing.spans import Span
from core.timing.zones import DAY
from tests.contract.calendar_contract import (
    DRAFT,
    LONDON,
    PARTY,
    CalendarBench,
    Fault,
    spans_of,
)
from tests.unit.core.booking.samples import NOW
from tests.unit.core.booking.test_series import series

# Over the end of summer time in London (25 October) and in New York (1 November).
WEEKLY = Pattern(
    Rule(Frequency.WEEKLY, 1, (1,)), LONDON, date(2026, 10, 20), 14 * 60 + 30, 30, count=6
)
MADE, MEETINGS = series(WEEKLY)


def draft(made: Series, meetings: list[Meeting]) -> EventDraft:
    """Return the copy of a series as it stands."""
    stand = [m for m in meetings if m.state.value != "cancelled"]
    return replace(
        DRAFT,
        sequence=revision(made, meetings),
        start=stand[0].start,
        end=stand[0].end,
        recurrence=recurrence(made, meetings),
    )


def skipped(*numbers: int) -> list[Meeting]:
    """Return the sessions with some called off."""
    return [m.cancel(NOW) if n in numbers else m for n, m in enumerate(MEETINGS)]


def moved(number: int, seconds: int, meetings: list[Meeting] | None = None) -> list[Meeting]:
    """Return the sessions with one at another time."""
    found = list(MEETINGS if meetings is None else meetings)
    one = found[number]
    found[number] = one.move(one.start + seconds, one.end + seconds, NOW)
    return found


def rest_moved(first: int, seconds: int) -> EventDraft:
    """Return the copy of the series with all from one session on at another time."""
    later = [m.move(m.start + seconds, m.end + seconds, NOW) for m in MEETINGS[first:]]
    return draft(MADE.changed(MEETINGS, NOW), [*MEETINGS[:first], *later])


def shortened(number: int) -> list[Meeting]:
    """Return the sessions with one that ends earlier."""
    found = list(MEETINGS)
    found[number] = found[number].move(found[number].start, found[number].end - 600, NOW)
    return found


def cut(last: date) -> EventDraft:
    """Return the copy of the series without what comes after a day."""
    rest = [m.cancel(NOW) if WEEKLY.day_of(m.slot) > last else m for m in MEETINGS]
    return draft(MADE.changed(MEETINGS, NOW, WEEKLY.ending(last)), rest)


WHOLE = draft(MADE, MEETINGS)
CHANGES = {
    "one skipped": draft(MADE, skipped(2)),
    "the first skipped": draft(MADE, skipped(0)),
    "two skipped": draft(MADE, skipped(1, 4)),
    "one moved by an hour": draft(MADE, moved(3, 3600)),
    "one moved to the day after": draft(MADE, moved(1, DAY)),
    "one skipped, one moved": draft(MADE, moved(4, -2 * 3600, skipped(0))),
    "all after the first an hour later": rest_moved(1, 3600),
    "all on another day of the week": rest_moved(0, 3 * DAY - 3600),
    "the rest a day earlier": rest_moved(2, -DAY),
    "one shortened": draft(MADE, shortened(2)),
    "cut": cut(date(2026, 11, 4)),
    "longer": replace(
        draft(MADE, MEETINGS),
        sequence=4,
        recurrence=recurrence(
            replace(MADE, pattern=replace(WEEKLY, count=8)), series(replace(WEEKLY, count=8))[1]
        ),
    ),
}


def sessions(one: EventDraft) -> list[Span]:
    """Return when the sessions of a copy are."""
    assert one.recurrence is not None
    return sorted(one.recurrence.sessions().values())


async def read(bench: CalendarBench) -> list[Span]:
    """Return when the first calendar is busy, asked in as many windows as that takes."""
    grant = await bench.grant()
    spans: list[Span] = []
    for window in windows(sessions(CHANGES["longer"]), 3 * DAY):
        answers = await bench.service.busy.busy(grant, [bench.first], window, LONDON)
        spans += spans_of(answers[bench.first])
    return sorted(spans)


class SeriesContract:
    """What a writer that takes series does with them."""

    def copy(self, one: EventDraft) -> EventDraft:
        """Return the copy as this person has it."""
        return one

    async def test_each_session_is_busy(self, bench: CalendarBench) -> None:
        assert bench.service.series
        await bench.service.writer.place(await bench.grant(), bench.first, self.copy(WHOLE))
        assert await read(bench) == sessions(WHOLE)

    @pytest.mark.parametrize("name", CHANGES)
    async def test_a_change_is_placed_or_brought_by_an_update(
        self, bench: CalendarBench, name: str
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        changed = self.copy(CHANGES[name])
        first = await writer.place(grant, bench.first, self.copy(WHOLE))
        second = await writer.update(grant, bench.first, first, changed)
        assert second.remote_id == first.remote_id
        assert await read(bench) == sessions(changed)
        again = await writer.update(grant, bench.first, second, changed)
        assert again == second
        back = replace(self.copy(WHOLE), sequence=changed.sequence + 1)
        await writer.update(grant, bench.first, again, back)
        assert await read(bench) == sessions(WHOLE)

    @pytest.mark.parametrize("name", CHANGES)
    async def test_a_changed_series_is_placed_at_once(
        self, bench: CalendarBench, name: str
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        first = await writer.place(grant, bench.first, self.copy(CHANGES[name]))
        assert await read(bench) == sessions(CHANGES[name])
        assert await writer.place(grant, bench.first, self.copy(CHANGES[name])) == first

    async def test_placing_over_an_older_copy_brings_it_up_to_date(
        self, bench: CalendarBench
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        first = await writer.place(grant, bench.first, self.copy(WHOLE))
        changed = CHANGES["one skipped, one moved"]
        second = await writer.place(grant, bench.first, self.copy(changed))
        assert second.remote_id == first.remote_id
        assert await read(bench) == sessions(changed)

    async def test_what_was_done_by_hand_is_put_right(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.copy(WHOLE))
        await bench.touch(receipt)
        changed = self.copy(CHANGES["two skipped"])
        with pytest.raises(PreconditionFailed):
            await writer.update(grant, bench.first, receipt, changed)
        await writer.place(grant, bench.first, changed)
        assert await read(bench) == sessions(changed)

    async def test_lost_answers_are_harmless(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        changed = self.copy(CHANGES["one skipped, one moved"])
        bench.lose_answer()
        with pytest.raises(Unavailable):
            await writer.place(grant, bench.first, self.copy(WHOLE))
        receipt = await writer.place(grant, bench.first, self.copy(WHOLE))
        bench.lose_answer()
        with pytest.raises(Unavailable):
            await writer.update(grant, bench.first, receipt, changed)
        try:
            await writer.update(grant, bench.first, receipt, changed)
        except PreconditionFailed:  # a half of it had been done: delivery then places it anew
            await writer.place(grant, bench.first, changed)
        assert await read(bench) == sessions(changed)

    @pytest.mark.parametrize("seed", range(3))
    async def test_whatever_happens_on_the_way_it_ends_as_it_should(
        self, bench: CalendarBench, seed: int
    ) -> None:
        chance, grant = random.Random(seed), await bench.grant()
        receipt = await self.brought(bench, grant, self.copy(WHOLE), None)
        for number in range(8):
            trouble = chance.choice(("none", "touch", "drop", "lose", "slow down"))
            if trouble == "touch":
                await bench.touch(receipt)
            elif trouble == "drop":
                await bench.drop(receipt)
            elif trouble == "lose":
                bench.lose_answer()
            elif trouble == "slow down":
                bench.fail(Fault.LIMITED)
            wanted = CHANGES[chance.choice(list(CHANGES))]
            changed = replace(self.copy(wanted), sequence=100 + number)
            receipt = await self.brought(bench, grant, changed, receipt)
            assert await read(bench) == sessions(wanted), (number, trouble)

    async def brought(
        self, bench: CalendarBench, grant: Grant, one: EventDraft, receipt: Receipt | None
    ) -> Receipt:
        """Write a copy as it is delivered: update, place where that cannot be, and try again."""
        writer = bench.service.writer
        for _ in range(4):
            try:
                if receipt is not None:
                    with contextlib.suppress(PreconditionFailed, RemoteMissing):
                        return await writer.update(grant, bench.first, receipt, one)
                return await writer.place(grant, bench.first, one)
            except (Unavailable, RateLimited):
                continue
        raise AssertionError("it never comes to an end")

    async def test_removing_takes_all_away(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(
            grant, bench.first, self.copy(CHANGES["one skipped, one moved"])
        )
        await writer.remove(grant, bench.first, receipt)
        assert await read(bench) == []
        with pytest.raises(RemoteMissing):
            await writer.update(grant, bench.first, receipt, self.copy(WHOLE))
        await writer.place(grant, bench.first, self.copy(WHOLE))
        assert await read(bench) == sessions(WHOLE)

    async def test_its_own_sessions_can_be_left_out(self, bench: CalendarBench) -> None:
        grant = await bench.grant()
        await bench.service.writer.place(grant, bench.first, self.copy(WHOLE))
        window = (sessions(WHOLE)[0][0] - DAY, sessions(WHOLE)[-1][1] + DAY)
        answers = await bench.service.busy.busy(
            grant, [bench.first], window, LONDON, frozenset({WHOLE.uid})
        )
        assert spans_of(answers[bench.first]) == []


class MemberSeriesContract(SeriesContract):
    """The same with the copy of a member who is not the owner."""

    def copy(self, one: EventDraft) -> EventDraft:
        """Return a copy that names the assistant as organizer."""
        return replace(one, party=PARTY)
