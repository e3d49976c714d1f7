"""What asking people's calendars costs, with services that need 200 ms for every answer.

One search asks three people with two calendars each: each at another service, and all at the same
one. Then fifty such searches of different people run at once. The services are a process of their
own (`tests/bench/calendars.py`), and every account was opened before, so what is seen is the
waiting that cannot be avoided and the product's own work.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from adapters.caldav.calendar import CalDav
from adapters.google.calendar import GoogleCalendar
from adapters.google.oauth import Endpoints as GoogleEndpoints
from adapters.google.scopes import ASKED
from adapters.memory.store import MemoryStore
from adapters.microsoft.auth import Endpoints as MicrosoftEndpoints
from adapters.microsoft.calendar import MicrosoftCalendar
from adapters.system import RandomIds
from core.booking.proposal import MeetingRequest
from core.ids import GrantId, LinkId, OrgId, PersonId, ProgrammeId
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.people import Organisation, Person
from core.ports import Ports
from core.programme import Membership, Programme, Role
from core.timing.zones import DAY
from core.use_cases.find_times import find_times
from tests.bench.calendars import ANSWERS_AFTER, MONDAY
from tests.servers.graph.entra import CLIENT, SECRET

if TYPE_CHECKING:
    from core.ports import Tx
    from core.use_cases.find_times import Finding

ROOT = Path(__file__).parents[2]
ORG, PROGRAMME = OrgId("bench"), ProgrammeId("bench")
TOGETHER, ALONE, TURNS = 50, 20, 3
GROUP, CALENDARS = 3, 2
MOST = 1.3
SPARE = 0.025  # seconds: what one search alone may add
TRIO = (Provider.GOOGLE, Provider.MICROSOFT, Provider.CALDAV)
KINDS: Mapping[str, Sequence[Provider]] = {
    "one at each": TRIO,
    "Google": [Provider.GOOGLE] * GROUP,
    "Microsoft": [Provider.MICROSOFT] * GROUP,
    "CalDAV": [Provider.CALDAV] * GROUP,
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where the services listen."""

    url: str
    authority: str
    ca_file: str


class StandingClock:
    """It is always the Friday before the week that is asked for."""

    def now(self) -> int:
        """Return the instant."""
        return MONDAY - 3 * DAY + 9 * 3600


class Unchanged:
    """Nothing is renewed here."""

    async def renewed(self, grant: Grant, secret: Mapping[str, str]) -> Grant:
        """Return the grant with other credentials."""
        return replace(grant, secret=secret)


@dataclass(frozen=True, slots=True)
class Searches:
    """What searches can be made, and how the services count them."""

    ports: Ports
    where: Where
    http: aiohttp.ClientSession

    async def one(self, number: int) -> float:
        """Search for the group of that number; return the seconds it took."""
        start = time.perf_counter()
        found = await find_times(self.ports, request(number))
        took = time.perf_counter() - start
        _must_be_right(found)
        return took

    async def asked(self) -> int:
        """Return how many requests came since the last time."""
        async with self.http.get(f"{self.where.url}/asked") as answer:
            found: dict[str, int] = await answer.json()
        return sum(found.values())


def _must_be_right(found: Finding) -> None:
    """Fail when a calendar was not read, or when what it says was not heeded."""
    assert found.unknown == {}, found.unknown
    assert found.skipped == 0
    assert found.proposal is not None
    for slot in found.proposal.slots:
        minutes = slot.start % DAY // 60
        assert not 540 <= minutes < 585, "it is busy then"


def request(number: int) -> MeetingRequest:
    """Return what the group of that number asks for: an hour next week."""
    people = tuple(person_id(number, place) for place in range(GROUP))
    window = (MONDAY, MONDAY + 5 * DAY)
    return MeetingRequest(PROGRAMME, people[0], people, 60, (window,), "Europe/London")


def person_id(number: int, place: int) -> PersonId:
    """Return a person's id."""
    return PersonId(f"p{number * GROUP + place}")


@asynccontextmanager
async def searching(where: Where, kinds: Sequence[Provider]) -> AsyncIterator[Searches]:
    """Put the product together with the real adapters, with every account opened before."""
    google = GoogleCalendar(
        "client", "secret", Unchanged(),
        GoogleEndpoints(token=f"{where.url}/google/token", api=f"{where.url}/google/calendar/v3/"),
        StandingClock(),
    )  # fmt: skip
    at = MicrosoftEndpoints(where.authority, f"{where.url}/graph", ca_file=where.ca_file)
    microsoft = MicrosoftCalendar(CLIENT, SECRET, Unchanged(), at)
    caldav = CalDav([where.url.removeprefix("http://")])
    services = {
        Provider.GOOGLE: google.service(),
        Provider.MICROSOFT: microsoft.service(),
        Provider.CALDAV: caldav.service(),
    }
    store = MemoryStore()
    await store.transact(lambda tx: _fill(tx, where, kinds))
    ports = Ports(store, StandingClock(), RandomIds(), services, "tandem.example.org", 30.0)
    async with aiohttp.ClientSession() as http:
        searches = Searches(ports, where, http)
        try:
            for number in range(TOGETHER):
                await searches.one(number)
            await searches.asked()
            yield searches
        finally:
            await google.close()
            await microsoft.close()
            await caldav.close()


