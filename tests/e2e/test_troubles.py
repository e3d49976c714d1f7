"""What people see when a calendar server, the mail server or the disk is in trouble."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.demo.mail_sink import Trouble
from adapters.demo.radicale_server import RadicaleServer
from bot.app import build
from bot.settings import Settings
from tests.e2e.harness import HOST, Chat, Deployment, Message, fetch, until, verbs
from tests.e2e.town import (
    ADMIN,
    Post,
    Someone,
    calendars,
    connect,
    entries,
    put,
    settle,
    wait_for,
)

NORA = Someone("Nora Quill", "nora@harbour.example")
IVO = Someone("Ivo Brandt", "ivo@harbour.example")
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)
CLEO = Someone("Cleo Marsh", "cleo@harbour.example", mentor=IVO.email)
NEAR, FAR = (NORA, BEN, CLEO), (IVO,)
ASK = "book with Ivo next week"
UNCHECKED = "so I could not check it"


@dataclass(frozen=True, slots=True)
class Scene:
    """A running deployment; all calendars are on the near server but Ivo's, which is far."""

    deployment: Deployment
    post: Post
    near: RadicaleServer
    far: RadicaleServer

    def chat(self, one: Someone) -> Chat:
        """Return somebody in the chat."""
        return Chat(self.deployment, one.email)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A search waits two seconds for calendars here, not eight."""
    folder = tmp_path_factory.mktemp("troubles")
    with (
        Post() as post,
        calendars(folder / "near", NEAR) as near,
        calendars(folder / "far", FAR) as far,
    ):
        settings = {
            "smtp_url": post.url,
            "caldav_allow": f"{near.address},{far.address}",
            "find_deadline": "2",
        }
        with Deployment(folder, settings) as deployment:
            settle(deployment, [*NEAR, *FAR], folder)
            for one in NEAR:
                connect(deployment, near, one)
            connect(deployment, far, IVO)
            yield Scene(deployment, post, near, far)


# --- calendars ----------------------------------------------------------------------------------


def ivo_is_unchecked(found: list[Message], why: str) -> None:
    """Check that the answer says so, offers times all the same, and blames nobody else."""
    (message,) = found
    assert re.search(rf"Ivo(?: Brandt)?'s calendar {why}, {UNCHECKED}", message.all), message
    assert message.all.count(UNCHECKED) == 1
    assert re.search(r"Ivo(?: Brandt)? to confirm", message.all)
    assert verbs(found, "offer")


def test_without_trouble_everybody_is_checked(scene: Scene) -> None:
    (message,) = scene.chat(CLEO).write(ASK)
    assert "suit you both" in message.text
    assert UNCHECKED not in message.all


def test_a_calendar_server_that_is_down(scene: Scene) -> None:
    scene.far.stop()
    try:
        ivo_is_unchecked(scene.chat(CLEO).write(ASK), "could not be reached")
    finally:
        scene.far.start()
    assert UNCHECKED not in scene.chat(CLEO).write(ASK)[0].all


def test_a_calendar_server_that_takes_too_long(scene: Scene) -> None:
    """It is stopped in the middle of everything: it takes connections, but never answers."""
    assert scene.far.pid is not None
    os.kill(scene.far.pid, signal.SIGSTOP)
    try:
        ivo_is_unchecked(scene.chat(CLEO).write(ASK), "did not answer in time")
    finally:
        os.kill(scene.far.pid, signal.SIGCONT)
    assert UNCHECKED not in scene.chat(CLEO).write(ASK)[0].all


NONSENSE = {
    "a page": b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html>hello\r\n",
    "a page for an answer": b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 5\r\n\r\n<html",
    "no HTTP": b"220 ready for your mail\r\n",
    "nothing": b"",
    "an error": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
}


@contextmanager
def nonsense(port: int, answer: bytes) -> Iterator[None]:
    """Answer every connection to a port with the same bytes."""
    with closing(socket.create_server((HOST, port))) as server:

        def talk() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            yield
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize("kind", NONSENSE)
def test_a_calendar_server_that_talks_nonsense(scene: Scene, kind: str) -> None:
    scene.far.stop()
    try:
        with nonsense(scene.far.port, NONSENSE[kind]):
            ivo_is_unchecked(scene.chat(CLEO).write(ASK), "could not be reached")
    finally:
        scene.far.start()


def test_an_event_that_makes_no_sense_is_left_out_alone_and_counted(scene: Scene) -> None:
    """The rest of the calendar still counts: all of it is busy but one afternoon."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    free = monday + timedelta(days=3)
    nonsense = (f"DTSTART:{free:%Y%m%d}T120000Z", f"DTEND:{free:%Y%m%d}T140000Z")
    put(scene.far, IVO, "odd", *nonsense, "RRULE:FREQ=MINUTELY;COUNT=3", "SUMMARY:Odd")
    put(scene.far, IVO, "before", *_days(monday, free), "SUMMARY:Away")
    put(scene.far, IVO, "after", *_days(free + timedelta(days=1), monday + timedelta(days=7)))
    try:
        found = scene.chat(CLEO).write(ASK)
    finally:
        for name in ("odd", "before", "after"):
            (scene.far.collection(IVO.account, "work") / f"{name}.ics").unlink()
    starts = [int(action.split(":")[2]) for action in verbs(found, "offer")[1:]]
    assert {datetime.fromtimestamp(start, UTC).date() for start in starts} == {free}
    assert "1 calendar entr" in found[0].all
    assert "made no sense" in found[0].all
    assert UNCHECKED not in found[0].all


