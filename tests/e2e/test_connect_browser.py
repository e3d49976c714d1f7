"""The pages of connecting in a real browser: by keyboard, on a phone, with nothing blocked."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.e2e.house import House, opened_house
from tests.e2e.town import Someone, calendars

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
MAYA, ALEX = "maya@example.com", "alex@example.org"
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
CONNECTED = "Your calendar is connected."

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: the pages were not tried in a browser"
)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page that fails the test when anything was blocked, broken or loaded from elsewhere."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await chromium.new_context(viewport=request.param, ignore_https_errors=True)
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda m: (
                problems.append(m.text) if m.type == "error" and "status of" not in m.text else None
            ),
        )
        yield page
        await chromium.close()
        assert problems == []


async def is_sound(page: Page) -> None:
    """Check what every page owes: one main heading, names for all fields, no sideways scrolling."""
    assert await page.locator("h1").count() == 1
    assert await page.locator("main").count() == 1
    for field in await page.locator("input:not([type=hidden]), select, textarea").all():
        assert await field.evaluate("e => e.labels.length") >= 1
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wide)
    lang = await page.locator("html").get_attribute("lang")
    assert lang == "en-GB"


async def test_a_person_connects_by_keyboard_alone(house: House, page: Page) -> None:
    await page.goto(await house.link(MAYA, "Google"))
    await expect(page.locator("h1")).to_have_text("Connect your Google calendar")
    await expect(page.get_by_text("Maya Lind")).to_be_visible()
    await is_sound(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Continue to Google")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text(CONNECTED)
    assert re.fullmatch(r".*/calendars/[^/?]+", page.url)
    await is_sound(page)
    await page.get_by_role("checkbox", name="Family").focus()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Save").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_text("Also blocks your time: Family")).to_be_visible()
    await page.reload()
    await expect(page.locator("h1")).to_have_text(CONNECTED)


async def test_microsofts_way_through_another_host(house: House, page: Page) -> None:
    """The form leads to a page that goes on, since a redirect would be stopped by form-action."""
    await page.goto(await house.link(ALEX, "Microsoft"))
    await page.get_by_role("button", name="Continue to Microsoft").click()
    await expect(page.locator("h1")).to_have_text(CONNECTED)


async def test_what_it_has_to_approve_can_be_copied(house: House, page: Page) -> None:
    house.entra.deny = {
        "error": "access_denied",
        "error_description": "AADSTS90094: The grant requires admin permission.",
    }
    await page.goto(await house.link(ALEX, "Microsoft"))
    await page.get_by_role("button", name="Continue to Microsoft").click()
    letter = page.get_by_role("textbox", name="Text for your IT administrator")
    await expect(letter).to_be_visible()
    assert "adminconsent" in await letter.input_value()
    await is_sound(page)


async def test_the_private_form(page: Page, tmp_path: Path) -> None:
    """A wrong password leaves the form with what to do; the right one connects."""
    maya = Someone("Maya Lind", MAYA)
    server = calendars(tmp_path / "dav", [maya])
    server.start()
    try:
        async with opened_house(tmp_path, caldav_allow=server.address) as house:
            address = await house.link(MAYA, "Use a private page", "connect apple calendar")
            await page.goto(address)
            await is_sound(page)
            await fill(page, maya.account, "wrong", server.url)
            await expect(page.get_by_role("alert")).to_contain_text("did not open the calendar")
            assert await page.get_by_label("App-specific password").input_value() == ""
            await is_sound(page)
            await fill(page, maya.account, maya.password, server.url)
            await expect(page.locator("h1")).to_have_text(CONNECTED)
            await expect(page.get_by_text("Sessions go to: Work")).to_be_visible()
            await page.goto(address)
            await expect(page.locator("h1")).to_have_text("This link was used already")
            (status,) = await house.says(MAYA, "my calendars")
            assert status["text"] == CONNECTED
            assert maya.password.encode() not in stored(tmp_path)
    finally:
        server.stop()


def stored(folder: Path) -> bytes:
    """Return everything the database's files hold."""
    return b"".join(file.read_bytes() for file in folder.glob("tandem.db*"))


async def fill(page: Page, account: str, password: str, server: str) -> None:
    """Fill the form in and send it."""
    await page.get_by_label("Account", exact=True).fill(account)
    await page.get_by_label("App-specific password").fill(password)
    await page.get_by_label("CalDAV address").fill(server)
    await page.get_by_role("button", name="Connect").click()
