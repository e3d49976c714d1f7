"""Staying connected as people meet it: the doctor, broken calendars, a required one (A36, X5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from core.errors import ConsentRequiredByAdmin, Unavailable
from core.ids import LinkId, PersonId
from core.keeping import opened, troubles
from core.links import CalendarLink, LinkState, Tier, Use
from core.people import Leave, Wishes
from core.timing.hours import weekly
from tests.talks.script import play
from tests.talks.stage import AURORA, ORG, Stage, aurora

if TYPE_CHECKING:
    from core.links import Grant


def lock(stage: Stage, who: str, password: str = "another password") -> None:
    """Let an account refuse what is kept of it."""
    stage.calendars.open_account(f"{who}@example.org", password)


async def grant_of(stage: Stage, who: str) -> Grant:
    grants = await stage.store.read(lambda tx: tx.links.grants_of([PersonId(who)]))
    return next(iter(grants.values()))


async def watch(stage: Stage, who: str) -> None:
    """Let the daily looks begin, as connecting does."""
    grant = await grant_of(stage, who)
    await stage.store.transact(lambda tx: opened(tx, grant, stage.clock.now()))


async def lose_calendar(stage: Stage, who: str) -> None:
    """Link a calendar that is not in a person's account any more."""
    grant = await grant_of(stage, who)
    link = CalendarLink(
        LinkId(stage.ports.ids.new()), grant.id, PersonId(who), "memory://gone", "Choir",
        Use.SECONDARY, Tier.BUSY,
    )  # fmt: skip
    await stage.store.transact(lambda tx: tx.links.save(link))


# --- A36: somebody's calendar is broken -----------------------------------------------------------


async def test_a36_a_broken_calendar_is_unknown_and_told_once() -> None:
    stage = await aurora()
    lock(stage, "priya")
    await play(
        stage,
        """
        maya: book Priya this week
        > Between Tue 20 Oct and Fri 23 Oct, three times suit you:
          30 minutes with Priya Nair
          Wed 21 Oct 10:00-10:30 London | 14:30 India · Priya to confirm
          …
          Priya's calendar needs to be reconnected, so I could not check it.
          …
        priya sees > Your Apple or other CalDAV calendar (p…@example.org) no longer lets me in, \
            so partners see “could not check”, and your invitations come by mail. Your sessions \
            stay as they are. Please connect it again.
          I say this once a week until it is mended. “doctor” shows more, “disconnect” ends it.
          [Connect again]
        sam: book Priya this week
        > …
        priya sees nothing
        maya: why is Priya never free?
        > Where the time of Tue 20 Oct to Tue 3 Nov goes:
          …
          open as far as I could check: …
          …
          Priya's calendar needs to be reconnected, so I could not check it.
          [Ask Priya to connect again]
        maya presses [Ask Priya to connect again]
        > I have asked Priya to connect a calendar.
          I ask at most once a day.
        priya sees > Maya Patel asked me to remind you: your calendar needs to be connected \
            again, so that I can offer times when you are really free.
          [Connect again]
        """,
    )


async def test_a36_what_was_booked_stays() -> None:
    stage = await aurora()
    await play(stage, "sam: book Priya next Monday 8am", "everybody has read on")
    await stage.presses("sam", "Offer Mon 26 Oct 08:00 New York")
    await stage.presses("priya", "Mon 26 Oct 17:30 India")
    await play(stage, "everybody has read on")
    (before,) = await stage.meetings("priya")
    lock(stage, "priya")
    await stage.says("maya", "book Priya this week")
    assert (await grant_of(stage, "priya")).state is LinkState.BROKEN
    assert await stage.meetings("priya") == (before,)
    assert len(stage.events("priya")) == 1


async def test_each_week_there_is_a_new_message_and_the_old_one_says_so() -> None:
    stage = await aurora()
    lock(stage, "priya")
    await stage.says("maya", "book Priya this week")
    await play(stage, "everybody has read on")
    await play(
        stage,
        """
        7 days later
        priya sees ~ There is newer word about this calendar below.
        priya sees > Your Apple or other CalDAV calendar (p…@example.org) no longer lets me in, \
            so partners see “could not check”, and your invitations come by mail. Your sessions \
            stay as they are. Please connect it again.
          …
          [Connect again]
        priya presses [Connect again]
        > This form is private: what you type in it is not kept in the chat.
        priya fills username=priya@example.org; password=another password; \
            server=https://caldav.example.org/; presses [Connect]
        > p…@example.org is open. Which calendar should your sessions go to, and which others \
            should block your time?
        priya fills write=Write them to my calendar; presses [Save]
        > Your calendar is connected.
        14 days later
        priya sees nothing
        """,
    )


async def test_the_daily_look_tells_it_without_anybody_searching() -> None:
    stage = await aurora()
    await watch(stage, "lee")
    lock(stage, "lee")
    await play(
        stage,
        """
        1 day later
        lee sees > Your Apple or other CalDAV calendar (l…@example.org) no longer lets me in, …
        1 day later
        lee sees nothing
        """,
    )


