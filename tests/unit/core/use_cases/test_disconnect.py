"""Leaving without a trace, and what becomes of sessions after that."""

from dataclasses import replace

from adapters.memory.calendar import MemoryCalendars
from core.connecting import Choice
from core.effects import GIVE_UP
from core.errors import Unavailable
from core.links import Grant, LinkState, Provider
from core.notices import NoticeKind
from core.use_cases.change_meeting import cancel
from core.use_cases.connect_calendar import (
    choose,
    disconnect,
    status,
)
from tests.unit.core.use_cases.account import ACCOUNT, opened
from tests.unit.core.use_cases.steps import FOUR, TWO, stated
from tests.unit.core.use_cases.world import (
    HOUR,
    INES,
    NOAH,
    TOVE,
    TUESDAY,
    World,
    request,
)


async def test_disconnecting_leaves_nothing_and_keeps_sessions(
    world: World, calendars: list[str]
) -> None:
    await choose(world.ports, TOVE, await opened(world), Choice(calendars[0], ()))
    start = TUESDAY + 14 * HOUR
    meeting = await world.booked(request(INES, TOVE, window=(start, start + 1800)))
    await world.work()
    found = await disconnect(world.ports, TOVE)
    assert (found.links, found.grants) == ((), {})
    assert await status(world.ports, TOVE) == found
    await world.work()
    assert [grant for _, grant in world.everything()["grants"] if grant.person_id == TOVE] == []
    assert await world.meeting(meeting.id) == meeting
    assert len(world.calendars.events(calendars[0])) == 1
    assert (await status(world.ports, INES)).primary is not None
    assert (await disconnect(world.ports, TOVE)).links == ()


class Revoking(MemoryCalendars):
    """A service that can take access back, or fails to."""

    def __init__(self, provider: Provider, *, fails: bool = False) -> None:
        """Note whether it fails."""
        super().__init__(provider)
        self.fails = fails
        self.revoked: list[str] = []

    async def revoke(self, grant: Grant) -> None:
        """Take the access back."""
        self.revoked.append(grant.account)
        if self.fails:
            raise Unavailable("not now")


async def test_access_is_given_back_at_every_service_even_when_one_does_not_answer(
    world: World,
) -> None:
    services = [Revoking(Provider.CALDAV, fails=True), Revoking(Provider.GOOGLE)]
    world.ports = replace(world.ports, calendars={s.provider: s.service() for s in services})
    for number, service in enumerate(services):
        await world.connect(TOVE, service=service, name=f"account-{number}")
    found = await disconnect(world.ports, TOVE)
    assert (found.links, found.grants) == ((), {})
    await world.work()
    assert [service.revoked for service in services] == [
        ["tove@account-0.example"],
        ["tove@account-1.example"],
    ]
    assert [g.account for g in await kept(world)] == ["tove@account-0.example"]
    services[0].fails = False
    world.clock.at += 3600
    await world.work()
    assert services[0].revoked == ["tove@account-0.example"] * 2
    assert await kept(world) == []


async def test_what_opens_an_account_is_not_kept_for_ever(world: World) -> None:
    """A service that never takes the access back does not make us keep the key to it."""
    service = Revoking(Provider.GOOGLE, fails=True)
    world.ports = replace(world.ports, calendars={service.provider: service.service()})
    await world.connect(TOVE, service=service, name="account")
    await disconnect(world.ports, TOVE)
    await world.work()
    world.clock.at += GIVE_UP + 1
    await world.work()
    assert await kept(world) == []


async def kept(world: World) -> list[Grant]:
    """Return what is stored of one person's accounts, left ones included."""
    return [grant for _, grant in world.everything()["grants"] if grant.person_id == TOVE]


async def test_one_account_instead_of_the_others(world: World, calendars: list[str]) -> None:
    services = [Revoking(Provider.GOOGLE)]
    world.ports = replace(
        world.ports,
        calendars={**world.ports.calendars, Provider.GOOGLE: services[0].service()},
    )
    await world.set("calendars.max", "1")
    await world.connect(TOVE, service=services[0], name="old")
    found = await choose(
        world.ports, TOVE, await opened(world), Choice(calendars[0], (), instead=True)
    )
    assert [link.calendar_id for link in found.links] == [calendars[0]]
    assert [grant.account for grant in found.grants.values()] == [ACCOUNT]
    await world.work()
    assert services[0].revoked == ["tove@old.example"]


