"""What stands around a deployment: a mail server, calendar servers, and people.

All of them are real: mails go over SMTP, calendars are read with CalDAV as any calendar program
would, and people connect theirs through the form they are shown.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from typing import TYPE_CHECKING, Any, Self

from adapters.demo.mail_sink import MailSink, SunkMail, Trouble
from adapters.demo.radicale_server import RadicaleServer
from tests.e2e.harness import Chat, Deployment, Message, fetch, until

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence
    from pathlib import Path

ADMIN = "ada@harbour.example"
PROGRAMME = "Lighthouse"
CALENDAR = "work"


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who takes part; mentees name their mentor's address."""

    name: str
    email: str
    zone: str = "Europe/London"
    mentor: str = ""

    @property
    def account(self) -> str:
        """Their name on the calendar server, which is not their address."""
        return f"{self.email.partition('@')[0]}-4711"

    @property
    def password(self) -> str:
        """What opens their calendar."""
        return f"opens-{self.account}-only"


class Stamps:
    """A clock for the mail server that remembers, finer than seconds, when it was asked.

    The mail server asks once for each mail, so the n-th stamp belongs to the n-th mail.
    """

    def __init__(self) -> None:
        self.at: list[float] = []

    def now(self) -> int:
        self.at.append(time.monotonic())
        return int(time.time())


class Post:
    """The mail server, on a thread of its own; it goes on whatever happens to the product."""

    def __init__(self) -> None:
        self.stamps = Stamps()
        self._sink = MailSink(self.stamps)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where mail is handed over."""
        return f"smtp://127.0.0.1:{self._port}"

    def open(self) -> None:
        """Listen."""
        self._run(self._sink.start())
        self._port = self._sink.port

    def close(self) -> None:
        """Stop listening, so that nobody can connect."""
        self._run(self._sink.stop())

    def make(self, trouble: Trouble | None) -> None:
        """Refuse, hang up or be slow from now on; None is behaving well again."""
        self._sink.trouble = trouble

    def kept_waiting(self) -> int:
        """Return how many mails wait at this moment for a server that is slow."""
        return self._sink.kept_waiting

    def mails(self) -> list[SunkMail]:
        """Return all mails, oldest first."""
        return self._sink.mails()

    def to(self, email: str) -> list[SunkMail]:
        """Return the mails to one person."""
        return [mail for mail in self.mails() if email in mail.to]

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def message_id(mail: SunkMail) -> str:
    """Return a mail's Message-ID."""
    return str(message_from_bytes(mail.raw)["Message-ID"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it stands on a calendar server; `start` is DTSTART as it is written."""

    uid: str
    start: str
    title: str


def calendars(folder: Path, people: Iterable[Someone], port: int = 0) -> RadicaleServer:
    """Return a calendar server with one empty calendar for each of these people."""
    crowd = list(people)
    server = RadicaleServer(folder, {one.account: one.password for one in crowd}, port)
    properties = {
        "tag": "VCALENDAR",
        "D:displayname": "Work",
        "C:supported-calendar-component-set": "VEVENT",
    }
    for one in crowd:
        home = server.collection(one.account, CALENDAR)
        home.mkdir(parents=True, exist_ok=True)
        (home / ".Radicale.props").write_text(json.dumps(properties))
    return server


def entries(server: RadicaleServer, one: Someone) -> list[Entry]:
    """Return everything in somebody's calendar, read from the server with their password."""
    word = base64.b64encode(f"{one.account}:{one.password}".encode()).decode()
    answer = fetch(
        server.address, f"/{one.account}/{CALENDAR}/", headers={"Authorization": f"Basic {word}"}
    )
    assert answer.status == 200, answer.body
    text = re.sub(r"\r?\n[ \t]", "", answer.body)
    return [
        Entry(_line(part, "UID"), _line(part, "DTSTART"), _line(part, "SUMMARY"))
        for part in text.split("BEGIN:VEVENT")[1:]
    ]


def _line(part: str, name: str) -> str:
    found = re.search(rf"^{name}[^:\n]*:(.*?)\r?$", part, re.MULTILINE)
    return found[1] if found else ""


def put(server: RadicaleServer, one: Someone, uid: str, *lines: str) -> None:
    """Put an event into somebody's calendar, by the file that it is on the server."""
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Diary//EN", "BEGIN:VEVENT"]
    text += [f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    (server.collection(one.account, CALENDAR) / f"{uid}.ics").write_text("\r\n".join(text))


def table(people: Sequence[Someone]) -> str:
    """Return the people as the file that administrators import."""
    rows = [
        f"{one.name},{one.email},{one.zone},{'mentee' if one.mentor else 'mentor'},{one.mentor}"
        for one in people
    ]
    return "\n".join(["name,email,zone,role,mentor", *rows, ""])


def found_programme(deployment: Deployment) -> list[Message]:
    """Let the first administrator start the programme, in chat."""
    return Chat(deployment, ADMIN).write(f"admin create programme {PROGRAMME}")


def settle(deployment: Deployment, people: Sequence[Someone], folder: Path) -> None:
    """Start the programme in chat and bring its people in by the command line."""
    found_programme(deployment)
    file = folder / "people.csv"
    file.write_text(table(people))
    done = deployment.run("import", PROGRAMME, str(file))
    assert done.code == 0, done


def connect(deployment: Deployment, server: RadicaleServer, one: Someone) -> list[Message]:
    """Let somebody connect their calendar through the private form."""
    chat = Chat(deployment, one.email)
    shown = chat.press(
        "connect:verify:caldav",
        username=one.account,
        password=one.password,
        server=server.url,
    )
    (save,) = [action for action in shown[-1].actions if action.startswith("connect:choose:")]
    return chat.press(save, primary=shown[-1].inputs["primary"]["value"], write="yes")


def wait_for(chat: Chat, verb: str, about: str = "") -> str:
    """Wait until a button of a kind stands in somebody's inbox; return the newest one."""

    def look() -> str:
        found = [
            action
            for message in reversed(chat.inbox())
            for action in message.actions
            if action.startswith(f"{verb}:{about}")
        ]
        return found[0] if found else ""

    return until(look, f"{chat.person} can press {verb}:{about}")
