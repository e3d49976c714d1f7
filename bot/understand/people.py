"""Who is meant: mentions, and names by their place in the sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from bot.understand.atoms import TIME_KINDS
from bot.understand.intent import PersonMention, Relation
from bot.understand.lexer import Token
from bot.understand.naming import Finder, Name, Names
from bot.understand.people_words import (
    AFTER_ADDED,
    BELONGING,
    BOTS,
    CALLS,
    FOR_WHOM,
    MEETINGS,
    NOT_NAMES,
    RELATIONS,
    TITLED,
    WITH,
)

_AUXILIARIES = frozenset(
    {
        "is",
        "are",
        "when's",
        "does",
        "has",
        "can",
        "was",
        "do",
        "if",
        "when",
        "would",
        "will",
        "could",
    }
)
_OTHERS = frozenset({"you", "team", "crew", "family", "wife", "husband", "boss", "manager", "me"})
_ACTED_ON = frozenset(
    {"cancel", "move", "delete", "reschedule", "drop", "push", "postpone", "shift"}
)
_FREE = frozenset(
    {"free", "available", "busy", "open", "around", "about", "never", "always", "away"}
)


def _cue(finder: Finder, at: int) -> list[Name]:
    """Read the names that the word before `at` announces."""
    cue = finder.word(at - 1)
    if cue in WITH:
        strong = finder.small or finder.base(at) not in NOT_NAMES
        return finder.listed(
            at, small=strong and not finder.base(at).endswith("ss") and _fits(finder, at)
        )
    if cue == "to" and finder.word(at - 2) in {"invite", "invitation", "talk", "speak", "invites"}:
        return finder.listed(at, small=False)
    if cue == "and" and finder.word(at - 2) in _OTHERS:
        return finder.listed(at, small=False)
    if cue == "for" and finder.word(at) in {"me", "us"}:
        return finder.listed(at, small=False)
    if cue in {"add", "remove", "uninvite", "include", "invite"}:
        return _added(finder, at, cue)
    if cue in {"meet", "confirm"} or (cue == "interview" and finder.capital(at)):
        return _met(finder, at)
    if cue in CALLS or cue == "about":
        return _called(finder, at, cue)
    return []


def _fits(finder: Finder, at: int) -> bool:
    """Tell whether a small-letter word after "with" looks like a name: no plural of a thing."""
    word = finder.base(at)
    if finder.capital(at):
        return True
    plural = word.endswith("s") and not word.endswith(
        ("is", "us", "os", "as", "es", "ss", "ys", "ns")
    )
    known_plural = word.endswith(("ies", "als", "ers", "ors", "ngs", "nts", "tes", "ces"))
    return not (plural or known_plural) and finder.word(at - 1) not in {"a", "the"}


def _added(finder: Finder, at: int, cue: str) -> list[Name]:
    """Read "add Jim and Jerry to the event", "add Martin as optional", "invite Sam"."""
    found = finder.listed(at, small=True)
    if not found:
        return []
    after = finder.word(finder.after(found[-1]))
    if cue in {"invite", "uninvite", "include"}:
        return found
    person = after in AFTER_ADDED or all(finder.capital(n.first) for n in found)
    to_calendar = any(
        finder.word(found[-1].last + n) in {"calendar", "schedule"} for n in range(1, 4)
    )
    if to_calendar or (cue == "add" and after not in {*AFTER_ADDED, "", "comma", "stop", "dot"}):
        owned = finder.owns(found[-1].last - 1)
        return found if owned and finder.base(found[-1].last) in BELONGING else []
    return found if person else []


def _met(finder: Finder, at: int) -> list[Name]:
    """Read "meet jane for lunch", "confirm ross tomorrow"."""
    found = finder.listed(at, small=True)
    if found and (finder.capital(found[0].first) or finder.time(found[-1].last)):
        return found
    return []


def _called(finder: Finder, at: int, cue: str) -> list[Name]:
    found = finder.listed(at, small=False)
    if not found:
        return []
    after = found[-1].last
    owned = finder.owns(after - 1)
    if finder.base(after) in MEETINGS and not owned:
        return []
    if owned and finder.base(after) not in BELONGING:
        return []
    if cue in {"book", "schedule"} and not (finder.time(after) or finder.word(after) == "this"):
        return []
    if cue in {"for", "about"}:
        following = finder.word(after)
        before = finder.tokens[at - 2] if at > 1 else None
        meeting = before is not None and (before.kind == "LEN" or before.word in FOR_WHOM)
        ends = finder.time(after) and following != "dot" and meeting
        asked = following in {"with", "to"} and meeting
        return found if (ends or asked or following == "with") and cue == "for" else []
    if cue in {"and", "or"}:
        return []
    return found


def _standing(finder: Finder, at: int) -> list[Name]:
    """Read names without a cue before them: "Alex and I", "is Priya free", "Sam's calendar"."""
    found = finder.name(at, small=False)
    if found is None:
        return []
    word, after = finder.base(at), found.last
    known = bool(finder.names.exact(word))
    if known and (finder.capital(at) or word not in NOT_NAMES):
        title = finder.word(at - 1) in {"the", "a"} and finder.base(after) in MEETINGS
        return [] if title else [found]
    if finder.owns(after - 1) and finder.word(at - 1) in _ACTED_ON and _is_entry(finder, after):
        return [found]
    if finder.word(after) == "and" and finder.word(after + 1) in {"i", "me", "myself"}:
        return [found]
    if finder.owns(after - 1) and finder.base(after) in BELONGING and at > 0:
        return [found]
    if at == 0 and finder.capital(0) and _opens(finder, after):
        return [found]
    before = {finder.word(at - 1), finder.word(at - 2)}
    if before & _AUXILIARIES:
        listed = finder.listed(at, small=False)
        return listed if listed and _is_about_time(finder, listed[-1].last) else []
    return []


def _is_entry(finder: Finder, at: int) -> bool:
    """Tell whether "Ravi's meeting" or "Dana's 3 o'clock" names a person's entry at a place."""
    timed = at < len(finder.tokens) and finder.tokens[at].kind in TIME_KINDS
    return timed or finder.base(at) in MEETINGS


