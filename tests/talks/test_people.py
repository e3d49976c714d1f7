"""What people tell about themselves, and first words: A39, Y14, Y15, Y19, reminders."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_a39_preferences_are_saved_echoed_used_listed_and_undone() -> None:
    stage = await aurora()
    await stage.busy("maya", "2026-10-21 10:50", "2026-10-21 16:40")
    await play(
        stage,
        """
        maya: book Alex Romero tomorrow
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Romero
          Wed 21 Oct 08:00-08:30 London | 09:00 Madrid
          Wed 21 Oct 09:30-10:00 London | 10:30 Madrid
          Wed 21 Oct 10:00-10:30 London | 11:00 Madrid
          …
        maya: don't book me before 10 and leave me 15 minutes between
        > Saved: hours Mon-Fri 10:00-18:00, buffer 15 min, for all programmes.
          [Undo]
        maya: book Alex Romero tomorrow
        > On Wed 21 Oct, one time suits you both:
          30 minutes with Alex Romero
          Wed 21 Oct 10:00-10:30 London | 11:00 Madrid
          Offer it, and Alex Romero will be asked.
          [Offer Wed 21 Oct 10:00 London] [None of these]
        maya: what are my preferences?
        > Your preferences:
          Hours: Mon-Fri 10:00-18:00
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: 15 min
          Usual length: as the programme
          Zone: Europe/London
          Reminders: on
          Link for sessions: https://meet.example.org/maya
        maya presses [Undo]
        > Undone: hours Mon-Fri 10:00-18:00, buffer 15 min.
        maya: undo
        > There is nothing to undo.
        maya: what are my preferences?
        > Your preferences:
          Hours: as the programme
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: as the programme
          …
        """,
    )
    me = await stage.person("maya")
    assert (me.hours, me.buffer) == (None, None)


async def test_a39_what_cannot_be_saved_is_said() -> None:
    await play(
        await aurora(),
        """
        maya: I'm in Lisbon from 2 November
        > I cannot keep this yet: a zone for some days only.
        maya: my zone is Atlantis/Central
        > “Atlantis/Central” is not a zone I know. Use a name such as Europe/London.
        """,
    )


async def test_a40_another_clock_for_days_to_come() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I'm in Lisbon from 2 to 6 November
        > From Mon 2 Nov to Fri 6 Nov I give you Lisbon times, which are then the same as those of \
            London; then London again.
          [Undo]
        maya: book with Alex on 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          …
        clock: 2026-11-02 00:05
        maya sees > From today to Fri 6 Nov I give you Lisbon times; then London again.
        maya: book with Alex on Wednesday at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Wed 4 Nov 14:00-14:30 Lisbon | 09:00 New York
          …
        """,
    )
    assert (await stage.person("maya")).zone == "Europe/Lisbon"
    await play(
        stage,
        """
        clock: 2026-11-06 23:55
        maya sees nothing
        clock: 2026-11-07 00:05
        maya sees > You have London times again. If you are still in Lisbon, tell me: my zone is \
            Europe/Lisbon.
        """,
    )
    assert (await stage.person("maya")).zone == "Europe/London"


