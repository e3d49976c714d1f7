"""Two hundred bookings by a process that is killed again and again (SIGKILL), and what remains.

Ten mentees book twenty sessions each, as impatient people do: what fails is simply done again.
Meanwhile the process is killed at moments that nobody chose and started anew. Calendar server
and mail server live through all of it and tell afterwards what really happened.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.speak import words
from core.effects import CAP
from tests.e2e.harness import LOST, Chat, Deployment, Message, until, verbs
from tests.e2e.town import (
    Entry,
    Post,
    Someone,
    calendars,
    connect,
    entries,
    message_id,
    settle,
)

if TYPE_CHECKING:
    from pathlib import Path

SEED = 2027
KILLS = 20
EARLY = 3  # so many of the restarts are killed too, before they are through
SESSIONS = 20  # of each mentee
REQUESTS = 4  # at least so many are answered for each session
WAIT = 300.0
# The other mentee was faster: new times are offered, also when that answer was lost by a kill.
GONE = ("just gone", "Newer times have replaced these")
# After so many seconds the work of a killed process is taken up again. Any value is safe,
# because an act is cut off before; a short one only makes the end come sooner.
LEASE = 10

MENTORS = [
    Someone("Nora Quill", "nora@harbour.example"),
    Someone("Ivo Brandt", "ivo@harbour.example", "Europe/Berlin"),
    Someone("Lena Ostrow", "lena@harbour.example"),
    Someone("Marc Dufour", "marc@harbour.example", "Europe/Paris"),
    Someone("Tess Ward", "tess@harbour.example"),
]
NAMES = ("Ben", "Cleo", "Dov", "Elin", "Finn", "Gita", "Hugo", "Iris", "Joel", "Kira")
MENTEES = [
    Someone(f"{name} Ashdown", f"{name.lower()}@harbour.example", mentor=MENTORS[n // 2].email)
    for n, name in enumerate(NAMES)
]
PEOPLE = [*MENTORS, *MENTEES]


def _quiet(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A session of which somebody was told that it is booked; `accept` is the button."""

    mentee: Someone
    mentor: Someone
    accept: str

    @property
    def stamp(self) -> str:
        """Its start as calendars write it."""
        start = int(self.accept.split(":")[2])
        return f"{datetime.fromtimestamp(start, UTC):%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it came: which process had sent it, counted from the first."""

    to: str
    subject: str
    message_id: str
    process: int


@dataclass(frozen=True, slots=True)
class Remains:
    """What there is when everything has settled."""

    booked: list[Booked]
    calendars: dict[str, list[Entry]]
    letters: list[Letter]
    pressed_again: list[list[Message]]
    proposals: dict[str, int]
    meetings: int
    kills: int
    failures: int
    seconds: float

    def copies(self) -> list[list[Letter]]:
        """Return the mails with their repetitions: each person has one about each session."""
        groups: defaultdict[tuple[str, str], list[Letter]] = defaultdict(list)
        for letter in self.letters:
            groups[letter.to, letter.subject].append(letter)
        return list(groups.values())

    def lines(self) -> list[str]:
        """Return the figures in words."""
        again = len(self.letters) - len(self.copies())
        share = 100 * again / len(self.letters)
        events = sum(map(len, self.calendars.values()))
        count = len(self.booked)
        failed = f"{self.failures} requests failed and were repeated"
        return [
            f"{self.kills} x kill -9 during {count} bookings, {self.seconds:.0f} s; {failed}",
            f"sessions lost: {count - self.meetings}; events: {events} (two for each session)",
            f"mails: {len(self.letters)}, of them sent again after a kill: {again} ({share:.1f} %)",
        ]


@dataclass(slots=True)
class Strikes:
    """Kills the process, each time after some number of answered requests and a moment more."""

    deployment: Deployment
    dice: random.Random
    kills: int = 0
    answered: int = 0
    tell: Callable[[str], None] = _quiet
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self) -> None:
        """Note that a request was answered."""
        with self.lock:
            self.answered += 1

    def run(self) -> None:
        """Kill and restart until all kills are done."""
        most = REQUESTS * SESSIONS * len(MENTEES) - 20
        for number, threshold in enumerate(sorted(self.dice.sample(range(10, most), KILLS))):
            self._wait_for(threshold)
            time.sleep(self.dice.uniform(0, 0.2))
            self._kill()
            if number < EARLY:
                self.deployment.launch()
                time.sleep(self.dice.uniform(0.2, 1.2))
                self._kill()
            self.deployment.start()
            self.tell(f"{self.kills} kills, {self.answered} requests answered")

    def _wait_for(self, threshold: int) -> None:
        until(lambda: self.answered >= threshold, f"{threshold} answered requests", WAIT)

    def _kill(self) -> None:
        self.deployment.kill()
        self.kills += 1


