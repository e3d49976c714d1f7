"""What is said about series: sessions that repeat."""

from __future__ import annotations

FITS = "{rhythm}: {suits}."
ALL_FIT = "all {count} sessions suit {whom}, {dates}"
SOME_FIT = "{fit} of {count} sessions suit {whom}"
BOTH = "you both"
EVERYBODY = "everybody"
KNOWN = "those whose calendars I could read"
NOTHING = "No session of that series is possible: {reasons}. Which other day or time would do?"
GAP = "{time}: {reasons}. It is left out unless you choose something else below."
GAPS_MORE = "Left out as well: {dates}."
INSTEAD = "instead of {day}"
GAP_MOVE = "{day}: {time}"
GAP_FULL = (
    "{time} does not go with what you chose already: {reasons}. I have changed nothing; the other "
    "choices still stand."
)
GAP_SKIP = "{day}: skip"
GAP_STOP = "{day}: stop before"
SHIFT = "The clocks change meanwhile. For {name}: {times}."
SHIFT_YOU = "The clocks change meanwhile. For you: {times}."
COUNT = (
    "{programme} gives the two of you {limit} sessions, {used} used or booked so far. "
    "With this series it would be {total}: from the {next} on they are more than that."
)
COUNT_ALL = "With this series all {limit} sessions that {programme} gives the two of you are used."
CUT = "A series has at most {most} sessions here, so I let it end on {day}. Tell me an earlier end."
OFFER = "Offer the series"
BOOK = "Book the series"
NONE = "Not this series"
PICK = "Nobody else has seen this yet. {names} can accept the series as a whole."
PICK_NONE = "Nothing is booked yet."
TITLE = "A series with {names}"
FROM = (
    "{name} would like to meet you {rhythm}, {length} each: {count} sessions. Does that suit you?"
)
SKIPPED = "{day} is left out. “{offer}” is the next step."
FROM_OTHER = (
    "{name} would like to arrange a series for {names}, {rhythm}, {length} each: {count} "
    "sessions. Does that suit you?"
)
ACCEPT = "Accept the series"
DECLINE = "None of these"
ALL_OF_IT = "The whole series: {count}, {dates}"
MAIL_SUBJECT = "{name} proposes a series: {rhythm}"
OFFERED = "The series is offered to {names}. I will tell you when they answer."
WAITING = "Noted. Still waiting for {names}."
CONFIRM = "{names} accepted the series. Shall I book it?"
BOOKED = "Booked: {rhythm} with {names}, {count} sessions, {dates}."
BOOKED_SHORT = "Booked: {rhythm}, {count} sessions."
DECLINED_BY = "The series does not suit {name}. Which other day or time shall I try?"
DECLINED_YOU = "Noted: the series does not suit you. {name} has been told."
EXPIRED = "No answer in time from {names}, so the series has lapsed."
EXPIRED_OTHERS = "The series that {name} offered has lapsed."
TAKEN = "None of these times is free any more, so nothing is booked. Which other day or time?"
LOST = "Taken meanwhile, and left out: {dates}."
WHOLE = (
    "A series is accepted as a whole, or but for some days: “all but {day}”. Once it is booked you "
    "can skip or move single sessions."
)
BEYOND = (
    "By now these would be more sessions than you want at most: {dates}. They are booked only if "
    "you say so."
)
BEYOND_SKIP = "All but these"
BEYOND_TAKE = "All of them, this once"
BEYOND_SKIP_MAIL = "The series without these: {dates}"
ASKED_AGAIN = (
    "Noted. Something has changed for {names} since the series was offered, so I have asked there "
    "once more. Nothing is booked yet."
)
LEFT_OUT = "Left out: {dates}."
NO_SUCH_DAY = "No session of that series is on that day. Which one does not suit?"
NOTHING_LEFT = (
    "Then nothing of the series would be left. If it does not suit you, say “none of these”."
)
ANOTHER = "Which other day or time shall I try for the series?"
ROW = "{time}, the next of {count} in a series, the last on {day}"
ROW_LAST = "{time}, the last of a series"
ALL_DATES = "All dates, {name}"
DATES = "Your series with {names}, {rhythm}:"
END = "End the series"
KEEP = "Keep it"
END_SURE = "Shall I end the series with {names}? {count} would be called off: {dates}."
END_COUNTS = "It is late for the one on {day}, so that one counts as used all the same."
END_LEFT = "{count} would stay, the last on {day}."
ENDED = "The series with {names} has ended: {count} called off, {dates}. Nothing more is to come."
ENDED_LEFT = "The series with {names} now ends on {day}: {count} called off, {dates}."
ENDED_BY = "{name} has ended your series, {rhythm}. Nothing more of it is to come."
ENDED_BY_LEFT = "{name} has ended your series, {rhythm}, earlier: the last session is on {day}."
LEFT_CHANGED = "This series has changed, see below."
NOTHING_LATER = "Nothing of that series is to come then, so I have changed nothing."
NO_SERIES = "You have no series in which anything is to come."
WHICH = "Which series do you mean?"


def sessions(number: int) -> str:
    """Return "one session", "7 sessions"."""
    return "one session" if number == 1 else f"{number} sessions"
