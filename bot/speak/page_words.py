"""Every sentence of the pages by which a calendar is connected."""

from __future__ import annotations

from core.links import Provider, Tier

SERVICES = {
    Provider.GOOGLE: "Google",
    Provider.MICROSOFT: "Microsoft",
    Provider.CALDAV: "Apple or other CalDAV",
}
CHATS = {"slack": "Slack", "teams": "Microsoft Teams", "local": "the local chat"}

HEADING = "Connect your {service} calendar"
WHOSE = "This connects the calendar of {name} ({email}), who asked for it in {chat}."
WHOSE_NOWHERE = "This connects the calendar of {name} ({email})."
ONLY_YOU = (
    "If that is not you, please close this page: each person connects their own calendar only."
)
USED = {  # what is really used, by what is asked for (R60)
    Tier.BUSY: (
        "What I use: the account's address, the list of your calendars, and the times when you are "
        "busy. I write nothing into this calendar."
    ),
    Tier.WRITE: (
        "What I use: the account's address, the list of your calendars, the times when you are "
        "busy, and writing, changing and deleting the sessions that I book."
    ),
}
NEVER = (
    "I never read what your events are about, who comes, your mail or your contacts. You can "
    "disconnect at any time by writing “disconnect my calendar”."
)
CONSENT = {
    Provider.GOOGLE: (
        "Google may say more than that: see, edit, share and permanently delete calendars. I use "
        "only what stands above. Please leave the boxes ticked."
    ),
    Provider.MICROSOFT: (
        "Microsoft may say more than that: full access to your calendars and your profile, also "
        "while you are away. I use only what stands above."
    ),
}
GO = "Continue to {service}"
GOING = "One moment: {service} opens."
GOING_HINT = "If nothing happens, press the button."

CONNECTED_EXACTLY = "Your calendar is connected."
ACCOUNT = "Account: {account}"
PRIMARY = "Sessions go to: {name}"
PRIMARY_MAIL = "Sessions reach you by mail."
SECONDARY = "Also blocks your time: {names}"
NOTHING_LINKED = "No calendar of this account is used yet. Please choose below."
FEWER = (
    "You did not allow me to write, so sessions come by mail. That is fine. If you want them in "
    "this calendar after all, write “my calendars” in the chat and press “Write sessions to my "
    "calendar”; this time leave the box ticked."
)
BACK = "You can close this page and go on in the chat."
CHOOSE = "Choose your calendars"
CHOOSE_PRIMARY = "Sessions go to"
KEEP_OTHER = "Keep {name}"
CHOOSE_SECONDARY = "Which others block my time too"
CHOOSE_WRITE = "How sessions reach me"
WRITE_YES = "Write them to my calendar"
WRITE_NO = "Send me invitations by mail"
SAVE = "Save"
SAVED = "Saved."
TOO_MANY = "Your programme allows {limit} connected calendars per person. Please choose fewer."
NEED_PRIMARY = "Please choose the calendar that your sessions should go to."

CONFIRM = "Is this your account?"
CONFIRM_TEXT = (
    "You opened the {service} account {account}. In your programme you are {email}. If both are "
    "yours, that is fine."
)
CONFIRM_YES = "Yes, connect it"
CONFIRM_NO = "No, it is another one: take a new link in the chat by writing “connect my calendar”."

APPLE_TEXT = (
    "For an Apple calendar, give your Apple Account address and an app-specific password. You "
    "make one at account.apple.com under Sign-In and Security, App-Specific Passwords. For "
    "another service, give its CalDAV address as well."
)
APPLE_SAFE = (
    "Both are stored encrypted, and tried right now. Your normal Apple password does not work "
    "here, and is not wanted."
)
USERNAME = "Account"
PASSWORD = "App-specific password"  # noqa: S105  # a label
SERVER = "CalDAV address (leave empty for Apple)"
CONNECT = "Connect"
WRONG = (
    "That account and password did not open the calendar. For Apple, make a new app-specific "
    "password and try again."
)
UNREACHABLE = "I cannot reach that calendar server right now. Please try again in a few minutes."
EMPTY = "The account opened, but it holds no calendar for events."

