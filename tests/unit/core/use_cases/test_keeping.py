"""Accounts that stop opening: noticed, told once and weekly, looked at daily, given back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.attendance import BROKEN
from core.connecting import Choice
from core.effects import GIVE_UP, EffectKind, EffectState
from core.errors import ConsentRequiredByAdmin, InvalidRequest, NotFound, Unavailable
from core.ids import GrantId, LinkId
from core.keeping import DAY, WEEK, Cause, mark_broken, opened, restored, troubles
from core.links import CalendarLink, LinkState, Provider, Tier, Use
from core.notices import NoticeKind
from core.people import Leave
from core.timing.zones import local_date
from core.use_cases.connect_calendar import choose, disconnect
from tests.unit.core.use_cases.account import account
from tests.unit.core.use_cases.account import opened as account_opened
from tests.unit.core.use_cases.world import HOUR, INES, NOAH, NOW, TOVE, World, request

if TYPE_CHECKING:
    from core.effects import Effect
    from core.links import Grant

GRANT = GrantId("grant-noah-work")
K = EffectKind


def told(world: World) -> list[Effect]:
    """Return what Noah was told of broken calendars."""
    return world.notices(NOAH, NoticeKind.LINK_BROKEN)


async def look_daily(world: World) -> None:
    """Let the daily looks at Noah's account begin."""
    grant = await world.grant(NOAH)
    await world.store.transact(lambda tx: opened(tx, grant, world.clock.now()))


async def pass_days(world: World, days: int) -> None:
    for _ in range(days):
        world.clock.at += DAY
        await world.work()


async def mend(world: World) -> None:
    """Let Noah connect his account again, as connecting does."""
    grant = await world.grant(NOAH)
    service = world.calendars.grant("noah@work.example", NOAH)
    await world.store.transact(lambda tx: tx.links.save_grant(restored(grant, service.secret)))


# --- what is amiss, in a word ------------------------------------------------------------------


def test_what_is_amiss_is_read_as_it_was_written() -> None:
    written = "revoked:17"
    assert [str(t) for t in troubles(written)] == ["revoked:17"]
    (two, other) = troubles("missing:17:link-a missing:23:link-b")
    assert (two.cause, two.since, two.link_id) == (Cause.MISSING, 17, LinkId("link-a"))
    assert (other.since, other.link_id) == (23, LinkId("link-b"))


@pytest.mark.parametrize("text", ["", "odd", "odd:17", "revoked:", "revoked:soon"])
def test_what_an_older_version_wrote_is_nothing_amiss(text: str) -> None:
    assert troubles(text) == ()


# --- noticed, and said -------------------------------------------------------------------------


async def test_a_revoked_access_is_told_once_however_often_it_is_met(world: World) -> None:
    world.change_password(NOAH)
    for _ in range(3):
        await world.find(request(INES, NOAH))
        world.clock.at += 60
    assert (await world.grant(NOAH)).why_broken == f"revoked:{NOW}"
    assert len(told(world)) == 1
    assert len(world.effects(K.RECONNECT)) == 1


async def test_it_is_said_again_each_week_until_it_is_mended(world: World) -> None:
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    await world.work()
    for week in range(2, 5):
        world.clock.at += WEEK
        await world.work()
        assert len(told(world)) == week
    await mend(world)
    for _ in range(3):
        world.clock.at += WEEK
        await world.work()
    assert len(told(world)) == 4
    assert all(e.state is EffectState.DONE for e in world.effects(K.RECONNECT))


async def test_it_is_said_no_more_to_who_has_left(world: World) -> None:
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    await disconnect(world.ports, NOAH)
    await pass_days(world, 15)
    assert len(told(world)) == 1
    assert [e for e in world.effects() if e.state is EffectState.READY] == []


async def test_breaking_again_is_another_case_with_its_own_weeks(world: World) -> None:
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    await pass_days(world, 2)
    world.calendars.open_account("noah@work.example", "a new password")
    await mend(world)
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    await world.work()
    assert len(told(world)) == 2
    await pass_days(world, 6)  # a week after the first case, which is over
    assert len(told(world)) == 2
    await pass_days(world, 1)  # a week after the second
    assert len(told(world)) == 3


