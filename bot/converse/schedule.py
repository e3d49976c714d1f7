"""Finding times by chat: who, when and how long -> a card with the best times.

What is not said is filled in where it has a sensible default (the only partner, half an hour,
the next two weeks); what cannot be is asked once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style
from bot.converse import questions, series
from bot.converse.turn import Reply, say, watched
from bot.converse.when import each_start, on_the_clock_there, wanted
from bot.converse.whom import Ask, choose
from bot.message import Outgoing
from bot.speak import proposals, times, views, words
from bot.speak.reasons import Scene, then
from bot.understand.agenda import agenda_in
from core.attendance import load_policy
from core.booking.proposal import MeetingRequest, ProposalState
from core.errors import NotFound, Refused
from core.ids import PersonId, ProgrammeId, ProposalId
from core.links import LinkState
from core.programme import Objection, Rule
from core.timing.zones import offset_minutes
from core.use_cases.find_times import Finding, find_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.converse.when import Wanted
    from bot.converse.whom import Chosen
    from bot.understand.intent import Reading
    from core.booking.proposal import Proposal
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.programme import Programme


async def book(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    picks: Mapping[int, str] | None = None,
    instead_of: str = "",
    fixes: Sequence[str] = (),
) -> Reply:
    """Answer a request for a session with times, or with one question.

    `instead_of` is the proposal that a correction replaces, if it was only shown so far;
    `fixes` are the sentences that corrected the request.
    """
    chosen = await choose(ports, turn, roster, reading, picks or {})
    if isinstance(chosen, Ask):
        return _who(turn, reading, picks or {}, chosen)
    programme = await _programme(ports, turn, roster, chosen)
    if programme is None:
        return await _not_together(ports, turn, roster, chosen)
    policy = roster.policies.get(programme.id)
    turn = on_the_clock_there(replace(turn, me=turn.me.within(programme.id)), reading, policy)
    request = _request(turn, reading, chosen, programme, policy)
    if series.is_wanted(reading):
        reply = await _series(ports, turn, roster, reading, request, chosen, instead_of)
        return replace(reply, talk=reply.talk.about(fixes=list(fixes)))
    want = wanted(reading, turn, policy)
    if isinstance(want, str):
        return say(turn.talk, want)
    request = replace(request, windows=want.windows, starts=want.starts, optional=chosen.optional)
    separate = each_start(reading, turn)
    if len(separate) > 1:
        return await _each(ports, turn, request, separate, chosen)
    reply = await _one(ports, turn, request, chosen, want, reading, instead_of)
    return replace(reply, talk=reply.talk.about(fixes=list(fixes)))


def _who(turn: Turn, reading: Reading, picks: Mapping[int, str], ask: Ask) -> Reply:
    """Ask who is meant, keeping what was said beside it."""
    asked = {
        "text": reading.text,
        "picks": {str(k): v for k, v in picks.items()},
        "options": questions.options_of(ask.message),
    }
    return Reply((ask.message,), turn.talk.asking("who", asked, turn.now))


def _request(
    turn: Turn, reading: Reading, chosen: Chosen, programme: Programme, policy: Policy | None
) -> MeetingRequest:
    """Return what is looked for, at any time: as long as was said, else as the asker is used to,
    else as the programme has it.
    """
    usual = turn.me.duration or (policy.duration if policy else 30)
    return MeetingRequest(
        programme_id=programme.id,
        asker=turn.me.id,
        attendees=chosen.attendees,
        minutes=usual if reading.duration_minutes is None else reading.duration_minutes,
        windows=(),
        zone=turn.me.zone,
        agenda=agenda_in(reading.text),
    )


async def _series(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    request: MeetingRequest,
    chosen: Chosen,
    instead_of: str,
) -> Reply:
    """Look for a series; what forbids it is said."""
    old = await _drafted(ports, turn, instead_of) if instead_of else None
    try:
        reply = await series.book(ports, turn, roster, reading, request, chosen)
    except Refused as refusal:
        return await refused(ports, turn, request, refusal)
    found = reply.talk.topic.get("proposal")
    if old is None or old.request.series is None or found in (None, "", old.id):
        return reply
    ended = replace(old, state=ProposalState.SUPERSEDED)
    closed = proposals.card(await scene_for(ports, old, turn.me.id), ended)
    return replace(reply, messages=(closed, *reply.messages))


async def _one(
    ports: Ports,
    turn: Turn,
    request: MeetingRequest,
    chosen: Chosen,
    want: Wanted,
    reading: Reading,
    instead_of: str,
) -> Reply:
    """Search for one session and show what was found."""
    old = await _drafted(ports, turn, instead_of) if instead_of else None
    finding = await search(ports, turn, request, replaces=old.id if old else None)
    if isinstance(finding, Reply):
        return finding
    scene = scene_of(finding, turn.me.id)
    extra = _other_readings(reading)
    if chosen.others and finding.proposal:
        extra.append(Action(f"else:{finding.proposal.id}", words.SOMEBODY_ELSE))
    intro = [*chosen.intro, *want.notes]
    message = views.found(scene, finding, intro, echo=want.echo, extra=extra)
    messages = [message]
    if old and finding.proposal:
        ended = replace(old, state=ProposalState.SUPERSEDED)
        messages.insert(0, proposals.card(await scene_for(ports, old, turn.me.id), ended))
    return Reply(tuple(messages), _remember(turn, finding, reading, chosen))


async def _drafted(ports: Ports, turn: Turn, proposal_id: str) -> Proposal | None:
    """Return a proposal that only its asker has seen; None for any other."""
    try:
        proposal = await load_proposal(ports, proposal_id)
    except NotFound:
        return None
    mine = proposal.request.asker == turn.me.id
    return proposal if mine and proposal.state is ProposalState.DRAFTED else None


def _other_readings(reading: Reading) -> list[Action]:
    """Return a button for each point where a convention had to choose between two readings."""
    return [
        Action(
            f"other:{index}",
            words.OTHER_EITHER
            if point.code == "each_or_any"
            else words.OTHER_READING.format(other=point.other),
        )
        for index, point in enumerate(reading.ambiguities)
    ]


def _remember(turn: Turn, finding: Finding, reading: Reading, chosen: Chosen) -> Conversation:
    """Keep what the next sentence may lean on."""
    proposal = finding.proposal
    return turn.talk.about(
        partner=[p for p in chosen.attendees if p != turn.me.id],
        programme=finding.request.programme_id,
        proposal=proposal.id if proposal else "",
        shown=[s.start for s in proposal.slots] if proposal else [],
        said=reading.text[:300],
        said_at=turn.now,
        others=list(chosen.others),
    )


async def search(
    ports: Ports,
    turn: Turn,
    request: MeetingRequest,
    *,
    without: frozenset[int] = frozenset(),
    replaces: ProposalId | None = None,
    nearby: bool = True,
) -> Finding | Reply:
    """Find times, showing progress when it takes longer; a refusal becomes a reply."""
    work = find_times(ports, request, without=without, replaces=replaces, nearby=nearby)
    try:
        return await watched(turn, work, lambda: _reading(ports, request))
    except Refused as refusal:
        return await refused(ports, turn, request, refusal)


async def _reading(ports: Ports, request: MeetingRequest) -> str:
    """Return "Reading 3 calendars…"."""

    def load(tx: Tx) -> int:
        grants = tx.links.grants_of(request.attendees)
        return sum(
            1
            for links in tx.links.of(request.attendees).values()
            for link in links
            if link.grant_id in grants and grants[link.grant_id].state is LinkState.OK
        )

    number = await ports.store.read(load)
    return words.READING_ONE if number == 1 else words.READING.format(count=number)


async def refused(ports: Ports, turn: Turn, request: MeetingRequest, refusal: Refused) -> Reply:
    """Say which rule forbids a request."""
    objection = refusal.objections[0]

    def load(tx: Tx) -> tuple[Programme, dict[PersonId, Person]]:
        people = tx.people.many((*request.attendees, request.asker))
        return tx.programmes.get(request.programme_id), people

    programme, people = await ports.store.read(load)
    return say(turn.talk, _refusal(turn, objection, programme, people))


def _refusal(
    turn: Turn, objection: Objection, programme: Programme, people: Mapping[PersonId, Person]
) -> str:
    if objection.kind is Rule.YOURSELF:
        return words.WHO_YOURSELF
    if objection.kind is Rule.PAST:
        return words.PAST
    if objection.kind is Rule.DURATION:
        length = times.length(int(objection.detail))
        return words.sentence(words.DURATION.format(programme=programme.name, length=length))
    if objection.kind is Rule.WHO and objection.person_id is None:
        return words.ENDED.format(programme=programme.name)
    if objection.person_id == turn.me.id:
        others = [p for p in people if p != turn.me.id]
        return words.WHO_NOT_YOU.format(names=views.names(people, others, turn.me.id))
    person = people.get(objection.person_id or turn.me.id)
    name = person.name if person else ""
    if objection.detail == "pairs":
        return words.WHO_PAIRS.format(programme=programme.name, name=name)
    return words.WHO_NOT_YOURS.format(name=name)


def scene_of(finding: Finding, me: PersonId) -> Scene:
    """Return what the sentences about a finding need."""
    return Scene(me, finding.people, finding.policy, finding.programme)


# --- which programme --------------------------------------------------------------------------


async def _programme(ports: Ports, turn: Turn, roster: Roster, chosen: Chosen) -> Programme | None:
    """Return the programme that all share: the pair's, the one talked about, else the first."""
    people = [p for p in chosen.attendees if p != turn.me.id]

    def shared(tx: Tx) -> set[ProgrammeId]:
        common = {p.id for p in roster.programmes}
        for person_id in people:
            common &= {m.programme_id for m in tx.programmes.roles(person_id)}
        return common

    common = await ports.store.read(shared)
    paired = [p.programme_id for p in roster.pairs if p.partner_of(turn.me.id) in people]
    order = [*paired, turn.talk.topic.get("programme"), *(p.id for p in roster.programmes)]
    for programme_id in order:
        if programme_id in common:
            return next(p for p in roster.programmes if p.id == programme_id)
    return None


