"""What happens with each thing that came in: kept first, then answered as Teams wants it.

Everything here is quick, because Teams shows an error after a few seconds: answers in place come
from our own state, and what takes longer arrives as a message or an edited card.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from adapters.teams.cards import CARD_TYPE, Rendering, card_of, no_dialog, with_problems
from adapters.teams.inbound import Event, Facts, What
from adapters.teams.references import KIND, AddressBook, Contact, Spot
from adapters.teams.wire import Answer
from bot.channel import ChatPerson, Standing
from bot.message import Incoming, Outgoing
from core.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adapters.teams.cards import Json
    from bot.card import Card
    from bot.channel import Directory, Reception

MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
ASK = 4.0  # seconds that an installation waits for the roster
GREETING = "hello"  # what an installation says for the person
WORKING = "One moment, please."
SENT = "Sent. The answer comes as a message."
NOTHING = "There is nothing more to say about this here."

log = structlog.get_logger(__name__)


class Turns:
    """Leads events to the bot's reception."""

    def __init__(
        self,
        reception: Reception,
        book: AddressBook,
        directory: Directory,
        opens: Callable[[str], bool] = no_dialog,
    ) -> None:
        """Hand over to `reception`; `opens` as in the channel."""
        self._reception, self._book, self._directory = reception, book, directory
        self._opens = opens

    async def answer(self, event: Event) -> Answer | None:
        """Carry out what an event asks for; return the answer of an invoke."""
        if event.incoming is None:
            await self._presence(event)
            return None
        await self._note(event.facts)
        match event.what:
            case What.EXECUTED:
                return await self._execute(event, event.incoming)
            case What.REFRESHED:
                return await self._refresh(event)
            case What.FETCHED:
                return await self._fetch(event, event.incoming)
            case What.SENT:
                return await self._sent(event, event.incoming)
            case _:
                await self._reception.receive(event.incoming)
                return None

    # --- buttons --------------------------------------------------------------------------------

    async def _execute(self, event: Event, incoming: Incoming) -> Answer:
        """Answer a button in the place of its card: a form, the card as it stands, or a word."""
        if event.form:
            again = await self._again(event, incoming)
            if again is not None:
                return self._card(event, Outgoing("", again), form=event.form)
        else:
            form = await self._reception.form(incoming)
            if form is not None:
                return self._card(event, Outgoing("", form), form=incoming.action)
        new = await self._reception.receive(incoming)
        if event.form:
            # The form has to go, with what was entered in it; what replaces it stays there.
            return self._card(event, await self._view(event) or Outgoing(SENT))
        view = None if new else await self._view(event)
        return self._card(event, view) if view else _said(WORKING)

    async def _refresh(self, event: Event) -> Answer:
        view = await self._view(event)
        return self._card(event, view) if view else _said(NOTHING)

    async def _fetch(self, event: Event, incoming: Incoming) -> Answer:
        """Open a dialog; a button that has none is taken as an ordinary one."""
        form = await self._reception.form(incoming)
        if form is not None:
            return _dialog(form, event.subject, incoming.action)
        await self._reception.receive(incoming)
        return Answer(200, {"task": {"type": "message", "value": WORKING}})

    async def _sent(self, event: Event, incoming: Incoming) -> Answer:
        """Take a dialog's form, or show it again with what is wrong; an empty answer closes it."""
        again = await self._again(event, incoming)
        if again is not None:
            return _dialog(again, event.subject, event.form)
        await self._reception.receive(incoming)
        return Answer(200)

    async def _again(self, event: Event, incoming: Incoming) -> Card | None:
        """Return a form with its problems, None when there are none."""
        problems = await self._reception.problems(incoming)
        if not problems:
            return None
        opening = replace(incoming, action=event.form or incoming.action, values={})
        form = await self._reception.form(opening)
        return with_problems(form, problems, incoming.values) if form else None

    async def _view(self, event: Event) -> Outgoing | None:
        if not event.subject:
            return None
        return await self._reception.view(event.facts.who, event.subject)

    def _card(self, event: Event, shown: Outgoing, form: str = "") -> Answer:
        """Return a card for this reader alone; it stands until their card is replaced."""
        facts = event.facts
        # In a conversation that others read, nothing refreshes itself into their view.
        readers = (facts.account,) if facts.private and facts.account else ()
        about = replace(shown, subject=shown.subject or event.subject)
        tenant = facts.who.workspace
        how = Rendering(readers=readers, form=form, opens=self._opens, tenant=tenant)
        card = card_of(about, how)
        return Answer(200, {"statusCode": 200, "type": CARD_TYPE, "value": card})

    # --- people and places ----------------------------------------------------------------------

    async def _presence(self, event: Event) -> None:
        facts = event.facts
        if event.what is What.INSTALLED:
            old = await self._note(facts)
            person = await self._person(facts)
            await self._reception.installed(KIND, facts.who.workspace, _name(person), person)
            if facts.private:
                await self._reception.changed(person)
                await self._greet(facts, old)
        elif facts.private:
            await self._leave(facts)
        else:
            await self._book.forget_place(facts.who.workspace, facts.place.conversation)

    async def _greet(self, facts: Facts, old: Contact | None) -> None:
        """Let somebody be greeted who installed the assistant: whoever talked to it before, or
        had removed it, knows it. Teams tells of one installation by two activities.
        """
        if old is not None and (old.conversation or old.gone):
            return
        event = f"{facts.place.conversation}|{GREETING}"
        await self._reception.receive(Incoming(facts.who, facts.place, GREETING, event_id=event))

    async def _leave(self, facts: Facts) -> None:
        """One person has removed the assistant: nothing reaches them here any more."""
        tenant, user = facts.who.workspace, facts.who.user
        known = await self._book.contact(tenant, user) or Contact()
        await self._book.save(tenant, users={user: replace(known, conversation="", gone=True)})
        await self._book.forget_place(tenant, facts.place.conversation)
        name = facts.name or known.name
        await self._reception.changed(ChatPerson(facts.who, name, standing=Standing.GONE))

    async def _note(self, facts: Facts) -> Contact | None:
        """Keep the addresses that an activity shows, and tell what is new about its sender.

        Return what was known of them before.
        """
        tenant, user = facts.who.workspace, facts.who.user
        known = await self._book.met(tenant, user, facts.place.conversation)
        old, new = known.contact, _met(known.contact or Contact(), facts)
        spot = Spot(facts.service, facts.account if facts.private else "")
        if (old, known.spot, known.service) != (new, spot, facts.service):
            await self._book.save(
                tenant,
                users={user: new},
                places={facts.place.conversation: spot},
                service=facts.service,
            )
        if old is not None and _said_of(old) != _said_of(new):
            await self._reception.changed(
                ChatPerson(facts.who, new.name, zone=new.zone, locale=new.locale)
            )
        return old

    async def _person(self, facts: Facts) -> ChatPerson:
        """Return who installed the assistant, as far as the roster says so in time."""
        found = None
        try:
            async with asyncio.timeout(ASK):
                found = await self._directory.get(facts.who)
        except (ProviderError, TimeoutError) as error:
            log.info("teams_roster_unread", error=type(error).__name__)
        return found or ChatPerson(facts.who, facts.name, zone=facts.zone, locale=facts.locale)


