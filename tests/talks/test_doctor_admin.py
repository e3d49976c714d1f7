"""The doctor as administrators meet it, and the delivery log of one person (A36)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.memory.calendar import MemoryCalendars
from bot.speak import doctor_words
from core.effects import Effect, EffectKind
from core.errors import Unavailable
from core.ids import GrantId, PersonId
from core.keeping import DAY, Cause
from core.links import Grant, LinkState, Provider
from core.mail_in import mark_address, note_mailbox
from core.notices import NoticeKind
from core.use_cases.examine import State
from tests.talks.script import play
from tests.talks.stage import NOW, ORG, Stage, aurora

if TYPE_CHECKING:
    from core.ports import Tx

SERVICES = frozenset({EffectKind.EXPIRE, EffectKind.CHECK_GRANT, EffectKind.RECONNECT})


async def broken_aurora() -> Stage:
    """Priya's account refuses what is kept of it, and a search has met that."""
    stage = await aurora()
    await stage.setting("services", "apple")
    stage.calendars.open_account("priya@example.org", "another password")
    await stage.says("maya", "book Priya this week")
    await play(stage, "everybody has read on")
    return stage


async def test_a36_the_administrator_sees_who_why_since_when_and_that_they_were_told() -> None:
    await play(
        await broken_aurora(),
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, 1 to be mended.
          Aurora: calendars to be mended
          Name | Cause | Since | Effect | Told
          Priya Nair | Apple or other CalDAV no longer lets me in | Tue 20 Oct 10:00 London | \
              partners see “could not check” | Tue 20 Oct 10:00 London
          Only they can mend it, by connecting again. I remind them each week; you can do so now.
          [Remind Priya Nair to connect]
        dana presses [Remind Priya Nair to connect]
        > Priya Nair is reminded to connect.
        priya sees > A reminder: your calendar needs to be connected again, so that I can offer \
            times when you are really free.
          [Connect again]
        1 day later
        dana: aurora doctor
        > Aurora: 7 people, 6 with a calendar, 1 to be mended.
        dana: admin status
        > Aurora: 7 people, …
          …
          Calendar to be reconnected
          Name | Zone | Partner | Since
          Priya Nair | India | …Tue 20 Oct
          …
        """,
    )


async def test_everything_is_well() -> None:
    stage = await aurora()
    await stage.setting("services", "apple")
    await play(
        stage,
        """
        dana: doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended. Nothing else stands in the way.
        """,
    )


async def test_mails_that_come_back_and_a_mailbox_that_cannot_be_read() -> None:
    stage = await aurora()
    await stage.setting("services", "apple")

    def trouble(tx: Tx) -> None:
        tom = tx.people.get(PersonId("tom"))
        mark_address(tx, tom, "tom@example.org", "5.1.1", NOW - DAY)
        note_mailbox(tx, NOW - DAY, well=False)
        note_mailbox(tx, NOW, well=False, refused=True)

    await stage.store.transact(trouble)
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended.
          Aurora: mails that come back
          Name | Address | Since
          Tom Becker | tom@example.org | Mon 19 Oct 10:00 London
          Invitations by mail do not reach them there until the address is corrected in your \
              list of people, or a mail of theirs comes from it.
          My own mailbox does not let me in since Mon 19 Oct 10:00 London: answers to invitations \
              by mail wait until whoever runs this installation corrects TANDEM_IMAP_URL.
        """,
    )

    def mended(tx: Tx) -> None:
        tom = tx.people.get(PersonId("tom"))
        tx.people.save(replace(tom, email="thomas@example.org"))
        note_mailbox(tx, NOW, well=True)
        note_mailbox(tx, NOW, well=False)

    await stage.store.transact(mended)
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended.
          My own mailbox cannot be read since Tue 20 Oct 10:00 London: answers to invitations by \
              mail wait until it can. I try again by myself.
        """,
    )
    await stage.store.transact(lambda tx: note_mailbox(tx, NOW, well=True))
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended. Nothing else stands in the way.
        """,
    )


async def test_an_administrator_who_takes_part_sees_both() -> None:
    stage = await broken_aurora()
    await stage.connect("dana")
    await play(
        stage,
        """
        dana: doctor
        > Your calendar works: I have just looked.
          …
        > Aurora: 7 people, 6 with a calendar, 1 to be mended.
          …
        """,
    )


async def test_who_administers_nothing_sees_nobody_else() -> None:
    await play(
        await broken_aurora(),
        """
        maya: doctor
        > Your calendar works: I have just looked.
        maya sees nothing
        maya: admin doctor
        > Only an administrator can do that. Please ask Dana Brooks.
        maya: delivery log of Priya
        > Only an administrator can do that. Please ask Dana Brooks.
        """,
    )


async def test_services_that_are_not_set_up_and_approvals_that_are_awaited() -> None:
    stage = await aurora()
    await stage.store.transact(
        lambda tx: tx.deployment.put(f"it-approval:{ORG}:microsoft", str(NOW - DAY))
    )
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended.
          Google is allowed for calendars, but not set up in this installation: whoever runs it \
              sets TANDEM_GOOGLE_CLIENT_ID and its secret.
          Microsoft 365 or Outlook is allowed for calendars, but not set up in this installation: \
              whoever runs it sets TANDEM_MICROSOFT_CLIENT_ID and its secret.
          Microsoft 365 or Outlook asked for the approval of your organisation's IT administrator \
              on Mon 19 Oct 10:00 London; nobody is connected there yet.
          [Text for IT: Microsoft 365 or Outlook]
        """,
    )
    grant = Grant(GrantId("at-microsoft"), PersonId("tom"), Provider.MICROSOFT, "t@example.org", {})
    await stage.store.transact(lambda tx: tx.links.save_grant(grant))
    microsoft = MemoryCalendars(Provider.MICROSOFT)
    stage.ports.calendars[Provider.MICROSOFT] = microsoft.service()
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 7 with a calendar, none to be mended.
          Google is allowed …
          Microsoft 365 or Outlook asked for the approval of your organisation's IT administrator \
              on Mon 19 Oct 10:00 London; 1 person is connected there, so it may be settled.
        """,
    )


