"""Which times suit most of a group, and who cannot: for the asker alone, without reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.message import Outgoing
from bot.speak import group_words, times, words
from core.booking.proposal import ProposalState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.card import TimeLine
    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import MeetingRequest, Proposal, Slot
    from core.finding.compromise import Partly
    from core.use_cases.find_times import Finding


LISTED, SHOWN = 8, 4  # names that are listed in full; of more only the first


def partly(scene: Scene, finding: Finding) -> list[str]:
    """Return "Tue 27 Oct 14:00 London suits 4 of 5: Sam cannot." for each such time.

    Whether somebody is busy, away or outside their hours is not said; the asker may ask why.
    """
    others = [p for p in finding.request.attendees if p != finding.request.asker]
    said = [_line(scene, item, len(others)) for item in finding.partly]
    return [*said, group_words.PARTLY_HOW] if said and finding.proposal is None else said


def ask_most(scene: Scene, finding: Finding) -> list[Action]:
    """Return a button for each time that suits most: it asks them, and whom it does not suit as
    optional people.
    """
    proposal, zone = finding.proposal, scene.people[scene.me].zone
    if proposal is None:
        return []
    return [
        Action(f"most:{proposal.id}:{item.start}", _label(scene, finding, item, zone))
        for item in finding.partly
    ]


def _label(scene: Scene, finding: Finding, item: Partly, zone: str) -> str:
    others = [p for p in finding.request.attendees if p != finding.request.asker]
    asked = [p for p in others if p not in item.missing]
    when = times.moment(item.start, zone, finding.now)
    if len(asked) == 1:
        return group_words.ASK_ONE.format(name=scene.name(asked[0]), time=when)
    return group_words.ASK_MOST.format(count=words.count(len(asked)), time=when)


def asked(scene: Scene, finding: Finding) -> list[str]:
    """Return that the optional people are asked, too, but not waited for."""
    optional = [p for p in finding.request.optional if p != scene.me]
    if not optional:
        return []
    names = few([scene.people[p].name for p in optional])
    return [group_words.OPTIONAL.format(names=names)]


def standing(scene: Scene, item: Proposal) -> list[str]:
    """Return what only the asker reads of the optional people: who of them cannot come."""
    if scene.me != item.request.asker or not item.is_open:
        return []
    optional = [p for p in item.request.attendees if p not in item.request.needed]
    out = [p for p in optional if item.has_declined(p)]
    names = few([scene.people[p].name for p in out])
    return [group_words.CANNOT_OPTIONAL.format(names=names)] if out else []


def votes(scene: Scene, item: Proposal) -> list[str]:
    """Return how many can come when; only the asker reads who cannot."""
    zone, mine = scene.people[scene.me].zone, scene.me == item.request.asker
    out = [p for p in item.request.needed if item.has_declined(p)]
    lines: list[str] = []
    for slot in sorted(item.slots, key=lambda slot: slot.start):
        one = item.standing(slot.start)
        if not one.yes:
            continue
        when = times.moment(slot.start, zone, item.made_at)
        names = few([scene.people[p].name for p in one.yes])
        pattern = group_words.CAN_DO_WHO if mine else group_words.CAN_DO
        line = pattern.format(yes=len(one.yes), all=one.number, times=when, names=names)
        no = [scene.people[p].name for p in one.no if p not in out]
        lines.append(f"{line} {group_words.CANNOT.format(names=few(no))}" if mine and no else line)
    if mine and out:
        names = few([scene.people[p].name for p in out])
        lines.append(group_words.CANNOT_ANY.format(names=names))
    return lines


def proposed(scene: Scene, item: Proposal) -> tuple[str, Action] | None:
    """Return the best time of a vote that came to no agreement, and the button that books it.

    For the asker alone: when everybody has answered, and after the vote has expired.
    """
    waiting = [p for p in item.waiting_for() if p != item.request.asker]
    over = item.state is ProposalState.EXPIRED
    if scene.me != item.request.asker or not (over or (item.is_open and not waiting)):
        return None
    best = item.favourite(item.expires_at if over else item.made_at)
    if best is None:
        return None
    when = times.moment(best.start, scene.people[scene.me].zone, item.made_at)
    facts = {"time": when, "yes": len(best.yes), "all": best.number}
    names = few([scene.people[p].name for p in best.missing])
    label = group_words.GO_AHEAD.format(**facts)
    action = Action(f"settle:{item.id}:{best.start}", label, Style.PRIMARY)
    said = group_words.BEST if names else group_words.BEST_ALL
    return said.format(names=names, **facts), action


def few(names: Sequence[str]) -> str:
    """Return names as a list, of many only the first and how many others."""
    if len(names) <= LISTED:
        return words.listed(names)
    return words.listed([*names[:SHOWN], group_words.OTHERS.format(count=len(names) - SHOWN)])


def missing(scene: Scene, request: MeetingRequest, slot: Slot, line: TimeLine) -> TimeLine:
    """Return a time with who is optional and not free then, which only the asker reads."""
    if scene.me != request.asker or not slot.missing:
        return line
    names = few([scene.name(p) for p in slot.missing])
    detail = group_words.WITHOUT.format(names=names)
    return replace(line, detail=f"{line.detail} · {detail}" if line.detail else detail)


def invited(item: Meeting, text: str) -> Outgoing:
    """Return the invitation of an optional person to a session that stands without them."""
    actions = (
        Action(f"mailed:{item.id}:ACCEPTED", group_words.COME, Style.PRIMARY),
        Action(f"mailed:{item.id}:DECLINED", group_words.NOT_COME),
    )
    return Outgoing(text, Card(actions=actions), f"meeting:{item.id}")


def _line(scene: Scene, item: Partly, number: int) -> str:
    """Return one time, and for how many it is."""
    pattern = group_words.PARTLY_UNKNOWN if item.unknown else group_words.PARTLY
    return pattern.format(
        time=times.moment(item.start, scene.people[scene.me].zone),
        able=number - len(item.missing) - len(item.unknown),
        all=number,
        names=few([scene.people[p].name for p in item.missing]),
        unknown=few([scene.people[p].name for p in item.unknown]),
    )