def _met(old: Contact, facts: Facts) -> Contact:
    """Return what is known of somebody after an activity of theirs."""
    here = facts.place.conversation
    return Contact(
        account=facts.account or old.account,
        conversation=here if facts.private else old.conversation,
        seen=old.seen if facts.private else here,
        name=facts.name or old.name,
        zone=facts.zone or old.zone,
        locale=facts.locale or old.locale,
        gone=old.gone and not facts.private,
    )


def _said_of(contact: Contact) -> tuple[str, str, str, bool]:
    return contact.name, contact.zone, contact.locale, contact.gone


def _name(person: ChatPerson) -> str:
    """Return what a tenant is called: Teams tells its id only, a member's address its domain."""
    if person.standing is Standing.MEMBER and person.email:
        return person.email.rpartition("@")[2]
    return person.identity.workspace


def _said(text: str) -> Answer:
    return Answer(200, {"statusCode": 200, "type": MESSAGE_TYPE, "value": text})


def _dialog(form: Card, subject: str, opener: str) -> Answer:
    """Return a dialog with a form (task/fetch and task/submit, "invoke response")."""
    card = card_of(Outgoing("", form, subject), Rendering(dialog=True, form=opener))
    value: Mapping[str, object] = {
        "title": form.title[:100] or "Tandem",
        "height": "medium",
        "width": "medium",
        "card": {"contentType": CARD_TYPE, "content": card},
    }
    body: Json = {"task": {"type": "continue", "value": value}}
    return Answer(200, body)
