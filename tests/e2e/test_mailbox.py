"""`tandem serve` with a mailbox: answers by mail count in chat, and its troubles stop nobody."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from imaplib import Time2Internaldate
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.e2e.harness import Chat, Deployment, fetch, until, verbs
from tests.e2e.town import ADMIN, Post, Someone, message_id, settle, wait_for
from tests.unit.mail import arriving as at
from tests.unit.mail.imap_server import PASSWORD, USER, Imap

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

NORA = Someone("Nora Quill", "nora@harbour.example")
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)
PASS = f"{at.OURS}; dmarc=pass header.from=harbour.example"


class Mailbox:
    """The assistant's mailbox on a real server, on a thread of its own."""

    def __init__(self) -> None:
        self._imap = Imap()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._imap.prepare())
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, password: str = PASSWORD) -> str:
        """Return its address."""
        return f"imap://{USER}:{password.replace(' ', '%20')}@127.0.0.1:{self._imap.port}"

    def open(self) -> None:
        """Listen."""
        self._run(self._imap.start())

    def close(self) -> None:
        """Cut everybody off."""
        self._run(self._imap.stop())

    def deliver(self, *mails: bytes) -> None:
        """Let mails come in."""
        self._run(self._imap.deliver(*mails, came=Time2Internaldate(time.time())))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as server:
        yield server


def deployment(folder: Path, imap_url: str, smtp_url: str = "smtp://127.0.0.1:9") -> Deployment:
    more = {"imap_url": imap_url, "imap_authserv": at.OURS, "smtp_url": smtp_url}
    return Deployment(folder, more)


def hears(chat: Chat, words: str) -> None:
    """Wait until somebody is told something."""
    until(lambda: any(words in one.all for one in chat.inbox()), f"{chat.person} hears “{words}”")


def doctor(chat: Chat) -> str:
    return " ".join(one.all for one in chat.write("admin doctor"))


