"""An organisation in memory, and a reader of transcripts that talks to its administration.

A transcript has one step per line:

    Dana: admin aurora weekends on        somebody writes
    Dana presses: Save                    somebody presses the button of the last card
    Dana answers: yes                     somebody answers the open question in words
    Tandem: Aurora has …                  what the last message says; "…" stands for any text
    Tandem offers: Save | Undo            the labels of its buttons, all of them
    Tandem shows: hours | 07:00-20:00     the last card's tables or fields hold such a row
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.memory.store import MemoryStore
from bot.card import Fields, Table, Times
from bot.converse.admin import admin_action, admin_answer, admin_command, admin_file
from bot.converse.state import Conversation
from bot.converse.turn import Reply, Turn
from bot.message import Incoming, Outgoing, Place
from core.booking.meeting import Attendee, Meeting, Path
from core.booking.proposal import Answer, MeetingRequest, Proposal, ProposalState, Slot
from core.ids import GrantId, MeetingId, OrgId, PairId, PersonId, ProgrammeId, ProposalId
from core.links import Grant, LinkState, Provider
from core.people import ChatIdentity, Organisation, Person
from core.ports import AuditEntry, Ports, Tx
from core.programme import Membership, Pair, Programme, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.effects import Effect

NOW = int(datetime(2026, 10, 20, 9, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86_400
ORG = OrgId("0" * 31 + "1")


def an_id(number: int) -> str:
    return f"{number:032x}"


@dataclass
class SetClock:
    at: int = NOW

    def now(self) -> int:
        return self.at


class CountedIds:
    def __init__(self) -> None:
        self._last = 10_000

    def new(self) -> str:
        self._last += 1
        return an_id(self._last)


@dataclass
class World:
    """Who is there. `people` and `programmes` by first name and name in small letters."""

    ports: Ports
    store: MemoryStore
    clock: SetClock
    people: dict[str, Person] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    talks: dict[str, Conversation] = field(default_factory=dict)
    progress: list[str] = field(default_factory=list)
    last: Outgoing | None = None
    numbers: int = 100

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    # --- making it -----------------------------------------------------------------------------

    async def organisation(self, name: str = "Larkfield") -> None:
        await self.store.transact(lambda tx: tx.organisations.save(Organisation(ORG, name)))

    async def programme(self, name: str) -> Programme:
        made = Programme(ProgrammeId(an_id(self.number())), ORG, name)
        await self.store.transact(lambda tx: tx.programmes.save(made))
        self.programmes[name.lower()] = made
        return made

    async def person(
        self, key: str, name: str, zone: str, *roles: Role, programme: str = "aurora"
    ) -> Person:
        email = f"{name.lower().replace(' ', '.')}@example.org"
        person = Person(PersonId(an_id(self.number())), ORG, name, email, zone)
        programme_id = self.programmes[programme].id if roles else ProgrammeId("")

        def work(tx: Tx) -> None:
            tx.people.save(person)
            tx.people.identify(ChatIdentity("local", "w", key), person.id)
            for role in roles:
                tx.programmes.join(Membership(programme_id, person.id, role))

        await self.store.transact(work)
        self.people[key] = person
        return person

    async def pair(self, mentor: str, mentee: str, programme: str = "aurora") -> Pair:
        made = Pair(
            PairId(an_id(self.number())),
            self.programmes[programme].id,
            self.people[mentor].id,
            self.people[mentee].id,
        )
        await self.store.transact(lambda tx: tx.programmes.add_pair(made))
        return made

    async def meeting(self, start: int, *keys: str, programme: str = "aurora") -> Meeting:
        people = [self.people[key] for key in keys]
        number = an_id(self.number())
        made = Meeting(
            MeetingId(number),
            self.programmes[programme].id,
            None,
            people[0].id,
            tuple(Attendee(p.id, p.name, p.email, p.zone, Path.INVITE) for p in people),
            start,
            start + 1800,
            people[0].zone,
            "A session",
            f"{number}@example.org",
        )

        def work(tx: Tx) -> None:
            tx.meetings.save(made)
            tx.meetings.claim(made)

        await self.store.transact(work)
        return made

    async def proposal(
        self, start: int, *keys: str, programme: str = "aurora", made_at: int = NOW
    ) -> Proposal:
        people = tuple(self.people[key].id for key in keys)
        request = MeetingRequest(
            self.programmes[programme].id, people[0], people, 30, ((start, start + 1800),), "UTC"
        )
        made = Proposal(
            ProposalId(an_id(self.number())),
            request,
            (Slot(start, start + 1800),),
            made_at,
            start,
            ProposalState.OFFERED,
            {people[0]: Answer((start,))},
        )
        await self.store.transact(lambda tx: tx.proposals.save(made))
        return made

    async def connect(self, *keys: str, broken: bool = False) -> None:
        state = LinkState.BROKEN if broken else LinkState.OK

        def work(tx: Tx) -> None:
            for key in keys:
                number = GrantId(an_id(self.number()))
                grant = Grant(number, self.people[key].id, Provider.CALDAV, "account", {})
                tx.links.save_grant(replace(grant, state=state))

        await self.store.transact(work)

    async def alter(self, key: str, **changes: object) -> Person:
        """Change fields of a person."""
        self.people[key] = replace(self.people[key], **changes)  # type: ignore[arg-type]
        await self.store.transact(lambda tx: tx.people.save(self.people[key]))
        return self.people[key]

    # --- talking to it -------------------------------------------------------------------------

    def turn(self, key: str, **incoming: str) -> Turn:
        who = ChatIdentity("local", "w", key)

        async def progress(text: str) -> None:
            self.progress.append(text)

        return Turn(
            self.people[key],
            Incoming(who, Place("local", "w", key), **incoming),  # type: ignore[arg-type]
            self.clock.now(),
            self.talks.get(key, Conversation()),
            progress,
        )

    async def says(self, key: str, text: str) -> Outgoing:
        await self._refresh(key)
        return self._take(key, await admin_command(self.ports, self.turn(key, text=text), text))

    async def presses(self, key: str, label: str) -> Outgoing:
        assert self.last is not None
        assert self.last.card is not None, "there is no card"
        ids = {action.label: action.id for action in self.last.card.actions}
        assert label in ids, f"no button {label!r} among {list(ids)}"
        return await self.acts(key, ids[label])

    async def acts(self, key: str, action: str) -> Outgoing:
        await self._refresh(key)
        turn = self.turn(key, action=action)
        return self._take(key, await admin_action(self.ports, turn, tuple(action.split(":")[1:])))

    async def answers(self, key: str, text: str) -> Outgoing:
        await self._refresh(key)
        reply = await admin_answer(self.ports, self.turn(key, text=text))
        assert reply is not None, f"{text!r} was not taken as an answer"
        return self._take(key, reply)

    async def uploads(self, key: str, text: str, name: str = "people.csv") -> Outgoing:
        await self._refresh(key)
        turn = self.turn(key, file_name=name, file_text=text)
        return self._take(key, await admin_file(self.ports, turn))

    async def _refresh(self, key: str) -> None:
        person_id = self.people[key].id
        self.people[key] = await self.store.read(lambda tx: tx.people.get(person_id))

    def _take(self, key: str, reply: Reply) -> Outgoing:
        assert len(reply.messages) == 1
        self.talks[key] = reply.talk
        self.last = reply.messages[0]
        for action in self.buttons(self.last):
            assert len(action[1]) <= 255
        return self.last

    @staticmethod
    def buttons(message: Outgoing) -> list[tuple[str, str]]:
        return [(a.label, a.id) for a in message.card.actions] if message.card else []

    # --- looking at it -------------------------------------------------------------------------

    async def audit(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        return await self.store.read(lambda tx: tx.audit.latest(ORG, limit))

    async def notices(self, key: str) -> list[Effect]:
        person_id = self.people[key].id
        effects = await self.store.read(lambda tx: tx.effects.of_person(person_id, 1000))
        return [effect for effect in reversed(effects) if effect.kind == "notify"]

    async def kinds(self, key: str) -> list[str]:
        return [effect.payload["kind"] for effect in await self.notices(key)]


def empty_world() -> World:
    store, clock = MemoryStore(), SetClock()
    return World(Ports(store, clock, CountedIds(), {}, "example.org"), store, clock)


async def aurora() -> World:
    """One programme with a global and a programme administrator, and six who take part."""
    world = empty_world()
    await world.organisation()
    await world.programme("Aurora")
    await world.person("jo", "Jo Bell", "Europe/London")
    await world.alter("jo", is_admin=True)
    await world.person("dana", "Dana Fox", "Europe/London", Role.ADMIN)
    await world.person("maya", "Maya Lane", "Europe/London", Role.MENTEE)
    await world.person("alex", "Alex Chen", "America/New_York", Role.MENTOR)
    await world.person("romero", "Alex Romero", "Europe/Madrid", Role.MENTOR)
    await world.person("priya", "Priya Nair", "Asia/Kolkata", Role.MENTOR)
    await world.person("sam", "Sam Diaz", "America/New_York", Role.MENTEE)
    await world.person("tom", "Tom Weber", "Europe/Berlin", Role.MENTOR)
    await world.pair("alex", "maya")
    return world


async def aurora_and_borealis() -> World:
    """The same with a second programme, so that one programme's administrator is not alone."""
    world = await aurora()
    await world.programme("Borealis")
    await world.person("ravi", "Ravi Shah", "Asia/Kolkata", Role.ADMIN, programme="borealis")
    return world


