"""Mails in words: a meeting, one reader, and what is new, as a finished Mail.

Each reader gets the time on their own clock and on the others', and signed links to say yes or
no. The same effect always gives the same Message-ID and the same calendar object, so that a mail
that is sent twice is one mail.

An effect's payload may hold facts that the meeting no longer knows:

    was_start, was_end   epoch seconds: the time that this person was told before
    reason               why it was cancelled, in somebody's own words
    connected            "yes" when the person's calendar is read though we do not write to it
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.speak import mail_words as words
from bot.speak import times
from bot.speak.mail_layout import Answers, Facts, Part, as_html, as_text, is_link
from bot.speak.mail_names import called, guests_of, one_line, partner_of, said_of, title_for
from bot.speak.mail_words import News
from bot.speak.series_mails import SeriesMails
from core.booking.drafts import EventDraft, Guest, Invite, Mail, Method, Party
from core.booking.meeting import Meeting, MeetingState, Path, Rsvp
from core.ids import MeetingId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.drafts import Sender
    from core.booking.series import Series
    from core.effects import Effect
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Clock, Signer

LONGEST_SUBJECT = 78
RSVP = "rsvp"  # the purpose of the signed links


def mail_key(meeting_id: MeetingId, person_id: PersonId, sequence: int) -> str:
    """Return the key of the effect that mails one person one version of a meeting."""
    return f"mail:{meeting_id}:{person_id}:{sequence}"


def rsvp_subject(meeting_id: MeetingId, person_id: PersonId) -> str:
    """Return what a signed link speaks for: one person's answer to one meeting."""
    return f"{meeting_id}:{person_id}"