def _days(first: object, end: object) -> tuple[str, str]:
    return f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"


# --- mail ---------------------------------------------------------------------------------------


def book(scene: Scene, words: str) -> None:
    """Let Ben book the first time that is offered, and Nora take it."""
    (offer, *_) = verbs(scene.chat(BEN).write(words), "offer")
    scene.chat(BEN).press(offer)
    answer = scene.chat(NORA).press(wait_for(scene.chat(NORA), "accept", offer.split(":")[1]))
    assert any(message.text.startswith("Booked:") for message in answer), answer


def put_off(scene: Scene) -> list[int]:
    """Return when the mails are due that were tried and that nobody is busy with."""
    where = "kind = 'mail_details' AND state = 'ready' AND attempts > 0 AND lease = ''"
    with closing(sqlite3.connect(scene.deployment.database)) as database:
        return [due for (due,) in database.execute(f"SELECT due_at FROM effect WHERE {where}")]  # noqa: S608  # no foreign words in it


def given_up(chat: Chat) -> list[Message]:
    """Return what somebody was told of deliveries that were given up."""
    return [message for message in chat.inbox() if "could not deliver" in message.text]


def test_a_mail_that_is_refused_for_good_is_given_up_where_people_see_it(scene: Scene) -> None:
    scene.post.make(Trouble("550 5.1.1 no such mailbox"))
    try:
        book(scene, "book with Nora on Monday next week")
        admin = Chat(scene.deployment, ADMIN)
        for chat in (scene.chat(NORA), admin):
            until(lambda c=chat: len(given_up(c)) == 2, "both mails are given up, visibly")  # type: ignore[misc]  # bound at once
            for person, message in zip((BEN, NORA), sorted_by_name(given_up(chat)), strict=True):
                assert f"the details mail for {person.name}" in message.text
                assert "refuses it for good" in message.text
        (own,) = given_up(scene.chat(BEN))  # whom it should have reached hears of that alone
        assert f"the details mail for {BEN.name}" in own.text
    finally:
        scene.post.make(None)
    before = len(scene.post.mails())
    for message in given_up(admin):
        (again,) = verbs([message], "retry")
        admin.press(again)
    until(lambda: len(scene.post.mails()) == before + 2, "both mails arrive")
    assert sorted(mail.to[0] for mail in scene.post.mails()[before:]) == [BEN.email, NORA.email]
    (press, *_) = verbs(given_up(admin), "retry")
    assert "again" not in admin.press(press)[0].text.lower()


def sorted_by_name(messages: list[Message]) -> list[Message]:
    """Return what is about Ben before what is about Nora."""
    return sorted(messages, key=lambda message: NORA.name in message.text.partition("(")[0])


