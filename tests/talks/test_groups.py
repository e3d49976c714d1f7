"""Sessions of a whole group: whose circle it is, who may book for it, one event for all (A29)."""

from __future__ import annotations

import pytest

from core.booking.meeting import Rsvp
from core.links import Tier
from core.programme import Role
from tests.talks.script import play
from tests.talks.stage import Stage, aurora, person

CIRCLE = (
    ("ann", "Ann Weber"),
    ("ben", "Ben Ito"),
    ("cleo", "Cleo Marsh"),
    ("dev", "Dev Rao"),
    ("ella", "Ella Novak"),
)


async def a_circle() -> Stage:
    """Alex Romero in Madrid leads a circle of five, all with calendars."""
    stage = await aurora()
    for who, name in CIRCLE:
        await stage.join(person(who, name, "Europe/Madrid"), role=Role.MENTEE)
        await stage.pair("romero", who)
        await stage.connect(who, Tier.BUSY)
    return stage


async def test_a29_an_hour_for_the_whole_circle() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: find an hour for the whole circle next week
        > I took your circle in Aurora: Ann Weber, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak. \
            Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
        romero presses [Offer all three]
        ~ Offered to Ann Weber, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak. I will tell you when \
            they answer.
        everybody has read on
        ann presses [Tue 27 Oct 13:00 Madrid]
        ben presses [Mon 26 Oct 10:00 Madrid]
        ben presses [Tue 27 Oct 13:00 Madrid]
        cleo presses [Tue 27 Oct 13:00 Madrid]
        dev presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ella presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, \
            Session with Ann Weber and 4 others, 0
        """,
    )
    (meeting,) = await stage.meetings("romero")
    assert {str(p) for p in meeting.people} == {"romero", *(who for who, _ in CIRCLE)}
    assert len(stage.mail.sent) == 6


async def test_times_for_most_are_shown_to_the_mentor_alone() -> None:
    stage = await a_circle()
    await stage.busy("dev", "2026-10-26 00:00", "2026-10-31 00:00")
    await play(
        stage,
        """
        romero: find an hour for the whole circle next week
        > I took your circle in Aurora: Ann Weber, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak. \
            Between Mon 26 Oct and Fri 30 Oct nothing fits: Dev is busy then. The nearest times \
            that work:
          …
          Mon 26 Oct 10:00 Madrid suits 4 of 5: Dev Rao cannot.
          Tue 27 Oct 13:00 Madrid suits 4 of 5: Dev Rao cannot.
          Wed 28 Oct 15:00 Madrid suits 4 of 5: Dev Rao cannot.
          …
        ann sees nothing
        dev sees nothing
        romero presses [Ask the four: Mon 26 Oct 10:00 Madrid]
        ~ …
        > Offered to Ann Weber, Ben Ito, Cleo Marsh and Ella Novak. I will tell you when they \
            answer.
          1 hour with Ann Weber, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak
          Mon 26 Oct 10:00-11:00 Madrid | without Dev
          [Take it back]
        ann sees > Alex Romero would like to meet you for 1 hour. Does it suit you?
          1 hour with Alex Romero, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak
          Mon 26 Oct 10:00-11:00 Madrid
          [Mon 26 Oct 10:00 Madrid] [None of these]
        everybody has read on
        ann presses [Mon 26 Oct 10:00 Madrid]
        ben presses [Mon 26 Oct 10:00 Madrid]
        cleo presses [Mon 26 Oct 10:00 Madrid]
        everybody has read on
        ella presses [Mon 26 Oct 10:00 Madrid]
        everybody has read on
        calendar of romero: Mon 26 Oct 10:00-11:00 Madrid, Session with Ann Weber and 4 others, 0
        calendar of dev: nothing
        """,
    )


async def test_who_has_no_calendar_is_not_one_of_those_who_can() -> None:
    stage = await a_circle()
    await stage.disconnect("ella")
    await stage.busy("dev", "2026-10-26 00:00", "2026-10-31 00:00")
    await play(
        stage,
        """
        romero: find an hour for the whole circle next week
        > …
          …
          Ella has not connected a calendar, so I could not check it.
          Mon 26 Oct 10:00 Madrid suits 3 of 5: Dev Rao cannot, Ella Novak could not be checked.
          …
        """,
    )


async def test_a_mentee_does_not_book_for_the_whole_group() -> None:
    await play(
        await a_circle(),
        """
        ann: find an hour for the whole circle next week
        > Only the mentor of a group books for the whole of it. Yours is Alex Romero: ask them, \
            or tell me which people you would like to meet.
        dana: find an hour for everyone next week
        > Only the mentor of a group books for the whole of it. Tell me which people should meet.
        romero sees nothing
        """,
    )


async def test_a_group_of_forty_is_searched_like_any_other() -> None:
    stage = await aurora()
    for number in range(40):
        who = f"m{number}"
        await stage.join(person(who, f"Mentee {number}", "Europe/Madrid"), role=Role.MENTEE)
        await stage.pair("romero", who)
        await stage.connect(who, Tier.BUSY)
    await play(
        stage,
        """
        romero: find an hour for everyone in my group next week
        > I took your circle in Aurora: Mentee 0, Mentee 1, Mentee 2, Mentee 3 and 36 others. \
            Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
          1 hour with Mentee 0, Mentee 1, Mentee 2, Mentee 3 and 36 others
          …
        """,
    )
    (proposal,) = await stage.proposals("romero")
    assert len(proposal.request.attendees) == 41
    assert len(proposal.slots) == 3


async def test_a_group_of_forty_without_calendars_is_a_short_note() -> None:
    stage = await aurora()
    for number in range(40):
        who = f"m{number}"
        await stage.join(person(who, f"Mentee {number}", "Europe/Madrid"), role=Role.MENTEE)
        await stage.pair("romero", who)
    many = "Mentee 0, Mentee 1, Mentee 2, Mentee 3 and 36 others"
    await play(
        stage,
        f"""
        romero: find an hour for everyone in my group next week
        > I took your circle in Aurora: {many}. …
          1 hour with {many}
          Mon 26 Oct 10:00-11:00 Madrid | {many} to confirm
          Tue 27 Oct 13:00-14:00 Madrid | {many} to confirm
          Wed 28 Oct 15:00-16:00 Madrid | {many} to confirm
          {many} have not connected calendars, so I could not check them.
          Offer one or all of them; {many} will be asked.
          …
        """,
    )


async def test_who_is_optional_is_asked_but_never_waited_for() -> None:
    stage = await a_circle()
    await stage.busy("dev", "2026-10-26 00:00", "2026-10-31 00:00")
    await play(
        stage,
        """
        romero: an hour with Ann Weber and Ben Ito, and Dev Rao if possible next week
        > Between Mon 26 Oct and Fri 30 Oct, three times suit all who are needed:
          1 hour with Ann Weber, Ben Ito and Dev Rao
          Mon 26 Oct 10:00-11:00 Madrid | without Dev
          Tue 27 Oct 13:00-14:00 Madrid | without Dev
          Wed 28 Oct 15:00-16:00 Madrid | without Dev
          Dev Rao will be asked, too, but not waited for.
          Offer one or all of them; Ann Weber, Ben Ito and Dev Rao will be asked.
          …
        romero presses [Offer all three]
        ~ Offered to Ann Weber and Ben Ito. I will tell you when they answer.
        everybody has read on
        dev presses [None of these]
        ~ Noted: none of these suits you. They meet without you, unless you accept one after all.
          …
        romero sees ~ Offered to Ann Weber and Ben Ito. I will tell you when they answer.
          …
          Dev Rao, who need not come, cannot make any of these.
          …
        ann sees nothing
        ann presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ben presses [Tue 27 Oct 13:00 Madrid]
        dev sees ~ The others meet without you: Tue 27 Oct 13:00-14:00 Madrid.
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, \
            Session with Ann Weber and Ben Ito, 0
        """,
    )
    (meeting,) = await stage.meetings("romero")
    assert sorted(str(p) for p in meeting.people) == ["ann", "ben", "romero"]


async def test_an_optional_person_may_still_come_once_it_is_booked() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: an hour with Ann Weber and Ben Ito, and Dev Rao if possible next week
        romero presses [Offer Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ann presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ben presses [Tue 27 Oct 13:00 Madrid]
        dev sees > Tue 27 Oct 13:00-14:00 Madrid is booked with Alex Romero, Ann Weber and \
            Ben Ito. You are welcome, but need not come. Will you?
          [I will come] [I cannot]
        ~ Booked: Tue 27 Oct 13:00-14:00 Madrid. You are welcome, but need not come.
        everybody has read on
        dev presses [I will come]
        > Noted: you will be there, Tue 27 Oct 13:00-14:00 Madrid.
        romero sees > Dev Rao …
        ann sees nothing
        """,
    )
    (meeting,) = await stage.meetings("romero")
    assert {str(p) for p in meeting.holders} == {"romero", "ann", "ben", "dev"}
    invites = [m.invite for m in stage.mail.sent if m.invite is not None]
    guest = next(g for invite in invites for g in invite.guests if g.name == "Dev Rao")
    assert (guest.optional, guest.rsvp) == (True, Rsvp.NEEDS_ACTION)


