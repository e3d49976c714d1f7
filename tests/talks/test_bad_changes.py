"""Changes that cannot be made: too late, twice, to what is another's, or to one of several."""

from __future__ import annotations

import pytest

from core.booking.meeting import MeetingState, Rsvp
from core.ids import PersonId
from core.use_cases import change_meeting
from tests.talks.script import play
from tests.talks.stage import Stage, aurora
from tests.talks.test_undo import BOOKED, CANCELLED, OFFERED

MOVING = """
    maya: move my session with Alex to Thursday at 3pm
    > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
        new time is accepted. That time suits you both:
"""
MOVE_OFFERED = f"""{MOVING}
    maya presses [Offer Thu 22 Oct 15:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to move your session of Tue 27 Oct 10:00-10:30 New York \
        (14:00 London). Does it suit you?
"""
AT_ONE_PRESS = """
    maya: book with Alex on Tuesday 27 October at 2pm
    maya presses [Book Tue 27 Oct 14:00 London]
    everybody has read on
"""


async def booked() -> Stage:
    stage = await aurora()
    await play(stage, BOOKED)
    return stage


async def at_one_press() -> Stage:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(stage, AT_ONE_PRESS)
    return stage


async def with_three() -> Stage:
    """Maya has three sessions with Alex, each at two in the afternoon."""
    stage = await aurora()
    for day in ("21", "22", "23"):
        await play(stage, f"maya: book with Alex on {day} October at 2pm", "everybody has read on")
        (proposal,) = await stage.proposals("maya")
        start = proposal.slots[0].start
        await stage.acts("maya", f"offer:{proposal.id}:{start}")
        await stage.acts("alex", f"accept:{proposal.id}:{start}")
    await play(stage, "everybody has read on")
    return stage


# --- which one ------------------------------------------------------------------------------------


async def test_one_of_three_is_moved_to_the_time_that_was_said_first() -> None:
    await play(
        await with_three(),
        """
        maya: move my session with Alex to next Wednesday at 3pm
        > Which session do you mean?
          [Alex Chen, Wed 21 Oct 14:00 London] [Alex Chen, Thu 22 Oct 14:00 London] \
              [Alex Chen, Fri 23 Oct 14:00 London]
        maya: the second one
        > Your session of Thu 22 Oct 14:00-14:30 London (09:00 New York) stays where it is until \
            a new time is accepted. That time suits you both:
          …
          [Offer Wed 28 Oct 15:00 London] [None of these]
        """,
    )


async def test_one_of_three_is_pressed_and_an_old_wish_is_forgotten() -> None:
    stage = await with_three()
    await play(
        stage,
        """
        maya: move my session with Alex half an hour later
        > Which session do you mean?
          …
        maya presses [Alex Chen, Fri 23 Oct 14:00 London]
        > Your session of Fri 23 Oct 14:00-14:30 London (09:00 New York) stays where it is until \
            a new time is accepted. That time suits you both:
          …
          [Offer Fri 23 Oct 14:30 London] [None of these]
        """,
    )
    (proposal, *_) = await stage.proposals("maya")
    await stage.acts("maya", f"move:{proposal.request.moves}")
    assert len((await stage.proposals("maya"))[0].slots) > 1


# --- too late -------------------------------------------------------------------------------------


async def test_a_session_that_has_just_ended_is_not_found_to_be_moved() -> None:
    await play(
        await booked(),
        """
        clock: 2026-10-27 14:30
        everybody has read on
        maya: move my session with Alex to Thursday
        > I found no upcoming session of yours that fits. “what have I got?” lists yours.
        maya: cancel my session with Alex
        > I found no upcoming session of yours that fits. “what have I got?” lists yours.
        """,
    )


async def test_a_move_is_accepted_when_the_session_has_just_ended() -> None:
    stage = await booked()
    await stage.setting("expiry", "336 h")
    await play(
        stage,
        """
        maya: move my session with Alex to Wednesday 28 October at 3pm
        maya presses [Offer Wed 28 Oct 15:00 London]
        everybody has read on
        clock: 2026-10-27 14:31
        everybody has read on
        """,
    )
    (before,) = await stage.meetings("maya")
    (proposal,) = await stage.proposals("alex")
    assert proposal.expires_at > stage.clock.at
    await stage.acts("alex", f"accept:{proposal.id}:{proposal.slots[0].start}")
    assert "needs no answer any more" in stage.chats.unread["alex"][-1].message.text
    (after,) = await stage.meetings("maya")
    assert (after.span, after.sequence) == (before.span, 0)
    assert not [m for m in stage.mail.sent if m.subject.startswith("Moved")]


async def test_a_session_that_was_cancelled_a_second_ago_is_not_offered_another_time() -> None:
    stage = await booked()
    await play(stage, MOVING)
    offer = stage.chats.button("maya", "Offer Thu 22 Oct 15:00 London")
    (meeting,) = await stage.meetings("maya")
    await stage.acts("alex", f"cancel:{meeting.id}:yes")
    await play(stage, "everybody has read on")
    await stage.acts("maya", offer)
    assert await stage.proposals("maya") == ()
    assert await stage.proposals("alex") == ()
    assert [m.state for m in await stage.meetings("maya")] == [MeetingState.CANCELLED]
    await play(stage, "alex sees nothing")


