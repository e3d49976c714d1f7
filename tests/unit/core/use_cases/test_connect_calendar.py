"""Connecting calendars: who may, how many, which is primary, and leaving without a trace."""

from dataclasses import replace

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.booking.meeting import Path
from core.connecting import Choice, Connected, Status
from core.errors import AccessRevoked, NotFound, Refused, Unavailable
from core.ids import GrantId, PersonId, ProgrammeId
from core.links import Grant, Provider, RemoteCalendar, Tier, Use
from core.notices import NoticeKind
from core.ports import CalendarService
from core.programme import Membership, Objection, Programme, Role, Rule
from core.repositories import Tx
from core.use_cases.connect_calendar import (
    choose,
    list_calendars,
    offered_services,
    open_account,
    status,
)
from tests.unit.core.use_cases.account import ACCOUNT, FORM, opened
from tests.unit.core.use_cases.world import (
    INES,
    NOAH,
    ORG,
    RITA,
    TOVE,
    World,
    request,
)


def uses(found: Status) -> dict[str, tuple[Use, Tier]]:
    """Return what each linked calendar is for."""
    return {link.calendar_id: (link.use, link.tier) for link in found.links}


# --- opening ----------------------------------------------------------------------------------


async def test_an_opened_account_lists_its_calendars_and_links_nothing(
    world: World, calendars: list[str]
) -> None:
    connected = await opened(world)
    assert [c.calendar_id for c in connected.calendars] == calendars
    assert (connected.grant.person_id, connected.grant.account) == (TOVE, ACCOUNT)
    assert connected.links == ()
    found = await status(world.ports, TOVE)
    assert (found.links, found.primary, list(found.grants)) == ((), None, [connected.grant.id])


async def test_a_wrong_password_keeps_nothing(world: World, calendars: list[str]) -> None:
    with pytest.raises(AccessRevoked):
        await open_account(world.ports, TOVE, Provider.CALDAV, {**FORM, "password": "wrong"})
    assert (await status(world.ports, TOVE)).grants == {}


