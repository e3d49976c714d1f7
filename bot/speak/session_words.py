"""Sentences about what happens around a session: reminders, running late, whether it took place,
how many a pair has, calling one off late, proposals nobody answers, taking things back.
"""

from __future__ import annotations

ORDINALS = ("th", "st", "nd", "rd")


def ordinal(number: int) -> str:
    """Return "1st", "12th", "23rd"."""
    teen = number % 100 in (11, 12, 13)
    last = number % 10
    return f"{number}{ORDINALS[last] if not teen and last < len(ORDINALS) else 'th'}"


# --- reminders ----------------------------------------------------------------------------------

REMINDER = "Your session with {names} is on {time}."
REMINDER_SOON = "Your session with {names} begins in {left}: {time}."
REMINDER_OVER = "You were reminded of this session once more, see below."
LATE_BUTTON = "I'm running late"
MOVE_BUTTON = "Move it"
REMINDERS_SET = "reminders {leads} before each session"
REMINDERS_NONE = "no reminders before sessions"
REMINDERS_PLAIN = "reminders as the programme has them"
REMINDERS_BAD = (
    "I can remind you from 5 minutes to 14 days before a session, at most five times. For example: "
    "remind me 2 hours before."
)
PREF_REMINDERS = "Reminders before sessions"
PREF_NONE = "none"
NUDGES_OFF = (
    "You have switched all reminders off, so I keep that for later: write “reminders on” first."
)

# --- running late -------------------------------------------------------------------------------

LATE_TOLD = "I told {names} that you come {minutes} minutes late."
LATE_FROM = "{name} is running {minutes} minutes late for your session of {time}."
LATE_WHAT = "What shall become of the session?"
LATE_WHAT_PARTNER = "You can choose what becomes of it; until then nothing changes."
LATE_BUSY = "A later time is not possible: {names} {busy} then."
LATE_BUSY_VERB = {False: "is busy", True: "are busy"}
LATE_UNKNOWN = "I could not check the calendar of {names}, who would have to choose a later time."
LATE_KEEP = "Keep the end, {time}"
LATE_MOVE = "Move to {time}"
LATE_SHORTEN = "Shorten to {time}"
LATE_OTHER = "Find another time"
LATE_HOW = "How late will you be?"
LATE_MINUTES = "{minutes} minutes"
LATE_WHICH = "For which session are you late?"
LATE_NOTHING = "You have no session now or in the next two hours, so I told nobody."
LATE_NEXT = "Your next one: {time} with {names}."
LATE_TOO_MUCH = (
    "{minutes} minutes is more than late, so I told nobody yet. Shall I look for another time, or "
    "cancel the session of {time}?"
)
LATE_KEPT = "All right: it begins {minutes} minutes late and ends as planned. I told {names}."
LATE_KEPT_BY = "{name}: the session of {time} begins {minutes} minutes late and ends as planned."
LATE_CHANGED = "Done: the session is now {time}. Everybody gets one update."
LATE_SETTLED = "That has been settled already: the session is {time}."
LATE_OVER = "That session is over or was called off, so there is nothing to choose any more."
LATE_WAITING = (
    "I could not check the calendar of {names}, so that is theirs to choose: the buttons are in "
    "their chat. Until then nothing changes."
)

# --- did it take place? -------------------------------------------------------------------------

CHECK_IN = "Did your session with {names} on {time} take place?"
CHECK_IN_NOTE = "If I hear nothing for a week, I take it that it did."
HELD = "Thank you! Noted: it took place."
MISSED = "Noted: it did not take place, so it does not count. Shall I look for another time?"
TOO_EARLY = "That session is not over yet."

# --- counts -------------------------------------------------------------------------------------

COUNT = "session {number} of {limit}"
COUNT_OVER = "session {number}, more than the {limit} of {programme}"
COUNT_FULL_OTHERS = (
    "{name} have used or booked {used} of their {limit} sessions: this would be the {next}."
)
COUNT_FULL = (
    "You have used or booked {used} of {limit} sessions with {name}: this would be the {next}. "
    "Your administrator can tell you whether that is all right."
)

COUNTS = "{programme} gives each pair {limit}; {full} used or booked them all."
COUNTS_FREE = "{programme} gives each pair any number of sessions (setting: sessions)."
COUNTS_NO_NEXT = "none"
COUNTS_NONE = "There are no pairs in {programme}."
COUNTS_HEADS = ("Mentor", "Mentee", "Used or booked", "Held", "Missed", "Next")

