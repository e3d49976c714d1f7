"""Forms that a button opens at once, and what can be wrong with them when they come back.

A form is made from stored state alone, because a chat waits for it (Slack three seconds). Where a
chat cannot open forms, the same card is the answer to the button.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.card import Action, Card, Input, InputKind, Note, Style, Text
from bot.converse.week import read_week, week
from bot.speak import people_words, times
from bot.understand.context import Context
from bot.understand.intent import Preference
from bot.understand.read import read
from core.links import Provider
from core.presence import MAIL
from core.timing.zones import local_date, zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.people import Person

MOST_BUFFER, MOST_LENGTH = 240, 480  # minutes
APPLE_PASSWORD = re.compile(r"[a-z]{4}(?:-?[a-z]{4}){3}", re.IGNORECASE)
APPLE = re.compile(r"(?:^|\.)(?:icloud\.com|apple\.com|me\.com)$", re.IGNORECASE)
LONGEST = 2000  # characters of a link


# --- cards ----------------------------------------------------------------------------------------


def preferences_form(person: Person, chats: Sequence[str]) -> Card:
    """Return a person's preferences to be changed; `chats` are the kinds that reach them."""
    reach = [("", people_words.PREF_ANYWHERE)]
    reach += [(kind, people_words.chat(kind)) for kind in (*chats, MAIL)]
    inputs = (
        Input(
            "hours",
            people_words.FORM_HOURS,
            InputKind.TEXT,
            week(person.hours) if person.hours is not None else "",
            hint=people_words.FORM_HOURS_HINT,
            required=False,
        ),
        Input(
            "buffer",
            people_words.FORM_BUFFER,
            InputKind.NUMBER,
            "" if person.buffer is None else str(person.buffer),
            required=False,
        ),
        Input(
            "duration",
            people_words.FORM_LENGTH,
            InputKind.NUMBER,
            str(person.duration or ""),
            required=False,
        ),
        Input("zone", people_words.FORM_ZONE, InputKind.TEXT, person.zone),
        Input("reach", people_words.FORM_REACH, InputKind.CHOICE, person.reach, tuple(reach),
              required=False),
        Input("nudges", people_words.FORM_NUDGES, InputKind.CHOICE,
              "on" if person.nudges else "off", (("on", "on"), ("off", "off"))),
    )  # fmt: skip
    act = Action("prefs:save", "Save", Style.PRIMARY)
    return Card(people_words.FORM_PREFERENCES, (), inputs, (act,))


def window_form(proposal_id: str) -> Card:
    """Return the question for another window, when none of the times suits."""
    entry = Input("when", people_words.FORM_WHEN, InputKind.TEXT, hint=people_words.FORM_WHEN_HINT)
    act = Action(f"window:ask:{proposal_id}", "Look for times", Style.PRIMARY)
    return Card(people_words.FORM_WINDOW, (), (entry,), (act,))


def zone_form(zone: str) -> Card:
    """Return the question for how long another clock is wanted."""
    text = Text(people_words.ZONE_FORM.format(city=times.city(zone)))
    entry = Input("until", people_words.ZONE_DAY, InputKind.TEXT, hint=people_words.ZONE_HINT)
    act = Action(f"zone:days:{zone}", "Save", Style.PRIMARY)
    return Card("", (text,), (entry,), (act,))


def upload_card(url: str) -> Card:
    """Return the way to the page on which a file of people is handed in."""
    parts = (Text(people_words.UPLOAD), Note(people_words.UPLOAD_NOTE))
    act = Action("upload:page", people_words.UPLOAD_BUTTON, Style.PRIMARY, url=url)
    return Card("", parts, (), (act,))


# --- what comes back ------------------------------------------------------------------------------


def with_preferences(person: Person, values: Mapping[str, str]) -> Person:
    """Return the person with what a form of preferences says. Raises ValueError for what
    `preference_problems` names. What a form of an older version does not ask stays as it is.
    """
    if "hours" not in values:  # every form of ours asks for them, and every chat sends them
        values = {**_standing(person), **values}
    hours = values.get("hours", "").strip()
    buffer, duration = values.get("buffer", "").strip(), values.get("duration", "").strip()
    return replace(
        person,
        hours=read_week(hours) if hours else None,
        buffer=_number(buffer, 0, MOST_BUFFER) if buffer else None,
        duration=_number(duration, 5, MOST_LENGTH) if duration else None,
        zone=zone_of(values.get("zone", "").strip() or person.zone).key,
        reach=values.get("reach", person.reach),
        nudges=values.get("nudges", "on" if person.nudges else "off") != "off",
    )


