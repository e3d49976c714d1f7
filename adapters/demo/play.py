"""The demo played without a browser: the conversation as people would read it, and its checks.

It talks to the product from outside, over the local chat's API, and looks at the calendar
server and the mails as anybody could. Exit status 0 when everything came out right, else 1.
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 15.0
REPORT = """<?xml version="1.0"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter>
</c:calendar-query>"""


def invitation(address: str, calendars: str) -> str:
    """Return what `tandem demo` prints when it is ready."""
    return (
        f"\n  Tandem is running:  {address}/\n\n"
        "  Open it, be Maya, and write: book with Alex next week\n"
        f"  The calendar server for your own calendar program: {calendars}\n"
        "  (addresses and passwords stand on the page)\n\n"
        "  Ctrl-C ends it.\n"
    )


def say(text: str) -> None:
    """Print a line of the play."""
    sys.stdout.write(f"{text}\n")


@dataclass(slots=True)
class Play:
    """One run: the connection, and what did not come out right."""

    http: aiohttp.ClientSession
    address: str
    wrong: list[str] = field(default_factory=list)

    def check(self, claim: str, *, holds: bool) -> None:
        """Note and print whether something holds."""
        say(f"    {'✓' if holds else '✗'} {claim}")
        if not holds:
            self.wrong.append(claim)

    async def get(self, path: str) -> Any:
        """Return what the API gives."""
        async with self.http.get(f"{self.address}/local/api/{path}") as answer:
            return await answer.json()

    async def post(self, path: str, **body: Any) -> list[dict[str, Any]]:
        """Return the messages that a turn made."""
        async with self.http.post(f"{self.address}/local/api/{path}", json=body) as answer:
            data = await answer.json()
        return list(data.get("messages") or [{"text": str(data), "card": None}])

    async def write(self, name: str, person: str, text: str) -> list[dict[str, Any]]:
        """Write a message and print the exchange."""
        say(f"\n{name}: {text}")
        return _printed(name, await self.post("messages", person=person, text=text))

    async def press(self, name: str, person: str, action: dict[str, Any]) -> list[dict[str, Any]]:
        """Press a button and print the exchange."""
        say(f"\n{name} presses [{action['label']}]")
        return _printed(name, await self.post("actions", person=person, action=action["id"]))

    async def inbox(self, person: str) -> list[dict[str, Any]]:
        """Return a person's messages."""
        return list((await self.get(f"inbox?person={person}"))["messages"])


def _printed(name: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Print messages the way a person reads them."""
    for message in messages:
        say(f"  Tandem to {name}: {message['text']}")
        card = message["card"] or {}
        for part in card.get("parts", []):
            for time in part.get("times", []):
                say(f"      {time['text']}" + (f" · {time['detail']}" if time["detail"] else ""))
            for entry in part.get("fields", []):
                say(f"      {entry['name']}: {entry['value']}")
            if part.get("text"):
                say(f"      {part['text']}")
        if card.get("actions"):
            say("      " + " ".join(f"[{a['label']}]" for a in card["actions"]))
    return messages


async def play_demo(address: str) -> int:
    """Play the main conversation and check its outcome from outside."""
    async with aiohttp.ClientSession() as http:
        play = Play(http, address)
        await _conversation(play)
    if play.wrong:
        say(f"\n{len(play.wrong)} things did not come out right.")
        return 1
    say("\nEverything came out right.")
    return 0


def _action(messages: list[dict[str, Any]], verb: str) -> dict[str, Any] | None:
    """Return the first button of a kind."""
    for message in messages:
        for action in (message["card"] or {}).get("actions", []):
            if action["id"].startswith(f"{verb}:"):
                return dict(action)
    return None


async def _conversation(play: Play) -> None:
    """Maya asks, Alex accepts, both calendars hold the session, the mails are there."""
    found = await play.write("Maya", "maya", "book with Alex next week")
    offer = _action(found, "offer")
    play.check("three times are offered, and which Alex is said", holds=_three(found))
    if offer is None:
        play.check("the times can be offered", holds=False)
        return
    await play.press("Maya", "maya", offer)
    accept = await _until(play, "alex", "accept")
    if accept is None:
        play.check("Alex has the proposal", holds=False)
        return
    booked = await play.press("Alex", "alex", accept)
    play.check("Alex reads that it is booked", holds=any("Booked" in m["text"] for m in booked))
    world = {p["id"]: p for p in (await play.get("world"))["people"]}
    for person in ("maya", "alex"):
        count = await _settled(play, world[person])
        play.check(f"{person}'s calendar holds the session once", holds=count == 1)
    await _mails(play, world)
    before = await play.get("mails")
    await play.press("Alex", "alex", accept)
    await asyncio.sleep(1)
    counts = [await _sessions(play, world[p]) for p in ("maya", "alex")]
    same = counts == [1, 1] and await play.get("mails") == before
    play.check("pressing again changes nothing", holds=same)


def _three(found: list[dict[str, Any]]) -> bool:
    card = found[-1]["card"] or {}
    times = [t for part in card.get("parts", []) for t in part.get("times", [])]
    return len(times) == 3 and "Alex Chen, your mentor" in found[-1]["text"]


async def _until(play: Play, person: str, verb: str) -> dict[str, Any] | None:
    """Wait until a button arrives in somebody's inbox; print the message it came with."""
    for _ in range(int(PATIENCE * 5)):
        inbox = await play.inbox(person)
        action = _action(inbox[-1:], verb)
        if action:
            say("")
            _printed(person.capitalize(), inbox[-1:])
            return action
        await asyncio.sleep(0.2)
    return None


async def _mails(play: Play, world: dict[str, Any]) -> None:
    """Wait for the details mails of both and check their sender."""
    mails: list[dict[str, Any]] = []
    for _ in range(int(PATIENCE * 5)):
        mails = await play.get("mails")
        if len(mails) >= 2:
            break
        await asyncio.sleep(0.2)
    for mail in mails:
        say(f"\n  Mail to {mail['to']}: {mail['subject']}")
    for person in ("maya", "alex"):
        mine = [m for m in mails if world[person]["email"] in m["to"]]
        play.check(f"{person} has one details mail", holds=len(mine) == 1)
    fixed = all("assistant@" in mail["from"] for mail in mails)
    play.check("every mail comes from the assistant", holds=fixed)


async def _settled(play: Play, person: dict[str, Any]) -> int:
    """Wait until the session is on the calendar server; return how often it is there."""
    for _ in range(int(PATIENCE * 5)):
        count = await _sessions(play, person)
        if count:
            return count
        await asyncio.sleep(0.2)
    return 0


async def _sessions(play: Play, person: dict[str, Any]) -> int:
    """Count Tandem's events in a person's calendars, as any calendar program sees them."""
    count = 0
    for calendar in person["calendars"]:
        auth = aiohttp.BasicAuth(calendar["user"], calendar["password"])
        headers = {"Depth": "1", "Content-Type": "application/xml"}
        async with play.http.request(
            "REPORT", calendar["url"], data=REPORT, headers=headers, auth=auth
        ) as answer:
            text = await answer.text()
        count += len(re.findall(r"UID:[^\s<]*@tandem\.example\.org", text))
    return count