async def _not_together(ports: Ports, turn: Turn, roster: Roster, chosen: Chosen) -> Reply:
    """Say that somebody is in no programme with the speaker."""
    if not roster.programmes:
        return say(turn.talk, words.NO_PROGRAMME)
    others = [p for p in chosen.attendees if p != turn.me.id]
    people = await ports.store.read(lambda tx: tx.people.many(others))
    names = views.names(people, others, turn.me.id)
    return say(turn.talk, words.WHO_NOT_YOURS.format(name=names))


# --- several sessions at once -------------------------------------------------------------------


async def _each(
    ports: Ports, turn: Turn, request: MeetingRequest, starts: Sequence[int], chosen: Chosen
) -> Reply:
    """Propose several separate sessions, and say where somebody's clock shifts (A05)."""
    findings: list[Finding] = []
    for start in starts:
        window = (start, start + request.minutes * 60)
        finding = await search(ports, turn, replace(request, windows=(window,), starts=(start,)))
        if isinstance(finding, Reply):
            return finding
        findings.append(finding)
    scene = scene_of(findings[0], turn.me.id)
    others = views.names(scene.people, request.invitees, turn.me.id)
    number = words.count(len(starts)).capitalize()
    text = " ".join([*chosen.intro, words.EACH.format(count=number, names=others)])
    fitting = [f.proposal for f in findings if f.proposal and not f.missed]
    actions = []
    if len(fitting) > 1:
        ids = ",".join(p.id for p in fitting)
        at_once = all(views.books_at_once(scene, p) for p in fitting)
        label = f"{views.verb(at_once=at_once)} {words.every(len(fitting))}"
        actions.append(Action(f"offers:{ids}", label, Style.PRIMARY))
    notes = tuple(Note(text) for text in _shifts(scene, request, starts))
    first = Outgoing(
        text, Card("", (*notes, Note(words.EACH_PRESS)) if actions else notes, (), tuple(actions))
    )
    cards = [views.found(scene_of(f, turn.me.id), f) for f in findings]
    talk = turn.talk.about(
        partner=[p for p in chosen.attendees if p != turn.me.id], programme=request.programme_id
    )
    return Reply((first, *cards), talk)


