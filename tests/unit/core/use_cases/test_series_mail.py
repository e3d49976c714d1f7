"""Answers by mail to a series: to one session of it (RECURRENCE-ID), or to all that are to come."""

from dataclasses import replace
from datetime import date

import pytest

from bot.speak import mailroom_notices
from core.booking.meeting import Attendee, Meeting, Rsvp
from core.booking.series import Pattern, Series
from core.ids import MeetingId, SeriesId
from core.mail_in import CalendarAnswer, MailIn, Said
from core.notices import NoticeKind
from core.repositories import Tx
from core.timing.recurrence import Frequency, Rule
from core.use_cases.take_mail import Taken, take_mail
from tests.unit.core.use_cases.steps import booked
from tests.unit.core.use_cases.world import DAY, HOUR, INES, NOAH, NOW, TUESDAY, World

WEEKLY = Pattern(Rule(Frequency.WEEKLY), "UTC", date(2026, 10, 27), 14 * 60, 30, count=4)
MOVED = 1  # the session that is an hour later than by the rule


@pytest.fixture
async def series(world: World) -> Series:
    """Noah's series with Ines: four sessions, one of them moved."""
    one = await booked(world, NOAH, INES)
    pattern = replace(WEEKLY, minute=(one.start - TUESDAY) // 60)
    made = Series(SeriesId(one.id), one.programme_id, NOAH, one.people, pattern, "", one.uid)
    ids = [one.id, *(MeetingId(letter * 32) for letter in "bcd")]

    def work(tx: Tx) -> None:
        tx.meetings.save_series(made)
        for name, slot in zip(ids, pattern.slots(), strict=True):
            session = replace(one, id=name, start=slot, end=slot + 1800, series=made.id, slot=slot)
            attendees = tuple(map(asked, one.attendees))
            session = replace(session, attendees=attendees, zone=pattern.zone)
            if name == ids[MOVED]:
                session = session.move(slot + HOUR, slot + HOUR + 1800, NOW)
                session = replace(session, attendees=tuple(map(asked, session.attendees)))
            known = one.version if name == one.id else 0
            tx.meetings.save(replace(session, version=known))

    await world.store.transact(work)
    return made


def asked(attendee: Attendee) -> Attendee:
    return replace(attendee, rsvp=Rsvp.NEEDS_ACTION)


async def sessions(world: World, made: Series) -> tuple[Meeting, ...]:
    return await world.store.read(lambda tx: tx.meetings.of_series(made.id))


async def answers(world: World, made: Series) -> list[Rsvp]:
    """Return what Ines has answered, by slot."""
    found = [m.attendee(INES) for m in await sessions(world, made)]
    return [one.rsvp for one in found if one]


async def arrives(
    world: World, made: Series, number: int = 1, *, verified: bool = True, **said: object
) -> Taken:
    """Let an answer of Ines come in."""
    plain = CalendarAnswer(Said.REPLY, made.uid, "ines@work.example", "ACCEPTED", 0, number)
    answer = replace(plain, **said)  # type: ignore[arg-type]  # any field
    mail = MailIn(f"<{number}@mail.example>", answer.attendee, verified, (answer,))
    return await take_mail(world.ports, mail)


def told(world: World, kind: NoticeKind) -> list[tuple[str, dict[str, str]]]:
    """Return who is told what, without which session."""
    rows = [e for e in world.effects() if e.payload.get("kind") == kind]
    return [(str(e.person_id), dict(e.payload)) for e in rows]


Y, N, Q = Rsvp.ACCEPTED, Rsvp.DECLINED, Rsvp.NEEDS_ACTION


async def test_an_answer_to_one_session_is_taken_for_that_one(world: World, series: Series) -> None:
    slot = series.pattern.slots()[2]
    taken = await arrives(world, series, partstat="DECLINED", occurrence=slot, start=slot)
    assert taken is Taken.ANSWERED
    assert await answers(world, series) == [Q, Q, N, Q]
    ((who, facts),) = told(world, NoticeKind.RSVP)
    assert (who, facts["meeting"]) == (NOAH, "c" * 32)
    assert [who for who, _ in told(world, NoticeKind.DECLINED)] == [INES]


async def test_a_moved_session_is_known_by_its_slot_and_its_own_sequence(
    world: World, series: Series
) -> None:
    slot = series.pattern.slots()[MOVED]
    old = await arrives(world, series, occurrence=slot, start=slot, sequence=0)
    assert old is Taken.OLD
    assert [facts["why"] for _, facts in told(world, NoticeKind.ANSWER_AGAIN)] == ["old"]
    assert await answers(world, series) == [Q, Q, Q, Q]
    new = await arrives(world, series, 2, occurrence=slot, start=slot + HOUR, sequence=1)
    assert new is Taken.ANSWERED
    assert await answers(world, series) == [Q, Y, Q, Q]


async def test_an_answer_to_the_whole_counts_for_all_but_what_was_moved_since(
    world: World, series: Series
) -> None:
    assert await arrives(world, series) is Taken.ANSWERED
    assert await answers(world, series) == [Y, Q, Y, Y]
    ((who, facts),) = told(world, NoticeKind.RSVP)
    assert (who, facts["meeting"], facts["more"]) == (NOAH, series.id, "2")
    assert told(world, NoticeKind.ANSWER_AGAIN) == []
    assert await arrives(world, series, 2) is Taken.UNCHANGED
    assert await arrives(world, series, 1) is Taken.REPEATED


async def test_a_no_to_the_whole_is_asked_about_once(world: World, series: Series) -> None:
    world.clock.at = series.pattern.slots()[0] + 1  # the first one is under way
    await arrives(world, series, partstat="DECLINED", sequence=1)
    assert await answers(world, series) == [N, N, N, N]
    world.clock.at = series.pattern.slots()[0] + HOUR
    await arrives(world, series, 2, partstat="ACCEPTED", sequence=1)
    assert await answers(world, series) == [N, Y, Y, Y]
    ((_, facts),) = told(world, NoticeKind.DECLINED)
    assert facts["more"] == "3"


async def test_an_older_answer_to_the_whole_leaves_a_newer_one_to_a_session(
    world: World, series: Series
) -> None:
    slot = series.pattern.slots()[3]
    await arrives(world, series, 9, partstat="DECLINED", occurrence=slot)
    assert await arrives(world, series, 5) is Taken.ANSWERED
    assert await answers(world, series) == [Y, Q, Y, N]
    assert await arrives(world, series, 4, occurrence=slot) is Taken.OLD


async def test_what_is_not_theirs_or_not_there_changes_nothing(
    world: World, series: Series
) -> None:
    slot = series.pattern.slots()[0]
    for number, place in enumerate((slot + 60, 0)):  # no session's, and one that is not readable
        elsewhere = await arrives(world, series, 10 + number, occurrence=place)
        assert elsewhere is Taken.MOOT
    stranger = await arrives(world, series, 2, attendee="mallory@example.org", occurrence=slot)
    assert stranger is Taken.STRANGER
    unsure = await arrives(world, series, 3, verified=False, occurrence=slot)
    assert unsure is Taken.UNVERIFIED
    assert await arrives(world, series, 4, uid="e" * 32 + "@example.org") is Taken.UNKNOWN
    assert await answers(world, series) == [Q, Q, Q, Q]
    ((who, facts),) = told(world, NoticeKind.CONFIRM_MAIL)
    assert (who, facts["meeting"]) == (INES, series.id)


async def test_another_time_for_one_session_is_passed_on(world: World, series: Series) -> None:
    slot = series.pattern.slots()[2]
    proposed = slot + 3 * HOUR
    taken = await arrives(
        world,
        series,
        method=Said.COUNTER,
        occurrence=slot,
        start=proposed,
        end=proposed + 1800,
    )
    assert taken is Taken.PROPOSED
    ((who, facts),) = told(world, NoticeKind.COUNTERED)
    assert (who, facts["meeting"], facts["start"]) == (NOAH, "c" * 32, str(proposed))


async def test_another_time_for_the_whole_is_a_question_about_the_series(
    world: World, series: Series
) -> None:
    first = series.pattern.slots()[0]
    wished = first + DAY + HOUR  # the same program, a day and an hour later
    taken = await arrives(world, series, method=Said.COUNTER, start=wished, end=wished + 1800)
    assert taken is Taken.PROPOSED
    ((who, facts),) = told(world, NoticeKind.COUNTERED)
    assert (who, facts["series"], facts["start"]) == (NOAH, series.id, str(wished))
    assert await answers(world, series) == [Q, Q, Q, Q]
    noah = await world.store.read(lambda tx: tx.people.get(NOAH))
    shown = await world.store.read(lambda tx: mailroom_notices.countered(tx, noah, facts))
    assert shown is not None
    assert shown.text.startswith("Ines proposes by mail to have your series every")
    assert "Wednesday at 15:00 UTC, instead of every" in shown.text
    assert shown.card is not None
    (find,) = shown.card.actions
    assert find.id == f"rest:{series.id}:900:2:UTC"


async def test_the_time_that_a_series_has_is_no_other_time(world: World, series: Series) -> None:
    slot = series.pattern.slots()[2]
    taken = await arrives(world, series, method=Said.COUNTER, start=slot, end=slot + 1800)
    assert taken is Taken.UNCHANGED
    assert told(world, NoticeKind.COUNTERED) == []


async def test_another_time_in_somebodys_name_is_asked_about(world: World, series: Series) -> None:
    wished = series.pattern.slots()[0] + HOUR
    taken = await arrives(
        world, series, verified=False, method=Said.COUNTER, start=wished, end=wished + 1800
    )
    assert taken is Taken.UNVERIFIED
    ((who, facts),) = told(world, NoticeKind.COUNTERED)
    assert who == INES
    ines = await world.store.read(lambda tx: tx.people.get(INES))
    shown = await world.store.read(lambda tx: mailroom_notices.countered(tx, ines, facts))
    assert shown is not None
    assert "nobody else has heard of it" in shown.text


def test_how_many_more_are_meant_is_said() -> None:
    said = [
        mailroom_notices.with_more("now", facts) for facts in ({}, {"more": "1"}, {"more": "3"})
    ]
    assert said == [
        "now",
        "now and one more session of the series",
        "now and 3 more sessions of the series",
    ]
