"""Answers that come by mail count like those in chat: A22, A37, A38, and what must not count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.mail.compose import compose
from adapters.mail.reading import read_mail
from core.booking.drafts import SENDER_NAME, Sender
from core.booking.meeting import MeetingState, Rsvp
from core.ids import PersonId
from core.mail_in import bad_address, mail_id
from core.use_cases.take_mail import Taken, take_mail
from tests.talks.script import play
from tests.talks.stage import aurora
from tests.unit.mail import arriving as at

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.booking.meeting import Meeting
    from core.ports import Tx
    from tests.talks.stage import Stage


async def booked() -> tuple[Stage, Meeting]:
    """Sam, whose calendar we only read, has a session with Alex: Tue 27 Oct 14:00 UTC."""
    stage = await aurora()
    await stage.pair("alex", "sam")
    await play(
        stage,
        """
        sam: book Alex Chen on Tuesday 27 October at 10am
        > …
        sam presses [Offer Tue 27 Oct 10:00 New York]
        ~ …
        alex sees > …
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        """,
    )
    (meeting,) = await stage.meetings("sam")
    return stage, meeting


def reply(meeting: Meeting, partstat: str, who: str = "sam@example.org", **more: object) -> str:
    return at.event(partstat, who, uid=meeting.uid, **more)  # type: ignore[arg-type]  # by name


async def arrives(stage: Stage, mail: bytes, authserv: str = at.OURS) -> Taken:
    """Let a mail come in, and everything that follows from it happen."""
    taken = await take_mail(stage.ports, read_mail(mail, authserv))
    await stage.drain()
    return taken


async def rsvp(stage: Stage, who: str) -> Rsvp:
    (meeting,) = await stage.meetings(who)
    found = next(a for a in meeting.attendees if a.person_id == who)
    return found.rsvp


def head(
    sender: str = "sam@example.org", number: int = 1, auth: str | None = at.PASS, **more: str
) -> str:
    return at.headers(sender, message_id=f"<{number}@mail.example.org>", auth=auth, **more)


# --- A37, A38, A22 --------------------------------------------------------------------------------


async def test_a37_the_mail_can_be_answered_in_any_program() -> None:
    stage, meeting = await booked()
    (mail,) = stage.mail.to("sam@example.org")
    whole = compose(mail, Sender(SENDER_NAME, at.ASSISTANT), stage.clock.now())
    assert str(whole["From"]) == str(whole["Reply-To"]) == f"{SENDER_NAME} <{at.ASSISTANT}>"
    (part,) = [p for p in whole.walk() if p.get_content_type() == "text/calendar"]
    text = part.get_payload(decode=True).decode().replace("\r\n ", "")  # type: ignore[union-attr]  # bytes, by decode
    assert part.get_param("method") == "REQUEST"
    assert f"mailto:{at.ASSISTANT}" in next(x for x in text.splitlines() if "ORGANIZER" in x)
    (line,) = [x for x in text.splitlines() if "ATTENDEE" in x and "mailto:sam@" in x]
    assert "RSVP=TRUE" in line
    assert "PARTSTAT=NEEDS-ACTION" in line
    assert f"UID:{meeting.uid}" in text
    assert stage.events("sam") == []  # no write to Sam


async def test_a38_and_a22_a_no_from_outlook_com_without_organizer() -> None:
    stage, meeting = await booked()
    mail = at.outlook(reply(meeting, "DECLINED", organizer=False), head())
    assert await arrives(stage, mail) is Taken.ANSWERED
    assert await rsvp(stage, "sam") is Rsvp.DECLINED
    await play(
        stage,
        """
        alex sees > Sam Rivera declined the invitation for Tue 27 Oct 10:00-10:30 New York. \
            Shall I find another time?
          [Find another time] [Cancel]
        sam sees > Your “no” to Tue 27 Oct 10:00-10:30 New York is noted, and Alex Chen can see \
            it. The session stays as it is until somebody changes it: reschedule, cancel, or tell \
            Alex Chen why?
          <Why>
          [Reschedule] [Cancel] [Tell Alex why]
        sam fills why=I am travelling; presses [Tell Alex why]
        > Passed on to Alex Chen.
        alex sees > Sam Rivera says about Tue 27 Oct 10:00-10:30 New York: I am travelling
        sam presses [Tell Alex why]
        > Please write what I shall pass on, then press the button.
        sam presses [Reschedule]
        > …
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Sam Rivera, 0
        """,
    )
    (after,) = await stage.meetings("sam")
    assert after.state is MeetingState.BOOKED


@pytest.mark.parametrize("shape", [at.gmail, at.outlook, at.apple])
@pytest.mark.parametrize(
    ("partstat", "said"),
    [
        ("ACCEPTED", "Sam Rivera accepted the invitation for Tue 27 Oct 10:00-10:30 New York."),
        ("TENTATIVE", "Sam Rivera answered “maybe” for Tue 27 Oct 10:00-10:30 New York."),
    ],
)
async def test_a_yes_and_a_maybe_of_each_program(
    shape: Callable[[str, str], bytes], partstat: str, said: str
) -> None:
    stage, meeting = await booked()
    assert await arrives(stage, shape(reply(meeting, partstat), head())) is Taken.ANSWERED
    assert (await rsvp(stage, "sam")).value == partstat
    await play(stage, f"alex sees > {said}\n sam sees nothing".replace("\n ", "\n"))


# --- who it is from -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "attendee"),
    [
        ("mallory@example.org", "sam@example.org"),  # a stranger for Sam
        ("mallory@example.org", "mallory@example.org"),  # a stranger for himself
        ("alex@example.org", "sam@example.org"),  # one attendee for another
        ("sam@example.org", "mallory@example.org"),
    ],
)
async def test_a38_what_is_sent_in_anothers_name_is_ignored(sender: str, attendee: str) -> None:
    stage, meeting = await booked()
    mail = at.outlook(reply(meeting, "DECLINED", attendee), head(sender))
    assert await arrives(stage, mail) is Taken.STRANGER
    assert await rsvp(stage, "sam") is Rsvp.NEEDS_ACTION
    await play(stage, "alex sees nothing")


@pytest.mark.parametrize("auth", [None, f"{at.OURS}; dmarc=fail", "mx.evil.example; dmarc=pass"])
async def test_an_answer_that_nobody_vouches_for_is_confirmed_in_chat(auth: str | None) -> None:
    stage, meeting = await booked()
    for number in (1, 2):
        mail = at.outlook(reply(meeting, "DECLINED"), head(number=number, auth=auth))
        assert await arrives(stage, mail) is Taken.UNVERIFIED
    assert await rsvp(stage, "sam") is Rsvp.NEEDS_ACTION
    await play(
        stage,
        """
        alex sees nothing
        sam sees > A mail from your address says “no” to Tue 27 Oct 10:00-10:30 New York. I \
            cannot be sure that it came from you, so nothing has changed. Is that your answer?
          [Yes, that is my answer] [No]
        sam presses [No]
        > Good that I asked. Nothing has changed.
        sam presses [Yes, that is my answer]
        > Your “no” to Tue 27 Oct 10:00-10:30 New York is noted, and Alex Chen can see it. …
        alex sees > Sam Rivera declined the invitation for …
        """,
    )
    assert await rsvp(stage, "sam") is Rsvp.DECLINED


async def test_without_a_name_to_believe_every_answer_is_confirmed() -> None:
    stage, meeting = await booked()
    mail = at.gmail(reply(meeting, "ACCEPTED"), head())
    assert await arrives(stage, mail, authserv="") is Taken.UNVERIFIED
    await play(
        stage,
        """
        sam sees > A mail from your address says “yes” to Tue 27 Oct 10:00-10:30 New York. …
        sam presses [Yes, that is my answer]
        > Noted: you will be there, Tue 27 Oct 10:00-10:30 New York.
        alex sees > Sam Rivera accepted the invitation for …
        """,
    )


# --- order and repetition -------------------------------------------------------------------------


async def test_the_same_mail_twice_is_one_mail() -> None:
    stage, meeting = await booked()
    mail = at.gmail(reply(meeting, "DECLINED"), head())
    assert [await arrives(stage, mail) for _ in range(3)] == [
        Taken.ANSWERED,
        Taken.REPEATED,
        Taken.REPEATED,
    ]
    again = at.gmail(reply(meeting, "DECLINED"), head(number=2))
    assert await arrives(stage, again) is Taken.UNCHANGED
    await play(stage, "alex sees > Sam Rivera declined …\nsam sees > Your “no” to …")


async def test_a_late_yes_does_not_undo_a_newer_no() -> None:
    stage, meeting = await booked()
    newer = reply(meeting, "DECLINED", stamp="20261020T090500Z")
    older = reply(meeting, "ACCEPTED", stamp="20261020T090000Z")
    assert await arrives(stage, at.gmail(newer, head())) is Taken.ANSWERED
    assert await arrives(stage, at.gmail(older, head(number=2))) is Taken.OLD
    assert await rsvp(stage, "sam") is Rsvp.DECLINED
    await play(stage, "everybody has read on")


async def test_an_answer_to_an_earlier_time_is_asked_again() -> None:
    stage, meeting = await booked()
    moved = replace(meeting, sequence=1, start=meeting.start + 3600, end=meeting.end + 3600)
    await stage.store.transact(lambda tx: tx.meetings.save(moved))
    assert await arrives(stage, at.outlook(reply(meeting, "ACCEPTED"), head())) is Taken.OLD
    without = reply(meeting, "ACCEPTED", sequence=None)
    assert await arrives(stage, at.outlook(without, head(number=2))) is Taken.OLD
    assert await rsvp(stage, "sam") is Rsvp.NEEDS_ACTION
    asked = """
        sam sees > Your answer by mail was to an earlier version of your session with Alex Chen. \
            It is now Tue 27 Oct 11:00-11:30 New York. Will you be there?
          [Yes, I will be there] [No, I cannot]
        """
    await play(
        stage,
        asked,
        asked,
        """
        sam presses [Yes, I will be there]
        > Noted: you will be there, Tue 27 Oct 11:00-11:30 New York.
        alex sees > Sam Rivera accepted …
        """,
    )


async def test_answers_to_what_is_over_or_called_off_are_moot() -> None:
    stage, meeting = await booked()
    other = reply(meeting, "DECLINED", more="RECURRENCE-ID:20261103T140000Z")
    assert await arrives(stage, at.gmail(other, head())) is Taken.MOOT
    stage.clock.at = meeting.end
    late = at.gmail(reply(meeting, "DECLINED"), head(number=2))
    assert await arrives(stage, late) is Taken.MOOT
    strange = at.gmail(at.event("DECLINED", "sam@example.org"), head(number=3))
    assert await arrives(stage, strange) is Taken.UNKNOWN
    await play(stage, "everybody has read on")


# --- another time ---------------------------------------------------------------------------------

COUNTER = {
    "method": "COUNTER",
    "start": "DTSTART:20261027T150000Z",
    "end": "DTEND:20261027T153000Z",
}


async def test_a_counter_leads_to_the_move_at_that_time() -> None:
    stage, meeting = await booked()
    text = reply(meeting, "TENTATIVE", **COUNTER, more="COMMENT:An hour later is better")
    assert await arrives(stage, at.outlook(text, head())) is Taken.PROPOSED
    assert await rsvp(stage, "sam") is Rsvp.NEEDS_ACTION
    await play(
        stage,
        """
        alex sees > Sam Rivera answered by mail: An hour later is better
        > Sam Rivera proposes another time by mail: Tue 27 Oct 11:00-11:30 New York, instead of \
            Tue 27 Oct 10:00-10:30 New York.
          [Find that time] [Find another time]
        alex presses [Find that time]
        > Your session of Tue 27 Oct 10:00-10:30 New York stays where it is until a new time is \
            accepted. That time suits you both:
          30 minutes with Sam Rivera
          Tue 27 Oct 11:00-11:30 New York
          …
        """,
    )


async def test_a_counter_that_nobody_vouches_for_is_shown_to_its_sender_alone() -> None:
    stage, meeting = await booked()
    text = reply(meeting, "TENTATIVE", **COUNTER)
    assert await arrives(stage, at.outlook(text, head(auth=None))) is Taken.UNVERIFIED
    await play(
        stage,
        """
        alex sees nothing
        sam sees > A mail from your address proposes Tue 27 Oct 11:00-11:30 New York instead of \
            Tue 27 Oct 10:00-10:30 New York. I cannot be sure that it came from you, so Alex Chen \
            has not heard of it. Shall I look at that time?
          [Find that time] [No]
        """,
    )


# --- words ----------------------------------------------------------------------------------------


def thread(meeting: Meeting, who: str = "sam") -> str:
    own = mail_id(f"mail:{meeting.id}:{who}:0", "assistant.example.org")
    return f"In-Reply-To: {own}\nReferences: {own}"


async def test_our_message_ids_are_known_again() -> None:
    stage, meeting = await booked()
    (mail,) = stage.mail.to("sam@example.org")
    assert mail.message_id in thread(meeting)


async def test_words_are_passed_on_as_text_without_what_they_quote() -> None:
    stage, meeting = await booked()
    text = (
        "I am <b>ten</b> minutes late, *sorry* <https://evil.example|here>\n\n"
        "On Tue, 20 Oct 2026 at 09:00, Scheduling Assistant wrote:\n> secret link"
    )
    mail = at.words(text, head(more=thread(meeting)))
    assert await arrives(stage, mail) is Taken.PASSED_ON
    await play(
        stage,
        """
        alex sees > Sam Rivera answered by mail: I am <b>ten</b> minutes late, *sorry* \
            <https://evil.example|here>
        sam sees nothing
        """,
    )


async def test_words_that_nobody_vouches_for_are_read_by_their_writer_first() -> None:
    stage, meeting = await booked()
    mail = at.words("See you there", head(auth=None, more=thread(meeting)))
    assert await arrives(stage, mail) is Taken.UNVERIFIED
    loose = at.words("Click here", head(auth=None, number=2))
    assert await arrives(stage, loose) is Taken.STRANGER
    await play(
        stage,
        """
        alex sees nothing
        sam sees > A mail from your address has come for Alex Chen. I cannot be sure that it came \
            from you, so nobody has read it. Shall I pass it on?
          <The mail>
          [Pass it on] [No]
        sam fills why=; presses [Pass it on]
        > Please write what I shall pass on, then press the button.
        sam fills why=See you there; presses [Pass it on]
        > Passed on to Alex Chen.
        alex sees > Sam Rivera answered by mail: See you there
        """,
    )


async def test_words_about_nothing_go_to_the_only_partner_or_to_administrators() -> None:
    stage = await aurora()
    assert await arrives(stage, at.words("Hello", head("maya@example.org"))) is Taken.PASSED_ON
    assert await arrives(stage, at.words("Hello", head("tom@example.org", 2))) is Taken.PASSED_ON
    nobody = at.words("Hello", head("nobody@example.org", 3))
    assert await arrives(stage, nobody) is Taken.STRANGER
    await play(
        stage,
        """
        alex sees > Maya Patel answered by mail: Hello
        dana sees > Tom Becker answered by mail: Hello
        """,
    )


async def test_an_answer_without_words_is_asked_in_chat() -> None:
    stage, meeting = await booked()
    mail = at.words("\n> quoted only\n", head(more=thread(meeting)))
    assert await arrives(stage, mail) is Taken.ASKED
    await play(
        stage,
        """
        sam sees > Your mail about your session with Alex Chen, Tue 27 Oct 10:00-10:30 New York, \
            held no answer that I could read. Will you be there?
          [Yes, I will be there] [No, I cannot]
        """,
    )


async def test_absence_notes_and_our_own_mails_say_nothing() -> None:
    stage, meeting = await booked()
    away = at.words("Back on Monday", head(more=f"Auto-Submitted: auto-replied\n{thread(meeting)}"))
    assert await arrives(stage, away) is Taken.AUTOMATIC
    (mail,) = stage.mail.to("sam@example.org")
    own = compose(mail, Sender(SENDER_NAME, at.ASSISTANT), stage.clock.now()).as_bytes()
    assert await arrives(stage, own) is Taken.OWN
    await play(stage, "alex sees nothing\nsam sees nothing")


async def test_an_account_of_another_address_answers_too() -> None:
    stage, meeting = await booked()
    attendee = next(a for a in meeting.attendees if a.person_id == "sam")
    elsewhere = meeting.reroute(replace(attendee, email="sam@work.example"))
    await stage.store.transact(lambda tx: tx.meetings.save(elsewhere))
    auth = f"{at.OURS}; dmarc=pass"
    mail = at.words("On my way", head("sam@work.example", 1, auth, more=thread(meeting)))
    assert await arrives(stage, mail) is Taken.PASSED_ON
    text = reply(meeting, "ACCEPTED", "sam@work.example")
    assert await arrives(stage, at.gmail(text, head("sam@work.example", 2, auth))) is Taken.ANSWERED
    await play(stage, "alex sees > Sam Rivera answered by mail: On my way\n> Sam Rivera accepted …")


# --- addresses that do not work -------------------------------------------------------------------


async def known_bad(stage: Stage, who: str) -> bool:
    def load(tx: Tx) -> object:
        return bad_address(tx, tx.people.get(PersonId(who)))

    return await stage.store.read(load) is not None


async def test_a_bounce_is_told_to_administrators_once_per_address() -> None:
    stage, meeting = await booked()
    own = mail_id(f"mail:{meeting.id}:sam:0", "assistant.example.org")
    first = at.bounce("sam@example.org", own)
    again = first.replace(b"<report@", b"<report2@")
    assert await arrives(stage, first) is Taken.BOUNCED
    assert await arrives(stage, again) is Taken.BOUNCED
    assert await known_bad(stage, "sam")
    await play(
        stage,
        """
        dana sees > Mails to Sam Rivera come back: sam@example.org does not take them. \
            Invitations cannot reach them there until the address is corrected in your list of \
            people.
        alex sees nothing
        """,
    )
    assert await arrives(stage, at.gmail(reply(meeting, "ACCEPTED"), head())) is Taken.ANSWERED
    assert not await known_bad(stage, "sam")
    await play(stage, "everybody has read on")


async def test_bounces_of_others_mails_mark_nobody() -> None:
    stage, _ = await booked()
    assert await arrives(stage, at.bounce("sam@example.org", "<x@evil.example>")) is Taken.AUTOMATIC
    own = mail_id("anything", "assistant.example.org")
    strange = at.bounce("nobody@example.org", own).replace(b"<report@", b"<report2@")
    assert await arrives(stage, strange) is Taken.UNKNOWN
    late = at.bounce("sam@example.org", own, action="delayed", status="4.4.1")
    assert await arrives(stage, late.replace(b"<report@", b"<report3@")) is Taken.UNKNOWN
    assert not await known_bad(stage, "sam")
    await play(stage, "dana sees nothing")


async def test_nothing_of_a_mail_stays_in_the_memory_of_mails() -> None:
    stage, _meeting = await booked()
    await arrives(stage, at.words("a word of mine", head("mallory@example.org")))
    stored = stage.everything_stored()
    assert "a word of mine" not in stored
    assert "mallory" not in stored