def invitation(post: Post, to: Someone) -> tuple[dict[str, str], str]:
    """Return the invitation that went to somebody: its UID and times, and its Message-ID."""
    (mail,) = until(lambda: [m for m in post.to(to.email) if b"text/calendar" in m.raw], "a mail")
    whole = message_from_bytes(mail.raw)
    (part,) = [p for p in whole.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    text = bytes(part.get_payload(decode=True) or b"").decode().replace("\r\n ", "")
    names = ("UID", "DTSTART", "DTEND", "SEQUENCE")
    lines = dict(re.findall(rf"^({'|'.join(names)})[^:\n]*:(.*?)\r?$", text, re.MULTILINE))
    return lines, message_id(mail)


def answer(lines: dict[str, str], partstat: str, second: int, **more: Any) -> str:
    """Return what Ben's calendar program answers, without ORGANIZER as Outlook.com does."""
    return at.event(
        partstat,
        BEN.email,
        uid=lines["UID"],
        sequence=int(lines["SEQUENCE"]),
        stamp=f"20300101T0000{second:02}Z",
        organizer=False,
        **{"start": f"DTSTART:{lines['DTSTART']}", "end": f"DTEND:{lines['DTEND']}", **more},
    )


def head(number: int, **more: str) -> str:
    return at.headers(BEN.email, message_id=f"<{number}@mail.example.org>", auth=PASS, **more)


def later(stamp: str) -> str:
    at_utc = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return (at_utc + timedelta(hours=1)).strftime("%Y%m%dT%H%M%SZ")


def book(deployed: Deployment) -> None:
    """Let Ben, who has no calendar connected, book a session with Nora."""
    ben, nora = Chat(deployed, BEN.email), Chat(deployed, NORA.email)
    (offer, *_) = verbs(ben.write("book with Nora next week"), "offer")
    ben.press(offer)
    nora.press(wait_for(nora, "accept", offer.split(":")[1]))


def test_a37_and_a38_what_is_answered_by_mail_is_seen_in_chat(
    tmp_path: Path, mailbox: Mailbox, post: Post
) -> None:
    with deployment(tmp_path, mailbox.url(), post.url) as deployed:
        settle(deployed, [NORA, BEN], tmp_path)
        book(deployed)
        lines, mail = invitation(post, BEN)
        nora, ada = Chat(deployed, NORA.email), Chat(deployed, ADMIN)

        mailbox.deliver(at.outlook(answer(lines, "DECLINED", 1), head(1)))
        hears(nora, "Ben Ashdown declined the invitation")
        mailbox.deliver(at.gmail(answer(lines, "ACCEPTED", 2), head(2)))
        hears(nora, "Ben Ashdown accepted the invitation")
        other = {"start": f"DTSTART:{later(lines['DTSTART'])}", "method": "COUNTER"}
        other["end"] = f"DTEND:{later(lines['DTEND'])}"
        counter = answer(lines, "TENTATIVE", 3, **other)
        kind = "text/calendar; charset=utf-8; method=COUNTER"
        mailbox.deliver(at.single(counter, kind=kind, head=head(3)))
        hears(nora, "Ben Ashdown proposes another time by mail")

        before = len(nora.inbox())
        mallory = at.headers("mallory@evil.example", message_id="<4@mail.example.org>", auth=PASS)
        mailbox.deliver(
            at.outlook(answer(lines, "DECLINED", 4), mallory),
            at.words("I am away", head(5, more="Auto-Submitted: auto-replied")),
            at.bounce(BEN.email, mail),
        )
        hears(ada, "Mails to Ben Ashdown come back")
        shown = doctor(ada)
        assert "mails that come back" in shown
        assert BEN.email in shown
        assert len(nora.inbox()) == before
        assert deployed.stop() == 0
        taken = [line["taken"] for line in deployed.events("mail")]
        assert taken == ["answered", "answered", "proposed", "stranger", "automatic", "bounced"]
        assert "harbour.example" not in deployed.log.read_text()


def test_a_mailbox_that_is_away_is_tried_again(tmp_path: Path, mailbox: Mailbox) -> None:
    mailbox.deliver(at.words("who is there?"))
    mailbox.close()
    with deployment(tmp_path, mailbox.url()) as deployed:
        until(lambda: len(deployed.events("mailbox_lost")) > 1, "it is tried again")
        assert fetch(deployed.url, "/ready").status == 200
        ada = Chat(deployed, ADMIN)
        assert "My own mailbox cannot be read since" in doctor(ada)
        done = deployed.run("doctor")
        assert "WRONG  mailbox: mail: the mailbox cannot be read" in done.out
        mailbox.open()
        until(lambda: deployed.events("mail"), "what waited is taken")
        assert "My own mailbox" not in doctor(ada)
        assert "ok     mailbox" in deployed.run("doctor").out


def test_a_wrong_password_is_said_and_stops_nobody(tmp_path: Path, mailbox: Mailbox) -> None:
    with deployment(tmp_path, mailbox.url("not the word")) as deployed:
        (line,) = until(lambda: deployed.events("mailbox_refused"), "it is logged")
        assert line["level"] == "error"
        assert line["why"] == "the mailbox does not accept our login"
        assert line["mend"] == "TANDEM_IMAP_URL"
        assert fetch(deployed.url, "/ready").status == 200
        ada = Chat(deployed, ADMIN)
        until(lambda: "My own mailbox does not let me in" in doctor(ada), "the doctor says so")
        told = deployed.run("doctor")
        assert "correct user name and password in TANDEM_IMAP_URL" in told.out
        assert len(deployed.events("mailbox_refused")) == 1  # more would lock the account
        assert deployed.stop() == 0
        assert "not the word" not in deployed.log.read_text() + told.out + told.err
        assert "not%20the%20word" not in deployed.log.read_text() + told.out + told.err


def test_an_address_that_cannot_be_right_is_refused_at_the_start(tmp_path: Path) -> None:
    done = deployment(tmp_path, "imap://a:secret@mail.example.org").run("serve")
    assert done.code == 1
    assert "TANDEM_IMAP_URL: imap:// would send the password readable" in done.err
    assert "secret" not in done.err
