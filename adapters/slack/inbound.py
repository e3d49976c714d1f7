"""From Slack's payloads to what the bot understands: the only place that reads them.

docs.slack.dev: reference/events, reference/interaction-payloads, interactivity/implementing-slash-
commands. A repetition is known by the id that Slack repeats with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from adapters.slack.blocks import LINK, OPENS
from adapters.slack.inputs import flat, values_of
from adapters.slack.packing import unpacked
from adapters.slack.values import action_of, entry, first, id_of, instant_of, key_of, stamp_of
from adapters.slack.wording import CALLED, first_mentioned, handed_in, words_of
from bot.message import Incoming, Place
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.card import Card

Json = dict[str, Any]

KIND = "slack"
ASK = "schedule a session"  # what the command and the shortcuts say without words of their own
SPOKEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})  # subtypes with words
CHANNELS = ("C", "G")  # begin the id of a conversation that others may read
ENVELOPES = frozenset({"app_rate_limited", "url_verification", "view_closed", "block_suggestion"})
_THING = re.compile(r"an? ", re.IGNORECASE)


class What(StrEnum):
    """What a payload is about."""

    SAID = "said"  # a text, a command, or a shortcut
    PRESSED = "pressed"  # a button
    OPENED = "opened"  # a button that holds a form
    SENT = "sent"  # a modal's form
    HOME = "home"  # somebody looks at their page
    PROMPTS = "prompts"  # somebody looks at the conversation
    CHANGED = "changed"  # a member's profile
    RENAMED = "renamed"  # the workspace
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Event:
    """One payload that means something.

    `trigger` opens a modal within three seconds; `view` is the modal in which a button was
    pressed; `opener` the button that opened the form sent. `member` is a profile that changed.
    `at` is when Slack says that it happened (epoch seconds), `said` the id of a message.
    """

    what: What
    workspace: str
    incoming: Incoming | None = None
    who: ChatIdentity | None = None
    conversation: str = ""
    trigger: str = ""
    view: str = ""
    opener: str = ""
    form: Card | None = None
    name: str = ""
    at: int = 0
    said: str = ""
    member: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """One that is passed over on purpose; `reason` is for the log."""

    reason: str


def read(body: Mapping[str, object]) -> Event | Ignored:
    """Return what a payload means; nothing that comes in makes it fail."""
    kind = flat(body.get("type"))
    if kind in ENVELOPES:
        return Ignored(kind)
    workspace = _workspace(body)
    if not workspace:
        return Ignored("no_workspace")
    if kind == "event_callback":
        return _event(body, workspace)
    if flat(body.get("command")):
        return _command(body, workspace)
    if kind in ("shortcut", "message_action"):
        return _shortcut(body, workspace)
    if kind == "block_actions":
        return _pressed(body, workspace)
    return _sent(body, workspace) if kind == "view_submission" else Ignored("type")


def metadata_of(incoming: Incoming) -> dict[str, str]:
    """Return what a modal has to bring back of the button that opened it."""
    place = incoming.place
    about = {
        "c": place.conversation,
        "t": place.thread,
        "r": incoming.ref,
        "o": incoming.action,
        "p": "" if incoming.private else "no",
    }
    return {key: value for key, value in about.items() if value}


# --- who and where ------------------------------------------------------------------------------


def _workspace(body: Mapping[str, object]) -> str:
    """Return the workspace whose installation this came by; in channels that workspaces share,
    `team_id` may be the other one.
    """
    ours = id_of(entry(first(body.get("authorizations")), "team_id"))
    return ours or id_of(entry(body.get("team"), "id")) or id_of(body.get("team_id"))


def _pressing(body: Mapping[str, object], workspace: str) -> ChatIdentity | Ignored:
    """Return who acted by a payload of a button, form or shortcut; strangers may not."""
    user = body.get("user")
    who = id_of(entry(user, "id")) or id_of(body.get("user_id"))
    if not who:
        return Ignored("nobody")
    home = id_of(entry(user, "team_id"))
    grid = entry(body.get("team"), "enterprise_id") or body.get("enterprise")
    if home and home != workspace and not grid:  # in a grid people come from other workspaces
        return Ignored("stranger")
    return ChatIdentity(KIND, workspace, who)


def _us(body: Mapping[str, object]) -> str:
    """Return our own user id, as far as an event tells it."""
    found = first(body.get("authorizations"))
    return id_of(entry(found, "user_id")) if entry(found, "is_bot") is True else ""


# --- events -------------------------------------------------------------------------------------


def _event(body: Mapping[str, object], workspace: str) -> Event | Ignored:
    event = body.get("event")
    if not isinstance(event, dict):
        return Ignored("no_event")
    match flat(event.get("type")):
        case "message" | "app_mention":
            return _spoken(body, event, workspace)
        case "app_home_opened":
            return _looked(event, workspace)
        case "app_uninstalled":
            return Event(What.REMOVED, workspace, at=instant_of(body))
        case "tokens_revoked":
            ours = entry(event.get("tokens"), "bot")
            gone = Event(What.REMOVED, workspace, at=instant_of(body))
            return gone if ours else Ignored("others_token")
        case "user_change" | "team_rename" as changed:
            return _news(changed, event, workspace)
        case _:
            return Ignored("event")


def _spoken(body: Mapping[str, object], event: Json, workspace: str) -> Event | Ignored:
    mention = event.get("type") == "app_mention"
    us = _us(body) or (first_mentioned(event.get("text")) if mention else "")
    reason = _not_for_us(body, event, us)
    if reason:
        return Ignored(reason)
    text = handed_in(event.get("files"), words_of(event.get("text"), us)) or CALLED * mention
    user, place = id_of(event.get("user")), _place(event, workspace, threads=mention)
    if not (text and user and place):
        return Ignored("empty")
    who = ChatIdentity(KIND, workspace, user)
    return Event(
        What.SAID,
        workspace,
        Incoming(who, place, text, event_id=key_of(body.get("event_id")), private=not mention),
        said=stamp_of(event.get("ts")),
    )


def _not_for_us(body: Mapping[str, object], event: Json, us: str) -> str:
    """Return why a message is nothing to answer, empty when it is."""
    if event.get("hidden") or flat(event.get("subtype")) not in SPOKEN:
        return "subtype"
    user = id_of(event.get("user"))
    if event.get("bot_id") or event.get("bot_profile") or (us and user == us):
        return "bot"
    if event.get("type") == "message" and flat(event.get("channel_type")) != "im":
        return "not_direct"
    workspace = _workspace(body)
    home = id_of(event.get("user_team")) or id_of(event.get("team"))
    abroad = home and home != workspace
    shared = body.get("is_ext_shared_channel") is True
    # Who mentions us in a channel that workspaces share is answered as the directory knows them.
    mention = event.get("type") == "app_mention"
    if abroad and not mention and (shared or not body.get("enterprise_id")):
        return "stranger"
    return ""


def _place(event: Json, workspace: str, *, threads: bool) -> Place | None:
    """Return where something was said: in a channel each message begins a thread.

    In the private conversation none begins: Slack counts each message there as a new one, but
    people answer a question by writing below it, and that has to stay one conversation. Whoever
    answers in a thread is answered there.
    """
    channel = id_of(event.get("channel"))
    thread = stamp_of(event.get("thread_ts"))
    if not thread and threads:
        thread = stamp_of(event.get("ts"))
    return Place(KIND, workspace, channel, thread) if channel else None


def _looked(event: Json, workspace: str) -> Event | Ignored:
    user, channel = id_of(event.get("user")), id_of(event.get("channel"))
    if not user:
        return Ignored("nobody")
    what = What.PROMPTS if event.get("tab") == "messages" else What.HOME
    who = ChatIdentity(KIND, workspace, user)
    return Event(what, workspace, who=who, conversation=channel)


def _news(changed: str, event: Json, workspace: str) -> Event | Ignored:
    if changed == "team_rename":
        name = words_of(event.get("name"))[:200]
        return Event(What.RENAMED, workspace, name=name) if name else Ignored("empty")
    member = event.get("user")
    user = id_of(entry(member, "id"))
    if not user or not isinstance(member, dict):
        return Ignored("nobody")
    who = ChatIdentity(KIND, workspace, user)
    return Event(What.CHANGED, workspace, who=who, member=member)


# --- commands and shortcuts ---------------------------------------------------------------------


def _command(body: Mapping[str, object], workspace: str) -> Event | Ignored:
    """The answer goes to the private conversation: we may be no member of the channel.

    "/schedule a session" is a sentence with its verb in the command.
    """
    said = words_of(body.get("text")) or ASK
    return _asked(body, workspace, f"schedule {said}" if _THING.match(said) else said)


def _shortcut(body: Mapping[str, object], workspace: str) -> Event | Ignored:
    """A shortcut on a message means whoever wrote that."""
    message = body.get("message")
    author = "" if entry(message, "bot_id") else id_of(entry(message, "user"))
    own = author == id_of(entry(body.get("user"), "id"))
    return _asked(body, workspace, f"{ASK} with <@{author}>" if author and not own else ASK)


def _asked(body: Mapping[str, object], workspace: str, text: str) -> Event | Ignored:
    who = _pressing(body, workspace)
    if isinstance(who, Ignored):
        return who
    trigger = key_of(body.get("trigger_id"))
    incoming = Incoming(who, _direct(who), text, event_id=trigger)
    return Event(What.SAID, workspace, incoming, trigger=trigger)


def _direct(who: ChatIdentity) -> Place:
    """Return somebody's private conversation, named by them until its own id is known."""
    return Place(KIND, who.workspace, who.user)