def _shifts(scene: Scene, request: MeetingRequest, starts: Sequence[int]) -> list[str]:
    """Return for whom the sessions are at different times of day, and which."""
    found: list[str] = []
    mine = {offset_minutes(s, scene.people[scene.me].zone) for s in starts}
    for person_id in request.invitees:
        person = scene.people[person_id]
        clocks = dict.fromkeys(times.clock(s, person.zone) for s in starts)
        if len(clocks) > 1 and (len(mine) == 1 or person.zone != scene.people[scene.me].zone):
            listed = words.listed([times.moment(s, person.zone) for s in starts])
            found.append(words.EACH_SHIFT.format(name=scene.name(person_id), times=listed))
    return found


async def load_proposal(ports: Ports, proposal_id: str) -> Proposal:
    """Return a stored proposal. Raises NotFound."""
    return await ports.store.read(lambda tx: tx.proposals.get(ProposalId(proposal_id)))


async def not_the_asker(ports: Ports, turn: Turn, proposal: Proposal) -> Reply:
    """Say whose proposal it is to who takes part, and nothing of it to anybody else."""
    request = proposal.request
    if turn.me.id not in request.attendees:
        return say(turn.talk, words.WRONG_PERSON)
    asker = await ports.store.read(lambda tx: tx.people.get(request.asker))
    return say(turn.talk, words.NOT_THE_ASKER.format(name=asker.name))


async def scene_for(ports: Ports, proposal: Proposal, me: PersonId) -> Scene:
    """Return what the sentences about a stored proposal need."""
    return await ports.store.read(lambda tx: load_scene(tx, proposal, me))


def load_scene(tx: Tx, proposal: Proposal, me: PersonId) -> Scene:
    """Read what the sentences about a stored proposal need."""
    programme = tx.programmes.get(proposal.request.programme_id)
    request = proposal.request
    people = then(tx.people.many(dict.fromkeys((me, request.asker, *request.attendees))), proposal)
    return Scene(me, people, load_policy(tx, programme), programme.name)
