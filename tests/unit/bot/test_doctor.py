"""`tandem doctor`: every service, every account or a sample, and what it says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.memory.calendar import MemoryCalendars
from bot.cli import main
from bot.doctor import Finding, examine_links
from core.errors import ConsentRequiredByAdmin, Unavailable
from core.ids import GrantId, LinkId, PersonId
from core.keeping import mark_broken
from core.links import CalendarLink, Grant, LinkState, Provider, Tier, Use
from core.ports import Tx
from core.programme import Membership, Role
from tests.unit.core.use_cases.world import INES, NOAH, NOW, PROGRAMME, World, make_world


@pytest.fixture
async def world() -> World:
    world = await make_world()
    microsoft = MemoryCalendars(Provider.MICROSOFT)
    world.ports = replace(
        world.ports, calendars={**world.ports.calendars, Provider.MICROSOFT: microsoft.service()}
    )
    await world.connect(NOAH, service=world.google, name="google")
    await world.connect(INES, service=microsoft, name="microsoft", use=Use.SECONDARY)
    return world


def by_what(found: list[Finding]) -> dict[str, Finding]:
    assert len({one.what for one in found}) == len(found)
    return {one.what: one for one in found}


async def test_accounts_of_every_service_are_opened(world: World) -> None:
    found = by_what(await examine_links(world.ports))
    assert set(found) == {
        "caldav calendar of Ines",
        "microsoft calendar of Ines",
        "google calendar of Noah",
        "caldav calendar of Noah",
        "caldav calendar of Omar",
    }
    assert all(one.good for one in found.values())


async def test_each_trouble_has_its_line(world: World) -> None:
    world.change_password(NOAH)
    grant = await world.grant(INES)
    link = CalendarLink(
        LinkId("gone"), GrantId("grant-omar-work"), PersonId("omar"), "memory://gone", "Side",
        Use.SECONDARY, Tier.BUSY,
    )  # fmt: skip

    def work(tx: Tx) -> None:
        mark_broken(tx, grant, NOW)
        tx.links.save(link)

    await world.store.transact(work)
    world.google.fail(ConsentRequiredByAdmin("approval"), times=1)
    found = by_what(await examine_links(world.ports))
    assert not found["caldav calendar of Noah"].good
    assert "connect it again in chat" in found["caldav calendar of Noah"].detail
    assert "no longer opens" in found["caldav calendar of Ines"].detail
    assert "IT administrator has to approve" in found["google calendar of Noah"].detail
    assert "no longer in it" in found["caldav calendar of Omar"].detail
    assert found["microsoft calendar of Ines"].good


async def test_a_service_out_of_reach_is_said_as_it_says(world: World) -> None:
    world.google.fail(Unavailable("the calendar server cannot be reached"), times=1)
    found = by_what(await examine_links(world.ports))
    assert found["google calendar of Noah"].detail == "the calendar server cannot be reached"


async def test_a_service_that_is_not_set_up_names_its_settings(world: World) -> None:
    ours = {Provider.CALDAV: world.ports.calendars[Provider.CALDAV]}
    world.ports = replace(world.ports, calendars=ours)
    found = by_what(await examine_links(world.ports))
    google = found["Google calendars"]
    assert not google.good
    assert "1 accounts cannot be opened" in google.detail
    assert "TANDEM_GOOGLE_CLIENT_ID" in google.detail
    assert not found["Microsoft calendars"].good
    assert "google calendar of Noah" not in found
    await world.store.transact(lambda tx: tx.links.remove_grant(GrantId("grant-noah-google")))
    found = by_what(await examine_links(world.ports))
    assert found["Google calendars"].good  # nobody needs it
    assert "allowed, but not set up" in found["Google calendars"].detail
    await world.set("services", "apple")
    assert "Google calendars" not in by_what(await examine_links(world.ports))


async def test_of_many_accounts_some_are_opened_and_that_is_said(world: World) -> None:
    def work(tx: Tx) -> None:
        sample = tx.links.grant(GrantId("grant-noah-google"))
        for number in range(300):
            person = replace(
                tx.people.get(NOAH), id=PersonId(f"p{number}"), name=f"P {number}",
                email=f"p{number}@larch.example",
            )  # fmt: skip
            tx.people.save(person)
            tx.programmes.join(Membership(PROGRAMME, person.id, Role.MENTEE))
            state = LinkState.BROKEN if number < 100 else LinkState.OK
            why = f"revoked:{NOW}" if number < 100 else ""
            grant: Grant = replace(
                sample, id=GrantId(f"g{number}"), person_id=person.id, state=state, why_broken=why
            )
            tx.links.save_grant(grant)

    await world.store.transact(work)
    found = by_what(await examine_links(world.ports, 20))
    assert "opened 20 of 305" in found["accounts"].detail
    assert "--accounts all" in found["accounts"].detail
    assert found["calendars of Harbour"].detail.startswith("100 people have to connect again")
    assert len(found) == 22
    found = by_what(await examine_links(world.ports, None))
    assert len(found) == 305


@pytest.mark.parametrize("text", ["some", "-1", "1.5", ""])
def test_a_number_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", f"--accounts={text}"])
    assert "a number, or “all”" in capsys.readouterr().err