async def test_a40_where_the_clock_differs_and_a_journey_that_is_off() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I'm in New York from 2 to 6 November
        > From Mon 2 Nov to Fri 6 Nov I give you New York times; then London again. Times that \
            you look for on those days are in New York times already.
          [Undo]
        maya: what are my preferences?
        > Your preferences:
          …
          Zone: Europe/London; New York Mon 2 Nov to Fri 6 Nov
          …
        maya: I'm in Lisbon from 3 to 5 November
        > From Tue 3 Nov to Thu 5 Nov I give you Lisbon times, …
        maya presses [Undo]
        > All right, I keep London times.
        maya presses [Undo] again
        > That button is from an earlier version. Please tell me again what you need.
        clock: 2026-11-04 12:00
        maya sees nothing
        maya: I'm in Lisbon from today to Friday
        > Until Fri 6 Nov, that day included, I give you Lisbon times; then London again.
        clock: 2026-11-08 12:00
        > You have London times again. …
        """,
    )
    assert (await stage.person("maya")).zone == "Europe/London"


async def test_y14_one_welcome_on_joining() -> None:
    await play(
        await aurora(),
        """
        dana: admin aurora add mentee Noor Haddad <noor@example.org> Europe/London
        > Noor Haddad is a mentee in Aurora now and gets a welcome from me.
        noor is noor@example.org
        noor sees > Hello Noor, welcome to Aurora! I am Tandem and find times for your sessions. \
            You have no partner yet; I will tell you when you do.
          Your clock: London. If that is wrong, tell me, for example: my zone is Europe/Rome.
          To get no reminders from me, write: no reminders.
          [Connect my calendar] [What can you do?]
        dana: admin aurora pair Lee with Noor
        > Lee Wong and Noor Haddad are a pair in Aurora now. I am telling both.
        noor sees > You are now paired with Lee Wong in Aurora. Shall I find a time?
          [Find a time with Lee]
        lee sees > You are now paired with Noor Haddad in Aurora. Shall I find a time?
          [Find a time with Noor]
        noor: my zone is Europe/Rome
        > Saved: your clock is Europe/Rome, for all programmes.
          [Undo]
        noor presses [Find a time with Lee]
        > In the next two weeks, three times suit Lee Wong:
          30 minutes with Lee Wong
          Tue 20 Oct 15:00-15:30 Rome
          Wed 21 Oct 10:00-10:30 Rome
          Thu 22 Oct 13:00-13:30 Rome
          Your calendar is not connected: please compare the times with your calendar by hand.
          …
        noor presses [What can you do?]
        > Here is what I can do for you:
        noor presses [Connect my calendar]
        > This form is private: what you type in it is not kept in the chat.
        """,
    )


async def test_y15_typed_hours_count_where_no_calendar_is_connected() -> None:
    await play(
        await aurora(),
        """
        tom: I'm free Tuesdays after 3 and Friday mornings
        > Saved: hours Tue 15:00-18:00, Fri 08:00-12:00, for all programmes.
          [Undo]
        maya: book Tom next Wednesday
        > On Wed 28 Oct nothing fits: it is outside Tom's hours. The nearest times that work:
          30 minutes with Tom Becker
          Tue 27 Oct 14:00-14:30 London | 15:00 Berlin · Tom to confirm
          Fri 30 Oct 09:30-10:00 London | 10:30 Berlin · Tom to confirm
          Fri 30 Oct 10:00-10:30 London | 11:00 Berlin · Tom to confirm
          Tom has not connected a calendar, so I could not check it.
          …
        """,
    )


async def test_y15_leave_blocks_and_rests_reminders() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        tom: I'm away until 5 January
        > Saved: away Tue 20 Oct to Tue 5 Jan 2027 (you get no reminders meanwhile), for all \
            programmes.
          [Undo]
        sam: find a time with Tom
        > In the next two weeks nothing fits: Tom is busy or away then. I found nothing in the \
            days around it either.
          Tom has not connected a calendar, so I could not check it.
        sam: why is Tom always free?
        > Tom's calendar is not connected right now, so I cannot see when Tom is busy. That does \
            not mean free: Tom has to confirm each time.
        sam presses [Ask Tom to connect]
        > I have asked Tom to connect a calendar.
        tom sees nothing
        tom presses [Undo]
        > Undone: away Tue 20 Oct to Tue 5 Jan 2027 (you get no reminders meanwhile).
        """,
    )
    assert (await stage.person("tom")).leave == ()


async def test_y19_a_message_to_a_person() -> None:
    await play(
        await aurora(),
        """
        maya: talk to a person
        > What shall I pass on? Write: talk to a person: and then your message.
        maya: talk to a person: Alex never answers, what can I do?
        > I passed your message on to Dana Brooks.
        dana sees > Maya Patel asks for a person: Alex never answers, what can I do?
        """,
    )


async def test_help_names_who_can_help() -> None:
    stage = await aurora()
    lines = """
        maya: help
        > Here is what I can do for you:
          Find a time: book with Alex next week
          A certain time: book Alex Tuesday 2pm
          …
          A human: talk to a person: …
          {who}
        """
    await play(stage, lines.format(who="For questions about the programme ask Dana Brooks."))
    await stage.setting("contacts", "Support: help@example.org")
    await play(stage, lines.format(who="People who can help: Support: help@example.org."))


async def test_no_reminders_means_none() -> None:
    await play(
        await aurora(),
        """
        tom: no reminders
        > Saved: no reminders, for all programmes.
          [Undo]
        dana: admin aurora remind everybody to connect
        > …
        tom sees nothing
        sam: why is Tom always free?
        > Tom's calendar is not connected right now, …
        sam presses [Ask Tom to connect]
        > I have asked Tom to connect a calendar.
        tom sees nothing
        tom: reminders on
        > Saved: reminders on, for all programmes.
        dana: admin aurora remind everybody to connect
        > …
        tom sees > Connect your calendar, and I can offer times when you are really free.
        """,
    )


async def test_a_greeting_leads_to_the_two_first_things() -> None:
    await play(
        await aurora(),
        """
        maya: hello
        > Hello Maya! I am Tandem, your scheduling assistant.
          Your clock: London. If that is wrong, tell me, for example: my zone is Europe/Rome.
          [Find a time with Alex] [What can you do?]
        maya: what have I got?
        > You have no sessions coming up. Shall I find a time with Alex?
          [Find a time]
        maya: yes
        > In the next two weeks, three times suit you both:
          30 minutes with Alex Chen
          …
        maya: thanks
        > With pleasure!
        """,
    )


async def test_leave_over_a_session_names_the_session() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        alex: I'm away from 26 to 30 October
        > Saved: away Mon 26 Oct to Fri 30 Oct (you get no reminders meanwhile), for all \
            programmes. One session is booked in that time, and stays unless you change it: Tue \
            27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel.
          [Undo] [Change Tue 27 Oct 10:00 New York]
        maya sees nothing
        """,
    )
    assert len(stage.events("maya")) == 1
