"""Connecting a calendar in a real browser: by keyboard, on a phone, without scripts.

The service is the Google stand-in under another site's name, so that cookies, redirects and the
strict headers meet what they meet in life.
"""

import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, encode_basic_auth
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from adapters.caldav.calendar import CalDav
from adapters.demo.radicale_server import RadicaleServer
from adapters.google.calendar import GoogleCalendar
from adapters.google.scopes import OWN_EVENTS
from adapters.web.oauth import ConnectRoutes
from adapters.web.pages import Pages
from adapters.web.server import Server, application
from adapters.web.signing import ItsSigner
from bot.doors import App, Doors
from core.consenting import PATIENCE
from core.ids import PersonId
from core.links import Provider
from core.use_cases.connect_calendar import disconnect, status
from tests.servers.google.bench import KeptGrants
from tests.servers.google.server import GoogleServer
from tests.servers.google.world import Account, Shelf
from tests.unit.core.use_cases.consents import link
from tests.unit.core.use_cases.world import TOVE, World, make_world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SHOTS = os.environ.get("TANDEM_SHOTS")  # a folder for pictures of every page, to look at

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
CONNECTED = "Your calendar is connected."
LONG = "Übergreifende_Projektkalender_der_Abteilung_für_Forschung_und_Entwicklung <b>2026</b>"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no chromium on this machine: the pages were not tried in a browser",
    ),
]


@dataclass(slots=True)
class House:
    """The pages on this machine, with what is behind them."""

    world: World
    google: GoogleServer
    doors: Doors
    tove: Account

    async def link(self, provider: Provider = Provider.GOOGLE, person: PersonId = TOVE) -> str:
        """Return a fresh link from the chat."""
        link_id = await link(self.world, provider, person)
        return self.doors.connect(link_id, self.world.clock.at + PATIENCE)

    async def names(self) -> dict[str, tuple[str, str]]:
        """Return what each connected calendar of Tove is for."""
        found = (await status(self.world.ports, TOVE)).links
        return {x.name: (x.use.value, x.tier.value) for x in found}


@pytest_asyncio.fixture(loop_scope="module")
async def house() -> AsyncIterator[House]:
    """Tove's account at Google has two calendars, one of them with a very long name."""
    world = await make_world()
    async with AsyncExitStack() as stack:
        google = await stack.enter_async_context(GoogleServer(world.clock.now))
        google.consents.shown = True
        tove = google.world.account("tove@larch.example", "1001", hosted="larch.example")
        tove.add(Shelf("tove@larch.example", "Work", primary=True))
        tove.add(Shelf("long@group.example", LONG))
        auth = google.endpoints.auth.replace("127.0.0.1", "localhost")  # another site than ours
        endpoints = replace(google.endpoints, auth=auth)
        client = GoogleCalendar(*google.world.client, KeptGrants(), endpoints, world.clock)
        stack.push_async_callback(client.close)
        world.ports.calendars[Provider.GOOGLE] = client.service()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        apps = {Provider.GOOGLE: App("tandem-client", ("calendar.freebusy", OWN_EVENTS))}
        signer = ItsSigner(["a secret for signed links"], world.clock)
        doors = Doors(f"http://127.0.0.1:{port}", signer, apps)
        pages = Pages("Scheduling Assistant")
        routes = ConnectRoutes(world.ports, doors, pages, lambda: None).routes()
        server = Server(application([*routes, *pages.routes()]), "127.0.0.1", port)
        await server.start()
        stack.push_async_callback(server.stop)
        yield House(world, google, doors, tove)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"], loop_scope="module")
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Somebody's browser; whatever it complains of fails the test."""
    context = await browser.new_context(viewport=request.param)
    page = await context.new_page()
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A page with a status of 400 and more is told of on the console; that is its status.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            problems.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda r: problems.append(f"{r.url} {r.failure}"))
    yield page
    await context.close()
    assert problems == []


