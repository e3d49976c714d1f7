"""What is said about taking turns with early and late hours."""

from __future__ import annotations

EARLY, LATE = "early for {names}", "late for {names}"
YOU = "you"
TURNS = (
    "Turns: {first} and {second} in {city}, one session after the other, so that the early and "
    "late hours are shared. In calendars it is one series at {first}; the sessions at {second} "
    "stand in it as moved on their days."
)
EASY = "You asked for turns: {time} {city} is early or late for nobody, so there are none to take."
NO_OTHER = (
    "You asked for turns: no other time of day that fits shares the early and late hours more "
    "evenly, so all sessions are at {time} {city}."
)
BOOKED = "{count} of them are at {time} {city}, in turn."
