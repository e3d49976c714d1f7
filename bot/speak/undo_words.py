"""What is said when a move or a series is taken back, or cannot be."""

from __future__ import annotations

MOVE_BACK = "Undone: the session with {names} is on {time} again, and {names} has been told."
MOVE_BACK_MANY = "Undone: the session is on {time} again, and {names} have been told."
TAKEN = "I cannot move it back to {time}: {names} {busy} no longer free then. It stays where it is."
TAKEN_NOBODY = "I cannot move it back to {time} any more. It stays where it is."
OVER = "Its old time, {time}, has passed, so it stays where it is."
UNCHECKED = (
    "I could not check the calendar of {names}, so I do not move it back to {time} without asking. "
    "It stays where it is."
)
REOPENED = "What had been proposed before stands again, until its own end."
SERIES_BACK = "Undone: the series with {names} is called off, and {names} {has} been told."
SERIES_AGREED = (
    "All of you have agreed to the new times, so I do not change them back without asking. Say "
    "“change the rest of the series to 2pm”, with the time you had, and I ask {names}."
)
SERIES_ENDED = (
    "What was called off is gone from everybody's calendar, so I do not bring it back without "
    "asking. Say “{rhythm} with {names}”, and for how long, and I ask {names}."
)
SERIES_HOW = "You can still end the series, or skip and move single sessions."
SESSION_APART = (
    "It stands on its own now: what you end or move of the series leaves it as it is, so change it "
    "by itself."
)