async def test_an_optional_person_who_can_is_one_of_all() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: find an hour next week with Ann Weber and Ben Ito, and Dev Rao if possible
        > Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
          1 hour with Ann Weber, Ben Ito and Dev Rao
          Mon 26 Oct 10:00-11:00 Madrid
          Tue 27 Oct 13:00-14:00 Madrid
          Wed 28 Oct 15:00-16:00 Madrid
          Dev Rao will be asked, too, but not waited for.
          Offer one or all of them; Ann Weber, Ben Ito and Dev Rao will be asked.
          …
        """,
    )
    (proposal,) = await stage.proposals("romero")
    assert [str(p) for p in proposal.request.optional] == ["dev"]


async def test_a_vote_is_settled_by_its_mentor() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: an hour with Ann Weber, Ben Ito and Cleo Marsh next week
        romero presses [Offer all three]
        everybody has read on
        ann presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ben presses [Tue 27 Oct 13:00 Madrid]
        ~ Noted, Tue 27 Oct 13:00 Madrid. Still waiting for Cleo Marsh.
          …
          2 of 3 can do Tue 27 Oct 13:00 Madrid.
          …
        everybody has read on
        cleo presses [None of these]
        ~ Noted: none of these suits you. The others still answer; accept one if it suits you \
            after all.
          …
          2 of 3 can do Tue 27 Oct 13:00 Madrid.
          [Mon 26 Oct 10:00 Madrid] [Tue 27 Oct 13:00 Madrid] [Wed 28 Oct 15:00 Madrid]
        romero sees ~ Your times have been answered, see below.
        > Everybody has answered, but so far no time suits all.
          …
          2 of 3 can do Tue 27 Oct 13:00 Madrid: Ann Weber and Ben Ito.
          Cleo Marsh cannot make any of these.
          Tue 27 Oct 13:00 Madrid suits 2 of 3. You may book it without Cleo Marsh.
          [Book Tue 27 Oct 13:00 Madrid with 2 of 3] [Take it back]
        everybody has read on
        romero presses [Book Tue 27 Oct 13:00 Madrid with 2 of 3]
        ~ Booked: Tue 27 Oct 13:00-14:00 Madrid.
        > Booked: Tue 27 Oct 13:00-14:00 Madrid with Ann Weber and Ben Ito. …
          …
        cleo sees ~ The others meet without you: Tue 27 Oct 13:00-14:00 Madrid.
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, Session with Ann Weber and Ben Ito, 0
        """,
    )


