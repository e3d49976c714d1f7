"""What the pages of connecting keep to themselves, and what stays when something does not work."""

import logging
from urllib.parse import urlencode

import pytest

from bot.speak import page_words as words
from core.errors import AccessRevoked, RateLimited, Unavailable
from core.links import Provider
from core.use_cases.connect_calendar import status
from tests.unit.core.use_cases.consents import TOVES
from tests.unit.core.use_cases.world import TOVE
from tests.unit.web.front import CALLBACK, Browser, Front


@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "idna"])
@pytest.mark.parametrize("where", ["confirm", "choose", "form"])
async def test_bodies_in_strange_letters(
    front: Front, browser: Browser, charset: str, where: str
) -> None:
    page = await front.connected(browser)
    caldav = await front.link(Provider.CALDAV)
    path = {"confirm": "/oauth/confirm", "choose": page.action, "form": caldav}[where]
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    for body in (b"token=\xff\xfe\xfa", b"a=b"):
        async with browser.client.post(path, data=body, headers={"Content-Type": kind}) as answer:
            assert 400 <= answer.status < 500


async def test_an_address_that_is_too_long_is_not_logged(
    front: Front, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    query = await front.asked(browser)
    async with browser.client.get(f"{CALLBACK}?{urlencode(query)}&p={'p' * 100_000}") as answer:
        assert answer.status == 400
    formatter = logging.Formatter()
    told = "\n".join(formatter.format(record) for record in caplog.records)
    assert "Error handling request" in told
    assert query["code"] not in told
    assert query["state"] not in told


async def test_the_choice_belongs_to_one_browser(front: Front, browser: Browser) -> None:
    """Another browser's own cookie does not open it."""
    shown = await front.connected(browser)
    other = front.browser()
    await other.open(await front.link())
    assert (await other.open(shown.path)).status == 404
    refused = await other.send(shown.action, [("primary", shown.values["Rowing"])])
    assert refused.status == 404
    (kept,) = (await status(front.world.ports, TOVE)).links
    assert kept.name == "Work"


async def test_the_cookie_ends_with_the_browser_and_lives_until_then(front: Front) -> None:
    browser = front.browser()
    async with browser.client.get(await front.link()) as answer:
        assert "Max-Age" not in answer.headers["Set-Cookie"]
    async with browser.client.get(await front.link()) as answer:
        assert "Set-Cookie" not in answer.headers


async def test_a_cookie_that_is_not_ours_is_replaced(front: Front) -> None:
    headers = {"Cookie": "tandem_connect=chosen"}
    path = await front.link()
    async with front.browser().client.get(path, headers=headers) as answer:
        assert answer.headers["Set-Cookie"].startswith("tandem_connect=")
    async with front.browser().client.post(path, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("error", "told", "code"),
    [
        (Unavailable("down"), words.LATER, 424),
        (RateLimited("slow down"), words.LATER, 424),
        (AccessRevoked("gone"), words.CLOSED, 409),
    ],
)
async def test_calendars_that_cannot_be_shown_stay_connected(
    front: Front,
    browser: Browser,
    error: Unavailable | RateLimited | AccessRevoked,
    told: tuple[str, ...],
    code: int,
) -> None:
    shown = await front.connected(browser)
    front.world.google.fail(error, times=2)
    for later in (await browser.open(shown.path), await browser.send(shown.action)):
        assert (later.status, later.heading) == (code, told[0])
        assert "Nothing was connected" not in later.text
    assert len((await status(front.world.ports, TOVE)).links) == 1


async def test_the_servers_address_stays_in_the_form(front: Front, browser: Browser) -> None:
    path = await front.link(Provider.CALDAV)
    await browser.open(path)
    form = [("username", "a"), ("password", "hunter2"), ("server", 'https://dav.example/"')]
    shown = await browser.send(path, form)
    assert 'value="https://dav.example/&#34;"' in shown.html
    assert "hunter2" not in shown.html


async def test_nothing_is_asked_about_writing_where_nothing_can_be_written(
    front: Front, browser: Browser
) -> None:
    other = "tove@reader.example"
    front.world.google.open_account(other, "x")
    front.world.google.add_calendar(other, "Read only", writable=False)
    await front.world.change(TOVE, email=other)
    front.page.person = type(front.page.person)(other)
    shown = await front.connected(browser)
    assert words.WRITE_YES not in shown.text
    assert TOVES not in shown.text
    saved = await browser.send(shown.action, [("primary", shown.values["Read only"])])
    assert "Sessions reach you by mail." in saved.text


async def test_an_account_without_calendars_leaves_form_link_and_no_password(
    front: Front, browser: Browser
) -> None:
    front.world.calendars.open_account("tove@empty.example", "a password")
    path = await front.link(Provider.CALDAV)
    await browser.open(path)
    form = [("username", "tove@empty.example"), ("password", "a password")]
    shown = await browser.send(path, form)
    assert shown.status == 422
    assert words.EMPTY in shown.text
    assert (await status(front.world.ports, TOVE)).grants == {}
