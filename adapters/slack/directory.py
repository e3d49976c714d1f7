"""Who is who in Slack, by users.info; remembered for a day, until Slack tells of a change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.slack.inputs import flat
from bot.channel import ChatPerson, Standing
from bot.message import readable
from core.errors import RemoteMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.slack.wire import Wire
    from core.people import ChatIdentity
    from core.ports import Clock

LIFE = 24 * 3600  # seconds
MOST = 20_000  # people remembered
SLACKBOT = "USLACKBOT"
_MAIL = re.compile(r"[^@\s<>\"#]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
PICTURES = ("image_192", "image_72", "image_48")


class SlackDirectory:
    """The port `Directory`."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        """Ask by `wire`."""
        self._wire, self._clock = wire, clock
        self._known: dict[ChatIdentity, tuple[int, ChatPerson]] = {}

    async def get(self, identity: ChatIdentity) -> ChatPerson | None:
        """Return what Slack knows; None for nobody. Raises ProviderError leaves."""
        kept = self._known.get(identity)
        if kept is not None and self._clock.now() - kept[0] < LIFE:
            return kept[1]
        try:
            answer = await self._wire.ask(
                identity.workspace, "users.info", user=identity.user, include_locale="true"
            )
        except RemoteMissing:
            return None
        found = answer.get("user")
        if not isinstance(found, dict):
            return None
        person = person_of(identity, found)
        self._remember(person)
        return person

    def forget(self, identity: ChatIdentity) -> None:
        """Ask again about somebody the next time."""
        self._known.pop(identity, None)

    def _remember(self, person: ChatPerson) -> None:
        if len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))
        self._known[person.identity] = (self._clock.now(), person)


def person_of(identity: ChatIdentity, member: Mapping[str, object]) -> ChatPerson:
    """Return a member object of Slack as the bot knows people."""
    profile = member.get("profile")
    about: Mapping[str, object] = profile if isinstance(profile, dict) else {}
    standing = _standing(identity, member)
    confirmed = member.get("is_email_confirmed") is not False
    names = (about.get("real_name"), member.get("real_name"), about.get("display_name"))
    pictures = (flat(about.get(size)) for size in PICTURES)
    return ChatPerson(
        identity=identity,
        name=next((found for found in map(_line, (*names, member.get("name"))) if found), ""),
        email=_matching(_MAIL, about.get("email")) if confirmed else "",
        zone=_matching(_ZONE, member.get("tz")),
        locale=_matching(_LOCALE, member.get("locale")),
        picture=next((url for url in pictures if url.startswith("https://")), ""),
        standing=standing,
    )


def _standing(identity: ChatIdentity, member: Mapping[str, object]) -> Standing:
    if member.get("deleted") is True:
        return Standing.GONE
    if member.get("is_bot") is True or identity.user == SLACKBOT:
        return Standing.BOT
    if member.get("is_stranger") is True or not _belongs(identity, member):
        return Standing.STRANGER
    if member.get("is_restricted") is True or member.get("is_ultra_restricted") is True:
        return Standing.GUEST
    return Standing.MEMBER


def _belongs(identity: ChatIdentity, member: Mapping[str, object]) -> bool:
    """Tell whether somebody is of the workspace; in a grid they may be of several."""
    team = flat(member.get("team_id"))
    grid = member.get("enterprise_user")
    teams = grid.get("teams") if isinstance(grid, dict) else None
    return not team or team == identity.workspace or identity.workspace in (teams or ())


def _line(name: object) -> str:
    """Return a name on one line; signs that nobody sees would turn round or hide what is beside."""
    return " ".join(readable(flat(name)).split())[:200]


def _matching(shape: re.Pattern[str], value: object) -> str:
    text = flat(value).strip()
    return text if shape.fullmatch(text) else ""
