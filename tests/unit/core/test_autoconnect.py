"""Connecting by IT's grant: repeated rows, people who leave meanwhile, every obstacle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core import autoconnect, autoplan
from core.autoconnect import Obstacle
from core.autoplan import Plan
from core.effects import Effect, EffectKind, EffectState
from core.errors import AccessRevoked, ConsentRequiredByAdmin, InvalidRequest, Unavailable
from core.ids import GrantId, LinkId, PersonId
from core.links import CalendarLink, Grant, LinkState, Provider, Tier, Use, is_delegated
from core.outcome import Ended
from core.ports import Tx
from core.programme import Membership, Role
from core.use_cases.administer import auto_connect
from core.use_cases.administer.problems import Unfit
from core.withdrawing import stop
from tests.talks.admin_world import NOW, ORG, World, an_id, aurora
from tests.talks.delegated import DelegatedCalendars

PLAN = Plan(Provider.GOOGLE, ("example.org",))
MAYA = "maya.lane@example.org"


async def begun() -> tuple[World, DelegatedCalendars, Effect]:
    """Return a world where it is on, and Maya's row."""
    world, google = await aurora(), DelegatedCalendars(Provider.GOOGLE)
    world.ports.calendars[Provider.GOOGLE] = google.service()
    google.open_account(MAYA, "x")
    google.add_calendar(MAYA, "Mine", default=True)
    jo = world.people["jo"].id
    await world.store.transact(
        lambda tx: autoconnect.begin(tx, world.ports.ids, ORG, PLAN, jo, NOW)
    )
    return world, google, await row(world, "maya")


async def row(world: World, key: str) -> Effect:
    def work(tx: Tx) -> Effect:
        plan = autoplan.load(tx, ORG)
        assert plan is not None
        found = tx.effects.by_key(f"auto:{plan.run}:{world.people[key].id}")
        assert found is not None
        return found

    return await world.store.read(work)


async def carried_out(
    world: World, effect: Effect, between: Callable[[Tx], object] | None = None
) -> str:
    """Carry a row out and record it; return its words. `between` happens before the recording."""
    outcome = await autoconnect.auto_connect(world.ports, effect)
    assert isinstance(outcome, Ended)
    if between is not None:
        await world.store.transact(between)
    if outcome.record is not None:
        await world.store.transact(outcome.record)
    return outcome.words


async def grants(world: World, key: str = "maya") -> list[Grant]:
    person_id = world.people[key].id
    found = await world.store.read(lambda tx: tx.links.grants_of([person_id]))
    return list(found.values())


async def test_a_row_that_is_carried_out_twice_connects_once() -> None:
    world, _, effect = await begun()
    outcome = await autoconnect.auto_connect(world.ports, effect)
    assert isinstance(outcome, Ended)
    assert outcome.record is not None
    await world.store.transact(outcome.record)
    await world.store.transact(outcome.record)
    assert await carried_out(world, effect) == ""
    (grant,) = await grants(world)
    assert is_delegated(grant)
    assert await world.kinds("maya") == ["auto_connected"]


async def test_who_opts_out_while_the_account_is_opened_stays_out() -> None:
    world, _, effect = await begun()
    maya = world.people["maya"]
    await carried_out(world, effect, lambda tx: autoconnect.opt_out(tx, maya, NOW))
    assert await grants(world) == []
    assert await world.kinds("maya") == []


async def test_what_is_switched_off_meanwhile_connects_nobody() -> None:
    world, _, effect = await begun()
    await carried_out(
        world, effect, lambda tx: autoconnect.end(tx, world.ports.ids, ORG, PLAN, NOW)
    )
    assert await grants(world) == []


async def test_who_connects_themselves_meanwhile_keeps_their_own() -> None:
    world, _, effect = await begun()
    person_id = world.people["maya"].id
    own = Grant(GrantId(an_id(7)), person_id, Provider.GOOGLE, MAYA, {"own": "yes"})
    link = CalendarLink(LinkId(an_id(8)), own.id, person_id, "c", "C", Use.PRIMARY, Tier.WRITE)

    def between(tx: Tx) -> None:
        tx.links.save_grant(own)
        tx.links.save(link)

    await carried_out(world, effect, between)
    assert [is_delegated(grant) for grant in await grants(world)] == [False]


async def test_a_broken_connection_of_the_same_account_is_mended() -> None:
    world, _, effect = await begun()
    person_id = world.people["maya"].id
    own = Grant(GrantId(an_id(7)), person_id, Provider.GOOGLE, MAYA.upper(), {}, LinkState.BROKEN)
    await world.store.transact(lambda tx: tx.links.save_grant(own))
    assert await carried_out(world, effect) == ""
    (grant,) = await grants(world)
    assert (grant.id, grant.state) == (own.id, LinkState.OK)
    assert is_delegated(grant)