# --- calling off --------------------------------------------------------------------------------

REASON = "Reason (if you like)"
REASON_HINT = "It goes to the others with the cancellation."
ONLY_ME = "Only I cannot come"
LATE_COUNTS_ONLY = "It is less than {notice} until then, so it counts as your one session."
LATE_COUNTS = (
    "It is less than {notice} until then, so it counts as one of your {sessions} sessions."
)
LATE_COUNTS_PLAIN = "It is less than {notice} until then, so it counts as a session you have had."
LATE_NOT_MOVED = "It cannot be moved any more."
LATE_FREE = "It is less than {notice} until then; because you lead it, it does not count."
CANCELLED_COUNTS = "It counts as one of your sessions."
BECAUSE = "“{reason}”"
THERE_ALREADY = "Your session with {names} is at {time} already, so there is nothing to move."
CANNOT_MOVE = (
    "It is less than {notice} until your session of {time}, and {programme} moves none that late. "
    "You can still cancel it."
)
IS_OVER = "That session is over, so there is nothing to cancel or to move."

# --- proposals that are not answered ------------------------------------------------------------

WIDEN = "{names} has not answered your times yet. Shall I look at a week more?"
WIDEN_MANY = "{names} have not answered your times yet. Shall I look at a week more?"
WIDEN_BUTTON = "Look at more days"
WIDENED = "With one more week:"
ASKED_ANEW = "This question came again, see below."
TOP = "Still no answer from {names}. Shall I ask about the best time alone, {time}?"
TOP_BUTTON = "Ask about that time"
LEAVE_BUTTON = "Leave it"
LEFT_AS_IT_IS = "All right, I leave it as it is."
TOP_ASKED = "I asked {names} about {time} alone. Nothing is booked without their yes."
TOP_RESTING = "{names} is away, or wants no reminders, so I did not ask again."
TOP_GONE = "That proposal is over, so there is nothing to ask any more."
TOP_TIME = "{name} asks about one time: {time}. One press and it is booked."
TOP_YES = "Yes, book it"
SILENT = (
    "{names} never answered the times that {asker} offered in {programme} on {day}. They have "
    "lapsed; perhaps a word from you helps."
)

# --- taking back --------------------------------------------------------------------------------

UNDO = "Undo"
TOO_LONG_AGO = (
    "That was more than ten minutes ago, so I leave it as it is. “what have I got?” shows what you "
    "can still change."
)
OFFER_BACK = "Undone: the times are taken back. {names} can see that they need no answer any more."
BOOKING_BACK = "Undone: the session of {time} is cancelled, and {names} has been told."
CANCELLING_BACK = (
    "Undone: your session with {names} on {time} is booked again. A cancelled event cannot come "
    "back to a calendar, so it is a new one with an invitation of its own."
)
PRIMARY_BACK = "Undone: your sessions go to the calendar they went to before."
ACTED = "{names} has acted on it already, so I cannot take it back."
ACTED_HOW = "You can still cancel or move what is booked."
ALREADY = "That is not so any more, so there is nothing to take back."
AGAIN_TAKEN = "I cannot book {time} again: {names} {busy} no longer free then."
AGAIN_UNCHECKED = (
    "I could not check the calendar of {names}, so I do not book it again without asking. Shall I "
    "look for a time?"
)
MOVED_ALREADY = (
    "{names} can see already that the session is at another time, so I cannot take that back. "
    "Move it once more, or cancel it."
)
AGREED = (
    "{names} and you have both agreed to that session. If it does not suit you any more, cancel or "
    "move it."
)
HOW_LONG = "How long should it be? For example: make it 45 minutes."
SAME_PEOPLE = (
    "I cannot change who takes part in a session that is booked. Cancel it, and book it again with "
    "everybody who is to come, for example: book with Ann and Ben on Friday at 10."
)

# --- somebody cannot come ------------------------------------------------------------------------

CANNOT_COME = (
    "Your session with {names} is {time}. Shall I look for another time, or cancel it? Until you "
    "choose, everything stays as it is."
)
NONE_THEN = (
    "You have no session then, so there is nothing to move or cancel. “I am away on Friday” keeps "
    "one day free, “no Fridays” every Friday."
)
