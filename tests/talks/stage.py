"""The product on a stage: its real parts on a store, calendars and mails in memory.

The clock stands at Tue 20 Oct 2026 09:00 UTC until a test sets it. `script.py` plays written
conversations on it.
"""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Protocol

from adapters.almanac.days import HolidayAlmanac
from adapters.memory.calendar import MemoryCalendars
from adapters.memory.mail import MemoryMail
from adapters.memory.store import MemoryStore
from adapters.web.signing import ItsSigner
from bot.channel import ChatPerson
from bot.doors import App, Doors
from bot.inbox import InboxWorker
from bot.message import Incoming, Outgoing, Place
from bot.reception import ChatReception
from bot.speak import words
from bot.speak.mails import MailWriter
from bot.speak.news_mails import NewsMails
from bot.speak.notifier import ChatNotifier
from bot.switchboard import Switchboard
from bot.worker import Worker
from core.booking.drafts import SENDER_NAME, EventDraft, Mail
from core.errors import AccessRevoked, ProviderError, RemoteMissing
from core.ids import LinkId, OrgId, PairId, PersonId, ProgrammeId
from core.links import CalendarLink, Provider, Tier, Use
from core.people import ChatIdentity, Organisation, Person
from core.ports import Busy, Ports, Tx
from core.programme import Membership, Pair, Programme, Role
from core.timing.zones import instant
from core.use_cases.deliver import Means

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.card import Card
    from bot.channel import ChatChannel, Directory
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal

NOW = int(datetime(2026, 10, 20, 9, tzinfo=UTC).timestamp())
ORG = OrgId("0" * 31 + "1")
AURORA = ProgrammeId("0" * 31 + "2")
CHAT = ("local", "local")
LONGEST_ID, LONGEST_LABEL = 255, 75  # of a button, in the strictest of the chats
FAILED = words.FAILED.partition("{")[0]


@dataclass
class SetClock:
    at: int = NOW

    def now(self) -> int:
        return self.at