@dataclass(slots=True)
class Crowd:
    """All the people at once."""

    deployment: Deployment
    strikes: Strikes
    booked: list[Booked] = field(default_factory=list)
    failures: int = 0

    def run(self) -> None:
        """Let everybody book while the process is killed under them."""
        with ThreadPoolExecutor(len(MENTEES) + 1) as pool:
            jobs = [pool.submit(self.strikes.run)]
            jobs += [pool.submit(self._book_all, mentee) for mentee in MENTEES]
            for job in jobs:
                job.result()

    def insist(self, work: Callable[[], list[Message]]) -> list[Message]:
        """Do something again and again until it is answered."""

        def once() -> list[Message]:
            try:
                found = work()
            except LOST:
                self.failures += 1
                return []
            if any(words.FAILED.partition("{")[0] in message.text for message in found):
                self.failures += 1
                return []
            self.strikes.count()
            return found

        return until(once, "an answer", WAIT)

    def _book_all(self, mentee: Someone) -> None:
        """Book the sessions of one mentee, one after another, each on another day."""
        mentor = next(one for one in MENTORS if one.email == mentee.mentor)
        dice = random.Random(f"{SEED}:{mentee.email}")
        mine = 0
        while mine < SESSIONS:
            mine += self._book(mentee, mentor, _workday(3 + mine), dice)

    def _book(self, mentee: Someone, mentor: Someone, day: date, dice: random.Random) -> bool:
        """Ask, offer all times, let the mentor take one; tell whether it was still free."""
        asker, taker = Chat(self.deployment, mentee.email), Chat(self.deployment, mentor.email)
        found = self.insist(lambda: asker.write(f"book with {mentor.name} on {day:%d %B}"))
        offers = verbs(found, "offer")
        assert offers, found
        proposal = offers[0].split(":")[1]
        told = self.insist(lambda: asker.press(offers[0]))
        if any(text in message.text for message in told for text in GONE):
            return False
        try:
            asked = self.insist(
                lambda: [m for m in taker.inbox() if verbs([m], f"accept:{proposal}")]
            )
        except AssertionError as error:
            raise AssertionError(self._story(proposal, told)) from error
        accept = dice.choice(verbs(asked, f"accept:{proposal}"))
        answer = self.insist(lambda: taker.press(accept))
        if any(message.text.startswith("Booked:") for message in answer):
            self.booked.append(Booked(mentee, mentor, accept))
            return True
        assert any(text in message.text for message in answer for text in GONE), answer
        return False

    def _story(self, proposal: str, told: list[Message]) -> str:
        """Return what became of a proposal whose mentor was not asked."""
        file = f"file:{self.deployment.database}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as database:
            state = database.execute("SELECT state FROM proposal WHERE id = ?", [proposal])
            about = "SELECT kind, state, attempts, last_error FROM effect WHERE key LIKE ?"
            effects = database.execute(about, [f"%{proposal}%"])
            return f"never asked: {told} {state.fetchall()} {effects.fetchall()}"


def play(folder: Path, tell: Callable[[str], None] = _quiet) -> Remains:
    """Let it all happen; return what remains. `tell` is given a line now and then."""
    began = time.monotonic()
    with Post() as post, calendars(folder / "calendars", PEOPLE) as server:
        settings = {"smtp_url": post.url, "caldav_allow": server.address, "lease": str(LEASE)}
        deployment = Deployment(folder, settings).start()
        try:
            settle(deployment, PEOPLE, folder)
            for one in PEOPLE:
                connect(deployment, server, one)
            tell(f"{len(PEOPLE)} people are connected")
            strikes = Strikes(deployment, random.Random(SEED), tell=tell)
            crowd = Crowd(deployment, strikes)
            crowd.run()
            tell(f"all booked, {_outstanding(deployment)} effects still to be carried out")
            until(lambda: not _outstanding(deployment), "everything was carried out", WAIT)
            tell("pressing every button again")
            again = [Chat(deployment, b.mentor.email).press(b.accept) for b in crowd.booked]
            until(lambda: not _outstanding(deployment), "everything was carried out", WAIT)
        finally:
            deployment.stop()
        return Remains(
            booked=crowd.booked,
            calendars={one.email: entries(server, one) for one in PEOPLE},
            letters=_letters(post, deployment.launched),
            pressed_again=again,
            proposals=_count(deployment, "SELECT state, count(*) FROM proposal GROUP BY state"),
            meetings=_count(deployment, "SELECT 'all', count(*) FROM meeting")["all"],
            kills=strikes.kills,
            failures=crowd.failures,
            seconds=time.monotonic() - began,
        )


def _workday(number: int) -> date:
    """Return the n-th workday from today."""
    day = datetime.now(UTC).date()
    for _ in range(number):
        day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def _outstanding(deployment: Deployment) -> int:
    """Return how much waits for others than for its time.

    What failed, or was begun by a process that was killed, is tried again within CAP; what is due
    later and was never tried, as the daily look at each account, has its own time.
    """
    now = int(time.time())
    due = f"(due_at <= {now} OR attempts > 0 AND due_at < {now + 2 * CAP})"
    waiting = f"state = 'ready' AND {due} AND kind NOT IN ('tend', 'expire')"
    return _count(deployment, f"SELECT 'all', count(*) FROM effect WHERE {waiting}")["all"]  # noqa: S608  # no foreign words in it


def _count(deployment: Deployment, statement: str) -> dict[str, int]:
    """Ask the database's file, which is only read."""
    with closing(sqlite3.connect(f"file:{deployment.database}?mode=ro", uri=True)) as database:
        return {str(name): int(number) for name, number in database.execute(statement)}


def _letters(post: Post, launched: list[float]) -> list[Letter]:
    """Return the mails with the process that sent them.

    A process needs long to start: what comes after its launch at first is still from the one
    before, and both are apart by far more than a mail takes.
    """
    return [
        Letter(mail.to[0], mail.subject, message_id(mail), bisect(launched, at))
        for mail, at in zip(post.mails(), post.stamps.at, strict=True)
    ]
