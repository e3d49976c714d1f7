"""The question what becomes of future sessions, and its answer (Y16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Style, TimeLine, Times
from bot.converse.admin.desk import Option, member_of
from bot.speak import admin_words as words
from bot.speak import times
from bot.speak.words import listed
from core.use_cases.administer.future import Choice, Fate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.card import Part
    from bot.converse.admin.desk import Desk
    from core.booking.meeting import Meeting

SHOWN = 5
HEIRS = 4


def sessions(desk: Desk, meetings: Sequence[Meeting]) -> list[Part]:
    """Return the first of the sessions that it is about."""
    if not meetings:
        return []
    lines = [
        TimeLine(
            times.span(m.start, m.end, desk.zone, desk.turn.now),
            listed([attendee.name for attendee in m.attendees]),
        )
        for m in meetings[:SHOWN]
    ]
    if len(meetings) > SHOWN:
        lines.append(TimeLine(words.MORE.format(count=len(meetings) - SHOWN)))
    return [Times(tuple(lines))]


def options(
    desk: Desk,
    action: Sequence[str],
    meetings: Sequence[Meeting],
    heirs: Sequence[tuple[str, str]],
    lone: str,
) -> list[Option]:
    """Return the choices: `heirs` are (id, name) of who could take over, `lone` is the label
    when there are no sessions to choose for.
    """
    if not meetings:
        choice = Option(lone, desk.act(*action, Choice.KEEP), Style.DANGER)
        return [choice, desk.leave_it()]
    over = [
        Option(words.HAND_OVER_BUTTON.format(name=name), desk.act(*action, Choice.HAND_OVER, heir))
        for heir, name in heirs[:HEIRS]
    ]
    several = len(meetings) > 1
    return [
        Option(words.CANCEL_BUTTON[several], desk.act(*action, Choice.CANCEL), Style.DANGER),
        Option(words.KEEP_BUTTON[several], desk.act(*action, Choice.KEEP)),
        *over,
        desk.leave_it(),
    ]


def question(desk: Desk, meetings: Sequence[Meeting]) -> str:
    """Return how many sessions are ahead, and the question."""
    if not meetings:
        return words.SESSIONS_NONE
    pattern = words.SESSIONS_ASK if len(meetings) > 1 else words.SESSION_ASK
    count = words.some(len(meetings), "session")
    return pattern.format(sessions=count, next=desk.moment(meetings[0].start))


def fate_of(desk: Desk, args: Sequence[str]) -> Fate:
    """Read a choice out of an action's last arguments. Raises NotFound for none of them."""
    choice = member_of(Choice, args[0] if args else "")
    return Fate(choice, desk.cancel, args[1] if len(args) > 1 else "")
