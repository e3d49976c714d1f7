"""What people want of their sessions: how many at most, which times rather."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from bot.speak import wish_words
from bot.understand.intent import Preference
from core.ids import ProgrammeId
from core.people import Wishes
from core.timing.hours import as_weekly

if TYPE_CHECKING:
    from bot.understand.intent import PreferenceChange
    from core.people import Person

KINDS = frozenset({Preference.DAILY_LIMIT, Preference.WEEKLY_LIMIT})
WEEKS = ("preferred", "hours")


def apply(person: Person, wish: PreferenceChange) -> tuple[Person, str]:
    """Return the person with one wish granted, and what to say of it. Raises ValueError."""
    most = None if wish.remove else wish.minutes
    if wish.kind is Preference.DAILY_LIMIT:
        said = replace(person.wishes, daily=most)
        pattern = wish_words.DAILY if most else wish_words.NO_DAILY
    else:
        said = replace(person.wishes, weekly=most)
        pattern = wish_words.WEEKLY if most else wish_words.NO_WEEKLY
    return person.with_wishes(said), pattern.format(count=wish_words.sessions(most or 0))


def rows_of(person: Person) -> list[tuple[str, str]]:
    """Return what is kept, for the list; nothing for what was never said."""
    most = _limits(person.wishes)
    return [(wish_words.PREF_MOST, most)] if most else []


def _limits(wishes: Wishes) -> str:
    """Return "at most 2 sessions a day, at most 5 sessions a week", empty without limits."""
    kept = ((wishes.daily, wish_words.DAILY), (wishes.weekly, wish_words.WEEKLY))
    return ", ".join(said.format(count=wish_words.sessions(n)) for n, said in kept if n)


def as_json(person: Person) -> dict[str, Any]:
    """Return what is kept, for undo."""
    return {
        "wishes": _plain(person.wishes),
        "apart": tuple((programme, _plain(one)) for programme, one in person.apart),
        "country": person.country,
        "tentative": person.tentative,
    }


def restored(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a person among what was stored for undo."""
    back: dict[str, Any] = {}
    if "wishes" in stored:
        back["wishes"] = _wishes(stored["wishes"])
    if "apart" in stored:
        back["apart"] = tuple((ProgrammeId(name), _wishes(one)) for name, one in stored["apart"])
    return back


def _plain(wishes: Wishes) -> tuple[tuple[str, Any], ...]:
    """Return what was said as pairs, which compare alike before and after storing."""
    return tuple((name, value) for name, value in asdict(wishes).items() if value is not None)


def _wishes(stored: Any) -> Wishes:
    values: dict[str, Any] = {name: as_weekly(v) if name in WEEKS else v for name, v in stored}
    return Wishes(**values)
