"""What a search for a series has found, for its asker: what fits, or why nothing does and what
would make some of it fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.converse.turn import Reply, watched
from bot.speak import reasons, series_views, unlock_views, views, words
from bot.speak import series_words as said
from bot.speak.reasons import Scene
from core.use_cases.find_series import find_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.message import Outgoing
    from core.booking.proposal import MeetingRequest
    from core.ports import Ports
    from core.use_cases.find_series import SeriesFinding


def shown(
    turn: Turn,
    finding: SeriesFinding,
    intro: Sequence[str] = (),
    notes: Sequence[str] = (),
    text: str = "",
) -> Reply:
    """Show what fits, or why nothing does; `text` is what was said, for corrections."""
    scene = Scene(turn.me.id, finding.people, finding.policy, finding.programme)
    talk = _about(turn, finding, text)
    if finding.proposal is None:
        return Reply((nothing(scene, finding),), talk)
    hints = [*notes, *reasons.unknowns(scene, finding.unknown)]
    card = series_views.drafted(scene, finding.proposal, turn.now, intro, hints, finding.full)
    return Reply((card,), talk)


def nothing(scene: Scene, finding: SeriesFinding) -> Outgoing:
    """Say why no session is possible, with buttons for what would help."""
    tries = unlock_views.buttons(scene, finding.request, finding.ways, later=False)
    rules = unlock_views.asking(finding.request, finding.unlocks)
    why = reasons.reasons(scene, finding.against)
    return views.plain(said.NOTHING.format(reasons=why), actions=(*tries, *rules))


async def again(ports: Ports, turn: Turn, request: MeetingRequest) -> Reply:
    """Look for a series with something set aside, as a button says; nobody else hears of it yet.

    Raises Refused with the rule that forbids the request itself.
    """
    finding = await watched(turn, find_series(ports, request), words.CHECKING)
    scene = Scene(turn.me.id, finding.people, finding.policy, finding.programme)
    intro = unlock_views.intro(scene, finding.request) if finding.proposal else ()
    return shown(turn, finding, intro)


def _about(turn: Turn, finding: SeriesFinding, text: str) -> Conversation:
    """Keep what the next sentence may lean on."""
    return turn.talk.about(
        partner=list(finding.request.invitees),
        programme=finding.request.programme_id,
        proposal=finding.proposal.id if finding.proposal else "",
        shown=[],
        said=text[:300],
        said_at=turn.now,
        others=[],
    )
