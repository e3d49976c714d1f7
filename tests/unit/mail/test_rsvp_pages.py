"""Yes and No in the browser: showing never acts, pressing acts once."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.pages import HEADERS, Pages
from adapters.web.rsvp import RsvpPage, RsvpRoutes, rsvp_page
from adapters.web.signing import ItsSigner
from bot.speak.mails import RSVP, rsvp_subject
from core.booking.meeting import Attendee, Meeting, MeetingState, Path, Rsvp
from core.errors import IllegalStep, NotFound, Refused
from core.ids import MeetingId, OrgId, PersonId, ProgrammeId
from core.people import Person
from tests.unit.mail.samples import OCT_27_14_LONDON, STAMP

MAYA = Person(PersonId("maya"), OrgId("o"), "Maya Okafor", "maya@example.org", "Europe/London")
EVE = replace(MAYA, id=PersonId("eve"), name="Eve Stone")
ALEX = Attendee(
    PersonId("alex"), "Alex <b>Chen</b>", "alex@example.org", "America/New_York", Path.INVITE
)
MEETING = Meeting(
    id=MeetingId("m1"),
    programme_id=ProgrammeId("aurora"),
    proposal_id=None,
    owner=ALEX.person_id,
    attendees=(ALEX, Attendee(MAYA.id, MAYA.name, MAYA.email, MAYA.zone, Path.INVITE)),
    start=OCT_27_14_LONDON,
    end=OCT_27_14_LONDON + 1800,
    zone="Europe/London",
    title="",
    uid="m1@tandem.example.org",
)


class Clock:
    def __init__(self) -> None:
        self.at = STAMP

    def now(self) -> int:
        return self.at


class Desk:
    """One meeting in memory; `changes` counts answers that changed something."""

    def __init__(self) -> None:
        self.meeting = MEETING
        self.changes = 0
        self.cancels_meanwhile = False
        self.removes_meanwhile = False

    async def show(self, meeting_id: MeetingId, person_id: PersonId) -> RsvpPage:
        if meeting_id != self.meeting.id:
            raise NotFound
        return rsvp_page(self.meeting, replace(MAYA, id=person_id))

    async def answer(self, meeting_id: MeetingId, person_id: PersonId, *, yes: bool) -> RsvpPage:
        if self.cancels_meanwhile:
            self.meeting = self.meeting.cancel(STAMP)
            raise IllegalStep
        if self.removes_meanwhile:
            raise Refused
        rsvp = Rsvp.ACCEPTED if yes else Rsvp.DECLINED
        after = self.meeting.answer(person_id, rsvp)
        self.changes += after != self.meeting
        self.meeting = after
        return await self.show(meeting_id, person_id)


class Browser:
    """A person with a link, in front of the real pages."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.desk = Desk()
        self.clock = Clock()
        self.signer = ItsSigner(["a key of the tests, long enough"], self.clock)
        pages = Pages("Scheduling Assistant")
        routes = RsvpRoutes(self.desk, self.signer, pages, self.clock)
        client.app.add_routes([*pages.routes(), *routes.routes()])

    def link(self, person: Person = MAYA, meeting: str = "m1", purpose: str = RSVP) -> str:
        subject = rsvp_subject(MeetingId(meeting), person.id)
        return "/rsvp/" + self.signer.sign(purpose, subject, MEETING.end)

    async def open(self, path: str) -> tuple[int, str]:
        response = await self.client.get(path)
        return response.status, await response.text()

    async def press(self, path: str, **form: str) -> tuple[int, str]:
        response = await self.client.post(path, data={"sequence": "0", **form})
        return response.status, await response.text()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    client = TestClient(TestServer(web.Application()))
    made = Browser(client)
    async with client:
        yield made


async def test_the_page_shows_the_session(browser: Browser) -> None:
    status, html = await browser.open(browser.link())
    assert status == 200
    assert "Session with Alex &lt;b&gt;Chen&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "Tue 27 Oct 14:00-14:30 London (10:00 New York)" in html
    assert re.findall(r'name="answer" value="(\w+)"', html) == ["yes", "no"]


@pytest.mark.parametrize("wish", ["yes", "no"])
async def test_opening_a_link_never_answers(browser: Browser, wish: str) -> None:
    before = browser.desk.meeting
    path = f"{browser.link()}?answer={wish}"
    for method in ("GET", "HEAD", "GET"):
        response = await browser.client.request(method, path)
        assert response.status == 200
    assert browser.desk.meeting == before
    _, html = await browser.open(path)
    assert f'value="{wish}" class="main"' in html
    assert html.count('class="main"') == 1


@pytest.mark.parametrize(
    ("press", "rsvp", "words"),
    [("yes", Rsvp.ACCEPTED, "you will be there"), ("no", Rsvp.DECLINED, "you cannot be there")],
)
async def test_pressing_answers_once(browser: Browser, press: str, rsvp: Rsvp, words: str) -> None:
    for _ in range(2):
        status, html = await browser.press(browser.link(), answer=press)
        assert status == 200
        assert words in html
    maya = browser.desk.meeting.attendee(MAYA.id)
    assert maya is not None
    assert maya.rsvp is rsvp
    assert browser.desk.changes == 1