async def test_a_calendar_that_vanished_is_told_and_chosen_anew() -> None:
    stage = await aurora()
    await lose_calendar(stage, "lee")
    await watch(stage, "lee")
    await play(
        stage,
        """
        1 day later
        lee sees > Your calendar “Choir” is no longer in your Apple or other CalDAV account \
            (l…@example.org), so partners see “could not check”. Please choose which of your \
            calendars count.
          I say this once a week until it is mended. “doctor” shows more, “disconnect” ends it.
          [Choose calendars]
        lee: doctor
        > I have just looked: one of your two calendars needs attention.
          Work: well: I see when you are busy, and write your sessions there
          Choir: the account opens, but this calendar is no longer in it (seen first …)
          Effect: partners see “could not check” for you
          What helps: choose your calendars again
          [Choose calendars of l…@example.org] [Look again]
        lee presses [Choose calendars of l…@example.org]
        > l…@example.org is open. Which calendar should your sessions go to, and which others \
            should block your time?
        lee fills write=Write them to my calendar; presses [Save]
        > Your calendar is connected.
        lee: doctor
        > Your calendar works: I have just looked.
          …
        """,
    )


# --- the doctor, for one person -------------------------------------------------------------------


async def test_the_doctor_finds_a_working_calendar_well() -> None:
    await play(
        await aurora(),
        """
        maya: doctor
        > Your calendar works: I have just looked.
          Work: well: I see when you are busy, and write your sessions there
          [Look again]
        maya: /schedule doctor
        > Your calendar works: I have just looked.
        maya: what is wrong with my calendar?
        > Your calendar works: I have just looked.
        maya: why can't you see my calendar?
        > Your calendar works: I have just looked.
        maya presses [Look again]
        > Your calendar works: I have just looked.
        sam: is my calendar working?
        > Your calendar works: I have just looked.
          Work: well: I see when you are busy
          [Look again]
        """,
    )


async def test_the_doctor_finds_what_is_broken_and_tells_it_itself() -> None:
    stage = await aurora()
    lock(stage, "maya")
    await play(
        stage,
        """
        maya: why can't you see my calendar?
        > I have just looked: your calendar needs attention.
          Work: Apple or other CalDAV no longer lets me in (seen first Tue 20 Oct 10:00 London). \
              That happens when a password changes, or access was withdrawn
          Effect: partners see “could not check” for you; your invitations come by mail
          What helps: connect it again; it takes a minute, and your sessions stay as they are
          [Connect Apple or other CalDAV again] [Look again]
        maya sees nothing
        maya presses [Connect Apple or other CalDAV again]
        > This form is private: what you type in it is not kept in the chat.
        """,
    )
    lock(stage, "maya", "pass-maya@example.org")  # the old password counts again
    await play(
        stage,
        """
        maya presses [Look again]
        > Your calendar works: I have just looked.
        """,
    )
    assert (await grant_of(stage, "maya")).state is LinkState.OK


async def test_the_doctor_tells_apart_what_passes_and_what_does_not() -> None:
    stage = await aurora()
    stage.calendars.fail(Unavailable("not now"), times=9)
    await play(
        stage,
        """
        maya: doctor
        > I have just looked: your calendar needs attention.
          Work: Apple or other CalDAV does not answer me right now
          Effect: until it answers, partners see “could not check” for you
          What helps: nothing you have to do; look again in a while
          [Look again]
        """,
    )
    stage.calendars.heal()
    stage.calendars.fail(ConsentRequiredByAdmin("approval"), times=1)
    await play(
        stage,
        """
        maya presses [Look again]
        > I have just looked: your calendar needs attention.
          Work: Apple or other CalDAV wants the approval of your organisation's IT administrator …
          Effect: partners see “could not check” for you; your invitations come by mail
          What helps: forward the text to your IT administrator, then connect again
          …
        """,
    )
    (trouble,) = troubles((await grant_of(stage, "maya")).why_broken)
    assert trouble.cause == "consent"


async def test_the_doctor_waits_no_longer_than_a_search_and_says_that_it_looks() -> None:
    stage = await aurora()
    stage.calendars.delay = 60.0
    stage.switchboard._ports = replace(stage.ports, deadline=0.8)
    await play(
        stage,
        """
        maya: doctor
        > I have just looked: your calendar needs attention.
          Work: Apple or other CalDAV did not answer in time
          …
        """,
    )
    assert stage.chats.progressed == ["Opening your calendars to see what they say…"]
    assert (await grant_of(stage, "maya")).why_broken == ""


async def test_the_doctor_names_a_service_that_is_not_spoken_here() -> None:
    stage = await aurora()
    stage.switchboard._ports = replace(stage.ports, calendars={})
    await play(
        stage,
        """
        maya: doctor
        > I have just looked: your calendar needs attention.
          Work: this installation does not connect to Apple or other CalDAV (any more)
          …
          [Look again]
        """,
    )


