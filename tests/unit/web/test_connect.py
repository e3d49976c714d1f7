"""The pages by which a calendar is connected, as a browser without scripts sees them."""

import asyncio
import logging
import re
from urllib.parse import urlencode

import pytest
import structlog

from adapters.memory.consent import BY_ADMIN, Answerer
from bot.speak import page_words as words
from core.consenting import PATIENCE, Trouble
from core.errors import AccessRevoked, Unavailable
from core.ids import PersonId
from core.links import Provider, Tier
from core.use_cases.connect_calendar import disconnect, status
from tests.unit.core.use_cases.consents import TOVES
from tests.unit.core.use_cases.world import ORG, TOVE
from tests.unit.web.front import CALLBACK, Browser, Front, Shown, open_front

CONNECTED = "Your calendar is connected."
OTHER = "tove@home.example"


async def names(front: Front, person: PersonId = TOVE) -> dict[str, tuple[str, str]]:
    """Return what each connected calendar of a person is for."""
    found = (await status(front.world.ports, person)).links
    return {link.name: (link.use.value, link.tier.value) for link in found}


def strict(shown: Shown) -> bool:
    """Tell whether a page keeps itself to itself."""
    csp = shown.headers["Content-Security-Policy"]
    return (
        "default-src 'none'" in csp
        and "frame-ancestors 'none'" in csp
        and "script" not in csp
        and "<script" not in shown.html
        and shown.headers["Referrer-Policy"] == "no-referrer"
        and shown.headers["Cache-Control"] == "no-store"
        and shown.headers["X-Content-Type-Options"] == "nosniff"
    )


# --- the link from the chat ---------------------------------------------------------------------


class TestLink:
    async def test_it_says_whose_calendar_it_is(self, front: Front, browser: Browser) -> None:
        shown = await browser.open(await front.link())
        assert (shown.status, shown.heading) == (200, "Connect your Google calendar")
        assert "Tove (tove@larch.example), who asked for it in Slack" in shown.text
        assert words.ONLY_YOU in shown.text
        assert "permanently delete calendars" in shown.text
        assert strict(shown)

    async def test_only_what_is_asked_for_is_told(self, front: Front, browser: Browser) -> None:
        both = await browser.open(await front.link(tier=Tier.WRITE))
        less = await browser.open(await front.link(tier=Tier.BUSY))
        assert words.USED[Tier.WRITE] in both.text
        assert words.USED[Tier.BUSY] in less.text
        assert words.USED[Tier.WRITE] not in less.text

    async def test_scanners_use_nothing_up(self, front: Front, browser: Browser) -> None:
        path = await front.link()
        for _ in range(5):
            assert (await front.browser().open(path)).status == 200
        assert (await front.connected(browser, path)).heading == CONNECTED

    async def test_the_cookie_is_hard_to_guess_and_out_of_reach(self, front: Front) -> None:
        async with front.browser().client.get(await front.link()) as answer:
            header = answer.headers["Set-Cookie"]
        value = re.match(r"tandem_connect=([\w-]+);", header)
        assert value
        assert len(value[1]) >= 22  # 128 bits in base 64
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
        assert "Secure" not in header

    async def test_it_is_secure_where_the_address_is(self) -> None:
        async with open_front("https://tandem.example.org") as front:
            answer = await front.browser().client.get(await front.link())
            assert "Secure" in answer.headers["Set-Cookie"].split("; ")

    @pytest.mark.parametrize("path", ["/connect/nothing", "/connect/a.b.c", "/connect/%00%ff"])
    async def test_made_up_links(self, browser: Browser, path: str) -> None:
        shown = await browser.open(path)
        assert (shown.status, shown.heading) == (404, words.GONE[0])
        assert strict(shown)
        assert (await browser.send(path)).status == 404

    async def test_a_link_that_is_over(self, front: Front, browser: Browser) -> None:
        path = await front.link()
        front.world.clock.at += PATIENCE
        shown = await browser.open(path)
        assert 400 <= shown.status < 500
        assert "connect my calendar" in shown.text
        assert (await browser.send(path)).status == shown.status

    async def test_a_link_of_another_purpose(self, front: Front, browser: Browser) -> None:
        token = front.doors.upload("tove", front.world.clock.at + 60).rpartition("/")[2]
        assert (await browser.open(f"/connect/{token}")).status == 404

    async def test_switched_off_meanwhile(self, front: Front, browser: Browser) -> None:
        path = await front.link()
        await front.world.set("approved", "off", ORG)
        shown = await browser.open(path)
        assert (shown.status, shown.heading) == (403, words.TROUBLE["off"][0])