async def test_what_was_given_up_can_be_tried_again() -> None:
    stage = await broken_aurora()
    await stage.says("sam", "book Priya next Monday 8am")
    await stage.presses("sam", "Offer Mon 26 Oct 08:00 New York")
    stage.mail.failure = Unavailable("not now")
    await stage.presses("priya", "Mon 26 Oct 17:30 India")
    await stage.wait(2 * DAY + 3600)
    await stage.wait(3600)
    await play(stage, "everybody has read on")
    stage.mail.failure = None
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, 1 to be mended. 2 deliveries could not be made.
          …
          Given up
          What | To | About | Why
          …
        """,
    )
    await play(
        stage,
        """
        dana: delivery log of Sam
        > What went to Sam Rivera, newest first.
          What | About | When | How it ended
          …
          invitation by mail | Mon 26 Oct 12:00 London | … | given up: the other side did not \
              answer for too long (not now)
          …
          [Try again: invitation mail to Sam Rivera]
        dana presses [Try again: invitation mail to Sam Rivera]
        > I am trying again: invitation mail to Sam Rivera.
        mail to sam: …
        dana: Sam's delivery log
        > What went to Sam Rivera, newest first.
          …
          invitation by mail | Mon 26 Oct 12:00 London | … | delivered
          …
        """,
    )


async def test_the_log_tells_what_waits_and_what_was_taken_back() -> None:
    stage = await aurora()
    sam = PersonId("sam")

    def work(tx: Tx) -> None:
        tx.effects.add(Effect("later", EffectKind.MAIL_DETAILS, NOW + DAY, person_id=sam))
        tx.effects.add(Effect("back", EffectKind.MAIL_CANCEL, NOW + DAY, person_id=sam))
        tx.effects.cancel("back")
        tx.effects.add(Effect("again", EffectKind.PLACE_EVENT, NOW, person_id=sam))
        (claimed,) = tx.effects.claim(NOW, 60, 1, "token")
        tx.effects.retry(claimed, NOW + 600, "Unavailable: not now")

    await stage.store.transact(work)
    await play(
        stage,
        """
        dana: admin delivery log of Sam
        > What went to Sam Rivera, newest first.
          What | About | When | How it ended
          entry in their calendar | … | Tue 20 Oct 10:10 London | not yet, tried 1 time: the other \
              side did not answer for too long (not now); again Tue 20 Oct 10:10 London
          cancellation by mail | … | Wed 21 Oct 10:00 London | taken back before it went out
          mail with the details | … | Wed 21 Oct 10:00 London | due Wed 21 Oct 10:00 London
        dana: admin delivery log of Tom
        > Nothing has gone to Tom Becker yet.
        """,
    )


async def test_an_access_that_was_never_taken_back_is_seen_and_not_tried_again() -> None:
    class Refusing(MemoryCalendars):
        async def revoke(self, grant: Grant) -> None:
            raise Unavailable("not now")

    stage = await aurora()
    await stage.setting("services", "apple")
    stage.ports.calendars[Provider.GOOGLE] = Refusing(Provider.GOOGLE).service()
    grant = Grant(
        GrantId("at-google"), PersonId("tom"), Provider.GOOGLE, "t@example.org", {}, LinkState.OK
    )
    await stage.store.transact(lambda tx: tx.links.save_grant(grant))
    await play(
        stage,
        """
        tom: disconnect my calendar
        > …
        tom presses [Disconnect]
        > …
        3 days later
        tom sees > You disconnected your Google calendar, and Google did not take my access back. \
            What opened it is deleted here, so I cannot get in any more. To be sure, remove me at \
            myaccount.google.com/connections.
        dana: admin doctor
        > Aurora: 7 people, 6 with a calendar, none to be mended. 1 delivery could not be made.
          Given up
          What | To | About | Why
          giving back of an access | Tom Becker | … | the other side did not answer for \
              too long (not now)
        """,
    )


async def test_a_large_programme_shows_the_first_and_how_many_more() -> None:
    stage = await aurora()
    await stage.setting("services", "apple")

    def work(tx: Tx) -> None:
        for person in tx.people.of(ORG):
            for number in (1, 2):
                grant = Grant(
                    GrantId(f"{person.id}-{number}"), person.id, Provider.GOOGLE, "a", {},
                    LinkState.BROKEN, f"revoked:{NOW - DAY}",
                )  # fmt: skip
                tx.links.save_grant(grant)

    await stage.store.transact(work)
    await play(
        stage,
        """
        dana: admin doctor
        > Aurora: 7 people, 7 with a calendar, 7 to be mended.
          …
          and 2 more …
          …
          [Remind Alex Chen to connect] [Remind Alex Romero to connect] [Remind Lee Wong to connect]
        """,
    )


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (doctor_words.STATES, State),
        ({**doctor_words.FIXES, "well": ""}, State),
        ({**doctor_words.CAUSES, "": ""}, [*Cause, ""]),
        (doctor_words.WHERE, Provider),
        (doctor_words.SERVICE_SETTINGS, Provider),
        (doctor_words.NOTICES, NoticeKind),
        ({**doctor_words.KINDS, "tend": ""}, set(EffectKind) - SERVICES),
    ],
)
def test_every_kind_has_its_words(texts: dict[str, str], kinds: object) -> None:
    assert set(texts) == {str(kind) for kind in kinds}  # type: ignore[attr-defined]  # an enum
