"""People named by a chat's own mention ("<@U123>"): whom the speaker means, and their name.

Somebody may be mentioned who never wrote to us in that chat; their chat says what address they
have. They become nobody's identity by that: only the sentence is read with it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.channel import Standing
from core import presence
from core.errors import ProviderError
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.channel import ChatPerson, Directory
    from bot.message import Incoming
    from core.people import Person
    from core.ports import Ports, Tx

MOST = 10  # people of one sentence that are looked up
MOST_LABEL = 30
_MENTION = re.compile(r"<@([A-Za-z0-9]{2,40})>")
_LABELLED = re.compile(r"<@[^<>|\s]+\|([^<>|\s]+)>")
_ODD = re.compile(r"[\s<>@|]+")

log = structlog.get_logger(__name__)


class Mentions:
    """Finds out whom mentions mean."""

    def __init__(self, ports: Ports, directories: Mapping[str, Directory]) -> None:
        """Keep the ports, and who is who in each kind of chat."""
        self._ports = ports
        self._directories = directories

    async def resolved(self, incoming: Incoming, speaker: Person) -> Incoming:
        """Return what came in with each mention as "<@person id|first name>" for somebody of the
        organisation; for anybody else the chat's own id stays, which means nobody.
        """
        users = list(dict.fromkeys(_MENTION.findall(incoming.text)))[:MOST]
        if not users:
            return incoming
        kind, space = incoming.who.kind, incoming.who.workspace
        asked = [ChatIdentity(kind, space, user) for user in users]
        known = await self._ports.store.read(lambda tx: _known(tx, asked, speaker))
        told = await self._told(i for i in asked if i.user not in known)
        found = known | await self._ports.store.read(lambda tx: _by_address(tx, told, speaker))
        names = {person.identity.user: person.name for person in told}

        def shown(mark: re.Match[str]) -> str:
            person = found.get(mark[1])
            called = _first(person.name if person else names.get(mark[1], ""))
            meant = person.id if person else mark[1]
            return f"<@{meant}|{called}>" if called else mark[0]

        return replace(incoming, text=_MENTION.sub(shown, incoming.text))

    async def _told(self, asked: Iterable[ChatIdentity]) -> list[ChatPerson]:
        """Return what the chat says of people; a sentence never fails because it says nothing."""
        found = await asyncio.gather(*(self._look_up(identity) for identity in asked))
        return [person for person in found if person is not None]

    async def _look_up(self, identity: ChatIdentity) -> ChatPerson | None:
        directory = self._directories.get(identity.kind)
        if directory is None:
            return None
        try:
            return await directory.get(identity)
        except ProviderError as error:
            log.info("mention_not_looked_up", error=type(error).__name__)
            return None


def _first(name: str) -> str:
    """Return a first name that can stand in a mention."""
    return next((word for word in _ODD.split(name) if word), "")[:MOST_LABEL]


def spoken(text: str) -> str:
    """Return a text with mentions as other people read them."""
    return _LABELLED.sub(r"@\1", text)


def _known(tx: Tx, asked: Iterable[ChatIdentity], speaker: Person) -> dict[str, Person]:
    found = {identity.user: presence.known(tx, identity) for identity in asked}
    return {user: p for user, p in found.items() if p and p.org_id == speaker.org_id}


def _by_address(tx: Tx, told: Iterable[ChatPerson], speaker: Person) -> dict[str, Person]:
    known = (
        (one.identity.user, tx.people.by_email(speaker.org_id, one.email))
        for one in told
        if one.email and one.standing in (Standing.MEMBER, Standing.GUEST)
    )
    return {user: person for user, person in known if person is not None}
