"""Sessions that stand: called off, answered, given a place; what a person has got; preferences."""

from dataclasses import replace

import pytest

from core.booking.meeting import Meeting, MeetingState, Rsvp
from core.effects import EffectKind
from core.errors import IllegalStep, NotFound, Refused
from core.ids import MeetingId, PersonId
from core.notices import NoticeKind
from core.people import Person
from core.programme import Objection, Rule
from core.use_cases.answer_proposal import accept
from core.use_cases.change_meeting import answer, cancel, set_place
from core.use_cases.list_meetings import agenda
from core.use_cases.set_preferences import change_person
from tests.unit.core.use_cases.world import (
    DAY,
    DORA,
    GUS,
    HOUR,
    INES,
    NOAH,
    OMAR,
    RITA,
    TOVE,
    TUESDAY,
    World,
    request,
)

TWO, THREE, FOUR = (TUESDAY + n * HOUR for n in (14, 15, 16))
LINK = "https://meet.example.org/noah"


async def booked(world: World, *people: PersonId, start: int = TWO) -> Meeting:
    """Return a session at a time."""
    people = people or (INES, NOAH)
    return await world.booked(request(*people, window=(start, start + 1800), starts=(start,)))


# --- calling off ------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [INES, NOAH, DORA, GUS])
async def test_who_takes_part_or_administers_calls_off(world: World, actor: PersonId) -> None:
    meeting = await booked(world)
    changed = await cancel(world.ports, meeting.id, actor)
    assert (changed.fresh, changed.meeting.state) == (True, MeetingState.CANCELLED)
    assert changed.meeting.sequence == 1
    told = [e.person_id for e in world.effects(EffectKind.NOTIFY) if ":cancelled:" in e.key]
    assert told == [p for p in (INES, NOAH) if p != actor]


@pytest.mark.parametrize("actor", [OMAR, TOVE, RITA])
async def test_nobody_else_does(world: World, actor: PersonId) -> None:
    meeting = await booked(world)
    before = world.everything()
    with pytest.raises(Refused) as caught:
        await cancel(world.ports, meeting.id, actor)
    assert caught.value.objections == (Objection(Rule.RIGHTS, NOAH),)
    assert world.everything() == before


async def test_calling_off_takes_everything_back_and_frees_the_time(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    for person in (INES, NOAH):
        assert world.calendars.events(world.main[person]) == []
        subjects = [mail.subject for mail in world.mail.to(f"{person}@work.example")]
        assert subjects == ["details 0", "details 1"]
    assert await world.store.read(lambda tx: tx.meetings.refs(meeting.id)) == ()
    assert (await booked(world, OMAR, NOAH)).start == meeting.start


async def test_calling_off_an_invitation_mails_a_cancellation(world: World) -> None:
    meeting = await booked(world, INES, TOVE)
    await world.work()
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    assert [m.subject for m in world.mail.to("tove@larch.example")] == ["REQUEST 0", "CANCEL 1"]


async def test_calling_off_twice_is_calling_off_once(world: World) -> None:
    meeting = await booked(world)
    await cancel(world.ports, meeting.id, INES)
    before = world.everything()
    again = await cancel(world.ports, meeting.id, NOAH)
    assert (again.fresh, again.meeting.sequence) == (False, 1)
    assert world.everything() == before


async def test_calling_off_before_anything_was_sent_sends_only_the_end(world: World) -> None:
    meeting = await booked(world)
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    assert sorted(mail.subject for mail in world.mail.sent) == ["details 1", "details 1"]
    assert world.calendars.events(world.main[NOAH]) == []


async def test_what_does_not_exist_is_not_found(world: World) -> None:
    for step in (
        cancel(world.ports, MeetingId("none"), INES),
        answer(world.ports, MeetingId("none"), INES, Rsvp.ACCEPTED),
        change_person(world.ports, PersonId("none"), lambda person: person),
    ):
        with pytest.raises(NotFound):
            await step


# --- answers ----------------------------------------------------------------------------------


async def test_an_answer_is_kept_and_told_to_the_others(world: World) -> None:
    meeting = await booked(world)
    changed = await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    assert changed.fresh
    stored = await world.meeting(meeting.id)
    assert [a.rsvp for a in stored.attendees] == [Rsvp.DECLINED, Rsvp.ACCEPTED]
    assert (stored.state, stored.sequence) == (MeetingState.BOOKED, 0)
    (told,) = world.notices(NOAH, NoticeKind.RSVP)
    assert (told.payload["by"], told.payload["answer"]) == (INES, "DECLINED")
    assert world.notices(INES, NoticeKind.RSVP) == []


async def test_the_same_answer_again_changes_nothing_and_another_is_told_anew(
    world: World,
) -> None:
    meeting = await booked(world)
    await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    before = world.everything()
    assert not (await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)).fresh
    assert world.everything() == before
    await answer(world.ports, meeting.id, INES, Rsvp.ACCEPTED)
    await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    answers = [e.payload["answer"] for e in world.notices(NOAH, NoticeKind.RSVP)]
    assert answers == ["DECLINED", "ACCEPTED", "DECLINED"]


