"""What administrators decide about connecting: services, approval, switches (A32, A33, A46)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from core.ids import LinkId, PersonId, ProgrammeId
from core.links import CalendarLink, Grant, LinkState, Provider, Tier, Use
from core.ports import Tx
from core.programme import Programme, Role
from tests.talks.delegated import DelegatedCalendars
from tests.talks.script import play
from tests.talks.stage import ORG, Stage, aurora

DAY = 86_400
BOREALIS = ProgrammeId("0" * 31 + "3")


def keep(tx: Tx, grant: Grant, link: CalendarLink) -> None:
    tx.links.save_grant(grant)
    tx.links.save(link)


async def on_google(stage: Stage, *people: str) -> DelegatedCalendars:
    """Move people's calendars to Google, with accounts of their addresses."""
    google = DelegatedCalendars(Provider.GOOGLE)
    stage.ports.calendars[Provider.GOOGLE] = google.service()
    for who in people:
        await stage.disconnect(who)
        username = f"{who}@example.org"
        google.open_account(username, "pass")
        calendar_id = google.add_calendar(username, "Work", default=True)
        grant = google.grant(username, who, stage.ports.ids.new())
        link = CalendarLink(
            LinkId(stage.ports.ids.new()),
            grant.id,
            PersonId(who),
            calendar_id,
            "Work",
            Use.PRIMARY,
            Tier.WRITE,
        )

        await stage.store.transact(partial(keep, grant=grant, link=link))
    return google


async def a_stage() -> Stage:
    """Return Aurora with Lee at Apple and everybody else who is connected at Google."""
    stage = await aurora()
    await on_google(stage, "maya", "alex", "romero", "priya", "sam")
    return stage


async def held(stage: Stage, who: str) -> dict[Provider, LinkState]:
    """Return the accounts that a person has, with those left already."""
    found = await stage.store.read(lambda tx: tx.links.grants_of([PersonId(who)]))
    return {grant.provider: grant.state for grant in found.values()}


async def test_a33_a_disabled_service_ends_in_14_days_and_its_people_are_told() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        jo: /schedule admin providers disable apple
        > For Aurora “services” would change from google, microsoft, apple to google, microsoft. \
            That concerns 7 people. Connected through what would go: Lee Wong (Apple or CalDAV). \
            Nobody can connect it from now on. What is connected can stop now or in 14 days; they \
            are told at once, and offered the other services.
          [In 14 days] [Stop now] [Leave it as it is]
        jo presses [In 14 days]
        > Saved for Aurora: services google, microsoft (before: google, microsoft, apple). Told \
            now, with the end on Tue 3 Nov: 1 person.
          [Undo]
        lee sees > Your programme will no longer use Apple and other CalDAV calendars. Yours stays \
            connected until Tue 3 Nov; after that your invitations come by mail, and partners see \
            “could not check” for you. You can connect another calendar:
          [Google]
        lee: connect apple calendar
        > …
        """,
    )
    assert await held(stage, "lee") == {Provider.CALDAV: LinkState.OK}
    await stage.wait(14 * DAY - 60)
    assert await held(stage, "lee") == {Provider.CALDAV: LinkState.OK}
    await stage.wait(60)
    assert await held(stage, "lee") == {}
    await play(
        stage,
        """
        lee sees > Your programme does not use Apple and other CalDAV calendars any more, so yours \
            is disconnected and what I stored of it is deleted. Sessions that are already in it \
            stay there, and are not changed any more. Without it your invitations come by mail, \
            and partners see “could not check” for you. Please also revoke the app password where \
            you made it. You can connect another calendar:
          [Google]
        everybody has read on
        jo: admin aurora log
        > The last 1 change.
          …
        """,
    )
    entries = await stage.store.read(lambda tx: tx.audit.latest(ORG, 5))
    assert entries[0].detail == ("services: inherited -> google, microsoft; ends in 14 days for 1")


async def test_enabling_again_takes_the_end_back() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        jo: admin disable apple
        > …
        jo presses [In 14 days]
        > …
        lee sees > Your programme will no longer use Apple and other CalDAV calendars. …
        jo: admin enable apple
        > …
        jo presses [Save]
        > Saved for Aurora: services google, microsoft, apple (before: google, microsoft). The end \
            is taken back, and they are told: 1 person.
        lee sees > Your programme allows Apple and other CalDAV calendars again, so yours stays \
            connected.
        """,
    )
    await stage.wait(20 * DAY)
    assert await held(stage, "lee") == {Provider.CALDAV: LinkState.OK}
    stage.chats.unread.clear()
    await play(
        stage,
        """
        jo: admin disable apple
        > …
        jo presses [In 14 days]
        > …
        lee sees > Your programme will no longer use Apple and other CalDAV calendars. Yours stays \
            connected until Mon 23 Nov; …
        """,
    )
    await stage.wait(14 * DAY)
    assert await held(stage, "lee") == {}


