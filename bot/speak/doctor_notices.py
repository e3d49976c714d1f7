"""Notices about broken calendars, and the line that asks for one where it is required (X5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style
from bot.message import Outgoing
from bot.speak import calendar_words
from bot.speak import doctor_words as own
from bot.speak.calendar_views import SERVICES, shown_account
from core.attendance import load_policy
from core.connecting import allowed_services, policies_of
from core.errors import Refused
from core.ids import GrantId, LinkId, MeetingId, PersonId, ProposalId
from core.keeping import Cause, troubles
from core.links import LinkState, Provider
from core.policy import Confirm, Connect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from core.ids import ProgrammeId
    from core.people import Person
    from core.ports import Tx

    View = Callable[[Tx, Person, Mapping[str, str]], Outgoing | None]


# --- broken calendars ---------------------------------------------------------------------------


def link_broken(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say what is amiss with an account or one calendar in it; None once it is mended.

    It is always a new message: a card that changes far above would be missed.
    """
    if "left" in facts:
        provider = Provider(facts["left"])
        where = own.WHERE[provider]
        return Outgoing(own.LEFT_OPEN.format(service=SERVICES[provider], where=where))
    grant = tx.links.grant(GrantId(facts["grant"]))
    said = {"service": SERVICES[grant.provider], "account": shown_account(grant.account)}
    again = Action(f"connect:service:{grant.provider}", "Connect again", Style.PRIMARY)
    amiss = troubles(grant.why_broken)
    subject = f"grant:{grant.id}"
    actions: tuple[Action, ...] = (again,)
    if "link" in facts:
        if all(trouble.link_id != facts["link"] for trouble in amiss):
            return None
        link = tx.links.get(LinkId(facts["link"]))
        text, subject = own.MISSING.format(name=link.name, **said), f"link:{link.id}"
        actions = (Action(f"connect:again:{grant.id}", "Choose calendars", Style.PRIMARY),)
    elif grant.state is not LinkState.BROKEN:
        return None
    elif any(trouble.cause is Cause.CONSENT for trouble in amiss):
        text = own.BROKEN_CONSENT.format(**said)
        letter = Action(f"connect:letter:{grant.provider}", own.TEXT_FOR_IT, Style.PRIMARY)
        actions = (letter, replace(again, style=Style.DEFAULT))
    else:
        text = own.BROKEN.format(**said)
    return Outgoing(text, Card("", (Note(own.WEEKLY),), (), actions), subject, own.NEWER)


def nudge_connect(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask somebody to connect, or to connect again; None for who has done so."""
    by = tx.people.get(PersonId(facts["by"])).name if facts.get("by") else ""
    grants = tx.links.grants_of([me.id]).values()
    amiss = [grant for grant in grants if grant.state is LinkState.BROKEN or grant.why_broken]
    if amiss:
        shown = link_broken(tx, me, _facts_of(amiss[0].id, amiss[0].why_broken))
        text = own.NUDGE_AGAIN.format(by=by) if by else own.NUDGE_AGAIN_PLAIN
        return Outgoing(text, Card(actions=shown.card.actions)) if shown and shown.card else None
    if tx.links.of([me.id])[me.id]:
        return None
    text = calendar_words.NUDGE_CONNECT_PLAIN
    if by:
        text = calendar_words.NUDGE_CONNECT.format(by=by)
    action = Action("connect:start", own.CONNECT, Style.PRIMARY)
    return Outgoing(text, Card(actions=(action,)))


def _facts_of(grant_id: GrantId, why: str) -> dict[str, str]:
    """Return the facts of the notice about what is amiss first."""
    link = next((trouble.link_id for trouble in troubles(why)), None)
    return {"grant": grant_id, **({"link": link} if link else {})}


# --- where a calendar is required ---------------------------------------------------------------


def wants_calendar(
    tx: Tx, me: Person, programme_id: ProgrammeId, spoken: Collection[Provider] = tuple(Provider)
) -> str:
    """Return the line that asks for a calendar, empty where none is required, the person has one,
    or none may be connected. `spoken` are the services of this installation.
    """
    programme = tx.programmes.get(programme_id)
    if load_policy(tx, programme).connect is not Connect.REQUIRED or tx.links.of([me.id])[me.id]:
        return ""
    try:
        services = allowed_services(policies_of(tx, me))
    except Refused:
        return ""
    if not any(service in spoken for service in services):
        return ""
    return own.REQUIRED_EACH.format(programme=programme.name)


def asking(view: View) -> View:
    """Return a view of a proposal or booking that asks for a calendar where one is required.

    A booking asks only where nobody was asked for a yes before it: the proposal has asked.
    """

    def seen(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
        message = view(tx, me, facts)
        programme_id = _programme(tx, me, facts) if message else None
        line = wants_calendar(tx, me, programme_id) if programme_id else ""
        if message is None or not line:
            return message
        card = message.card or Card()
        connect = Action("connect:start", own.CONNECT)
        known = any(action.id == connect.id for action in card.actions)
        actions = card.actions if known else (*card.actions, connect)
        card = replace(card, parts=(*card.parts, Note(line)), actions=actions)
        return replace(message, card=card)

    return seen


def _programme(tx: Tx, me: Person, facts: Mapping[str, str]) -> ProgrammeId | None:
    """Return the programme that a notice invites somebody into a session of."""
    if "proposal" in facts:
        item = tx.proposals.get(ProposalId(facts["proposal"]))
        invited = item.is_open and me.id in item.request.invitees and me.id not in item.answers
        return item.request.programme_id if invited else None
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    return meeting.programme_id if policy.confirm is Confirm.NONE else None