async def test_a_move_is_accepted_a_second_after_the_session_was_cancelled() -> None:
    stage = await booked()
    await play(stage, MOVE_OFFERED)
    accept = stage.chats.button("alex", "Thu 22 Oct 10:00 New York")
    (meeting,) = await stage.meetings("maya")
    await stage.acts("maya", f"cancel:{meeting.id}:yes")
    await play(stage, "everybody has read on")
    await stage.acts("alex", accept)
    (after,) = await stage.meetings("maya")
    assert (after.state, after.span, after.sequence) == (MeetingState.CANCELLED, meeting.span, 1)
    assert stage.events("maya") == stage.events("alex") == []


# --- twice, and another's -------------------------------------------------------------------------


async def test_cancelling_twice_says_so_and_mails_once() -> None:
    stage = await booked()
    (meeting,) = await stage.meetings("maya")
    await play(
        stage,
        """
        maya: cancel my session with Alex
        maya presses [Cancel the session]
        everybody has read on
        maya presses [Cancel the session] again
        > That session was cancelled already.
        maya: cancel my session with Alex
        > I found no upcoming session of yours that fits. “what have I got?” lists yours.
        alex sees nothing
        """,
    )
    (after,) = await stage.meetings("maya")
    assert (after.sequence, after.uid) == (1, meeting.uid)
    assert len([m for m in stage.mail.sent if m.subject.startswith("Cancelled")]) == 2


@pytest.mark.parametrize("what", ["move", "cancel"])
async def test_the_session_of_others_is_neither_moved_nor_cancelled(what: str) -> None:
    stage = await booked()
    (meeting,) = await stage.meetings("maya")
    await stage.acts("sam", f"{what}:{meeting.id}")
    await play(
        stage,
        f"""
        sam sees > That is not a session of yours, so I have changed nothing.
        sam: {what} my session with Maya on Tuesday 27 October
        > I found no upcoming session of yours that fits. “what have I got?” lists yours.
        maya sees nothing
        alex sees nothing
        """,
    )
    assert await stage.meetings("maya") == (meeting,)


async def test_an_administrator_may_call_off_what_is_others_and_is_offered_no_undo() -> None:
    """Booking it again would be booking for others, who have been told by then."""
    stage = await booked()
    (meeting,) = await stage.meetings("maya")
    await stage.acts("dana", f"cancel:{meeting.id}:yes")
    (seen,) = stage.chats.unread["dana"]
    assert seen.message.card is None or not seen.message.card.actions
    await play(stage, "everybody has read on", "dana: undo", "> There is nothing to undo.")


# --- reminders of who has gone --------------------------------------------------------------------


async def test_who_was_taken_out_of_the_programme_is_not_reminded_of_it() -> None:
    """The session goes with them: nobody is to wait for somebody who has left."""
    stage = await booked()
    await play(
        stage,
        """
        dana: admin aurora remove Maya
        > …
        dana presses [Cancel it]
        everybody has read on
        clock: 2026-10-26 14:00
        maya sees nothing
        clock: 2026-10-27 13:00
        maya sees nothing
        """,
    )


async def test_a_reminder_to_connect_for_who_has_gone_meanwhile() -> None:
    stage = await booked()
    await stage.change("tom", active=False)
    await play(
        stage,
        """
        dana: admin aurora remind Tom to connect
        > …
        tom sees nothing
        """,
    )


# --- undo after the other side has acted ----------------------------------------------------------


async def test_undo_after_the_other_has_said_no() -> None:
    stage = await at_one_press()
    (meeting,) = await stage.meetings("maya")
    await change_meeting.answer(stage.ports, meeting.id, PersonId("alex"), Rsvp.DECLINED)
    await stage.drain()
    await play(
        stage,
        """
        everybody has read on
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back. You can still cancel or \
            move what is booked.
          [Find another time] [Cancel]
        alex sees nothing
        """,
    )
    (after,) = await stage.meetings("maya")
    assert after.state is MeetingState.BOOKED


async def test_undo_of_an_offer_after_the_other_has_declined_it() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex presses [None of these]
        everybody has read on
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back.
        """,
    )


async def test_undo_after_the_other_has_cancelled() -> None:
    stage = await at_one_press()
    (meeting,) = await stage.meetings("maya")
    await stage.acts("alex", f"cancel:{meeting.id}:yes")
    await play(
        stage,
        """
        everybody has read on
        maya: undo
        > That is not so any more, so there is nothing to take back.
        alex sees nothing
        """,
    )
    assert len(await stage.meetings("maya")) == 1


async def test_undo_of_a_cancellation_after_the_other_has_another_session_then() -> None:
    stage = await aurora()
    await stage.pair("alex", "sam")
    await play(
        stage,
        CANCELLED,
        """
        sam: book Alex Chen on Tuesday 27 October at 10am
        sam presses [Offer Tue 27 Oct 10:00 New York]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: undo
        > I cannot book Tue 27 Oct 14:00-14:30 London (10:00 New York) again: Alex Chen is no \
            longer free then.
          [Find another time]
        alex sees nothing
        """,
    )


async def test_undo_of_a_move_says_what_helps() -> None:
    stage = await at_one_press()
    await play(
        stage,
        """
        maya: move my session an hour later
        maya presses [Book Tue 27 Oct 15:00 London]
        everybody has read on
        """,
    )
    (after,) = await stage.meetings("maya")
    await stage.acts("alex", f"cancel:{after.id}:yes")
    await play(
        stage,
        """
        everybody has read on
        maya: undo
        > That is not so any more, so there is nothing to take back.
        maya: undo
        > There is nothing to undo.
        """,
    )
    assert (await stage.meetings("maya"))[0].state is MeetingState.CANCELLED
