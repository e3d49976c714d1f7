"""Calendars that cannot be read: unknown, never free; revoked ones are told of once; no waiting."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from core.attendance import BROKEN, SLOW, UNREACHABLE
from core.booking.proposal import MeetingRequest
from core.errors import AccessRevoked, ProviderError, RateLimited, Unavailable
from core.ids import PersonId
from core.links import Grant, LinkState, Provider, Use
from core.notices import NoticeKind
from core.ports import Busy, BusyAnswer, CalendarService, Ports, Unknown
from core.programme import Objection, Rule
from core.timing.spans import Span
from core.use_cases import connect_calendar
from core.use_cases.answer_proposal import Outcome, accept
from core.use_cases.explain_times import explain_times
from core.use_cases.find_times import find_times
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    NOAH,
    OMAR,
    TOVE,
    TUESDAY,
    World,
    at,
    request,
)

TWO = TUESDAY + 14 * HOUR


def stated(*people: PersonId) -> MeetingRequest:
    """Return a request for one exact time."""
    return request(*people, window=(TWO, TWO + 1800), starts=(TWO,))


def broken_notices(world: World, person: PersonId) -> int:
    """Return how often a person is told that their calendar has to be reconnected."""
    return len(world.notices(person, NoticeKind.LINK_BROKEN))


# --- unknown ----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Unavailable("away"), RateLimited("later")])
async def test_a_calendar_that_fails_is_unknown(world: World, error: ProviderError) -> None:
    world.calendars.fail(error, calendar_id=world.main[NOAH])
    finding = await world.find(stated(INES, NOAH))
    assert finding.unknown == {NOAH: UNREACHABLE}
    assert finding.proposal is not None
    assert finding.proposal.slots[0].unchecked == (NOAH,)
    assert (await world.grant(NOAH)).state is LinkState.OK
    assert broken_notices(world, NOAH) == 0


async def test_what_is_known_of_an_unknown_person_still_blocks(world: World) -> None:
    """One of two calendars answers, and sessions of ours are known without any calendar."""
    second = await world.connect(NOAH, use=Use.SECONDARY, name="home")
    world.calendars.add_busy(second, Busy(TWO, TWO + HOUR))
    world.calendars.fail(Unavailable("away"), times=9, calendar_id=world.main[NOAH])
    finding = await world.find(stated(INES, NOAH))
    assert finding.missed == (Objection(Rule.BUSY, NOAH),)
    assert finding.unknown == {NOAH: UNREACHABLE}
    await world.booked(request(OMAR, TOVE, window=(TWO, TWO + 1800), starts=(TWO,)))
    assert (await world.find(stated(INES, TOVE))).missed == (Objection(Rule.BUSY, TOVE),)


async def test_who_could_not_be_read_must_say_yes_themselves(world: World) -> None:
    proposal = await world.offered(stated(NOAH, TOVE))
    assert proposal.slots[0].unchecked == (TOVE,)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.WAITING
    assert await world.meetings(NOAH) == ()
    assert (await accept(world.ports, proposal.id, TOVE, TWO)).outcome is Outcome.BOOKED


async def test_a_yes_of_ones_own_outweighs_a_calendar_that_cannot_be_read(world: World) -> None:
    proposal = await world.offered(stated(INES, NOAH))
    world.calendars.fail(Unavailable("away"), times=9, calendar_id=world.main[NOAH])
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.unchecked) == (Outcome.BOOKED, ())


async def test_a_booking_names_whose_calendar_could_not_be_read_once_more(world: World) -> None:
    proposal = await world.offered(stated(INES, NOAH))
    world.calendars.fail(Unavailable("away"), times=9, calendar_id=world.main[INES])
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.unchecked) == (Outcome.BOOKED, (INES,))


async def test_a_service_that_this_installation_lacks_is_unreachable(world: World) -> None:
    ports = replace(world.ports, calendars={})
    finding = await find_times(ports, stated(INES, NOAH))
    assert finding.unknown == {INES: UNREACHABLE, NOAH: UNREACHABLE}


class Silent:
    """A busy source that leaves calendars out of its answer, or says that one is unknown."""

    def __init__(self, answer: Mapping[str, BusyAnswer | Unknown]) -> None:
        """Keep the answer that is always given."""
        self._answer = answer

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return the answer."""
        return self._answer


