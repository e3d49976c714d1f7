"""What people want of their sessions: how many at most, which times rather, for which programme."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.card import Action
from bot.converse.week import week
from bot.speak import times, wish_words
from bot.understand.intent import Preference
from core.ids import ProgrammeId
from core.people import Wishes
from core.timing.hours import as_weekly, both
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from bot.understand.intent import PreferenceChange
    from core.almanac import Almanac
    from core.people import Person
    from core.policy import Policy

TENTATIVE = {Preference.TENTATIVE_FREE: False, Preference.TENTATIVE_BUSY: True}
KINDS = frozenset(
    {
        Preference.DAILY_LIMIT,
        Preference.WEEKLY_LIMIT,
        Preference.PREFER,
        Preference.HOLIDAYS,
        *TENTATIVE,
    }
)
YEAR, WEEKEND = 366, 5
WEEKS = ("preferred", "hours")


def apply(
    person: Person, wish: PreferenceChange, policy: Policy, almanac: Almanac, now: int
) -> tuple[Person, str]:
    """Return the person with one wish granted, and what to say of it. Raises ValueError."""
    if wish.kind is Preference.HOLIDAYS:
        return _holidays(person, wish, almanac, now)
    if wish.kind in TENTATIVE:
        blocks = None if wish.remove else TENTATIVE[wish.kind]
        return replace(person, tentative=blocks), wish_words.TENTATIVE[blocks]
    if wish.kind is Preference.PREFER:
        return _prefer(person, wish, policy)
    most = None if wish.remove else wish.minutes
    if wish.place:
        raise ValueError(wish_words.LIMIT_UNIT.format(unit=wish.place))
    if most == 0:
        raise ValueError(wish_words.LIMIT_NONE)
    if wish.kind is Preference.DAILY_LIMIT:
        said = replace(person.wishes, daily=most)
        pattern = wish_words.DAILY if most else wish_words.NO_DAILY
    else:
        said = replace(person.wishes, weekly=most)
        pattern = wish_words.WEEKLY if most else wish_words.NO_WEEKLY
    return person.with_wishes(said), pattern.format(count=wish_words.sessions(most or 0))


def _holidays(
    person: Person, wish: PreferenceChange, almanac: Almanac, now: int
) -> tuple[Person, str]:
    """Keep whose public holidays are kept free; the next one is named."""
    if wish.remove:
        return replace(person, country=""), wish_words.NO_HOLIDAYS
    place = almanac.find(wish.place or "")
    if not place:
        raise ValueError(wish_words.HOLIDAYS_UNKNOWN.format(place=(wish.place or "").title()))
    return replace(person, country=place), keep_holidays(person, place, almanac, now)


def holidays_button(
    person: Person, said: Iterable[PreferenceChange], almanac: Almanac
) -> tuple[Action, ...]:
    """Offer the holidays of the country that somebody says they are in; they may not want them."""
    places = [almanac.find(wish.place) for wish in said if wish.place]
    if len(places) != 1 or not places[0] or places[0] == person.country:
        return ()
    label = wish_words.HOLIDAYS_KEEP.format(place=almanac.name(places[0]))
    return (Action(f"wishes:country:{places[0]}", label),)


def keep_holidays(person: Person, place: str, almanac: Almanac, now: int) -> str:
    """Return what is said when the holidays of a place are kept."""
    today = local_date(now, person.zone)
    coming = next_holiday(almanac, place, today)
    return wish_words.HOLIDAYS.format(place=almanac.name(place), next=coming)


def next_holiday(almanac: Almanac, place: str, today: date) -> str:
    """Return the next holiday of a place that is on a weekday, "Fri 25 Dec, Christmas Day"."""
    days = almanac.holidays(place, today, today + timedelta(days=YEAR))
    coming = [(day, name) for day, name in days.items() if day.weekday() < WEEKEND]
    if not coming:
        return wish_words.HOLIDAYS_NONE
    day, name = coming[0]
    return wish_words.HOLIDAYS_NEXT.format(day=times.day_name(day, today), name=name)


def _prefer(person: Person, wish: PreferenceChange, policy: Policy) -> tuple[Person, str]:
    """Keep the times that are liked better, as far as they lie in the hours at all."""
    if wish.remove:
        return person.with_wishes(replace(person.wishes, preferred=None)), wish_words.NO_PREFERRED
    open_ = policy.weekly if person.hours is None else both(policy.weekly, person.hours)
    liked = as_weekly([(a, b) for day, a, b in wish.weekly if day == number] for number in range(7))
    if not any(both(open_, liked)):
        raise ValueError(wish_words.PREFERRED_NEVER.format(hours=week(open_)))
    kept = person.with_wishes(replace(person.wishes, preferred=liked))
    return kept, wish_words.PREFERRED.format(times=week(liked))


FIELDS = {
    Preference.NOT_BEFORE: "hours",
    Preference.NOT_AFTER: "hours",
    Preference.DAYS_OFF: "hours",
    Preference.PART_OFF: "hours",
    Preference.AVAILABILITY: "hours",
    Preference.BUFFER: "buffer",
    Preference.DURATION: "duration",
    Preference.DAILY_LIMIT: "daily",
    Preference.WEEKLY_LIMIT: "weekly",
    Preference.PREFER: "preferred",
}


def apply_apart(
    person: Person,
    wish: PreferenceChange,
    programme_id: ProgrammeId,
    general: Callable[[Person], tuple[Person, str]],
) -> tuple[Person, str]:
    """Return the person with a wish granted in one programme alone, and what to say of it.

    `general` grants it to somebody everywhere. Raises ValueError.
    """
    field = FIELDS.get(wish.kind)
    if field is None:
        raise ValueError(wish_words.NOT_APART)
    values: dict[str, Any] = {field: None}
    said = wish_words.AS_GENERAL.format(what=wish_words.FIELDS[field])
    if not wish.remove:
        there, said = general(person.within(programme_id))
        values[field] = getattr(there if hasattr(there, field) else there.wishes, field)
    own = replace(person.wishes_for(programme_id), **values)
    return person.with_wishes(own, programme_id), said


def rows_of(person: Person, almanac: Almanac) -> list[tuple[str, str]]:
    """Return what is kept, for the list; nothing for what was never said."""
    wishes = person.wishes
    rows = [(wish_words.PREF_MOST, _limits(wishes))]
    if wishes.preferred is not None:
        rows.append((wish_words.PREF_PREFERRED, week(wishes.preferred)))
    if person.country:
        rows.append((wish_words.PREF_HOLIDAYS, almanac.name(person.country)))
    if person.tentative is not None:
        rows.append((wish_words.PREF_TENTATIVE, wish_words.TENTATIVE_ROW[person.tentative]))
    return [(name, said) for name, said in rows if said]


def rows_apart(person: Person, names: Mapping[ProgrammeId, str]) -> list[tuple[str, str]]:
    """Return what is kept for single programmes, one row for each."""
    return [
        (wish_words.PREF_APART.format(programme=names[programme]), _spoken(own))
        for programme, own in person.apart
        if programme in names
    ]


def _spoken(own: Wishes) -> str:
    """Return what somebody wants in one programme, in words."""
    parts = [
        f"hours {week(own.hours)}" if own.hours is not None else "",
        f"buffer {own.buffer} min" if own.buffer is not None else "",
        f"usual length {own.duration} min" if own.duration is not None else "",
        _limits(own),
        wish_words.PREFERRED.format(times=week(own.preferred)) if own.preferred else "",
    ]
    return ", ".join(part for part in parts if part)


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
