"""Every sentence about what came by mail. Times come in phrased; names are one line each."""

from __future__ import annotations

# --- answers ------------------------------------------------------------------------------------

DECLINED = (
    "Your “no” to {time} is noted, and {names} can see it. The session stays as it is until "
    "somebody changes it: reschedule, cancel, or tell {names} why?"
)
WHY = "Why"
WHY_HINT = "I am travelling that day"
RESCHEDULE = "Reschedule"
CANCEL = "Cancel"
TELL = "Tell {names} why"
TELL_MANY = "Tell them why"

ANSWERS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe"}
CONFIRM = (
    "A mail from your address says “{answer}” to {time}. I cannot be sure that it came from you, "
    "so nothing has changed. Is that your answer?"
)
CONFIRM_TEXT = (
    "A mail from your address has come for {names}. I cannot be sure that it came from you, so "
    "nobody has read it. Shall I pass it on?"
)
THEIR_TEXT = "The mail"
IS_MINE = "Yes, that is my answer"
IS_NOT = "No"
HAND_ON = "Pass it on"

AGAIN = {
    "old": "Your answer by mail was to an earlier version of your session with {names}. It is now "
    "{time}. Will you be there?",
    "unread": "Your mail about your session with {names}, {time}, held no answer that I could "
    "read. Will you be there?",
    "delegated": "Your mail names somebody else for your session with {names}, {time}. I cannot "
    "change who takes part, so nothing has changed. Will you be there?",
    "busy": "Your “yes” by mail to {time} with {names} counts as a maybe, because you have another "
    "session then. Will you be there?",
}
YES = "Yes, I will be there"
NO = "No, I cannot"

MORE = "{time} and {more} more sessions of the series"
ONE_MORE = "{time} and one more session of the series"

COUNTERED = "{name} proposes another time by mail: {time}, instead of {was}."
SERIES_COUNTERED = "{name} proposes by mail to have your series {wished}, instead of {was}."
SERIES_COUNTERED_UNSURE = (
    "A mail from your address proposes to have your series {wished}, instead of {was}. I cannot be "
    "sure that it came from you, so nobody else has heard of it. Shall I look at that time?"
)
COUNTERED_UNSURE = (
    "A mail from your address proposes {time} instead of {was}. I cannot be sure that it came from "
    "you, so {names} have not heard of it. Shall I look at that time?"
)
COUNTERED_UNSURE_ONE = (
    "A mail from your address proposes {time} instead of {was}. I cannot be sure that it came from "
    "you, so {names} has not heard of it. Shall I look at that time?"
)
FIND_IT = "Find that time"
FIND_OTHER = "Find another time"

MAILED = "{name} answered by mail: {text}"
SAID = "{name} says about {time}: {text}"
BAD_ADDRESS = (
    "Mails to {name} come back: {address} does not take them. Invitations cannot reach them there "
    "until the address is corrected in your list of people."
)

# --- what the buttons answer --------------------------------------------------------------------

NOTED = {
    "ACCEPTED": "Noted: you will be there, {time}.",
    "DECLINED": "Noted: you cannot come, {time}. {names} can see it.",
    "TENTATIVE": "Noted: maybe, {time}.",
}
NOT_MINE = "Good that I asked. Nothing has changed."
TELL_WHAT = "Please write what I shall pass on, then press the button."
TOLD = "Passed on to {names}."