def with_busy(world: World, source: Silent) -> Ports:
    """Return the ports with another busy source."""
    service = world.calendars.service()
    changed = CalendarService(service.connector, source, service.writer)
    return replace(world.ports, calendars={Provider.CALDAV: changed})


async def test_a_calendar_left_out_of_an_answer_is_not_free(world: World) -> None:
    only: Mapping[str, BusyAnswer | Unknown] = {world.main[INES]: BusyAnswer((), skipped=2)}
    finding = await find_times(with_busy(world, Silent(only)), stated(INES, NOAH))
    assert finding.unknown == {NOAH: UNREACHABLE}
    assert finding.skipped == 2
    said = {**only, world.main[NOAH]: Unknown("no right")}
    finding = await find_times(with_busy(world, Silent(said)), stated(INES, NOAH))
    assert finding.unknown == {NOAH: UNREACHABLE}


# --- revoked ----------------------------------------------------------------------------------


async def test_a_revoked_grant_is_broken_and_its_person_told_once(world: World) -> None:
    world.change_password(NOAH)
    for _ in range(3):
        finding = await world.find(stated(INES, NOAH))
        assert finding.unknown == {NOAH: BROKEN}
        assert finding.proposal is not None
        assert finding.proposal.slots[0].unchecked == (NOAH,)
    grant = await world.grant(NOAH)
    assert grant.state is LinkState.BROKEN
    assert grant.why_broken
    assert broken_notices(world, NOAH) == 1
    assert broken_notices(world, INES) == 0
    assert (await world.grant(INES)).state is LinkState.OK


async def test_a_broken_grant_is_not_tried_again(world: World) -> None:
    world.change_password(NOAH)
    await world.find(stated(INES, NOAH))
    asked = world.calendars.asked
    await world.find(stated(INES, NOAH))
    assert world.calendars.asked == asked + 1


async def test_two_searches_at_once_tell_once(world: World) -> None:
    world.change_password(NOAH)
    await asyncio.gather(*(world.find(stated(who, NOAH)) for who in (INES, OMAR, INES)))
    assert broken_notices(world, NOAH) == 1


async def test_a_reconnected_account_works_and_a_second_revocation_is_told_again(
    world: World,
) -> None:
    form = {"username": "noah@work.example", "password": "a password"}
    world.change_password(NOAH)
    await world.find(stated(INES, NOAH))
    world.calendars.open_account(form["username"], form["password"])
    await connect_calendar.open_account(world.ports, NOAH, Provider.CALDAV, form)
    assert (await world.grant(NOAH)).state is LinkState.OK
    assert (await world.find(stated(INES, NOAH))).unknown == {}
    world.change_password(NOAH)
    await world.find(stated(INES, NOAH))
    assert broken_notices(world, NOAH) == 2


async def test_a_revocation_that_shows_at_the_booking_is_told_too(world: World) -> None:
    proposal = await world.offered(stated(INES, NOAH))
    world.change_password(INES)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.BOOKED
    assert (await world.grant(INES)).state is LinkState.BROKEN
    assert broken_notices(world, INES) == 1


async def test_a_revocation_that_shows_in_an_explanation_is_told_too(world: World) -> None:
    world.change_password(NOAH)
    explanation = await explain_times(world.ports, stated(INES, NOAH))
    assert explanation.unknown == {NOAH: BROKEN}
    assert (await world.grant(NOAH)).state is LinkState.BROKEN
    assert broken_notices(world, NOAH) == 1


class Leaving(Silent):
    """A person disconnects while their calendar is being read; the access ends with that."""

    def __init__(self, world: World) -> None:
        """Keep the world."""
        super().__init__({})
        self._world = world

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Disconnect, and find the door closed."""
        if grant.person_id != NOAH:
            return {calendar: BusyAnswer(()) for calendar in calendars}
        await connect_calendar.disconnect(self._world.ports, grant.person_id)
        raise AccessRevoked("gone")


async def test_a_person_who_disconnects_meanwhile_stops_nobodys_search(world: World) -> None:
    finding = await find_times(with_busy(world, Leaving(world)), stated(INES, NOAH))
    assert finding.unknown == {NOAH: BROKEN}
    assert broken_notices(world, NOAH) == 0


# --- the deadline -----------------------------------------------------------------------------


class Sleeping(Silent):
    """A service that never answers; it notes that it was given up."""

    def __init__(self) -> None:
        """Nothing was cancelled yet."""
        super().__init__({})
        self.cancelled = 0

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Wait for ever."""
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return {}


