"""Who is meant: mentions, names by their place in the sentence, and the speaker's known people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.understand.compose import TIME_KINDS
from bot.understand.context import KnownPerson
from bot.understand.intent import PersonMention, Relation
from bot.understand.lexer import Token
from bot.understand.people_words import (
    AFTER_ADDED,
    ALSO_NAMES,
    BELONGING,
    BOTS,
    CALLS,
    FOR_WHOM,
    GROUP,
    MEETINGS,
    NOT_NAMES,
    RELATIONS,
    TITLED,
    TITLES,
    WITH,
)

_JOINERS = frozenset({"comma", "and", "plus", "or", "a"})
_MOST = 12  # people in one list
_SHORT = 4  # a known name shorter than this is never matched with a slip of the pen
_LONG = 7
_AUXILIARIES = frozenset({"is", "are", "when's", "does", "has", "can", "was", "do", "if", "when"})
_FREE = frozenset(
    {"free", "available", "busy", "open", "around", "about", "never", "always", "away"}
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name read from the tokens first..last (excluded)."""

    text: str
    first: int
    last: int
    candidates: tuple[str, ...] = ()


class _Names:
    """The known people by every way to write them."""

    def __init__(self, known: tuple[KnownPerson, ...]) -> None:
        self.known = known
        self.full: dict[str, list[str]] = {}
        self.part: dict[str, list[str]] = {}
        self.mention: dict[str, str] = {}
        for person in known:
            words = person.name.lower().split()
            self.full.setdefault(" ".join(words), []).append(person.id)
            for word in words:
                self.part.setdefault(word, []).append(person.id)
            self.mention.update(dict.fromkeys(person.mentions, person.id))
            self.mention.setdefault(person.id, person.id)

    def exact(self, words: str) -> tuple[str, ...]:
        """Give the people of exactly this name, full or in part."""
        return tuple(self.full.get(words) or self.part.get(words) or ())

    def near(self, words: str) -> tuple[str, ...]:
        """Give the people whose name is a slip of the pen away."""
        if len(words) < _SHORT or not self.known:
            return ()
        allowed = 2 if len(words) >= _LONG else 1
        names = self.full if " " in words else self.part
        hits = [
            (OSA.distance(words, name, score_cutoff=allowed), ids)
            for name, ids in names.items()
            if len(name) >= _SHORT and name[0] == words[0]
        ]
        best = min((d for d, _ in hits), default=allowed + 1)
        if best > allowed:
            return ()
        return tuple(dict.fromkeys(i for d, ids in hits if d == best for i in ids))

    def by_relation(self, relation: Relation) -> tuple[str, ...]:
        """Give all people of a relation; a group is everybody known."""
        return tuple(
            p.id for p in self.known if relation is Relation.GROUP or p.relation is relation
        )


@lru_cache(maxsize=64)
def _names(known: tuple[KnownPerson, ...]) -> _Names:
    return _Names(known)


