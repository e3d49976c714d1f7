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
CONNECT_NOT_APPROVED = (
    "Your company has not enabled calendar sync. Your Admin, Sponsor or Support can tell you "
    "more{contact}. Scheduling by hand still works."
)
CONNECT_NO_SERVICE = "No calendar service is open for connections in your programme{contact}."
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
CONNECT_PRIMARY = "Sessions that are booked already stay where they are."
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
