"""A skipped session of a series that is brought back says that it stands on its own."""

from __future__ import annotations

from core.booking.meeting import MeetingState
from tests.talks.script import play
from tests.talks.stage import at, aurora


async def test_what_is_brought_back_says_that_the_series_leaves_it_as_it_is() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: weekly with Alex on Tuesdays at 2pm for 4 weeks
        everybody has read on
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        maya: skip the session on 10 November
        everybody has read on
        maya presses [Cancel the session]
        everybody has read on
        maya: undo
        > Undone: your session with Alex Chen on Tue 10 Nov 14:00-14:30 London (09:00 New York) is \
            booked again. A cancelled event cannot come back to a calendar, so it is a new one \
            with an invitation of its own. It stands on its own now: what you end or move of the \
            series leaves it as it is, so change it by itself.
          …
        everybody has read on
        maya: end the series with Alex
        everybody has read on
        maya presses [End the series]
        everybody has read on
        """,
    )
    booked = [m for m in await stage.meetings("maya") if m.state is MeetingState.BOOKED]
    assert [m.start for m in booked] == [at("2026-11-10 14:00")]