class CountedIds:
    """Ids that rise, so that what was made later sorts later."""

    def __init__(self) -> None:
        self._last = 0x1000

    def new(self) -> str:
        self._last += 1
        return f"{self._last:032x}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person saw it: new, or a card that changed in place; or a form that a
    button opened at once, which has no text of a message.
    """

    ref: str
    message: Outgoing
    edited: bool
    form: bool = False


@dataclass
class Chats:
    """Every kind of chat: keeps, for each conversation, what stands there and what was not read.

    A private conversation has the id of its user. `shut` are users who have blocked us, `errors`
    are raised once each by what is sent next, `people` is who is who outside the local chat.
    """

    standing: dict[str, dict[str, Outgoing]] = field(default_factory=dict)
    unread: dict[str, list[Seen]] = field(default_factory=dict)
    progressed: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    errors: list[ProviderError] = field(default_factory=list)
    people: dict[ChatIdentity, ChatPerson] = field(default_factory=dict)
    homes: dict[str, ChatIdentity] = field(default_factory=dict)
    asides: list[tuple[str, str, str]] = field(default_factory=list)
    count: int = 0

    async def get(self, identity: ChatIdentity) -> ChatPerson | None:
        return self.people.get(identity)

    def joins(self, kind: str, workspace: str, user: str, email: str, **more: Any) -> ChatIdentity:
        """Let somebody be in a chat; from then on they are called by their id there."""
        identity = ChatIdentity(kind, workspace, user)
        name = str(more.pop("name", user.title()))
        self.people[identity] = ChatPerson(identity, name, email, **more)
        self.homes[user] = identity
        return identity

    async def send(self, to: Place, message: Outgoing) -> str:
        if self.errors:
            raise self.errors.pop(0)
        if to.conversation in self.shut:
            raise AccessRevoked("blocked", provider=to.kind)
        self.count += 1
        ref = f"m{self.count}"
        self._keep(to.conversation, Seen(ref, message, edited=False))
        return ref

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        stands = self.standing.get(self.names.get(to.conversation, to.conversation), {})
        if ref not in stands:
            raise RemoteMissing("no such message", provider="local")
        if stands[ref] != message:
            self._keep(to.conversation, Seen(ref, message, edited=True))

    async def private(self, to: Place, person: ChatIdentity, message: Outgoing) -> None:
        self.asides.append((to.conversation, person.user, message.text))

    async def progress(self, to: Place, text: str) -> None:
        self.progressed.append(text)

    async def direct(self, person: ChatIdentity) -> Place:
        return Place(person.kind, person.workspace, person.user)

    def _keep(self, who: str, seen: Seen) -> None:
        """Keep a message that every chat could show. Text and labels are never empty."""
        message = seen.message
        assert message.text.strip(), "an empty message"
        assert FAILED not in message.text, "the answer is that something went wrong"
        assert "{" not in message.text, f"a sentence with a hole: {message.text}"
        if message.card:
            json.dumps(message.card.as_json())
            for action in message.card.actions:
                assert 0 < len(action.id) <= LONGEST_ID
                assert 0 < len(action.label) <= LONGEST_LABEL, action.label
        who = self.names.get(who, who)
        self.standing.setdefault(who, {})[seen.ref] = message
        self.unread.setdefault(who, []).append(seen)

    def call(self, person_id: str, name: str) -> None:
        """Call a person whose id is no name by one."""
        self.names[person_id] = name
        self.standing[name] = self.standing.pop(person_id, {})
        self.unread[name] = self.unread.pop(person_id, [])

    def button(self, who: str, label: str) -> str:
        """Return the action of the newest button with this label that stands in a chat."""
        return self._pressable(who, label)[1]

    def form(self, who: str, label: str, filled: Mapping[str, str]) -> dict[str, str]:
        """Return what the form with this button sends: choices are filled in by their labels,
        several joined by "+", and what is not filled in stays as it was shown.
        """
        card, _ = self._pressable(who, label)
        values = {entry.name: entry.value for entry in card.inputs}
        for entry in card.inputs:
            said = filled.get(entry.name)
            if said is None:
                continue
            by_label = {label: value for value, label in entry.options}
            known = [by_label[one] for one in said.split("+") if one] if by_label else [said]
            values[entry.name] = "\n".join(known)
        assert set(filled) <= set(values), f"the form asks for {sorted(values)}"
        return values

    def _pressable(self, who: str, label: str) -> tuple[Card, str]:
        """Return the newest card with a button of this label, and its action."""
        labels: list[str] = []
        for message in reversed(self.standing.get(who, {}).values()):
            for action in message.card.actions if message.card else ():
                if action.label == label and message.card:
                    return message.card, action.id
                labels.append(action.label)
        raise AssertionError(f"{who} has no button {label!r}, but {labels}")


class Medium(Protocol):
    """A real chat between the people and the product, from their screens to its adapter."""

    chats: Chats
    everybody: tuple[str, str] | None

    def build(self, ports: Ports) -> tuple[Mapping[str, ChatChannel], Mapping[str, Directory]]:
        """Return the adapters of one stage."""
        ...

    def attach(self, stage: Stage) -> None:
        """Lead what people do to this stage from now on."""
        ...

    async def meets(self, person: Person) -> None:
        """Let somebody be in the chat, and the product know them there."""
        ...

    async def take(self, incoming: Incoming) -> None:
        """Carry what somebody did to the product, as the chat writes it."""
        ...

    async def settle(self) -> None:
        """Put on people's screens what the product has sent."""
        ...


# The chat of the stages that are made from now on; without one they keep what they are told.
MEDIUM: ContextVar[Callable[[], Medium] | None] = ContextVar("MEDIUM", default=None)


