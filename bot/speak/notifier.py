"""Notices become cards in the private chat of the person they are for (core's `Notifier`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Input, InputKind, Note, Style
from bot.message import Outgoing
from bot.speak import (
    clock_views,
    mailroom_notices,
    proposals,
    series_news,
    session_notices,
    session_words,
    times,
    views,
    words,
)
from bot.speak.auto_views import auto_connected, auto_progress
from bot.speak.connect_notices import connect_failed, connected, it_approval
from bot.speak.doctor_notices import asking, link_broken, nudge_connect
from bot.speak.news_mails import load_asked
from bot.speak.people_notices import by_mail, calendar_zone, zone_back, zone_there
from bot.speak.reasons import Scene, then
from bot.speak.same_person import linked, not_same, same_person, workspace_gone
from bot.speak.service_notices import service_ended, service_ends, service_stays
from core import presence
from core.attendance import doubts, load_policy
from core.booking.proposal import ProposalState
from core.errors import (
    AccessRevoked,
    ConsentRequiredByAdmin,
    NotConnected,
    NotFound,
    RemoteMissing,
)
from core.ids import EffectId, MeetingId, PersonId, ProgrammeId, ProposalId
from core.notices import NoticeKind
from core.nudging import is_resting
from core.people import ChatIdentity
from core.use_cases import stays

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.channel import ChatChannel
    from bot.message import Place
    from bot.speak.news_mails import Asked, NewsMails
    from core.booking.proposal import Proposal
    from core.notices import Notice
    from core.people import Person
    from core.ports import Clock, Store, Tx

# Nobody is reached there: they left or blocked us, or their organisation lets nobody write.
UNREACHED = (AccessRevoked, NotConnected, RemoteMissing, ConsentRequiredByAdmin)
NUDGES = frozenset(
    {
        NoticeKind.NUDGE_ANSWER,
        NoticeKind.NUDGE_BOOK,
        NoticeKind.NUDGE_CONNECT,
        NoticeKind.NUDGE_WIDEN,
        NoticeKind.NUDGE_TOP,
        NoticeKind.TOP_TIME,
        NoticeKind.SILENT,
    }
)


class ChatNotifier:
    """Say notices in the chats a person is in; each kind has one view below."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, ChatChannel],
        show: Callable[[Place, PersonId, Outgoing], Awaitable[object]],
        everybody: tuple[str, str] | None = None,
        mails: NewsMails | None = None,
    ) -> None:
        """Keep the store, the chats by kind, and how a message is shown (sent or edited).

        `everybody` names kind and workspace of a chat in which each person is known by their
        own id without ever having come by (the local chat); `mails` are for whom no chat reaches.
        """
        self._everybody = everybody
        self._mails = mails
        self._store = store
        self._clock = clock
        self._channels = channels
        self._show = show

    async def notify(self, notice: Notice) -> None:
        """Say it in the chat in which the person is to be reached, else by mail.

        Raises NotConnected when there is no way, ProviderError leaves for what may work later.
        """
        now = self._clock.now()
        if notice.kind in stays.KINDS:
            await self._store.transact(lambda tx: stays.follow(tx, notice, now))
        plan = await self._store.read(lambda tx: self._plan(tx, notice, now))
        if plan is None:
            return
        for way in plan.ways:
            reached = [i for i in way if await self._tell(i, plan.person, plan.message)]
            if reached:
                await self._renew(plan, reached)
                return
        if self._mails is None:
            raise NotConnected("no chat in which to reach this person")
        await self._mails.send(notice, plan.person, plan.message, plan.asked)

    def _plan(self, tx: Tx, notice: Notice, now: int) -> _Plan | None:
        """Return what is to be said and where; None when it no longer matters."""
        person = tx.people.get(notice.to)
        message = _message(tx, notice, person, now)
        if message is None or not person.active:
            return None
        here = [i for i in self._identities(tx, person.id) if i.kind in self._channels]
        subject = message.subject
        posts = tx.posts.find(person.id, subject) if subject else ()
        stands = {(post.kind, post.place.partition("|")[0]) for post in posts}
        older = tuple(i for i in here if (i.kind, i.workspace) in stands)
        ways = presence.ways(tx, person, here)
        return _Plan(person, message, ways, older, load_asked(tx, notice, _scene))

    async def _tell(self, identity: ChatIdentity, person: Person, message: Outgoing) -> bool:
        """Say it in one chat; False when nobody is reached there, which is remembered."""
        try:
            place = await self._channels[identity.kind].direct(identity)
            await self._show(place, person.id, message)
        except UNREACHED as error:
            now, why = self._clock.now(), type(error).__name__
            await self._store.transact(lambda tx: presence.mark_unreachable(tx, identity, now, why))
            return False
        return True

    async def _renew(self, plan: _Plan, reached: list[ChatIdentity]) -> None:
        """Bring cards about the same subject up to date that stand in the person's other chats."""
        for identity in plan.older:
            if identity not in reached:
                await self._tell(identity, plan.person, replace(plan.message, instead=""))

    def _identities(self, tx: Tx, person_id: PersonId) -> tuple[ChatIdentity, ...]:
        """Return where a person can be reached."""
        known = tx.people.identities(person_id)
        if self._everybody is None or any(i.kind == self._everybody[0] for i in known):
            return known
        return (*known, ChatIdentity(*self._everybody, person_id))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to say to whom: `ways` are tried in order, `older` are chats in which a card about
    the same subject stands, `asked` is the proposal that a mail would show.
    """

    person: Person
    message: Outgoing
    ways: tuple[tuple[ChatIdentity, ...], ...]
    older: tuple[ChatIdentity, ...]
    asked: Asked | None


def _message(tx: Tx, notice: Notice, person: Person, now: int) -> Outgoing | None:
    """Return what a notice says to this person now; None when it no longer matters."""
    if notice.kind in NUDGES and is_resting(person, now):
        return None
    try:
        if notice.kind is NoticeKind.REMINDER:
            message = session_notices.reminder(tx, person, notice.facts, now)
        else:
            message = VIEWS[notice.kind](tx, person, notice.facts)
    except NotFound:
        return None
    if message is None or not notice.subject or message.subject:
        return message
    return replace(message, subject=notice.subject)


def _proposal(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return a proposal's card; none of a closed one to who has never seen it open."""
    item = tx.proposals.get(ProposalId(facts["proposal"]))
    if not item.is_open and not tx.posts.find(me.id, f"proposal:{item.id}"):
        return None
    return proposal_card(tx, me, item)


