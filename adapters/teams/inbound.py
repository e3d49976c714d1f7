"""From the activities of Teams to what the bot understands: the only place that reads them.

learn.microsoft.com/microsoftteams/platform, under bots/how-to/conversations:
subscribe-to-conversation-events; under task-modules-and-cards/cards: universal-actions-for-
adaptive-cards/work-with-universal-actions-for-adaptive-cards.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from adapters.teams.cards import REFRESH
from adapters.teams.config import is_id
from adapters.teams.inputs import flat, values_of
from adapters.teams.references import KIND
from bot.message import Incoming, Place, readable
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botbuilder.schema import Activity

CALLED = "hello"  # what our name alone says
MOST_TEXT = 20_000
MOST_NAME = 200
MOST_VERB = 255
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}")
_SPACES = re.compile(r"[^\S\n]+")


class What(StrEnum):
    """What an activity is about."""

    SAID = "said"  # a text
    PRESSED = "pressed"  # a button, answered by messages (Action.Submit)
    EXECUTED = "executed"  # a button, answered in place (Action.Execute)
    REFRESHED = "refreshed"  # a card asks for its newest state
    FETCHED = "fetched"  # a button that opens a dialog
    SENT = "sent"  # a dialog's form
    INSTALLED = "installed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What every activity shows of its sender and place. `account` is their id for this bot."""

    who: ChatIdentity
    account: str
    name: str
    place: Place
    private: bool
    service: str
    zone: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One activity that means something. `form` is the button that opened the form sent."""

    what: What
    facts: Facts
    incoming: Incoming | None = None
    subject: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One that is passed over on purpose; `reason` is for the log."""

    reason: str
    service: str = field(default="", repr=False)


class BadActivityError(ValueError):
    """It cannot come from Teams: something that every activity has is missing."""


def read(activity: Activity) -> Event | Ignored:
    """Return what an activity means. Raises BadActivityError."""
    kind = str(activity.type or "")
    if kind not in ("message", "invoke", "installationUpdate", "conversationUpdate"):
        return Ignored("type")
    if _is_bot(activity.from_property):
        return Ignored("bot")
    facts = _facts(activity)
    if facts is None:
        return Ignored("nobody")
    if kind == "message":
        return _message(activity, facts)
    if kind == "invoke":
        return _invoke(activity, facts)
    if kind == "installationUpdate":
        return _installation(activity, facts)
    return _conversation(activity, facts)


def tenant_of(activity: Activity) -> str:
    """Return the tenant in whose Teams this happened. Raises BadActivityError."""
    named = {
        flat(tenant)
        for tenant in (
            _get(_get(activity.channel_data, "tenant"), "id"),
            # The SDK looks for "tenantID", which Teams does not write.
            _get(getattr(activity.conversation, "additional_properties", None), "tenantId"),
        )
        if tenant
    }
    if len(named) != 1 or not is_id(next(iter(named))):
        raise BadActivityError("tenant")
    return named.pop()


# --- who and where ----------------------------------------------------------------------------


def _is_bot(account: Any) -> bool:
    """Tell whether an account is a bot: our own messages, or another's."""
    name = flat(getattr(account, "id", None))
    return name.startswith("28:") or flat(getattr(account, "role", None)) in ("bot", "skill")


def _facts(activity: Activity) -> Facts | None:
    """Return sender and place; None for somebody without an account (a guest of a meeting)."""
    tenant = tenant_of(activity)
    raw = flat(getattr(activity.conversation, "id", None))
    conversation, _, thread = raw.partition(";messageid=")
    if not conversation or len(raw) > 400:
        raise BadActivityError("conversation")
    kind = flat(activity.conversation.conversation_type)
    sender = activity.from_property
    user = flat(getattr(sender, "aad_object_id", None))
    if not is_id(user):
        return None
    if kind == "channel" and not thread and activity.type == "message":
        thread = flat(activity.id)  # a message that begins a thread
    return Facts(
        who=ChatIdentity(KIND, tenant, user),
        account=flat(sender.id),
        name=_line(flat(sender.name))[:MOST_NAME],
        place=Place(KIND, tenant, conversation, thread if kind == "channel" else ""),
        private=kind == "personal",
        service=flat(activity.service_url),
        zone=_zone(activity),
        locale=_locale(activity),
    )


def _zone(activity: Activity) -> str:
    """Return where the client says that the person is, as an IANA name."""
    told = flat(activity.local_timezone) or next(
        (flat(_get(e, "timezone")) for e in _entities(activity, "clientInfo")), ""
    )
    if not _ZONE.fullmatch(told):
        return ""
    try:
        return ZoneInfo(told).key
    except (KeyError, OSError, ValueError):
        return ""


def _locale(activity: Activity) -> str:
    told = flat(activity.locale)
    return told if _LOCALE.fullmatch(told) else ""


# --- messages ---------------------------------------------------------------------------------