# --- transcripts ----------------------------------------------------------------------------------

STEP = re.compile(r"(?P<who>\w+)(?P<how>: | presses: | answers: | offers: | shows: )(?P<what>.*)")


async def play(world: World, transcript: str) -> None:
    """Play a transcript; the first line that does not hold fails with its number."""
    for number, line in enumerate(transcript.strip().splitlines(), start=1):
        said = " ".join(line.split())
        if not said:
            continue
        step = STEP.fullmatch(said)
        assert step, f"line {number} is no step: {line!r}"
        who, how, what = step["who"], step["how"].strip(" :"), step["what"]
        if who != "Tandem":
            act = {"": world.says, "presses": world.presses, "answers": world.answers}[how]
            await act(who.lower(), what)
        else:
            assert world.last is not None
            _check(world.last, how, what, number)


def _check(message: Outgoing, how: str, what: str, number: int) -> None:
    if how == "":
        pattern = ".*".join(re.escape(part) for part in what.split("…"))
        assert re.fullmatch(pattern, message.text, re.DOTALL), (
            f"line {number}: expected {what!r}, got {message.text!r}"
        )
    elif how == "offers":
        labels = [label for label, _ in World.buttons(message)]
        wanted = [] if what == "nothing" else what.split(" | ")
        assert labels == wanted, f"line {number}: {labels}"
    else:
        found = rows(message)
        wanted_row = what.split(" | ")
        assert any(_is_row(wanted_row, row) for row in found), (
            f"line {number}: no row {wanted_row} in {found}"
        )


def _is_row(wanted: list[str], row: tuple[str, ...]) -> bool:
    return all(cell in row for cell in wanted)


def rows(message: Outgoing) -> list[tuple[str, ...]]:
    """Return what a card's tables, fields and times hold, row by row."""
    return list(_rows(message))


def _rows(message: Outgoing) -> Iterable[tuple[str, ...]]:
    for part in message.card.parts if message.card else ():
        if isinstance(part, Table):
            yield from part.rows
        elif isinstance(part, Fields):
            yield from part.fields
        elif isinstance(part, Times):
            yield from ((line.text, line.detail) for line in part.times)