# --- buttons and forms --------------------------------------------------------------------------


def _pressed(body: Mapping[str, object], workspace: str) -> Event | Ignored:
    who = _pressing(body, workspace)
    if isinstance(who, Ignored):
        return who
    action = first(body.get("actions"))
    pressed = action_of(entry(action, "action_id"))
    if entry(action, "type") != "button" or not pressed:
        return Ignored("no_button")
    if pressed.startswith(LINK):
        return Ignored("link")
    incoming = _from_button(body, who, pressed)
    view = key_of(entry(body.get("view"), "id")) if _in_modal(body) else ""
    trigger = key_of(body.get("trigger_id"))
    if pressed != OPENS:
        return Event(What.PRESSED, workspace, incoming, trigger=trigger, view=view)
    form = unpacked(flat(entry(action, "value")))
    if form is None:
        return Ignored("foreign_button")
    return Event(What.OPENED, workspace, incoming, trigger=trigger, form=form)


def _in_modal(body: Mapping[str, object]) -> bool:
    return entry(body.get("view"), "type") == "modal"


def _from_button(body: Mapping[str, object], who: ChatIdentity, pressed: str) -> Incoming:
    """Return a press: in a message there, in a modal where that was opened, else privately."""
    container = body.get("container")
    action_ts = key_of(entry(first(body.get("actions")), "action_ts"))
    stamp = key_of(entry(container, "message_ts")) or key_of(entry(container, "view_id"))
    event_id = f"{stamp}|{action_ts}|{who.user}" if action_ts else ""
    view = body.get("view")
    if isinstance(view, dict):
        return _with_metadata(view, who, pressed, event_id)
    channel = id_of(entry(container, "channel_id")) or id_of(entry(body.get("channel"), "id"))
    place = Place(KIND, who.workspace, channel, stamp_of(entry(container, "thread_ts")))
    ephemeral = entry(container, "is_ephemeral") is True  # such a message is never edited
    return Incoming(
        who,
        place if channel else _direct(who),
        action=pressed,
        values=values_of(body.get("state")),
        event_id=event_id,
        private=not channel or channel.startswith("D"),
        ref="" if ephemeral else stamp_of(entry(container, "message_ts")),
    )


