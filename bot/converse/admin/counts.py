"""The report of administrators on how many sessions each pair has used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Table
from bot.speak import admin_words as words
from bot.speak import session_words as said
from core.use_cases.administer import counts

if TYPE_CHECKING:
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Reply
    from core.use_cases.administer.counts import PairCount

SHOWN = 20


async def show_counts(desk: Desk, _: Parsed) -> Reply:
    """Show the pairs of a programme, those who have used most first."""
    found = await counts.by_pair(desk.ports, desk.me, desk.programme.id)
    name, limit = found.programme.name, found.limit
    if not found.pairs:
        return desk.reply(said.COUNTS_NONE.format(programme=name))
    text = said.COUNTS_FREE.format(programme=name)
    if limit:
        full = sum(1 for pair in found.pairs if pair.used >= limit)
        text = said.COUNTS.format(
            programme=name, limit=words.some(limit, "session"), full=words.some(full, "pair")
        )
    rows = [_row(desk, pair, limit) for pair in found.pairs[:SHOWN]]
    if len(found.pairs) > SHOWN:
        more = words.MORE.format(count=f"{len(found.pairs) - SHOWN:,}")
        rows.append((more, "", "", "", "", ""))
    return desk.reply(text, [Table(said.COUNTS_HEADS, tuple(rows))])


def _row(desk: Desk, pair: PairCount, limit: int) -> tuple[str, ...]:
    used = f"{pair.used} of {limit}" if limit else str(pair.used)
    coming = desk.moment(pair.next) if pair.next else said.COUNTS_NO_NEXT
    return pair.mentor.name, pair.mentee.name, used, str(pair.held), str(pair.missed), coming
