"""What is on, by person and by week, and what is open: whose turn it is, and what can be done."""

from __future__ import annotations

from bot.card import Fields
from bot.speak.home import home_card, load_home
from tests.talks.script import play
from tests.talks.stage import NOW, Stage, aurora

FIRST = "14:00-14:30 London (10:00 New York), the next of 4 in a series, the last on Tue 17 Nov"


async def booked() -> Stage:
    """Maya and Alex meet on Friday, and every Tuesday for four weeks from next week."""
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Friday at 15:00
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > …
        alex presses [Fri 23 Oct 10:00 New York]
        ~ …
        > …
        everybody has read on
        maya: every tuesday at 2pm with Alex for 4 weeks
        > …
        maya presses [Offer the series]
        ~ …
        alex sees > …
        alex presses [Accept the series]
        ~ …
        > …
        everybody has read on
        """,
    )
    return stage


async def test_what_is_on_by_person_and_by_week() -> None:
    await play(
        await booked(),
        """
        maya: what's on?
        > Your next sessions:
          Alex Chen: Fri 23 Oct 15:00-15:30 London (10:00 New York)
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), the next of 4 in a series, \
              the last on Tue 17 Nov
          [Change Fri 23 Oct 15:00 London] [Change Tue 27 Oct 14:00 London] [All dates, Alex Chen]
        maya: what's on next week?
        > Between Mon 26 Oct and Fri 30 Oct you have:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), the next of 4 in a series, \
              the last on Tue 17 Nov
          [Change Tue 27 Oct 14:00 London] [All dates, Alex Chen]
        maya: and this week?
        > Between Tue 20 Oct and Fri 23 Oct you have:
          Alex Chen: Fri 23 Oct 15:00-15:30 London (10:00 New York)
          [Change Fri 23 Oct 15:00 London]
        maya: what's on on 3 November?
        > On Tue 3 Nov you have:
          Alex Chen: Tue 3 Nov 14:00-14:30 London (09:00 New York), one of 4 in a series
          [Change Tue 3 Nov 14:00 London] [All dates, Alex Chen]
        maya: my sessions with Alex this week
        > Between Tue 20 Oct and Fri 23 Oct you have with Alex:
          …
        maya: show my week
        > Between Tue 20 Oct and Fri 23 Oct you have:
          …
        maya: sessions next week
        > Between Mon 26 Oct and Fri 30 Oct you have:
          …
        maya: when do I see Alex next?
        > Your next session: Fri 23 Oct 15:00-15:30 London (10:00 New York) with Alex Chen.
          …
        maya: what's on with Priya?
        > You have no sessions with Priya Nair coming up.
        maya: what do I have tomorrow?
        > On Wed 21 Oct you have no sessions. The next one is Fri 23 Oct 15:00-15:30 London (10:00 \
            New York) with Alex Chen.
        """,
    )


async def test_the_next_session_has_what_can_be_done_with_it_now() -> None:
    stage = await booked()
    await play(
        stage,
        """
        alex: when is my next session?
        > Your next session: Fri 23 Oct 10:00-10:30 New York (15:00 London) with Maya Patel.
          When: Fri 23 Oct 10:00-10:30 New York (15:00 London)
          With: Maya Patel
          Where: https://meet.example.org/alex
          [Find another time] [Cancel]
        clock: 2026-10-23 13:20
        everybody has read on
        alex: next session with Maya
        > Your next session: Fri 23 Oct 10:00-10:30 New York (15:00 London) with Maya Patel.
          …
          [Find another time] [Cancel] [I'm late for Maya Patel]
        alex presses [I'm late for Maya Patel]
        > …
        """,
    )


async def test_whose_turn_it_is_and_a_reminder_once_a_day() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: open proposals
        > No proposal is open: you wait for nobody's answer, and nobody waits for yours.
        maya: book with Alex on Friday at 15:00
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > …
        maya: whose turn is it?
        > Open proposals:
          Alex Chen: their turn: Fri 23 Oct 15:00 London, open until Fri 23 Oct 10:00 London
          [Remind Alex Chen] [Other times with Alex Chen] [Take it back from Alex Chen]
        maya presses [Remind Alex Chen]
        > I have reminded Alex Chen.
        alex sees > Maya Patel is waiting for your answer to these times:
          …
        maya presses [Remind Alex Chen] again
        > Alex Chen has been reminded today already; I do that once a day at most.
        alex: what's pending?
        > Open proposals:
          Maya Patel: your turn: Fri 23 Oct 10:00 New York, open until Fri 23 Oct 05:00 New York
          [Fri 23 Oct 10:00 New York (Maya)] [None of these (Maya)]
        alex presses [Fri 23 Oct 10:00 New York (Maya)]
        ~ Booked: …
        > Booked: …
        everybody has read on
        maya presses [Remind Alex Chen] again
        > Everybody has answered that already, or it is no longer open.
        maya: open proposals with Alex
        > No proposal with Alex is open.
        """,
    )


async def test_who_is_away_is_not_reminded_and_only_the_asker_reminds() -> None:
    stage = await aurora()
    await stage.change("alex", nudges=False)
    await play(
        stage,
        """
        maya: book with Alex on Friday at 15:00
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > …
        maya: whose turn is it?
        > …
        maya presses [Remind Alex Chen]
        > Alex Chen is away or wants no reminders, so I have not written.
        alex sees nothing
        """,
    )
    (proposal,) = await stage.proposals("maya")
    await stage.acts("alex", f"remind:{proposal.id}")
    await play(stage, "alex sees > …")


async def test_a_series_that_is_open_is_accepted_from_the_list() -> None:
    await play(
        await aurora(),
        """
        maya: every tuesday at 2pm with Alex for 4 weeks
        > …
        maya presses [Offer the series]
        ~ …
        alex sees > …
        alex: whose turn is it?
        > Open proposals:
          Maya Patel: your turn: a series of 4 from Tue 27 Oct 10:00 New York, open until Fri 23 \
              Oct 05:00 New York
          [The whole series (Maya)] [None of these (Maya)]
        alex presses [The whole series (Maya)]
        ~ Booked: every Tuesday at 14:00 London, 4 sessions.
        > Booked: every Tuesday at 14:00 London with Maya Patel, 4 sessions, Tue 27 Oct to Tue 17 \
            Nov. …
        everybody has read on
        """,
    )


async def test_the_page_of_the_assistant_shows_a_series_once() -> None:
    stage = await booked()
    maya = await stage.person("maya")
    home = await stage.store.read(lambda tx: load_home(tx, maya, NOW))
    card = home_card(home, ())
    rows = next(part.fields for part in card.parts if isinstance(part, Fields))
    assert [when for _, when in rows] == [
        "Fri 23 Oct 15:00-15:30 London (10:00 New York)",
        f"Tue 27 Oct {FIRST}",
    ]
    shown = [a for a in card.actions if a.id.partition(":")[0] in ("show", "series")]
    assert [action.label for action in shown] == [
        "Change Fri 23 Oct 15:00 London",
        "Change Tue 27 Oct 14:00 London",
        "All dates, Alex Chen",
    ]
