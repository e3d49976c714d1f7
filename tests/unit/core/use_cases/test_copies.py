"""Who gets which copy: one way per person and session, by service, owner and settings (X4)."""

from dataclasses import replace

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.booking.meeting import Path, Rsvp
from core.effects import EffectKind
from core.ids import GrantId, LinkId
from core.links import LinkState, Provider, Tier, Use
from core.repositories import Tx
from core.use_cases import change_meeting
from tests.unit.core.use_cases.steps import FOUR, booked, entry, moved
from tests.unit.core.use_cases.world import ASSISTANT, INES, NOAH, ORG, TOVE, World

P, K = Provider, EffectKind
MAILS = (K.MAIL_INVITE, K.MAIL_CANCEL, K.MAIL_DETAILS)
COPIES = (K.PLACE_EVENT, K.REMOVE_EVENT)


def service_of(world: World, provider: Provider) -> MemoryCalendars:
    """Return a service of the world."""
    known = {P.CALDAV: world.calendars, P.GOOGLE: world.google}
    return known.get(provider) or world.add_service(provider)


async def with_tove(world: World, provider: Provider, tier: Tier = Tier.WRITE) -> MemoryCalendars:
    """Connect Tove, a mentor: with Ines she owns the session, with Noah he does."""
    service = service_of(world, provider)
    await world.connect(TOVE, service=service, tier=tier)
    return service


# Service, tier, whether Tove owns the session, sync, how Microsoft's attendees get copies.
WAYS = [
    *((p, Tier.WRITE, True, "on", "request", Path.CALENDAR) for p in P),
    (P.GOOGLE, Tier.WRITE, False, "on", "request", Path.CALENDAR),
    (P.CALDAV, Tier.WRITE, False, "on", "request", Path.CALENDAR),
    (P.MICROSOFT, Tier.WRITE, False, "on", "request", Path.INVITE),
    (P.MICROSOFT, Tier.WRITE, False, "on", "plain", Path.CALENDAR),
    (P.MICROSOFT, Tier.WRITE, True, "on", "plain", Path.CALENDAR),
    *((p, Tier.BUSY, owns, "on", "plain", Path.INVITE) for p in P for owns in (True, False)),
    *((p, Tier.WRITE, owns, "off", "request", Path.PUBLISH) for p in P for owns in (True, False)),
]


@pytest.mark.parametrize(("provider", "tier", "owns", "sync", "plain", "way"), WAYS)
async def test_the_way_to_one_person(
    world: World, provider: Provider, tier: Tier, owns: bool, sync: str, plain: str, way: Path
) -> None:
    service = await with_tove(world, provider, tier)
    await world.set("sync", sync)
    await world.set("microsoft.attendee_copy", plain, ORG)
    if not owns:
        await world.set("meeting.owner", "asker")
    meeting = await booked(world, INES, TOVE)
    assert meeting.owner == (TOVE if owns else INES)
    tove = entry(meeting, TOVE)
    assert (tove.path, tove.email) == (way, "tove@work.example")
    assert tove.rsvp is (Rsvp.NEEDS_ACTION if way is Path.INVITE else Rsvp.ACCEPTED)
    await world.work()
    world.clock.at += 60
    await world.work()
    copies = service.events(world.main[TOVE])
    assert len(copies) == (way is Path.CALENDAR)
    for copy in copies:
        assert (copy.party is None) is owns
        assert copy.party is None or copy.party.organizer == ASSISTANT
    mails = [e.kind for e in world.effects(*MAILS) if e.person_id == TOVE]
    assert mails == [K.MAIL_INVITE if way is Path.INVITE else K.MAIL_DETAILS]
    assert len(world.mail.to("tove@work.example")) == 1


async def test_a_programme_cannot_choose_plain_copies_for_itself(world: World) -> None:
    await with_tove(world, P.MICROSOFT)
    await world.set("meeting.owner", "asker")
    await world.set("microsoft.attendee_copy", "plain")
    assert entry(await booked(world, INES, TOVE), TOVE).path is Path.INVITE


