"""Another primary: what is booked follows it, partners notice nothing, nothing is lost (A17)."""

import pytest

from core.booking.meeting import Meeting, Path
from core.connecting import Choice, Connected
from core.effects import EffectKind
from core.errors import NotFound, Unavailable
from core.keeping import mark_broken
from core.links import LinkState, Provider
from core.use_cases.connect_calendar import (
    choose,
    disconnect,
    move_sessions,
    open_account,
    status,
    stray_sessions,
)
from tests.unit.core.use_cases.account import opened
from tests.unit.core.use_cases.world import DAY, HOUR, INES, TOVE, TUESDAY, World, request

K = EffectKind


async def booked_at_home(world: World, home: str, sessions: int = 2) -> list[Meeting]:
    """Connect Tove's home calendar and book sessions into it."""
    await choose(world.ports, TOVE, await opened(world), Choice(home))
    meetings = []
    for day in range(sessions):
        start = TUESDAY + day * DAY + 14 * HOUR
        meetings.append(await world.booked(request(INES, TOVE, window=(start, start + 1800))))
    await world.work()
    assert len(world.calendars.events(home)) == sessions
    return meetings


async def at_work(world: World, provider: Provider = Provider.GOOGLE) -> tuple[Connected, str]:
    """Open another account of Tove's with one calendar."""
    service = world.google if provider is Provider.GOOGLE else world.calendars
    service.open_account("tove@work.example", "a password")
    calendar = service.add_calendar("tove@work.example", "Work")
    form = {"username": "tove@work.example", "password": "a password"}
    return await open_account(world.ports, TOVE, provider, form), calendar


async def test_what_is_booked_follows_the_primary(world: World, calendars: list[str]) -> None:
    meetings = await booked_at_home(world, calendars[0])
    connected, work = await at_work(world)
    await choose(world.ports, TOVE, connected, Choice(work))
    mails, notices = len(world.mail.sent), len(world.chat.to(INES))
    assert {m.id for m in await stray_sessions(world.ports, TOVE)} == {m.id for m in meetings}
    done = await move_sessions(world.ports, TOVE)
    assert [m.id for m in done.written] == [m.id for m in meetings]
    assert (done.mailed, done.behind) == ((), ())
    await world.work()
    assert world.calendars.events(calendars[0]) == []
    found = {draft.uid: draft.sequence for draft in world.google.events(work)}
    assert found == {m.uid: 0 for m in meetings}
    assert len(world.mail.sent) == mails
    assert len(world.chat.to(INES)) == notices
    assert await stray_sessions(world.ports, TOVE) == ()
    assert (await move_sessions(world.ports, TOVE)).written == ()


async def test_there_and_back_again(world: World, calendars: list[str]) -> None:
    """The same version of a session is written to the same calendar a second time."""
    (meeting,) = await booked_at_home(world, calendars[0], 1)
    connected, work = await at_work(world)
    for primary, other in ((work, calendars[0]), (calendars[0], work)):
        account = connected if primary == work else await opened(world)
        await choose(world.ports, TOVE, account, Choice(primary))
        await move_sessions(world.ports, TOVE)
        await world.work()
        world.clock.at += 1
        events = {
            c: s.events(c) for s, c in ((world.google, work), (world.calendars, calendars[0]))
        }
        assert [draft.uid for draft in events[primary]] == [meeting.uid]
        assert events[other] == []


async def test_in_one_caldav_account_the_old_copy_goes_first(
    world: World, calendars: list[str]
) -> None:
    """Apple refuses a UID that another calendar of the account still holds."""
    home, choir, *_ = calendars
    await booked_at_home(world, home, 1)
    await choose(world.ports, TOVE, await opened(world), Choice(choir, (home,)))
    await move_sessions(world.ports, TOVE)
    kinds = [e.kind for e in world.effects(K.PLACE_EVENT, K.REMOVE_EVENT) if e.person_id == TOVE]
    assert kinds[-2:] == [K.REMOVE_EVENT, K.PLACE_EVENT]
    await world.work()
    assert len(world.calendars.events(choir)) == 1
    assert world.calendars.events(home) == []


