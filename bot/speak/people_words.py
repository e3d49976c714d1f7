"""Every sentence about who somebody is, where they are reached, and where their clock stands."""

from __future__ import annotations

CHATS = {"slack": "Slack", "teams": "Teams", "local": "the local chat", "mail": "mail"}


def chat(kind: str) -> str:
    """Return how people call a kind of chat."""
    return CHATS.get(kind, kind)


def reached(reach: str) -> str:
    """Return where somebody wants to be reached, in a list of preferences."""
    if not reach:
        return PREF_ANYWHERE
    return "by mail" if reach == "mail" else f"in {chat(reach)}"


# --- in front of others -------------------------------------------------------------------------

ANSWERED_PRIVATELY = "{name}, I have answered you in our private chat."
WORKING = "Working on it…"
OPEN_PRIVATE = (
    "I answer that in private only, and I cannot write to you there yet. Please open a chat with "
    "me and ask me again."
)

# --- who somebody is ----------------------------------------------------------------------------

UNKNOWN = "I do not know you yet, so I cannot schedule for you. {ask}"
UNLINKED = (
    "I cannot do anything in this workspace yet, because no administrator has linked it to an "
    "organisation. {ask}"
)
ASK_NAMED = "Please ask {contacts}."
ASK_PLAIN = "Please ask the administrator of your programme."
ASK_INSTALLER = "Please ask {contacts}, who installed me."
STRANGER = "I schedule for the people of this workspace only, so I have done nothing."
SAME_HERE = "Are you the {name} who talks to me in {other}?"
SAME_HERE_NOTE = "I have asked in {other} as well. When you have said yes in both, I know you here."
SAME_THERE = "Somebody with your address wrote to me in {chat}. Was it you?"
SAME_YES = "Thank you. Please answer my question in {other} too: then I know you in both."
SAME_BOTH = "Thank you, {name}. Now you can talk to me in {chat} and in {other}."
SAME_NO = "Thank you. I do nothing for whoever wrote in {chat}, and I have told your administrator."
SAME_NOT_YOU = "I do not take you for {name} then. {ask}"
NOT_SAME = (
    "Somebody in {chat} has the address of {name}, but one of the two says that they are not the "
    "same person. I do nothing for whoever wrote in {chat}. Please check the address there."
)
LINKED = (
    "The {chat} workspace “{name}” is linked now, because {by} is in it: who has an address there "
    "that I know is let in by it. If that is wrong, remove me from that workspace."
)
WORKSPACE_GONE = (
    "The {chat} workspace “{name}” has removed me, or its key for me no longer works. I reach "
    "nobody there now and write mails instead."
)
INSTALL_PAGE = "To bring me back, install me once more: {page}"
INSTALL_ANEW = "To bring me back, somebody has to install me there once more."

# --- workspaces ---------------------------------------------------------------------------------

WORKSPACES = "The workspaces I am in:"
WORKSPACES_NONE = "I am in no workspace yet."
WORKSPACE_HEADS = ("Workspace", "Chat", "State")
WORKSPACE_STATES = {"linked": "linked", "open": "not linked", "left": "removed me"}
WORKSPACE_LINKED = "Linked: {name}. People whose address I know are let in there now."
WORKSPACE_NONE = "I know no workspace “{name}” that waits to be linked. “workspaces” shows them."
WORKSPACE_SEVERAL = "Several workspaces are called “{name}”. Please give the id: {ids}."
WORKSPACE_ADMIN = "Only a global administrator can do that{names}."

# --- where somebody is reached --------------------------------------------------------------------

REACH_SAVED = "I reach you in {chat}"
REACH_MAIL = "I reach you by mail"
REACH_ANYWHERE = "I reach you wherever you spoke to me last"
REACH_NOT_THERE = (
    "I do not know you in {chat} yet, so I cannot reach you there. Write to me there once first."
)
PREF_REACH = "Reached"
PREF_ANYWHERE = "where you spoke last"

# --- where the clock stands ---------------------------------------------------------------------

ZONE_ASK = (
    "You seem to be in {city} now, but I give you times of {home}. Shall I use {city} times from "
    "now on, or only for some days?"
)
ZONE_CALENDAR = (
    "Your calendar keeps {city} time, and I give you {home} times. Shall I use {city} times?"
)
ZONE_ALWAYS = "Use {city} times"
ZONE_UNTIL = "Only until…"
ZONE_NO = "No, keep {home}"
ZONE_KEPT = "All right, I keep {home} times."
ZONE_FORM = "Until which day, that day included, shall I use {city} times?"
ZONE_DAY = "Last day"
ZONE_HINT = "for example: Friday, or 6 November"
ZONE_NO_DAY = "I could not read that as a day to come. Try for example: Friday, or 6 November."
ZONE_STAY = "Until {day}, that day included, I give you {city} times; then {home} again."
ZONE_TRIP = "From {first} to {last} I give you {city} times{same}; then {home} again."
ZONE_SAME = ", which are then the same as those of {home}"
ZONE_TRIP_LATER = "Times that you look for on those days are in {city} times already."
ZONE_TRIP_UNDO = "Undo"
ZONE_THERE = "From today to {last} I give you {city} times; then {home} again."
ZONE_BACK = "You have {home} times again. If you are still in {city}, tell me: my zone is {zone}."

