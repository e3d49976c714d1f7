"""A session of two people at Google, from the booking to what stands in both calendars."""

from core.booking.meeting import Path
from core.effects import EffectKind
from core.ids import GrantId, LinkId, PersonId
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.repositories import Tx
from tests.servers.google.bench import GoogleBench
from tests.servers.google.world import Account, Shelf
from tests.unit.core.use_cases.steps import FOUR, booked, entry, moved
from tests.unit.core.use_cases.world import ASSISTANT, INES, NOAH, World, make_world

MEET = "https://meet.example.org/aaa-bbbb-ccc"


async def joined(world: World, bench: GoogleBench, person: PersonId, account: Account) -> Shelf:
    """Make a Google calendar the person's only one."""
    shelf = account.add(Shelf(account.email, "Work", zone="UTC", primary=True))
    secret = dict(bench.granted(Tier.WRITE, account).secret)
    grant = Grant(GrantId(f"g-{person}"), person, Provider.GOOGLE, account.email, secret)
    link = CalendarLink(
        LinkId(f"l-{person}"), grant.id, person, shelf.id, "Work", Use.PRIMARY, Tier.WRITE
    )

    def work(tx: Tx) -> None:
        for old in tx.links.of([person])[person]:
            tx.links.remove(old.id)
        tx.links.save_grant(grant)
        tx.links.save(link)

    await world.store.transact(work)
    return shelf


async def test_one_owner_one_guest_one_link_one_mail_each(bench: GoogleBench) -> None:
    world = await make_world()
    world.ports.calendars[Provider.GOOGLE] = bench.service
    noahs = bench.world.account("noah@example.com", "2001", hosted="example.com")
    ines = bench.world.account("ines@example.com", "2002", hosted="example.com")
    owners = await joined(world, bench, NOAH, noahs)
    members = await joined(world, bench, INES, ines)

    meeting = await booked(world)  # Noah is the mentor
    assert [entry(meeting, p).path for p in (INES, NOAH)] == [Path.CALENDAR] * 2
    for _ in range(10):
        await world.work()
        world.clock.at += 1
        bench.clock.at = max(bench.clock.at, world.clock.at)

    (mine,), (hers,) = owners.events.values(), members.events.values()
    assert "attendees" not in mine
    assert mine["organizer"]["self"] is True
    assert hers["organizer"]["email"] == ASSISTANT.address
    assert [a["email"] for a in hers["attendees"]] == ["ines@example.com", "noah@example.com"]
    assert hers["iCalUID"] == meeting.uid
    assert (mine["location"], hers["location"], mine["sequence"]) == (MEET, MEET, 0)
    assert mine["hangoutLink"] == MEET
    assert [(m.subject, m.text) for m in world.mail.sent] == [("details 0", MEET)] * 2

    await moved(world, meeting)
    await world.work()
    (mine,), (hers,) = owners.events.values(), members.events.values()
    assert mine["hangoutLink"] == MEET
    assert owners.span(mine)[0] == members.span(hers)[0] == FOUR
    assert len(world.effects(EffectKind.MAKE_LINK)) == 1
    assert [asked.id for asked in bench.server.asked].count("events.insert") == 1