async def test_only_attendees_answer_and_only_what_stands(world: World) -> None:
    meeting = await booked(world)
    for stranger in (OMAR, DORA):
        with pytest.raises(Refused):
            await answer(world.ports, meeting.id, stranger, Rsvp.ACCEPTED)
    await cancel(world.ports, meeting.id, NOAH)
    with pytest.raises(IllegalStep):
        await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)


# --- the place --------------------------------------------------------------------------------


async def test_a_place_goes_to_the_owners_sessions_that_have_none(world: World) -> None:
    first = await booked(world)
    second = await booked(world, OMAR, NOAH, start=THREE)
    other = await booked(world, OMAR, TOVE, start=FOUR)
    await world.work()
    changed = await set_place(world.ports, NOAH, LINK)
    assert [(m.id, m.place, m.sequence) for m in changed] == [
        (first.id, LINK, 1),
        (second.id, LINK, 1),
    ]
    assert (await world.meeting(other.id)).place == ""
    await world.work()
    assert [copy.place for copy in world.calendars.events(world.main[NOAH])] == [LINK, LINK]
    before = world.everything()
    assert await set_place(world.ports, NOAH, LINK) == ()
    assert await set_place(world.ports, INES, LINK) == ()
    assert world.everything() == before


async def test_a_place_is_no_other_time(world: World) -> None:
    await booked(world)
    await set_place(world.ports, NOAH, LINK)
    assert world.notices(INES, NoticeKind.MOVED) == []


async def test_sessions_that_are_over_or_called_off_get_no_place(world: World) -> None:
    gone = await booked(world)
    await cancel(world.ports, gone.id, INES)
    past = await booked(world, start=THREE)
    world.clock.at = past.end
    assert await set_place(world.ports, NOAH, LINK) == ()


# --- what a person has got --------------------------------------------------------------------


async def test_the_agenda_has_what_is_to_come_and_what_waits(world: World) -> None:
    later = await booked(world, start=FOUR)
    sooner = await booked(world, OMAR, NOAH)
    gone = await booked(world, start=THREE)
    await cancel(world.ports, gone.id, INES)
    waiting = await world.offered(request(OMAR, NOAH))
    found = await agenda(world.ports, NOAH)
    assert [m.id for m in found.meetings] == [sooner.id, later.id]
    assert [p.id for p in found.proposals] == [waiting.id]
    assert set(found.people) == {INES, NOAH, OMAR}
    mine = await agenda(world.ports, INES)
    assert [m.id for m in mine.meetings] == [later.id]
    assert mine.proposals == ()


async def test_the_agenda_of_a_window(world: World) -> None:
    meeting = await booked(world)
    assert (await agenda(world.ports, INES, (TUESDAY + DAY, TUESDAY + 2 * DAY))).meetings == ()
    found = await agenda(world.ports, INES, (TUESDAY, TUESDAY + DAY))
    assert [m.id for m in found.meetings] == [meeting.id]


async def test_a_session_is_in_the_agenda_until_it_ends(world: World) -> None:
    meeting = await booked(world)
    world.clock.at = meeting.end - 1
    assert [m.id for m in (await agenda(world.ports, INES)).meetings] == [meeting.id]
    world.clock.at = meeting.end
    assert (await agenda(world.ports, INES)).meetings == ()


async def test_what_has_expired_waits_no_longer(world: World) -> None:
    waiting = await world.offered(request(OMAR, NOAH))
    world.clock.at = waiting.expires_at
    assert (await agenda(world.ports, NOAH)).proposals == ()


# --- preferences ------------------------------------------------------------------------------


async def test_a_preference_is_kept_and_can_be_taken_back(world: World) -> None:
    before, after = await change_person(world.ports, INES, lambda p: replace(p, buffer=15))
    assert (before.buffer, after.buffer) == (None, 15)
    back, again = await change_person(world.ports, INES, lambda _: before)
    assert (back, again) == (after, before)


async def test_a_change_that_fails_stores_nothing(world: World) -> None:
    def broken(person: Person) -> Person:
        raise ValueError(person.name)

    stored = world.everything()
    with pytest.raises(ValueError, match="Ines"):
        await change_person(world.ports, INES, broken)
    assert world.everything() == stored


async def test_a_preference_counts_in_the_next_search_and_not_for_what_stands(
    world: World,
) -> None:
    meeting = await booked(world)
    proposal = await world.offered(request(OMAR, NOAH, window=(THREE, THREE + 1800)))
    await change_person(world.ports, NOAH, lambda p: replace(p, buffer=240))
    assert (await world.meeting(meeting.id)) == meeting
    result = await accept(world.ports, proposal.id, NOAH, THREE)
    assert result.meeting is None  # four hours around the session at two now count
