"""From the people a sentence mentions to the people of a session: chosen, or asked for.

Two who could be meant are a question with both told apart - never a guess, except that
somebody's own partner comes before strangers of the same name, and that is said (A01).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.card import Action
from bot.message import Outgoing
from bot.speak import group_words, groups, times, views, words
from bot.speak.agenda_views import LONGEST_LABEL
from bot.understand.intent import Relation
from core.circles import circle_meant, circles_of, leaders_of
from core.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import PersonMention, Reading
    from core.people import Person
    from core.ports import Ports, Tx
    from core.programme import Pair

MAX_CHOICES = 8
MOST_CALLED = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """The attendees, what to say about the choice, and who else could have been meant.

    `optional` are the attendees who are wanted if possible.
    """

    attendees: tuple[PersonId, ...]
    intro: tuple[str, ...] = ()
    others: tuple[PersonId, ...] = ()
    missing: tuple[str, ...] = ()
    optional: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question instead: which mention it is about, and the message that asks."""

    message: Outgoing
    mention: int | None = None


@dataclass(slots=True)
class _Draft:
    """The choice as it grows, mention by mention."""

    people: list[PersonId] = field(default_factory=list)
    intro: list[str] = field(default_factory=list)
    others: list[PersonId] = field(default_factory=list)
    needed: list[PersonId] = field(default_factory=list)
    hoped: list[PersonId] = field(default_factory=list)
    without: frozenset[PersonId] = frozenset()


async def choose(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading, picks: Mapping[int, str]
) -> Chosen | Ask:
    """Choose the attendees of a session. `picks` are answers given before, by mention."""
    draft = _Draft(without=left_out(reading))
    arranging = roster.arranges and len(reading.people) > 1
    for index, mention in enumerate(reading.people):
        before = len(draft.people)
        named = (picks[index],) if index in picks else mention.candidates
        candidates = [PersonId(c) for c in named if index in picks or c != turn.me.id]
        if mention.relation is Relation.GROUP:
            refused = _take_circle(draft, turn, roster)
            if refused is not None:
                return refused
        elif mention.everyone:
            draft.people += [p for p in candidates if p not in draft.without]
        elif not candidates:
            return _nobody(turn, roster, mention)
        elif len(candidates) == 1:
            draft.people.append(candidates[0])
        else:
            mine = [c for c in candidates if c in roster.partners]
            if len(mine) != 1 or arranging:
                return await _which(ports, roster, mention, index, candidates)
            _take_partner(draft, roster, mine[0], candidates)
        (draft.hoped if mention.optional else draft.needed).extend(draft.people[before:])
    if not reading.people:
        return _unsaid(turn, roster)
    everybody = dict.fromkeys([*([] if arranging else [turn.me.id]), *draft.people])
    if arranging:
        draft.intro.insert(0, await _arranged(ports, tuple(everybody)))
    return Chosen(
        tuple(everybody),
        tuple(draft.intro),
        tuple(draft.others),
        optional=_optional(draft, tuple(everybody)),
    )


def left_out(reading: Reading) -> frozenset[PersonId]:
    """Return everybody who may be meant by those who are left out."""
    return frozenset(PersonId(c) for mention in reading.without for c in mention.candidates)


def _optional(draft: _Draft, everybody: Sequence[PersonId]) -> tuple[PersonId, ...]:
    """Return who was only mentioned as optional; nobody where fewer than two others are left."""
    hoped = tuple(p for p in dict.fromkeys(draft.hoped) if p not in draft.needed)
    return hoped if len(everybody) - len(hoped) > 1 else ()


async def _arranged(ports: Ports, everybody: Sequence[PersonId]) -> str:
    """Return for whom an administrator arranges."""
    people = await ports.store.read(lambda tx: tx.people.many(everybody))
    names = words.listed([people[p].name for p in everybody if p in people])
    return words.ARRANGED.format(names=names)


def _take_circle(draft: _Draft, turn: Turn, roster: Roster) -> Ask | None:
    """Take all of one's own circle, and say who they are; who leads none may not (A29)."""
    circles = circles_of(turn.me.id, roster.pairs)
    circle = circle_meant(circles, turn.talk.topic.get("programme", ""))
    if circle is None:
        leaders = leaders_of(turn.me.id, roster.pairs)
        named = [roster.partners[p].name for p in leaders if p in roster.partners]
        way = group_words.ASK_MENTOR.format(names=words.listed(named, "or"))
        return Ask(
            Outgoing(f"{group_words.ONLY_MENTOR} {way if named else group_words.NAME_PEOPLE}")
        )
    here_now = [p for p in circle.people if p in roster.partners and roster.partners[p].active]
    people = [p for p in here_now if p not in draft.without]
    if all(p in draft.people for p in people):
        return None  # "everyone in my group" says it twice
    draft.people += people
    programmes = {p.id: p.name for p in roster.programmes}
    names = groups.few([roster.partners[p].name for p in people])
    here = programmes.get(circle.programme_id, "")
    draft.intro.append(group_words.CIRCLE.format(programme=here, names=names))
    if len(circles) > 1:
        every = words.listed([programmes.get(c.programme_id, "") for c in circles])
        draft.intro.append(group_words.CIRCLE_OTHERS.format(programmes=every))
    return None