NEW_LINK = "Write “connect my calendar” in the chat: you get a new link."
TROUBLE = {  # heading and lines, by core.consenting.Trouble
    "refused": (
        "Nothing was connected",
        (
            "You did not give access at {service}. That is fine: you can still book, and your "
            "partners see that your calendar could not be checked."
        ),
        "If you change your mind, write “connect my calendar” in the chat.",
    ),
    "admin": (
        "Your IT administrator has to approve this",
        (
            "{service} says that only an administrator can approve the connection. That is the "
            "IT administrator of your organisation, not the administrator of your programme."
        ),
        "Please forward the text below to them. Until then your sessions come by mail.",
    ),
    "missing": (
        "Something is missing",
        (
            "{service} did not give what is needed: to see when you are busy, also while you are"
            " away. Nothing was connected."
        ),
        "Write “connect my calendar” in the chat for a new link, and leave the boxes ticked.",
    ),
    "personal": (
        "That is a private account",
        "Your programme takes accounts of your organisation only. Nothing was connected.",
        "Write “connect my calendar” in the chat and choose your work account at {service}.",
    ),
    "expired": (
        "This page was open too long",
        "A link works for ten minutes, and once. Nothing was connected.",
        NEW_LINK,
    ),
    "used": (
        "This link was used already",
        (
            "A link works once. If you have just connected your calendar, all is well: “my "
            "calendars” in the chat shows it."
        ),
        "Otherwise write “connect my calendar” there for a new link.",
    ),
    "foreign": (
        "This is another browser",
        (
            "The answer has to come back to the browser in which you opened the link, so that "
            "nobody connects a calendar for somebody else. Nothing was connected."
        ),
        NEW_LINK,
    ),
    "strange": (
        "That answer made no sense",
        "Nothing was connected.",
        NEW_LINK,
    ),
    "unreachable": (
        "The service does not answer",
        "I cannot reach {service} right now. Nothing was connected.",
        (
            "Please try again in a few minutes. Write “connect my calendar” in the chat: you get"
            " a new link."
        ),
    ),
    "off": (
        "This is not allowed any more",
        (
            "Your organisation or your programme does not allow {service} calendars now. Nothing"
            " was connected."
        ),
        "Your Admin, Sponsor or Support can tell you more. Scheduling by hand still works.",
    ),
    "full": (
        "There is no room for another calendar",
        "You have as many connected calendars as your programme allows.",
        (
            "Write “my calendars” in the chat to take one out, or “connect my calendar” to "
            "replace the one you have."
        ),
    ),
    "empty": (
        "There is no calendar in this account",
        (
            "The {service} account opened, but it holds no calendar for events. Nothing was "
            "connected."
        ),
        NEW_LINK,
    ),
}
LETTER = "Text for your IT administrator"
GONE = ("This link does not work", "Please open it again from the chat, in full. " + NEW_LINK)
LATER = (
    "I cannot show your calendars right now",
    "The service does not answer. What is connected stays as it is.",
    "Please open this page again in a few minutes, or write “my calendars” in the chat.",
)
CLOSED = (
    "Your calendar no longer lets me in",
    "I may not look at this account any more, so partners see that it could not be checked.",
    "Write “my calendars” in the chat and press “Connect again”.",
)
STATUSES = {  # HTTP statuses that are not 400
    "refused": 403,
    "admin": 403,
    "missing": 403,
    "personal": 403,
    "expired": 410,
    "used": 410,
    "foreign": 403,
    "unreachable": 424,
    "off": 403,
    "full": 409,
    "empty": 409,
}

PRIVACY = (
    "What the assistant keeps of you",
    (
        "Your name, address, time zone and language as your programme or chat gives them; "
        "what you set yourself (hours, days, leave); your sessions and proposals; the chats "
        "in which you talk to it."
    ),
    (
        "Of your calendars it reads when you are busy, and nothing else: no titles, texts, "
        "places or guests of your events are asked for, kept, logged or shown. It writes the "
        "sessions that it books."
    ),
    (
        "What opens a calendar is stored encrypted, and deleted when you disconnect. "
        "Conversations are deleted 30 days after the last message."
    ),
    (
        "Questions about your data, and requests to delete it, go to the administrator of "
        "your programme; “help” in the chat says who that is."
    ),
)
TERMS = (
    "Using the assistant",
    (
        "The assistant is part of your mentoring or coaching programme and is run by the "
        "organisation that offers the programme. It proposes times; people decide."
    ),
    "It comes as it is. Questions go to the administrator of your programme.",
)
