"""The whole way through a conversation: off by default, asked once, and never acting by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from adapters.memory.calendar import MemoryCalendars
from adapters.memory.store import MemoryStore
from adapters.system import RandomIds
from bot.message import Incoming, Outgoing, Place
from bot.switchboard import Switchboard
from core.booking.meeting import Attendee, Meeting, MeetingState, Path
from core.ids import GrantId, MeetingId, OrgId, PairId, PersonId, ProgrammeId
from core.links import Grant, Provider
from core.people import ChatIdentity, Organisation, Person
from core.ports import Ports, Tx
from core.programme import Membership, Pair, Programme, Role
from tests.unit.understand_llm.answers import answer, person, span, weekday, when
from tests.unit.understand_llm.endpoint import Model

NOW = 1_792_486_800  # Tue 20 Oct 2026 09:00 UTC
ORG, AURORA = OrgId("org"), ProgrammeId("aurora")
ODD = "Flurbling Priya"  # no rule knows this


class Clock:
    def now(self) -> int:
        return NOW


@dataclass
class Chat:
    said: list[Outgoing] = field(default_factory=list)

    async def send(self, _: Place, message: Outgoing) -> str:
        self.said.append(message)
        return str(len(self.said))

    async def edit(self, _: Place, __: str, message: Outgoing) -> None:
        self.said.append(message)

    async def private(self, _: Place, __: ChatIdentity, message: Outgoing) -> None:
        self.said.append(message)

    async def progress(self, _: Place, __: str) -> None:
        """Nobody looks."""

    async def direct(self, identity: ChatIdentity) -> Place:
        return Place("local", "local", identity.user)


@dataclass
class Talk:
    """Maya and her mentor Priya, and a model that may be asked."""

    model: Model
    store: MemoryStore
    chat: Chat
    switchboard: Switchboard

    async def says(self, text: str) -> list[Outgoing]:
        place, who = Place("local", "local", "maya"), ChatIdentity("local", "local", "maya")
        before = len(self.chat.said)
        await self.switchboard.turn(Incoming(who, place, text))
        return self.chat.said[before:]

    async def switch(self, value: str, scope: str = ORG) -> None:
        await self.store.transact(lambda tx: tx.settings.write(scope, "llm", value))

    async def meeting(self) -> Meeting:
        return await self.store.read(lambda tx: tx.meetings.get(MeetingId("m1")))


def labels(messages: list[Outgoing]) -> list[str]:
    return [a.label for m in messages if m.card for a in m.card.actions]


PEOPLE = (("maya", "Maya Patel", Role.MENTEE), ("priya", "Priya Nair", Role.MENTOR))


def _people(tx: Tx) -> None:
    tx.organisations.save(Organisation(ORG, "Lantern House"))
    tx.programmes.save(Programme(AURORA, ORG, "Aurora"))
    for who, name, role in PEOPLE:
        tx.people.save(Person(PersonId(who), ORG, name, f"{who}@example.org", "Europe/London"))
        tx.people.identify(ChatIdentity("local", "local", who), PersonId(who))
        tx.programmes.join(Membership(AURORA, PersonId(who), role))
    tx.programmes.add_pair(Pair(PairId("1"), AURORA, PersonId("priya"), PersonId("maya")))


@pytest.fixture
async def talk(model: Model) -> AsyncIterator[Talk]:
    store, chat = MemoryStore(), Chat()
    services = {Provider.CALDAV: MemoryCalendars().service()}
    ports = Ports(store, Clock(), RandomIds(), services, "assistant.example.org")
    await store.transact(_people)
    reader = model.reader()
    model.answer = answer(people=[person("Priya")])
    yield Talk(model, store, chat, Switchboard(ports, {"local": chat}, lambda: None, reader))
    await reader.close()


async def test_off_by_default(talk: Talk) -> None:
    with capture_logs() as logs:
        await talk.says(ODD)
    assert talk.model.calls == 0
    read = [line for line in logs if line["event"] == "sentence_read"]
    assert [(line["engine"], line["intent"]) for line in read] == [("rules", "unknown")]


async def test_a_programme_cannot_switch_it_on(talk: Talk) -> None:
    await talk.switch("on", AURORA)
    await talk.says(ODD)
    assert talk.model.calls == 0


async def test_once_switched_on_an_unknown_sentence_is_asked_once(talk: Talk) -> None:
    unread = await talk.says(ODD)
    await talk.switch("on")
    with capture_logs() as logs:
        found = await talk.says(ODD)
    assert talk.model.calls == 1
    assert talk.model.asked[0]["messages"][1]["content"] == ODD
    assert found != unread
    read = [line for line in logs if line["event"] == "sentence_read"]
    assert [(line["engine"], line["intent"]) for line in read] == [("quick-1", "book")]
    assert "Flurbling" not in repr(logs)
    assert "Priya" not in repr(logs)


async def test_a_session_is_proposed_and_not_booked(talk: Talk) -> None:
    await talk.switch("on")
    time = when("Flurbling", options=[span(weekday(3))])
    talk.model.answer = answer(people=[person("Priya")], time=time)
    found = await talk.says(ODD)
    assert talk.model.calls == 1
    assert "Thu 22 Oct" in found[0].text
    assert found[0].card is not None
    assert found[0].card.title == "30 minutes with Priya Nair"
    assert "None of these" in labels(found)
    ever, priya = (NOW, NOW + 10**8), PersonId("priya")
    assert await talk.store.read(lambda tx: tx.meetings.of_person(priya, ever)) == ()
    assert await talk.store.read(lambda tx: tx.effects.of_person(priya)) == ()


KNOWN = ["book with Priya tomorrow at 3pm", "what have I got?", "help", "thank you", "hello",
         "connect my calendar", "order me a pizza for tonight", "Thursday afternoon?",
         "my link is https://meet.example.org/maya"]  # fmt: skip


@pytest.mark.parametrize("text", KNOWN)
async def test_known_sentences_are_not_asked(talk: Talk, text: str) -> None:
    await talk.switch("on")
    assert await talk.says(text)
    assert talk.model.calls == 0


async def test_a_password_is_not_passed_on(talk: Talk) -> None:
    await talk.switch("on")
    await talk.says("flurbling my app password is abcd-efgh-ijkl-mnop")
    assert talk.model.calls == 0


async def test_without_a_good_answer_unknown_stands(talk: Talk) -> None:
    unread = await talk.says(ODD)
    await talk.switch("on")
    talk.model.answer = answer(people=[person("Alex")])
    assert await talk.says(ODD) == unread
    talk.model.answer = answer("accept")
    assert await talk.says(ODD) == unread
    assert talk.model.calls == 2


async def test_a_cancellation_is_asked_for_first(talk: Talk) -> None:
    await talk.switch("on")
    await talk.store.transact(_meeting)
    talk.model.answer = answer("cancel", people=[person("Priya")])
    asked = await talk.says(ODD)
    assert talk.model.calls == 1
    assert labels(asked) == ["Cancel the session", "Keep it"]
    assert (await talk.meeting()).state is MeetingState.BOOKED


async def test_a_disconnection_is_asked_for_first(talk: Talk) -> None:
    await talk.switch("on")
    await talk.store.transact(lambda tx: tx.links.save_grant(GRANT))
    talk.model.answer = answer("disconnect_calendar")
    asked = await talk.says(ODD)
    assert labels(asked) == ["Disconnect", "Keep it"]
    grants = await talk.store.read(lambda tx: tx.links.grants_of([PersonId("maya")]))
    assert grants == {GRANT.id: GRANT}


GRANT = Grant(GrantId("g1"), PersonId("maya"), Provider.CALDAV, "maya@example.org", {})


def _meeting(tx: Tx) -> None:
    attendees = tuple(
        Attendee(PersonId(who), who.title(), f"{who}@example.org", "Europe/London", Path.INVITE)
        for who in ("maya", "priya")
    )
    start, priya = NOW + 86_400, PersonId("priya")
    tx.meetings.save(
        Meeting(MeetingId("m1"), AURORA, None, priya, attendees, start, start + 1800,
                "Europe/London", "Session", "m1@example.org")
    )  # fmt: skip