async def seen(page: Page, heading: str, shot: str = "") -> None:
    """A page is what it says, has one heading, a title, a language, labels, and fits."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    await expect(page).to_have_title(heading)
    facts = await page.evaluate(
        """() => ({
            wide: document.documentElement.scrollWidth > window.innerWidth,
            heads: document.querySelectorAll("h1").length,
            main: document.querySelectorAll("main").length,
            lang: document.documentElement.lang,
            bare: [...document.querySelectorAll("input, select, textarea")]
                .filter(e => e.type !== "hidden" && !e.labels.length).length,
            small: [...document.querySelectorAll("button, a.button, select, input, label.tick")]
                .filter(e => e.type !== "hidden" && !["radio", "checkbox"].includes(e.type))
                .filter(e => e.getBoundingClientRect().height < 36).length,
            loose: [...document.querySelectorAll("fieldset")]
                .filter(e => !e.querySelector("legend")).length,
            scripts: document.scripts.length,
        })"""
    )
    assert facts == {
        "wide": False,
        "heads": 1,
        "main": 1,
        "lang": "en-GB",
        "bare": 0,
        "small": 0,
        "loose": 0,
        "scripts": 0,
    }
    if SHOTS and shot and page.viewport_size:
        name = f"{shot}-{page.viewport_size['width']}.png"
        await page.screenshot(path=str(Path(SHOTS, name)), full_page=True)


async def press(page: Page, name: str) -> None:
    """Go to a button or link by the keyboard alone, and press it."""
    for _ in range(30):
        await page.keyboard.press("Tab")
        words = await page.evaluate(
            "(document.activeElement.innerText || document.activeElement.name || '').trim()"
        )
        if words == name:
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{name} shows no focus"
            await page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {name} by keyboard")


async def to_google(page: Page, house: House) -> None:
    """Follow a fresh link as far as Google's consent page, which opens by itself."""
    await page.goto(await house.link())
    await seen(page, "Connect your Google calendar", "1-link")
    await press(page, "Continue to Google")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tandem wants access")
    assert page.url.startswith("http://localhost:")


async def test_connect_by_keyboard(page: Page, house: House) -> None:
    await to_google(page, house)
    await page.get_by_role("button", name="Allow").focus()
    await page.keyboard.press("Enter")
    await seen(page, CONNECTED, "2-connected")
    assert "code=" not in page.url
    assert await house.names() == {"Work": ("primary", "write")}
    await page.get_by_label("Sessions go to").focus()
    await page.keyboard.press("Home")
    await page.get_by_label(LONG, exact=False).focus()
    await page.keyboard.press("Space")
    await press(page, "Save")
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await seen(page, CONNECTED, "3-saved")
    assert await house.names() == {"Work": ("primary", "write"), LONG: ("secondary", "busy")}
    await page.goto(page.url)
    await seen(page, CONNECTED)
    await expect(page.get_by_label(LONG, exact=False)).to_be_checked()


async def test_without_scripts(browser: Browser, house: House) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(await house.link())
    await page.get_by_role("button", name="Continue to Google").click()
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(CONNECTED)
    await context.close()


async def test_writing_unticked(page: Page, house: House) -> None:
    await to_google(page, house)
    await page.get_by_label(OWN_EVENTS).uncheck()
    await page.get_by_role("button", name="Allow").click()
    await seen(page, CONNECTED, "4-fewer")
    await expect(page.get_by_text("Sessions reach you by mail.")).to_be_visible()
    assert await house.names() == {"Work": ("primary", "busy")}


async def test_saying_no(page: Page, house: House) -> None:
    await to_google(page, house)
    await page.get_by_role("button", name="Cancel").click()
    await seen(page, "Nothing was connected", "5-refused")
    assert await house.names() == {}


async def test_it_has_to_approve(page: Page, house: House) -> None:
    house.google.consents.decision = "admin_policy_enforced"
    await to_google(page, house)
    await page.get_by_role("button", name="Allow").click()
    await seen(page, "Your IT administrator has to approve this", "6-admin")
    letter = page.get_by_label("Text for your IT administrator")
    await expect(letter).not_to_be_editable()
    text = await letter.input_value()
    assert "tandem-client" in text
    assert OWN_EVENTS in text


async def test_another_account(page: Page, house: House) -> None:
    await house.world.change(TOVE, email="tove.larch@larch.example")
    await to_google(page, house)
    await page.get_by_role("button", name="Allow").click()
    await seen(page, "Is this your account?", "7-confirm")
    await expect(page.get_by_text("tove@larch.example")).to_be_visible()
    assert await house.names() == {}
    await press(page, "Yes, connect it")
    await seen(page, CONNECTED)
    assert await house.names() == {"Work": ("primary", "write")}


