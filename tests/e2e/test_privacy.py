"""What other people's calendars hold, and what opens them, never leaves where it belongs.

Calendars are filled with words that stand nowhere else. Then people do everything that reads
calendars, with everything logged that can be. Afterwards the words are looked for in all that the
product has written, as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from itertools import cycle

import pytest

from adapters.demo.radicale_server import RadicaleServer
from tests.e2e.harness import Chat, Deployment, fetch, until, verbs
from tests.e2e.town import (
    ADMIN,
    PROGRAMME,
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
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)
PEOPLE = (NORA, BEN)
MARKERS = ("Quetzalwing", "Ombrellino", "Xylothek", "Zwiebelmarkt", "Farrago", "Palimpsest")
FIELDS = ("SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES", "COMMENT", "CONTACT")
WRONG_PASSWORD = "mistyped-but-still-secret"


@dataclass(frozen=True, slots=True)
class Written:
    """All that the product has written anywhere, and all that it has shown to anybody."""

    database: bytes
    log: bytes
    chat: str
    mails: str

    def places(self, word: str) -> list[str]:
        """Return where a word stands, in any case."""
        small = word.casefold()
        found = {
            "database": self.database.decode("latin-1"),
            "log": self.log.decode("latin-1"),
            "chat": self.chat,
            "mails": self.mails,
        }
        return [name for name, text in found.items() if small in text.casefold()]


def next_monday() -> date:
    """Return the Monday of the next week."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 - today.weekday())


def fill(server: RadicaleServer) -> None:
    """Put events of all kinds into next week; one of them makes no sense."""
    words = cycle(MARKERS)
    for number, one in enumerate(PEOPLE * 2):
        day = next_monday() + timedelta(days=number)
        titles = [f"{name}:{next(words)}" for name in FIELDS]
        next(words)  # so that each word comes to stand in each field
        times = (f"DTSTART:{day:%Y%m%d}T090000Z", f"DTEND:{day:%Y%m%d}T120000Z")
        put(server, one, f"{MARKERS[0].lower()}-{number}", *times, *titles)
    day = next_monday()
    nonsense = (f"DTSTART:{day:%Y%m%d}T140000Z", "DURATION:PT1H", "RRULE:FREQ=MINUTELY;COUNT=3")
    put(server, NORA, MARKERS[1].lower(), *nonsense, *(f"{name}:{MARKERS[1]}" for name in FIELDS))
    whole = (f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "RRULE:FREQ=WEEKLY;COUNT=3", "TRANSP:TRANSPARENT")
    put(server, BEN, MARKERS[2].lower(), *whole, *(f"{name}:{MARKERS[2]}" for name in FIELDS))


def live(deployment: Deployment, server: RadicaleServer) -> None:
    """Do everything that reads calendars, and some things that go wrong."""
    ben, nora, admin = (Chat(deployment, one) for one in (BEN.email, NORA.email, ADMIN))
    form = {"username": BEN.account, "password": WRONG_PASSWORD, "server": server.url}
    ben.press("connect:verify:caldav", **form)
    ben.write(f"my password is {BEN.password}")
    found = ben.write("book with Nora next week")
    (offer, *_) = verbs(found, "offer")
    ben.press(offer)
    nora.press(wait_for(nora, "accept", offer.split(":")[1]))
    for text in (
        "why not Monday 10:00?",
        "why is Nora never free?",
        "what have I got?",
        "move my session to Thursday next week",
        "my calendars",
        "book Nora Monday 10am",
    ):
        ben.write(text)
    for text in (f"admin {PROGRAMME.lower()} status", "admin deliveries", "admin log"):
        admin.write(text)
    server.stop()
    ben.write("book with Nora next week")
    ben.press("connect:verify:caldav", **form | {"password": BEN.password})
    server.start()
    ben.press("connect:verify:caldav", **form | {"password": BEN.password})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """What is left of all that, with the process still running and all logged."""
    folder = tmp_path_factory.mktemp("privacy")
    with Post() as post, calendars(folder / "calendars", PEOPLE) as server:
        fill(server)
        settings = {"smtp_url": post.url, "caldav_allow": server.address, "log_level": "debug"}
        with Deployment(folder, settings) as deployment:
            settle(deployment, PEOPLE, folder)
            for one in PEOPLE:
                connect(deployment, server, one)
            live(deployment, server)
            until(lambda: len(post.mails()) == len(PEOPLE), "both mails came")
            until(lambda: len(entries(server, BEN)) == 4, "the session is there too")
            yield Written(
                b"".join(file.read_bytes() for file in sorted(folder.glob("tandem.db*"))),
                deployment.log.read_bytes(),
                "".join(_inbox(deployment, person) for person in (ADMIN, BEN.email, NORA.email)),
                "".join(_readable(mail.raw) for mail in post.mails()),
            )


def _inbox(deployment: Deployment, person: str) -> str:
    """Return all that somebody has read and written."""
    answer = fetch(deployment.url, f"/local/api/inbox?person={person}&own=true")
    return "\n".join(str(message) for message in answer.data["messages"])


def _readable(raw: bytes) -> str:
    """Return a mail as it came, and its parts decoded."""
    parts = [part.get_payload(decode=True) for part in
             message_from_bytes(raw, policy=policy.default).walk()]  # fmt: skip
    return "\n".join(part.decode("latin-1") for part in (raw, *parts) if isinstance(part, bytes))


def test_the_search_sees_what_is_there(written: Written) -> None:
    """Otherwise nothing below would mean anything."""
    assert written.places("Ashdown") == ["database", "chat", "mails"]
    assert written.places("place_event") == ["database", "log"]
    assert len(written.database) > 100_000


@pytest.mark.parametrize("marker", MARKERS)
def test_nothing_of_an_event_but_its_time_is_kept_or_shown(written: Written, marker: str) -> None:
    assert written.places(marker) == []


@pytest.mark.parametrize("secret", [NORA.password, BEN.password, WRONG_PASSWORD])
def test_passwords_are_nowhere_in_the_clear(written: Written, secret: str) -> None:
    assert written.places(secret) == []


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: one.name)
def test_account_names_are_sealed_and_never_logged(written: Written, one: Someone) -> None:
    assert not {"database", "log", "mails"} & set(written.places(one.account))


def test_nobody_is_named_in_the_log(written: Written) -> None:
    for one in (*PEOPLE,):
        assert "log" not in written.places(one.name)
        assert "log" not in written.places(one.email)