class Closed(MemoryCalendars):
    """A service that opens an account and then does not list it."""

    def __init__(self, account: str) -> None:
        """Know one account."""
        super().__init__()
        self.open_account(account, "a password")

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Fail."""
        raise Unavailable("not now")


async def test_an_account_that_cannot_be_listed_keeps_nothing(
    world: World, calendars: list[str]
) -> None:
    service = world.calendars.service()
    broken = CalendarService(Closed(ACCOUNT), service.busy, service.writer)
    ports = replace(world.ports, calendars={Provider.CALDAV: broken})
    with pytest.raises(Unavailable):
        await open_account(ports, TOVE, Provider.CALDAV, FORM)
    assert (await status(world.ports, TOVE)).grants == {}


async def test_the_same_account_again_gets_its_new_password_and_keeps_its_links(
    world: World, calendars: list[str]
) -> None:
    first = await opened(world)
    await choose(world.ports, TOVE, first, Choice(calendars[0], ()))
    world.calendars.open_account(ACCOUNT, "another")
    again = await open_account(world.ports, TOVE, Provider.CALDAV, {**FORM, "password": "another"})
    assert again.grant.id == first.grant.id
    assert [link.calendar_id for link in again.links] == [calendars[0]]
    found = await status(world.ports, TOVE)
    assert list(found.grants) == [first.grant.id]
    assert found.grants[first.grant.id].secret["password"] == "another"
    assert found.broken == ()


async def test_nobody_lists_the_calendars_of_anothers_account(
    world: World, calendars: list[str]
) -> None:
    connected = await opened(world)
    listed = await list_calendars(world.ports, TOVE, connected.grant.id)
    assert [c.calendar_id for c in listed.calendars] == calendars
    with pytest.raises(NotFound):
        await list_calendars(world.ports, INES, connected.grant.id)
    with pytest.raises(NotFound):
        await list_calendars(world.ports, TOVE, GrantId("none"))


# --- what is allowed --------------------------------------------------------------------------


@pytest.mark.parametrize("person", [TOVE, RITA])
async def test_without_the_organisations_approval_nothing_is_opened(
    world: World, calendars: list[str], person: PersonId
) -> None:
    await world.set("approved", "off", scope=ORG)
    asked = Objection(Rule.SERVICE, detail="approved")
    with pytest.raises(Refused) as caught:
        await offered_services(world.ports, person)
    assert caught.value.objections == (asked,)
    with pytest.raises(Refused) as caught:
        await open_account(world.ports, person, Provider.CALDAV, FORM)
    assert caught.value.objections == (asked,)
    assert (await status(world.ports, person)).grants == {}


async def test_a_programme_cannot_approve_for_the_organisation(world: World) -> None:
    await world.set("approved", "off", scope=ORG)
    await world.set("approved", "on")
    with pytest.raises(Refused):
        await offered_services(world.ports, TOVE)


async def test_only_the_services_that_are_allowed_and_there(
    world: World, calendars: list[str]
) -> None:
    everything = await offered_services(world.ports, TOVE)
    assert set(everything) == {Provider.GOOGLE, Provider.CALDAV}  # no Microsoft in this world
    await world.set("services", "google")
    assert await offered_services(world.ports, TOVE) == (Provider.GOOGLE,)
    with pytest.raises(Refused) as caught:
        await opened(world)
    assert caught.value.objections == (Objection(Rule.SERVICE, detail="caldav"),)


async def test_no_service_means_none(world: World, calendars: list[str]) -> None:
    await world.set("services", "none")
    assert await offered_services(world.ports, TOVE) == ()
    with pytest.raises(Refused):
        await opened(world)


async def test_a_service_that_one_of_a_persons_programmes_allows_is_allowed(world: World) -> None:
    lagoon = ProgrammeId("lagoon")

    def join(tx: Tx) -> None:
        tx.programmes.save(Programme(lagoon, ORG, "Lagoon"))
        tx.programmes.join(Membership(lagoon, TOVE, Role.MENTEE))

    await world.store.transact(join)
    await world.set("services", "google")
    await world.set("services", "apple", scope=lagoon)
    assert set(await offered_services(world.ports, TOVE)) == {Provider.GOOGLE, Provider.CALDAV}


# --- choosing ---------------------------------------------------------------------------------


async def test_one_primary_is_written_and_secondaries_are_only_read(
    world: World, calendars: list[str]
) -> None:
    home, choir, _ = calendars
    found = await choose(world.ports, TOVE, await opened(world), Choice(home, (choir, home, choir)))
    assert uses(found) == {
        home: (Use.PRIMARY, Tier.WRITE),
        choir: (Use.SECONDARY, Tier.BUSY),
    }
    assert found.primary is not None
    assert found.primary.calendar_id == home
    assert found == await status(world.ports, TOVE)


async def test_who_refuses_writing_or_cannot_be_written_is_only_read(
    world: World, calendars: list[str]
) -> None:
    home, _, holidays = calendars
    connected = await opened(world)
    refused = await choose(world.ports, TOVE, connected, Choice(home, (), write=False))
    assert uses(refused) == {home: (Use.PRIMARY, Tier.BUSY)}
    closed = await choose(world.ports, TOVE, connected, Choice(holidays, ()))
    assert uses(closed) == {holidays: (Use.PRIMARY, Tier.BUSY)}
    meeting = await world.booked(request(INES, TOVE))
    entry = meeting.attendee(TOVE)
    assert entry is not None
    assert entry.path is Path.INVITE


async def test_choosing_again_changes_uses_and_keeps_links(
    world: World, calendars: list[str]
) -> None:
    home, choir, _ = calendars
    connected = await opened(world)
    first = await choose(world.ports, TOVE, connected, Choice(home, (choir,)))
    second = await choose(world.ports, TOVE, connected, Choice(choir, (home,)))
    assert uses(second) == {
        home: (Use.SECONDARY, Tier.BUSY),
        choir: (Use.PRIMARY, Tier.WRITE),
    }
    assert {link.id for link in second.links} == {link.id for link in first.links}
    third = await choose(world.ports, TOVE, connected, Choice(choir, ()))
    assert uses(third) == {choir: (Use.PRIMARY, Tier.WRITE)}


async def test_choosing_the_same_twice_changes_nothing(world: World, calendars: list[str]) -> None:
    connected = await opened(world)
    await choose(world.ports, TOVE, connected, Choice(calendars[0], (calendars[1],)))
    before = world.everything()
    await choose(world.ports, TOVE, connected, Choice(calendars[0], (calendars[1],)))
    assert world.everything() == before


async def second_account(world: World) -> tuple[Connected, str]:
    """Open another account of Tove's with one calendar."""
    world.google.open_account("tove@work.example", "a password")
    work = world.google.add_calendar("tove@work.example", "Work")
    form = {"username": "tove@work.example", "password": "a password"}
    return await open_account(world.ports, TOVE, Provider.GOOGLE, form), work