@dataclass
class Stage:
    """The product with its people, and everything a test arranges or looks at."""

    clock: SetClock
    store: MemoryStore
    calendars: MemoryCalendars
    mail: MemoryMail
    chats: Chats
    ports: Ports
    switchboard: Switchboard
    inbox: InboxWorker
    reception: ChatReception
    worker: Worker
    doors: Doors
    apps: dict[Provider, App]
    shelves: dict[str, str] = field(default_factory=dict)
    pressed: dict[tuple[str, str], str] = field(default_factory=dict)
    read_mails: int = 0
    medium: Medium | None = None

    # --- what people do -----------------------------------------------------------------------

    async def says(
        self, who: str, text: str, event_id: str = "", *, channel: str = "", zone: str = ""
    ) -> None:
        incoming = self.incoming(who, text=text, event_id=event_id)
        if channel:
            place = incoming.place._replace(conversation=channel, thread="1")
            incoming = replace(incoming, place=place, private=False)
        await self._turn(replace(incoming, zone=zone))

    async def presses(
        self, who: str, label: str, values: Mapping[str, str] | None = None, *, again: bool = False
    ) -> None:
        action = self.pressed[who, label] if again else self.chats.button(who, label)
        self.pressed[who, label] = action
        await self.acts(who, action, values)

    async def acts(
        self, who: str, action: str, values: Mapping[str, str] | None = None, event_id: str = ""
    ) -> None:
        await self._turn(self.incoming(who, action=action, values=values or {}, event_id=event_id))

    def incoming(
        self,
        who: str,
        *,
        text: str = "",
        action: str = "",
        values: Mapping[str, str] | None = None,
        event_id: str = "",
    ) -> Incoming:
        ids = {name: person_id for person_id, name in self.chats.names.items()}
        user = ids.get(who, who)
        home = self.chats.homes.get(user, ChatIdentity(*CHAT, user))
        return Incoming(
            home,
            Place(*home),
            text=text,
            action=action,
            values=values or {},
            event_id=event_id,
        )

    async def _turn(self, incoming: Incoming) -> None:
        if self.medium:
            await self.medium.take(incoming)
        else:
            await self.reception.receive(incoming)
        await self.drain()

    async def drain(self) -> None:
        """Answer what came in, and carry out what follows from it."""
        await self.inbox.drain()
        if self.medium:
            await self._let_in_whoever_is_new(self.medium)
        await self.worker.drain()
        if self.medium:
            await self.medium.settle()

    async def _let_in_whoever_is_new(self, medium: Medium) -> None:
        """People who were added by chat open the assistant at once."""

        def load(tx: Tx) -> list[Person]:
            everybody = [p for o in tx.organisations.all() for p in tx.people.of(o.id)]
            return [p for p in everybody if not tx.people.identities(p.id)]

        for person in await self.store.read(load):
            await medium.meets(person)

    async def wait(self, seconds: int) -> None:
        """Let time pass and do what falls due."""
        await self.set_clock(self.clock.at + seconds)

    async def set_clock(self, at: int) -> None:
        self.clock.at = at
        await self.drain()

    # --- what tests arrange -------------------------------------------------------------------

    async def setting(self, key: str, text: str, scope: str = AURORA) -> None:
        await self.store.transact(lambda tx: tx.settings.write(scope, key, text))

    async def change(self, who: str, **changes: object) -> None:
        """Change fields of a person."""

        def work(tx: Tx) -> None:
            person = tx.people.get(PersonId(who))
            tx.people.save(replace(person, **changes))  # type: ignore[arg-type]  # by name

        await self.store.transact(work)

    async def join(self, *people: Person, role: Role, programme: ProgrammeId = AURORA) -> None:
        def work(tx: Tx) -> None:
            for person in people:
                tx.people.save(person)
                tx.programmes.join(Membership(programme, person.id, role))

        await self.store.transact(work)
        for person in people:
            await self.let_in(person)

    async def let_in(self, person: Person) -> None:
        """Let the product know somebody in the chat."""
        if self.medium:
            await self.medium.meets(person)
            return
        identity = ChatIdentity(*CHAT, person.id)
        await self.store.transact(lambda tx: tx.people.identify(identity, person.id))

    async def pair(self, mentor: str, mentee: str, programme: ProgrammeId = AURORA) -> None:
        pair = Pair(PairId(self.ports.ids.new()), programme, PersonId(mentor), PersonId(mentee))
        await self.store.transact(lambda tx: tx.programmes.add_pair(pair))

    def account(self, username: str, *names: str) -> list[str]:
        """Open an account at the calendar service with these calendars; return their ids."""
        self.calendars.open_account(username, f"pass-{username}")
        return [
            self.calendars.add_calendar(username, name, default=number == 0)
            for number, name in enumerate(names)
        ]

    async def connect(
        self, who: str, tier: Tier = Tier.WRITE, name: str = "Work", use: Use = Use.PRIMARY
    ) -> str:
        """Link one calendar of a person, whose account is named by their address."""
        username = f"{who}@example.org"
        calendar_id = self.account(username, name)[0]
        grant = self.calendars.grant(username, who, self.ports.ids.new())
        link = CalendarLink(
            LinkId(self.ports.ids.new()), grant.id, PersonId(who), calendar_id, name, use, tier
        )

        def work(tx: Tx) -> None:
            known = tx.links.grants_of([PersonId(who)])
            if not known:
                tx.links.save_grant(grant)
            tx.links.save(replace(link, grant_id=next(iter(known), grant.id)))

        await self.store.transact(work)
        self.shelves.setdefault(who, calendar_id)
        return calendar_id

    async def disconnect(self, who: str) -> None:
        def work(tx: Tx) -> None:
            for grant_id in tx.links.grants_of([PersonId(who)]):
                tx.links.remove_grant(grant_id)

        await self.store.transact(work)

    async def busy(self, who: str, first: str, last: str, calendar_id: str = "") -> None:
        """Fill a time of a person's calendar: "2026-10-27 14:00" on their own clock."""
        zone = (await self.person(who)).zone
        self.calendars.add_busy(
            calendar_id or self.shelves[who], Busy(at(first, zone), at(last, zone))
        )

    async def name(self, who: str, email: str) -> None:
        """Give somebody who was added by chat a short name, and let them in."""
        found = await self.store.read(lambda tx: tx.people.by_email(ORG, email))
        assert found is not None, f"nobody has {email}"
        await self.let_in(found)
        self.chats.call(found.id, who)

    # --- what tests look at -------------------------------------------------------------------

    async def person(self, who: str) -> Person:
        return await self.store.read(lambda tx: tx.people.get(PersonId(who)))

    def events(self, who: str) -> list[EventDraft]:
        """Return our copies in a person's primary calendar."""
        return self.calendars.events(self.shelves[who])

    async def meetings(self, who: str) -> tuple[Meeting, ...]:
        """Return all sessions of a person, cancelled ones included."""
        ever = (NOW - 10**8, NOW + 10**8)
        return await self.store.read(lambda tx: tx.meetings.of_person(PersonId(who), ever))

    async def proposals(self, who: str) -> tuple[Proposal, ...]:
        return await self.store.read(lambda tx: tx.proposals.open_of(PersonId(who)))

    def new_mails(self) -> list[Mail]:
        """Return the mails sent since this was asked last."""
        new = self.mail.sent[self.read_mails :]
        self.read_mails = len(self.mail.sent)
        return new

    def everything_stored(self) -> str:
        """Return the whole store as text, to be searched for what must not be there; without
        the bare keys of what was answered.
        """
        tables = self.store._tables
        return "\n".join(
            f"{name} {key!r} {row!r}"
            for name in type(tables).__slots__
            for key, row in getattr(tables, name).items()
            if name != "inbound" or row.inbound.body or not row.done
        )


