"""What is said when a clock change moves a series on somebody's clock."""

from __future__ import annotations

MOVES = (
    "The clocks change in {city} on {day}. Your series with {names}, {rhythm}, is {shift} on your "
    "clock from then on: {first} instead of {before}."
)
LATER, EARLIER = "{length} later", "{length} earlier"
BUSY = "{time}: you are busy then."
HOURS = "{time}: that is outside your hours or the programme's."
UNKNOWN = "{time}: I cannot read your calendar, so I do not know whether you are free."
MORE = "and {count} more sessions."
WHAT = "What shall become of these sessions? Nothing changes until somebody chooses."
NEW_HOME = (
    "Your clock is that of {city} now. Sessions stay when they were agreed, so {count} of yours to "
    "come {is_} outside your hours or the programme's on it."
)
NEW_HOME_WHAT = (
    "Nothing changes until somebody chooses. You can look for other times, or change your hours, "
    "for example: “my hours are 07:00-15:00”."
)
ONE = "{time} with {names}"
SERIES_ONE = "{time} with {names}, and {count} more of that series, until {last}"
REST = "Move the rest of the series"
KEEP = "Keep them as they are"
MOVE = "Move {time}"
STAY = "Keep {time} for me"
KEPT = "Noted: nothing changes, they stay {rhythm}."
STAYING = (
    "So that it stays {time} for you, {names} would have to agree to another time on their clock."
)
GONE = "Those sessions have changed meanwhile, so there is nothing to decide any more."
