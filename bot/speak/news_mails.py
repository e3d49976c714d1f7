"""Chat notices by mail: for whom no chat reaches, and for who wants it so (A43).

A proposal goes out with the same choices behind signed links; everything else as its sentences.
It is done inside the notice's own effect, because that has all a mail needs already - key, order,
retries and an end - and because which way a person is reached is decided in one place only. The
Message-ID is that of the notice, so that a mail that is sent twice is one mail.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.card import Fields, Note, Text, Times
from bot.speak import (
    mail_words,
    people_words,
    rhythm,
    series_change_words,
    series_views,
    series_words,
    times,
    unlock_words,
    views,
    words,
)
from bot.speak.mail_layout import Answers, Facts, as_html, as_text
from bot.speak.mail_names import one_line
from core.booking.drafts import Mail
from core.booking.proposal import ProposalState
from core.ids import ProposalId
from core.notices import Notice, NoticeKind, as_effect
from core.ports import Post
from core.presence import MAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.card import Card
    from bot.doors import Doors
    from bot.message import Outgoing
    from bot.speak.mail_layout import Part
    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Clock, MailTransport, Store, Tx

    SceneOf = Callable[[Tx, PersonId, Proposal], Scene]

LONGEST_SUBJECT = 78
OWN_MAILS = frozenset({NoticeKind.BOOKED, NoticeKind.MOVED, NoticeKind.CANCELLED})
ASKS = frozenset({NoticeKind.PROPOSAL, NoticeKind.NUDGE_ANSWER})


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal as one invitee reads it; `meeting` is the session it is to move."""

    scene: Scene
    item: Proposal
    meeting: Meeting | None = None


