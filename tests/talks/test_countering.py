"""Proposals answered with other times: passed on, never twice the same, and not for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.booking.proposal import ProposalState
from core.finding.counter import ROUNDS
from core.ids import MeetingId
from tests.talks.script import play
from tests.talks.stage import aurora

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from tests.talks.stage import Stage

OFFERED = """
    maya: book 30 minutes with Alex next week
    > …
    maya presses [Offer all three]
    ~ …
      …
    alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
      30 minutes with Maya Patel
      Mon 26 Oct 10:00-10:30 New York | 14:00 London
      Tue 27 Oct 11:00-11:30 New York | 15:00 London
      Wed 28 Oct 10:00-10:30 New York | 14:00 London
      …
"""
THURSDAY = """
    alex: can you do Thursday afternoon instead?
    ~ Newer times have replaced these.
    > These times fit that for you both. Offered to Maya Patel. I will tell you when they answer.
      30 minutes with Maya Patel
      Thu 29 Oct 12:00-12:30 New York | 16:00 London
      Thu 29 Oct 12:30-13:00 New York | 16:30 London
      Thu 29 Oct 13:00-13:30 New York | 17:00 London
      [Take it back]
    maya sees ~ Newer times have replaced these.
    maya sees > Alex Chen proposes other times instead, for 30 minutes. Which suits you?
      30 minutes with Alex Chen
      Thu 29 Oct 16:00-16:30 London | 12:00 New York
      …
"""


async def test_other_times_are_passed_on_and_agreed() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        THURSDAY,
        """
        maya presses [Thu 29 Oct 16:30 London]
        ~ …
        > …
        alex sees > Booked: Thu 29 Oct 12:30-13:00 New York (16:30 London) with Maya Patel. …
        everybody has read on
        """,
    )
    assert await _open(stage) == []
    (meeting,) = await stage.meetings("maya")
    assert (meeting.sequence, set(meeting.people)) == (0, {"maya", "alex"})


async def test_after_three_rounds_nothing_is_passed_on_by_itself() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        THURSDAY,
        """
        maya: a bit earlier please
        ~ Newer times have replaced these.
        > These times fit that for you both. …
          30 minutes with Alex Chen
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          Thu 29 Oct 14:30-15:00 London | 10:30 New York
          Thu 29 Oct 15:00-15:30 London | 11:00 New York
          …
        everybody has read on
        alex: earlier in the day
        everybody has read on
        maya: the week after instead
        > The two of you have now answered with other times three times, so I pass nothing on by \
            myself any more. A short word with Alex Chen is quickest. Or offer one of these; Alex \
            Chen can still accept the last ones, and so can you. Three times suit you both:
          30 minutes with Alex Chen
          Mon 2 Nov 15:00-15:30 London | 10:00 New York
          …
        alex sees nothing
        maya presses [Offer all three]
        ~ …
        maya sees ~ Newer times have replaced these.
        alex sees > Maya Patel proposes other times instead, for 30 minutes. Which suits you?
        alex sees ~ Newer times have replaced these.
        """,
    )
    assert len(await _open(stage)) == 1


async def test_nothing_in_the_wish_changes_nothing() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex: can you do Saturday instead?
        > I have told Maya Patel nothing yet: their times stay open until you offer others. Aurora \
            has no weekend sessions (a programme setting; an administrator can change it). The \
            nearest times that work:
          …
        maya sees nothing
        alex presses [Mon 26 Oct 10:00 New York]
        everybody has read on
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.sequence == 0


async def test_what_was_only_found_is_looked_for_anew() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book 30 minutes with Alex next week
        > …
        maya: later in the day
        ~ Newer times have replaced these.
        > Three times suit you both:
          30 minutes with Alex Chen
          Mon 26 Oct 15:00-15:30 London | 11:00 New York
          Tue 27 Oct 15:30-16:00 London | 11:30 New York
          Wed 28 Oct 14:30-15:00 London | 10:30 New York
          …
        alex sees nothing
        """,
    )


async def test_a_move_is_countered_and_the_session_stays_until_it_is_agreed() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex presses [Mon 26 Oct 10:00 New York]
        everybody has read on
        maya: move it to Tuesday afternoon
        everybody has read on
        maya presses [Offer all three]
        everybody has read on
        alex: another day
        ~ Newer times have replaced these.
        > These times fit that for you both. …
        maya sees ~ Newer times have replaced these.
        maya sees > Alex Chen proposes other times for moving your session of Mon 26 Oct \
            14:00-14:30 London (10:00 New York). Which suits you? It stays where it is until one \
            is accepted.
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.sequence == 0
    (proposal,) = await _open(stage)
    await stage.acts("maya", f"accept:{proposal.id}:{proposal.slots[0].start}")
    (meeting,) = await stage.meetings("maya")
    assert meeting.sequence == 1
    assert meeting.id == proposal.request.moves
    assert meeting.id == MeetingId(meeting.uid.partition("@")[0])


