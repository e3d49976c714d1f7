"""A small organisation in memory, with calendars, mails and a chat that tests can look into.

Ines (mentee, London) and Noah (mentor, New York) are a pair and connected; so is Omar (mentee,
Lisbon), who is paired with Noah too. Tove (mentor, Oslo) has no calendar. Dora administers the
programme, Gus the organisation; Rita is in the organisation, but not in the programme.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from adapters.memory.calendar import MemoryCalendars
from adapters.memory.mail import MemoryMail
from adapters.memory.store import MemoryStore
from core.booking.drafts import EventDraft, Guest, Mail, Party, Sender
from core.booking.proposal import MeetingRequest, Proposal
from core.booking.series import recurrence, standing
from core.effects import EffectKind
from core.ids import (
    EffectId,
    GrantId,
    LinkId,
    MeetingId,
    OrgId,
    PairId,
    PersonId,
    ProgrammeId,
    ProposalId,
)
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.notices import Notice, NoticeKind
from core.people import Organisation, Person
from core.ports import Busy, BusyKind, Ports
from core.programme import Membership, Pair, Programme, Role
from core.use_cases.answer_proposal import Result, accept, offer
from core.use_cases.deliver import Means, deliver
from core.use_cases.find_times import Finding, find_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.effects import Effect, EffectState
    from core.errors import ProviderError
    from core.repositories import Tx
    from core.timing.spans import Span


def at(text: str) -> int:
    """Return the instant of "2026-10-27 14:00" in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


# What waits for a time of its own, instead of being due at once.
TIMED = frozenset(
    {
        EffectKind.EXPIRE,
        EffectKind.REMIND,
        EffectKind.CHECK_IN,
        EffectKind.NUDGE,
        EffectKind.CLOCKS,
    }
)
MINUTE, HOUR, DAY = 60, 3600, 86_400
NOW = at("2026-10-20 09:00")  # a Tuesday; Europe changes its clocks on the 25th
NEXT_WEEK = (at("2026-10-26 00:00"), at("2026-10-31 00:00"))
TUESDAY = at("2026-10-27 00:00")  # shared hours of London and New York: 12:00-18:00 UTC

ORG = OrgId("larch")
PROGRAMME = ProgrammeId("harbour")
DOMAIN = "tandem.example.org"

INES, NOAH, OMAR, TOVE = (PersonId(name) for name in ("ines", "noah", "omar", "tove"))
DORA, GUS, RITA = (PersonId(name) for name in ("dora", "gus", "rita"))

ZONES = {
    INES: "Europe/London",
    NOAH: "America/New_York",
    OMAR: "Europe/Lisbon",
    TOVE: "Europe/Oslo",
    DORA: "Europe/London",
    GUS: "UTC",
    RITA: "UTC",
}
ROLES = {
    INES: Role.MENTEE,
    NOAH: Role.MENTOR,
    OMAR: Role.MENTEE,
    TOVE: Role.MENTOR,
    DORA: Role.ADMIN,
}


@dataclass(slots=True)
class SetClock:
    """A clock that stands until it is set."""

    at: int = NOW

    def now(self) -> int:
        """Return the set instant."""
        return self.at


@dataclass(slots=True)
class CountedIds:
    """Ids that can be read: "1", "2", ..."""

    last: int = 0

    def new(self) -> str:
        """Return the next number."""
        self.last += 1
        return f"{self.last:032x}"