@dataclass(frozen=True, slots=True)
class NewsMails:
    """Writes and sends notices as mails. `assistant` is the fixed sender's name, `domain` that
    of its address; without `doors` a proposal has no links.
    """

    store: Store
    transport: MailTransport
    clock: Clock
    assistant: str
    domain: str
    doors: Doors | None = None

    async def send(
        self, notice: Notice, person: Person, message: Outgoing, asked: Asked | None
    ) -> None:
        """Send what a notice says, unless a mail of its own says it anyway.

        Raises ProviderError leaves of the mail server.
        """
        if notice.kind in OWN_MAILS:
            return
        if asked is not None and notice.kind in ASKS:
            await self._send_asked(notice, person, message, asked)
            return
        await self.transport.send(self.news(notice, person, message))

    async def _send_asked(
        self, notice: Notice, person: Person, message: Outgoing, asked: Asked
    ) -> None:
        """Send a proposal once to who has not answered it, and news of it to who had it."""
        item, subject = asked.item, f"proposal:{asked.item.id}"
        posts = await self.store.read(lambda tx: tx.posts.find(person.id, subject))
        mailed = any(post.kind == MAIL for post in posts)
        invited = person.id in item.request.invitees and person.id not in item.answers
        if item.state is ProposalState.OFFERED and invited:
            if not mailed or notice.kind is NoticeKind.NUDGE_ANSWER:
                mail = self.proposal(asked, person, again=mailed)
                await self.transport.send(mail)
                await self._note_sent(person, item, subject, mail)
        elif item.state is not ProposalState.ACCEPTED and (mailed or message.instead):
            await self.transport.send(self.news(notice, person, message))

    async def _note_sent(self, person: Person, item: Proposal, subject: str, mail: Mail) -> None:
        """Remember that it was mailed, and tell the asker so, once."""
        now = self.clock.now()
        wish = "yes" if person.reach == MAIL else ""
        facts = {"proposal": str(item.id), "person": str(person.id), "wish": wish}
        told = Notice(item.request.asker, NoticeKind.BY_MAIL, "", facts)

        def work(tx: Tx) -> None:
            tx.posts.save(Post(person.id, subject, MAIL, MAIL, mail.message_id), now)
            tx.effects.add(as_effect(told, f"{item.id}:{person.id}", now))

        await self.store.transact(work)

    # --- the mails ----------------------------------------------------------------------------

    def proposal(self, asked: Asked, person: Person, *, again: bool = False) -> Mail:
        """Return the mail that asks somebody which of the offered times suits them."""
        item, scene = asked.item, asked.scene
        slots = sorted(item.slots, key=lambda slot: slot.start)
        zones = views.zones(scene.people, item.request.attendees)
        person, now = scene.people.get(person.id, person), self.clock.now()
        lines = [(s.start, times.both(s.start, s.end, person.zone, zones, now)) for s in slots]
        parts: list[Part] = []
        if item.request.series is not None:
            parts.append(Facts(tuple((mail_words.WHEN, text) for _, text in lines)))
            parts += series_views.shift_notes(scene, item, now)
            first, label = series_views.whole(item, person.zone, now)
            lines = [(int(first), label)]
        parts.append(self._choices(item, person, lines))
        if any(person.id in slot.unchecked for slot in item.slots):
            parts.append(people_words.MAIL_UNCHECKED)
        if person.id in item.request.exceptions:
            asking = scene.people[item.request.asker].name
            parts.append(unlock_words.EXCEPTION.format(name=one_line(asking)))
        until = times.moment(item.expires_at, person.zone, now)
        parts.append(people_words.MAIL_UNTIL.format(day=until))
        asker = one_line(scene.people[item.request.asker].name)
        subject = people_words.MAIL_SUBJECT_MORE.format(name=asker, count=words.count(len(slots)))
        if len(slots) == 1:
            when = times.moment(slots[0].start, person.zone, now)
            subject = people_words.MAIL_SUBJECT.format(name=asker, when=when)
        if item.request.series is not None:
            when = rhythm.rhythm(item.request.series.pattern)
            pattern = series_words.MAIL_SUBJECT
            if item.request.series.changes is not None:
                pattern = series_change_words.MAIL_SUBJECT
            subject = pattern.format(name=asker, rhythm=when)
        key = f"proposal:{item.id}:{person.id}"
        heading = _heading(asked, person, asker)
        return self._mail(
            person, subject, heading, parts, f"{key}:{now // 86_400}" if again else key
        )

    def _choices(self, item: Proposal, person: Person, lines: list[tuple[int, str]]) -> Part:
        """Return the times, each with its link where pages are served."""
        if self.doors is None:
            return Facts(tuple((mail_words.WHEN, text) for _, text in lines))
        page = self.doors.answer(item.id, person.id, item.expires_at)
        links = [(text, f"{page}?time={start}") for start, text in lines]
        links.append((people_words.MAIL_NONE, f"{page}?time=none"))
        return Answers(people_words.MAIL_QUESTION[len(lines) == 1], tuple(links))

    def news(self, notice: Notice, person: Person, message: Outgoing) -> Mail:
        """Return a notice's own sentences as a mail; buttons work in chat only."""
        text = one_line(message.text)
        subject = text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"
        parts = _parts(message.card)
        if message.card is not None and message.card.actions:
            parts.append(people_words.MAIL_CHAT.format(assistant=self.assistant))
        facts = sorted(notice.facts.items())
        key = f"news:{notice.kind}:{person.id}:{facts}:{self.clock.now() // 86_400}"
        return self._mail(person, subject, message.text, parts, key)

    def _mail(
        self, person: Person, subject: str, heading: str, parts: list[Part], key: str
    ) -> Mail:
        greeting = mail_words.greeting(one_line(person.first_name))
        digest = hashlib.sha256(key.encode()).hexdigest()
        return Mail(
            to_name=one_line(person.name),
            to_email=person.email,
            subject=subject,
            text=as_text(greeting, heading, tuple(parts)),
            html=as_html(subject, greeting, heading, tuple(parts)),
            message_id=f"<{digest[:32]}@{self.domain}>",
        )


def _heading(asked: Asked, person: Person, asker: str) -> str:
    """Return the first sentence, as the card in a chat has it."""
    request, scene = asked.item.request, asked.scene
    if request.series is not None:
        return series_views.offered_text(scene, asked.item)
    length = times.length(request.minutes)
    if request.moves and asked.meeting is not None:
        when = times.of_meeting(asked.meeting, person)
        return people_words.MAIL_HEADING_MOVE.format(name=asker, time=when)
    if request.asker in request.attendees:
        return people_words.MAIL_HEADING.format(name=asker, length=length)
    names = views.names(scene.people, request.attendees, person.id)
    return people_words.MAIL_HEADING_OTHER.format(name=asker, length=length, names=names)


def _parts(card: Card | None) -> list[Part]:
    """Return what a card shows, without its buttons and inputs."""
    parts: list[Part] = []
    for part in card.parts if card is not None else ():
        match part:
            case Text(text) | Note(text):
                parts.append(text)
            case Fields(rows):
                parts.append(Facts(rows))
            case Times(lines):
                rows = tuple((line.text, line.detail) for line in lines)
                parts.append(Facts(rows))
            case _:
                pass
    return parts


def load_asked(tx: Tx, notice: Notice, scene_of: SceneOf) -> Asked | None:
    """Return the proposal that a notice is about, None for a notice about anything else."""
    if notice.kind not in ASKS:
        return None
    item = tx.proposals.get(ProposalId(notice.facts["proposal"]))
    moves = item.request.moves
    meeting = tx.meetings.get(moves) if moves else None
    return Asked(scene_of(tx, notice.to, item), item, meeting)
