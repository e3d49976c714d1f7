"""What comes by mail to the assistant: answers to invitations, other times, words, bounces.

An answer counts like one given in chat when three things hold: it names a meeting of ours (UID),
it is the attendee's (ATTENDEE), and the attendee has sent it: From is the same address, and our
own mail server has found the sender's domain to stand behind the mail. Where it has not - or says
nothing, because no name of it is set - nothing is changed, and the attendee is asked in chat with
one press to confirm. What somebody sends in another's name is ignored.

Everything is stored in one transaction with how far the mailbox is read, so that a mail that is
met again after a crash is either wholly new or wholly known. No content and no address is logged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from core.answering import answer_all
from core.booking.meeting import Rsvp
from core.booking.series import present
from core.booking.series_change import countered
from core.ids import PersonId
from core.mail_in import BOXES, Position, Said, address_works, is_own, mark_address
from core.mail_people import addressee_of, administrators_of, attendee_of, standing, writer_of
from core.mail_sessions import sessions_meant
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.booking.meeting import Meeting
    from core.ids import SeriesId
    from core.mail_in import Bounce, CalendarAnswer, MailIn
    from core.mail_sessions import Session
    from core.ports import Ports, Tx

KIND = "mail"  # of references: mails that were taken, answers that were stored; by month
DAY = 86_400
DELEGATED = "DELEGATED"  # who comes instead is for people to settle
ANSWERS = {rsvp.value: rsvp for rsvp in (Rsvp.ACCEPTED, Rsvp.DECLINED, Rsvp.TENTATIVE)}


class Taken(StrEnum):
    """What became of a mail; the only thing that is logged of it."""

    REPEATED = "repeated"  # known already
    OWN = "own"  # one of our own mails
    AUTOMATIC = "automatic"  # an absence note, a list, a bounce about nothing of ours
    BOUNCED = "bounced"  # somebody's address does not work
    ANSWERED = "answered"  # stored like an answer in chat
    UNCHANGED = "unchanged"  # the same answer again, or one that says nothing
    PROPOSED = "proposed"  # another time was passed on
    OLD = "old"  # to an earlier version of the meeting
    MOOT = "moot"  # about a meeting that is over or called off
    UNVERIFIED = "unverified"  # the attendee is asked in chat
    STRANGER = "stranger"  # from somebody who takes no part, or in another's name
    UNKNOWN = "unknown"  # about nothing of ours
    PASSED_ON = "passed_on"  # words were passed on
    ASKED = "asked"  # an answer without words or calendar part: asked in chat
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class _Job:
    """One mail being taken."""

    tx: Tx
    mail: MailIn
    digest: str
    now: int
    domain: str

    def tell(self, to: PersonId, kind: NoticeKind, key: str = "", **facts: str) -> None:
        """Queue a notice, once for this mail, or once for a key."""
        notice = Notice(to, kind, "", facts)
        self.tx.effects.add(as_effect(notice, key or self.digest, self.now))


async def position_of(ports: Ports, mailbox: str) -> Position | None:
    """Return how far a mailbox has been read, None for one that is new."""
    data = await ports.store.read(lambda tx: tx.references.get(BOXES, mailbox, "position"))
    if data is None:
        return None
    return Position(mailbox, int(str(data["validity"])), int(str(data["uid"])))


async def skip_mail(ports: Ports, position: Position) -> None:
    """Go past a mail that cannot be handled."""
    await ports.store.transact(lambda tx: _advance(tx, position))


async def take_mail(ports: Ports, mail: MailIn, position: Position | None = None) -> Taken:
    """Do what a mail says, once however often it comes, and remember how far is read."""
    now = ports.clock.now()
    whole = f"{mail.sender}|{mail.message_id}"
    digest = hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:32]

    def work(tx: Tx) -> Taken:
        if position is not None:
            _advance(tx, position)
        if _recall(tx, f"seen:{digest}", now) is not None:
            return Taken.REPEATED
        _remember(tx, f"seen:{digest}", {}, now)
        return _take(_Job(tx, mail, digest, now, ports.domain))

    return await ports.store.transact(work)


def _advance(tx: Tx, position: Position) -> None:
    data = {"validity": position.validity, "uid": position.uid}
    tx.references.put(BOXES, position.mailbox, "position", data)


# --- a memory of one to two months --------------------------------------------------------------


def _months(now: int) -> tuple[str, str, str]:
    """Return this month, the last one, and the one that is forgotten."""
    day = datetime.fromtimestamp(now, UTC)
    count = day.year * 12 + day.month - 1
    names = [f"{(count - back) // 12:04}-{(count - back) % 12 + 1:02}" for back in range(3)]
    return names[0], names[1], names[2]


def _recall(tx: Tx, key: str, now: int) -> dict[str, object] | None:
    this, last, _ = _months(now)
    data = tx.references.get(KIND, this, key) or tx.references.get(KIND, last, key)
    return None if data is None else dict(data)


def _remember(tx: Tx, key: str, data: dict[str, object], now: int) -> None:
    """Keep it; with the first of a month what is two months old is forgotten (Y25)."""
    this, _, old = _months(now)
    if tx.references.get(KIND, this, "begun") is None:
        tx.references.put(KIND, this, "begun", {"at": now})
        tx.references.clear(KIND, old)
    tx.references.put(KIND, this, key, {"at": now, **data})


# --- which mail it is ---------------------------------------------------------------------------


def _take(job: _Job) -> Taken:
    mail = job.mail
    if mail.bounce is not None:
        return _bounced(job, mail.bounce)
    if is_own(mail.message_id, job.domain):
        return Taken.OWN
    if mail.answers:
        results = [_answered(job, answer) for answer in mail.answers]
        known = [one for one in results if one not in (Taken.STRANGER, Taken.UNKNOWN)]
        return (known or results)[0]
    if mail.automatic:
        return Taken.AUTOMATIC
    return _words(job)


# --- answers of calendar programs ---------------------------------------------------------------


def _answered(job: _Job, answer: CalendarAnswer) -> Taken:
    """Do what one attendee's answer says, if it is theirs and still matters."""
    meant = sessions_meant(job.tx, answer)
    if meant is None:
        return Taken.UNKNOWN
    ahead = [one for one in meant if standing(one.meeting, job.now)]
    whose = (ahead or list(meant))[:1]
    attendee = attendee_of(job.tx, whose[0].meeting, answer.attendee) if whose else None
    if whose and (
        attendee is None or attendee_of(job.tx, whose[0].meeting, job.mail.sender) != attendee
    ):
        return Taken.STRANGER
    if not ahead or attendee is None:
        return Taken.MOOT
    sessions = [one for one in ahead if not one.is_newer_than(answer)]
    if not sessions:
        if job.mail.verified:
            facts = {"meeting": ahead[0].meeting.id, "why": "old"}
            job.tell(attendee.person_id, NoticeKind.ANSWER_AGAIN, **facts)
        return Taken.OLD
    return _weighed(job, sessions, attendee.person_id, answer)


