"""Who is meant by a name: everybody of the organisation that it fits, best kind of fit first."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.ids import PersonId
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.ids import OrgId, ProgrammeId
    from core.people import Person
    from core.ports import Tx

_MENTION = re.compile(r"<@(?P<user>[A-Za-z0-9]+)(?:\|[^>]*)?>")
_POSSESSIVE = re.compile(r"['’]s$")
_SIGNS = re.compile(r"[\W_]+")
_TAGGED = re.compile(r"<at>(?P<name>[^<]*)</at>")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked for: `word` as it was written, `chat` where (for mentions)."""

    org_id: OrgId
    word: str
    chat: ChatIdentity
    programme_id: ProgrammeId | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """The people that fit, and when none does those of the nearest spelling.

    `sides` tell people of one name apart: "Maya's mentor".
    """

    people: tuple[Person, ...]
    near: tuple[Person, ...] = ()
    sides: tuple[str, ...] = ()


def find(tx: Tx, asked: Asked) -> Matches:
    """Return who fits; those of the programme that is spoken of before all others."""
    direct = _direct(tx, asked)
    if direct is not None:
        return Matches(tuple(p for p in direct if p.org_id == asked.org_id and p.active))
    people = [p for p in tx.people.of(asked.org_id) if p.active]
    name = fold(_TAGGED.sub(r"\g<name>", asked.word).lstrip("@"))
    found = fitting(people, name)
    if len(found) > 1 and asked.programme_id is not None:
        members = {m.person_id for m in tx.programmes.members(asked.programme_id)}
        found = [p for p in found if p.id in members] or found
    if found:
        return Matches(tuple(found), (), tuple(_side(tx, p) for p in found[:10]))
    return Matches((), tuple(nearest(people, name)))


def _direct(tx: Tx, asked: Asked) -> list[Person] | None:
    """Return whom an id, a mention or an address names; None for a name."""
    word = asked.word.strip()
    mention = _MENTION.fullmatch(word)
    if mention:
        who = ChatIdentity(asked.chat.kind, asked.chat.workspace, mention["user"])
        person = tx.people.by_identity(who)
        return [person] if person else list(tx.people.many((PersonId(who.user),)).values())
    if re.fullmatch(r"#[0-9a-f]{32}", word):
        return list(tx.people.many((PersonId(word[1:]),)).values())
    address = word.strip("<>").removeprefix("mailto:").partition("|")[0]
    if "@" in address[1:]:
        person = tx.people.by_email(asked.org_id, address)
        return [person] if person else []
    return None


def fold(text: str) -> str:
    """Return a name for comparing: without case, accents, signs and a possessive s."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_SIGNS.sub(" ", _POSSESSIVE.sub("", plain)).split())


def fitting(people: Iterable[Person], name: str) -> list[Person]:
    """Return the people whose folded name fits best: whole, by words, by beginnings of words."""
    if not name:
        return []
    wanted = name.split()
    ways: tuple[Callable[[list[str]], bool], ...] = (
        lambda own: own == wanted,
        lambda own: own[: len(wanted)] == wanted,
        lambda own: set(wanted) <= set(own),
        lambda own: len(name) > 1 and all(any(o.startswith(w) for o in own) for w in wanted),
    )
    named = [(p, fold(p.name).split()) for p in people if _may_fit(p.name, wanted[0])]
    for way in ways:
        found = [person for person, own in named if way(own)]
        if found:
            return found
    return []


def _may_fit(name: str, first: str) -> bool:
    """Sort out most names of a large organisation before they are taken apart."""
    return not name.isascii() or first in name.casefold()


def nearest(people: Sequence[Person], name: str) -> list[Person]:
    """Return up to three people whose name or first name is spelled almost so.

    Only names of the same first letter are compared: slips are rare there, and comparing a
    hundred thousand names in full takes seconds.
    """
    spelled: dict[str, Person] = {}
    for person in people:
        whole = fold(person.name)
        if whole[:1] == name[:1]:
            spelled.setdefault(whole, person)
            spelled.setdefault(whole.split(" ")[0], person)
    close = get_close_matches(name, spelled, n=3, cutoff=0.75)
    return list({spelled[one].id: spelled[one] for one in close}.values())


def _side(tx: Tx, person: Person) -> str:
    """Return whose mentor or mentee somebody is, for telling people apart."""
    for pair in tx.programmes.pairs_of(person.id):
        partner = pair.partner_of(person.id)
        if partner is not None:
            leads = pair.mentor_id == person.id
            kinds = ("coach", "coachee") if pair.coaching else ("mentor", "mentee")
            return f"{tx.people.get(partner).first_name}'s {kinds[0] if leads else kinds[1]}"
    return ""