async def test_back_and_again(page: Page, house: House) -> None:
    """The button Back, and the link opened once more after it was used."""
    url = await house.link()
    await page.goto(url)
    await page.get_by_role("button", name="Continue to Google").click()
    await page.get_by_role("button", name="Allow").click()
    await seen(page, CONNECTED)
    await page.goto(url)
    await seen(page, "This link was used already", "8-used")
    await page.goto(f"{house.doors.public_url}/connect/nothing")
    await seen(page, "This link does not work", "9-gone")
    url = await house.link()
    house.world.clock.at += PATIENCE
    await page.goto(url)
    assert await page.get_by_role("heading", level=1).count() == 1


async def test_the_answer_in_another_browser(page: Page, browser: Browser, house: House) -> None:
    """Somebody is sent the address of an answer that is not theirs."""
    await page.goto(await house.link())
    other = await browser.new_context()
    thief = await other.new_page()
    await thief.goto(await house.link())
    await thief.get_by_role("button", name="Continue to Google").click()
    await expect(thief.get_by_role("heading", level=1)).to_have_text("Tandem wants access")
    answer = await other.request.get(f"{thief.url}&press=allow", max_redirects=0)
    await other.close()
    await page.goto(answer.headers["location"])
    await seen(page, "This is another browser", "10-foreign")
    assert await house.names() == {}


async def test_names_are_words(page: Page, house: House) -> None:
    evil = "<img src=x onerror=alert(1)>"
    await house.world.change(TOVE, name=evil)
    house.tove.add(Shelf("evil@group.example", evil))
    await page.goto(await house.link())
    await expect(page.get_by_text(evil)).to_be_visible()
    await page.get_by_role("button", name="Continue to Google").click()
    await page.get_by_role("button", name="Allow").click()
    await seen(page, CONNECTED)
    assert await page.locator("img").count() == 0
    await expect(page.get_by_label(evil)).to_be_visible()


async def test_the_private_form(page: Page, house: House, tmp_path: Path) -> None:
    """A password that is not for apps, a wrong one, the right one: at a real CalDAV server."""
    with RadicaleServer(tmp_path, {"tove": "kcdf-wzpt-hbqm-xgrn"}) as server:
        dav = CalDav([server.address], timeout=5.0)
        house.world.ports.calendars[Provider.CALDAV] = dav.service()
        headers = {"Authorization": encode_basic_auth("tove", "kcdf-wzpt-hbqm-xgrn")}
        async with ClientSession(headers=headers) as client:
            url = server.calendar_url("tove", "home")
            async with client.request("MKCALENDAR", url) as answer:
                assert answer.ok
        try:
            await fill(page, house, server.url)
        finally:
            await dav.close()
    assert [use for use, _ in (await house.names()).values()] == ["primary"]


async def fill(page: Page, house: House, server: str) -> None:
    """Fill the form in until it opens."""
    heading = "Connect your Apple or other CalDAV calendar"
    await page.goto(await house.link(Provider.CALDAV))
    await seen(page, heading, "11-form")
    secret, account = (
        page.get_by_label("App-specific password"),
        page.get_by_label("Account", exact=True),
    )
    for address, password, told in (
        ("", "Summer2026", "account.apple.com"),
        (server, "aaaa-bbbb-cccc-dddd", "make a new app-specific password"),
    ):
        await account.fill("tove")
        await secret.fill(password)
        await page.get_by_label("CalDAV address").fill(address)
        await press(page, "Connect")
        await expect(page.get_by_role("alert")).to_contain_text(told)
        await seen(page, heading, f"12-wrong-{len(address) > 0}")
        assert password not in await page.content()
        assert await secret.input_value() == ""
        assert await account.input_value() == "tove"
    await secret.fill("kcdf-wzpt-hbqm-xgrn")
    await page.get_by_label("CalDAV address").fill(server)
    await page.keyboard.press("Enter")
    await seen(page, CONNECTED, "13-apple")


async def test_dark(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = await context.new_page()
    await page.goto(await house.link())
    await seen(page, "Connect your Google calendar", "14-dark")
    paper = await page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
    assert paper != "rgb(255, 255, 255)"
    await context.close()


async def test_after_disconnecting_the_page_is_over(page: Page, house: House) -> None:
    await to_google(page, house)
    await page.get_by_role("button", name="Allow").click()
    await seen(page, CONNECTED)
    await disconnect(house.world.ports, TOVE)
    await page.reload()
    await seen(page, "This link does not work")
