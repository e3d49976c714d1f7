"""Connecting, not connecting and disconnecting: A14 to A17, A44 to A46."""

from __future__ import annotations

from core.booking.drafts import Method
from core.ids import ProgrammeId
from core.programme import Programme, Role
from tests.talks.script import play
from tests.talks.stage import ORG, Stage, aurora, person

BOREALIS = ProgrammeId("0" * 31 + "3")
PASSWORDS = (
    "my password is hunter22-and-more",
    "abcd-efgh-ijkl-mnop",
    "password: hunter22-and-more",
    "My app-specific password is qwer-tyui-asdf-ghjk, thanks",
    "talk to a person: my password is hunter22-and-more",
)


async def test_a14_a_password_in_the_chat_is_not_kept() -> None:
    stage = await aurora()
    for text in PASSWORDS:
        await stage.says("lee", text)
        (seen,) = stage.chats.unread.pop("lee")
        assert seen.message.text == (
            "That looks like a password. I did not keep it. Please delete your message, because I "
            "cannot, and use the private form instead."
        )
    stored = stage.everything_stored()
    for secret in ("hunter22", "abcd-efgh", "qwer-tyui"):
        assert secret not in stored
    assert stage.chats.unread.get("dana", []) == []
    await play(
        stage,
        """
        lee presses [Open the private form]
        > This form is private: what you type in it is not kept in the chat.
          Connect a calendar
          …
          <Account (for Apple: your Apple Account address)>
          <App-specific password>
          <CalDAV address (leave empty for Apple)>
          [Connect] [Use a private page instead]
        """,
    )


async def test_a15_nobody_connects_for_somebody_else() -> None:
    stage = await aurora()
    await stage.disconnect("priya")
    await play(
        stage,
        """
        dana: connect Priya's calendar for her
        > Nobody can connect a calendar for somebody else: Priya Nair has to authorise it \
            personally. Shall I send Priya the link?
          [Send Priya the link] [Leave it as it is]
        dana presses [Send Priya the link]
        > …
        priya sees > Connect your calendar, and I can offer times when you are really free.
          [Connect my calendar]
        maya: connect Alex's calendar
        > Each person connects their own calendar, so I cannot do that for Alex Chen. I can send \
            them the link.
          [Send Alex the link]
        """,
    )


async def with_a_second_account() -> tuple[Stage, list[str]]:
    """Maya has a private account that she has not connected yet."""
    stage = await aurora()
    return stage, stage.account("maya@home.example", "Home", "Family")


OPEN_HOME = """
    maya fills username=maya@home.example; password=pass-maya@home.example; \
server=https://caldav.home.example/; presses [Connect]
    > m…@home.example is open. Which calendar should your sessions go to, and which others \
should block your time?
"""


async def test_a16_a_second_account_blocks_and_sessions_still_go_to_the_first() -> None:
    stage, (home, _) = await with_a_second_account()
    await play(
        stage,
        """
        maya: add my personal gmail as well
        > I cannot connect Google calendars here, only Apple or other CalDAV. This form is \
            private: what you type in it is not kept in the chat.
        """,
        OPEN_HOME,
        """
        maya fills primary=Keep Work; secondary=Home; presses [Save]
        > Your calendar is connected.
          Sessions go to: Work (m…@example.org)
          Also block my time: Home (m…@home.example)
          [Choose calendars of m…@example.org] [Choose calendars of m…@home.example] [Connect \
              another] [Disconnect]
        """,
    )
    await stage.busy("maya", "2026-10-27 14:00", "2026-10-27 14:30", home)
    await play(
        stage,
        """
        maya: book Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. Tue 27 Oct 14:00-14:30 London (10:00 New York) does not \
            work: one of your calendars is busy then. The nearest times that work:
        maya: book Alex on Tuesday 27 October at 4pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 16:00 London]
        alex presses [Tue 27 Oct 12:00 New York]
        calendar of maya: Tue 27 Oct 16:00-16:30 London, Session with Alex Chen, 0
        everybody has read on
        """,
    )
    assert stage.calendars.events(home) == []


async def test_a16_a_wrong_password_leaves_the_form_open_and_nothing_behind() -> None:
    stage, _ = await with_a_second_account()
    await play(
        stage,
        """
        maya: connect my calendar
        > This form is private: what you type in it is not kept in the chat.
        maya fills username=maya@home.example; password=wrong-and-secret; \
            server=https://caldav.home.example/; presses [Connect]
        > That account and password did not open the calendar. For Apple, make a new app-specific \
            password (the normal password does not work here) and try again.
        maya fills username=; password=; server=; presses [Connect]
        > Please fill this in.
        """,
    )
    assert "wrong-and-secret" not in stage.everything_stored()