def proposal_card(tx: Tx, me: Person, item: Proposal) -> Outgoing:
    """Return a proposal as it stands for one who takes part in it; one that nobody was asked
    says anew whose calendars could not be read.
    """
    meeting_id = item.meeting_id or item.request.moves
    meeting = tx.meetings.get(meeting_id) if meeting_id else None
    asker = item.request.asker
    known = tx.people.identities(asker) if me.id != asker else ()
    scene = _scene(tx, me.id, item)
    unread = dict.fromkeys(p for slot in item.slots for p in slot.unchecked)
    why = doubts(tx, scene.policy, unread) if item.state is ProposalState.DRAFTED else {}
    return proposals.card(scene, item, meeting, known, why)


def _scene(tx: Tx, me: PersonId, item: Proposal) -> Scene:
    """Return what the sentences about a proposal need."""
    programme = tx.programmes.get(item.request.programme_id)
    ids = dict.fromkeys((me, item.request.asker, *item.request.attendees))
    return Scene(me, then(tx.people.many(ids), item), load_policy(tx, programme), programme.name)


def _nudge_answer(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    message = _proposal(tx, me, facts)
    item = tx.proposals.get(ProposalId(facts["proposal"]))
    if message is None or not item.is_open or me.id in item.answers:
        return None
    text = words.NUDGE_ANSWER.format(name=tx.people.get(item.request.asker).name)
    return Outgoing(text, message.card, f"nudge:{item.id}", mentions=message.mentions)


def _booked(tx: Tx, me: Person, facts: Mapping[str, str], *, moved: bool = False) -> Outgoing:
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    programme = tx.programmes.get(meeting.programme_id)
    people = tx.people.many(meeting.people)
    connected = bool(tx.links.of([me.id])[me.id])
    return views.booked(people, meeting, me.id, programme.name, connected=connected, moved=moved)


def _moved(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    return _booked(tx, me, facts, moved=True)


def _when(tx: Tx, me: Person, meeting_id: str) -> str:
    meeting = tx.meetings.get(MeetingId(meeting_id))
    return times.of_meeting(meeting, me)


def _cancelled(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    when = _when(tx, me, meeting.id)
    by = facts.get("by")
    others = [p for p in meeting.people if p != me.id]
    names = views.names(tx.people.many(others), others, me.id)
    text = words.CANCELLED.format(names=names, time=when)
    if by:
        name = tx.people.get(PersonId(by)).name
        pattern = words.CANCELLED_BY_PARTNER if [by] == others else words.CANCELLED_BY
        text = pattern.format(name=name, names=names, time=when)
    if facts.get("reason"):
        text = f"{text} {session_words.BECAUSE.format(reason=facts['reason'])}"
    partner = next((p for p in meeting.people if p != me.id), "")
    again = Action(f"book:{partner}", "Find another time")
    return Outgoing(text, Card(actions=(again,)), f"meeting:{meeting.id}", words.LEFT_CANCELLED)


def _rsvp(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    by = tx.people.get(PersonId(facts["by"]))
    when = mailroom_notices.with_more(_when(tx, me, facts["meeting"]), facts)
    text = words.RSVP[facts["answer"]].format(name=by.name, time=when)
    if facts["answer"] != "DECLINED":
        return Outgoing(text)
    actions = (
        Action(f"move:{facts['meeting']}", "Find another time", Style.PRIMARY),
        Action(f"cancel:{facts['meeting']}", "Cancel", Style.DANGER),
    )
    return Outgoing(text, Card(actions=actions))


def _welcome(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Return the one welcome: partner, zone, connect and book, how to stop (Y14)."""
    programme = tx.programmes.get(ProgrammeId(facts["programme"]))
    pairs = [p for p in tx.programmes.pairs_of(me.id) if p.programme_id == programme.id]
    partners = [tx.people.get(other) for pair in pairs if (other := pair.partner_of(me.id))]
    partner = words.WELCOME_NOBODY
    if partners:
        named = words.listed([f"{p.name} ({times.city(p.zone)})" for p in partners[:5]])
        partner = words.WELCOME_PARTNER.format(partners=named)
    text = words.WELCOME.format(name=me.first_name, programme=programme.name, partner=partner)
    actions: list[Action] = []
    if partners:
        label = f"Find a time with {partners[0].first_name}"
        actions.append(Action(f"book:{partners[0].id}", label, Style.PRIMARY))
    if not tx.links.of([me.id])[me.id]:
        actions.append(Action("connect:start", "Connect my calendar"))
    actions.append(Action("help", "What can you do?"))
    notes = (
        Note(words.WELCOME_ZONE.format(zone=times.city(me.zone))),
        Note(words.WELCOME_STOP),
    )
    return Outgoing(text, Card("", notes, (), tuple(actions)))


def _paired(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    partner = tx.people.get(PersonId(facts["partner"]))
    programme = tx.programmes.get(ProgrammeId(facts["programme"]))
    name = partner.name
    if facts.get("more"):
        name = words.PAIRED_MORE.format(partner=name, count=facts["more"])
    text = words.PAIRED.format(partner=name, programme=programme.name)
    label = f"Find a time with {partner.first_name}"
    return Outgoing(text, Card(actions=(Action(f"book:{partner.id}", label, Style.PRIMARY),)))


def _unpaired(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    partner = tx.people.get(PersonId(facts["partner"])).name
    programme = tx.programmes.get(ProgrammeId(facts["programme"])).name
    return Outgoing(words.UNPAIRED.format(partner=partner, programme=programme))


def _nudge_book(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    if facts.get("partner"):
        partner = tx.people.get(PersonId(facts["partner"]))
        text = words.NUDGE_BOOK.format(partner=partner.name)
        label = f"Find a time with {partner.first_name}"
        return Outgoing(text, Card(actions=(Action(f"book:{partner.id}", label, Style.PRIMARY),)))
    programme = tx.programmes.get(ProgrammeId(facts["programme"]))
    return Outgoing(words.NUDGE_BOOK_PLAIN.format(programme=programme.name))


def _given_up(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Say what could not be delivered, with a button that tries again."""
    effect = tx.effects.get(EffectId(int(facts["effect"])))
    name = tx.people.get(PersonId(facts["person"])).name if facts.get("person") else ""
    when = _when(tx, me, facts["meeting"]) if facts.get("meeting") else ""
    what = words.GIVEN_UP_WHAT.get(facts["what"], facts["what"])
    why = words.GIVEN_UP_WHY.get(effect.last_error.partition(":")[0], words.GIVEN_UP_UNKNOWN)
    text = words.GIVEN_UP.format(what=what, name=name, time=when, why=why)
    return Outgoing(text, Card(actions=(Action(f"retry:{effect.id}", "Try again"),)))


def _person_says(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    name = tx.people.get(PersonId(facts["by"])).name
    return Outgoing(words.MESSAGE_FROM.format(name=name, text=facts["text"]))


def _left(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    programme = tx.programmes.get(ProgrammeId(facts["programme"])).name
    if facts["person"] == me.id:
        return Outgoing(words.LEFT_YOURSELF.format(programme=programme))
    name = tx.people.get(PersonId(facts["person"])).name
    return Outgoing(words.LEFT.format(name=name, programme=programme))


def _ask_link(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Ask the owner once where they meet people (Y13)."""
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    parts = (views.meeting_fields(tx.people.many(meeting.people), meeting, me.id),)
    hint = "https://meet.example.org/my-room"
    entry = Input("link", "Link of your video room", InputKind.TEXT, hint=hint, required=False)
    actions = (
        Action("link:save", "Save", Style.PRIMARY),
        Action("link:skip", "Not needed"),
    )
    return Outgoing(words.ASK_LINK, Card("", parts, (entry,), actions))


VIEWS: dict[NoticeKind, Callable[[Tx, Person, Mapping[str, str]], Outgoing | None]] = {
    NoticeKind.PROPOSAL: asking(_proposal),
    NoticeKind.BOOKED: asking(_booked),
    NoticeKind.MOVED: _moved,
    NoticeKind.SERIES: series_news.notice,
    NoticeKind.CANCELLED: _cancelled,
    NoticeKind.RSVP: _rsvp,
    NoticeKind.WELCOME: _welcome,
    NoticeKind.PAIRED: _paired,
    NoticeKind.UNPAIRED: _unpaired,
    NoticeKind.NUDGE_CONNECT: nudge_connect,
    NoticeKind.NUDGE_ANSWER: _nudge_answer,
    NoticeKind.NUDGE_BOOK: _nudge_book,
    NoticeKind.CONNECTED: connected,
    NoticeKind.CALENDAR_ZONE: calendar_zone,
    NoticeKind.CONNECT_FAILED: connect_failed,
    NoticeKind.IT_APPROVAL: it_approval,
    NoticeKind.LINK_BROKEN: link_broken,
    NoticeKind.SERVICE_ENDS: service_ends,
    NoticeKind.SERVICE_ENDED: service_ended,
    NoticeKind.SERVICE_STAYS: service_stays,
    NoticeKind.AUTO_CONNECTED: auto_connected,
    NoticeKind.AUTO_PROGRESS: auto_progress,
    NoticeKind.GIVEN_UP: _given_up,
    NoticeKind.MESSAGE: _person_says,
    NoticeKind.LEFT: _left,
    NoticeKind.ASK_LINK: _ask_link,
    **clock_views.VIEWS,
    **session_notices.VIEWS,
    NoticeKind.SAME_PERSON: same_person,
    NoticeKind.NOT_SAME: not_same,
    NoticeKind.LINKED: linked,
    NoticeKind.WORKSPACE_GONE: workspace_gone,
    NoticeKind.BY_MAIL: by_mail,
    NoticeKind.ZONE_THERE: zone_there,
    NoticeKind.ZONE_BACK: zone_back,
    **mailroom_notices.VIEWS,
}