def _fill(tx: Tx, where: Where, kinds: Sequence[Provider]) -> None:
    """Store fifty groups of people, each with two calendars."""
    tx.organisations.save(Organisation(ORG, "Bench"))
    tx.programmes.save(Programme(PROGRAMME, ORG, "Bench"))
    for number in range(TOGETHER):
        for place, provider in enumerate(kinds):
            one = person_id(number, place)
            tx.people.save(Person(one, ORG, f"Person {one}", f"{one}@example.org", "UTC"))
            tx.programmes.join(Membership(PROGRAMME, one, Role.MENTOR))
            grant = Grant(
                GrantId(f"g-{one}"), one, provider, str(one), _secret(one, where, provider)
            )
            tx.links.save_grant(grant)
            for turn in range(CALENDARS):
                use = Use.SECONDARY if turn else Use.PRIMARY
                name = (
                    f"{where.url}/caldav/{one}/{turn}/" if provider is TRIO[2] else f"{one}-{turn}"
                )
                link = LinkId(f"l-{one}-{turn}")
                tx.links.save(CalendarLink(link, grant.id, one, name, name, use, Tier.WRITE))


def _secret(one: PersonId, where: Where, provider: Provider) -> dict[str, str]:
    """Return what opens a person's account."""
    if provider is Provider.GOOGLE:
        scopes = " ".join(ASKED[Tier.WRITE])
        return {"refresh_token": f"of-{one}", "scopes": scopes, "sub": one, "email": one}
    if provider is Provider.MICROSOFT:
        return {
            "refresh_token": f"refresh-of-{one.removeprefix('p')}",
            "scopes": "Calendars.ReadWrite User.Read",
            "tier": Tier.WRITE.value,
            "home_account": f"{one}.tenant",
            "tenant": "tenant",
        }
    home = f"{where.url}/caldav/{one}/"
    return {"server": where.url, "username": one, "password": "open", "home": home}


async def measure(where: Where, name: str, kinds: Sequence[Provider]) -> list[str]:
    """Return two lines about one kind of group: alone, and fifty at once."""
    async with searching(where, kinds) as searches:
        before = time.process_time()
        alone = [await searches.one(number) for number in range(ALONE)]
        work = (time.process_time() - before) / ALONE
        requests = await searches.asked() / ALONE
        turns: list[float] = []
        for _ in range(TURNS):
            took = await asyncio.gather(*(searches.one(n) for n in range(TOGETHER)))
            turns.append(statistics.quantiles(took, n=20, method="inclusive")[-1])
        crowded = await searches.asked() / TOGETHER / TURNS
    middle, slowest = statistics.median(alone), statistics.median(turns)
    least = MOST * ANSWERS_AFTER + SPARE
    most = ANSWERS_AFTER + MOST * TOGETHER * work
    more = "" if crowded <= requests else " (MORE than alone)"
    alone_line = (
        f"{name}: {middle * 1000:.0f} ms alone ({_verdict(middle, least)}),"
        f" {work * 1000:.1f} ms of it work, {requests:g} requests"
    )
    crowd_line = (
        f"{'':{len(name)}}  {TOGETHER} at once: p95 {slowest * 1000:.0f} ms"
        f" ({_verdict(slowest, most)}), {crowded:g} requests each{more}"
    )
    return [alone_line, crowd_line]


def _verdict(seconds: float, aim: float) -> str:
    """Say how a time stands to its aim."""
    missed = "" if seconds <= aim else ", MISSED"
    return f"{seconds / ANSWERS_AFTER:.2f} x one answer, aim {aim * 1000:.0f} ms{missed}"


async def _measure_all() -> list[str]:
    command = [sys.executable, "-m", "tests.bench.calendars"]
    services = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert services.stdin is not None
    assert services.stdout is not None
    try:
        where = Where(**json.loads(await services.stdout.readline()))
        lines = [await measure(where, name, kinds) for name, kinds in KINDS.items()]
    finally:
        services.stdin.close()
        await services.wait()
    return [line for part in lines for line in part]


def run() -> list[str]:
    """Return the figures, two lines for each kind of group."""
    head = f"{GROUP} people with {CALENDARS} calendars each, services answer after"
    return [f"{head} {ANSWERS_AFTER * 1000:.0f} ms", *asyncio.run(_measure_all())]


if __name__ == "__main__":
    print("\n".join(run()))