async def test_undo_after_the_other_has_countered() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        THURSDAY,
        """
        maya: undo
        > That is not so any more, so there is nothing to take back.
        alex: undo
        ~ Taken back; …
        > Undone: the times are taken back. …
        > What had been proposed before stands again, until its own end. Maya Patel would like to \
            meet you for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Mon 26 Oct 10:00-10:30 New York | 14:00 London
          Tue 27 Oct 11:00-11:30 New York | 15:00 London
          Wed 28 Oct 10:00-10:30 New York | 14:00 London
          …
        maya sees ~ This proposal was taken back; it needs no answer any more.
        maya sees > Offered to Alex Chen. I will tell you when they answer.
          …
        alex presses [Tue 27 Oct 11:00 New York]
        everybody has read on
        calendar of maya: Tue 27 Oct 15:00-15:30 London, Session with Alex Chen, 0
        calendar of alex: Tue 27 Oct 11:00-11:30 New York, Session with Maya Patel, 0
        """,
    )
    assert await _open(stage) == []


async def test_the_button_under_the_other_times_takes_them_back_as_well() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        THURSDAY,
        """
        alex presses [Take it back]
        ~ Taken back; …
        > Maya Patel would like to meet you for 30 minutes. Which time suits you?
          …
        maya sees ~ This proposal was taken back; it needs no answer any more.
        maya sees > Offered to Alex Chen. I will tell you when they answer.
          …
        """,
    )
    (again,) = await _open(stage)
    assert again.request.asker == "maya"


async def test_what_stands_again_ends_when_the_first_offer_would_have() -> None:
    stage = await aurora()
    await play(stage, OFFERED)
    (first,) = await _open(stage)
    await play(
        stage,
        "1 hour later",
        "everybody has read on",
        THURSDAY,
        "alex: undo\neverybody has read on",
    )
    (again,) = await _open(stage)
    assert again.id != first.id
    assert (again.slots, again.expires_at) == (first.slots, first.expires_at)
    await stage.set_clock(first.expires_at + 1)
    assert await _open(stage) == []
    ended = await stage.store.read(lambda tx: tx.proposals.get(again.id))
    assert ended.state is ProposalState.EXPIRED


async def test_what_is_over_meanwhile_does_not_stand_again() -> None:
    stage = await aurora()
    await stage.setting("expiry", "1 h")
    await play(
        stage,
        OFFERED,
        "55 minutes later",
        "everybody has read on",
        THURSDAY,
        """
        9 minutes later
        alex: undo
        ~ Taken back; …
        > Undone: the times are taken back. …
        maya sees ~ This proposal was taken back; it needs no answer any more.
        """,
    )
    assert await _open(stage) == []


async def test_what_was_asked_anew_meanwhile_is_not_asked_twice() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        THURSDAY,
        """
        maya: book 30 minutes with Alex next week
        everybody has read on
        maya presses [Offer all three]
        everybody has read on
        alex: undo
        everybody has read on
        """,
    )
    assert [p.request.asker for p in await _open(stage)] == ["maya"]


