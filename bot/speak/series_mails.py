"""Mails about whole series, and their copies: one mail for all sessions, with their dates on the
reader's clock. Mails about one session of a series are those of any session (mails.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.speak import mail_words as words
from bot.speak import rhythm, times
from bot.speak.mail_layout import Facts, Part, as_html, as_text, is_link
from bot.speak.mail_names import (
    called,
    guests_of,
    one_line,
    others_of,
    partner_of,
    said_of,
    title_for,
)
from bot.speak.mail_words import News
from core.booking.drafts import EventDraft, Invite, Mail, Method, Party
from core.booking.meeting import MeetingState, Path
from core.booking.series import coming, present, recurrence, revision, standing
from core.effects import EffectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.booking.drafts import Sender
    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.effects import Effect
    from core.people import Person
    from core.ports import Clock

LONGEST_SUBJECT = 78
MOST_DATES = 30
DATES = "Dates"
CLOCK = "On your clock"
AGENDA_OF, AGENDA_NONE = "Agenda of {day}", "none"
HEADLINES = {
    News.BOOKED: "Your series with {names} is booked: {count} sessions.",
    News.UPDATED: "Your series with {names} has changed: {count} sessions are to come.",
    News.CANCELLED: "Your series with {names} is cancelled: none of its sessions is to come.",
}
IN_CALENDAR = {
    News.BOOKED: "The sessions are written to your calendar; you need not add anything.",
    News.UPDATED: "Your calendar is brought up to date; you need not change anything.",
    News.CANCELLED: "They are taken out of your calendar; you need not remove anything.",
}
HOW = 'To skip, move or end sessions, write to {assistant} in chat, for example: "{example}".'


@dataclass(frozen=True, slots=True)
class SeriesMails:
    """Letters about series. `describe` gives an event's description, `message_id` that of the
    mail of an effect's key.
    """

    assistant: str
    clock: Clock
    sender: Sender | None
    describe: Callable[[Meeting], str]
    message_id: Callable[[str], str]

    def draft(self, series: Series, meetings: Sequence[Meeting], person: Person) -> EventDraft:
        """Return the copy of a series, from its present state. The owner's names nobody."""
        stand = standing(meetings) or tuple(meetings)
        party = None
        if self.sender is not None and person.id != series.owner:
            party = Party(self.sender, guests_of(stand[-1]))
        return EventDraft(
            uid=series.uid,
            sequence=revision(series, meetings),
            start=stand[0].start,
            end=stand[0].end,
            title=title_for(stand[-1], person),
            description="\n".join(self._description(series, meetings, stand[-1])),
            place=stand[-1].place,
            stamp=_changed(series, meetings),
            party=party,
            recurrence=recurrence(series, meetings),
        )

    def _description(
        self, series: Series, meetings: Sequence[Meeting], face: Meeting
    ) -> Iterator[str]:
        """Yield what stands in the copy: of all sessions, then of those that say something else."""
        shared, own = agendas(series, coming(meetings, self.clock.now()), face)
        yield self.describe(shared)
        for label, line in own:
            yield f"{label}: {line}"

    def mail(
        self, series: Series, meetings: Sequence[Meeting], person: Person, effect: Effect
    ) -> Mail:
        """Return the mail about a series as it stands."""
        now = self.clock.now()
        news = _news(series, meetings)
        face = (standing(meetings) or tuple(meetings))[-1]
        entry = face.attendee(person.id)
        path = entry.path if entry else Path.CALENDAR
        shown = coming(meetings, now) or tuple(meetings)
        names = words.names([one_line(a.name) for a in others_of(face, person)])
        heading = HEADLINES[news].format(names=names, count=len(shown))
        when = rhythm.rhythm(present(series, meetings, now))
        subject = _subject(when, face, person, news)
        hello = words.greeting(one_line(person.first_name))
        parts = self._parts(series, when, shown, face, person, effect, news, path)
        first = self.message_id(f"mail:{series.id}:{person.id}:0")
        own = self.message_id(effect.key)
        return Mail(
            to_name=one_line(person.name),
            to_email=entry.email if entry else person.email,
            subject=subject,
            text=as_text(hello, heading, parts),
            html=as_html(subject, hello, heading, parts),
            message_id=own,
            thread=None if own == first else first,
            invite=self._invite(series, meetings, person, effect, path),
        )

    def _invite(
        self,
        series: Series,
        meetings: Sequence[Meeting],
        person: Person,
        effect: Effect,
        path: Path,
    ) -> Invite | None:
        method = {
            EffectKind.MAIL_INVITE: Method.REQUEST,
            EffectKind.MAIL_CANCEL: Method.CANCEL,
        }.get(effect.kind)
        stands = any(m.state is MeetingState.BOOKED for m in meetings)
        if method is None and path is Path.PUBLISH and stands:
            method = Method.PUBLISH
        if method is None:
            return None
        draft = self.draft(series, meetings, person)
        face = (standing(meetings) or tuple(meetings))[-1]
        return Invite(
            method=method,
            uid=series.uid,
            sequence=series.sequence,
            start=draft.start,
            end=draft.end,
            title=draft.title,
            description=draft.description,
            place=draft.place,
            stamp=series.changed_at,
            guests=() if method is Method.PUBLISH else guests_of(face),
            recurrence=draft.recurrence,
        )

    def _parts(
        self,
        series: Series,
        when: str,
        shown: Sequence[Meeting],
        face: Meeting,
        person: Person,
        effect: Effect,
        news: News,
        path: Path,
    ) -> tuple[Part, ...]:
        facts = self._facts(series, when, shown, face, person, effect, news)
        calendar = IN_CALENDAR[news] if path is Path.CALENDAR else words.CALENDARS[path][news]
        partner = partner_of(face, person)
        if news is News.CANCELLED:
            return facts, calendar, words.how_to_book(self.assistant, partner)
        example = f"skip the one on {_day(shown[-1].start, person.zone)}"
        entry = face.attendee(person.id)
        unread = entry is not None and path is not Path.CALENDAR and not entry.link_id
        return (
            facts,
            calendar,
            *([words.COMPARE] if unread else []),
            HOW.format(assistant=self.assistant, example=example),
        )

    def _facts(
        self,
        series: Series,
        when: str,
        shown: Sequence[Meeting],
        face: Meeting,
        person: Person,
        effect: Effect,
        news: News,
    ) -> Facts:
        now = self.clock.now()
        starts = [m.start for m in shown]
        rows = [(words.WHEN, when)]
        if news is not News.CANCELLED:
            more = len(starts) - MOST_DATES
            listed = [times.begin(start, person, now) for start in starts[:MOST_DATES]]
            listed += [f"and {more} more"] if more > 0 else []
            rows.append((DATES, "; ".join(listed)))
            by_rule = when == rhythm.rhythm(series.pattern)
            at = [m.slot for m in shown if by_rule] or [m.start for m in shown if m.start != m.slot]
            if shift := rhythm.shift_words(at, person.zone, now):
                rows.append((CLOCK, shift))
        rows.append((words.WHO, ", ".join(called(a, person) for a in face.attendees)))
        if face.place and news is not News.CANCELLED:
            rows.append((words.JOIN if is_link(face.place) else words.WHERE, one_line(face.place)))
        if news is not News.CANCELLED:
            shared, own = agendas(series, shown, face)
            rows += [*said_of(shared), *own]
        reason = one_line(effect.payload.get("reason", ""))
        if reason:
            rows.append((words.REASON, reason))
        return Facts(tuple(rows))


