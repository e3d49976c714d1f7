"""The whole product at Google and Microsoft: connect, book, disconnect, and every way to fail.

The services are stand-ins on this machine; Google's and Graph's own descriptions judge every
request and answer, and leaving the house fails when there was anything to object to.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from adapters.microsoft.auth import PERSONAL_TENANT
from tests.e2e.house import House, Json, Page, action, opened_house
from tests.servers.graph.entra import Account

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

MAYA, ALEX, ADA = "maya@example.com", "alex@example.org", "ada@example.com"
CONNECTED = "Your calendar is connected."


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The product with its surroundings."""
    async with opened_house(tmp_path) as opened:
        yield opened


async def wait(found: object, what: str) -> None:
    """Wait until a call gives something."""
    for _ in range(400):
        if found():  # type: ignore[operator]
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def said(text: str) -> object:
    """Return a test for a message that holds some words."""
    return lambda message: text in message["text"]


# --- what goes well -----------------------------------------------------------------------------


async def test_two_services_one_session(house: House) -> None:
    """Maya at Google and Alex at Microsoft connect, and a session stands in both calendars."""
    for who, service in ((MAYA, "Google"), (ALEX, "Microsoft")):
        page = await house.connects(who, service)
        assert (page.status, page.heading) == (200, CONNECTED)
        assert "code=" not in page.url
        shown = await house.sees(who, said(CONNECTED))  # type: ignore[arg-type]
        assert shown["text"] == CONNECTED
    found = (await house.says(MAYA, "book with Alex next week"))[-1]
    await house.presses(MAYA, action(found, "offer:"))
    asked = await house.sees(ALEX, lambda m: m["card"] and "accept:" in str(m["card"]["actions"]))
    await house.presses(ALEX, action(asked, "accept:"))
    shelf, calendar = house.shelves["work"], house.mailboxes["alex"]
    await wait(lambda: shelf.events, "Maya's copy")
    await wait(lambda: len(house.sink.mails()) >= 2, "the mails")
    (copy,) = shelf.events.values()
    assert copy["organizer"]["email"] == "assistant@tandem.example.org"
    assert {a["email"] for a in copy["attendees"]} == {MAYA, ALEX}
    (own,) = [e for c in calendar.calendars.values() for e in c.events.values()]
    assert own["subject"].startswith("Session with Maya")
    assert own["attendees"] == []
    assert "teams.microsoft.com" in copy["location"]
    assert {to for mail in house.sink.mails() for to in mail.to} == {MAYA, ALEX}


async def test_choosing_on_the_page_is_seen_in_the_chat(house: House) -> None:
    page = await house.connects(MAYA, "Google")
    browser = house.browser()
    strange = await browser.open(page.url)
    assert strange.status == 404  # another browser
    await browser.session.close()
    browser = house.browser()
    await house.presses(MAYA, "connect:start")
    page = await browser.send((await browser.open(await house.link(MAYA, "Google"))).action)
    assert "Sessions go to: Work" in page.text  # connecting it once more takes nothing away
    family = page.text.split(">Family<")[0].rpartition('value="')[2].split('"')[0]
    work = page.text.split(">Work<")[0].rpartition('value="')[2].split('"')[0]
    form = [("primary", work), ("secondary", family), ("write", "yes")]
    page = await browser.send(page.action, form)
    assert page.heading == CONNECTED
    assert "Saved." in page.text
    assert "Also blocks your time: Family" in page.text
    again = await browser.open(page.url)
    assert again.heading == CONNECTED
    shown = await house.sees(MAYA, lambda m: "Family" in str(m["card"]))
    assert shown["text"] == CONNECTED
    await browser.session.close()


async def test_a_calendar_of_another_zone_is_asked_about_once(house: House) -> None:
    """Maya lives in London; her calendar keeps New York's time."""
    house.shelves["work"].zone = "America/New_York"
    await house.connects(MAYA, "Google")
    asked = await house.sees(MAYA, said("Your calendar keeps New York time"))  # type: ignore[arg-type]
    await house.connects(MAYA, "Google")
    await house.presses(MAYA, action(asked, "zone:no"))
    found = [m for m in await house.inbox(MAYA) if "keeps New York time" in m["text"]]
    assert len(found) == 1


