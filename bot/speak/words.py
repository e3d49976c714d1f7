"""Every sentence the bot says to participants: short, warm, exact.

Times come ready from `bot/speak/times.py` and always carry weekday, date and zone. Sentences
that only administrators read are in `admin_words.py`, those of mails in `mail_words.py`, those
about connecting calendars in `calendar_words.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# --- joining words --------------------------------------------------------------------------

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(number: int) -> str:
    """Return a small number as a word."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def every(number: int) -> str:
    """Return "both" or "all three"."""
    return "both" if number == 2 else f"all {count(number)}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return "Ann", "Ann and Ben", "Ann, Ben and Cy"."""
    if len(names) < 2:
        return names[0] if names else ""
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def sentence(text: str) -> str:
    """Return the text with a capital letter first and a full stop last."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


# --- meeting somebody -----------------------------------------------------------------------

HELLO = "Hello {name}! I am Tandem, your scheduling assistant."
WELCOME = (
    "Hello {name}, welcome to {programme}! I am Tandem and find times for your sessions. {partner}"
)
WELCOME_PARTNER = "You are paired with {partners}."
WELCOME_NOBODY = "You have no partner yet; I will tell you when you do."
WELCOME_ZONE = "Your clock: {zone}. If that is wrong, tell me, for example: my zone is Europe/Rome."
WELCOME_STOP = "To get no reminders from me, write: no reminders."
PAIRED = "You are now paired with {partner} in {programme}. Shall I find a time?"
PAIRED_MORE = "{partner} and {count} more"
UNPAIRED = (
    "You and {partner} are no longer paired in {programme}. If that surprises you, ask your "
    "administrator."
)
INACTIVE_PERSON = (
    "Your access to Tandem has been switched off, so I cannot do anything for you here. Please ask "
    "the administrator of your programme."
)
UNKNOWN_PERSON = (
    "I do not know you yet, so I cannot schedule for you. Please ask the administrator of your "
    "programme to add you{contact}."
)
NOT_UNDERSTOOD = (
    "I did not get that. Try for example “book with {partner} next week”, “what have I got?” or "
    "“help”."
)
OTHER_ALPHABET = (
    "I read English only so far. Try for example “book with {partner} next week” or “help”."
)
EMPTY = "Your message was empty. Write for example “book with {partner} next week” or “help”."
TOO_LONG = (
    "That is a lot of text: I read up to {limit} characters at once. Could you say it shorter?"
)
OUT_OF_SCOPE = "I only schedule sessions, so I have done nothing. “help” shows what I can do."
ONLY_BUSY = (
    "Of other people I only know when they are busy, never with what, so there is nothing I could "
    "show you. Times that suit you both I can find: “book with {partner} next week”."
)
THANKS = "With pleasure!"
GOODBYE = "Goodbye! I am here when you need me."
EXPIRED_QUESTION = "That question is no longer open. Please tell me again what you need."
WHICH_QUESTION = "I am not sure which question you answer. Please press the button you mean."
ALL_RIGHT = "All right."
OLD_BUTTON = "That button is from an earlier version. Please tell me again what you need."
NOT_YOURS = "That is not yours to decide, so I have changed nothing."
FAILED = (
    "Something went wrong on my side and nothing was changed. Please try again in a minute; if it "
    "stays like this, tell your administrator (reference {reference})."
)
STORAGE_FULL = (
    "I cannot store anything right now because my disk is full. Nothing was changed. Please tell "
    "your administrator."
)

# --- whom -----------------------------------------------------------------------------------

WHO = "Whom would you like to meet?"
WHO_MANY = "There are {count} people called {name}. Whom do you mean?"
WHO_SEVERAL = "You have {count} {relation}s. Whom do you mean?"
WHO_UNKNOWN = "I do not know anybody called “{name}” in {programme}."
WHO_YOURSELF = "A session needs at least one other person. Whom would you like to meet?"
WHO_BECAUSE = "I took {name}, {relation}."
WHO_NOT_YOURS = "{name} is not in a programme with you, so I cannot book them for you."
WHO_NOT_YOU = (
    "You take part in no programme with {names}. To arrange a session for others, write for "
    "example: set up 30 min for Ann with Ben."
)
WHO_PAIRS = "In {programme} people book only within their pairs, and {name} is not in yours."
ENDED = "{programme} has ended, so nothing new can be booked in it."
NO_PROGRAMME = "You are in no programme, so I can book nobody for you. Administrators can add you."
SOMEBODY_ELSE = "Someone else"

# --- times ----------------------------------------------------------------------------------

FOUND = "{count} {times} {suits}"
IN_TWO_WEEKS = "In the next two weeks"
ON_DAY = "On {day}"
BETWEEN_DAYS = "Between {first} and {last}"
OTHER_READING = "I meant {other}"
OTHER_EITHER = "I meant either of them"
SUITS = {False: "suits everybody", True: "suit everybody"}
SUITS_BOTH = {False: "suits you both", True: "suit you both"}
FOUND_THEM = {False: "suits {names}", True: "suit {names}"}
FITS = {False: "fits everybody's hours", True: "fit everybody's hours"}
FITS_NEEDED = {False: "suits all who are needed", True: "suit all who are needed"}
PICK = {
    False: "Offer one or all of them; {names} will be asked.",
    True: "Offer it, and {names} will be asked.",
}
PICK_NONE = {False: "Press one and it is booked.", True: "Press it and it is booked."}
NOTHING_NEAR = "{reason} The nearest times that work:"
NOTHING_AT_ALL = "{reason} I found nothing in the days around it either."
NO_MORE = "Those were all the times {window}. Which other days would suit you?"
ANOTHER_WINDOW = (
    "All right, none of these. When would suit you better? For example: next week, or Thursday "
    "afternoon."
)
PAST = "That time is over. Which day would suit you?"
NO_PAUSE = (
    "I cannot pause or thin out sessions, so I have changed nothing. You can cancel single ones, "
    "end a series (“end the series in November”), or say “at most 1 session a week”."
)
NO_SUCH_HOUR = "I find no such hour on the clock. At what time would it suit you?"
NO_SUCH_DAY = "I find no such day in the calendar. Which day would suit you?"
PAST_DROPPED = "The part of it that is already over I left out."
SAME_TIMES = "These are the times:"
READING = "Reading {count} calendars…"
CHECKING = "Checking the calendars once more…"
READING_ONE = "Reading one calendar…"
UNLOCK = "It would work {how}."

# --- reasons (privacy-safe: whose time or which rule, never an event) ------------------------

WEEKEND = (
    "{programme} has no weekend sessions (a programme setting; an administrator can change it)"
)
PROGRAMME_HOURS = "it is outside the hours of {programme} ({hours}) for {whom}"
PROGRAMME_HOURS_PLAIN = "it is outside the hours of {programme} ({hours})"
PERSON_HOURS = "it is outside {whose} hours"
BUSY = {False: "{names} is busy then", True: "{names} are busy then"}
BUSY_YOU = "one of your calendars is busy then"
NOT_FREE = {False: "{names} is not free then", True: "{names} are not free then"}
TOO_NEAR_YOU = "it is too close to something of yours (you want {length} free in between)"
TOO_NEAR = "it is too close to something else ({programme} keeps {length} free in between)"
AWAY = {False: "{names} is busy or away then", True: "{names} are busy or away then"}
AWAY_YOU = "you are away then"
CLOSED = "{programme} is closed that day"
NOTICE = "{programme} asks for at least {length} of notice"
HORIZON = "{programme} books at most {length} ahead"
IS_PAST = "it is already over"
DURATION = "a session in {programme} lasts from 5 minutes to {length}"
NO_COMMON = "nobody is free at the same time"
UNLOCKS = {
    "notice": "with shorter notice than {programme} asks for",
    "programme_hours": "with longer hours in {programme} (an administrator can set them)",
    "weekend": "on a weekend (an administrator can allow that)",
    "closed": "if {programme} were open on its closure days",
    "person_hours": "outside {whose} hours",
    "busy": "if {name} could free some time",
}
SHARE_HOURS = "outside {whose} hours"
SHARE_BUSY = "{name} busy or away"
SHARE_BUSY_YOU = "you busy or away"
SHARE_NEAR_YOU = "kept free around what you have"
SHARE_CLOSED = "{programme} closed"
SHARE_SHORT = "too short for {length}"
SHARE_OPEN = "open"
SHARE_UNREAD = "open as far as I could check"
WHY_FREE = "{time} is free for everybody I could check."
WHY_NOT = "{time} does not work: {reasons}."
NOTHING_FITS = "{days} nothing fits: {reasons}."
WHY_SHARES = "Where the time of {window} goes:"
WHY_AWAY_HINT = (
    "An out-of-office setting can do this too. You could write to {name} directly, or ask your "
    "administrator about the hours."
)
WHY_ALL_FREE = (
    "{name}'s calendar is not connected right now, so I cannot see when {name} is busy. That does "
    "not mean free: {name} has to confirm each time."
)

# --- what could not be read -------------------------------------------------------------------

UNKNOWNS = {
    "not_connected": "{name} has not connected a calendar, so I could not check it",
    "broken": "{name}'s calendar needs to be reconnected, so I could not check it",
    "unreachable": "{name}'s calendar could not be reached, so I could not check it",
    "slow": "{name}'s calendar did not answer in time, so I could not check it",
    "switched_off": "{name}'s calendar is not read in this programme, so I could not check it",
}
UNKNOWNS_YOU = {
    "not_connected": (
        "your calendar is not connected: please compare the times with your calendar by hand"
    ),
    "broken": "your calendar needs to be reconnected: please compare the times by hand",
    "unreachable": "your calendar could not be reached: please compare the times by hand",
    "slow": "your calendar did not answer in time: please compare the times by hand",
    "switched_off": "your calendar is not read in this programme: please compare the times by hand",
}
UNCHECKED_YOU = "I could not check your calendar: please compare the times with it by hand."
TO_CONFIRM = "{names} to confirm"
YOU = "you"
SKIPPED = "{count} calendar entries made no sense and were left out."

# --- proposals --------------------------------------------------------------------------------

OFFERED_TO = "Offered to {names}. I will tell you when they answer."
SUITS_YOU = {False: "Which time suits you?", True: "Does it suit you?"}  # of one time
OFFER_FROM = "{name} would like to meet you for {length}. {suits}"
OFFER_FROM_OTHER = "{name} would like to arrange {length} for {names}. {suits}"
OFFER_MOVE = "{name} would like to move your session of {time}. {suits}"
ACCEPTED_WAITING = "Noted, {time}. Still waiting for {names}."
ANSWERED_SO_FAR = "{names} accepted {times}."
ACCEPTED_ALONE = (
    "Noted, {time}. So far no time suits everybody; if another suits you too, accept it as well."
)
OFFERED_DISAGREED = "Everybody has answered, but so far no time suits all."
DECLINED_BY = "None of the times suits {name}. Shall I look for others?"
DECLINED_BY_ANOTHER = "None of the times suits {name}, so they are off the table."
DECLINED_YOU = "Noted: none of these suits you. {name} has been told."
WITHDRAWN = "This proposal was taken back; it needs no answer any more."
WITHDRAWN_YOU = "Taken back; {names} can see that it needs no answer any more."
WITHDRAWN_DRAFT = "These times are off the table."
EXPIRED_SILENT = (
    "No answer in time from {names}, so these times have lapsed. Shall I look for others?"
)
EXPIRED_DISAGREED = "No time suited everybody, so these times have lapsed. Shall I look for others?"
EXPIRED_OTHERS = "The times that {name} offered have lapsed."
LEFT_ANSWERED = "Your times have been answered, see below."
LEFT_BOOKED = "One of these times is booked, see below."
LEFT_ENDED = {"declined": "None of these times suited.", "expired": "These times have lapsed."}
SUPERSEDED = "Newer times have replaced these."
TAKEN = "That time has just gone{whose}."
TAKEN_NOTHING = "That time has just gone{whose}, and I found no other. Which week would suit you?"
NOT_CHECKED_AGAIN = "I could not check the calendar of {names} once more."
WHO_TOO_MANY = "There are {count} people called {name}. Please write the full name, or the address."
TAKEN_WHOSE = {False: ": {names} is no longer free then", True: ": {names} are no longer free then"}
WRONG_PERSON = "This proposal is not addressed to you, so I have changed nothing."
NOT_THE_ASKER = "These are times of {name}, who alone can do that with them."
NO_OPEN = (
    "I am not sure what you answer: no proposal waits for you right now. “what have I got?” shows "
    "what there is."
)
WHICH_ONE = "Which of the times do you mean?"
BOOKED_ON = "Booked: {time}."
CONFIRM_ONCE_MORE = "{names} accepted. Is it still good for you?"

# --- meetings ---------------------------------------------------------------------------------

BOOKED = "Booked: {time} with {names}."
BOOKED_CALENDAR = "It is being written to your calendar, and the details come by mail."
BOOKED_INVITE = "The invitation comes to {email} by mail."
BOOKED_PUBLISH = (
    "{programme} does not write to calendars: the details come to {email} by mail, with a file to "
    "add by hand."
)
BOOKED_COMPARE = "Your calendar is not connected: please compare the time with it by hand."
MOVED = "Moved: your session with {names} is now {time}."
CANCELLED = "Cancelled: your session with {names} on {time}."
CANCELLED_BY_PARTNER = "{name} cancelled your session on {time}."
CANCELLED_BY = "{name} cancelled your session with {names} on {time}."
CANCEL_SURE = "Cancel your session with {names} on {time}? Everybody gets a cancellation."
LEFT_MOVED = "This session has moved, see below."
LEFT_CANCELLED = "This session was cancelled."
ALREADY_CANCELLED = "That session was cancelled already."
KEPT = "All right, it stays."
NO_MEETINGS = "You have no sessions coming up. Shall I find a time with {partner}?"
NO_MEETINGS_ALONE = "You have no sessions coming up."
MEETINGS = "Your next sessions:"
WHICH_MEETING = "Which session do you mean?"
NO_SUCH_MEETING = "I found no upcoming session of yours that fits. “what have I got?” lists yours."
NOT_YOUR_MEETING = "That is not a session of yours, so I have changed nothing."
RSVP = {
    "ACCEPTED": "{name} accepted the invitation for {time}.",
    "DECLINED": "{name} declined the invitation for {time}. Shall I find another time?",
    "NOT-NEEDED": "{name} declined the invitation for {time}. You meet without them.",
    "TENTATIVE": "{name} answered “maybe” for {time}.",
    "NEEDS-ACTION": "{name} took back their answer for {time}.",
}
ASK_LINK = (
    "Where do you meet people? Give me the link of your video room once, and I put it into this "
    "and all later sessions. If you meet elsewhere, press “Not needed”."
)
LINK_SAVED = "Saved: {link}. All your later sessions get it."
LINK_ADDED = {
    False: "Saved: {link}. Your upcoming session has it now, and all later ones get it.",
    True: "Saved: {link}. Your {count} upcoming sessions have it now, and all later ones get it.",
}
LINK_BAD = "That is not a link I can use: it has to start with https://"
LINK_SKIPPED = "All right, no link. You can tell me later: my link is https://…"

# --- reminders --------------------------------------------------------------------------------

NUDGE_ANSWER = "{name} is waiting for your answer to these times:"
NUDGE_BOOK = "You have no session with {partner} coming up. Shall I find a time?"
NUDGE_BOOK_PLAIN = "You have no session coming up in {programme}. Shall I find a time?"

# --- preferences ------------------------------------------------------------------------------

SAVED = "Saved: {what}, for all programmes."
NOT_SAVED = "I cannot keep this yet: {what}."
UNDONE = "Undone: {what}."
NOTHING_TO_UNDO = "There is nothing to undo."
PREFERENCES = "Your preferences:"
PREF_DEFAULT = "as the programme"
AWAY_FROM = "from {day} on"
AWAY_SAVED = "away {dates} (you get no reminders meanwhile)"
ZONE_SAVED = "your clock is {zone}"
ZONE_TEMPORARY = "a zone for some days only"
BAD_ZONE = "“{zone}” is not a zone I know. Use a name such as Europe/London."
HOURS_INHERITED = "hours as the programme's"
REMINDERS_OFF = "no reminders"
REMINDERS_ON = "reminders on"

# --- help -------------------------------------------------------------------------------------

TALK_SENT = "I passed your message on to {names}."
TALK_NOBODY = "There is nobody I could pass it on to; please ask where you got access to Tandem."
TALK_WHAT = "What shall I pass on? Write: talk to a person: and then your message."
MESSAGE_FROM = "{name} asks for a person: {text}"
LEFT = "{name} has left {programme}."
LEFT_YOURSELF = "You are no longer in {programme}."

# --- deliveries -------------------------------------------------------------------------------

GIVEN_UP = "I could not deliver {what} for {name} ({time}), and have stopped trying: {why}."
GIVEN_UP_WHAT = {
    "place_event": "the calendar entry",
    "remove_event": "the removal from the calendar",
    "mail_invite": "the invitation mail",
    "mail_cancel": "the cancellation mail",
    "mail_details": "the details mail",
}

# --- several at once --------------------------------------------------------------------------

EACH = "{count} separate sessions with {names}:"
EACH_SHIFT = "For {name} they are at different times of day: {times}."
EACH_PRESS = "Offer them one by one below, or all at once."
OFFERED_ALL = "Offered {count} to {names}. I will tell you when they answer."
ARRANGED = "I take it that you arrange this for {names}."
SUPERSEDED_BY_YOU = "None of these times."
OPEN_FOR_YOU = "{name} waits for your answer to times from {time}."
OPEN_PROPOSAL = "Waiting for {names}: times from {time}."
YOUR_SESSION = "Your session on {time}:"
MOVE_FROM = "Your session of {time} stays where it is until a new time is accepted."
NO_SHARED_HOURS = "Your hours never overlap in that time."
SHARED_HOURS = "The hours you share ({zone}): {hours}."
UNTIL = "{hours} until {day}"
AFTER_THAT = "{hours} after that"
NONE_AFTER = "none after that"
WHY_FREE_TIMES = "These do work: {times}."
NOT_AWAY = "no longer away"
AWAY_PAST = "those days are over"
GIVEN_UP_WHY = {
    "AccessRevoked": "the calendar has to be reconnected",
    "NotConnected": "the calendar is no longer connected",
    "InvalidRequest": "the other side refuses it for good",
    "Unavailable": "the other side did not answer for too long",
    "RateLimited": "the other side did not take it for too long",
}
GIVEN_UP_UNKNOWN = "it did not work in time"
RETRIED = "I am trying again now, and tell you if it fails once more."
RETRIED_ALREADY = "That is done or being tried already."