class _Finder:
    """One sentence's tokens with its capitals, read once from left to right."""

    def __init__(self, text: str, tokens: list[Token], known: tuple[KnownPerson, ...]) -> None:
        self.text = text
        self.tokens = tokens
        self.names = _names(known)
        self.quoted = _quoted(text)
        self.small = not any(
            text[t.start].isupper() for t in tokens[1:] if t.kind.startswith("w:") and t.word != "i"
        )

    def base(self, at: int) -> str:
        """Give the word at a place without its possessive ending, "" when it is no word."""
        if not 0 <= at < len(self.tokens):
            return ""
        token = self.tokens[at]
        if not (token.kind.startswith("w:") or token.kind == "MONTHISH"):
            return ""
        return bare_name(token.word)

    def word(self, at: int) -> str:
        """Give the word at a place as it is, "" outside the sentence."""
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def owns(self, at: int) -> bool:
        """Tell whether the word ends as a possessive."""
        word = self.tokens[at].word
        return word.endswith(("'s", "'"))

    def capital(self, at: int) -> bool:
        """Tell whether the word is written with a capital."""
        return 0 <= at < len(self.tokens) and self.text[self.tokens[at].start].isupper()

    def time(self, at: int) -> bool:
        """Tell whether a time phrase, the end of the sentence or a preposition of time follows."""
        if at >= len(self.tokens):
            return True
        token = self.tokens[at]
        ends = {"comma", "stop", "dot", "on", "at", "for", "in", "and", "with", "please", "next"}
        return token.kind in TIME_KINDS or token.kind in {"LEN", "SERIES"} or token.word in ends

    def inside_quotes(self, at: int) -> bool:
        """Tell whether the token is part of a quoted title."""
        start = self.tokens[at].start
        return any(a <= start < b for a, b in self.quoted)

    def possible(self, at: int) -> bool:
        """Tell whether the word may be a name at all."""
        word = self.base(at)
        if len(word) < 2 or self.inside_quotes(at) or word in BOTS:
            return False
        if self.names.exact(word) or (word in ALSO_NAMES and at > 0 and self.capital(at)):
            return True
        return word not in NOT_NAMES and word not in GROUP and word.replace("'", "").isalpha()

    def name(self, at: int, *, small: bool) -> _Name | None:
        """Read one name that starts here: title, given name, surname or initial."""
        first = at
        if self.base(at) in TITLES:
            at += 1
            if self.word(at) == "dot":
                at += 1
        role = small and self.possible(at) and not self.capital(at)
        if role and self.capital(at + 1) and self.possible(at + 1):
            first = at = at + 1  # "candidate James Dean"
        if not self.possible(at) or not (self.capital(at) or small or self._known(at)):
            return None
        last = at + 1
        if not self.owns(at):
            last = self._surname(at, last)
        text = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        words = " ".join(self.base(n) for n in range(at, last))
        found = self.names.exact(words) or self.names.exact(self.base(at)) or self.names.near(words)
        return _Name(bare_name(text), first, last, found)

    def _known(self, at: int) -> bool:
        word = self.base(at)
        return bool(self.names.exact(word) or self.names.near(word))

    def _surname(self, at: int, last: int) -> int:
        for _ in range(2):
            if self._hyphened(last):
                last += 2
                continue
            word = self.base(last)
            initial = len(word) == 1 and self.capital(last) and word != "i"
            joined = self.names.full.get(f"{self.base(at)} {word}") is not None
            if not (
                initial
                or joined
                or (self.possible(last) and self.capital(last) and self.capital(at))
            ):
                break
            last += 1
            if self.owns(last - 1):
                break
        return last

    def _hyphened(self, at: int) -> bool:
        """Tell whether a hyphen joins the next capital to the name: "Jean-Luc"."""
        joined = self.word(at) == "dash" and self.capital(at + 1)
        return (
            joined
            and self.tokens[at].start == self.tokens[at - 1].end
            and (self.tokens[at + 1].start == self.tokens[at].end)
        )

    def listed(self, at: int, *, small: bool) -> list[_Name]:
        """Read a list of names: "Victoria, Nick, and Adam", "me and Abby"."""
        out: list[_Name] = []
        for _ in range(_MOST):
            if self.base(at) in {"me", "myself", "i", "us", "you", "both"}:
                found = None
                at += 1
            elif self.word(at) in {"my", "our", "his", "her", "their", "the"} and self._is_noun(
                at + 1
            ):
                found = None
                at += 2
            else:
                found = self.name(at, small=small)
                if found is None:
                    break
                if self._is_place(found):
                    break
                out.append(found)
                at = self._after(found)
            step = self._joiner(at)
            if step == at:
                break
            at = step
        return out

    def _is_noun(self, at: int) -> bool:
        """Tell whether "my team" goes on with names: a comma or "and" follows the noun."""
        return self.base(at) in NOT_NAMES and self.word(at + 1) in {"comma", "and"}

    def _after(self, found: _Name) -> int:
        at = found.last
        if self.owns(found.last - 1) and self.base(at) in BELONGING:
            at += 1
        return at

    def _is_place(self, found: _Name) -> bool:
        """Tell "Sally's Hair Salon" and "the John meeting" from a person."""
        if not self.owns(found.last - 1):
            return False
        following = self.base(found.last)
        return bool(following) and following not in BELONGING and following not in MEETINGS

    def _joiner(self, at: int) -> int:
        start = at
        while at - start < 2 and self.word(at) in _JOINERS:
            at += 1
        return at


def bare_name(word: str) -> str:
    """Take a possessive ending off a name."""
    for ending in ("'s", "\u2019s", "'", "\u2019"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)]
    return word


def _quoted(text: str) -> list[tuple[int, int]]:
    out = []
    start = -1
    for place, sign in enumerate(text):
        if sign in '"\u201c\u201d':
            if start < 0:
                start = place
            else:
                out.append((start, place))
                start = -1
    return out