def at(text: str, zone: str = "UTC") -> int:
    """Return the instant of "2026-10-27 14:00" on a zone's clock."""
    day, clock = text.split()
    return instant(date.fromisoformat(day), time.fromisoformat(clock), zone)


def empty_stage() -> Stage:
    """Return the product put together, with nobody in it."""
    make, clock, ids = MEDIUM.get(), SetClock(), CountedIds()
    medium = make() if make else None
    store, calendars, mail = MemoryStore(), MemoryCalendars(), MemoryMail()
    chats = medium.chats if medium else Chats()
    services = {Provider.CALDAV: calendars.service()}
    almanac = HolidayAlmanac()
    ports = Ports(store, clock, ids, services, "assistant.example.org", almanac=almanac)
    signer = ItsSigner(["a key for the links of tests"], clock)
    apps: dict[Provider, App] = {}
    doors = Doors("https://tandem.example.org", signer, apps)
    channels: Mapping[str, ChatChannel] = dict.fromkeys((CHAT[0], "slack", "teams"), chats)
    directories: Mapping[str, Directory] = {"slack": chats, "teams": chats}
    if medium:
        channels, directories = medium.build(ports)
    switchboard = Switchboard(ports, channels, lambda: None, None, doors, directories)
    inbox = InboxWorker(ports, switchboard)
    letters = MailWriter(
        assistant=SENDER_NAME,
        domain=ports.domain,
        public_url=doors.public_url,
        signer=signer,
        clock=clock,
    )
    mails = NewsMails(store, mail, clock, SENDER_NAME, ports.domain, doors)
    everybody = medium.everybody if medium else CHAT
    notifier = ChatNotifier(store, clock, channels, switchboard.show, everybody, mails)
    worker = Worker(ports, Means(mail, letters, notifier), asyncio.Event())
    reception = ChatReception(ports, inbox, channels, doors)
    parts = (switchboard, inbox, reception, worker, doors, apps)
    stage = Stage(clock, store, calendars, mail, chats, ports, *parts, medium=medium)
    if medium:
        medium.attach(stage)
    return stage