def _weighed(
    job: _Job, sessions: Sequence[Session], person: PersonId, answer: CalendarAnswer
) -> Taken:
    """Do what an attendee's own answer to standing sessions says: one, or those of a series that
    no newer answer has come to.
    """
    verified = job.mail.verified
    sessions = [one for one in sessions if not _outdone(job, one, person, answer)]
    if not sessions:
        return Taken.OLD
    meeting = sessions[0].meeting
    if verified:
        for one in sessions:
            key = f"answer:{one.meeting.id}:{person}"
            _remember(job.tx, key, {"order": _order(one, answer)}, job.now)
        address_works(job.tx, job.tx.people.get(person))
        _comment(job, meeting, person, answer)
    if answer.method is Said.COUNTER:
        if sessions[0].whole and meeting.series is not None:
            return _series_countered(job, meeting, meeting.series, person, answer)
        return _countered(job, meeting, person, answer)
    rsvp = ANSWERS.get(answer.partstat)
    if rsvp is not None:
        return (_store if verified else _unverified)(job, sessions, person, rsvp)
    if answer.partstat != DELEGATED or not verified:
        return Taken.UNCHANGED
    job.tell(person, NoticeKind.ANSWER_AGAIN, meeting=meeting.id, why="delegated")
    return Taken.ASKED


def _order(session: Session, answer: CalendarAnswer) -> list[int]:
    """Return what tells a newer answer from an older one (RFC 5546 2.1.5)."""
    sequence = session.sequence if answer.sequence is None else answer.sequence
    return [sequence, answer.stamp]


def _outdone(job: _Job, session: Session, person: PersonId, answer: CalendarAnswer) -> bool:
    """Tell whether the person's newer answer to a session is known."""
    known = _recall(job.tx, f"answer:{session.meeting.id}:{person}", job.now) or {}
    order = known.get("order")
    return isinstance(order, list) and _order(session, answer) < order


def _store(job: _Job, sessions: Sequence[Session], person: PersonId, rsvp: Rsvp) -> Taken:
    """Store an answer as if it was given in chat; who says no is asked how to go on (A22)."""
    changed = answer_all(job.tx, [one.meeting for one in sessions], person, rsvp, job.now)
    if not changed:
        return Taken.UNCHANGED
    if rsvp is Rsvp.DECLINED:
        more = {"more": str(len(changed) - 1)} if len(changed) > 1 else {}
        job.tell(person, NoticeKind.DECLINED, meeting=changed[0].id, **more)
    attendee = changed[0].attendee(person)
    if rsvp is Rsvp.ACCEPTED and attendee is not None and attendee.rsvp is Rsvp.TENTATIVE:
        job.tell(person, NoticeKind.ANSWER_AGAIN, meeting=changed[0].id, why="busy")
    return Taken.ANSWERED


