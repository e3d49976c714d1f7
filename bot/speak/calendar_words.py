"""Every sentence about connecting calendars: offers, forms, refusals, the status."""

from __future__ import annotations

CONNECTED_EXACTLY = "Your calendar is connected."
NOT_CONNECTED = "Your calendar is not connected."
CONNECT_WHICH = "Which calendar would you like to connect?"
CONNECT_CALDAV = (
    "For an Apple calendar, give your Apple Account address and an app-specific password (made at "
    "account.apple.com under Sign-In and Security). For another service, give its CalDAV address "
    "as well. I store both encrypted, and use them only to see when you are busy and to write "
    "your sessions."
)
CONNECT_CHOOSE = (
    "{account} is open. Which calendar should your sessions go to, and which others should block "
    "your time?"
)
CONNECT_ONLY_YOU = (
    "Each person connects their own calendar, so I cannot do that for {name}. I can send them the "
    "link."
)
CONNECT_HERE = "Open this page to connect your calendar:"
CONNECT_NOTE = (
    "Google or Microsoft may say that I want full access to your calendars, or more. What I use: "
    "the times when you are busy, and writing and changing the sessions that I book. I never read "
    "what your events are about, your mail or your contacts."
)
CONNECT_LINKS = "Each link is for you alone, works once, and for ten minutes."
CONNECT_READS_ONLY = "I may only see when you are busy there, so sessions come by mail."
CONNECT_SERVICE_OFF = "Your programme does not allow {service} calendars."
CONNECT_WRONG = (
    "That account and password did not open the calendar. For Apple, make a new app-specific "
    "password (the normal password does not work here) and try again."
)
CONNECT_UNREACHABLE = "I cannot reach that calendar server right now. Please try again later."
CONNECT_NO_CALENDARS = "The account opened, but it holds no calendar for events."
CONNECT_MAX = {
    False: "Your programme allows one connected calendar per person. Please choose only one.",
    True: "Your programme allows {limit} connected calendars per person. Please choose fewer.",
}
CONNECT_FULL = (
    "Your programme allows {limit} connected calendars per person, and you have {names}. Take one "
    "of them out first: “my calendars” shows them."
)
CONNECT_REPLACE = (
    "Your programme allows one connected calendar per person, and yours is {name}. Shall another "
    "one take its place? Sessions would go there, and {name} would no longer block your time."
)
CONNECT_NOT_HERE = "I cannot connect {service} calendars here, only {others}."
CONNECT_PRIMARY = "I ask before I move sessions that are booked already."
STRAY = (
    "Still in another calendar: {count}. I can move that to {name}: written there, taken out of "
    "the other one. Your partners notice nothing."
)
STRAY_WRITTEN = "Moved to {name}: {count}."
STRAY_MAILED = "Sent to you by mail instead, because I may not write to {name}: {count}."
STRAY_BEHIND = (
    "The older copies stay in a calendar that I cannot enter any more ({count}); please delete "
    "them there."
)
STRAY_LEFT = "What is booked stays where it is. “my calendars” offers it again."
STRAY_NONE = "All your booked sessions stand in your primary calendar."
CONNECT_NEED_PRIMARY = "Please choose the calendar that your sessions should go to."
CONNECT_BROKEN = (
    "Your {service} calendar no longer lets me in, so partners see “could not check”. Please "
    "connect it again."
)
DISCONNECT_SURE = (
    "Disconnect your calendar? Invitations will come by mail, and partners can no longer see when "
    "you are busy. Sessions that are already in your calendar stay there, and are not changed any "
    "more: later changes come by mail."
)
DISCONNECT_WHICH = (
    "Which account shall I disconnect? Partners can no longer see when you are busy there. "
    "Sessions that are already in a calendar stay there, and are not changed any more: without "
    "the calendar they go to now, later changes and invitations come by mail."
)
DISCONNECTED = "Your calendar is disconnected and what I stored of it is deleted."
DISCONNECT_APPLE = "Please also revoke the app password where you made it."
CREDENTIAL_IN_CHAT = (
    "That looks like a password. I did not keep it. Please delete your message, because I cannot, "
    "and use the private form instead."
)
NUDGE_CONNECT = (
    "{by} asked me to remind you: connect your calendar, and I can offer times when you are "
    "really free."
)
NUDGE_CONNECT_PLAIN = "Connect your calendar, and I can offer times when you are really free."
NUDGED = "I have asked {name} to connect a calendar."
CONNECT_FORM = "This form is private: what you type in it is not kept in the chat."
CONNECTING = "Opening your calendar account…"
NUDGE_ONCE = "I ask at most once a day."
CONNECT_NEWER = "There is a newer view of your calendars below."
CONNECT_TROUBLE = {  # by core.use_cases.consent.Trouble
    "refused": (
        "You did not give access at {service}, so nothing is connected. You can still book, and "
        "partners see “could not check” for you."
    ),
    "admin": (
        "{service} says that an administrator has to approve me. That is your organisation's IT "
        "administrator, not your programme administrator. I have a text that you can forward to "
        "them. Until then your sessions come by mail."
    ),
    "missing": (
        "{service} did not give me what I need: to see when you are busy, also while you are away. "
        "Please try again and leave the boxes ticked."
    ),
    "personal": (
        "That is a private account, and your programme takes accounts of your organisation only. "
        "Nothing was connected."
    ),
    "expired": "That page was open too long: links work for ten minutes. Please take a new one.",
    "used": "That link or that answer of {service} was used before. Please take a new link.",
    "foreign": (
        "The answer of {service} came to another browser than the one that asked, so nothing is "
        "connected. Please open a new link and stay in the same browser."
    ),
    "strange": "The answer of {service} made no sense, so nothing is connected. Please try again.",
    "unreachable": (
        "I could not reach {service} right now, so nothing is connected yet. Please try again in "
        "a few minutes."
    ),
    "off": "Your programme does not allow {service} calendars any more. Nothing was connected.",
    "full": (
        "You have as many connected calendars as your programme allows, so that one was not "
        "added. “my calendars” shows them."
    ),
    "empty": "The {service} account opened, but it holds no calendar for events.",
}
IT_ADVICE = (
    "{name} wanted to connect a {service} calendar, and {service} asks for the approval of your "
    "organisation's IT administrator. The others will meet the same. Best ask IT to approve me "
    "for everybody, once."
)
IT_ADVICE_ONCE = "I tell you this once. The text can be forwarded as it is."
IT_LETTER = "Here is the text for your IT administrator:"
