"""Who somebody's mentor, coach, mentees or coachees are: "who is my mentor?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.converse.turn import say
from bot.speak import people_words, words

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Reply, Turn

_WHO = re.compile(
    r"^\W*(?:(?:hi|hey|hello|so|and|please|again|sorry|ok),? )*"
    r"(?:(?:can you )?(?:tell|remind) me )?"
    r"(?:who(?:['’]?s| is| are| r)?|what(?:['’]?s| is| are) the names? of) "
    r"(?:my (?P<what>mentor|mentee|coach|coachee|partner|pair)(?:s|es)?|"
    r"(?:am i|i am|i['’]?m) (?:paired|matched|working|meeting up) with)(?: again| please)*\W*$",
    re.IGNORECASE,
)
_ANYBODY = ("partner", "pair")


def asked(text: str) -> str | None:
    """Return which partners are asked for: "mentor", "partner" for all; None otherwise."""
    found = _WHO.match(text)
    return (found["what"] or "partner").lower() if found else None


def show(turn: Turn, roster: Roster, what: str) -> Reply:
    """Name them, each with what they are to the speaker."""
    related = {p: roster.relation(p.id).removeprefix("your ") for p in roster.partners.values()}
    meant = [(p.name, r) for p, r in related.items() if what in (*_ANYBODY, r) and r]
    if not meant:
        return say(turn.talk, people_words.NO_PARTNER.format(what=what))
    named = [people_words.PARTNER.format(name=name, what=relation) for name, relation in meant]
    return say(turn.talk, people_words.PARTNERS.format(names=words.listed(named)))
