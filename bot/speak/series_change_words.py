"""What is said about changing what is to come of a series at once, and about taking series back."""

from __future__ import annotations

INTRO = "Your series with {names} is {rhythm} so far."
NOTHING = "None of those sessions can be then: {reasons}. I have changed nothing."
GAP = "{time}: {reasons}. That one stays on {was} unless you choose something else below."
GAP_OFF = "{time}: {reasons}. That one is called off."
GAPS_MORE = "These stay as they are as well: {times}."
OFF = "Called off: {dates}."
STAYS = "Stays as it is: {times}."
LATE = "It is too late to move the one on {time}, so that one stays."
SO_FAR = "so far {time}"
GAP_SKIP = "{day}: call it off"
GAP_KEEP = "{day}: keep it"
DROPPED = "{day} is called off with the change. “{offer}” is the next step."
OFFER = "Offer the change"
DO = "Change the series"
NONE = "Leave it as it is"
PICK = "Nobody else has seen this yet. Until {names} accepts it, everything stays as it is."
PICK_NONE = "Nothing is changed yet."
FROM = (
    "{name} would like to move what is to come of your series to {rhythm}: {count} sessions. "
    "Does that suit you?"
)
ACCEPT = "Accept the change"
DECLINE = "Keep it as it is"
OFFERED = "The change is offered to {names}. Until they accept it, everything stays as it is."
CONFIRM = "{names} accepted the change of the series. Shall I make it?"
DONE_SHORT = "Changed: {rhythm}, {count} sessions."
DONE = "Your series with {names} is now {rhythm}: {count} to come, {dates}."
DONE_HOW = "Calendars and mails say so, too."
BEYOND = (
    "By now these new times would be more sessions than you want at most: {dates}. Sessions are "
    "moved there only if you say so."
)
STAYED = "As they were, because not everybody could: {dates}."
DECLINED_BY = "The change of the series does not suit {name}, so everything stays as it was."
DECLINED_YOU = "Noted: the series stays as it is. {name} has been told."
EXPIRED = "No answer in time from {names}, so the series stays as it is."
EXPIRED_OTHERS = "The change of the series that {name} offered has lapsed; it stays as it is."
TAKEN = "None of the new times is free any more, so the series stays as it is."
LOST = "Taken meanwhile, so left as it was: {dates}."
MAIL_SUBJECT = "{name} would like to move your series: {rhythm}"
ALREADY = "Your series is at that time already, so I have changed nothing."
NOTHING_AHEAD = "Nothing of that series can be moved any more, so I have changed nothing."
ONE_DAY = (
    "That series is not on one day of the week, so I can change its time of day, but not its "
    "days. I have changed nothing."
)
HOW_OFTEN = (
    "I can change the day of the week and the time of a series, not how often it is. For that, "
    "end it and ask for a new one. I have changed nothing."
)
WHEN = (
    "To which time shall I move the series? For example: “move the series to 3pm” or “move the "
    "series to Wednesdays at 10”."
)
