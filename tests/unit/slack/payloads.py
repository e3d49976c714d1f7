"""Payloads as Slack writes them, for the workspace T1, in which we are U0BOT."""

from typing import Any

Json = dict[str, Any]

US = "U0BOT"


def event(inner: Json, *, event_id: str = "Ev1", **more: object) -> Json:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": event_id,
        "event_time": 1700000000,
        "authorizations": [{"team_id": "T1", "user_id": US, "is_bot": True}],
        "event": inner,
        **more,
    }


def direct(text: str = "book with Alex", *, event_id: str = "Ev1", **more: object) -> Json:
    message = {"type": "message", "channel_type": "im", "user": "U1", "team": "T1"}
    stamps = {"channel": "D1", "ts": "1700000000.000100", "text": text}
    return event({**message, **stamps, **more}, event_id=event_id)


def mention(text: str = f"<@{US}> book with <@U2>", **more: object) -> Json:
    message = {"type": "app_mention", "user": "U1", "team": "T1", "channel": "C1"}
    return event({**message, "ts": "1700000000.000200", "text": text, **more})


def pressed(action: str = "accept:1", *, kind: str = "button", **more: object) -> Json:
    """A button in a message of the private conversation."""
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "t"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.abc",
        "container": {"type": "message", "message_ts": "1700000000.000300", "channel_id": "D1"},
        "channel": {"id": "D1", "name": "directmessage"},
        "actions": [{"type": kind, "action_id": action, "action_ts": "1700000009.1"}],
        **more,
    }


def submitted(action: str = "prefs:save", metadata: str = "", **values: str) -> Json:
    state = {f"in|{name}": {"entry": {"value": value}} for name, value in values.items()}
    return {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.def",
        "view": {
            "id": "V1",
            "type": "modal",
            "hash": "1.x",
            "callback_id": action,
            "private_metadata": metadata,
            "state": {"values": state},
        },
    }


def command(text: str = "with Alex", **more: str) -> Json:
    return {
        "command": "/schedule",
        "text": text,
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C9",
        "trigger_id": "1.2.ghi",
        **more,
    }