def _take_partner(
    draft: _Draft, roster: Roster, mine: PersonId, candidates: Sequence[PersonId]
) -> None:
    """Take one's own partner among several of a name, and say so."""
    person = roster.partners[mine]
    draft.people.append(person.id)
    draft.others += [c for c in candidates if c != mine]
    draft.intro.append(
        words.WHO_BECAUSE.format(name=person.name, relation=roster.relation(person.id))
    )


def _unsaid(turn: Turn, roster: Roster) -> Chosen | Ask:
    """Nobody was named: who was last talked about, else the only partner, else ask."""
    partner = turn.talk.topic.get("partner")
    if partner:
        ids = [p for p in partner if p != turn.me.id]
        if ids:
            return Chosen((turn.me.id, *ids))
    if len(roster.partners) == 1:
        person = next(iter(roster.partners.values()))
        intro = words.WHO_BECAUSE.format(name=person.name, relation=roster.relation(person.id))
        return Chosen((turn.me.id, person.id), (intro,))
    if not roster.programmes:
        return Ask(Outgoing(words.NO_PROGRAMME))
    actions = _picks(roster)
    return Ask(views.plain(words.WHO, actions=actions))


def _nobody(turn: Turn, roster: Roster, mention: PersonMention) -> Ask:
    """Nobody fits: oneself, or a name that is not known here."""
    if turn.me.id in mention.candidates:
        return Ask(Outgoing(words.WHO_YOURSELF))
    if not roster.programmes:
        return Ask(Outgoing(words.NO_PROGRAMME))
    programme = words.listed([p.name for p in roster.programmes], "or")
    text = words.WHO_UNKNOWN.format(name=mention.text, programme=programme)
    actions = _picks(roster)
    if actions:
        text = f"{text} {words.WHO}"
    return Ask(views.plain(text, actions=actions))


async def _which(
    ports: Ports, roster: Roster, mention: PersonMention, index: int, candidates: Sequence[PersonId]
) -> Ask:
    """Several fit: ask, telling them apart by place and partner; too many are asked by name."""
    if len(candidates) > MOST_CALLED:
        text = words.WHO_TOO_MANY.format(count=len(candidates), name=mention.text)
        return Ask(Outgoing(text), index)
    shown = list(candidates)[:MAX_CHOICES]

    def load(tx: Tx) -> tuple[dict[PersonId, Person], dict[PersonId, str]]:
        people = tx.people.many(shown)
        return people, {p: _side(tx, roster, p) for p in people}

    people, sides = await ports.store.read(load)
    actions = [
        Action(f"pick:{index}:{p.id}", _label(p, _apart(p, sides[p.id]))) for p in people.values()
    ]
    many = words.count(len(candidates))
    if mention.relation:
        text = words.WHO_SEVERAL.format(count=many, relation=mention.relation.value)
    else:
        called = mention.text
        for names in ({p.name for p in people.values()}, {p.first_name for p in people.values()}):
            if len(names) == 1:  # then as they write it themselves
                called = names.pop()
                break
        text = words.WHO_MANY.format(count=many, name=called)
    return Ask(views.plain(text, actions=actions), index)


def _picks(roster: Roster) -> list[Action]:
    """Return a button for each partner; those of the same name are told apart by their place."""
    shown = list(roster.partners.values())[:MAX_CHOICES]
    names = [person.name for person in shown]
    return [
        Action(f"pick:0:{p.id}", _label(p, _apart(p, "") if names.count(p.name) > 1 else ""))
        for p in shown
    ]


def _label(person: Person, apart: str) -> str:
    """Return the label of a person's button, short enough for every chat."""
    more = f" ({apart[: LONGEST_LABEL // 2]})" if apart else ""
    room = LONGEST_LABEL - len(more)
    name = person.name if len(person.name) <= room else f"{person.name[: room - 1]}…"
    return f"{name}{more}"


def _apart(person: Person, side: str) -> str:
    """Return what tells a person apart: "New York, Maya's mentor"."""
    return ", ".join(part for part in (times.city(person.zone), side) if part)


def _side(tx: Tx, roster: Roster, person_id: PersonId) -> str:
    """Return whose mentor or mentee somebody is."""
    mine = roster.relation(person_id)
    if mine:
        return mine
    pairs: tuple[Pair, ...] = tx.programmes.pairs_of(person_id)
    if not pairs:
        return ""
    pair = pairs[0]
    other = tx.people.get(pair.mentee_id if pair.mentor_id == person_id else pair.mentor_id)
    role = "mentor" if pair.mentor_id == person_id else "mentee"
    if pair.coaching:
        role = "coach" if role == "mentor" else "coachee"
    return f"{other.first_name}'s {role}"