def _standing(person: Person) -> dict[str, str]:
    """Return what a form of preferences would show of hours and lengths."""
    found = {entry.name: entry.value for entry in preferences_form(person, ()).inputs}
    return {name: found[name] for name in ("hours", "buffer", "duration")}


def _number(text: str, least: int, most: int) -> int:
    """Return a whole number. Raises ValueError."""
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def day_to_come(text: str, now: int, zone: str) -> date | None:
    """Return the last day of "until Friday"; None for what is no day from today on."""
    said = re.sub(r"(?i)^\s*(?:only )?until\s+", "", text).strip()
    reading = read(f"I am away until {said}", Context(now=now, zone=zone))
    days = [w.last for w in reading.preferences if w.kind is Preference.AWAY and w.last]
    if len(days) != 1:
        return None
    last = date.fromisoformat(days[0])
    return last if last >= local_date(now, zone) else None


# --- what is wrong with it ------------------------------------------------------------------------


def problems(verb: str, values: Mapping[str, str], now: int, zone: str) -> dict[str, str]:
    """Return what is wrong with a form that was sent, by input; `verb` is its button's id."""
    for start, check in CHECKS:
        if verb == start or verb.startswith(f"{start}:"):
            return {name: text for name, text in check(values, now, zone).items() if text}
    return {}


def _account(values: Mapping[str, str], _now: int, _zone: str) -> dict[str, str]:
    """Check a CalDAV account; only Apple's passwords have a shape."""
    found = _needed(values, "username", "password")
    server = values.get("server", "").strip()
    if server and urlsplit(server).scheme != "https":
        found["server"] = people_words.BAD_ADDRESS
    host = urlsplit(server).hostname or ""
    password = values.get("password", "").strip()
    if password and (not server or APPLE.search(host)) and not APPLE_PASSWORD.fullmatch(password):
        found["password"] = people_words.APPLE_SHAPE
    return found


def _preferences(values: Mapping[str, str], _now: int, _zone: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, least, most in (("buffer", 0, MOST_BUFFER), ("duration", 5, MOST_LENGTH)):
        bad = people_words.BAD_NUMBER.format(least=least, most=most)
        found[name] = _checked(partial(_number, least=least, most=most), values.get(name), bad)
    found["hours"] = _checked(read_week, values.get("hours"), people_words.BAD_HOURS)
    found["zone"] = _checked(zone_of, values.get("zone"), people_words.BAD_ZONE)
    return found


def _checked(read_it: Callable[[str], object], text: str | None, problem: str) -> str:
    """Return the problem of an entry that is not empty and cannot be read."""
    if not (text or "").strip():
        return ""
    try:
        read_it((text or "").strip())
    except ValueError:
        return problem
    return ""


def _window(values: Mapping[str, str], _now: int, _zone: str) -> dict[str, str]:
    return _needed(values, "when")


def _days(values: Mapping[str, str], now: int, zone: str) -> dict[str, str]:
    known = day_to_come(values.get("until", ""), now, zone)
    return {} if known else {"until": people_words.ZONE_NO_DAY}


def _link(values: Mapping[str, str], _now: int, _zone: str) -> dict[str, str]:
    link = values.get("link", "").strip()
    good = not link or (urlsplit(link).scheme == "https" and len(link) <= LONGEST)
    return {} if good else {"link": people_words.BAD_ADDRESS}


def _needed(values: Mapping[str, str], *names: str) -> dict[str, str]:
    return {n: people_words.NEEDED for n in names if not values.get(n, "").strip()}


CHECKS = (
    (f"connect:verify:{Provider.CALDAV}", _account),
    ("prefs:save", _preferences),
    ("window:ask", _window),
    ("zone:days", _days),
    ("link:save", _link),
)
