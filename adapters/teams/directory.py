"""Who is who in Teams, by the roster of a conversation that the person stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.teams.inputs import flat
from adapters.teams.wire import Target, Wire
from bot.channel import ChatPerson, Standing
from bot.message import readable
from core.errors import RemoteMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.teams.config import Endpoints
    from adapters.teams.references import AddressBook, Contact
    from core.people import ChatIdentity

_MAIL = re.compile(r"[^@\s<>\"#]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
EXTERNAL = "#EXT#"  # in the sign-in name of a guest


class TeamsDirectory:
    """The port `Directory`. Teams tells no zone: it is the one that the client last said."""

    def __init__(self, wire: Wire, book: AddressBook, endpoints: Endpoints) -> None:
        """Ask by `wire`, at the addresses in `book`."""
        self._wire, self._book, self._endpoints = wire, book, endpoints

    async def get(self, identity: ChatIdentity) -> ChatPerson | None:
        """Return what Teams knows; None for somebody who never was in a conversation with us.

        Raises ProviderError leaves.
        """
        contact = await self._book.contact(identity.workspace, identity.user)
        conversation = (contact.conversation or contact.seen) if contact else ""
        if contact is None or not conversation:
            return None
        if contact.gone:
            return _gone(identity, contact)
        spot = await self._book.spot(identity.workspace, conversation)
        service = spot.service if spot else await self._book.service(identity.workspace)
        target = Target(identity.workspace, service or self._endpoints.service, conversation)
        member = contact.account or identity.user
        try:
            found = await self._wire.member(target, conversation, member)
        except RemoteMissing:
            return _gone(identity, contact) if contact.conversation else None
        return person_of(identity, found, contact)


def person_of(
    identity: ChatIdentity, found: Mapping[str, object], contact: Contact
) -> ChatPerson:  # fmt: skip
    """Return a member of a roster as the bot knows people."""
    sign_in = flat(found.get("userPrincipalName"))
    email = _mail(flat(found.get("email"))) or _mail(sign_in)
    name = " ".join(readable(flat(found.get("name"))).split()) or contact.name
    return ChatPerson(
        identity=identity,
        name=name or email,
        email=email,
        zone=contact.zone,
        locale=contact.locale,
        standing=_standing(identity, found, sign_in),
    )


def _standing(identity: ChatIdentity, found: Mapping[str, object], sign_in: str) -> Standing:
    role = flat(found.get("userRole")).lower()
    if role in ("bot", "skill"):
        return Standing.BOT
    if role == "guest" or EXTERNAL in sign_in:
        return Standing.GUEST
    tenant = flat(found.get("tenantId"))
    if role == "anonymous" or (tenant and tenant.lower() != identity.workspace.lower()):
        return Standing.STRANGER
    return Standing.MEMBER


def _mail(text: str) -> str:
    """Return an address; a sign-in name is one only where it has the shape of it."""
    text = text.strip()
    return text if _MAIL.fullmatch(text) else ""


def _gone(identity: ChatIdentity, contact: Contact) -> ChatPerson:
    return ChatPerson(identity, contact.name, standing=Standing.GONE)