def _unverified(job: _Job, sessions: Sequence[Session], person: PersonId, rsvp: Rsvp) -> Taken:
    """Ask the attendee once whether an answer is theirs; nothing is changed till then. Of a whole
    series it is asked for the session that comes next.
    """
    meeting = sessions[0].meeting
    attendee = meeting.attendee(person)
    if attendee is not None and attendee.rsvp is not rsvp:
        key = f"{meeting.id}:{meeting.sequence}:{rsvp}"
        facts = {"meeting": meeting.id, "answer": rsvp.value}
        job.tell(person, NoticeKind.CONFIRM_MAIL, key, **facts)
    return Taken.UNVERIFIED


def _countered(job: _Job, meeting: Meeting, person: PersonId, answer: CalendarAnswer) -> Taken:
    """Pass another time on to the others; unless verified, only the sender hears of it."""
    start, end = answer.start, answer.end
    if start is None or start == meeting.start or start <= job.now:
        return Taken.UNCHANGED
    if end is None or not start < end <= start + DAY:
        end = start + meeting.end - meeting.start
    facts = {"meeting": meeting.id, "by": person, "start": str(start), "end": str(end)}
    if not job.mail.verified:
        key = f"{meeting.id}:{start}"
        job.tell(person, NoticeKind.COUNTERED, key, **facts)
        return Taken.UNVERIFIED
    for other in meeting.people:
        if other != person:
            job.tell(other, NoticeKind.COUNTERED, **facts)
    return Taken.PROPOSED


def _series_countered(
    job: _Job, meeting: Meeting, series_id: SeriesId, person: PersonId, answer: CalendarAnswer
) -> Taken:
    """Pass on that somebody would have a whole series at another time of day or on another
    weekday; nothing is changed by it.
    """
    series, every = job.tx.meetings.series(series_id), job.tx.meetings.of_series(series_id)
    pattern = present(series, every, job.now)
    new = None if answer.start is None else countered(pattern, answer.start)
    if new is None:
        return Taken.UNCHANGED
    facts = {"meeting": meeting.id, "by": person, "series": series_id, "start": str(answer.start)}
    if not job.mail.verified:
        job.tell(person, NoticeKind.COUNTERED, f"{series_id}:{answer.start}", **facts)
        return Taken.UNVERIFIED
    for other in meeting.people:
        if other != person:
            job.tell(other, NoticeKind.COUNTERED, **facts)
    return Taken.PROPOSED


def _comment(job: _Job, meeting: Meeting, person: PersonId, answer: CalendarAnswer) -> None:
    """Pass on what somebody wrote with their answer. Only what stands in the event: the mail
    around it is often the program's own sentence.
    """
    if answer.comment and job.mail.verified:
        _pass_on(job, person, (p for p in meeting.people if p != person), answer.comment)


# --- words --------------------------------------------------------------------------------------


def _words(job: _Job) -> Taken:
    """Pass on what somebody wrote without a calendar part; what it means is for people to say.

    Unverified words are shown to their supposed writer alone, and only where they answer a mail
    of ours, whose Message-ID nobody else knows.
    """
    mail = job.mail
    writer = writer_of(job.tx, mail.sender, mail.thread, job.now, job.domain)
    if writer is None:
        return Taken.STRANGER
    person, meeting = writer.person.id, writer.meeting
    if not mail.text:
        if meeting is None or not standing(meeting, job.now):
            return Taken.EMPTY
        job.tell(person, NoticeKind.ANSWER_AGAIN, meeting=meeting.id, why="unread")
        return Taken.ASKED
    if not mail.verified:
        if not writer.answers_us:
            return Taken.STRANGER
        others = ",".join(writer.readers)
        job.tell(person, NoticeKind.CONFIRM_MAIL, text=mail.text, others=others)
        return Taken.UNVERIFIED
    address_works(job.tx, writer.person)
    _pass_on(job, person, writer.readers, mail.text)
    return Taken.PASSED_ON if writer.readers else Taken.UNKNOWN


def _pass_on(job: _Job, by: PersonId, to: Iterable[PersonId], text: str) -> None:
    for other in to:
        if other != by:
            job.tell(other, NoticeKind.MAILED, by=by, text=text)


# --- addresses ----------------------------------------------------------------------------------


def _bounced(job: _Job, bounce: Bounce) -> Taken:
    """Mark addresses that do not work, and tell administrators once of each.

    Only reports about mails of ours count; a forged one costs no more than that word.
    """
    if not is_own(bounce.returned, job.domain):
        return Taken.AUTOMATIC
    found = Taken.UNKNOWN
    for address in bounce.recipients[:10]:
        person = addressee_of(job.tx, address, bounce.returned, job.now, job.domain)
        if person is None:
            continue
        found = Taken.BOUNCED
        if not mark_address(job.tx, person, address, bounce.status, job.now):
            continue
        key = hashlib.sha256(f"{person.id}:{address}".encode()).hexdigest()[:32]
        for admin in administrators_of(job.tx, person):
            job.tell(admin, NoticeKind.BAD_ADDRESS, key, person=person.id)
    return found