class Chat:
    """Notifier that keeps every notice; while `failure` is set, it is raised."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.told: list[Notice] = []
        self.failure: ProviderError | None = None

    async def notify(self, notice: Notice) -> None:
        """Keep a notice."""
        if self.failure:
            raise self.failure
        self.told.append(notice)

    def to(self, person: PersonId) -> list[NoticeKind]:
        """Return the kinds of what one person was told, in order."""
        return [notice.kind for notice in self.told if notice.to == person]


ASSISTANT = Sender("Scheduling Assistant", f"assistant@{DOMAIN}")


def guests_of(meeting: Meeting) -> tuple[Guest, ...]:
    """Return everybody who takes part."""
    return tuple(
        Guest(a.name, a.email, a.rsvp, chair=a.person_id == meeting.owner)
        for a in meeting.attendees
    )


class PlainLetters:
    """Letters without words: enough to see who gets which mail about which version."""

    def invite(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return a request."""
        return self._mail("REQUEST", meeting, person, effect)

    def cancel(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return a cancellation."""
        return self._mail("CANCEL", meeting, person, effect)

    def details(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return a mail with the details."""
        return self._mail("details", meeting, person, effect)

    def draft(self, meeting: Meeting, person: Person) -> EventDraft:
        """Return a person's own copy."""
        return EventDraft(
            uid=meeting.uid,
            sequence=meeting.sequence,
            start=meeting.start,
            end=meeting.end,
            title=f"Session of {person.name}",
            description="",
            place=meeting.place,
            stamp=meeting.changed_at,
            party=None if person.id == meeting.owner else Party(ASSISTANT, guests_of(meeting)),
        )

    def series(
        self, series: Series, meetings: Sequence[Meeting], person: Person, effect: Effect
    ) -> Mail:
        """Return a mail about a whole series, its kind in the subject."""
        mail = self._mail(effect.kind.value, meetings[-1], person, effect)
        return replace(mail, subject=f"{effect.kind.value} series {series.sequence}")

    def series_draft(
        self, series: Series, meetings: Sequence[Meeting], person: Person
    ) -> EventDraft:
        """Return a person's own copy of a series."""
        first = standing(meetings)[0]
        draft = replace(self.draft(first, person), uid=series.uid)
        return replace(draft, recurrence=recurrence(series, meetings))

    def _mail(self, what: str, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        entry = meeting.attendee(person.id)
        return Mail(
            to_name=person.name,
            to_email=entry.email if entry else person.email,
            subject=f"{what} {meeting.sequence}",
            text=meeting.place,
            html="",
            message_id=f"{effect.key}@{DOMAIN}",
        )


@dataclass(slots=True)
class World:
    """The organisation, and everything that reaches people or calendars."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SetClock = field(default_factory=SetClock)
    calendars: MemoryCalendars = field(default_factory=MemoryCalendars)
    google: MemoryCalendars = field(default_factory=lambda: MemoryCalendars(Provider.GOOGLE))
    mail: MemoryMail = field(default_factory=MemoryMail)
    chat: Chat = field(default_factory=Chat)
    ports: Ports = field(init=False)
    main: dict[PersonId, str] = field(default_factory=dict)  # the id of each primary calendar

    def __post_init__(self) -> None:
        """Put the ports together."""
        services = {
            Provider.CALDAV: self.calendars.service(),
            Provider.GOOGLE: self.google.service(),
        }
        self.ports = Ports(self.store, self.clock, CountedIds(), services, DOMAIN)

    @property
    def means(self) -> Means:
        """The ways to people."""
        return Means(self.mail, PlainLetters(), self.chat)

    # --- making it ---

    async def people(self) -> None:
        """Store the organisation and everybody in it."""

        def work(tx: Tx) -> None:
            tx.organisations.save(Organisation(ORG, "Larch"))
            tx.programmes.save(Programme(PROGRAMME, ORG, "Harbour"))
            for person_id, zone in ZONES.items():
                email = f"{person_id}@larch.example"
                person = Person(person_id, ORG, person_id.title(), email, zone)
                tx.people.save(replace(person, is_admin=person_id == GUS))
            for person_id, role in ROLES.items():
                tx.programmes.join(Membership(PROGRAMME, person_id, role))
            for mentee in (INES, OMAR):
                tx.programmes.add_pair(Pair(PairId(f"pair-{mentee}"), PROGRAMME, NOAH, mentee))

        await self.store.transact(work)

    async def connect(
        self,
        person: PersonId,
        *,
        tier: Tier = Tier.WRITE,
        use: Use = Use.PRIMARY,
        name: str = "work",
        service: MemoryCalendars | None = None,
    ) -> str:
        """Connect one calendar of a person; return its id."""
        service = service or self.calendars
        account = f"{person}@{name}.example"
        service.open_account(account, "a password")
        calendar_id = service.add_calendar(account, name, writable=tier is Tier.WRITE)
        grant = service.grant(account, person, f"grant-{person}-{name}")
        link = CalendarLink(
            LinkId(f"link-{person}-{name}"), grant.id, person, calendar_id, name, use, tier
        )

        def work(tx: Tx) -> None:
            tx.links.save_grant(grant)
            tx.links.save(link)

        await self.store.transact(work)
        if use is Use.PRIMARY:
            self.main[person] = calendar_id
        return calendar_id

    def add_service(self, provider: Provider) -> MemoryCalendars:
        """Let this installation speak to one more service."""
        service = MemoryCalendars(provider)
        services = {**self.ports.calendars, provider: service.service()}
        self.ports = replace(self.ports, calendars=services)
        return service

    async def set(self, key: str, text: str, scope: str = PROGRAMME) -> None:
        """Store a setting."""
        await self.store.transact(lambda tx: tx.settings.write(scope, key, text))

    async def change(self, person: PersonId, **changes: Any) -> None:
        """Change what is stored of a person."""
        await self.store.transact(
            lambda tx: tx.people.save(replace(tx.people.get(person), **changes))
        )

    def busy(self, person: PersonId, start: int, end: int, kind: BusyKind = BusyKind.BUSY) -> None:
        """Put a foreign event into a person's primary calendar."""
        self.calendars.add_busy(self.main[person], Busy(start, end, kind))

    def change_password(self, person: PersonId, name: str = "work") -> None:
        """Let a person's grant open nothing any more."""
        self.calendars.open_account(f"{person}@{name}.example", "another password")

    # --- doing ---

    async def find(self, request: MeetingRequest, **more: Any) -> Finding:
        """Search for times."""
        return await find_times(self.ports, request, **more)

    async def drafted(self, request: MeetingRequest) -> Proposal:
        """Search for times and return the proposal that must come of it."""
        finding = await self.find(request)
        assert finding.proposal is not None
        return finding.proposal

    async def offered(self, request: MeetingRequest, count: int = 3) -> Proposal:
        """Search, and offer the best times to the invitees."""
        proposal = await self.drafted(request)
        starts = tuple(slot.start for slot in proposal.slots[:count])
        return (await offer(self.ports, proposal.id, request.asker, starts)).proposal

    async def booked(self, request: MeetingRequest) -> Meeting:
        """Search, offer, and let everybody accept the best time."""
        proposal = await self.offered(request)
        result: Result | None = None
        for person in request.invitees:
            result = await accept(self.ports, proposal.id, person, proposal.slots[0].start)
        assert result is not None
        assert result.meeting is not None, result
        return result.meeting

    async def work(self, rounds: int = 50) -> list[EffectState | None]:
        """Carry out what is due, and what follows from it; return how each try ended."""
        ended: list[EffectState | None] = []
        for number in range(rounds):
            due = await self.claim(f"round-{number}")
            if not due:
                break
            ended += [await deliver(self.ports, self.means, effect) for effect in due]
        return ended

    async def claim(self, token: str = "worker", limit: int = 50) -> tuple[Effect, ...]:
        """Take what is due, as a worker does."""
        now = self.clock.now()
        return await self.store.transact(lambda tx: tx.effects.claim(now, 120, limit, token))

    # --- looking ---

    async def proposal(self, proposal_id: ProposalId) -> Proposal:
        """Return a proposal as it is stored."""
        return await self.store.read(lambda tx: tx.proposals.get(proposal_id))

    async def meeting(self, meeting_id: MeetingId) -> Meeting:
        """Return a meeting as it is stored."""
        return await self.store.read(lambda tx: tx.meetings.get(meeting_id))

    async def meetings(self, person: PersonId) -> tuple[Meeting, ...]:
        """Return all meetings of a person, cancelled ones too."""
        return await self.store.read(lambda tx: tx.meetings.of_person(person, (0, NOW * 2)))

    async def grant(self, person: PersonId, name: str = "work") -> Grant:
        """Return a grant as it is stored."""
        return await self.store.read(lambda tx: tx.links.grant(GrantId(f"grant-{person}-{name}")))

    async def effect(self, effect_id: EffectId | None) -> Effect:
        """Return an effect as it is stored."""
        assert effect_id is not None
        return await self.store.read(lambda tx: tx.effects.get(effect_id))

    def effects(self, *kinds: EffectKind) -> list[Effect]:
        """Return everything that was ever to be done, oldest first."""
        rows = [row for _, row in self.store._tables.effects.items()]
        return [row for row in rows if not kinds or row.kind in kinds]

    def notices(self, person: PersonId, *kinds: NoticeKind) -> list[Effect]:
        """Return the notices queued for a person."""
        return [
            effect
            for effect in self.effects()
            if effect.person_id == person
            and effect.key.startswith("notify:")
            and (not kinds or NoticeKind(effect.payload["kind"]) in kinds)
        ]

    def everything(self) -> dict[str, list[tuple[Any, Any]]]:
        """Return all that is stored, to see that nothing changed."""
        tables = self.store._tables
        return {f.name: list(getattr(tables, f.name).items()) for f in fields(tables)}


def request(
    asker: PersonId, *others: PersonId, window: Span = NEXT_WEEK, **changes: Any
) -> MeetingRequest:
    """Return a request for half an hour next week."""
    wanted = MeetingRequest(
        programme_id=PROGRAMME,
        asker=asker,
        attendees=(asker, *others),
        minutes=30,
        windows=(window,),
        zone=ZONES[asker],
    )
    return replace(wanted, **changes)


async def make_world(world: World | None = None) -> World:
    """Return the world, or one of the caller's, with the calendars of Ines, Noah and Omar."""
    world = world or World()
    await world.people()
    for person in (INES, NOAH, OMAR):
        await world.connect(person)
    return world
