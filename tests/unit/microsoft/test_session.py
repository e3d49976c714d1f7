"""A session whose owner is at Microsoft, from the booking to its Teams link; and a guest there."""

from dataclasses import replace

from core.arrival import HERE, LOOKS
from core.booking.meeting import Path, Rsvp
from core.effects import EffectKind
from core.ids import GrantId, LinkId, PersonId
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.repositories import Tx
from tests.contract.calendar_contract import DRAFT
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.mailbox import BLOB, JOIN
from tests.unit.core.use_cases.steps import FOUR, booked, entry, moved
from tests.unit.core.use_cases.world import INES, NOAH, World, make_world


async def joined(bench: GraphBench, person: PersonId) -> World:
    """Return the world with the bench's mailbox as one person's only calendar."""
    world = await make_world()
    world.ports.calendars[Provider.MICROSOFT] = bench.service
    secret = (await bench.grant()).secret
    grant = Grant(GrantId("g"), person, Provider.MICROSOFT, bench.mailbox.owner, secret)
    link = CalendarLink(LinkId("l"), grant.id, person, bench.first, "Work", Use.PRIMARY, Tier.WRITE)

    def work(tx: Tx) -> None:
        for old in tx.links.of([person])[person]:
            tx.links.remove(old.id)
        tx.links.save_grant(grant)
        tx.links.save(link)

    await world.store.transact(work)
    return world


async def test_the_owners_copy_keeps_its_teams_meeting(bench: GraphBench) -> None:
    world = await joined(bench, NOAH)
    meeting = await booked(world)
    for _ in range(10):
        await world.work()
        world.clock.at += 1
    (copy,) = bench.calendar(bench.first).events.values()
    assert (copy["location"]["displayName"], copy["attendees"]) == (JOIN, [])
    assert [(m.subject, m.text) for m in world.mail.sent] == [("details 0", JOIN)] * 2
    await moved(world, meeting)
    await world.work()
    (copy,) = bench.calendar(bench.first).events.values()
    assert copy["isOnlineMeeting"]
    assert BLOB in copy["body"]["content"]
    assert [one.start for one in await bench.stored(bench.first)] == [FOUR]


async def test_a_guest_is_invited_and_their_answer_is_read(bench: GraphBench) -> None:
    world = await joined(bench, INES)
    meeting = await booked(world)
    await world.work()
    assert entry(meeting, INES).path is Path.INVITE
    assert bench.calendar(bench.first).events == {}
    assert [m.subject for m in world.mail.to(bench.mailbox.owner)] == ["REQUEST 0"]
    came = replace(DRAFT, uid=meeting.uid, start=meeting.start, end=meeting.end)
    await bench.file(bench.first, came, Rsvp.TENTATIVE)
    world.clock.at += LOOKS[0]
    await world.work()
    (check,) = world.effects(EffectKind.CHECK_ARRIVAL)
    assert check.last_error == f"{HERE}: TENTATIVE"
    assert entry(await world.meeting(meeting.id), INES).rsvp is Rsvp.TENTATIVE