async def test_reminders_leave_in_peace_who_is_away_or_wants_none(world: World) -> None:
    world.change_password(NOAH)
    await world.find(request(INES, NOAH))
    await world.change(NOAH, nudges=False)
    await pass_days(world, 7)
    today = local_date(world.clock.at + WEEK, "America/New_York")
    await world.change(NOAH, nudges=True, leave=(Leave(today, today),))
    await pass_days(world, 7)
    assert len(told(world)) == 1
    await pass_days(world, 7)
    assert len(told(world)) == 2


async def test_who_knows_it_already_is_reminded_only(world: World) -> None:
    grant = await world.grant(NOAH)
    await world.store.transact(lambda tx: mark_broken(tx, grant, NOW, tell=False))
    await world.work()
    assert told(world) == []
    await pass_days(world, 7)
    assert len(told(world)) == 1


# --- the daily look ----------------------------------------------------------------------------


async def test_the_daily_look_finds_it_without_any_search(world: World) -> None:
    await look_daily(world)
    await pass_days(world, 3)
    assert (await world.grant(NOAH)).state is LinkState.OK
    world.change_password(NOAH)
    await pass_days(world, 1)
    found = await world.grant(NOAH)
    assert found.state is LinkState.BROKEN
    assert troubles(found.why_broken)[0].since == world.clock.at
    assert len(told(world)) == 1


async def test_it_goes_on_exactly_once_a_day_however_often_it_was_begun(world: World) -> None:
    for _ in range(5):
        await look_daily(world)
        world.clock.at += HOUR
    await pass_days(world, 1)
    for _ in range(10):
        before = len(world.effects(K.CHECK_GRANT))
        await pass_days(world, 1)
        looks = world.effects(K.CHECK_GRANT)
        assert len(looks) == before + 1
        (waiting,) = (e for e in looks if e.state is EffectState.READY)
        assert world.clock.at < waiting.due_at <= world.clock.at + DAY


async def test_a_chain_that_was_forgotten_is_not_doubled_by_connecting_again(world: World) -> None:
    """Effects are deleted after months; what keeps the chain single must not lean on them."""
    await look_daily(world)
    await pass_days(world, 100)
    await world.store.transact(lambda tx: tx.effects.purge(world.clock.at - DAY))
    await look_daily(world)
    await pass_days(world, 3)
    assert sum(e.state is EffectState.READY for e in world.effects(K.CHECK_GRANT)) == 1