async def test_stopping_now_disconnects_at_once_and_only_that_service() -> None:
    stage = await a_stage()
    await stage.connect("maya", Tier.BUSY, "Private", Use.SECONDARY)
    account = await stage.store.read(lambda tx: tx.links.grants_of([PersonId("maya")]))
    apple = replace(
        stage.calendars.grant("maya@example.org", "maya", stage.ports.ids.new()),
        provider=Provider.CALDAV,
    )

    def second(tx: Tx) -> None:
        tx.links.save_grant(apple)
        for link in tx.links.of([PersonId("maya")])[PersonId("maya")]:
            if link.use is Use.SECONDARY:
                tx.links.save(replace(link, grant_id=apple.id))

    assert len(account) == 1
    await stage.store.transact(second)
    await play(
        stage,
        """
        jo: admin disable apple
        > … Connected through what would go: Lee Wong (Apple or CalDAV) and Maya Patel (Apple or \
            CalDAV). …
        jo presses [Stop now]
        > … Disconnected and told: 2 people.
        lee sees > Your programme does not use Apple and other CalDAV calendars any more, …
        maya sees > … Your other calendars stay connected. …
        """,
    )
    assert await held(stage, "lee") == {}
    assert await held(stage, "maya") == {Provider.GOOGLE: LinkState.OK}


async def test_another_programme_that_allows_the_service_keeps_it() -> None:
    stage = await a_stage()
    await stage.store.transact(lambda tx: tx.programmes.save(Programme(BOREALIS, ORG, "Borealis")))
    lee = await stage.person("lee")
    await stage.join(lee, role=Role.MENTOR, programme=BOREALIS)
    await play(
        stage,
        """
        dana: admin aurora services google
        > For Aurora “services” would change from google, microsoft, apple to google. That \
            concerns 7 people.
          [Save] [Leave it as it is]
        dana presses [Save]
        > Saved for Aurora: services google (before: google, microsoft, apple).
        jo: admin borealis services disable apple
        > … Connected through what would go: Lee Wong (Apple or CalDAV). …
        jo presses [Stop now]
        > …
        lee sees > Your programme does not use Apple and other CalDAV calendars any more, …
          [Google]
        """,
    )
    assert await held(stage, "lee") == {}


async def test_undoing_it_takes_the_end_back_too() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        jo: admin disable apple
        > …
        jo presses [In 14 days]
        > …
        lee sees > …
        jo presses [Undo]
        > Saved for Aurora: services google, microsoft, apple (before: google, microsoft).
        lee sees > Your programme allows Apple and other CalDAV calendars again, …
        """,
    )


async def test_a46_withdrawn_approval_stops_everything_at_once_and_tells_each_once() -> None:
    stage = await a_stage()
    await stage.setting("contacts", "Support: help@example.org")
    before = len(await stage.meetings("maya"))
    await play(
        stage,
        """
        jo: admin approved off
        > For the organisation “approved” would change from on to off. That concerns 7 people. \
            Connected through what would go: Alex Chen (Google), Alex Romero (Google), Lee Wong \
            (Apple or CalDAV), Maya Patel (Google), Priya Nair (Google) and 1 more. Their \
            calendars are disconnected at once, what I stored of them is deleted, and each of \
            them is told once. Nobody can connect until it is on again. Sessions stay.
          [Switch off and disconnect] [Leave it as it is]
        jo presses [Switch off and disconnect]
        > Saved for the organisation: approved off (before: on). Disconnected and told: 6 people.
        maya sees > Your company no longer allows connected calendars, so yours is disconnected \
            and what I stored of it is deleted. Your Admin, Sponsor or Support can tell you more: \
            Support: help@example.org. Scheduling by hand still works. Sessions that are already \
            in it stay there, and are not changed any more. Without it your invitations come by \
            mail, and partners see “could not check” for you.
        alex sees > Your company no longer allows connected calendars, …
        romero sees > Your company no longer allows connected calendars, …
        priya sees > Your company no longer allows connected calendars, …
        sam sees > Your company no longer allows connected calendars, …
        lee sees > Your company no longer allows connected calendars, … Please also revoke the \
            app password where you made it.
        maya: connect my calendar
        > Your company has not enabled calendar sync. Your Admin, Sponsor or Support can tell you \
            more: Support: help@example.org. Scheduling by hand still works.
        """,
    )
    for who in ("maya", "alex", "romero", "priya", "sam", "lee"):
        assert await held(stage, who) == {}
    assert "pass" not in str(stage.store._tables.grants)
    assert len(await stage.meetings("maya")) == before


async def test_with_the_assistant_off_calendars_are_unknown_never_free() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        dana: admin aurora assistant off
        > For Aurora “assistant” would change from on to off. That concerns 7 people. Connected: 6 \
            people. Their calendars stay connected but are not read any more: their time counts \
            as unknown, never as free, and nobody can connect.
          [Save] [Leave it as it is]
        dana presses [Save]
        > Saved for Aurora: assistant off (before: on).
        tom: connect my calendar
        > The Scheduling Assistant is switched off in your programme…
        """,
    )
    asked = stage.ports.calendars[Provider.GOOGLE].busy
    assert isinstance(asked, DelegatedCalendars)
    before = asked.asked
    await stage.says("maya", "book with Alex Chen next week")
    texts = " ".join(repr(seen.message) for seen in stage.chats.unread.pop("maya"))
    assert "calendar is not read in this programme, so I could not check it" in texts
    assert asked.asked == before
    assert await held(stage, "maya") == {Provider.GOOGLE: LinkState.OK}