async def test_at_the_deadline_the_best_time_is_offered_to_the_mentor() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: an hour with Ann Weber, Ben Ito and Cleo Marsh on Monday 2 November
        romero presses [Offer all three]
        ben presses [Mon 2 Nov 10:00 Madrid]
        everybody has read on
        80 hours later
        romero sees ~ These times have lapsed.
        > No answer in time from Ann Weber and Cleo Marsh, so these times have lapsed. Shall I \
            look for others?
          1 hour with Ann Weber, Ben Ito and Cleo Marsh
          Mon 2 Nov 10:00 Madrid suits 1 of 3. You may book it without Ann Weber and Cleo Marsh.
          [Book Mon 2 Nov 10:00 Madrid with 1 of 3] [Other times]
        everybody has read on
        romero presses [Book Mon 2 Nov 10:00 Madrid with 1 of 3]
        ~ Booked: Mon 2 Nov 10:00-11:00 Madrid.
        > Booked: Mon 2 Nov 10:00-11:00 Madrid with Ann Weber, Ben Ito and Cleo Marsh. …
          …
        ann sees > Mon 2 Nov 10:00-11:00 Madrid is booked with Alex Romero, Ben Ito and Cleo \
            Marsh. You are welcome, but need not come. Will you?
          [I will come] [I cannot]
        everybody has read on
        calendar of ben: nothing
        """,
    )


async def test_one_of_a_group_who_cannot_come_need_not_end_it_for_all() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: find an hour for the whole circle next week
        romero presses [Offer all three]
        ann presses [Tue 27 Oct 13:00 Madrid]
        ben presses [Tue 27 Oct 13:00 Madrid]
        cleo presses [Tue 27 Oct 13:00 Madrid]
        dev presses [Tue 27 Oct 13:00 Madrid]
        ella presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ann: cancel my session
        > Cancel your session with Alex Romero, Ben Ito, Cleo Marsh, Dev Rao and Ella Novak on Tue \
            27 Oct 13:00-14:00 Madrid? Everybody gets a cancellation.
          <Reason (if you like)>
          [Cancel the session] [Keep it] [Only I cannot come]
        ann presses [Only I cannot come]
        > …
        everybody has read on
        romero: cancel the session
        > …
          <Reason (if you like)>
          [Cancel the session] [Keep it]
        """,
    )
    (meeting,) = await stage.meetings("ben")
    ann = next(a for a in meeting.attendees if a.person_id == "ann")
    assert ann.rsvp is Rsvp.DECLINED
    assert len(stage.events("romero")) == 1


