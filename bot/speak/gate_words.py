"""What somebody hears who wants to connect a calendar while a gate is shut (X8, X13, A46).

The gates are named by `core.connecting.allowed_services`; each has its own sentence, so that
people can say which one it was when they ask.
"""

from __future__ import annotations

SHUT = {
    "approved": (
        "Your company has not enabled calendar sync. Your Admin, Sponsor or Support can tell you "
        "more{contact}. Scheduling by hand still works."
    ),
    "assistant": (
        "The Scheduling Assistant is switched off in your programme: I read no calendars there, so "
        "none can be connected. Your Admin, Sponsor or Support can tell you more{contact}. "
        "Scheduling by hand still works."
    ),
    "connecting": (
        "Your administrator has switched connecting off for now, so nobody in your programme can "
        "add a calendar. What is connected already stays. Your Admin, Sponsor or Support can tell "
        "you more{contact}. Scheduling by hand still works."
    ),
}
SERVICES_NONE = "No calendar service is open for connections in your programme{contact}."


NOT_ALLOWED = "Your programme does not allow {service} calendars."
INSTEAD = "{not_allowed} You can connect {others}."


def not_allowed(service: str, others: str) -> str:
    """Return that a service may not be connected (any more); `others` is "" or what may be."""
    said = NOT_ALLOWED.format(service=service)
    return INSTEAD.format(not_allowed=said, others=others) if others else said


def shut(gate: str, contact: str) -> str:
    """Return what to say about a shut gate; `contact` is "" or whom to ask, as ": Ann, …".

    A gate of another name (no service is left, or one that is not allowed) is said as that.
    """
    return SHUT.get(gate, SERVICES_NONE).format(contact=contact)