async def test_without_writing_they_come_by_mail(world: World, calendars: list[str]) -> None:
    await booked_at_home(world, calendars[0], 1)
    connected, work = await at_work(world)
    await choose(world.ports, TOVE, connected, Choice(work, write=False))
    done = await move_sessions(world.ports, TOVE)
    assert [m.attendee(TOVE).path for m in done.mailed] == [Path.INVITE]  # type: ignore[union-attr]
    await world.work()
    assert world.calendars.events(calendars[0]) == []
    assert world.mail.to("tove@work.example")[-1].subject == "REQUEST 0"


@pytest.mark.parametrize("how", ["disconnected", "broken"])
async def test_copies_out_of_reach_are_named(world: World, calendars: list[str], how: str) -> None:
    (meeting,) = await booked_at_home(world, calendars[0], 1)
    old = (await opened(world)).grant
    connected, work = await at_work(world)
    await choose(world.ports, TOVE, connected, Choice(work))
    if how == "broken":
        await world.store.transact(lambda tx: mark_broken(tx, old, world.clock.at))
    else:
        await disconnect(world.ports, TOVE, old.id)
    done = await move_sessions(world.ports, TOVE)
    assert [m.id for m in done.behind] == [meeting.id]
    await world.work()
    assert len(world.google.events(work)) == 1
    assert len(world.calendars.events(calendars[0])) == 1


async def test_what_is_over_stays(world: World, calendars: list[str]) -> None:
    await booked_at_home(world, calendars[0], 1)
    connected, work = await at_work(world)
    await choose(world.ports, TOVE, connected, Choice(work))
    world.clock.at = TUESDAY + DAY
    assert await stray_sessions(world.ports, TOVE) == ()
    assert (await move_sessions(world.ports, TOVE)).written == ()


async def test_replacing_the_only_calendar_takes_the_copies_along(
    world: World, calendars: list[str]
) -> None:
    """Room for one: the old account is given back only when our copies are out of it."""
    await world.set("calendars.max", "1")
    (meeting,) = await booked_at_home(world, calendars[0], 1)
    old = (await opened(world)).grant
    connected, work = await at_work(world)
    mails, notices = len(world.mail.sent), len(world.chat.to(INES))
    world.calendars.fail(Unavailable("away"), calendar_id=calendars[0])
    await choose(world.ports, TOVE, connected, Choice(work, instead=True))
    assert [x.calendar_id for x in (await status(world.ports, TOVE)).links] == [work]
    await world.work()  # the old service is away: nothing is given back yet
    assert [draft.uid for draft in world.google.events(work)] == [meeting.uid]
    assert len(world.calendars.events(calendars[0])) == 1
    assert (await world.store.read(lambda tx: tx.links.grant(old.id))).state is LinkState.GONE
    for _ in range(3):
        world.clock.at += HOUR
        await world.work()
    assert world.calendars.events(calendars[0]) == []
    with pytest.raises(NotFound):
        await world.store.read(lambda tx: tx.links.grant(old.id))
    assert (len(world.mail.sent), len(world.chat.to(INES))) == (mails, notices)


async def test_what_is_replaced_and_does_not_open_is_given_up(
    world: World, calendars: list[str]
) -> None:
    await world.set("calendars.max", "1")
    await booked_at_home(world, calendars[0], 1)
    old = (await opened(world)).grant
    connected, work = await at_work(world)
    await world.store.transact(lambda tx: mark_broken(tx, old, world.clock.at))
    await choose(world.ports, TOVE, connected, Choice(work, instead=True))
    await world.work()
    assert len(world.google.events(work)) == 1
    with pytest.raises(NotFound):
        await world.store.read(lambda tx: tx.links.grant(old.id))