async def test_once_everybody_has_answered_the_choice_is_what_lists_wait_for() -> None:
    await play(
        await a_circle(),
        """
        romero: an hour with Ann Weber, Ben Ito and Cleo Marsh next week
        romero presses [Offer all three]
        everybody has read on
        ann presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ben presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        cleo presses [None of these]
        everybody has read on
        romero: what have I got?
        > You have no sessions coming up.
          Everybody has answered to times from Mon 26 Oct 10:00 Madrid. The choice is yours.
          …
        ann: what have I got?
        > You have no sessions coming up.
          Everybody has answered to times from Mon 26 Oct 10:00 Madrid. Alex Romero chooses now.
          …
        """,
    )


async def test_the_list_has_the_button_for_the_choice_it_names() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: find an hour for the whole circle next week
        romero presses [Offer all three]
        ann presses [None of these]
        ben presses [None of these]
        cleo presses [None of these]
        dev presses [Tue 27 Oct 13:00 Madrid]
        ella presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        romero: what have I got?
        > You have no sessions coming up.
          Everybody has answered to times from Mon 26 Oct 10:00 Madrid. The choice is yours.
          [Book Tue 27 Oct 13:00 Madrid with 2 of 5] […
        romero presses [Book Tue 27 Oct 13:00 Madrid with 2 of 5]
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, Session with Dev Rao and Ella Novak, 0
        """,
    )


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("Monday and Tuesday", "Mon 26 Oct 10:00 Madrid and Tue 27 Oct 13:00 Madrid"),
        ("the first two are fine", "Mon 26 Oct 10:00 Madrid and Tue 27 Oct 13:00 Madrid"),
        ("only Monday", "Mon 26 Oct 10:00 Madrid"),
    ],
)
async def test_several_times_are_voted_for_in_one_sentence(said: str, noted: str) -> None:
    await play(
        await a_circle(),
        f"""
        romero: an hour with everyone next week
        > …
        romero presses [Offer all three]
        ~ …
        ben sees > …
        ben: {said}
        ~ Noted, {noted}. Still waiting for Ann Weber, Cleo Marsh, Dev Rao and Ella Novak.
        everybody has read on
        """,
    )


@pytest.mark.parametrize("said", ["Thursday afternoon?", "an hour later please", "make it 45"])
async def test_other_times_than_those_of_a_vote_are_for_the_mentor_to_propose(said: str) -> None:
    await play(
        await a_circle(),
        f"""
        romero: an hour with everyone next week
        > …
        romero presses [Offer all three]
        ~ …
        ben sees > …
        ben: {said}
        > Alex asks several people, so I pass on only which of these times suit you, or that none \
            does. If another time is better for you, tell Alex, who can propose it to all.
        everybody has read on
        """,
    )