async def test_a16_with_room_for_one_the_only_calendar_is_replaced_on_a_yes() -> None:
    stage, _ = await with_a_second_account()
    await stage.setting("calendars.max", "1")
    await play(
        stage,
        """
        maya: add my personal gmail as well
        > Your programme allows one connected calendar per person, and yours is Work. Shall \
            another one take its place? Sessions would go there, and Work would no longer block \
            your time.
          [Replace it] [Keep it]
        maya: keep it
        > All right, it stays.
        maya: add my personal gmail as well
        > Your programme allows one connected calendar per person, and yours is Work. …
        maya presses [Replace it]
        > This form is private: what you type in it is not kept in the chat.
        """,
        OPEN_HOME,
        """
        maya fills primary=Home; secondary=Family; presses [Save]
        > Your programme allows one connected calendar per person. Please choose only one.
        maya fills primary=Home; secondary=; presses [Save]
        > Your calendar is connected.
          Sessions go to: Home
          [Choose calendars of m…@home.example] [Connect another] [Disconnect]
        """,
    )
    assert "maya@example.org" not in str(await _grants(stage, "maya"))


async def _grants(stage: Stage, who: str) -> list[str]:
    me = (await stage.person(who)).id
    return [
        g.account for g in (await stage.store.read(lambda tx: tx.links.grants_of([me]))).values()
    ]


async def test_a17_another_primary_and_what_is_booked_follows() -> None:
    stage, (home, _) = await with_a_second_account()
    await play(
        stage,
        """
        maya: book Alex on Tuesday 27 October at 4pm
        maya presses [Offer Tue 27 Oct 16:00 London]
        alex presses [Tue 27 Oct 12:00 New York]
        calendar of maya: Tue 27 Oct 16:00-16:30 London, Session with Alex Chen, 0
        everybody has read on
        """,
    )
    await play(
        stage,
        """
        maya: connect my calendar
        > This form is private: what you type in it is not kept in the chat.
        """,
        OPEN_HOME,
        """
        maya fills primary=Keep Work; secondary=Home; presses [Save]
        > Your calendar is connected.
        maya: make my gmail the primary
        > m…@home.example is open. Which calendar should your sessions go to, and which others \
            should block your time? I ask before I move sessions that are booked already.
          Your calendars
          <Sessions go to: Keep Work, Home, Family>
          <Also block my time: Home, Family>
          <How sessions reach me: Write them to my calendar, Send me invitations by mail>
          [Save]
        maya fills primary=Home; secondary=; presses [Save]
        > Your calendar is connected.
          Sessions go to: Home (m…@home.example)
          Also block my time: Work (m…@example.org)
          Still in another calendar: one session. I can move that to Home (m…@home.example): \
              written there, taken out of the other one. Your partners notice nothing.
          [Move booked sessions] [Leave them there] …
        maya presses [Leave them there]
        > What is booked stays where it is. “my calendars” offers it again.
        maya: my calendars
        > Your calendar is connected.
          …
        maya presses [Move booked sessions]
        > Moved to Home (m…@home.example): one session.
          Tue 27 Oct 16:00-16:30 London
        maya: my calendars
        > Your calendar is connected.
          Sessions go to: Home (m…@home.example)
          Also block my time: Work (m…@example.org)
          [Choose calendars of m…@example.org] [Choose calendars of m…@home.example] [Connect \
              another] [Disconnect]
        """,
    )
    assert stage.chats.unread.get("alex", []) == []
    (event,) = stage.calendars.events(home)
    assert event.title == "Session with Alex Chen"


async def with_borealis() -> Stage:
    """Maya is in a second programme, which writes to no calendar."""
    stage = await aurora()
    await stage.store.transact(lambda tx: tx.programmes.save(Programme(BOREALIS, ORG, "Borealis")))
    await stage.setting("sync", "off", BOREALIS)
    ravi = person("ravi", "Ravi Shah", "Asia/Kolkata")
    await stage.join(ravi, role=Role.MENTOR, programme=BOREALIS)
    await stage.join(await stage.person("maya"), role=Role.MENTEE, programme=BOREALIS)
    await stage.pair("ravi", "maya", BOREALIS)
    await stage.connect("ravi")
    return stage