class TestGoing:
    async def test_it_goes_on_without_a_script_or_a_redirect(
        self, front: Front, browser: Browser
    ) -> None:
        path = await front.link()
        await browser.open(path)
        shown = await browser.send(path)
        assert shown.status == 200
        assert shown.going.startswith("https://consent.example/consent?")
        assert f'href="{shown.going}"'.replace("&", "&amp;") in shown.html
        assert "Continue to Google" in shown.text
        assert strict(shown)
        ((tier, hint, _, redirect),) = front.page.asked
        assert (tier, hint) == (Tier.WRITE, TOVES)
        assert redirect == f"{front.doors.public_url}{CALLBACK}"

    async def test_without_the_cookie_nothing_is_used_up(
        self, front: Front, browser: Browser
    ) -> None:
        path = await front.link()
        shown = await browser.send(path)
        assert (shown.status, shown.heading) == (403, words.TROUBLE["foreign"][0])
        assert (await front.connected(browser, path)).heading == CONNECTED

    async def test_it_goes_on_once(self, front: Front, browser: Browser) -> None:
        path = await front.link()
        await front.asked(browser, path)
        for shown in (await browser.open(path), await browser.send(path)):
            assert (shown.status, shown.heading) == (410, words.TROUBLE["used"][0])

    async def test_a_consent_page_must_be_safe(self, front: Front, browser: Browser) -> None:
        front.page.origin = "http://consent.example"
        path = await front.link()
        await browser.open(path)
        shown = await browser.send(path)
        assert shown.heading == words.TROUBLE["unreachable"][0]
        assert "consent.example" not in shown.html

    async def test_a_service_that_is_down(self, front: Front, browser: Browser) -> None:
        front.page.failure = Unavailable("no route")
        path = await front.link()
        await browser.open(path)
        shown = await browser.send(path)
        assert (shown.status, shown.heading) == (424, words.TROUBLE["unreachable"][0])
        front.page.failure = None
        assert (await front.connected(browser, path)).heading == CONNECTED


# --- back from the service ----------------------------------------------------------------------