def _sent(body: Mapping[str, object], workspace: str) -> Event | Ignored:
    who = _pressing(body, workspace)
    if isinstance(who, Ignored):
        return who
    view = body.get("view")
    action = action_of(entry(view, "callback_id"))
    if not isinstance(view, dict) or not action:
        return Ignored("foreign_form")
    event_id = f"{key_of(view.get('id'))}|{key_of(view.get('hash'))}|{who.user}"
    incoming = _with_metadata(view, who, action, event_id)
    opener = action_of(_metadata(view).get("o"))
    return Event(What.SENT, workspace, incoming, opener=opener)


def _with_metadata(view: Json, who: ChatIdentity, action: str, event_id: str) -> Incoming:
    """Return what was done in a view, at the place where that was opened."""
    about = _metadata(view)
    channel, thread = id_of(about.get("c")), stamp_of(about.get("t"))
    return Incoming(
        who,
        Place(KIND, who.workspace, channel, thread) if channel else _direct(who),
        action=action,
        values=values_of(view.get("state")),
        event_id=event_id,
        # What a form of an older version does not say is never taken for private in a channel.
        private=about.get("p") != "no" and not channel.startswith(CHANNELS),
        ref=stamp_of(about.get("r")),
    )


def _metadata(view: Json) -> Mapping[str, object]:
    try:
        found = json.loads(flat(view.get("private_metadata"))[:3000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# --- shapes -------------------------------------------------------------------------------------
