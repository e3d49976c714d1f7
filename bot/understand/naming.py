"""Names in a sentence: by the speaker's known people, by capitals, titles and lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.understand.atoms import TIME_KINDS
from bot.understand.context import KnownPerson
from bot.understand.intent import Relation
from bot.understand.lexer import Token
from bot.understand.people_words import (
    ALSO_NAMES,
    BELONGING,
    BOTS,
    FIRMS,
    GROUP,
    HONORIFICS,
    MEETINGS,
    NOT_NAMES,
    PARTICLES,
    TITLES,
)

_JOINERS = frozenset({"comma", "and", "plus", "or", "a"})
_MOST = 12  # people in one list
_SHORT = 4  # a known name shorter than this is never matched with a slip of the pen
_LONG = 7
_MOST_PARTICLES = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name read from the tokens first..last (excluded)."""

    text: str
    first: int
    last: int
    candidates: tuple[str, ...] = ()


class Index:
    """People by every way to write them."""

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

    def near(self, words: str, allowed: int) -> list[tuple[int, str]]:
        """Give the people whose name is at most so many slips of the pen away, with how many."""
        names = self.full if " " in words else self.part
        return [
            (slips, person)
            for name, ids in names.items()
            if len(name) >= _SHORT and name[0] == words[0]
            if (slips := OSA.distance(words, name, score_cutoff=allowed)) <= allowed
            for person in ids
        ]


class Names:
    """The people whom a speaker may mean: those close to them, before everybody else."""

    def __init__(self, close: Index, others: Index) -> None:
        self._both = (close, others)

    def exact(self, words: str) -> tuple[str, ...]:
        """Give the people of exactly this name, full or in part."""
        full = [i for index in self._both for i in index.full.get(words, ())]
        return tuple(dict.fromkeys(full or self._part(words)))

    def is_full(self, words: str) -> bool:
        """Tell whether this is somebody's whole name."""
        return any(words in index.full for index in self._both)

    def mentioned(self, key: str) -> str:
        """Give who has this id in the chat, empty for nobody."""
        return next((index.mention[key] for index in self._both if key in index.mention), "")

    def near(self, words: str) -> tuple[str, ...]:
        """Give the people whose name is a slip of the pen away."""
        if len(words) < _SHORT:
            return ()
        allowed = 2 if len(words) >= _LONG else 1
        hits = [hit for index in self._both for hit in index.near(words, allowed)]
        best = min((slips for slips, _ in hits), default=0)
        return tuple(dict.fromkeys(person for slips, person in hits if slips == best))

    def by_relation(self, relation: Relation) -> tuple[str, ...]:
        """Give all people of a relation; a group is everybody known."""
        known = (p for index in self._both for p in index.known)
        every = relation is Relation.GROUP
        return tuple(dict.fromkeys(p.id for p in known if every or p.relation is relation))

    def _part(self, words: str) -> list[str]:
        return [i for index in self._both for i in index.part.get(words, ())]


class _Same:
    """People as the key of a cache: by which object they are, because looking through the names
    of a large programme with each sentence costs more than reading it.
    """

    def __init__(self, known: tuple[KnownPerson, ...]) -> None:
        self.known = known

    def __hash__(self) -> int:
        return id(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.known is self.known


def names_of(close: tuple[KnownPerson, ...], others: tuple[KnownPerson, ...]) -> Names:
    """Give the known people by name; the index of `others` is made once per object."""
    return Names(Index(close), _index(_Same(others)))


@lru_cache(maxsize=64)
def _index(same: _Same) -> Index:
    return Index(same.known)


class Finder:
    """One sentence's tokens with its capitals, read once from left to right."""

    def __init__(self, text: str, tokens: list[Token], names: Names) -> None:
        self.text = text
        self.tokens = tokens
        self.names = names
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

    def name(self, at: int, *, small: bool) -> Name | None:
        """Read one name that starts here: title, given name, surname or initial."""
        first, small_words = at, 0
        if self.base(at) in TITLES:
            at += 1
            if self.word(at) == "dot":
                at += 1
            small_words = self._particles(at)
        role = small and self.possible(at) and not self.capital(at)
        if role and self.capital(at + 1) and self.possible(at + 1):
            first = at = at + 1  # "candidate James Dean"
        if not self.possible(at) or not (self.capital(at) or small or self._known(at)):
            return None
        last = at + 1 + small_words
        if not self.owns(last - 1):
            last = self._surname(at, last)
        if any(self.base(n) in FIRMS for n in range(at + 1, last + 1)) and not self.owns(last - 1):
            return None
        text = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        words = " ".join(self.base(n) for n in range(at, last))
        found = self.names.exact(words) or self.names.exact(self.base(at)) or self.names.near(words)
        return Name(bare_name(text), first, last, found)

    def _known(self, at: int) -> bool:
        return bool(self.names.exact(self.base(at)))

    def _surname(self, at: int, last: int) -> int:
        for _ in range(3):
            if self._particles(last) and self.capital(at):
                last += self._particles(last) + 1
                continue
            if self._hyphened(last):
                last += 2
                continue
            word = self.base(last)
            initial = len(word) == 1 and self.capital(last) and word != "i"
            joined = self.names.is_full(f"{self.base(at)} {word}")
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

    def _particles(self, at: int) -> int:
        """Count the small words before a capital that belong to a surname: "van der Berg"."""
        count = 0
        while count < _MOST_PARTICLES and self.word(at + count) in PARTICLES:
            count += 1
        written = self.capital(at + count) and self.possible(at + count)
        return count if count and written and not self.capital(at) else 0

    def _hyphened(self, at: int) -> bool:
        """Tell whether a hyphen joins the next capital to the name: "Jean-Luc"."""
        joined = self.word(at) == "dash" and (
            self.capital(at + 1) or self.word(at + 1) in HONORIFICS
        )
        return (
            joined
            and self.tokens[at].start == self.tokens[at - 1].end
            and (self.tokens[at + 1].start == self.tokens[at].end)
        )

    def listed(self, at: int, *, small: bool) -> list[Name]:
        """Read a list of names: "Victoria, Nick, and Adam", "me and Abby"."""
        out: list[Name] = []
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
                at += 2 * self._is_described(at)
                found = self.name(at, small=small)
                if found is None:
                    break
                if self._is_place(found):
                    break
                out.append(found)
                at = self.after(found)
            step = self._joiner(at)
            if step == at:
                break
            at = step
        return out

    def _is_described(self, at: int) -> bool:
        """Tell whether "my wife Laura" begins here: a noun with its name."""
        mine = self.word(at) in {"my", "our", "his", "her", "their", "the"}
        noun = mine and self.base(at + 1) in NOT_NAMES and not self.capital(at + 1)
        return noun and self.capital(at + 2) and self.possible(at + 2)

    def _is_noun(self, at: int) -> bool:
        """Tell whether "my team" goes on with names: a comma or "and" follows the noun."""
        return self.base(at) in NOT_NAMES and self.word(at + 1) in {"comma", "and"}

    def after(self, found: Name) -> int:
        """Give the place after a name and what belongs to it ("Ruby's manager")."""
        at = found.last
        if self.owns(found.last - 1) and self.base(at) in BELONGING:
            at += 1
        return at

    def _is_place(self, found: Name) -> bool:
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
