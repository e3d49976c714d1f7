"""Connecting by a service's own page, and by the private form of Apple: A11 to A13."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.memory.calendar import MemoryCalendars
from adapters.memory.consent import BY_ADMIN, Answerer, MemoryConsent, consenting
from bot.doors import CONNECT, App
from core.consenting import ConnectError
from core.links import Provider, Tier
from core.use_cases import consent
from tests.talks.script import play
from tests.talks.stage import Stage, aurora

if TYPE_CHECKING:
    from core.consenting import Opened

BROWSER = "the secret of a browser"
SERVICES = {Provider.GOOGLE: "Google", Provider.MICROSOFT: "Microsoft 365 or Outlook"}


async def with_pages(who: str) -> tuple[Stage, dict[Provider, MemoryConsent]]:
    """Return Aurora where Google and Microsoft have consent pages, at which one person sits who
    has connected nothing yet; the organisation has approved connecting.
    """
    stage, pages = await aurora(), {}
    await stage.disconnect(who)
    for provider in SERVICES:
        calendars = MemoryCalendars(provider)
        page = consenting(calendars, Answerer(f"{who}@example.org"))
        calendars.add_calendar(f"{who}@example.org", "Work", default=True)
        calendars.add_calendar(f"{who}@example.org", "Rowing")
        stage.ports.calendars[provider] = replace(calendars.service(), consent=page)
        pages[provider] = page
    return stage, pages


async def follows(
    stage: Stage, who: str, page: MemoryConsent, provider: Provider, browser: str = BROWSER
) -> Opened:
    """Open the newest link to a service that somebody was shown, and answer at its page.

    Raises ConnectError.
    """
    messages = reversed(stage.chats.standing[who].values())
    url = next(
        action.url
        for message in messages
        for action in (message.card.actions if message.card else ())
        if action.label == SERVICES[provider]
    )
    link_id = stage.doors.signer.read(CONNECT, url.rpartition("/")[2])
    going = await consent.begin(stage.ports, link_id, browser, stage.doors.callback(provider))
    query = page.answered(going)
    try:
        return await consent.finish(stage.ports, provider, query, browser)
    finally:
        await stage.drain()


async def test_a11_a_button_for_each_service_and_exactly_connected() -> None:
    stage, pages = await with_pages("priya")
    await play(
        stage,
        """
        priya: connect my calendar
        > Which calendar would you like to connect?
          Google or Microsoft may say that I want full access to your calendars, or more. What I \
            use: the times when you are busy, and writing and changing the sessions that I book. \
            I never read what your events are about, your mail or your contacts.
          Each link is for you alone, works once, and for ten minutes.
          [Google] [Microsoft 365 or Outlook] [Apple or other CalDAV]
        """,
    )
    opened = await follows(stage, "priya", pages[Provider.MICROSOFT], Provider.MICROSOFT)
    assert opened.person.id == "priya"
    await play(
        stage,
        """
        priya sees > Your calendar is connected.
          Sessions go to: Work
          [Choose calendars of p…@example.org] [Connect another] [Disconnect]
        priya: my calendars
        > Your calendar is connected.
          Sessions go to: Work
          …
        """,
    )
    assert [tier for tier, *_ in pages[Provider.MICROSOFT].asked] == [Tier.WRITE]
    assert pages[Provider.GOOGLE].asked == []


async def test_a11_a_service_that_was_named_comes_alone() -> None:
    stage, pages = await with_pages("priya")
    await play(
        stage,
        """
        priya: connect my outlook calendar
        > Open this page to connect your calendar:
          …
          [Microsoft 365 or Outlook]
        """,
    )
    pages[Provider.MICROSOFT].person = Answerer("priya@example.org", error="access_denied")
    with pytest.raises(ConnectError):
        await follows(stage, "priya", pages[Provider.MICROSOFT], Provider.MICROSOFT)
    await play(
        stage,
        """
        priya sees > You did not give access at Microsoft 365 or Outlook, so nothing is connected. \
            You can still book, and partners see “could not check” for you.
          [Try again]
        """,
    )


async def test_a11_a_link_of_anybody_works_once() -> None:
    stage, pages = await with_pages("priya")
    await stage.says("priya", "connect my calendar")
    await follows(stage, "priya", pages[Provider.GOOGLE], Provider.GOOGLE)
    stage.chats.unread.clear()
    with pytest.raises(ConnectError):
        await follows(stage, "priya", pages[Provider.GOOGLE], Provider.GOOGLE)


async def test_a12_it_has_to_approve_and_that_is_somebody_else() -> None:
    """Dana hears of it once for the whole organisation; until then invitations come by mail."""
    stage, pages = await with_pages("priya")
    pages[Provider.MICROSOFT].person = Answerer("priya@example.org", error=BY_ADMIN)
    stage.apps[Provider.MICROSOFT] = App(
        "1111-2222", ("Calendars.ReadWrite",), "https://login.example/adminconsent"
    )
    await stage.says("priya", "connect my outlook calendar")
    stage.chats.unread.clear()
    with pytest.raises(ConnectError):
        await follows(stage, "priya", pages[Provider.MICROSOFT], Provider.MICROSOFT)
    await play(
        stage,
        """
        priya sees > Microsoft 365 or Outlook says that an administrator has to approve me. That \
            is your organisation's IT administrator, not your programme administrator. I have a \
            text that you can forward to them. Until then your sessions come by mail.
          [Text for IT] [Try again]
        dana sees > Priya Nair wanted to connect a Microsoft 365 or Outlook calendar, and \
            Microsoft 365 or Outlook asks for the approval of your organisation's IT \
            administrator. The others will meet the same. Best ask IT to approve me for \
            everybody, once.
          I tell you this once. The text can be forwarded as it is.
          [Text for IT]
        priya presses [Text for IT]
        > Here is the text for your IT administrator:
          Hello,
          …
          Application (client) id: 1111-2222
          Permissions asked for: Calendars.ReadWrite
          …
          https://login.example/adminconsent
          Thank you.
        priya: my calendars
        > Your calendar is not connected.
          …
        1 minute later
        priya presses [Try again]
        > Open this page to connect your calendar:
          …
        """,
    )
    with pytest.raises(ConnectError):
        await follows(stage, "priya", pages[Provider.MICROSOFT], Provider.MICROSOFT)
    await play(
        stage,
        """
        priya sees > Microsoft 365 or Outlook says that an administrator has to approve me. …
        dana sees nothing
        """,
    )


async def test_a13_the_form_for_apple_refuses_what_is_no_app_password() -> None:
    stage = await aurora()
    await stage.disconnect("lee")
    stage.account("lee@icloud.example", "Home")
    stage.calendars.open_account("lee@icloud.example", "abcd-efgh-ijkl-mnop")
    await play(
        stage,
        """
        lee: connect apple calendar
        > This form is private: what you type in it is not kept in the chat.
          Connect a calendar
          …
          <Account (for Apple: your Apple Account address)>
          <App-specific password>
          <CalDAV address (leave empty for Apple)>
          [Connect] [Use a private page instead]
        lee fills username=; password=; server=; presses [Connect]
        > Please fill this in.
        lee fills username=lee@icloud.example; password=hunter22; presses [Connect]
        > This is not an app-specific password: those look like abcd-efgh-ijkl-mnop. Make one at \
            account.apple.com under Sign-In and Security; your normal password does not work here.
        lee fills username=lee@icloud.example; password=abcd-efgh-ijkl-mnop; presses [Connect]
        > l…@icloud.example is open. Which calendar should your sessions go to, and which others \
            should block your time?
        lee fills primary=Home; secondary=; presses [Save]
        > Your calendar is connected.
          Sessions go to: Home
          …
        """,
    )
    kept = stage.everything_stored()
    assert "hunter22" not in kept
