"""What came in is kept, answered once, in order, and after every kind of end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.system import SystemClock
from bot.inbox import LEASE, MOST_TEXT, WITHHELD, InboxWorker, as_body, cleaned, from_body
from bot.message import Incoming, Outgoing, Place
from bot.switchboard import Switchboard
from core.errors import AccessRevoked, Conflict, RateLimited, Unavailable
from core.ids import OrgId, PersonId
from core.people import ChatIdentity, Organisation, Person
from core.ports import Clock, Ports, Tx
from tests.talks.stage import CHAT, NOW, Chats, CountedIds, SetClock, Stage, aurora

ROOT = Path(__file__).resolve().parents[3]
KEY = ("k1", bytes(range(32)))
WHO = ChatIdentity("slack", "T1", "U1")
PLACE = Place("slack", "T1", "D1", "17.2")
FAILED = "Something went wrong on my side"


# --- what is kept -------------------------------------------------------------------------------

texts = st.text(max_size=200)


@given(
    text=texts,
    action=texts,
    values=st.dictionaries(texts, texts, max_size=4),
    file_text=texts,
    private=st.booleans(),
)
def test_what_is_kept_comes_back_as_it_was(
    text: str, action: str, values: dict[str, str], file_text: str, private: bool
) -> None:
    incoming = Incoming(
        WHO, PLACE, text, action, values, "people.csv", file_text, "E1", private, "Europe/Rome", "7"
    )
    kept = cleaned(incoming)
    assert from_body(as_body(kept)) == kept
    assert cleaned(kept) == kept
    as_body(kept).encode()  # can be sealed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("book\x00with\x07Alex", "book with Alex"),
        ("\x1b[31mbook\x1b[0m now", "book now"),
        ("a \ud800 b", "a   b"),
        ("Zo\u00eb \U0001f44d\nline", "Zo\u00eb \U0001f44d\nline"),
        ("", ""),
    ],
)
def test_control_characters_become_spaces(text: str, kept: str) -> None:
    assert cleaned(Incoming(WHO, PLACE, text)).text == kept


def test_long_texts_and_forms_are_cut() -> None:
    kept = cleaned(Incoming(WHO, PLACE, "x" * 2_000_000, values={"a": "y" * 2_000_000}))
    assert len(kept.text) == MOST_TEXT
    assert len(as_body(kept)) < 100_000


@pytest.mark.parametrize(
    "text",
    [
        "abcd-efgh-ijkl-mnop",
        "my password is hunter2",
        "my pass\x00word: x, abcd-efgh-ijkl-mnop",
        f"{'x ' * MOST_TEXT} my password is hunter2",
    ],
)
def test_a_password_is_replaced_before_it_is_kept(text: str) -> None:
    assert cleaned(Incoming(WHO, PLACE, text)).text == WITHHELD


def test_values_of_a_form_are_not_shown() -> None:
    incoming = Incoming(WHO, PLACE, action="connect:verify:caldav", values={"password": "secret"})
    assert "secret" not in repr(incoming)
    assert "secret" not in repr(from_body(as_body(incoming)))


# --- on a stage ---------------------------------------------------------------------------------


def unread(stage: Stage, who: str) -> list[str]:
    return [seen.message.text for seen in stage.chats.unread.pop(who, [])]


async def test_what_belongs_to_one_conversation_is_answered_in_order() -> None:
    stage = await aurora()
    for text in ("my zone is Europe/Rome", "my zone is Europe/Paris", "my zone is Europe/Oslo"):
        await stage.reception.receive(stage.incoming("maya", text=text))
    await stage.drain()
    assert [t.split()[-4] for t in unread(stage, "maya")] == [
        "Europe/Rome,",
        "Europe/Paris,",
        "Europe/Oslo,",
    ]


async def test_the_answer_is_waited_for_and_a_repetition_shows_nothing() -> None:
    stage = await aurora()
    incoming = stage.incoming("maya", text="thanks", event_id="E1")
    first, *others = await asyncio.gather(*(stage.inbox.answer(incoming) for _ in range(5)))
    shown = [first, *others]
    assert sorted(len(sent) for sent in shown) == [0, 0, 0, 0, 1]
    assert unread(stage, "maya") == ["With pleasure!"]


async def test_one_event_id_in_two_workspaces_is_two_events() -> None:
    stage = await aurora()
    one = stage.incoming("maya", text="thanks", event_id="E1")
    other = replace(one, place=one.place._replace(workspace="other"))
    assert await stage.reception.receive(one)
    assert await stage.reception.receive(other)


@pytest.mark.parametrize("event", ["a\x00b", "\ud800", "x" * 100_000])
async def test_odd_event_ids_are_known_again(event: str) -> None:
    stage = await aurora()
    incoming = stage.incoming("maya", text="thanks", event_id=event)
    assert [await stage.reception.receive(incoming) for _ in range(2)] == [True, False]
    assert await stage.reception.receive(replace(incoming, event_id=f"{event}x"))
    assert "\x00" not in stage.everything_stored()


async def test_events_without_an_id_are_never_repetitions() -> None:
    stage = await aurora()
    for _ in range(2):
        await stage.says("maya", "thanks")
    assert len(unread(stage, "maya")) == 2


@pytest.mark.parametrize("error", [RateLimited(retry_after=40), Unavailable(), Conflict()])
async def test_a_chat_that_is_away_is_waited_for(
    error: Unavailable | RateLimited | Conflict,
) -> None:
    stage = await aurora()
    stage.chats.errors += [error] * 6
    await stage.says("maya", "thanks")
    for _ in range(8):
        await stage.wait(50)
    assert unread(stage, "maya") == ["With pleasure!"]


async def test_only_the_rest_of_an_answer_is_sent_again() -> None:
    stage = await aurora()
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    unread(stage, "maya")
    unread(stage, "alex")
    stage.chats.errors.append(RateLimited(retry_after=5))  # the second message of the answer
    await stage.presses("alex", "Tue 27 Oct 10:00 New York")
    assert len(unread(stage, "alex")) == 1
    await stage.wait(10)
    (news,) = unread(stage, "alex")
    assert news.startswith("Booked: ")
    assert len(await stage.meetings("alex")) == 1


async def test_a_chat_that_is_away_for_good_ends_it() -> None:
    stage = await aurora()
    stage.chats.errors += [Unavailable()] * 50
    await stage.says("maya", "thanks")
    for _ in range(8):
        await stage.wait(900)
    assert await stage.store.read(lambda tx: tx.inbox.next_due()) is None
    stage.chats.errors.clear()
    await stage.says("maya", "thanks")
    assert unread(stage, "maya") == ["With pleasure!"]


async def test_who_cannot_be_answered_holds_up_nobody() -> None:
    stage = await aurora()
    stage.chats.errors.append(AccessRevoked())
    await stage.says("maya", "thanks")
    assert await stage.store.read(lambda tx: tx.inbox.next_due()) is None
    await stage.says("maya", "thanks")
    assert unread(stage, "maya") == ["With pleasure!"]


class Broken(Switchboard):
    """Fails by our own fault each time."""

    tries = 0

    async def turn(self, incoming: Incoming) -> tuple[()]:
        self.tries += 1
        raise ZeroDivisionError


class Quiet(Chats):
    """Takes every message, the one that something went wrong as well."""

    async def send(self, to: Place, message: object) -> str:
        self.progressed.append(message.text)  # type: ignore[attr-defined]  # an Outgoing
        return "m"


async def test_a_turn_that_fails_for_good_is_answered_so() -> None:
    stage, chats = await aurora(), Quiet()
    board = Broken(stage.ports, {CHAT[0]: chats}, lambda: None)
    inbox = InboxWorker(stage.ports, board)
    await inbox.receive(stage.incoming("maya", text="thanks"))
    for _ in range(8):
        await inbox.drain()
        stage.clock.at += 60
    assert board.tries == 3
    (text,) = chats.progressed
    assert text.startswith(FAILED)
    assert await stage.store.read(lambda tx: tx.inbox.next_due()) is None


async def test_the_loop_answers_and_stops_without_losing_anything() -> None:
    stage = await aurora()
    running = asyncio.create_task(stage.inbox.run())
    sent = await stage.inbox.answer(stage.incoming("maya", text="thanks"))
    assert [one.message.text for one in sent] == ["With pleasure!"]
    await stage.inbox.stop()
    await running
    assert await stage.reception.receive(stage.incoming("maya", text="hello"))
    assert await stage.store.read(lambda tx: tx.inbox.next_due()) is not None


# --- after an end -------------------------------------------------------------------------------


def house(store: SqlStore, clock: Clock, chats: Chats) -> InboxWorker:
    """Return the inbox of a process on a database."""
    ports = Ports(store, clock, CountedIds(), {}, "example.org")
    return InboxWorker(ports, Switchboard(ports, {"slack": chats}, lambda: None))


def a_world(tx: Tx) -> None:
    """Let Maya be in an organisation and in Slack."""
    tx.organisations.save(Organisation(OrgId("o1"), "Lantern House"))
    maya = Person(PersonId("maya"), OrgId("o1"), "Maya Patel", "maya@example.org", "Europe/London")
    tx.people.save(maya)
    tx.people.identify(WHO, maya.id)


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(url)
    return url


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def opened(url: str) -> SqlStore:
    return SqlStore(url, Sealer([KEY]))


async def test_what_was_kept_is_answered_once_after_a_restart(database: str) -> None:
    store = opened(database)
    await store.transact(a_world)
    clock, chats = SetClock(), Chats()
    incoming = Incoming(WHO, PLACE, "thanks", event_id="E1")
    assert await house(store, clock, chats).receive(incoming)
    store.dispose()

    store = opened(database)
    again = house(store, clock, chats)
    assert not await again.receive(incoming)
    await again.drain()
    await again.drain()
    assert [s.message.text for s in chats.unread["D1"]] == ["With pleasure!"]
    store.dispose()


async def test_words_are_sealed_while_they_wait_and_wiped_when_answered(
    database: str, tmp_path: Path
) -> None:
    store = opened(database)
    await store.transact(a_world)
    inbox = house(store, SetClock(), Chats())
    values = {"username": "maya", "password": "a-very-secret-word"}
    await inbox.receive(Incoming(WHO, PLACE, action="connect:verify:caldav", values=values))
    await inbox.receive(Incoming(WHO, PLACE, "a word of mine"))
    waiting = on_disk(tmp_path)
    assert b"very-secret" not in waiting
    assert b"a word of mine" not in waiting
    store.dispose()


class DyingError(BaseException):
    """The process ends here, as by kill -9."""


class Dying(Chats):
    """A chat during whose answer the process ends."""

    async def send(self, to: Place, message: object) -> str:
        raise DyingError


async def test_a_turn_that_was_cut_off_is_taken_up_when_its_lease_is_over(database: str) -> None:
    store = opened(database)
    await store.transact(a_world)
    clock = SetClock()
    dying = house(store, clock, Dying())
    await dying.receive(Incoming(WHO, PLACE, "my zone is Europe/Rome", event_id="E1"))
    with pytest.raises(DyingError):
        await dying.drain()
    store.dispose()

    store, chats = opened(database), Chats()
    inbox = house(store, clock, chats)
    await inbox.drain()
    assert not chats.unread  # the other process may still be at it
    clock.at += LEASE
    await inbox.drain()
    assert len(chats.unread["D1"]) == 1
    assert (await store.read(lambda tx: tx.people.get(PersonId("maya")))).zone == "Europe/Rome"
    store.dispose()


KILLED = """
import asyncio, os, signal, sys
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.system import SystemClock
from adapters.system import RandomIds, SystemClock
from bot.inbox import InboxWorker
from bot.message import Incoming, Place
from bot.switchboard import Switchboard
from core.people import ChatIdentity
from core.ports import Ports

