"""The words of the mails: what each reader is told, and what stays the same."""

from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.mail.compose import compose
from adapters.web.signing import ItsSigner
from bot.speak.mails import RSVP, MailWriter, mail_key, rsvp_subject
from core.booking.drafts import Mail, Method, Sender
from core.booking.meeting import Attendee, Meeting, MeetingState, Path, Rsvp
from core.effects import Effect, EffectKind
from core.ids import LinkId, MeetingId, OrgId, PersonId, ProgrammeId
from core.people import Person
from tests.unit.mail.samples import OCT_27_14_LONDON, STAMP, FixedClock

M = MeetingId("a1" * 16)
MAYA = Person(PersonId("maya"), OrgId("o"), "Maya Okafor", "maya@home.example", "Europe/London")
ALEX = Person(PersonId("alex"), OrgId("o"), "Alex Chen", "alex@example.org", "America/New_York")
PRIYA = Person(PersonId("priya"), OrgId("o"), "Priya Nair", "priya@example.org", "Asia/Kolkata")
MAYA_COMES = Attendee(
    MAYA.id, MAYA.name, "maya@work.example", MAYA.zone, Path.INVITE, rsvp=Rsvp.ACCEPTED
)
ALEX_COMES = Attendee(ALEX.id, ALEX.name, ALEX.email, ALEX.zone, Path.CALENDAR, LinkId("l1"))
MEETING = Meeting(
    id=M,
    programme_id=ProgrammeId("aurora"),
    proposal_id=None,
    owner=ALEX.id,
    attendees=(ALEX_COMES, MAYA_COMES),
    start=OCT_27_14_LONDON,
    end=OCT_27_14_LONDON + 1800,
    zone="Europe/London",
    title="",
    uid=f"{M}@tandem.example.org",
    place="https://meet.example.org/x",
    changed_at=STAMP,
)
MOVED = MEETING.move(OCT_27_14_LONDON + 86400, OCT_27_14_LONDON + 86400 + 1800, STAMP + 60)
WAS = {"was_start": str(MEETING.start), "was_end": str(MEETING.end)}
SIGNER = ItsSigner(["a key of the tests, long enough"], FixedClock())
WRITER = MailWriter(
    assistant="Scheduling Assistant",
    domain="tandem.example.org",
    public_url="https://tandem.example.org/",
    signer=SIGNER,
    clock=FixedClock(),
)


ASSISTANT = Sender("Scheduling Assistant", "assistant@tandem.example.org")


def effect(
    meeting: Meeting, person: Person = MAYA, payload: Mapping[str, str] | None = None
) -> Effect:
    key = mail_key(meeting.id, person.id, meeting.sequence)
    return Effect(key, EffectKind.MAIL_INVITE, due_at=0, payload=payload or {})


def invited(
    meeting: Meeting = MEETING, person: Person = MAYA, payload: Mapping[str, str] | None = None
) -> Mail:
    return WRITER.invite(meeting, person, effect(meeting, person, payload))


def detailed(
    meeting: Meeting = MEETING, person: Person = ALEX, payload: Mapping[str, str] | None = None
) -> Mail:
    return WRITER.details(meeting, person, effect(meeting, person, payload))


def cancelled(
    meeting: Meeting = MEETING, person: Person = MAYA, payload: Mapping[str, str] | None = None
) -> Mail:
    off = meeting.cancel(STAMP + 90)
    return WRITER.cancel(off, person, effect(off, person, payload))


def published(meeting: Meeting = MEETING) -> Meeting:
    return meeting.reroute(replace(MAYA_COMES, path=Path.PUBLISH))