@pytest.mark.parametrize(
    ("error", "obstacle"),
    [
        (ConsentRequiredByAdmin("no", provider="google"), Obstacle.NOT_GRANTED),
        (AccessRevoked("no", provider="google"), Obstacle.NOT_GRANTED),
        (InvalidRequest("no", provider="google"), Obstacle.NO_MAILBOX),
    ],
)
async def test_what_the_service_refuses_is_an_obstacle(
    error: AccessRevoked, obstacle: Obstacle
) -> None:
    world, google, effect = await begun()
    google.fail(error)
    assert await carried_out(world, effect) == obstacle
    assert await grants(world) == []


async def test_what_may_pass_is_tried_for_two_days() -> None:
    world, google, effect = await begun()
    google.fail(Unavailable("down", provider="google"), times=2)
    with pytest.raises(Unavailable):
        await autoconnect.auto_connect(world.ports, effect)
    world.clock.at += 48 * 3600
    assert await carried_out(world, effect) == Obstacle.UNREACHABLE


async def test_rules_of_the_programme_hold() -> None:
    world, _, effect = await begun()
    aurora_id = world.programmes["aurora"].id
    await world.store.transact(lambda tx: tx.settings.write(aurora_id, "services", "microsoft"))
    assert await carried_out(world, effect) == Obstacle.NOT_ALLOWED


async def test_an_account_without_calendars_and_a_service_that_is_gone() -> None:
    world, google, _ = await begun()
    google.open_account("sam.diaz@example.org", "x")
    assert await carried_out(world, await row(world, "sam")) == Obstacle.EMPTY
    del world.ports.calendars[Provider.GOOGLE]
    assert await carried_out(world, await row(world, "maya")) == Obstacle.NOT_GRANTED


async def test_who_left_is_left_alone() -> None:
    world, _, effect = await begun()
    await world.alter("maya", active=False)
    assert await carried_out(world, effect) == ""
    stranger = replace(effect, person_id=PersonId(an_id(99)))
    assert await carried_out(world, stranger) == ""
    assert await grants(world) == []


async def test_switched_off_and_on_again_before_the_ends_are_carried_out() -> None:
    world, _, effect = await begun()
    await carried_out(world, effect)
    maya, jo = world.people["maya"].id, world.people["jo"].id

    async def ended() -> None:
        found = await world.store.read(lambda tx: tx.effects.of_person(maya, 50))
        for one in found:
            if one.kind == "stop_service":
                await world.store.transact(await stop(world.ports, one))

    def off_and_on(tx: Tx) -> None:
        plan = autoplan.load(tx, ORG)
        assert plan is not None
        assert autoconnect.end(tx, world.ports.ids, ORG, plan, NOW) == 1
        autoconnect.begin(tx, world.ports.ids, ORG, PLAN, jo, NOW)

    await world.store.transact(off_and_on)
    await ended()
    assert len(await grants(world)) == 1
    await world.store.transact(lambda tx: autoconnect.end(tx, world.ports.ids, ORG, PLAN, NOW))
    await ended()
    assert await grants(world) == []


async def test_who_disconnected_since_is_said_to_have_left() -> None:
    world, _, effect = await begun()
    (claimed,) = await world.store.transact(
        lambda tx: [e for e in tx.effects.claim(NOW, 60, 99, "t") if e.key == effect.key]
    )
    await carried_out(world, effect)
    (grant,) = await grants(world)

    def leaves(tx: Tx) -> autoconnect.Progress:
        tx.effects.finish(claimed, EffectState.DONE, NOW)
        tx.links.remove_grant(grant.id)
        plan = autoplan.load(tx, ORG)
        assert plan is not None
        return autoconnect.progress(tx, ORG, plan)

    found = await world.store.transact(leaves)
    assert [(odd.person.name, odd.obstacle) for odd in found.odd] == [("Maya Lane", Obstacle.LEFT)]


async def test_people_without_a_row_get_one_when_it_is_looked_at() -> None:
    world, _, _ = await begun()
    late = await world.person("late", "Late Comer", "UTC")
    programme_id = world.programmes["aurora"].id
    membership = Membership(programme_id, late.id, Role.MENTEE)
    await world.store.transact(lambda tx: tx.programmes.join(membership))
    plan = await world.store.read(lambda tx: autoplan.load(tx, ORG))
    assert plan is not None
    payload = {"run": plan.run, "org": str(ORG), "turn": "0", "said": ""}
    watch = Effect("watch", EffectKind.AUTO_CONNECT, NOW, payload=payload)
    outcome = await autoconnect.auto_connect(world.ports, watch)
    assert not isinstance(outcome, Ended)
    await world.store.transact(outcome)
    assert (await row(world, "late")).state is EffectState.READY
    assert await world.kinds("jo") == ["auto_progress"]


@pytest.mark.parametrize(
    "word",
    ["exa mple.org", "example", "-a.org", "a..org", "example.org.", "a" * 64 + ".org", "x@y"],
)
def test_domains_that_are_none(word: str) -> None:
    with pytest.raises(Unfit):
        auto_connect.read_domains([word])


def test_domains_are_read_in_small_letters_and_once() -> None:
    assert auto_connect.read_domains(["@Example.org", "example.ORG", "mail.example.co.uk"]) == (
        "example.org",
        "mail.example.co.uk",
    )
