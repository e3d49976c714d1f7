"""How a sentence shows that it goes on with what was said: by a mark such as "no" or "make it", by
being little but a time, a length or a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.converse import series_corrections
from bot.understand.intent import Intent

if TYPE_CHECKING:
    from bot.understand.constraint import TimeConstraint
    from bot.understand.intent import Reading

MARK = re.compile(
    r"^\W*(?:no|nope|sorry|oops|wait|actually|rather|i meant?|i said|not that|make (?:it|that)|"
    r"make them|better|instead|the other|let'?s (?:do|make it|say)|can (?:it|we) (?:be|do|make it))"
    r"\b",
    re.IGNORECASE,
)
BARE_MINUTES = re.compile(
    r"\b(?:make (?:it|that)|rather|better|let'?s (?:do|say|make it)|do)\W+(?:for )?(\d{1,3})\W*$",
    re.IGNORECASE,
)
LASTING = re.compile(  # "no sessions on Fridays", "actually at most 2 sessions a week"
    r"^\W*no (?:sessions?|meetings?|calls?|appointments?|weekends?)\b|"
    r"\b(?:sessions?|meetings?|calls?|\d+|one|two|three) (?:a|per|each|every) (?:day|week)\b",
    re.IGNORECASE,
)
BUT = re.compile(  # "works for me, but only 20 minutes"
    r"^\W*(?:(?:yes|yeah|ok|okay|fine|good|great|perfect|sure|(?:that )?works(?: for me)?)\W+)+"
    r"but\b",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"^\W*(?:(?:yes|ok|okay|fine|great|good|please)\W+)*(?:and|plus|also|add|invite|include|bring)\b|"
    r"\b(?:too|as well|also)\b",
    re.IGNORECASE,
)
BOOKS = re.compile(r"\b(?:book|schedule|find|arrange|plan|organi[sz]e|set up)\b", re.IGNORECASE)
INSTEAD = re.compile(r"\binstead\W*$", re.IGNORECASE)
SAME = re.compile(r"^\W*(?:the )?same (?:time|hour)\b", re.IGNORECASE)
ORDERS = re.compile(
    r"\b(?:book|schedule|find|arrange|plan|organi[sz]e|set up|set|meet|meeting|need|session|call|"
    r"slot|appointment|see|every|each)\b",
    re.IGNORECASE,
)
ABOUT_IT = frozenset(
    {
        Intent.BOOK,
        Intent.AVAILABILITY,
        Intent.COUNTER,
        Intent.RESCHEDULE,
        Intent.ACCEPT,
        Intent.DECLINE,
        Intent.MORE_TIMES,
        Intent.SET_PREFERENCES,
        Intent.OUT_OF_SCOPE,
        Intent.UNKNOWN,
    }
)
OTHER = re.compile(r"\b(?:the )?other\b", re.IGNORECASE)
FEW = 6  # words


def is_marked(text: str) -> bool:
    """Tell whether a sentence begins as a correction does: "no, ...", "ok, but ..."."""
    return any(mark.match(text) for mark in (MARK, BUT, SAME))


def lasts(reading: Reading) -> bool:
    """Tell whether a sentence is a preference for ever: "no sessions on Fridays"."""
    return reading.intent is Intent.SET_PREFERENCES and LASTING.search(reading.text) is not None


def says_something(reading: Reading) -> bool:
    """Tell whether a correction names people, times or a length."""
    people = bool(reading.people or reading.without)
    return people or says_when(reading) or minutes_of(reading) is not None


def is_about_people(reading: Reading) -> bool:
    """Tell whether a sentence adds people to what was just found, or takes some away."""
    if reading.without:
        return True
    other = INSTEAD.search(reading.text) or ADDS.search(reading.text)
    asks = reading.intent is Intent.AVAILABILITY or BOOKS.search(reading.text)
    return bool(reading.people and other and not asks)


def is_length(reading: Reading) -> bool:
    """Tell whether a sentence is but another length: "works for me, but only 20 minutes"."""
    marked = any(mark.match(reading.text) for mark in (MARK, BUT))
    alone = reading.time is None and not (reading.people or reading.recurrence or reading.choice)
    short = marked or ORDERS.search(reading.text) is None
    return alone and short and reading.intent in ABOUT_IT and minutes_of(reading) is not None


def is_part(reading: Reading) -> bool:
    """Tell whether a sentence is but an hour or a length: "after 3", "30 minutes is enough"."""
    if reading.people or reading.recurrence or reading.choice or ORDERS.search(reading.text):
        return False
    time = reading.time
    if time is None or not (time.options or time.exclude):
        return reading.duration_minutes is not None and reading.intent is not Intent.ACCEPT
    return all(span.dates is None for span in (*time.options, *time.exclude))


def refines(reading: Reading) -> bool:
    """Tell whether a sentence goes on with a wish: "no, Friday", "after 3", "next week instead"."""
    marked = is_marked(reading.text) or INSTEAD.search(reading.text) is not None
    bare = reading.time is not None and len(reading.text.split()) <= FEW
    anew = reading.intent is Intent.RESCHEDULE and not marked  # "move it to 4pm"
    alone = not (anew or reading.people or reading.recurrence or reading.choice)
    short = marked or (bare and ORDERS.search(reading.text) is None) or is_part(reading)
    lasting = reading.intent is Intent.SET_PREFERENCES
    says = says_when(reading) or minutes_of(reading) is not None
    return alone and short and says and not lasting and reading.intent in ABOUT_IT


def says_when(reading: Reading) -> bool:
    """Tell whether a correction names times that are wanted, or that are not."""
    time = reading.time
    return time is not None and bool(time.options or time.exclude)


def minutes_of(reading: Reading) -> int | None:
    """Return the length a correction names; a bare number is one where it can be no hour."""
    if series_corrections.STEP.search(reading.text):
        return None  # "20 minutes earlier" is no length
    bare = BARE_MINUTES.search(reading.text)
    if reading.duration_minutes is None and bare and when_of(reading) is None:
        return int(bare[1])
    return reading.duration_minutes


def when_of(reading: Reading) -> TimeConstraint | None:
    """Return the time a correction names."""
    return reading.time if reading.time and reading.time.options else None