async def test_a_member_at_microsoft_is_moved_and_cancelled_by_mail(world: World) -> None:
    await with_tove(world, P.MICROSOFT)
    await world.set("meeting.owner", "asker")
    meeting = await booked(world, INES, TOVE)
    await world.work()
    await moved(world, meeting)
    await world.work()
    await change_meeting.cancel(world.ports, meeting.id, INES)
    await world.work()
    subjects = [mail.subject for mail in world.mail.to("tove@work.example")]
    assert subjects == ["REQUEST 0", "REQUEST 1", "CANCEL 2"]
    assert [e for e in world.effects(*COPIES) if e.person_id == TOVE] == []


async def test_a_setting_that_changes_meanwhile_opens_no_second_way(world: World) -> None:
    await with_tove(world, P.MICROSOFT)
    await world.set("meeting.owner", "asker")
    meeting = await booked(world, INES, TOVE)
    await world.set("microsoft.attendee_copy", "plain", ORG)
    assert entry(await moved(world, meeting), TOVE).path is Path.INVITE
    await world.work()
    later = await booked(world, INES, TOVE)
    await world.set("microsoft.attendee_copy", "request", ORG)
    assert entry(await moved(world, later, FOUR + 3600), TOVE).path is Path.CALENDAR


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("tove@work.example", "tove@work.example"),
        ("tove", "tove@larch.example"),
        ("tove@localhost", "tove@larch.example"),
        ("tove nordli@work.example", "tove@larch.example"),
    ],
)
@pytest.mark.parametrize("tier", list(Tier))
async def test_mails_go_to_the_account_of_the_primary_if_it_is_an_address(
    world: World, account: str, address: str, tier: Tier
) -> None:
    await with_tove(world, P.CALDAV, tier)

    def rename(tx: Tx) -> None:
        grant = tx.links.grant(GrantId("grant-tove-work"))
        tx.links.save_grant(replace(grant, account=account))

    await world.store.transact(rename)
    assert entry(await booked(world, INES, TOVE), TOVE).email == address


# --- what changes the primary before a session changes ----------------------------------------


async def another_primary(world: World, provider: Provider) -> MemoryCalendars:
    """Make a calendar of Noah's at another service his primary."""
    old = LinkId("link-noah-work")

    def step_back(tx: Tx) -> None:
        link = tx.links.get(old)
        tx.links.save(replace(link, use=Use.SECONDARY, tier=Tier.BUSY))

    await world.store.transact(step_back)
    service = service_of(world, provider)
    await world.connect(NOAH, service=service, name="new")
    return service


@pytest.mark.parametrize("provider", [P.GOOGLE, P.MICROSOFT])
async def test_the_address_moves_with_the_primary(world: World, provider: Provider) -> None:
    meeting = await booked(world)
    await world.work()
    service = await another_primary(world, provider)
    noah = entry(await moved(world, meeting), NOAH)
    assert (noah.path, noah.email) == (Path.CALENDAR, "noah@new.example")
    assert noah.link_id == LinkId("link-noah-new")
    world.clock.at += 60
    await world.work()
    assert len(service.events(world.main[NOAH])) == 1
    old = next(c for c in world.calendars._shelves if "noah" in c)
    assert world.calendars.events(old) == []


async def test_a_member_whose_primary_is_now_at_microsoft_is_invited(world: World) -> None:
    await world.set("meeting.owner", "asker")
    meeting = await booked(world)
    await world.work()
    service = await another_primary(world, P.MICROSOFT)
    noah = entry(await moved(world, meeting), NOAH)
    assert (noah.path, noah.email) == (Path.INVITE, "noah@new.example")
    await world.work()
    assert [mail.subject for mail in world.mail.to("noah@new.example")] == ["REQUEST 1"]
    assert service.events(world.main[NOAH]) == []
    old = next(c for c in world.calendars._shelves if "noah" in c)
    assert world.calendars.events(old) == []


async def test_who_has_to_reconnect_is_mailed_where_their_calendar_is(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    await world.store.transact(
        lambda tx: tx.links.save_grant(
            replace(tx.links.grant(GrantId("grant-noah-work")), state=LinkState.BROKEN)
        )
    )
    noah = entry(await moved(world, meeting), NOAH)
    assert (noah.path, noah.email) == (Path.INVITE, "noah@work.example")