async def test_connecting_off_keeps_what_is_connected() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        dana: admin aurora connecting off
        > For Aurora “connecting” would change from on to off. That concerns 7 people. Without a \
            calendar: 1 person, who could not connect one. What is connected stays connected.
          [Save] [Leave it as it is]
        dana presses [Save]
        > Saved for Aurora: connecting off (before: on).
        tom: connect my calendar
        > … Your Admin, Sponsor or Support can tell you more. Scheduling by hand still works.
        """,
    )
    assert await held(stage, "maya") == {Provider.GOOGLE: LinkState.OK}


async def test_a32_two_way_names_the_first_thing_that_is_missing() -> None:
    stage = await a_stage()
    await stage.setting("assistant", "off")
    await stage.setting("sync", "off")
    await play(
        stage,
        """
        dana: /schedule admin aurora two-way on
        > Two-way sync needs the Scheduling Assistant, which is off here. Switch it on first: \
            admin assistant on.
        dana: admin aurora assistant on
        > Saved for Aurora: assistant on (before: off).
        dana: admin turn on two-way sync
        > Two-way sync needs calendar sync, which is off here. Switch it on first: admin sync on.
        dana: admin aurora sync on
        > Saved for Aurora: sync on (before: off).
        dana: admin aurora two-way on
        > Two-way sync needs the assistant's own account at Google or Microsoft. None is \
            connected. A global administrator does that with your IT department: admin org-connect.
        dana: admin aurora two-way off
        > Two-way sync is off: changes made in a calendar do not come back.
        dana: admin two-way
        > Two-way sync is off, and this version has none: …
        maya: admin aurora two-way on
        > Only an administrator can do that. Please ask Dana Brooks.
        """,
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("calendars.max 1", "More calendars than that: 1 person. They keep them, …"),
        ("connect required", "Without a calendar: 1 person, who will be asked each time."),
        ("accounts.personal off", "With a private account, as far as the address tells: 1 person."),
    ],
)
async def test_what_touches_calendars_is_shown_first(command: str, said: str) -> None:
    stage = await aurora()
    await stage.connect("maya", Tier.BUSY, "Private", Use.SECONDARY)
    key = PersonId("sam")

    def private(tx: Tx) -> None:
        (grant,) = tx.links.grants_of([key]).values()
        tx.links.save_grant(replace(grant, account="Sam@Gmail.com"))

    await stage.store.transact(private)
    await play(
        stage,
        f"""
        dana: admin aurora {command}
        > … {said}…
          [Save] [Leave it as it is]
        dana presses [Save]
        > Saved for Aurora: …
        """,
    )


async def test_bad_words_change_nothing() -> None:
    stage = await a_stage()
    await play(
        stage,
        """
        jo: admin disable yahoo
        > I did not understand “disable yahoo” …
        jo: admin services disable yahoo
        > The services are google, microsoft and apple; I do not know “yahoo”.
        jo: admin aurora services yahoo, google
        > 'yahoo, google' is not a list of google, microsoft, apple. …
        maya: admin services disable apple
        > Only an administrator can do that. Please ask Dana Brooks.
        """,
    )
    await stage.acts("jo", "admin:ends:any:services:tomorrow:google")
    await stage.acts("jo", "admin:ends:any:colour:now:red")
    await play(stage, "jo sees > I cannot find that any more: …\njo sees > This button is from …")
    assert await stage.store.read(lambda tx: tx.audit.latest(ORG, 9)) == ()