class Words(HTMLParser):
    """The words and the links of a page; anything that loads or runs is a failure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


# --- subjects and times ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "subject"),
    [
        (invited(), "Session with Alex Chen: Tue 27 Oct 14:00 London"),
        (detailed(), "Session with Maya Okafor: Tue 27 Oct 10:00 New York"),
        (invited(MOVED, payload=WAS), "Moved: Session with Alex Chen: Wed 28 Oct 14:00 London"),
        (cancelled(), "Cancelled: Session with Alex Chen: Tue 27 Oct 14:00 London"),
    ],
)
def test_subjects_name_the_other_one_and_the_readers_time(mail: Mail, subject: str) -> None:
    assert mail.subject == subject


def test_a_change_that_is_no_move_is_an_update() -> None:
    elsewhere = MEETING.amend(STAMP + 60, place="Room 4")
    assert invited(elsewhere, payload=WAS).subject.startswith("Updated: Session with Alex")
    assert invited(elsewhere).subject.startswith("Updated: Session with Alex")


def test_another_year_is_said() -> None:
    later = replace(MEETING, start=MEETING.start + 86400 * 70, end=MEETING.end + 86400 * 70)
    assert "2027" in invited(later).subject


def test_a_title_of_its_own_is_kept() -> None:
    assert invited(replace(MEETING, title="Career talk")).subject.startswith(
        "Career talk with Alex Chen: "
    )


@pytest.mark.parametrize(
    "mail", [invited(), detailed(person=MAYA), cancelled(), detailed(published(), MAYA)]
)
def test_both_bodies_say_who_and_when_on_all_clocks(mail: Mail) -> None:
    for words in (mail.text.split(), Words(mail.html).words):
        body = " ".join(words)
        assert "Tue 27 Oct 14:00-14:30 London (10:00 New York)" in body
        assert "Alex Chen, Maya Okafor (you)" in body


def test_a_moved_mail_also_says_when_it_was() -> None:
    text = invited(MOVED, payload=WAS).text
    assert "When: Wed 28 Oct 14:00-14:30 London (10:00 New York)" in text
    assert "Before: Tue 27 Oct 14:00-14:30 London (10:00 New York)" in text


def test_text_and_html_say_the_same() -> None:
    for mail in (invited(), detailed(), cancelled()):
        html = Words(mail.html)
        shown = " ".join(html.words)
        urls = [word for word in mail.text.split() if word.startswith("https://")]
        assert html.links == urls
        for line in mail.text.splitlines():
            said = [w.removesuffix(":") for w in line.split() if not w.startswith("https://")]
            assert " ".join(said) in shown.replace(":", "") or " ".join(said[1:]) in shown


# --- what to do -----------------------------------------------------------------------------


def test_a_title_that_only_names_everybody_is_none() -> None:
    named = replace(MEETING, title="Aurora: Maya Okafor and Alex Chen")
    assert WRITER.draft(named, MAYA).title == "Session with Alex Chen"
    assert WRITER.draft(named, ALEX).title == "Session with Maya Okafor"


def test_the_place_is_a_link_to_join() -> None:
    assert "Join: https://meet.example.org/x" in invited().text
    assert "https://meet.example.org/x" in Words(invited().html).links


def test_agenda_and_notes_are_plain_lines_in_the_mail_and_in_every_calendar() -> None:
    words = "her <b>talk</b>; two\nthings, BEGIN:VALARM"
    meeting = replace(MEETING, agenda=words, notes="https://notes.example.org/a")
    mail, shown = invited(meeting), " ".join(words.split())
    assert f"Agenda: {shown}" in mail.text
    assert "Notes: https://notes.example.org/a" in mail.text
    assert "her &lt;b&gt;talk&lt;/b&gt;" in mail.html
    for text in (mail.invite.description if mail.invite else "", WRITER.draft(meeting, MAYA)):
        lines = (text if isinstance(text, str) else text.description).splitlines()
        assert f"Agenda: {shown}" in lines
        assert "Notes: https://notes.example.org/a" in lines
    message = compose(mail, ASSISTANT, STAMP)
    part = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    assert f"Agenda: {shown}" in str(event["description"]).splitlines()
    assert not event.walk("VALARM")


def test_without_agenda_and_notes_there_are_no_empty_lines() -> None:
    mail = invited(MEETING)
    assert "Agenda" not in mail.text
    assert "Notes" not in mail.text
    assert "Agenda" not in WRITER.draft(MEETING, ALEX).description


def test_a_cancellation_does_not_repeat_the_agenda() -> None:
    assert "career plan" not in cancelled(replace(MEETING, agenda="career plan")).text


@pytest.mark.parametrize("place", ["Room 4", "javascript:alert(1)", "https://a b", "data:text/x,y"])
def test_a_place_that_is_no_web_address_is_no_link(place: str) -> None:
    mail = invited(replace(MEETING, place=place))
    assert f"Where: {place}" in mail.text
    assert all(link.startswith("https://tandem.example.org/") for link in Words(mail.html).links)


@pytest.mark.parametrize(
    ("reader", "mail"),
    [(MAYA, invited()), (ALEX, detailed()), (MAYA, detailed(published(), MAYA))],
)
def test_every_mail_about_a_standing_session_has_signed_answers(reader: Person, mail: Mail) -> None:
    yes, no = (word for word in mail.text.split() if "/rsvp/" in word)
    assert yes.endswith("?answer=yes")
    assert no.endswith("?answer=no")
    assert yes.removesuffix("yes") == no.removesuffix("no")
    token = yes.removeprefix("https://tandem.example.org/rsvp/").removesuffix("?answer=yes")
    assert SIGNER.read(RSVP, token) == rsvp_subject(M, reader.id)


def test_a_cancelled_session_asks_nothing() -> None:
    assert "/rsvp/" not in cancelled().text + cancelled().html
    assert "Join" not in cancelled().text


def test_changes_are_made_in_chat() -> None:
    assert 'in chat, for example: "move my session with Alex to Thursday"' in invited().text
    assert 'in chat, for example: "book with Alex next week"' in cancelled().text


def test_the_reason_of_a_cancellation_is_told() -> None:
    mail = cancelled(payload={"reason": "Flu <b>\nsorry"})
    assert "Reason: Flu <b> sorry\n" in mail.text
    assert "Flu &lt;b&gt; sorry" in mail.html
    assert "Reason" not in cancelled().text


def test_who_has_a_written_copy_need_not_add_anything() -> None:
    mail = detailed()
    assert "is written to your calendar" in mail.text
    assert "by hand" not in mail.text
    assert mail.invite is None


def test_where_sync_is_off_there_is_a_file_to_add_by_hand() -> None:
    mail = detailed(published(), MAYA)
    assert mail.invite is not None
    assert mail.invite.method is Method.PUBLISH
    assert "does not write to calendars" in mail.text
    assert "add it by hand" in mail.text


def test_where_sync_is_off_a_cancellation_is_done_by_hand() -> None:
    mail = detailed(published().cancel(STAMP + 1), MAYA)
    assert mail.invite is None
    assert mail.subject.startswith("Cancelled: ")
    assert "remove it by hand" in mail.text


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        (invited(), True),
        (detailed(published(), MAYA), True),
        (invited(payload={"connected": "yes"}), False),
        (invited(MEETING.reroute(replace(MAYA_COMES, link_id=LinkId("busy only")))), False),
        (detailed(), False),
        (cancelled(), False),
    ],
)
def test_only_the_unconnected_are_told_to_compare(mail: Mail, *, told: bool) -> None:
    assert ("compare this time with your own calendar" in mail.text) is told


@pytest.mark.parametrize(
    ("rsvp", "words"),
    [
        (Rsvp.NEEDS_ACTION, "Will you be there?"),
        (Rsvp.ACCEPTED, "You are down as coming."),
        (Rsvp.DECLINED, "You have said no."),
        (Rsvp.TENTATIVE, "You have said maybe."),
    ],
)
def test_the_question_knows_the_answer_so_far(rsvp: Rsvp, words: str) -> None:
    assert words in invited(MEETING.answer(MAYA.id, rsvp)).text


# --- envelope, thread, calendar part --------------------------------------------------------


def test_mail_goes_where_the_attendee_has_the_calendar() -> None:
    assert (invited().to_name, invited().to_email) == ("Maya Okafor", "maya@work.example")


def test_later_mails_are_in_the_thread_of_the_first() -> None:
    first, moved, off = invited(), invited(MOVED), cancelled(MOVED)
    assert first.thread is None
    assert moved.thread == off.thread == first.message_id
    assert len({first.message_id, moved.message_id, off.message_id}) == 3
    assert first.message_id.endswith("@tandem.example.org>")
    assert M not in first.message_id


def test_each_reader_has_a_thread_of_their_own() -> None:
    assert detailed().message_id != invited().message_id


def test_a_repeated_effect_gives_the_same_mail() -> None:
    assert invited() == invited()


def test_the_request_lists_everybody_with_the_owner_in_the_chair() -> None:
    part = invited().invite
    assert part is not None
    assert (part.method, part.uid, part.sequence) == (Method.REQUEST, MEETING.uid, 0)
    assert (part.start, part.end, part.stamp) == (MEETING.start, MEETING.end, STAMP)
    assert part.title == "Session with Alex Chen"
    assert part.place == MEETING.place
    assert [(g.email, g.chair, g.rsvp) for g in part.guests] == [
        ("alex@example.org", True, Rsvp.NEEDS_ACTION),
        ("maya@work.example", False, Rsvp.ACCEPTED),
    ]


def test_calendar_objects_hold_no_signed_links() -> None:
    part = invited().invite
    assert part is not None
    assert "/rsvp/" not in part.description
    assert "/rsvp/" not in WRITER.draft(MEETING, ALEX).description


def test_a_cancellation_has_the_higher_sequence() -> None:
    part = cancelled(MOVED).invite
    assert part is not None
    assert (part.method, part.sequence, part.stamp) == (Method.CANCEL, 2, STAMP + 90)
    assert len(part.guests) == 2


def test_one_who_is_taken_out_hears_of_a_cancellation_alone() -> None:
    mail = WRITER.cancel(MEETING, PRIYA, effect(MEETING, PRIYA))
    assert mail.subject.startswith("Cancelled: ")
    assert mail.to_email == PRIYA.email
    assert mail.invite is not None
    assert [g.email for g in mail.invite.guests] == [PRIYA.email]
    assert detailed(person=PRIYA).subject.startswith("Cancelled: ")


def test_the_copy_in_a_calendar() -> None:
    draft = WRITER.draft(MEETING, ALEX)
    assert draft.title == "Session with Maya Okafor"
    assert (draft.uid, draft.sequence, draft.stamp) == (MEETING.uid, 0, STAMP)
    assert (draft.start, draft.end) == MEETING.span
    assert draft.place == MEETING.place
    assert draft.description.splitlines() == [
        "Session of Alex Chen, Maya Okafor, booked with Scheduling Assistant.",
        "Join: https://meet.example.org/x",
        "To move or cancel it, write to Scheduling Assistant in chat.",
    ]


def test_a_group_is_counted() -> None:
    priya = Attendee(PRIYA.id, PRIYA.name, PRIYA.email, PRIYA.zone, Path.INVITE)
    group = replace(MEETING, attendees=(*MEETING.attendees, priya))
    assert WRITER.draft(group, MAYA).title == "Session with Alex Chen and Priya Nair"
    four = replace(group, attendees=(*group.attendees, replace(priya, person_id=PersonId("x"))))
    assert WRITER.draft(four, MAYA).title == "Session with Alex Chen and 2 others"
    assert '"move my session to Thursday"' not in invited(group).text
    assert '"move my session"' in invited(group).text


# --- any words ------------------------------------------------------------------------------

TAGS = {
    *("html", "head", "meta", "title", "body", "p", "h1", "a"),
    *("table", "tr", "th", "td"),
}
ANY = st.text(max_size=200)


@settings(deadline=None)
@given(name=ANY, title=ANY, place=ANY, reason=ANY, off=st.booleans())
def test_no_words_break_a_mail(
    *, name: str, title: str, place: str, reason: str, off: bool
) -> None:
    odd = replace(MEETING, title=title, place=place)
    odd = odd.reroute(replace(ALEX_COMES, name=name))
    reader = replace(MAYA, name=name)
    made = cancelled if off else invited
    mail = made(odd, reader, {"reason": reason})
    assert len(mail.subject) <= 78
    assert mail.subject.endswith(": Tue 27 Oct 14:00 London")
    assert len(mail.subject.splitlines()) == 1
    assert Words(mail.html).tags <= TAGS
    sender = Sender("Scheduling Assistant", "assistant@tandem.example.org")
    assert compose(mail, sender, STAMP).as_bytes().isascii()


def test_held_sessions_are_not_cancelled() -> None:
    held = replace(MEETING, state=MeetingState.HELD)
    assert detailed(held).subject.startswith("Session with ")


def test_a_members_copy_names_the_assistant_and_everybody_the_owners_nobody() -> None:
    writer = MailWriter(
        assistant="Scheduling Assistant",
        domain="tandem.example.org",
        public_url="https://tandem.example.org/",
        signer=SIGNER,
        clock=FixedClock(),
        sender=ASSISTANT,
    )
    assert writer.draft(MEETING, ALEX).party is None
    party = writer.draft(MEETING, MAYA).party
    assert party is not None
    assert party.organizer == ASSISTANT
    invite = invited().invite
    assert invite is not None
    assert party.guests == invite.guests
    assert [guest.chair for guest in party.guests] == [True, False]