def _opens(finder: Finder, at: int) -> bool:
    """Tell whether "Alex, Tuesday at 3?" begins with a person: only a time follows."""
    at += finder.word(at) == "comma"
    return at < len(finder.tokens) and finder.tokens[at].kind in TIME_KINDS


def _is_about_time(finder: Finder, at: int) -> bool:
    near = {finder.word(n) for n in range(at, at + 4)}
    return bool(near & (_FREE | {"have", "make", "do", "meet", "join"}))


def _mention(finder: Finder, at: int) -> PersonMention | None:
    token = finder.tokens[at]
    raw = finder.text[token.start : token.end]
    if token.kind != "MENTION":
        return None
    key = raw.strip("<>").removeprefix("@").split("|")[0]
    name = raw.removeprefix("<at>").removesuffix("</at>") if raw.startswith("<at>") else ""
    if name.lower() in BOTS:
        return None
    found = finder.names.mentioned(key) or finder.names.mentioned(key.lower())
    candidates = (found,) if found else finder.names.exact(name.lower())
    label = name or ([*raw.strip("<>").split("|"), ""])[1] or raw
    return PersonMention(label, (token.start, token.end), candidates)


def _related(finder: Finder, at: int) -> PersonMention | None:
    """Read "my mentor", "all my mentees", "the whole circle", "everyone"."""
    word = finder.base(at)
    token = finder.tokens[at]
    before = {finder.word(at - n) for n in (1, 2, 3)}
    start = finder.tokens[max(at - 1, 0)].start if before & {"my", "the"} else token.start
    if (
        word in RELATIONS
        and before & {"my", "both", "all", "the", "our", "whole"}
        and "as" not in before
    ):
        relation = RELATIONS[word]
        if finder.owns(at) and finder.base(at + 1) not in BELONGING:
            return None
        return PersonMention(
            finder.text[start : token.end],
            (start, token.end),
            finder.names.by_relation(relation),
            relation,
            everyone=word.endswith("s"),
        )
    whole = word in {"everyone", "everybody"} or (
        word in {"circle", "group", "cohort"}
        and bool(before & {"whole", "entire", "my", "our", "the"})
    )
    if whole:
        ids = finder.names.by_relation(Relation.GROUP)
        return PersonMention(
            finder.text[start : token.end], (start, token.end), ids, Relation.GROUP, everyone=True
        )
    return None


def _optional(finder: Finder, found: Name) -> bool:
    near = [finder.word(found.last + n) for n in range(3)]
    return near[:2] == ["as", "optional"] or near[:2] == ["if", "possible"] or near[0] == "optional"


def _made(finder: Finder, found: Name) -> PersonMention:
    span = (finder.tokens[found.first].start, finder.tokens[found.last - 1].end)
    return PersonMention(found.text, span, found.candidates, optional=_optional(finder, found))


def find_people(
    text: str, tokens: list[Token], names: Names, speaker: str = ""
) -> tuple[PersonMention, ...]:
    """Give the people of the meeting in the order in which they are named, each once.

    The speaker, when known by id, is given for "with myself" if nobody else is named.
    """
    finder = Finder(text, tokens, names)
    out: list[PersonMention] = []
    taken = 0
    titled = False
    for at in range(len(tokens)):
        word = tokens[at].word
        titled = (
            (titled or word in TITLED) and word not in WITH and tokens[at].kind not in TIME_KINDS
        )
        if at < taken or titled:
            continue
        special = _mention(finder, at) or _related(finder, at)
        if special is not None:
            out.append(special)
            continue
        found = _cue(finder, at) or _standing(finder, at)
        if found:
            out += [_made(finder, name) for name in found]
            taken = found[-1].last
    return _once(out) or _alone(finder, speaker)


def _alone(finder: Finder, speaker: str) -> tuple[PersonMention, ...]:
    """Give the speaker of "book with myself tomorrow"."""
    for before, token in pairwise(finder.tokens):
        if speaker and before.word in WITH and token.word in {"me", "myself"}:
            span = (token.start, token.end)
            return (PersonMention(finder.text[token.start : token.end], span, (speaker,)),)
    return ()


def _once(people: Iterable[PersonMention]) -> tuple[PersonMention, ...]:
    seen: dict[str, PersonMention] = {}
    for person in people:
        key = person.text.lower()
        old = seen.get(key)
        seen[key] = replace(old, optional=old.optional and person.optional) if old else person
    return tuple(seen.values())