class TestBack:
    async def test_connected(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        assert (shown.status, shown.heading) == (200, CONNECTED)
        assert f"Account: {TOVES}" in shown.text
        assert "Sessions go to: Work" in shown.text
        assert "code" not in shown.path
        assert strict(shown)
        assert front.woken
        assert await names(front) == {"Work": ("primary", "write")}

    async def test_the_same_ever_after(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        assert (await browser.open(shown.path)).heading == CONNECTED
        assert (await front.browser().open(shown.path)).status == 404  # another browser
        front.world.clock.at += 1801
        assert (await browser.open(shown.path)).status == 404

    async def test_writing_was_unticked(self, front: Front, browser: Browser) -> None:
        front.page.person = Answerer(TOVES, granted=Tier.BUSY)
        shown = await front.connected(browser)
        assert shown.heading == CONNECTED
        assert words.FEWER in shown.text
        assert "Sessions reach you by mail." in shown.text

    @pytest.mark.parametrize(
        ("person", "trouble", "code"),
        [
            (Answerer(TOVES, error="access_denied"), Trouble.REFUSED, 403),
            (Answerer(TOVES, error=BY_ADMIN), Trouble.ADMIN, 403),
            (Answerer(TOVES, granted=None), Trouble.MISSING, 403),
            (Answerer(TOVES, error="server_error"), Trouble.UNREACHABLE, 424),
        ],
    )
    async def test_troubles_at_the_service(
        self, front: Front, browser: Browser, person: Answerer, trouble: Trouble, code: int
    ) -> None:
        front.page.person = person
        shown = await front.connected(browser)
        assert (shown.status, shown.heading) == (code, words.TROUBLE[trouble.value][0])
        assert "“connect my calendar”" in shown.text or trouble is Trouble.ADMIN
        assert strict(shown)
        assert front.woken  # the chat tells it too
        assert await names(front) == {}

    async def test_the_letter_to_it(self, front: Front, browser: Browser) -> None:
        front.page.person = Answerer(TOVES, error=BY_ADMIN)
        shown = await front.connected(browser)
        assert "not the administrator of your programme" in shown.text
        assert "readonly" in shown.html
        for fact in ("tandem-client", "freebusy, events.owned", "app access control"):
            assert fact.casefold() in shown.text.casefold()

    async def test_a_private_account(self, front: Front, browser: Browser) -> None:
        await front.world.set("accounts.personal", "off")
        front.page.person = Answerer(TOVES, personal=True)
        shown = await front.connected(browser)
        assert (shown.status, shown.heading) == (403, words.TROUBLE["personal"][0])

    async def test_an_empty_account(self, front: Front, browser: Browser) -> None:
        front.world.google.open_account(OTHER, "x")
        await front.world.change(TOVE, email=OTHER)
        front.page.person = Answerer(OTHER)
        shown = await front.connected(browser)
        assert (shown.status, shown.heading) == (409, words.TROUBLE["empty"][0])

    async def test_a_full_house(self, front: Front, browser: Browser) -> None:
        query = await front.asked(browser)
        await front.world.connect(TOVE)
        await front.world.set("calendars.max", "1")
        shown = await browser.open(f"{CALLBACK}?{urlencode(query)}")
        assert (shown.status, shown.heading) == (409, words.TROUBLE["full"][0])

    async def test_in_another_browser(self, front: Front, browser: Browser) -> None:
        path = await front.link()
        query = await front.asked(browser, path)
        other = front.browser()
        await other.open(await front.link())
        shown = await other.open(f"{CALLBACK}?{urlencode(query)}")
        assert (shown.status, shown.heading) == (403, words.TROUBLE["foreign"][0])
        assert await names(front) == {}

    async def test_a_second_time(self, front: Front, browser: Browser) -> None:
        query = await front.asked(browser)
        address = f"{CALLBACK}?{urlencode(query)}"
        assert (await browser.open(address)).heading == CONNECTED
        shown = await browser.open(address)
        assert (shown.status, shown.heading) == (410, words.TROUBLE["used"][0])

    async def test_twice_at_once(self, front: Front, browser: Browser) -> None:
        query = await front.asked(browser)
        address = f"{CALLBACK}?{urlencode(query)}"
        shown = await asyncio.gather(*(browser.open(address) for _ in range(4)))
        assert sorted(page.status for page in shown) == [200, 410, 410, 410]
        assert len((await status(front.world.ports, TOVE)).grants) == 1

    async def test_too_late(self, front: Front, browser: Browser) -> None:
        query = await front.asked(browser)
        front.world.clock.at += PATIENCE
        shown = await browser.open(f"{CALLBACK}?{urlencode(query)}")
        assert (shown.status, shown.heading) == (410, words.TROUBLE["expired"][0])

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            (CALLBACK, 400),
            (f"{CALLBACK}?state=", 400),
            (f"{CALLBACK}?state=a&state=a&code=c", 400),
            (f"{CALLBACK}?state=a&code=c&code=d", 400),
            (f"{CALLBACK}?state={'s' * 7000}", 400),
            (f"{CALLBACK}?state=made-up&code=c", 410),
            (f"{CALLBACK}?state=%00&code=c", 410),
            (f"{CALLBACK}?state=%FF%FE&code=c", 410),
            (f"{CALLBACK}?state=%3Cscript%3E&code=c", 410),
            ("/oauth/nowhere/callback?state=a&code=c", 400),
            ("/oauth/caldav/callback?state=a&code=c", 410),
            ("/oauth/%00/callback?state=a", 400),
        ],
    )
    async def test_what_is_no_answer(self, browser: Browser, address: str, code: int) -> None:
        shown = await browser.open(address)
        assert shown.status == code
        assert strict(shown)

    async def test_a_hundred_kilobytes(self, browser: Browser) -> None:
        async with browser.client.get(f"{CALLBACK}?state={'s' * 100_000}") as answer:
            assert answer.status == 400

    @pytest.mark.parametrize("cookie", ["\xff\xfe", "x" * 5000, "", "a b=c;;"])
    async def test_strange_cookies(self, front: Front, browser: Browser, cookie: str) -> None:
        query = await front.asked(browser)
        other = front.browser()
        headers = {"Cookie": f"tandem_connect={cookie}"}
        shown = await other.open(f"{CALLBACK}?{urlencode(query)}", headers=headers)
        assert shown.status == 403