async def test_disconnecting_gives_the_access_back(house: House) -> None:
    await house.connects(MAYA, "Google")
    assert house.google.world.lasting
    (sure,) = await house.says(MAYA, "disconnect my calendar")
    await house.presses(MAYA, action(sure, "disconnect:yes"))
    await wait(lambda: house.google.consents.revoked, "the access is given back")
    (status,) = await house.says(MAYA, "my calendars")
    assert status["text"] == "Your calendar is not connected."


# --- what goes wrong ----------------------------------------------------------------------------


async def fails(house: House, who: str, service: str, heading: str, told: str) -> Page:
    """Try to connect; the page and the chat say why it did not work."""
    page = await house.connects(who, service)
    assert page.heading == heading
    assert 400 <= page.status < 500
    await house.sees(who, said(told))  # type: ignore[arg-type]
    (status,) = await house.says(who, "my calendars")
    assert status["text"] == "Your calendar is not connected."
    return page


async def test_saying_no_at_the_service(house: House) -> None:
    house.google.consents.decision = "access_denied"
    told = "You did not give access at Google"
    await fails(house, MAYA, "Google", "Nothing was connected", told)


async def test_an_it_administrator_has_to_approve(house: House) -> None:
    """The person gets a text for IT; the administrator of the programme hears of it once."""
    house.entra.deny = {
        "error": "access_denied",
        "error_description": "AADSTS90094: The grant requires admin permission.",
    }
    heading, told = "Your IT administrator has to approve this", "not your programme administrator"
    page = await fails(house, ALEX, "Microsoft", heading, told)
    assert "11111111-2222-4333-8444-555555555555" in page.text
    assert "adminconsent?client_id=" in page.text
    shown = await house.sees(ALEX, said("IT administrator"))  # type: ignore[arg-type]
    (letter,) = await house.presses(ALEX, action(shown, "connect:letter"))
    assert "Calendars.ReadWrite" in str(letter["card"])
    await house.sees(ADA, said("Best ask IT to approve me"))  # type: ignore[arg-type]
    await fails(house, MAYA, "Microsoft", heading, told)
    advice = [m for m in await house.inbox(ADA) if "Best ask IT" in m["text"]]
    assert len(advice) == 1


async def test_unticked_boxes(house: House) -> None:
    """Without busy times nothing is connected; without writing sessions come by mail."""
    root = "https://www.googleapis.com/auth/calendar"
    everything = frozenset({f"{root}.freebusy", f"{root}.events.owned"})
    house.google.consents.unticked = everything
    await fails(house, MAYA, "Google", "Something is missing", "leave the boxes ticked")
    house.google.consents.unticked = frozenset({f"{root}.events.owned"})
    page = await house.connects(MAYA, "Google")
    assert page.heading == CONNECTED
    assert "sessions come by mail" in page.text
    shown = await house.sees(MAYA, lambda m: m["text"] == CONNECTED)
    house.google.consents.unticked = frozenset()
    (offered,) = await house.presses(MAYA, action(shown, "connect:write:google"))
    browser = house.browser()
    url = offered["card"]["actions"][0]["url"]
    page = await browser.send((await browser.open(url)).action)
    await browser.session.close()
    assert "Sessions go to: Work" in page.text


async def test_private_accounts_where_none_are_allowed(house: House) -> None:
    await house.says(ADA, "admin org accounts.personal off")
    for message in await house.inbox(ADA):
        for button in (message["card"] or {}).get("actions", []):
            if button["label"].startswith(("Save", "Yes", "Apply", "Change")):
                await house.presses(ADA, button["id"])
    house.entra.account = Account("alex@example.org", tenant=PERSONAL_TENANT)
    heading, told = "That is a private account", "private account"
    await fails(house, ALEX, "Microsoft", heading, told)


