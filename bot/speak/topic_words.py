"""What is said about the agenda of a session. People's own words are shown as plain text."""

from __future__ import annotations

ABOUT = "About: {agenda}"
LABEL = "Agenda"

SAVED = (
    "Saved: the agenda of your session with {names} on {time} is “{agenda}”. The others and "
    "everybody's calendar get it as an update."
)
SAVED_SERIES = (
    "Saved: the agenda of your series with {names} is “{agenda}”, for every session to come. The "
    "others and everybody's calendar get it as an update."
)
CLEARED = "The agenda of your session with {names} on {time} is empty now."
CLEARED_SERIES = "The agenda of your series with {names} is empty now."
BACK = "The agenda of your session with {names} on {time} is “{agenda}” again."
BACK_EMPTY = "The agenda of your session with {names} on {time} is empty again."
BACK_SERIES = (
    "The agenda of your series with {names} is as it was before, for every session to come."
)
BACK_NOTED = "The session is about “{agenda}” again."
WRITTEN_SINCE = "That agenda was written to since, so I leave it as it is."
OWN = "The other sessions of the series keep theirs."
SAME = "That is what the agenda says already: “{agenda}”."
SAME_EMPTY = "There is no agenda yet. Say “agenda: …” to write one."
NOTED = "Noted: the session is about “{agenda}”. It stands in the invitation once it is booked."
NOTED_EMPTY = "The session has no agenda any more."
WHICH = "For which session is the agenda “{agenda}”?"
WHICH_CLEAR = "Which session's agenda shall be emptied?"
NONE = "You have no session to come that I could write an agenda for. Book one first."
OVER = "That session is over or called off, so its agenda stays as it is."