def test_the_owner_may_try_again_too(scene: Scene) -> None:
    nora = scene.chat(NORA)
    told, before = len(given_up(nora)), len(scene.post.mails())
    scene.post.make(Trouble("550 5.1.1 no such mailbox"))
    try:
        book(scene, "book with Nora on Friday next week")
        until(lambda: len(given_up(nora)) == told + 2, "both mails are given up")
    finally:
        scene.post.make(None)
    for again in verbs(given_up(nora)[told:], "retry"):
        assert "administrator" not in nora.press(again)[0].text
    until(lambda: len(scene.post.mails()) == before + 2, "both mails arrive")


def test_a_mail_that_is_put_off_is_sent_later(scene: Scene) -> None:
    """Nobody is bothered; after the minute that servers want to be left alone it is tried again."""
    before = len(scene.post.mails())
    told = len(given_up(scene.chat(NORA)))
    scene.post.make(Trouble("450 4.2.1 try again later", at="DATA"))
    try:
        book(scene, "book with Nora on Tuesday next week")

        now = time.time()
        until(lambda: len(put_off(scene)) == 2, "both mails are put off")
        assert min(put_off(scene)) > now + 30
    finally:
        scene.post.make(None)
    with closing(sqlite3.connect(scene.deployment.database)) as database, database:
        database.execute("UPDATE effect SET due_at = due_at - 90 WHERE state = 'ready'")
    scene.chat(BEN).write("what have I got?")  # any turn wakes the worker
    until(lambda: len(scene.post.mails()) == before + 2, "both mails arrive")
    assert sorted(mail.to[0] for mail in scene.post.mails()[before:]) == [BEN.email, NORA.email]
    assert len(given_up(scene.chat(NORA))) == told


def test_a_mail_server_that_hangs_up_gets_the_mail_later(scene: Scene) -> None:
    before = len(scene.post.mails())
    scene.post.make(Trouble(at="DATA", hang_up=True))
    try:
        book(scene, "book with Nora on Wednesday next week")
        until(lambda: len(put_off(scene)) == 2, "both mails are put off")
    finally:
        scene.post.make(None)
    until(lambda: len(scene.post.mails()) == before + 2, "both mails arrive")
    for one in (NORA, BEN):  # nothing of all this has touched the calendars
        found = entries(scene.near, one)
        assert len({event.start for event in found}) == len(found) >= 3


# --- the disk -----------------------------------------------------------------------------------


def complaint(deployment: Deployment, path: str, **body: str) -> str:
    """Do something in the chat; return what is said about the disk, "" when it works."""
    answer = fetch(
        deployment.url,
        f"/local/api/{path}",
        method="POST",
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    said = answer.data["error"] if answer.status != 200 else answer.data["messages"][0]["text"]
    return str(said) if "disk" in said or answer.status != 200 else ""


async def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for the disk; it holds for the connection that writes."""
    people = [NORA, BEN]
    with Post() as post, calendars(tmp_path / "calendars", people) as server:
        outside = Deployment(tmp_path, {"smtp_url": post.url, "caldav_allow": server.address})
        app = build(Settings.model_validate(outside.settings))
        await app.start()
        outside.port = app.port

        def limit(pages: int) -> None:
            """Let the file grow to so many pages, or not at all (0)."""
            with app.store._engines.write.connect() as connection:
                now = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or now}")

        def live() -> None:
            settle(outside, people, tmp_path)
            for one in people:
                connect(outside, server, one)
            ben, nora = Chat(outside, BEN.email), Chat(outside, NORA.email)
            (offer, *_) = verbs(ben.write("book with Nora next week"), "offer")
            ben.press(offer)
            accept = wait_for(nora, "accept", offer.split(":")[1])
            limit(0)
            ask = {"person": BEN.email, "text": "book with Nora next week"}
            take = {"person": NORA.email, "action": accept}
            told = until(lambda: complaint(outside, "messages", **ask), "the disk is full")
            assert "y disk is full" in told
            assert "tell your administrator" in told
            told = complaint(outside, "actions", **take)  # may fit into what is left of the file
            assert told == "" or "y disk is full" in told
            limit(1_000_000)
            assert complaint(outside, "messages", **ask) == ""
            assert any(m.text.startswith("Booked:") for m in nora.press(accept))
            until(lambda: len(post.mails()) == 2, "both mails arrive")
            assert [len(entries(server, one)) for one in people] == [1, 1]

        try:
            await asyncio.to_thread(live)
        finally:
            await app.stop()