def _message(activity: Activity, facts: Facts) -> Event | Ignored:
    value = activity.value
    if isinstance(value, dict) and not flat(activity.text).strip():
        return _acted(What.PRESSED, activity, facts, flat(value.get("verb")), value)
    text = _text(activity)
    if not facts.private and not _is_called(activity):
        return Ignored("not_mentioned")
    if not facts.private:
        text = text or CALLED
    if not text:
        return Ignored("empty")
    return Event(What.SAID, facts, _incoming(activity, facts, text=text[:MOST_TEXT]))


def _is_called(activity: Activity) -> bool:
    return any(True for _ in _mentions(activity, of_us=True))


def _text(activity: Activity) -> str:
    """Return what was said: without our own name, other people's as plain words.

    Tags are looked for once in what was written, never in names that took the place of others.
    """
    names = {tag: name[:MOST_NAME] for tag, name in _mentions(activity, of_us=False)}
    names |= {tag: " " for tag, _ in _mentions(activity, of_us=True)}
    text = flat(activity.text)[: 4 * MOST_TEXT]
    if names:
        longest_first = sorted(names, key=len, reverse=True)
        tags = re.compile("|".join(map(re.escape, longest_first)))
        text = tags.sub(lambda found: names[found[0]], text)[: 4 * MOST_TEXT]
    lines = _SPACES.sub(" ", readable(html.unescape(text))).splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _mentions(activity: Activity, *, of_us: bool) -> Iterator[tuple[str, str]]:
    """Give the tag that stands in the text and the name of those who are mentioned."""
    us = flat(getattr(activity.recipient, "id", None))
    for entity in _entities(activity, "mention"):
        mentioned = _get(entity, "mentioned")
        tag, name = flat(_get(entity, "text")), flat(_get(mentioned, "name"))
        if (flat(_get(mentioned, "id")) == us) is of_us and tag and us:
            yield tag, name


def _entities(activity: Activity, kind: str) -> Iterator[Mapping[str, object]]:
    for entity in (activity.entities or [])[:100]:
        if flat(getattr(entity, "type", None)).lower() == kind.lower():
            yield getattr(entity, "additional_properties", None) or {}


# --- buttons and forms ------------------------------------------------------------------------


def _invoke(activity: Activity, facts: Facts) -> Event | Ignored:
    name, value = flat(activity.name), activity.value
    if not isinstance(value, dict):
        raise BadActivityError("value")
    if name == "adaptiveCard/action":
        action = value.get("action")
        if not isinstance(action, dict):
            raise BadActivityError("action")
        data, verb = action.get("data"), flat(action.get("verb"))
        asks = value.get("trigger") == "automatic" or verb == REFRESH
        what = What.REFRESHED if asks else What.EXECUTED
        return _acted(what, activity, facts, verb, data if isinstance(data, dict) else {})
    if name in ("task/fetch", "task/submit"):
        data = value.get("data")
        kept = data if isinstance(data, dict) else {}
        what = What.FETCHED if name == "task/fetch" else What.SENT
        return _acted(what, activity, facts, flat(kept.get("verb")), kept)
    return Ignored("invoke")


def _acted(
    what: What, activity: Activity, facts: Facts, verb: str, data: Mapping[str, object]
) -> Event | Ignored:
    """Return what a button means; one that is none of ours is passed over."""
    if not verb or len(verb) > MOST_VERB or not verb.isprintable():
        return Ignored("foreign_button")
    incoming = _incoming(activity, facts, action=verb, values=values_of(data))
    subject, form = flat(data.get("_subject")), flat(data.get("_form"))
    return Event(what, facts, incoming, subject[:MOST_VERB], form[:MOST_VERB])


def _incoming(
    activity: Activity,
    facts: Facts,
    *,
    text: str = "",
    action: str = "",
    values: Mapping[str, str] | None = None,
) -> Incoming:
    """Return the neutral form; ids of activities are unique within their conversation only."""
    event = flat(activity.id)[:200]
    return Incoming(
        who=facts.who,
        place=facts.place,
        text=text,
        action=action,
        values=values or {},
        event_id=f"{facts.place.conversation}|{event}" if event else "",
        private=facts.private,
        zone=facts.zone,
        ref=flat(activity.reply_to_id)[:200] if action else "",
    )


# --- coming and going -------------------------------------------------------------------------


def _installation(activity: Activity, facts: Facts) -> Event | Ignored:
    """`remove-upgrade` is followed by `add-upgrade`: nothing has ended by it."""
    action = flat(activity.action)
    if action in ("add", "add-upgrade"):
        return Event(What.INSTALLED, facts)
    return Event(What.REMOVED, facts) if action == "remove" else Ignored("installation")


def _conversation(activity: Activity, facts: Facts) -> Event | Ignored:
    """Of who comes and goes only the assistant itself matters: the roster is asked when needed."""
    us = flat(getattr(activity.recipient, "id", None))
    if us and us in _ids(activity.members_added):
        return Event(What.INSTALLED, facts)
    if us and us in _ids(activity.members_removed):
        return Event(What.REMOVED, facts)
    return Ignored("others")


def _ids(accounts: Any) -> set[str]:
    return {flat(getattr(account, "id", None)) for account in accounts or ()}


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _line(text: str) -> str:
    """Return a name on one line, without control characters."""
    return " ".join(readable(text).split())