async def test_a_service_that_never_answers_is_slow_and_holds_nobody_up(world: World) -> None:
    await world.connect(TOVE, service=world.google)
    sleeping = Sleeping()
    google = CalendarService(world.google, sleeping, world.google)
    services = {**world.ports.calendars, Provider.GOOGLE: google}
    ports = replace(world.ports, calendars=services, deadline=0.2)
    world.busy(INES, TWO - HOUR, TWO)
    async with asyncio.timeout(10):  # for ever is what this must not take
        finding = await find_times(ports, stated(INES, TOVE))
    assert finding.unknown == {TOVE: SLOW}
    assert finding.proposal is not None
    assert finding.proposal.slots[0].unchecked == (TOVE,)
    await asyncio.sleep(0)
    assert sleeping.cancelled == 1


async def test_a_slow_calendar_at_the_booking_is_unknown_too(world: World) -> None:
    proposal = await world.offered(stated(INES, NOAH))
    ports = replace(with_busy(world, Sleeping()), deadline=0.2)
    assert (await accept(ports, proposal.id, NOAH, TWO)).outcome is Outcome.BOOKED


class AllAtOnce(Silent):
    """Answers only when every calendar is being read at once."""

    def __init__(self, number: int) -> None:
        """Wait for so many."""
        super().__init__({})
        self._barrier = asyncio.Barrier(number)

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Meet the others, then answer."""
        await self._barrier.wait()
        return {calendar: BusyAnswer(()) for calendar in calendars}


async def test_calendars_are_read_side_by_side(world: World) -> None:
    ports = with_busy(world, AllAtOnce(3))
    everybody = request(INES, NOAH, OMAR, window=(TWO, TWO + 1800), starts=(TWO,))
    assert (await find_times(ports, everybody)).unknown == {}


# --- why not ----------------------------------------------------------------------------------


async def test_an_explanation_names_reasons_and_what_is_free(world: World) -> None:
    world.busy(NOAH, TWO, TWO + HOUR)
    found = await explain_times(world.ports, stated(INES, NOAH))
    assert found.stated == {TWO: (Objection(Rule.BUSY, NOAH),)}
    assert [u.objection for u in found.unlocks] == [Objection(Rule.BUSY, NOAH)]
    day = request(INES, NOAH, window=(TUESDAY, TUESDAY + DAY))
    found = await explain_times(world.ports, day)
    assert found.common == ((TUESDAY + 12 * HOUR, TUESDAY + 18 * HOUR),)
    assert found.free
    assert found.unlocks == ()
    assert set(found.people) == {INES, NOAH}


async def test_an_explanation_changes_nothing(world: World) -> None:
    before = world.everything()
    await explain_times(world.ports, request(INES, TOVE))
    assert world.everything() == before


async def test_an_explanation_of_a_move_ignores_the_session_itself(world: World) -> None:
    meeting = await world.booked(stated(INES, NOAH))
    await world.work()
    later = TWO + 900
    moving = request(INES, NOAH, window=(later, later + 1800), starts=(later,), moves=meeting.id)
    assert (await explain_times(world.ports, moving)).stated == {later: ()}


async def test_after_the_clocks_change_shared_hours_shift(world: World) -> None:
    """In the week between the changes of Europe and of America New York is an hour closer."""
    for day, first in (("2026-10-20", 13), ("2026-10-27", 12), ("2026-11-03", 13)):
        start = at(f"{day} 00:00")
        found = await explain_times(world.ports, request(INES, NOAH, window=(start, start + DAY)))
        assert found.common[0][0] == start + first * HOUR


async def test_the_person_behind_a_link_is_asked_in_their_own_zone(world: World) -> None:
    """A whole day that is busy is a day of its owner, not of the one who asks."""
    world.calendars.add_day(world.main[NOAH], date(2026, 10, 27))
    found = await explain_times(
        world.ports, request(INES, NOAH, window=(TUESDAY, TUESDAY + 2 * DAY))
    )
    assert found.free
    assert all(start >= TUESDAY + 28 * HOUR for start in found.free)