class TestConfirm:
    async def asked(self, front: Front, browser: Browser, name: str = "Home") -> Shown:
        front.world.google.open_account(OTHER, "another")
        front.world.google.add_calendar(OTHER, name, default=True)
        front.page.person = Answerer(OTHER)
        return await front.connected(browser)

    async def test_it_asks_and_connects(self, front: Front, browser: Browser) -> None:
        shown = await self.asked(front, browser)
        assert (shown.status, shown.heading) == (200, "Is this your account?")
        assert OTHER in shown.text
        assert TOVES in shown.text
        assert strict(shown)
        assert await names(front) == {}
        shown = await browser.send("/oauth/confirm", [("token", shown.hidden("token"))])
        assert (shown.heading, shown.status) == (CONNECTED, 200)
        assert await names(front) == {"Home": ("primary", "write")}

    async def test_another_browser_cannot_say_yes(self, front: Front, browser: Browser) -> None:
        shown = await self.asked(front, browser)
        other = front.browser()
        await other.open(await front.link())
        refused = await other.send("/oauth/confirm", [("token", shown.hidden("token"))])
        assert (refused.status, refused.heading) == (403, words.TROUBLE["foreign"][0])

    @pytest.mark.parametrize("body", [b"", b"token=", b"token=%00", b"token=a&token=b", b"{}"])
    async def test_what_is_no_yes(self, browser: Browser, body: bytes) -> None:
        assert (await browser.send("/oauth/confirm", body)).status == 410


# --- choosing -----------------------------------------------------------------------------------


