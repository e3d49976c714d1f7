"""Notices become cards in the private chat of the person they are for (core's `Notifier`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Input, InputKind, Note, Style
from bot.message import Outgoing
from bot.speak import calendar_words, proposals, times, views, words
from bot.speak.connect_notices import connect_failed, connected, it_approval
from bot.speak.reasons import Scene
from core.attendance import load_policy
from core.errors import NotConnected, NotFound
from core.ids import EffectId, GrantId, MeetingId, PersonId, ProgrammeId, ProposalId
from core.links import LinkState
from core.notices import NoticeKind
from core.people import ChatIdentity
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.channel import ChatChannel
    from bot.message import Place
    from core.notices import Notice
    from core.people import Person
    from core.ports import Clock, Store, Tx

NUDGES = frozenset({NoticeKind.NUDGE_ANSWER, NoticeKind.NUDGE_BOOK, NoticeKind.NUDGE_CONNECT})


class ChatNotifier:
    """Say notices in the chats a person is in; each kind has one view below."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Mapping[str, ChatChannel],
        show: Callable[[Place, PersonId, Outgoing], Awaitable[object]],
        everybody: tuple[str, str] | None = None,
    ) -> None:
        """Keep the store, the chats by kind, and how a message is shown (sent or edited).

        `everybody` names kind and workspace of a chat in which each person is known by their
        own id without ever having come by (the local chat).
        """
        self._everybody = everybody
        self._store = store
        self._clock = clock
        self._channels = channels
        self._show = show

    async def notify(self, notice: Notice) -> None:
        """Say it in every chat the person is in. Raises NotConnected when there is none."""
        now = self._clock.now()

        def load(tx: Tx) -> tuple[Person, Outgoing | None, tuple[ChatIdentity, ...]]:
            person = tx.people.get(notice.to)
            message = _message(tx, notice, person, now)
            return person, message, self._identities(tx, person.id)

        person, message, identities = await self._store.read(load)
        if message is None or not person.active:
            return
        reached = [i for i in identities if i.kind in self._channels]
        if not reached:
            raise NotConnected("no chat in which to reach this person")
        for identity in reached:
            place = await self._channels[identity.kind].direct(identity)
            await self._show(place, person.id, message)

    def _identities(self, tx: Tx, person_id: PersonId) -> tuple[ChatIdentity, ...]:
        """Return where a person can be reached."""
        known = tx.people.identities(person_id)
        if self._everybody is None or any(i.kind == self._everybody[0] for i in known):
            return known
        return (*known, ChatIdentity(*self._everybody, person_id))


def _message(tx: Tx, notice: Notice, person: Person, now: int) -> Outgoing | None:
    """Return what a notice says to this person now; None when it no longer matters."""
    if notice.kind in NUDGES and _resting(person, now):
        return None
    try:
        message = VIEWS[notice.kind](tx, person, notice.facts)
    except NotFound:
        return None
    if message is None or not notice.subject or message.subject:
        return message
    return replace(message, subject=notice.subject)


def _resting(person: Person, now: int) -> bool:
    """Tell whether somebody wants no reminders, or is away (Y15)."""
    today = local_date(now, person.zone)
    return not person.nudges or any(x.first <= today <= x.last for x in person.leave)


def _proposal(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return a proposal's card; none of a closed one to who has never seen it open."""
    item = tx.proposals.get(ProposalId(facts["proposal"]))
    if not item.is_open and not tx.posts.find(me.id, f"proposal:{item.id}"):
        return None
    programme = tx.programmes.get(item.request.programme_id)
    ids = dict.fromkeys((me.id, item.request.asker, *item.request.attendees))
    scene = Scene(me.id, tx.people.many(ids), load_policy(tx, programme), programme.name)
    meeting_id = item.meeting_id or item.request.moves
    return proposals.card(scene, item, tx.meetings.get(meeting_id) if meeting_id else None)


def _nudge_answer(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    message = _proposal(tx, me, facts)
    item = tx.proposals.get(ProposalId(facts["proposal"]))
    if message is None or not item.is_open or me.id in item.answers:
        return None
    text = words.NUDGE_ANSWER.format(name=tx.people.get(item.request.asker).name)
    return Outgoing(text, message.card, f"nudge:{item.id}")


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
    return times.both(*meeting.span, me.zone, [a.zone for a in meeting.attendees])


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
    partner = next((p for p in meeting.people if p != me.id), "")
    again = Action(f"book:{partner}", "Find another time")
    return Outgoing(text, Card(actions=(again,)), f"meeting:{meeting.id}", words.LEFT_CANCELLED)


def _rsvp(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    by = tx.people.get(PersonId(facts["by"]))
    when = _when(tx, me, facts["meeting"])
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


def _nudge_connect(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    grants = tx.links.grants_of([me.id])
    links = tx.links.of([me.id])[me.id]
    if links and all(g.state is LinkState.OK for g in grants.values()):
        return None
    text = calendar_words.NUDGE_CONNECT_PLAIN
    if facts.get("by"):
        text = calendar_words.NUDGE_CONNECT.format(by=tx.people.get(PersonId(facts["by"])).name)
    action = Action("connect:start", "Connect my calendar", Style.PRIMARY)
    return Outgoing(text, Card(actions=(action,)))


def _nudge_book(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    if facts.get("partner"):
        partner = tx.people.get(PersonId(facts["partner"]))
        text = words.NUDGE_BOOK.format(partner=partner.name)
        label = f"Find a time with {partner.first_name}"
        return Outgoing(text, Card(actions=(Action(f"book:{partner.id}", label, Style.PRIMARY),)))
    programme = tx.programmes.get(ProgrammeId(facts["programme"]))
    return Outgoing(words.NUDGE_BOOK_PLAIN.format(programme=programme.name))


def _link_broken(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    grant = tx.links.grant(GrantId(facts["grant"]))
    if grant.state is LinkState.OK:
        return None
    names = {"google": "Google", "microsoft": "Microsoft", "caldav": "Apple or CalDAV"}
    text = calendar_words.CONNECT_BROKEN.format(service=names[grant.provider.value])
    action = Action("connect:start", "Connect again", Style.PRIMARY)
    return Outgoing(text, Card(actions=(action,)))


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
    NoticeKind.PROPOSAL: _proposal,
    NoticeKind.BOOKED: _booked,
    NoticeKind.MOVED: _moved,
    NoticeKind.CANCELLED: _cancelled,
    NoticeKind.RSVP: _rsvp,
    NoticeKind.WELCOME: _welcome,
    NoticeKind.PAIRED: _paired,
    NoticeKind.UNPAIRED: _unpaired,
    NoticeKind.NUDGE_CONNECT: _nudge_connect,
    NoticeKind.NUDGE_ANSWER: _nudge_answer,
    NoticeKind.NUDGE_BOOK: _nudge_book,
    NoticeKind.CONNECTED: connected,
    NoticeKind.CONNECT_FAILED: connect_failed,
    NoticeKind.IT_APPROVAL: it_approval,
    NoticeKind.LINK_BROKEN: _link_broken,
    NoticeKind.GIVEN_UP: _given_up,
    NoticeKind.MESSAGE: _person_says,
    NoticeKind.LEFT: _left,
    NoticeKind.ASK_LINK: _ask_link,
}
