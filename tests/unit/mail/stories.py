"""Stories of a session and of a series, as one attendee is mailed them, with fixed ids and times.

What comes of them is kept in `golden/`. After a change that is meant, write it anew and read the
difference before committing it:

    python -m tests.unit.mail.stories
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email.message import EmailMessage
from functools import partial
from pathlib import Path as File

from adapters.mail.compose import compose
from bot.speak.mails import MailWriter
from core.booking.meeting import Attendee, Meeting, Path, Rsvp
from core.booking.plan import plan
from core.booking.series import Pattern, Series
from core.booking.series_plan import MOVED as MOVED_AT_ONCE
from core.booking.series_plan import plan_series
from core.effects import Effect
from core.ids import LinkId, MeetingId, SeriesId
from core.repositories import Tx
from core.timing.recurrence import Frequency, Rule
from core.use_cases.deliver import Means, deliver
from tests.unit.core.use_cases.world import ASSISTANT, DOMAIN, INES, NOAH, NOW, PROGRAMME, World

GOLDEN = File(__file__).parent / "golden"
ONE = MeetingId("1a" * 16)
FORTNIGHT = Pattern(
    Rule(Frequency.WEEKLY, 2, (1,)), "Europe/London", date(2026, 10, 27), 14 * 60, 30, count=6
)
HOUR = 3600
ADDRESS = "ines@larch.example"
SKIPPED, MOVED, OFF, LAST = 2, 1, 3, 4  # sessions by number; LAST is the first that is cut off


class PlainSigner:
    """Links that say nothing of keys and can be read."""

    def sign(self, purpose: str, subject: str, expires_at: int) -> str:
        """Return the purpose."""
        return f"signed-{purpose}"

    def read(self, purpose: str, token: str) -> str:
        """Nothing is read here."""
        raise NotImplementedError(purpose, token)


@dataclass(slots=True)
class Desk:
    """Where the stories are played: Noah owns the sessions, Ines is mailed invitations."""

    world: World = field(default_factory=World)
    mails: dict[str, EmailMessage] = field(default_factory=dict)

    async def open(self) -> None:
        """Bring everybody in."""
        await self.world.people()
        await self.world.connect(NOAH)

    async def carry(self, name: str, effects: Sequence[Effect], *saved: Series | Meeting) -> None:
        """Store what a change led to, carry it out, and keep the mail to Ines by its name."""

        def work(tx: Tx) -> None:
            for one in saved:
                save(tx, one)
            for effect in effects:
                tx.effects.add(effect)

        await self.world.store.transact(work)
        writer = MailWriter(
            assistant=ASSISTANT.name,
            domain=DOMAIN,
            public_url="https://tandem.example.org",
            signer=PlainSigner(),
            clock=self.world.clock,
            sender=ASSISTANT,
        )
        world, before = self.world, len(self.world.mail.to(ADDRESS))
        while due := await world.claim():
            for effect in due:
                await deliver(world.ports, Means(world.mail, writer, world.chat), effect)
        (mail,) = world.mail.to(ADDRESS)[before:]
        self.mails[name] = compose(mail, ASSISTANT, world.clock.now())
        world.clock.at += HOUR


def save(tx: Tx, one: Series | Meeting) -> None:
    """Store a series or a session over what is stored of it."""
    if isinstance(one, Meeting):
        old = [m for m in tx.meetings.of_person(INES, (0, 2 * NOW)) if m.id == one.id]
        tx.meetings.save(replace(one, version=old[0].version if old else 0))
        return
    first = one.sequence == 0
    tx.meetings.save_series(
        replace(one, version=0 if first else tx.meetings.series(one.id).version)
    )


def session(number: int = 0, start: int = FORTNIGHT.slots()[0]) -> Meeting:
    """Return a session of Noah and Ines."""
    noah = Attendee(
        *(NOAH, "Noah Reed", "noah@work.example", "America/New_York", Path.CALENDAR),
        LinkId("link-noah-work"),
        rsvp=Rsvp.ACCEPTED,
    )
    ines = Attendee(
        *(INES, "Ines Duarte", ADDRESS, "Europe/London", Path.INVITE),
        rsvp=Rsvp.NEEDS_ACTION,
    )
    name = MeetingId(f"{number + 1:x}a" * 16)
    return Meeting(
        id=name,
        programme_id=PROGRAMME,
        proposal_id=None,
        owner=NOAH,
        attendees=(noah, ines),
        start=start,
        end=start + 1800,
        zone="Europe/London",
        title="",
        uid=f"{ONE}@{DOMAIN}",
        place="https://meet.example.org/harbour",
        changed_at=NOW,
    )


async def single(desk: Desk) -> None:
    """A session is booked, moved and cancelled."""
    now = desk.world.clock.now
    booked = session()
    await desk.carry("single-booked", plan(None, booked, NOAH, now()), booked)
    moved = booked.move(booked.start + 26 * HOUR, booked.end + 26 * HOUR, now())
    await desk.carry("single-moved", plan(booked, moved, NOAH, now()), moved)
    off = moved.cancel(now())
    effects = plan(moved, off, NOAH, now(), reason="I am ill.")
    await desk.carry("single-cancelled", effects, off)


async def hoped_for(desk: Desk) -> None:
    """A session is booked, and moved, to which Ines need not come."""
    now, plain = desk.world.clock.now, session()
    guests = [replace(a, optional=True) if a.person_id == INES else a for a in plain.attendees]
    booked = replace(plain, attendees=tuple(guests))
    await desk.carry("optional-booked", plan(None, booked, NOAH, now()), booked)
    moved = booked.move(booked.start + 26 * HOUR, booked.end + 26 * HOUR, now())
    await desk.carry("optional-moved", plan(booked, moved, NOAH, now()), moved)


async def series(desk: Desk) -> None:
    """A series is booked without one day; one session is moved, one called off; it is cut, and
    ended.
    """
    now = desk.world.clock.now
    slots = FORTNIGHT.slots()
    people = (NOAH, INES)
    made = Series(SeriesId(ONE), PROGRAMME, NOAH, people, FORTNIGHT, "", f"{ONE}@{DOMAIN}")
    made = replace(made, changed_at=now())
    all_of_it = [
        replace(session(n, slot), series=made.id, slot=slot) for n, slot in enumerate(slots)
    ]
    kept = [one for n, one in enumerate(all_of_it) if n != SKIPPED]
    await desk.carry("series-booked", plan_series(made, kept, NOAH, now()), made, *kept)
    kept = await _one(desk, "series-one-moved", kept, MOVED, 25 * HOUR)
    kept = await _one(desk, "series-one-cancelled", kept, OFF - 1, None)
    cut = made.changed(kept, now(), FORTNIGHT.ending(FORTNIGHT.day_of(slots[LAST - 1])))
    rest = [m.cancel(now()) if m.slot >= slots[LAST] else m for m in kept]
    await desk.carry("series-cut", plan_series(cut, rest, NOAH, now()), cut, *rest)
    over = cut.end(rest, now())
    gone = [m.cancel(now()) for m in rest]
    effects = plan_series(over, gone, NOAH, now(), reason="The programme is over.")
    await desk.carry("series-ended", effects, over, *gone)


async def series_moved(desk: Desk) -> None:
    """The sessions of a series after its first are moved to another day and time at once."""
    now = desk.world.clock.now
    slots = FORTNIGHT.slots()
    people = (NOAH, INES)
    made = Series(SeriesId(ONE), PROGRAMME, NOAH, people, FORTNIGHT, "", f"{ONE}@{DOMAIN}")
    made = replace(made, changed_at=now())
    kept = [replace(session(n, slot), series=made.id, slot=slot) for n, slot in enumerate(slots)]
    stored: tuple[Series | Meeting, ...] = (made, *kept)
    for one in stored:
        await desk.world.store.transact(partial(save, one=one))
    later = [m.move(m.start + 25 * HOUR, m.end + 25 * HOUR, now()) for m in kept[1:]]
    changed = made.changed(kept, now())
    after = [kept[0], *later]
    effects = plan_series(changed, after, NOAH, now(), what=MOVED_AT_ONCE)
    await desk.carry("rest-moved", effects, changed, *after)


async def _one(
    desk: Desk, name: str, meetings: list[Meeting], number: int, seconds: int | None
) -> list[Meeting]:
    """Move one session of a series, or call it off."""
    now, before = desk.world.clock.now(), meetings[number]
    after = before.cancel(now)
    if seconds is not None:
        after = before.move(before.start + seconds, before.end + seconds, now)
    await desk.carry(name, plan(before, after, NOAH, now), after)
    return [after if m.id == after.id else m for m in meetings]


async def tell() -> dict[str, EmailMessage]:
    """Return the mails of all stories by name."""
    found: dict[str, EmailMessage] = {}
    for story in (single, hoped_for, series, series_moved):
        desk = Desk()
        await desk.open()
        await story(desk)
        found |= desk.mails
    return found


HEADERS = ("From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")


def shown(message: EmailMessage) -> str:
    """Return what is kept of a mail: what headers say, its parts, its text, its calendar object
    as it is sent (with line feeds alone).
    """
    headers = [f"{name}: {message[name]}" for name in HEADERS if message[name]]
    parts = [f"{part.get_content_type()} {_method(part)}".rstrip() for part in message.walk()]
    text, calendar = message.get_body(("plain",)), calendar_of(message)
    assert text is not None
    body = text.get_content().replace("\r\n", "\n").rstrip("\n")
    ics = calendar.decode().replace("\r\n", "\n")
    return "\n".join([*headers, "", *parts, "", body, "", ics])


def _method(part: object) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_param("method", ""))


def calendar_of(message: EmailMessage) -> bytes:
    """Return the calendar object that is shown as an invitation."""
    (found,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def write() -> None:
    """Write what is to be kept anew."""
    GOLDEN.mkdir(exist_ok=True)
    for name, message in asyncio.run(tell()).items():
        (GOLDEN / f"{name}.txt").write_text(shown(message), encoding="utf-8")


if __name__ == "__main__":
    write()