async def test_a_bare_earlier_asks_for_earlier_times() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex: earlier
        ~ Newer times have replaced these.
        > These times fit that for you both. Offered to Maya Patel. I will tell you when they \
            answer.
          30 minutes with Maya Patel
          Mon 26 Oct 09:30-10:00 New York | 13:30 London
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Wed 28 Oct 09:30-10:00 New York | 13:30 London
          [Take it back]
        everybody has read on
        """,
    )
    (proposal,) = await _open(stage)
    assert proposal.request.asker == "alex"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("none of these, later in the week", "Thu 29 Oct"),
        ("later please", "Mon 26 Oct 11:00"),
        ("I'd prefer another day", "Thu 29 Oct"),
        ("any day but Monday", "Tue 27 Oct"),
        ("could we do the week after instead?", "Mon 2 Nov"),
        ("a little earlier would be better", "Mon 26 Oct 09:30"),
    ],
)
async def test_many_ways_to_say_it(said: str, first: str) -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        f"""
        alex: {said}
        ~ Newer times have replaced these.
        > These times fit that for you both. …
          30 minutes with Maya Patel
          {first}…
          …
        everybody has read on
        """,
    )


@pytest.mark.parametrize(
    "wishes",
    [
        ("earlier in the day", "later in the day"),
        ("another day", "a bit later please"),
        ("not on Tuesdays", "the week after instead"),
        ("a different day please", "can you do Thursday afternoon instead?"),
    ],
)
async def test_no_time_comes_twice_and_it_ends(wishes: tuple[str, str]) -> None:
    """Whatever the two want, only so many proposals reach the other side, all of new times."""
    stage = await aurora()
    await play(stage, OFFERED)
    seen: set[int] = set()
    known: set[str] = set()
    for turn in range(9):
        for proposal in await _open(stage):
            starts = {slot.start for slot in proposal.slots}
            assert proposal.id in known or not starts & seen
            known.add(proposal.id)
            seen |= starts
        asked = (await _open(stage))[0].request.invitees[0]
        await stage.says(asked, wishes[turn % 2])
    assert len(known) <= ROUNDS + 1


async def _open(stage: Stage) -> list[Proposal]:
    """Return the proposals that wait for an answer."""
    return [p for p in await stage.proposals("maya") if p.state is ProposalState.OFFERED]


async def test_what_suits_now_is_no_preference_for_ever() -> None:
    """Said to an open proposal it is about that one, and nobody's hours change."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex: none of these work, I can only do Friday after 10
        ~ Newer times have replaced these.
        > These times fit that for you both. …
          30 minutes with Maya Patel
          Fri 30 Oct 10:00-10:30 New York | 14:00 London
          …
        everybody has read on
        maya: I can't do afternoons
        > I have told Alex Chen nothing yet: their times stay open until you offer others. …
        """,
    )
    assert [(await stage.person(who)).hours for who in ("alex", "maya")] == [None, None]


async def test_the_asker_names_another_day_near_the_proposed_ones() -> None:
    """Thursday is the one of the week that was proposed, not of this week."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        maya: can we do Thursday instead?
        ~ Newer times have replaced these.
        > These times fit that for you both. …
          30 minutes with Alex Chen
          Thu 29 Oct 12:00-12:30 London | 08:00 New York
          …
        alex sees ~ Newer times have replaced these.
        alex sees > Maya Patel proposes other times instead, for 30 minutes. Which suits you?
        """,
    )


async def test_the_first_one_after_other_times_were_shown_is_asked_about() -> None:
    """It may be the first of what was proposed, or of what was found since: nothing is booked."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex: can you do Saturday instead?
        > I have told Maya Patel nothing yet: …
        alex: yes, the first one
        > Which of the times do you mean?
          [Mon 26 Oct 10:00 New York (Maya)] [Tue 27 Oct 11:00 New York (Maya)] [Wed 28 Oct 10:00 \
              New York (Maya)] [Offer Fri 30 Oct 10:00 New York] [Offer Mon 2 Nov 10:00 New York] \
              [Offer Mon 2 Nov 11:00 New York]
        maya sees nothing
        alex presses [Offer Fri 30 Oct 10:00 New York]
        everybody has read on
        """,
    )
    assert await stage.meetings("maya") == ()


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("an hour later please", "11:00-11:30"),
        ("wait, half an hour later", "10:30-11:00"),
        ("can we make it 20 minutes earlier?", "09:40-10:10"),
        ("not so fast, an hour earlier", "09:00-09:30"),
    ],
)
async def test_so_much_later_is_that_time_and_never_a_yes_or_a_no(said: str, start: str) -> None:
    await play(
        await aurora(),
        f"""
        maya: book with Alex on friday at 3pm
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex: {said}
        ~ …
        > This time fits that for you both. Offered to Maya Patel. I will tell you when they answer.
          30 minutes with Maya Patel
          Fri 23 Oct {start} New York …
          …
        everybody has read on
        """,
    )


@pytest.mark.parametrize(
    ("said", "minutes"), [("works for me but can we do 45 min", 45), ("only 20 minutes please", 20)]
)
async def test_the_same_times_at_another_length_go_to_the_other_side(
    said: str, minutes: int
) -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        f"""
        alex: {said}
        ~ Newer times have replaced these.
        > These times fit that for you both. Offered to Maya Patel. I will tell you when they \
            answer.
          {minutes} minutes with Maya Patel
          Mon 26 Oct 10:00-10:{minutes} New York | 14:00 London
          …
        maya sees ~ Newer times have replaced these.
        maya sees > Alex Chen proposes other times instead, for {minutes} minutes. Which suits you?
          …
        alex: 6 hours please
        > A session in Aurora lasts from 5 minutes to 4 hours.
        """,
    )
    assert [p.request.minutes for p in await stage.proposals("maya") if p.is_open] == [minutes]


async def test_a_series_that_was_offered_is_answered_as_it_is() -> None:
    """What cannot be passed on is said, and nothing is looked for or told in its place."""
    stage = await aurora()
    answer = """
        > Maya has offered a series, and I pass on only an answer to it: yes, no, or yes without \
            some days (“all but 24 November”). For another one propose your own, for example: \
            every other Tuesday at 4pm with Maya.
    """
    await play(
        stage,
        """
        maya: every other Tuesday at 3pm with Alex Chen for 3 months
        > …
        maya presses [Offer the series]
        ~ …
        alex sees > …
        alex: make it 4pm
        """
        + answer
        + """
        alex: half an hour later please
        """
        + answer
        + """
        alex: only 20 minutes please
        """
        + answer
        + """
        alex: yes but skip 24 November
        ~ Booked: every other Tuesday at 15:00 London, 6 sessions. Left out: Tue 24 Nov.
        everybody has read on
        """,
    )


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Thursday afternoon?", "Thu 29 Oct 12:00-12:30 New York | 16:00 London"),
        ("the 5th of November", "Thu 5 Nov 08:00-08:30 New York | 13:00 London"),
    ],
)
async def test_a_bare_time_answers_what_was_asked(said: str, first: str) -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex: am I free on Thursday?
        > …
        """,
        f"""
        alex: {said}
        ~ Newer times have replaced these.
        > These times fit that for you both. Offered to Maya Patel. I will tell you when they \
            answer.
          30 minutes with Maya Patel
          {first}
          …
        everybody has read on
        """,
    )