# --- by mail ------------------------------------------------------------------------------------

BY_MAIL = "I do not reach {name} in chat right now, so your times were sent by mail."
BY_MAIL_WISH = "{name} wants to be reached by mail, so your times were sent by mail."
MAIL_SUBJECT = "{name} offers you times: {when}"
MAIL_SUBJECT_MORE = "{name} offers you {count} times"
MAIL_HEADING = "{name} would like to meet you for {length}."
MAIL_HEADING_OTHER = "{name} would like to arrange {length} for {names}."
MAIL_HEADING_MOVE = "{name} would like to move your session of {time}."
MAIL_QUESTION = {
    False: "Which time suits you? Each link opens a page with a button.",
    True: "Does it suit you? Each link opens a page with a button.",  # one time, or a series
}
MAIL_NONE = "None of these"
MAIL_UNTIL = "Please answer by {day}."
MAIL_UNCHECKED = "I could not check your calendar, so please compare the times with it by hand."
MAIL_CHAT = "To answer, write to {assistant} in chat."

# --- files of people ----------------------------------------------------------------------------

UPLOAD = "Open this page to hand in a file of people; what I make of it comes here."
UPLOAD_NOTE = "The link is for you alone and works for an hour."
UPLOAD_BUTTON = "Hand in a file"
UPLOAD_ADMINS = (
    "I read no files here, so I have done nothing. Lists of people come from administrators; to "
    "me, please write what you need."
)
UPLOAD_NO_PAGES = "I have no web page here. You can send me the file in this chat."

UPLOAD_TAKEN = "What I make of it comes to your chat with me, in a moment."
UPLOAD_NO_CHAT = "I know you in no chat, so I could not tell you what became of it."
UPLOAD_LARGE = "This file is larger than 4 MB. Please hand it in in parts."
UPLOAD_UNREADABLE = "I could not read that. Please choose a CSV file, saved as UTF-8."
UPLOAD_AGAIN = "Please write “upload page” to me in chat to get a new link."

# --- pages behind mails -------------------------------------------------------------------------

PAGE_SAVED = "Thank you. Your answer is saved."
PAGE_BOOKED = "The invitation comes by mail."
PAGE_DECLINED = "None of the times suited somebody else, so they are off the table."
PAGE_LAPSED = "These times have lapsed."
PAGE_EXPIRED = "The times it belongs to have lapsed. A newer mail has a newer link."
PAGE_WRONG = "Please open it again from the mail, in full. You can also answer in chat."
PAGE_STRANGE = "Please open the link in the mail again and press one of the buttons."

# --- the page of the assistant ------------------------------------------------------------------

HOME = "Tandem"
HOME_HELLO = "Hello {name}! This is what I have for you."
HOME_UNKNOWN = "I do not know you yet. Write to me, and I look whether your programme knows you."
HOME_NEXT = "Next sessions"
HOME_NONE = "You have no sessions coming up."
HOME_OPEN = "Waiting for an answer"
HOME_CALENDARS = "Your calendars"
HOME_UNCONNECTED = "not connected"
HOME_PREFERENCES = "Preferences"
HOME_NUDGE = "You have no session with {name} coming up."

# --- forms --------------------------------------------------------------------------------------

FORM_OPENED = "Please fill this in:"
FORM_PREFERENCES = "Your preferences"
FORM_HOURS = "Your hours"
FORM_HOURS_HINT = "for example: Mon-Fri 9:00-17:00; empty for the programme's"
FORM_BUFFER = "Minutes kept free around sessions"
FORM_LENGTH = "Usual length in minutes"
FORM_ZONE = "Your zone"
FORM_REACH = "Where I reach you"
FORM_NUDGES = "Reminders"
FORM_SAVED = "your preferences"
FORM_WINDOW = "Another time"
FORM_WHEN = "When would suit you?"
FORM_WHEN_HINT = "for example: next week, or Thursday afternoon"

NEEDED = "Please fill this in."
BAD_NUMBER = "Please give whole minutes, {least} to {most}."
BAD_HOURS = "I could not read these hours. Try for example: Mon-Fri 9:00-17:00."
BAD_ZONE = "Use a name such as Europe/London."
BAD_ADDRESS = "That is no web address; it has to start with https://"
APPLE_SHAPE = (
    "This is not an app-specific password: those look like abcd-efgh-ijkl-mnop. Make one at "
    "account.apple.com under Sign-In and Security; your normal password does not work here."
)

# --- who is my mentor? ----------------------------------------------------------------------------

PARTNER = "{name} ({what})"
PARTNERS = "You are paired with {names}."
NO_PARTNER = "You are paired with no {what} yet; your administrators can do that."