class MailWriter:
    """Letters in English. `assistant` is the fixed sender's name, `domain` that of its address,
    `public_url` where people reach the product's web pages. Members' copies name the `sender` as
    organizer; without it they are as plain as the owner's.
    """

    def __init__(
        self,
        *,
        assistant: str,
        domain: str,
        public_url: str,
        signer: Signer,
        clock: Clock,
        sender: Sender | None = None,
    ) -> None:
        self._assistant = assistant
        self._domain = domain
        self._public_url = public_url.rstrip("/")
        self._signer = signer
        self._clock = clock
        self._sender = sender
        self._series = SeriesMails(
            assistant=assistant,
            clock=clock,
            sender=sender,
            describe=self._description,
            message_id=self._message_id,
        )

    def series(
        self, series: Series, meetings: Sequence[Meeting], person: Person, effect: Effect
    ) -> Mail:
        """Return the mail about a whole series, of the kind that the effect says."""
        return self._series.mail(series, meetings, person, effect)

    def series_draft(
        self, series: Series, meetings: Sequence[Meeting], person: Person
    ) -> EventDraft:
        """Return the copy of a whole series for a person's own calendar."""
        return self._series.draft(series, meetings, person)

    def invite(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the mail with METHOD:REQUEST for one attendee."""
        guests = guests_of(meeting)
        part = self._calendar(Method.REQUEST, meeting, person, guests)
        return self._mail(meeting, person, effect, Path.INVITE, part)

    def cancel(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the mail with METHOD:CANCEL for one attendee.

        For one who no longer takes part, the calendar object names nobody else (RFC 5546 3.2.5).
        """
        guests = guests_of(meeting)
        if meeting.attendee(person.id) is None:
            guests = (Guest(one_line(person.name), person.email, Rsvp.NEEDS_ACTION),)
        part = self._calendar(Method.CANCEL, meeting, person, guests)
        return self._mail(meeting, person, effect, Path.INVITE, part, news=News.CANCELLED)

    def details(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the details mail (booked, moved or cancelled).

        Where calendar sync is off it carries a METHOD:PUBLISH file to add by hand (X12), except
        for a cancellation: there is nothing to add, and no program removes by such a file.
        """
        attendee = meeting.attendee(person.id)
        path = attendee.path if attendee else Path.CALENDAR
        part = None
        if path is Path.PUBLISH and meeting.state is not MeetingState.CANCELLED:
            part = self._calendar(Method.PUBLISH, meeting, person, ())
        return self._mail(meeting, person, effect, path, part)

    def draft(self, meeting: Meeting, person: Person) -> EventDraft:
        """Return the copy for a person's own calendar, titled with the others' names.

        The owner's names nobody, because it is theirs to change (X3).
        """
        party = None
        if self._sender is not None and person.id != meeting.owner:
            party = Party(self._sender, guests_of(meeting))
        return EventDraft(
            uid=meeting.uid,
            sequence=meeting.sequence,
            start=meeting.start,
            end=meeting.end,
            title=title_for(meeting, person),
            description=self._description(meeting),
            place=meeting.place,
            stamp=meeting.changed_at,
            party=party,
        )

    def _calendar(
        self, method: Method, meeting: Meeting, person: Person, guests: tuple[Guest, ...]
    ) -> Invite:
        """Return the calendar object. The stamp is that of the change, not of the sending."""
        return Invite(
            method=method,
            uid=meeting.uid,
            sequence=meeting.sequence,
            start=meeting.start,
            end=meeting.end,
            title=title_for(meeting, person),
            description=self._description(meeting),
            place=meeting.place,
            stamp=meeting.changed_at,
            guests=guests,
        )

    def _description(self, meeting: Meeting) -> str:
        """Return an event's description; no signed links, since calendars are shared."""
        lines = [words.note([one_line(a.name) for a in meeting.attendees], self._assistant)]
        if meeting.place:
            lines.append(words.where(meeting.place, link=is_link(meeting.place)))
        lines += [f"{label}: {text}" for label, text in said_of(meeting)]
        return "\n".join([*lines, words.change(self._assistant)])

    def _mail(
        self,
        meeting: Meeting,
        person: Person,
        effect: Effect,
        path: Path,
        part: Invite | None,
        news: News | None = None,
    ) -> Mail:
        """Return the finished mail; `news` is read off the meeting if not given."""
        told = news or _news(meeting, person, effect)
        attendee = meeting.attendee(person.id)
        heading = words.headline(told, title_for(meeting, person))
        hello = words.greeting(one_line(person.first_name))
        parts = self._parts(meeting, person, effect, path, told)
        subject = self._subject(meeting, person, told)
        own = self._message_id(effect.key)
        root = MeetingId(meeting.series) if meeting.series else meeting.id
        first = self._message_id(mail_key(root, person.id, 0))
        return Mail(
            to_name=one_line(person.name),
            to_email=attendee.email if attendee else person.email,
            subject=subject,
            text=as_text(hello, heading, parts),
            html=as_html(subject, hello, heading, parts),
            message_id=own,
            thread=None if own == first else first,
            invite=part,
        )

    def _parts(
        self, meeting: Meeting, person: Person, effect: Effect, path: Path, news: News
    ) -> tuple[Part, ...]:
        """Return what stands under the headline."""
        partner = partner_of(meeting, person)
        facts = self._facts(meeting, person, effect, news)
        calendar = words.CALENDARS[path][news]
        if news is News.CANCELLED:
            return facts, calendar, words.how_to_book(self._assistant, partner)
        return (
            facts,
            calendar,
            *([words.COMPARE] if _unconnected(meeting, person, effect) else []),
            *([words.WELCOME] if _is_optional(meeting, person) else []),
            self._question(meeting, person),
            words.how_to_change(self._assistant, partner),
        )

    def _facts(self, meeting: Meeting, person: Person, effect: Effect, news: News) -> Facts:
        """Return when, who and where."""
        now = self._clock.now()
        rows = [(words.WHEN, times.of_meeting(meeting, person, now))]
        before = _before(effect)
        if news is News.MOVED and before:
            rows.append((words.WAS, times.of_both(meeting, before, person, now)))
        rows.append((words.WHO, ", ".join(called(a, person) for a in meeting.attendees)))
        if meeting.place and news is not News.CANCELLED:
            label = words.JOIN if is_link(meeting.place) else words.WHERE
            rows.append((label, one_line(meeting.place)))
        rows += said_of(meeting) if news is not News.CANCELLED else []
        reason = one_line(effect.payload.get("reason", ""))
        if reason and news is News.CANCELLED:
            rows.append((words.REASON, reason))
        return Facts(tuple(rows))

    def _question(self, meeting: Meeting, person: Person) -> Answers:
        """Return the question with its two links, which end when the meeting does."""
        attendee = meeting.attendee(person.id)
        token = self._signer.sign(RSVP, rsvp_subject(meeting.id, person.id), meeting.end)
        page = f"{self._public_url}/rsvp/{token}"
        question = words.QUESTIONS[attendee.rsvp if attendee else Rsvp.NEEDS_ACTION]
        links = ((words.YES, f"{page}?answer=yes"), (words.NO, f"{page}?answer=no"))
        return Answers(question, links)

    def _subject(self, meeting: Meeting, person: Person, news: News) -> str:
        """Return "Moved: Session with Alex Chen: Tue 27 Oct 14:00 London", cut in the names."""
        when = times.begin(meeting.start, person, self._clock.now())
        head = words.PREFIXES[news] + title_for(meeting, person)
        room = LONGEST_SUBJECT - len(when) - 2
        short = head if len(head) <= room else f"{head[: room - 1].rstrip()}…"
        return f"{short}: {when}"

    def _message_id(self, key: str) -> str:
        """Return the Message-ID of an effect's mail; the key itself would tell ids."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        return f"<{digest[:32]}@{self._domain}>"


def _news(meeting: Meeting, person: Person, effect: Effect) -> News:
    """Return what a mail about this state of a meeting tells one person."""
    if meeting.state is MeetingState.CANCELLED or meeting.attendee(person.id) is None:
        return News.CANCELLED
    if meeting.sequence == 0:
        return News.BOOKED
    before = _before(effect)
    return News.MOVED if before and before != meeting.span else News.UPDATED


def _before(effect: Effect) -> tuple[int, int] | None:
    """Return the time that the person was told before, if the effect says so."""
    start, end = effect.payload.get("was_start"), effect.payload.get("was_end")
    return (int(start), int(end)) if start and end else None


def _unconnected(meeting: Meeting, person: Person, effect: Effect) -> bool:
    """Tell whether nobody has looked into this person's calendar (R08)."""
    attendee = meeting.attendee(person.id)
    if attendee is None or attendee.path is Path.CALENDAR or attendee.link_id:
        return False
    return effect.payload.get("connected") != "yes"


def _is_optional(meeting: Meeting, person: Person) -> bool:
    """Tell whether the others meet without somebody who has not said yes."""
    attendee = meeting.attendee(person.id)
    return attendee is not None and not attendee.holds