async def test_the_doctor_says_what_it_means_to_have_none() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        tom: doctor
        > You have no calendar connected. You can book all the same: partners see “could not \
            check” for you, you compare the times by hand, and invitations come by mail.
          [Connect my calendar]
        """,
    )
    await stage.setting("connect", "required")
    await play(
        stage,
        """
        tom: doctor
        > You have no calendar connected. …
          Aurora asks everybody to connect a calendar.
          [Connect my calendar]
        """,
    )
    await stage.setting("approved", "off", ORG)
    await play(
        stage,
        """
        tom: doctor
        > You have no calendar connected. …
          Your company has not enabled calendar sync. …
        """,
    )


async def test_the_doctor_names_hours_that_leave_nothing() -> None:
    stage = await aurora()
    await stage.change("sam", hours=weekly((19 * 60, 22 * 60)))
    await stage.change("alex", hours=weekly((15 * 60, 18 * 60)))
    await stage.change("tom", leave=(Leave(date(2026, 10, 19), date(2026, 11, 30)),))
    await play(
        stage,
        """
        sam: doctor
        > Your calendar works: I have just looked.
          Work: well: I see when you are busy
          Your own hours and days away leave no time for sessions in Aurora in the next two \
              weeks. “my hours are 9 to 5” sets other hours.
          [Look again]
        alex: doctor
        > Your calendar works: I have just looked.
          Work: …
          You share no hours with Maya Patel in the next two weeks. …
          [Look again]
        tom: doctor
        > You have no calendar connected. …
          Your own hours and days away leave no time for sessions in Aurora …
          [Connect my calendar]
        """,
    )


async def test_the_doctor_goes_by_the_hours_for_the_programme() -> None:
    """Maya's for Aurora leave Alex nothing; Sam's for Aurora do, whatever they are elsewhere."""
    stage = await aurora()
    zone = (await stage.person("sam")).zone
    await stage.change("priya", zone=zone)
    await stage.change("sam", hours=weekly((19 * 60, 22 * 60)))
    for who, first, last in (("sam", 9, 18), ("maya", 8, 10)):
        hours = Wishes(hours=weekly((first * 60, last * 60)))
        await stage.change(who, apart=((AURORA, hours),))
    await play(
        stage,
        """
        sam: doctor
        > Your calendar works: I have just looked.
          Work: well: I see when you are busy
          [Look again]
        alex: doctor
        > Your calendar works: I have just looked.
          Work: …
          You share no hours with Maya Patel in the next two weeks. …
          [Look again]
        """,
    )


async def test_the_doctor_says_how_news_come() -> None:
    stage = await aurora()
    await stage.change("maya", reach="mail")
    await play(
        stage,
        """
        maya: doctor
        > Your calendar works: I have just looked.
          Work: …
          What is new comes to you by mail, as you wished: nothing pops up in a chat.
          [Look again]
        """,
    )


# --- a calendar is required (X5) ------------------------------------------------------------------


async def test_required_asks_each_time_and_stops_nobody() -> None:
    stage = await aurora()
    await stage.setting("connect", "required")
    asked = """
        > Aurora asks everybody to connect a calendar, and yours is not. You can go on without.
          [Connect my calendar]"""
    await play(
        stage,
        f"""
        tom: book Sam next Tuesday 3pm
        > …
        {asked}
        tom: book Sam next Wednesday 3pm
        > …
        {asked}
        tom presses [Offer Wed 28 Oct 15:00 Berlin]
        ~ Offered to Sam Rivera. I will tell you when they answer.
        """,
        """
        everybody has read on
        maya: book Tom next Tuesday 2pm
        > …
        maya sees nothing
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Tom Becker. I will tell you when they answer.
        tom sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 15:00-15:30 Berlin | 14:00 London
          I could not check your calendar: please compare the times with it by hand.
          Aurora asks everybody to connect a calendar, and yours is not. You can go on without.
          [Tue 27 Oct 15:00 Berlin] [None of these] [Connect my calendar]
        tom presses [Tue 27 Oct 15:00 Berlin]
        ~ Booked: Tue 27 Oct 15:00-15:30 Berlin (14:00 London).
        > Booked: Tue 27 Oct 15:00-15:30 Berlin (14:00 London) with Maya Patel. …
        everybody has read on
        """,
    )
    assert len(await stage.meetings("tom")) == 1


async def test_required_asks_who_is_booked_without_being_asked() -> None:
    stage = await aurora()
    await stage.setting("connect", "required")
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        tom: book Sam next Tuesday 3pm
        > …
        > Aurora asks everybody to connect a calendar, and yours is not. You can go on without.
        everybody has read on
        """,
    )


async def test_required_asks_nobody_who_cannot_connect() -> None:
    stage = await aurora()
    await stage.setting("connect", "required")
    await stage.setting("connecting", "off")
    await play(
        stage,
        """
        tom: book Sam next Tuesday 3pm
        > …
        tom sees nothing
        """,
    )


async def test_encouraged_asks_nobody_each_time() -> None:
    await play(
        await aurora(),
        """
        tom: book Sam next Tuesday 3pm
        > …
        tom sees nothing
        maya: book Tom next Tuesday 2pm
        > …
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Tom Becker. I will tell you when they answer.
        tom sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 15:00-15:30 Berlin | 14:00 London
          I could not check your calendar: please compare the times with it by hand.
          [Tue 27 Oct 15:00 Berlin] [None of these] [Connect my calendar]
        """,
    )
