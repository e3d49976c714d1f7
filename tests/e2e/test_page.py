"""The page in a real browser: a new person's first two minutes, as they would live them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: the page was not tried in a browser"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running demo; its address is what it prints."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                yield found[0]
                break
        demo.terminate()
        demo.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == []


def test_maya_books_with_alex(page: Page, address: str) -> None:
    page.goto(address)
    maya, alex = page.get_by_role("textbox").nth(0), page.get_by_role("textbox").nth(1)
    expect(maya).to_be_visible()
    expect(alex).to_be_visible()
    maya.fill("book with Alex next week")
    maya.press("Enter")
    expect(page.get_by_text("I took Alex Chen, your mentor.")).to_be_visible()
    page.get_by_role("button", name="Offer all three").click()
    expect(page.get_by_text("Offered to Alex Chen.")).to_be_visible()
    page.get_by_role(
        "button", name=re.compile(r"^\w{3} \d+ \w{3} \d\d:\d\d New York$")
    ).first.click()
    # Both sides read it: the proposal's card in place, and the news.
    expect(page.get_by_text(re.compile(r"^Booked: .*with Alex Chen"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Booked: .*with Maya Patel"))).to_be_visible()
    # Both weeks show it as the calendar server has it, and each person has one mail.
    expect(page.get_by_text(re.compile(r"Session with Alex Chen")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Session with Maya Patel")).first).to_be_visible()


def test_the_page_fits_a_phone(browser: Browser, address: str) -> None:
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(address)
    expect(phone.get_by_role("textbox").first).to_be_visible()
    wide = phone.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    phone.close()
    assert not wide


def test_words_of_others_stay_words(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("textbox").nth(0)
    box.fill("<img src=x onerror=alert(1)> hello")
    box.press("Enter")
    expect(page.get_by_text("<img src=x onerror=alert(1)> hello")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
