"""What would open times, as buttons that do it; what each of them does is all in its id."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.card import Action
from bot.speak import series_codes, times, unlock_words
from core.booking.proposal import MeetingRequest, Wish
from core.finding.request import Ease
from core.finding.unlocking import Means, Way
from core.ids import MeetingId, PersonId, ProgrammeId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.speak.reasons import Scene
    from core.finding.explain import Unlock

SHOWN = 3
LONGEST_ID, LONGEST_LABEL = 255, 75  # of a button, in the strictest of the chats
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LATEST = 2**33  # epoch seconds
MYSELF, OPTIONAL, MOVES = ".", "~", "!"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a button asks for: a request without its people where it moves a session."""

    request: MeetingRequest
    moves: MeetingId | None


def buttons(
    scene: Scene, request: MeetingRequest, ways: Sequence[Way], *, later: bool = True
) -> list[Action]:
    """Return a button for each of the best ways; without `later`, none that looks elsewhere."""
    found: list[Action] = []
    for way in ways:
        if way.means is Means.LATER and not later:
            continue
        code = encode(changed(request, way))
        label = _label(scene, way)
        if len(code) <= LONGEST_ID and len(label) <= LONGEST_LABEL:
            found.append(Action(code, label))
    return found[:SHOWN]


def asking(request: MeetingRequest, found: Sequence[Unlock]) -> list[Action]:
    """Return the button that asks the administrators about the rule that would open most."""
    rules = [u.objection.kind for u in found if u.objection.kind in unlock_words.ALLOW]
    return [
        Action(f"allow:{rule.value}:{request.programme_id}", unlock_words.ALLOW[rule])
        for rule in rules[:1]
    ]


def changed(request: MeetingRequest, way: Way) -> MeetingRequest:
    """Return the request with one change made."""
    if way.means is Means.SHORTER:
        wish = request.series
        if wish is not None:
            wish = replace(wish, pattern=replace(wish.pattern, minutes=way.minutes))
        return replace(request, minutes=way.minutes, series=wish)
    if way.means is Means.LATER:
        return replace(request, windows=way.windows, starts=())
    if way.ease is None or way.person_id is None:
        return request
    return replace(request, eased=(*request.eased, (way.ease, way.person_id)))


def _label(scene: Scene, way: Way) -> str:
    if way.means is Means.SHORTER:
        return unlock_words.SHORTER.format(length=times.length(way.minutes))
    if way.means is Means.ASK and way.person_id is not None:
        return unlock_words.ASK.format(name=scene.name(way.person_id))
    return unlock_words.EASE[way.ease] if way.ease else unlock_words.LATER


def intro(scene: Scene, request: MeetingRequest) -> list[str]:
    """Return what is set aside in a request, as sentences for its asker."""
    own = [unlock_words.EASED[ease] for ease, who in request.eased if who == scene.me]
    theirs = [unlock_words.ASKED.format(name=scene.name(who)) for who in request.exceptions]
    return own + theirs


# --- the id of a button -----------------------------------------------------------------------


def encode(request: MeetingRequest) -> str:
    """Return the id of the button that searches for a request of the one who presses it."""
    me = request.asker
    who = [f"{OPTIONAL * (p in request.optional)}{_who(p, me)}" for p in request.attendees]
    wish = request.series
    return ":".join(
        (
            "try",
            ",".join(f"{ease.value[0]}{_who(p, me)}" for ease, p in request.eased),
            request.programme_id,
            str(request.minutes),
            ",".join(f"{_short(a)}-{_short(b)}" for a, b in request.windows),
            ",".join(_short(start) for start in request.starts),
            f"{MOVES}{request.moves}" if request.moves else ",".join(who),
            *([series_codes.encode(wish.pattern)] if wish else []),
        )
    )


def decode(args: Sequence[str], me: PersonId, zone: str) -> Tried:
    """Return what a button asks for. Raises ValueError for one of another version."""
    eased, programme, minutes, windows, starts, who, *series = args
    number = minutes.isascii() and minutes.isdecimal() and len(minutes) <= 4
    if len(series) > 1 or not (number and windows and who):
        message = "no such button"
        raise ValueError(message)
    known = {ease.value[0]: ease for ease in Ease}
    listed = [] if who.startswith(MOVES) else who.split(",")
    ids = [_whom(p.lstrip(OPTIONAL), me) for p in listed]
    if len(set(ids)) < len(ids):
        message = "somebody comes twice"
        raise ValueError(message)
    request = MeetingRequest(
        programme_id=ProgrammeId(programme),
        asker=me,
        attendees=tuple(ids),
        minutes=int(minutes),
        windows=tuple(sorted(_window(one) for one in windows.split(","))),
        zone=zone,
        starts=tuple(_long(one) for one in starts.split(",") if one),
        optional=tuple(i for i, p in zip(ids, listed, strict=True) if p.startswith(OPTIONAL)),
        eased=tuple(_eased(one, known, me) for one in eased.split(",") if one),
        series=Wish(series_codes.decode(series[0], int(minutes))) if series else None,
    )
    return Tried(request, MeetingId(who[1:]) if who.startswith(MOVES) else None)


def _who(person_id: PersonId, me: PersonId) -> str:
    return MYSELF if person_id == me else person_id


def _whom(text: str, me: PersonId) -> PersonId:
    return me if text == MYSELF else PersonId(text)


def _eased(text: str, known: dict[str, Ease], me: PersonId) -> tuple[Ease, PersonId]:
    ease, who = known.get(text[:1]), _whom(text[1:], me)
    if ease is None or (ease is not Ease.HOURS and who != me):
        message = "nothing that can be set aside"
        raise ValueError(message)
    return ease, who


def _window(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if _long(first) > _long(last):
        message = f"no time: {text}"
        raise ValueError(message)
    return _long(first), _long(last)


def _short(instant: int) -> str:
    """Return an instant in few characters."""
    text = ""
    while instant:
        instant, digit = divmod(instant, 36)
        text = DIGITS[digit] + text
    return text or "0"


def _long(text: str) -> int:
    """Return the instant. Raises ValueError."""
    instant = int(text, 36) if text.isalnum() and len(text) < 8 else LATEST + 1
    if instant > LATEST:
        message = f"no instant: {text}"
        raise ValueError(message)
    return instant