PEOPLE = (
    ("maya", "Maya Patel", "Europe/London", Role.MENTEE),
    ("alex", "Alex Chen", "America/New_York", Role.MENTOR),
    ("romero", "Alex Romero", "Europe/Madrid", Role.MENTOR),
    ("priya", "Priya Nair", "Asia/Kolkata", Role.MENTOR),
    ("sam", "Sam Rivera", "America/New_York", Role.MENTEE),
    ("lee", "Lee Wong", "Europe/Amsterdam", Role.MENTOR),
    ("tom", "Tom Becker", "Europe/Berlin", Role.MENTOR),
    ("dana", "Dana Brooks", "Europe/London", Role.ADMIN),
)
CONNECTED = (
    ("maya", Tier.WRITE),
    ("alex", Tier.WRITE),
    ("romero", Tier.WRITE),
    ("priya", Tier.WRITE),
    ("sam", Tier.BUSY),
    ("lee", Tier.WRITE),
)
RULES = {"buffer": "10 min"}


def person(who: str, name: str, zone: str, **more: object) -> Person:
    """Return a person whose id is their short name and who has met their link question.

    A link of their own keeps the question for one (Y13) out of every other conversation.
    """
    plain = Person(PersonId(who), ORG, name, f"{who}@example.org", zone)
    return replace(plain, **{"meeting_link": f"https://meet.example.org/{who}", **more})  # type: ignore[arg-type]  # fields by name


async def aurora() -> Stage:
    """Return the stage with the programme Aurora and its people."""
    stage = empty_stage()

    def work(tx: Tx) -> None:
        tx.organisations.save(Organisation(ORG, "Lantern House"))
        tx.programmes.save(Programme(AURORA, ORG, "Aurora"))
        tx.settings.write(ORG, "delegate", "on")
        for key, text in RULES.items():
            tx.settings.write(AURORA, key, text)

    await stage.store.transact(work)
    for who, name, zone, role in PEOPLE:
        await stage.join(person(who, name, zone), role=role)
    jo = person("jo", "Jo Park", "Europe/London", is_admin=True)

    await stage.store.transact(lambda tx: tx.people.save(jo))
    await stage.let_in(jo)
    await stage.pair("alex", "maya")
    await stage.pair("priya", "sam")
    for who, tier in CONNECTED:
        await stage.connect(who, tier)
    return stage