async def test_a44_without_sync_nothing_is_written_and_a_file_comes_by_mail() -> None:
    stage = await with_borealis()
    await play(
        stage,
        """
        maya: book Ravi Friday
        > On Fri 23 Oct, three times suit you both:
          30 minutes with Ravi Shah
          Fri 23 Oct 08:00-08:30 London | 12:30 India
          Fri 23 Oct 10:00-10:30 London | 14:30 India
          Fri 23 Oct 12:00-12:30 London | 16:30 India
          …
        maya presses [Offer Fri 23 Oct 10:00 London]
        ~ Offered to Ravi Shah. I will tell you when they answer.
        ravi sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        ravi presses [Fri 23 Oct 14:30 India]
        ~ Booked: Fri 23 Oct 14:30-15:00 India (10:00 London).
        > Booked: Fri 23 Oct 14:30-15:00 India (10:00 London) with Maya Patel. Borealis does not \
            write to calendars: the details come to ravi@example.org by mail, with a file to add \
            by hand.
        maya sees > Booked: Fri 23 Oct 10:00-10:30 London (14:30 India) with Ravi Shah. Borealis \
            does not write to calendars: the details come to maya@example.org by mail, with a \
            file to add by hand.
        maya sees ~ Booked: Fri 23 Oct 10:00-10:30 London (14:30 India).
        mail to maya: Session with Ravi Shah: Fri 23 Oct 10:00 London [PUBLISH 0]
        mail to ravi: Session with Maya Patel: Fri 23 Oct 14:30 India [PUBLISH 0]
        calendar of maya: nothing
        calendar of ravi: nothing
        maya: what have I got?
        > Your next sessions:
          Ravi Shah: Fri 23 Oct 10:00-10:30 London (14:30 India)
          [Change Fri 23 Oct 10:00 London]
        """,
    )
    (mail,) = stage.mail.to("maya@example.org")
    assert mail.invite is not None
    assert mail.invite.method is Method.PUBLISH
    assert mail.invite.guests == ()  # a file to add, nobody to answer
    assert "does not write to calendars" in mail.text


async def test_a45_disconnecting_says_what_it_means_first() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: disconnect my calendar
        > Disconnect your calendar? Invitations will come by mail, and partners can no longer see \
            when you are busy. Sessions that are already in your calendar stay there, and are not \
            changed any more: later changes come by mail.
          [Disconnect] [Keep it]
        maya presses [Keep it]
        > All right, it stays.
        maya: disconnect my calendar
        > Disconnect your calendar? …
        maya presses [Disconnect]
        > Your calendar is disconnected and what I stored of it is deleted. Please also revoke \
            the app password where you made it.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        maya: status
        > Your calendar is not connected.
          [Connect my calendar]
        > Your next sessions:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York)
          [Change Tue 27 Oct 14:00 London]
        """,
    )
    assert await _grants(stage, "maya") == []
    await play(
        stage,
        """
        alex: cancel my session with Maya
        > Cancel your session with Maya Patel on Tue 27 Oct 10:00-10:30 New York (14:00 London)? \
            Everybody gets a cancellation.
        alex: yes
        ~ This session was cancelled.
        > Cancelled: your session with Maya Patel on Tue 27 Oct 10:00-10:30 New York (14:00 London).
        maya sees ~ This session was cancelled.
        maya sees > Alex Chen cancelled your session on Tue 27 Oct 14:00-14:30 London (10:00 New \
            York).
        mail to maya: Cancelled: Session with Alex Chen: Tue 27 Oct 14:00 London [CANCEL 1]
        mail to alex: Cancelled: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        dana sees nothing
        """,
    )


async def test_a46_where_the_organisation_has_not_approved() -> None:
    stage = await aurora()
    await stage.setting("approved", "off", ORG)
    await stage.setting("contacts", "Support: help@example.org")
    await stage.disconnect("maya")
    await play(
        stage,
        """
        maya: connect my calendar
        > Your company has not enabled calendar sync. Your Admin, Sponsor or Support can tell you \
            more: Support: help@example.org. Scheduling by hand still works.
        maya: book with Alex tomorrow
        > I took Alex Chen, your mentor. On Wed 21 Oct, three times suit Alex Chen:
          30 minutes with Alex Chen
          …
          Your calendar is not connected: please compare the times with your calendar by hand.
          …
        """,
    )