async def test_another_account_is_asked_about(house: House) -> None:
    house.entra.account = Account("someone.else@example.org")
    house.graph.mailboxes["someone.else@example.org"] = house.mailboxes["alex"]
    browser = house.browser()
    url = await house.link(ALEX, "Microsoft")
    page = await browser.send((await browser.open(url)).action)
    assert page.heading == "Is this your account?"
    assert "someone.else@example.org" in page.text
    (status,) = await house.says(ALEX, "my calendars")
    assert status["text"] == "Your calendar is not connected."
    token = [("token", page.field("token"))]
    stranger = house.browser()
    refused = await stranger.send("/oauth/confirm", token)
    assert refused.heading == "This is another browser"
    await stranger.session.close()
    await browser.session.close()


async def test_another_account_that_is_theirs(house: House) -> None:
    house.entra.account = Account("someone.else@example.org")
    house.graph.mailboxes["someone.else@example.org"] = house.mailboxes["alex"]
    browser = house.browser()
    page = await browser.send((await browser.open(await house.link(ALEX, "Microsoft"))).action)
    page = await browser.send("/oauth/confirm", [("token", page.field("token"))])
    assert page.heading == CONNECTED
    assert "someone.else@example.org" in page.text
    await browser.session.close()


async def test_a_link_works_once_and_in_one_browser(house: House) -> None:
    url = await house.link(MAYA, "Google")
    first, second = house.browser(), house.browser()
    shown = await first.open(url)
    for _ in range(3):  # scanners look at links; nothing is used up by that
        assert (await second.open(url)).heading == "Connect your Google calendar"
    page = await first.send(shown.action)
    assert page.heading == CONNECTED
    page = await second.send(shown.action)
    assert page.heading == "This link was used already"
    await first.session.close()
    await second.session.close()


async def test_an_answer_counts_once_and_in_the_browser_that_asked(house: House) -> None:
    """A forwarded callback, a replayed one, and one whose state nobody knows."""
    browser, other = house.browser(), house.browser()
    shown = await browser.open(await house.link(MAYA, "Google"))
    async with browser.session.post(f"{house.origin}{shown.action}", data=b"") as answer:
        text = await answer.text()
    consent = text.split('content="0; url=')[1].split('"')[0].replace("&amp;", "&")
    async with browser.session.get(consent, allow_redirects=False) as answer:
        callback = answer.headers["Location"]
    await other.open("/connect/nothing")
    page = await other.open(callback)
    assert page.heading == "This is another browser"
    page = await browser.open(callback)
    assert page.heading == "This link was used already"
    page = await browser.open("/oauth/google/callback?state=made-up&code=x")
    assert page.heading == "This page was open too long"
    (status,) = await house.says(MAYA, "my calendars")
    assert status["text"] == "Your calendar is not connected."
    await browser.session.close()
    await other.session.close()


STRANGE: list[tuple[str, Json, int]] = [
    ("/oauth/google/callback?", {}, 400),
    ("/oauth/google/callback?state=a&state=b&", {"code": "x"}, 400),
    ("/oauth/google/callback?", {"state": "s" * 7000}, 400),
    ("/oauth/nowhere/callback?", {"state": "s"}, 400),
    ("/oauth/google/callback?", {"state": "\x00<script>"}, 410),
    ("/connect/not-a-token?", {}, 404),
    ("/calendars/not-a-token?", {}, 404),
]


@pytest.mark.parametrize(("path", "query", "status"), STRANGE)
async def test_strange_addresses(house: House, path: str, query: Json, status: int) -> None:
    browser = house.browser()
    page = await browser.open(f"{path}{urlencode(query)}")
    assert page.status == status
    assert "<script>" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    await browser.session.close()


async def test_a_hundred_kilobytes_of_query(house: House) -> None:
    browser = house.browser()
    page = await browser.open(f"/oauth/google/callback?state={'s' * 100_000}")
    assert 400 <= page.status < 500
    await browser.session.close()