async def test_accounts_are_looked_at_at_different_times(world: World) -> None:
    def begin(tx: object) -> None:
        for number in range(200):
            grant = replace(sample, id=GrantId(f"grant-{number}"))
            opened(tx, grant, NOW)  # type: ignore[arg-type]  # a transaction

    sample = await world.grant(NOAH)
    await world.store.transact(begin)
    hours = [0] * 24
    for effect in world.effects(K.CHECK_GRANT):
        hours[effect.due_at % DAY // HOUR] += 1
    assert max(hours) < 25
    assert min(hours) > 0


async def test_a_look_that_was_cut_off_is_taken_up_again(world: World) -> None:
    await look_daily(world)
    world.clock.at += DAY
    (first,) = await world.claim("a process that dies")
    assert await world.claim("another") == ()
    world.clock.at += 121
    assert await world.work() == [EffectState.DONE]
    assert (await world.effect(first.id)).state is EffectState.DONE
    assert sum(e.state is EffectState.READY for e in world.effects(K.CHECK_GRANT)) == 1


async def test_it_ends_when_the_account_was_left(world: World) -> None:
    await look_daily(world)
    await disconnect(world.ports, NOAH)
    await pass_days(world, 3)
    assert all(e.state is EffectState.DONE for e in world.effects(K.CHECK_GRANT))


async def test_an_account_out_of_reach_is_left_alone(world: World) -> None:
    await look_daily(world)
    world.calendars.fail(Unavailable("not now"), times=100)
    await pass_days(world, 2)
    assert (await world.grant(NOAH)).why_broken == ""
    assert told(world) == []
    assert sum(e.state is EffectState.READY for e in world.effects(K.CHECK_GRANT)) == 1


async def test_a_service_that_is_not_spoken_is_left_alone(world: World) -> None:
    await look_daily(world)
    world.ports = replace(world.ports, calendars={})
    await pass_days(world, 2)
    assert (await world.grant(NOAH)).state is LinkState.OK
    assert told(world) == []


async def test_an_approval_of_it_that_was_taken_back_is_another_cause(world: World) -> None:
    await look_daily(world)
    world.calendars.fail(ConsentRequiredByAdmin("approval needed"), times=1)
    await pass_days(world, 1)
    (trouble,) = troubles((await world.grant(NOAH)).why_broken)
    assert trouble.cause is Cause.CONSENT


async def test_a_search_that_meets_a_lack_of_approval_tells_the_person_what_to_do(
    world: World,
) -> None:
    """IT took its approval back: the partner reads of a calendar to be reconnected, not of one
    that was out of reach just now, and its owner hears of it at once.
    """
    for _ in range(2):
        lacking = ConsentRequiredByAdmin("approval needed")
        world.calendars.fail(lacking, times=1, calendar_id=world.main[NOAH])
        found = await world.find(request(INES, NOAH))
        assert found.unknown == {NOAH: BROKEN}
    assert (await world.grant(NOAH)).why_broken == f"consent:{NOW}"
    assert len(told(world)) == 1


async def test_an_account_of_which_nothing_is_chosen_is_given_back(world: World) -> None:
    """Who opens an account by the form and goes away leaves no password with us."""
    account(world)
    found = await account_opened(world)
    world.clock.at += HOUR // 2
    await world.work()
    assert (await world.store.read(lambda tx: tx.links.grant(found.grant.id))) == found.grant
    await pass_days(world, 2)
    with pytest.raises(NotFound):
        await world.store.read(lambda tx: tx.links.grant(found.grant.id))


async def test_an_account_that_is_in_use_is_never_given_back(world: World) -> None:
    home, *_ = account(world)
    found = await account_opened(world)
    await choose(world.ports, TOVE, found, Choice(home))
    await pass_days(world, 3)
    assert (await world.store.read(lambda tx: tx.links.grant(found.grant.id))).state is LinkState.OK


async def test_connecting_again_during_a_look_counts(world: World) -> None:
    """What the old password did not open says nothing about the new one."""
    await look_daily(world)
    world.change_password(NOAH)
    world.ports = replace(
        world.ports, calendars={Provider.CALDAV: Meanwhile(world.calendars, world).service()}
    )
    await pass_days(world, 1)
    assert (await world.grant(NOAH)).state is LinkState.OK
    assert told(world) == []


class Meanwhile(MemoryCalendars):
    """A service at which somebody connects again while their account is being opened."""

    def __init__(self, real: MemoryCalendars, world: World) -> None:
        super().__init__()
        self.real = real
        self.world = world

    async def calendars(self, grant: Grant) -> list:  # type: ignore[type-arg]  # as the real one
        self.world.calendars.open_account("noah@work.example", "a third password")
        await mend(self.world)
        return await self.real.calendars(grant)


# --- one calendar of an account ------------------------------------------------------------------


async def second_calendar(world: World, calendar_id: str = "memory://gone/9") -> LinkId:
    """Link a second calendar of Noah's account, which is not in it (any more)."""
    link = CalendarLink(
        LinkId("link-noah-side"), GRANT, NOAH, calendar_id, "Side", Use.SECONDARY, Tier.BUSY
    )
    await world.store.transact(lambda tx: tx.links.save(link))
    return link.id


async def test_a_vanished_calendar_is_told_as_its_own_case(world: World) -> None:
    link_id = await second_calendar(world)
    await look_daily(world)
    await pass_days(world, 1)
    grant = await world.grant(NOAH)
    assert grant.state is LinkState.OK  # the account opens
    (trouble,) = troubles(grant.why_broken)
    assert (trouble.cause, trouble.link_id) == (Cause.MISSING, link_id)
    (notice,) = told(world)
    assert notice.payload["link"] == link_id
    await pass_days(world, 6)
    assert len(told(world)) == 1
    await pass_days(world, 2)
    assert len(told(world)) == 2


async def test_a_calendar_that_came_back_is_amiss_no_more(world: World) -> None:
    await second_calendar(world)
    await look_daily(world)
    await pass_days(world, 1)
    await second_calendar(world, world.calendars.add_calendar("noah@work.example", "Side"))
    await pass_days(world, 1)
    assert (await world.grant(NOAH)).why_broken == ""
    await second_calendar(world)
    await pass_days(world, 1)
    assert len(told(world)) == 2  # another case


async def test_a_calendar_that_is_only_hidden_is_not_gone(world: World) -> None:
    class Hiding(MemoryCalendars):
        async def calendars(self, grant: Grant) -> list:  # type: ignore[type-arg]  # as the other
            return []

    hiding = Hiding()
    world.ports = replace(
        world.ports,
        calendars={Provider.CALDAV: replace(world.calendars.service(), connector=hiding)},
    )
    await look_daily(world)
    await pass_days(world, 1)
    assert (await world.grant(NOAH)).why_broken == ""


# --- giving an access back -----------------------------------------------------------------------


class Refusing(MemoryCalendars):
    """A service that does not take accesses back."""

    def __init__(self, error: Exception) -> None:
        super().__init__(Provider.GOOGLE)
        self.error = error
        self.asked_for: list[str] = []

    async def revoke(self, grant: Grant) -> None:
        self.asked_for.append(grant.account)
        raise self.error


async def leaving(world: World, service: Refusing) -> None:
    world.ports = replace(world.ports, calendars={Provider.GOOGLE: service.service()})
    await world.connect(NOAH, service=service, name="gone")
    await disconnect(world.ports, NOAH, GrantId("grant-noah-gone"))
    await world.work()


def kept(world: World) -> list[Grant]:
    return [g for _, g in world.everything()["grants"] if g.id == "grant-noah-gone"]


async def test_giving_back_is_tried_for_two_days_and_then_told(world: World) -> None:
    service = Refusing(Unavailable("not now"))
    await leaving(world, service)
    (effect,) = world.effects(K.REVOKE)
    assert (effect.state, effect.person_id) == (EffectState.READY, NOAH)
    assert kept(world) != []
    world.clock.at = NOW + GIVE_UP + 1
    await world.work()
    (effect,) = world.effects(K.REVOKE)
    assert effect.state is EffectState.DEAD
    assert "Unavailable" in effect.last_error
    assert len(service.asked_for) > 1
    assert kept(world) == []
    assert [e.payload["left"] for e in told(world)] == ["google"]


async def test_what_can_never_be_given_back_is_not_tried_for_days(world: World) -> None:
    service = Refusing(InvalidRequest("no such token"))
    await leaving(world, service)
    assert [e.state for e in world.effects(K.REVOKE)] == [EffectState.DEAD]
    assert kept(world) == []
    assert len(told(world)) == 1


async def test_an_account_that_is_connected_again_is_not_taken_back(world: World) -> None:
    """Google takes back all accesses of an account at once, the new one too."""
    service = Refusing(Unavailable("not now"))
    await leaving(world, service)
    again = service.grant("noah@gone.example", NOAH, "grant-again")
    await world.store.transact(lambda tx: tx.links.save_grant(again))
    tried = len(service.asked_for)
    world.clock.at += HOUR
    await world.work()
    assert len(service.asked_for) == tried
    assert [e.state for e in world.effects(K.REVOKE)] == [EffectState.DONE]
    assert kept(world) == []