def _cue(finder: _Finder, at: int) -> list[_Name]:
    """Read the names that the word before `at` announces."""
    cue = finder.word(at - 1)
    if cue in WITH:
        strong = finder.small or finder.base(at) not in NOT_NAMES
        return finder.listed(
            at, small=strong and not finder.base(at).endswith("ss") and _fits(finder, at)
        )
    if cue == "to" and finder.word(at - 2) in {"invite", "invitation", "talk", "speak", "invites"}:
        return finder.listed(at, small=False)
    if cue == "for" and finder.word(at) in {"me", "us"}:
        return finder.listed(at, small=False)
    if cue in {"add", "remove", "uninvite", "include", "invite"}:
        return _added(finder, at, cue)
    if cue in {"meet", "confirm"}:
        return _met(finder, at)
    if cue in CALLS or cue in {"about"}:
        return _called(finder, at, cue)
    return []


def _fits(finder: _Finder, at: int) -> bool:
    """Tell whether a small-letter word after "with" looks like a name: no plural of a thing."""
    word = finder.base(at)
    if finder.capital(at):
        return True
    plural = word.endswith("s") and not word.endswith(
        ("is", "us", "os", "as", "es", "ss", "ys", "ns")
    )
    known_plural = word.endswith(("ies", "als", "ers", "ors", "ngs", "nts", "tes", "ces"))
    return not (plural or known_plural) and finder.word(at - 1) not in {"a", "the"}


def _added(finder: _Finder, at: int, cue: str) -> list[_Name]:
    """Read "add Jim and Jerry to the event", "add Martin as optional", "invite Sam"."""
    found = finder.listed(at, small=True)
    if not found:
        return []
    after = finder.word(finder._after(found[-1]))  # noqa: SLF001 - one unit with its finder
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


def _met(finder: _Finder, at: int) -> list[_Name]:
    """Read "meet jane for lunch", "confirm ross tomorrow"."""
    found = finder.listed(at, small=True)
    if found and (finder.capital(found[0].first) or finder.time(found[-1].last)):
        return found
    return []


def _called(finder: _Finder, at: int, cue: str) -> list[_Name]:
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
        return found if (ends or following == "with") and cue == "for" else []
    if cue in {"and", "or"}:
        return []
    return found


def _standing(finder: _Finder, at: int) -> list[_Name]:
    """Read names without a cue before them: "Alex and I", "is Priya free", "Sam's calendar"."""
    found = finder.name(at, small=False)
    if found is None:
        return []
    word, after = finder.base(at), found.last
    known = bool(found.candidates)
    if known and (finder.capital(at) or word not in NOT_NAMES):
        title = finder.word(at - 1) in {"the", "a"} and finder.base(after) in MEETINGS
        return [] if title else [found]
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


def _opens(finder: _Finder, at: int) -> bool:
    """Tell whether "Alex, Tuesday at 3?" begins with a person: only a time follows."""
    at += finder.word(at) == "comma"
    return at < len(finder.tokens) and finder.tokens[at].kind in TIME_KINDS


def _is_about_time(finder: _Finder, at: int) -> bool:
    near = {finder.word(n) for n in range(at, at + 4)}
    return bool(near & (_FREE | {"have", "make", "do", "meet", "join"}))


def _mention(finder: _Finder, at: int) -> PersonMention | None:
    token = finder.tokens[at]
    raw = finder.text[token.start : token.end]
    if token.kind != "MENTION":
        return None
    key = raw.strip("<>").removeprefix("@").split("|")[0]
    name = raw.removeprefix("<at>").removesuffix("</at>") if raw.startswith("<at>") else ""
    if name.lower() in BOTS:
        return None
    found = finder.names.mention.get(key) or finder.names.mention.get(key.lower())
    candidates = (found,) if found else finder.names.exact(name.lower())
    label = name or (raw.strip("<>").split("|") + [""])[1] or raw
    return PersonMention(label, (token.start, token.end), candidates)


def _related(finder: _Finder, at: int) -> PersonMention | None:
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


def _optional(finder: _Finder, found: _Name) -> bool:
    near = [finder.word(found.last + n) for n in range(3)]
    return near[:2] == ["as", "optional"] or near[:2] == ["if", "possible"] or near[0] == "optional"


def _made(finder: _Finder, found: _Name) -> PersonMention:
    span = (finder.tokens[found.first].start, finder.tokens[found.last - 1].end)
    return PersonMention(found.text, span, found.candidates, optional=_optional(finder, found))


def find_people(
    text: str, tokens: list[Token], known: tuple[KnownPerson, ...]
) -> tuple[PersonMention, ...]:
    """Give the people of the meeting in the order in which they are named, each once."""
    finder = _Finder(text, tokens, known)
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
    return _once(out)


def _once(people: Iterable[PersonMention]) -> tuple[PersonMention, ...]:
    seen: dict[str, PersonMention] = {}
    for person in people:
        key = person.text.lower()
        old = seen.get(key)
        seen[key] = replace(old, optional=old.optional and person.optional) if old else person
    return tuple(seen.values())