async def test_a_new_primary_makes_the_old_one_a_secondary_that_is_only_read(
    world: World, calendars: list[str]
) -> None:
    home = calendars[0]
    await choose(world.ports, TOVE, await opened(world), Choice(home, ()))
    connected, work = await second_account(world)
    found = await choose(world.ports, TOVE, connected, Choice(work, ()))
    assert uses(found) == {
        home: (Use.SECONDARY, Tier.BUSY),
        work: (Use.PRIMARY, Tier.WRITE),
    }


async def test_another_account_as_secondary_leaves_the_primary(
    world: World, calendars: list[str]
) -> None:
    home = calendars[0]
    await choose(world.ports, TOVE, await opened(world), Choice(home, ()))
    connected, work = await second_account(world)
    found = await choose(world.ports, TOVE, connected, Choice(None, (work,)))
    assert uses(found) == {
        home: (Use.PRIMARY, Tier.WRITE),
        work: (Use.SECONDARY, Tier.BUSY),
    }
    meeting = await world.booked(request(INES, TOVE))
    entry = meeting.attendee(TOVE)
    assert entry is not None
    assert entry.email == ACCOUNT


async def test_calendars_that_are_not_in_the_account_are_not_linked(
    world: World, calendars: list[str]
) -> None:
    home = calendars[0]
    connected = await opened(world)
    await choose(world.ports, TOVE, connected, Choice(home, ()))
    other, work = await second_account(world)
    strange = world.main[NOAH]
    found = await choose(world.ports, TOVE, other, Choice(strange, (strange, work)))
    assert uses(found) == {  # nothing took the place of the primary
        home: (Use.PRIMARY, Tier.WRITE),
        work: (Use.SECONDARY, Tier.BUSY),
    }


async def test_a_limit_counts_all_accounts(world: World, calendars: list[str]) -> None:
    await world.set("calendars.max", "2")
    home, choir, holidays = calendars
    connected = await opened(world)
    with pytest.raises(Refused) as caught:
        await choose(world.ports, TOVE, connected, Choice(home, (choir, holidays)))
    assert caught.value.objections == (Objection(Rule.CALENDARS_MAX, detail="2"),)
    assert (await status(world.ports, TOVE)).links == ()
    await choose(world.ports, TOVE, connected, Choice(home, (choir,)))
    other, work = await second_account(world)
    with pytest.raises(Refused):
        await choose(world.ports, TOVE, other, Choice(None, (work,)))
    await choose(world.ports, TOVE, connected, Choice(home, ()))
    assert len((await choose(world.ports, TOVE, other, Choice(None, (work,)))).links) == 2


async def test_a_limit_of_one_allows_exchanging_it(world: World, calendars: list[str]) -> None:
    await world.set("calendars.max", "1")
    connected = await opened(world)
    await choose(world.ports, TOVE, connected, Choice(calendars[0], ()))
    found = await choose(world.ports, TOVE, connected, Choice(calendars[1], ()))
    assert list(uses(found)) == [calendars[1]]


async def test_the_strictest_of_several_programmes_counts(
    world: World, calendars: list[str]
) -> None:
    lagoon = ProgrammeId("lagoon")

    def join(tx: Tx) -> None:
        tx.programmes.save(Programme(lagoon, ORG, "Lagoon"))
        tx.programmes.join(Membership(lagoon, TOVE, Role.MENTEE))

    await world.store.transact(join)
    await world.set("calendars.max", "1", scope=lagoon)
    with pytest.raises(Refused):
        await choose(world.ports, TOVE, await opened(world), Choice(calendars[0], (calendars[1],)))


async def test_a_calendar_that_keeps_another_clock_is_asked_about_once(
    world: World, calendars: list[str]
) -> None:
    found = await opened(world)
    far = tuple(replace(c, zone="Pacific/Auckland") for c in found.calendars)
    for _ in range(2):
        await choose(world.ports, TOVE, replace(found, calendars=far), Choice(calendars[0]))
        world.clock.at += 60
    (notice,) = world.notices(TOVE, NoticeKind.CALENDAR_ZONE)
    assert notice.payload["zone"] == "Pacific/Auckland"