class TestChoose:
    async def test_another_primary_and_a_secondary(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        work, rowing = shown.values["Work"], shown.values["Rowing"]
        form = [("primary", rowing), ("secondary", work), ("write", "yes")]
        saved = await browser.send(shown.action, form)
        assert (saved.status, saved.heading) == (200, CONNECTED)
        assert "Sessions go to: Rowing" in saved.text
        assert "Also blocks your time: Work" in saved.text
        assert await names(front) == {"Rowing": ("primary", "write"), "Work": ("secondary", "busy")}
        again = await browser.open(shown.path)
        assert "Sessions go to: Rowing" in again.text

    async def test_sessions_by_mail(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        form = [("primary", shown.values["Work"]), ("write", "no")]
        saved = await browser.send(shown.action, form)
        assert "Sessions reach you by mail." in saved.text
        assert await names(front) == {"Work": ("primary", "busy")}

    async def test_too_many(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        await front.world.set("calendars.max", "1")
        form = [("primary", shown.values["Work"]), ("secondary", shown.values["Rowing"])]
        refused = await browser.send(shown.action, form)
        assert refused.status == 422
        assert words.TOO_MANY.format(limit="1") in refused.text
        assert 'role="alert"' in refused.html

    @pytest.mark.parametrize(
        "form",
        [b"", b"primary=", b"primary=unknown", b"secondary=unknown", b"=&=&", b"primary=%ff%fe"],
    )
    async def test_a_form_without_a_primary(
        self, front: Front, browser: Browser, form: bytes
    ) -> None:
        shown = await front.connected(browser)
        refused = await browser.send(shown.action, form)
        assert refused.status == 422
        assert words.NEED_PRIMARY in refused.text
        assert await names(front) == {"Work": ("primary", "write")}

    async def test_without_a_cookie(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        form = [("primary", shown.values["Rowing"])]
        assert (await front.browser().send(shown.action, form)).status == 404
        assert await names(front) == {"Work": ("primary", "write")}

    async def test_after_disconnecting(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        await disconnect(front.world.ports, TOVE)
        assert (await browser.open(shown.path)).status == 404
        refused = await browser.send(shown.action, [("primary", shown.values["Rowing"])])
        assert refused.status == 404
        assert await names(front) == {}

    async def test_the_service_is_down(self, front: Front, browser: Browser) -> None:
        shown = await front.connected(browser)
        front.world.google.fail(Unavailable("down"), times=2)
        for later in (await browser.open(shown.path), await browser.send(shown.action)):
            assert later.status == 424

    async def test_names_are_words(self, front: Front, browser: Browser) -> None:
        evil = "<img src=x onerror=alert(1)>\"'&amp;"
        await front.world.change(TOVE, name=evil)
        front.world.google.add_calendar(TOVES, evil)
        path = await front.link()
        for shown in (await browser.open(path), await front.connected(browser, path)):
            assert "<img" not in shown.html
            assert "&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;amp;" in shown.html


# --- the private form ---------------------------------------------------------------------------


class TestForm:
    RIGHT = (("username", OTHER), ("password", "a password"), ("server", ""))

    async def test_it_opens_the_account(self, front: Front, browser: Browser) -> None:
        path = await front.link(Provider.CALDAV)
        shown = await browser.open(path)
        assert shown.heading == "Connect your Apple or other CalDAV calendar"
        assert words.APPLE_TEXT in shown.text
        assert 'type="password"' in shown.html
        assert strict(shown)
        connected = await browser.send(path, self.RIGHT)
        assert (connected.status, connected.heading) == (200, CONNECTED)
        assert await names(front) == {"Home": ("primary", "write")}
        assert (await browser.open(path)).status == 410

    async def test_a_wrong_password_leaves_the_form(self, front: Front, browser: Browser) -> None:
        path = await front.link(Provider.CALDAV)
        await browser.open(path)
        wrong = [("username", OTHER), ("password", "hunter2-hunter2"), ("server", "")]
        shown = await browser.send(path, wrong)
        assert shown.status == 422
        assert words.WRONG in shown.text
        assert "hunter2" not in shown.html
        assert f'value="{OTHER}"' in shown.html
        assert (await browser.send(path, self.RIGHT)).heading == CONNECTED

    @pytest.mark.parametrize(
        "body",
        [b"", b"username=", b"username=a&username=b", b"username=%ff&password=%00", b"x" * 100_000],
    )
    async def test_what_is_no_form(self, front: Front, browser: Browser, body: bytes) -> None:
        path = await front.link(Provider.CALDAV)
        await browser.open(path)
        assert (await browser.send(path, body)).status == 422
        assert await names(front) == {}

    async def test_a_server_that_is_down(self, front: Front, browser: Browser) -> None:
        path = await front.link(Provider.CALDAV)
        await browser.open(path)
        front.world.calendars.fail(Unavailable("down"))
        shown = await browser.send(path, self.RIGHT)
        assert words.UNREACHABLE in shown.text
        assert (await browser.send(path, self.RIGHT)).heading == CONNECTED

    async def test_twice_at_once(self, front: Front, browser: Browser) -> None:
        path = await front.link(Provider.CALDAV)
        await browser.open(path)
        ends = await asyncio.gather(*(browser.send(path, self.RIGHT) for _ in range(3)))
        assert sorted(end.status for end in ends) == [200, 410, 410]
        assert len((await status(front.world.ports, TOVE)).grants) == 1

    async def test_without_a_cookie(self, front: Front, browser: Browser) -> None:
        path = await front.link(Provider.CALDAV)
        assert (await browser.send(path, self.RIGHT)).status == 403
        assert await names(front) == {}


# --- what is kept to itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", "nonsense", ""]
)
async def test_other_kinds_of_bodies(front: Front, browser: Browser, kind: str) -> None:
    page = await front.connected(browser)
    caldav = await front.link(Provider.CALDAV)
    for path in ("/oauth/confirm", page.action, caldav):
        headers = {"Content-Type": kind}
        async with browser.client.post(path, data=b'{"a": 1}', headers=headers) as answer:
            assert answer.status < 500


async def test_every_trouble_has_its_page() -> None:
    assert set(words.TROUBLE) == {trouble.value for trouble in Trouble}
    assert set(words.STATUSES) <= set(words.TROUBLE)
    assert all(400 <= code < 500 for code in words.STATUSES.values())


async def test_nothing_secret_is_logged(
    front: Front,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        path = await front.link()
        query = await front.asked(browser, path)
        address = f"{CALLBACK}?{urlencode(query)}"
        shown = await browser.open(address)
        await browser.open(address)
        await browser.send(shown.action, [("primary", shown.values["Rowing"])])
        caldav = await front.link(Provider.CALDAV)
        await browser.send(caldav, [("username", OTHER), ("password", "hunter2-hunter2")])
        front.world.google.fail(AccessRevoked("gone"))
        await browser.open(shown.path)
    out, err = capfd.readouterr()
    told = f"{lines}{out}{err}" + "".join(
        f"{record.getMessage()} {record.exc_text} {record.exc_info}" for record in caplog.records
    )
    secrets = [query["code"], query["state"], path.rpartition("/")[2], caldav.rpartition("/")[2]]
    secrets += [shown.action.rpartition("/")[2], "hunter2", TOVES, OTHER]
    assert [secret for secret in secrets if secret in told] == []