async def test_an_answer_can_be_changed(browser: Browser) -> None:
    await browser.press(browser.link(), answer="yes")
    assert "You have said yes" in (await browser.open(browser.link()))[1]
    await browser.press(browser.link(), answer="no")
    assert "You have said no" in (await browser.open(browser.link()))[1]


async def test_a_time_that_was_not_shown_is_not_accepted(browser: Browser) -> None:
    browser.desk.meeting = MEETING.move(MEETING.start + 3600, MEETING.end + 3600, STAMP)
    status, html = await browser.press(browser.link(), answer="yes", sequence="0")
    assert status == 409
    assert "15:00-15:30 London" in html
    assert "Nothing is saved" in html
    assert browser.desk.changes == 0
    (sequence,) = re.findall(r'name="sequence" value="(\d+)"', html)
    status, _ = await browser.press(browser.link(), answer="yes", sequence=sequence)
    assert (status, browser.desk.changes) == (200, 1)


async def test_a_cancelled_session_takes_no_answer(browser: Browser) -> None:
    browser.desk.meeting = MEETING.cancel(STAMP)
    for status, html in (
        await browser.open(browser.link()),
        await browser.press(browser.link(), answer="yes", sequence="1"),
    ):
        assert status == 200
        assert "This session is cancelled" in html
        assert "<form" not in html
    assert browser.desk.changes == 0


async def test_a_session_cancelled_in_this_moment(browser: Browser) -> None:
    browser.desk.cancels_meanwhile = True
    _, html = await browser.press(browser.link(), answer="yes")
    assert "This session is cancelled" in html


async def test_one_who_is_taken_out_in_this_moment(browser: Browser) -> None:
    browser.desk.removes_meanwhile = True
    status, html = await browser.press(browser.link(), answer="yes")
    assert status == 404
    assert "This link does not work" in html


@pytest.mark.parametrize("state", [MeetingState.BOOKED, MeetingState.HELD])
async def test_a_session_that_is_over_takes_no_answer(
    browser: Browser, state: MeetingState
) -> None:
    link = browser.link()
    browser.desk.meeting = replace(MEETING, start=STAMP - 3600, end=STAMP - 1800, state=state)
    for _, html in (await browser.open(link), await browser.press(link, answer="yes")):
        assert "This session is over" in html
    assert browser.desk.changes == 0


async def test_an_expired_link_says_so(browser: Browser) -> None:
    link = browser.link()
    browser.clock.at = MEETING.end
    for status, html in (await browser.open(link), await browser.press(link, answer="yes")):
        assert status == 410
        assert "This link has expired" in html
    assert browser.desk.changes == 0


async def test_a_link_that_is_not_ours_leads_nowhere(browser: Browser) -> None:
    for link in (
        "/rsvp/forged",
        browser.link()[:-4] + "AAAA",
        browser.link(purpose="connect"),
        browser.link(meeting="m2"),
        browser.link(person=EVE),
    ):
        for status, html in (await browser.open(link), await browser.press(link, answer="yes")):
            assert status == 404
            assert "This link does not work" in html
            assert "Alex" not in html
    assert browser.desk.changes == 0


@pytest.mark.parametrize("form", [{}, {"answer": "maybe"}, {"answer": ""}])
async def test_what_is_no_answer_is_refused(browser: Browser, form: dict[str, str]) -> None:
    status, _ = await browser.press(browser.link(), **form)
    assert (status, browser.desk.changes) == (400, 0)


async def test_only_a_form_answers(browser: Browser) -> None:
    response = await browser.client.post(browser.link(), json={"answer": "yes", "sequence": "0"})
    assert (response.status, browser.desk.changes) == (400, 0)


async def every_kind(browser: Browser) -> list[ClientResponse]:
    link = browser.link()
    get, post = browser.client.get, browser.client.post
    return [
        await get(link),
        await post(link, data={"answer": "yes", "sequence": "0"}),
        await post(link, data={"answer": "yes", "sequence": "9"}),
        await post(link, data={}),
        await get("/rsvp/forged"),
    ]


async def test_every_page_is_strict(browser: Browser) -> None:
    responses = await every_kind(browser)
    assert [r.status for r in responses] == [200, 200, 409, 400, 404]
    for response in responses:
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert response.content_type == "text/html"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        html = await response.text()
        assert re.findall(r'(?:src|href)="([^"]*)"', html) == ["/static/tandem.css"]
        assert "style=" not in html  # the policy would not let it through
        assert "<script" not in html


async def test_the_form_answers_the_same_link(browser: Browser) -> None:
    link = browser.link()
    _, html = await browser.open(f"{link}?answer=no")
    assert re.findall(r'action="([^"]*)"', html) == [link]


async def test_the_style_is_ours_and_loads_nothing(browser: Browser) -> None:
    response = await browser.client.get("/static/tandem.css")
    css = await response.text()
    assert response.content_type == "text/css"
    assert "url(" not in css
    assert "@import" not in css