async def main():
    store = SqlStore(sys.argv[1], Sealer([("k1", bytes(range(32)))]))
    ports = Ports(store, SystemClock(), RandomIds(), {}, "example.org")
    inbox = InboxWorker(ports, Switchboard(ports, {}, lambda: None))
    incoming = Incoming(
        ChatIdentity("slack", "T1", "U1"), Place("slack", "T1", "D1", ""), "thanks", event_id="E9"
    )
    assert await inbox.receive(incoming)
    for lease in sys.argv[2:]:  # it had begun to answer
        now = ports.clock.now()
        await store.transact(lambda tx: tx.inbox.claim(now, 3600, 9, f"{inbox._name}:{lease}"))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def run_until_killed(database: str, *leases: str) -> None:
    """Let another process keep a message, begin to answer it with a lease, and be killed."""
    run = [sys.executable, "-c", KILLED, database, *leases]
    ended = await asyncio.to_thread(
        subprocess.run, run, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert ended.returncode == -signal.SIGKILL


async def test_what_was_acknowledged_survives_kill_9(database: str) -> None:
    store = opened(database)
    await store.transact(a_world)
    await run_until_killed(database)
    clock, chats = SetClock(at=2 * NOW), Chats()
    inbox = house(store, clock, chats)
    await inbox.drain()
    assert [s.message.text for s in chats.unread["D1"]] == ["With pleasure!"]
    store.dispose()


async def test_what_a_killed_process_had_begun_is_taken_up_at_once(database: str) -> None:
    store = opened(database)
    await store.transact(a_world)
    await run_until_killed(database, "a")
    chats = Telling()
    inbox = house(store, SystemClock(), chats)
    running = asyncio.create_task(inbox.run())
    async with asyncio.timeout(10):
        await chats.told.wait()
    assert [s.message.text for s in chats.unread["D1"]] == ["With pleasure!"]
    await inbox.stop()
    await running
    store.dispose()


class Telling(Chats):
    """A chat that says when something was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    async def send(self, to: Place, message: Outgoing) -> str:
        self.told.set()
        return await super().send(to, message)


class Hanging(Chats):
    """A chat that never takes an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def send(self, to: Place, message: object) -> str:
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_what_was_said_first_is_not_done_last_after_an_end(database: str) -> None:
    store = opened(database)
    await store.transact(a_world)
    clock = SetClock()
    chat = Hanging()
    first = Incoming(WHO, PLACE, "my zone is Europe/Rome", event_id="E1")
    ending = asyncio.create_task(house(store, clock, chat).answer(first))
    await chat.reached.wait()
    chats = Chats()
    inbox = house(store, clock, chats)
    running = asyncio.create_task(inbox.run())
    later = Incoming(WHO, PLACE, "my zone is Europe/Oslo", event_id="E2")
    answer = asyncio.create_task(inbox.answer(later))
    done, _ = await asyncio.wait([answer], timeout=0.3)
    assert not done  # the other process may still be at it
    clock.at += LEASE
    inbox.wake()
    (sent,) = await answer
    before, second = (s.message.text for s in chats.unread["D1"])
    assert "Rome" in before
    assert second == sent.message.text
    assert "Oslo" in second
    ending.cancel()
    await inbox.stop()
    await running
    store.dispose()