def agendas(
    series: Series, ahead: Sequence[Meeting], face: Meeting
) -> tuple[Meeting, list[tuple[str, str]]]:
    """Return `face` with the agenda that most sessions to come have; and of the others, each by
    its day, what they say instead.
    """
    if not ahead:
        return face, []
    shared = Counter(m.agenda for m in reversed(ahead)).most_common(1)[0][0]
    zone = series.pattern.zone
    own = [
        (AGENDA_OF.format(day=times.day(m.start, zone)), one_line(m.agenda) or AGENDA_NONE)
        for m in ahead
        if m.agenda != shared
    ]
    return replace(face, agenda=shared), own[:MOST_DATES]


def _subject(when: str, face: Meeting, person: Person, news: News) -> str:
    head = words.PREFIXES[news] + title_for(face, person)
    room = max(20, LONGEST_SUBJECT - len(when) - 2)
    short = head if len(head) <= room else f"{head[: room - 1].rstrip()}…"
    return f"{short}: {when}"[: LONGEST_SUBJECT * 2]


def _news(series: Series, meetings: Sequence[Meeting]) -> News:
    if not any(m.state is MeetingState.BOOKED for m in meetings):
        return News.CANCELLED
    return News.BOOKED if series.sequence == 0 else News.UPDATED


def _changed(series: Series, meetings: Sequence[Meeting]) -> int:
    """Return when anything of a series was changed last."""
    return max([series.changed_at, *(m.changed_at for m in meetings)])


def _day(at: int, zone: str) -> str:
    return times.day(at, zone).partition(" ")[2]
