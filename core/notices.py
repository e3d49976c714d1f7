"""What people must be told in chat: kinds with facts, no wording (the bot finds the words)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId


class NoticeKind(StrEnum):
    """Each kind has one sentence in `bot/speak/words.py` and the ids it needs in `facts`."""

    PROPOSAL = "proposal"  # facts: proposal; the card for an invitee or asker, edited in place
    BOOKED = "booked"  # facts: meeting
    MOVED = "moved"  # facts: meeting
    CANCELLED = "cancelled"  # facts: meeting, by
    RSVP = "rsvp"  # facts: meeting, by, answer
    WELCOME = "welcome"  # facts: programme
    NUDGE_CONNECT = "nudge_connect"  # facts: by (empty: an administrator's reminder)
    NUDGE_ANSWER = "nudge_answer"  # facts: proposal
    NUDGE_BOOK = "nudge_book"  # facts: programme, partner
    LINK_BROKEN = "link_broken"  # facts: provider
    GIVEN_UP = "given_up"  # facts: effect, meeting, person, what
    MESSAGE = "message"  # facts: by, text ("talk to a person")
    LEFT = "left"  # facts: programme, person
    PAIRED = "paired"  # facts: programme, partner


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person. `subject` names the card that later versions replace."""

    to: PersonId
    kind: NoticeKind
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
