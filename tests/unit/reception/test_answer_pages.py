"""Answering a proposal from a mail, and handing in a file, in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.answer import AnswerRoutes
from adapters.web.pages import HEADERS, Pages
from adapters.web.signing import ItsSigner
from adapters.web.upload import MOST_BYTES, UploadRoutes
from bot.doors import Doors
from core.ids import PersonId
from core.links import Tier
from core.people import Wishes
from core.ports import Busy
from core.programme import Role
from core.use_cases import answer_proposal, change_meeting
from tests.talks.stage import Stage, at, aurora, person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TWO = at("2026-10-27 14:00", "Europe/London")


@dataclass
class Browser:
    """A person with a link, in front of the real pages."""

    client: TestClient[web.Request, web.Application]
    stage: Stage
    doors: Doors
    files: list[tuple[str, str, str]] = field(default_factory=list)
    reached: bool = True

    async def hand_in(self, person_id: PersonId, name: str, text: str) -> bool:
        self.files.append((person_id, name, text))
        return self.reached

    async def get(self, url: str) -> tuple[int, str]:
        response = await self.client.get(self.path(url))
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        return response.status, await response.text()

    async def press(self, url: str, time: str) -> tuple[int, str]:
        response = await self.client.post(self.path(url), data={"time": time})
        await self.stage.drain()
        return response.status, await response.text()

    async def send(self, url: str, name: str, body: bytes) -> tuple[int, str]:
        form = FormData()
        form.add_field("file", BytesIO(body), filename=name, content_type="text/csv")
        response = await self.client.post(self.path(url), data=form)
        return response.status, await response.text()

    def path(self, url: str) -> str:
        return url.removeprefix("https://tandem.example.org")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    stage = await aurora()
    signer = ItsSigner(["a key for the links of tests"], stage.clock)
    app = web.Application()
    client = TestClient(TestServer(app))
    made = Browser(client, stage, Doors("https://tandem.example.org", signer))
    pages = Pages("Scheduling Assistant")
    answers = AnswerRoutes(stage.ports, signer, pages, lambda: None)
    uploads = UploadRoutes(made.hand_in, signer, pages)
    app.add_routes([*pages.routes(), *answers.routes(), *uploads.routes()])
    async with client:
        yield made


async def offered(browser: Browser, label: str = "") -> tuple[str, str]:
    """Let Maya offer one time, or three, to Alex; return the proposal and the link in his mail."""
    stage = browser.stage
    await stage.change("alex", reach="mail")
    when = "on Tuesday 27 October at 2pm" if label else "next week"
    await stage.says("maya", f"book with Alex {when}")
    await stage.presses("maya", label or "Offer all three")
    (proposal,) = await stage.proposals("alex")
    link = re.findall(r"https://\S+/answer/[^?\s]+", stage.mail.sent[-1].text)[0]
    return proposal.id, link


async def test_opening_a_link_shows_and_never_answers(browser: Browser) -> None:
    proposal, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    for wish in ("", f"?time={TWO}", "?time=none", "?time=x", f"?time={'9' * 90}"):
        status, html = await browser.get(link + wish)
        assert status == 200
        assert "Maya Patel would like to meet you for 30 minutes." in html
        assert "Tue 27 Oct 10:00-10:30 New York (14:00 London)" in html
    (item,) = await browser.stage.proposals("alex")
    assert item.id == proposal
    assert PersonId("alex") not in item.answers
    _, html = await browser.get(f"{link}?time=none")
    assert html.count('class="main"') == 1


async def test_one_time_is_asked_about_as_one(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    (mail,) = [m for m in browser.stage.mail.sent if m.to_name == "Alex Chen"]
    _, html = await browser.get(link)
    for text in (mail.text, html):
        assert "Does it suit you?" in text
        assert "Which time suits you?" not in text


async def test_a_press_books_once(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    for _ in range(2):
        status, html = await browser.press(link, str(TWO))
        assert status == 200
        assert "Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London)." in html
        assert "<form" not in html
    assert len(await browser.stage.meetings("alex")) == 1


async def test_a_series_is_accepted_as_a_whole(browser: Browser) -> None:
    stage = browser.stage
    await stage.change("alex", reach="mail")
    await stage.says("maya", "every Tuesday at 2pm with Alex for 3 weeks")
    await stage.presses("maya", "Offer the series")
    mail = stage.mail.sent[-1]
    assert mail.subject == "Maya Patel proposes a series: every Tuesday at 14:00 London"
    assert "Tue 3 Nov 09:00-09:30 New York (14:00 London)" in mail.text
    assert "10:00 on Tue 27 Oct, 09:00 from Tue 3 Nov" in mail.text
    assert mail.text.count("https://tandem.example.org/answer/") == 2
    link = re.findall(r"https://\S+/answer/[^?\s]+", mail.text)[0]
    status, html = await browser.get(link)
    assert status == 200
    assert "The whole series: 3 sessions, Tue 27 Oct to Tue 10 Nov" in html
    for _ in range(2):
        status, html = await browser.press(link, str(TWO))
        assert status == 200
        assert "Booked: every Tuesday at 14:00 London, 3 sessions." in html
    assert len(await stage.meetings("alex")) == 3
    assert len(stage.events("alex")) == 1


async def test_one_more_than_is_wanted_takes_a_second_press(browser: Browser) -> None:
    stage = browser.stage
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    await stage.says("sam", "book Alex Chen on 29 October at 2pm")
    await stage.presses("sam", "Offer Thu 29 Oct 14:00 New York")
    (item,) = [p for p in await stage.proposals("alex") if "sam" in p.request.attendees]
    await answer_proposal.accept(stage.ports, item.id, PersonId("alex"), item.slots[0].start)
    await stage.change("alex", wishes=Wishes(weekly=1))
    for _ in range(2):  # the same press once more is no word of their own
        status, html = await browser.press(link, str(TWO))
        assert status == 200
        assert "so Tue 27 Oct 10:00 New York is not accepted yet" in html
        assert "Tue 27 Oct 10:00 New York: one more than I want, this once" in html
        assert len(await stage.meetings("maya")) == 0
    _, html = await browser.press(link, f"over:{TWO}")
    assert "Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London)." in html
    assert len(await stage.meetings("maya")) == 1


async def test_of_a_series_only_what_is_wanted_is_taken_without_a_word(browser: Browser) -> None:
    stage = browser.stage
    await stage.change("alex", reach="mail")
    await stage.says("maya", "every Tuesday at 2pm with Alex for 3 weeks")
    await stage.presses("maya", "Offer the series")
    link = re.findall(r"https://\S+/answer/[^?\s]+", stage.mail.sent[-1].text)[0]
    await stage.says("sam", "book Alex Chen on 5 November at 2pm")
    await stage.presses("sam", "Offer Thu 5 Nov 14:00 New York")
    (item,) = [p for p in await stage.proposals("alex") if p.request.series is None]
    await answer_proposal.accept(stage.ports, item.id, PersonId("alex"), item.slots[0].start)
    await stage.change("alex", wishes=Wishes(weekly=1))
    status, html = await browser.press(link, str(TWO))
    assert status == 200
    assert "By now these would be more sessions than you want at most: Tue 3 Nov." in html
    assert "The series without these: Tue 3 Nov" in html
    assert "All of them, this once" in html
    assert len(await stage.meetings("maya")) == 0
    status, html = await browser.press(link, "skip")
    assert "Booked: every Tuesday at 14:00 London, 2 sessions." in html
    assert len(await stage.meetings("maya")) == 2


async def test_none_of_these_ends_it_and_the_asker_is_asked(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    browser.stage.chats.unread.clear()
    for _ in range(2):
        status, html = await browser.press(link, "none")
        assert status == 200
        assert "Noted: none of these suits you. Maya Patel has been told." in html
    texts = [seen.message.text for seen in browser.stage.chats.unread["maya"]]
    assert any(text.startswith("None of the times suits Alex Chen.") for text in texts)


async def asked_by_mail(browser: Browser, request: str, button: str) -> dict[str, str]:
    """Let Alex Romero offer times to Ann, Ben and Cleo, who are reached by mail; return each
    one's link.
    """
    stage = browser.stage
    links = {}
    for who, name in (("ann", "Ann Weber"), ("ben", "Ben Ito"), ("cleo", "Cleo Marsh")):
        await stage.join(person(who, name, "Europe/Madrid"), role=Role.MENTEE)
        await stage.pair("romero", who)
        await stage.connect(who, Tier.BUSY)
    await stage.says("romero", request)
    await stage.presses("romero", button)
    (item,) = await stage.proposals("romero")
    for who in ("ann", "ben", "cleo"):
        links[who] = browser.doors.answer(item.id, who, item.expires_at)
    return links


async def test_a_no_in_a_vote_says_what_it_means(browser: Browser) -> None:
    links = await asked_by_mail(
        browser, "an hour with Ann Weber, Ben Ito and Cleo Marsh next week", "Offer all three"
    )
    _, before = await browser.get(links["cleo"])
    assert "Which time suits you?" in before
    for status, html in (
        await browser.press(links["cleo"], "none"),
        await browser.press(links["cleo"], "none"),
        await browser.get(links["cleo"]),
    ):
        assert status == 200
        assert "Noted: none of these suits you. The others still answer" in html
        assert "Which time suits you?" not in html
        assert "None of these" not in html
        assert html.count('name="time"') == 3  # one may still suit after all
    (item,) = await browser.stage.proposals("romero")
    await browser.press(links["cleo"], str(item.slots[0].start))
    _, html = await browser.get(links["cleo"])
    assert "You have accepted" in html
    assert "Noted: none" not in html


async def test_who_need_not_come_reads_that_on_the_page(browser: Browser) -> None:
    stage = browser.stage
    links = await asked_by_mail(
        browser,
        "an hour with Ann Weber and Ben Ito, and Cleo Marsh if possible next week",
        "Offer all three",
    )
    (item,) = await stage.proposals("romero")
    _, html = await browser.press(links["cleo"], "none")
    assert "They meet without you, unless you accept one after all." in html
    await browser.press(links["ann"], str(item.slots[0].start))
    _, html = await browser.press(links["ben"], str(item.slots[0].start))
    assert "The invitation comes by mail." in html
    _, html = await browser.get(links["cleo"])
    assert "The others meet without you" in html
    assert "comes by mail" not in html
    (meeting,) = await stage.meetings("romero")
    await change_meeting.cancel(stage.ports, meeting.id, PersonId("romero"), "")
    for who in ("ann", "cleo"):
        _, html = await browser.get(links[who])
        assert "This session was cancelled." in html


async def test_a_time_that_has_just_gone_leaves_the_others(browser: Browser) -> None:
    _, link = await offered(browser)
    (item,) = await browser.stage.proposals("alex")
    first = min(slot.start for slot in item.slots)
    shelf = browser.stage.shelves["maya"]
    browser.stage.calendars.add_busy(shelf, Busy(first, first + 1800))
    status, html = await browser.press(link, str(first))
    assert status == 409
    assert "That time has just gone." in html
    assert html.count('name="time"') == 3  # the two others, and none of these
    other = sorted(slot.start for slot in item.slots)[1]
    _, html = await browser.press(link, str(other))
    assert "Booked: " in html


async def test_when_the_only_time_has_gone_the_asker_may_look_for_others(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    shelf = browser.stage.shelves["maya"]
    browser.stage.calendars.add_busy(shelf, Busy(TWO, TWO + 1800))
    _, html = await browser.press(link, str(TWO))
    assert "These times have lapsed." in html
    assert browser.stage.chats.button("maya", "Other times")


async def test_what_was_taken_back_takes_no_answer(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    await browser.stage.presses("maya", "Take it back")
    for status, html in (await browser.get(link), await browser.press(link, str(TWO))):
        assert status == 200
        assert "This proposal was taken back" in html
    assert await browser.stage.meetings("alex") == ()


@pytest.mark.parametrize(
    "said", ["", "x", "-1", "1e9", "\u0661\u0662", "9" * 400, "none ", "<b>", str(TWO + 60)]
)
async def test_what_is_no_answer_changes_nothing(browser: Browser, said: str) -> None:
    await offered(browser, "Offer Tue 27 Oct 14:00 London")
    (item,) = await browser.stage.proposals("alex")
    link = browser.doors.answer(item.id, "alex", item.expires_at)
    status, html = await browser.press(link, said)
    assert status in (200, 400)
    assert "<b>" not in html
    assert await browser.stage.proposals("alex") == (item,)


async def test_links_of_others_lead_nowhere(browser: Browser) -> None:
    proposal, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    until = browser.stage.clock.at + 3600
    wrong = [
        f"{link[:-2]}xx",
        browser.doors.answer(proposal, "sam", until),
        browser.doors.answer("unknown", "alex", until),
        browser.doors.upload(f"{proposal}:alex", until).replace("/upload/", "/answer/"),
        "/answer/x",
    ]
    for url in wrong:
        assert (await browser.get(url))[0] == 404
        assert (await browser.press(url, str(TWO)))[0] == 404
    assert await browser.stage.meetings("alex") == ()


async def test_a_link_whose_time_is_over_says_so(browser: Browser) -> None:
    _, link = await offered(browser, "Offer Tue 27 Oct 14:00 London")
    browser.stage.clock.at += 30 * 86_400
    status, html = await browser.get(link)
    assert status == 410
    assert "This link has expired" in html


# --- files --------------------------------------------------------------------------------------

CSV = "name,email,zone,role\nZo\u00eb Noor,zoe@example.org,Asia/Amman,mentor\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_a_file_is_handed_on(browser: Browser, encoding: str) -> None:
    link = browser.doors.upload("dana", browser.stage.clock.at + 60)
    status, html = await browser.get(link)
    assert status == 200
    assert 'type="file"' in html
    status, html = await browser.send(link, "aurora.csv", CSV.encode(encoding))
    assert status == 200
    assert "comes to your chat" in html
    assert browser.files == [("dana", "aurora.csv", CSV)]


async def test_files_that_are_none_are_refused(browser: Browser) -> None:
    link = browser.doors.upload("dana", browser.stage.clock.at + 60)
    for body in (b"PK\x03\x04\x00\x00", b"a\x00b", b"\x81\x8d\x8f"):
        assert (await browser.send(link, "a.xlsx", body))[0] == 400
    assert (await browser.send(link, "a.csv", b"x" * (MOST_BYTES + 1)))[0] == 413
    response = await browser.client.post(browser.path(link), data={"file": "x"})
    assert response.status == 400
    response = await browser.client.post(browser.path(link), json={"file": "x"})
    assert response.status == 400
    assert browser.files == []


async def test_a_file_of_the_largest_size_is_taken(browser: Browser) -> None:
    link = browser.doors.upload("dana", browser.stage.clock.at + 60)
    assert (await browser.send(link, "a.csv", b"x" * MOST_BYTES))[0] == 200


async def test_no_file_without_a_link(browser: Browser) -> None:
    link = browser.doors.upload("dana", browser.stage.clock.at + 60)
    browser.stage.clock.at += 61
    assert (await browser.get(link))[0] == 410
    foreign = browser.doors.answer("p", "dana", 2**40).replace("/answer/", "/upload/")
    for url in (link, "/upload/x", foreign):
        assert (await browser.send(url, "a.csv", b"x"))[0] in (404, 410)
    assert browser.files == []


async def test_who_is_in_no_chat_is_told_on_the_page(browser: Browser) -> None:
    link = browser.doors.upload("dana", browser.stage.clock.at + 60)
    browser.reached = False
    assert (await browser.send(link, "a.csv", b"x"))[0] == 409