async def test_after_disconnecting_a_change_still_reaches_the_person(world: World) -> None:
    """Their copy cannot be changed any more; so the mail must carry the change (A45)."""
    meeting = await world.booked(request(INES, NOAH))
    await world.work()
    await disconnect(world.ports, NOAH)
    start = meeting.start + HOUR
    moving = request(INES, NOAH, window=(start, start + 1800), starts=(start,), moves=meeting.id)
    await world.booked(moving)
    await world.work()
    assert [mail.subject for mail in world.mail.to("noah@larch.example")] == ["REQUEST 1"]


async def test_after_disconnecting_a_cancellation_reaches_the_person_too(world: World) -> None:
    meeting = await world.booked(request(INES, NOAH))
    await world.work()
    await disconnect(world.ports, NOAH)
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    assert [mail.subject for mail in world.mail.to("noah@larch.example")] == ["CANCEL 1"]
    assert world.notices(NOAH, NoticeKind.GIVEN_UP) == []


async def test_a_change_reaches_who_has_to_reconnect_by_mail(world: World) -> None:
    """Their copy cannot be changed; a mail without a calendar part would leave it wrong."""
    meeting = await world.booked(stated(INES, NOAH, starts=(TWO,)))
    await world.work()
    world.change_password(NOAH)
    await world.booked(replace(stated(INES, NOAH, starts=(FOUR,)), moves=meeting.id))
    assert (await world.grant(NOAH)).state is LinkState.BROKEN
    await world.work()
    subjects = [mail.subject for mail in world.mail.sent if mail.to_name == "Noah"]
    assert subjects == ["details 0", "REQUEST 1"]


async def test_a_change_reaches_who_refuses_writing_by_mail(
    world: World, calendars: list[str]
) -> None:
    connected = await opened(world)
    await choose(world.ports, TOVE, connected, Choice(calendars[0], ()))
    meeting = await world.booked(stated(INES, TOVE, starts=(TWO,)))
    await world.work()
    await choose(world.ports, TOVE, connected, Choice(calendars[0], (), write=False))
    await world.booked(replace(stated(INES, TOVE, starts=(FOUR,)), moves=meeting.id))
    await world.work()
    subjects = [mail.subject for mail in world.mail.sent if mail.to_name == "Tove"]
    assert subjects == ["details 0", "REQUEST 1"]


async def test_after_a_change_of_the_primary_no_calendar_says_the_old_time(
    world: World, calendars: list[str]
) -> None:
    """Written to the new, or to the old one, or mailed: but nowhere left as it was (A17)."""
    old = await world.connect(TOVE)
    meeting = await world.booked(stated(INES, TOVE, starts=(TWO,)))
    await world.work()
    await choose(world.ports, TOVE, await opened(world), Choice(calendars[0], ()))
    await world.booked(replace(stated(INES, TOVE, starts=(FOUR,)), moves=meeting.id))
    await world.work()
    copies = world.calendars.events(old) + world.calendars.events(calendars[0])
    assert [copy.start for copy in copies] in ([], [FOUR])


async def test_after_a_change_of_the_primary_a_move_to_the_same_time_loses_no_copy(
    world: World, calendars: list[str]
) -> None:
    old = await world.connect(TOVE)
    meeting = await world.booked(stated(INES, TOVE, starts=(TWO,)))
    await world.work()
    await choose(world.ports, TOVE, await opened(world), Choice(calendars[0], ()))
    same = await world.booked(replace(stated(INES, TOVE, starts=(TWO,)), moves=meeting.id))
    assert same.sequence == 0
    await world.work()
    copies = world.calendars.events(old) + world.calendars.events(calendars[0])
    assert [copy.start for copy in copies] == [TWO]


async def test_broken_links_are_named(world: World) -> None:
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    found = await status(world.ports, NOAH)
    assert [link.person_id for link in found.broken] == [NOAH]
    assert (await world.grant(NOAH)).state is LinkState.BROKEN
