"""Every sentence about broken calendars: the doctor's, the notices', what required means."""

from __future__ import annotations

from bot.speak import words

LOOKING = "Opening your calendars to see what they say…"

# --- one person ---------------------------------------------------------------------------------

WELL = "Your calendar works: I have just looked."
WELL_SEVERAL = "Your {count} calendars work: I have just looked."
ILL = "I have just looked: your calendar needs attention."
ILL_SOME = "I have just looked: {ill} of your {count} calendars needs attention."
ILL_SEVERAL = "I have just looked: {ill} of your {count} calendars need attention."
NONE = (
    "You have no calendar connected. You can book all the same: partners see “could not check” "
    "for you, you compare the times by hand, and invitations come by mail."
)
STATES = {  # by core.use_cases.examine.State: what it is, and why
    "well": "well",
    "revoked": (
        "{service} no longer lets me in{since}. That happens when a password changes, or access "
        "was withdrawn"
    ),
    "consent": "{service} wants the approval of your organisation's IT administrator{since}",
    "missing": "the account opens, but this calendar is no longer in it{since}",
    "unreachable": "{service} does not answer me right now",
    "slow": "{service} did not answer in time",
    "unspoken": "this installation does not connect to {service} (any more)",
}
SINCE = " (seen first {time})"
EFFECT = "Effect"
EFFECTS = {  # by whether sessions are written to this calendar
    True: "partners see “could not check” for you; your invitations come by mail",
    False: "partners see “could not check” for you",
}
EFFECT_NOW = "until it answers, partners see “could not check” for you"
WELL_EFFECTS = {
    True: "I see when you are busy, and write your sessions there",
    False: "I see when you are busy",
}
FIX = "What helps"
FIXES = {
    "revoked": "connect it again; it takes a minute, and your sessions stay as they are",
    "consent": "forward the text to your IT administrator, then connect again",
    "missing": "choose your calendars again",
    "unreachable": "nothing you have to do; look again in a while",
    "slow": "nothing you have to do; look again in a while",
    "unspoken": "connect a calendar of another service, or ask whoever runs me here",
}
AGAIN = "Connect {service} again"
CHOOSE = "Choose calendars of {account}"
TEXT_FOR_IT = "Text for IT"
LOOK_AGAIN = "Look again"
CONNECT = "Connect my calendar"
CONNECT_OTHER = "Connect another"
REQUIRED = {
    False: "{programmes} asks everybody to connect a calendar.",
    True: "{programmes} ask everybody to connect a calendar.",
}
BARREN = (
    "Your own hours and days away leave no time for sessions in {programmes} in the next two "
    "weeks. “my hours are 9 to 5” sets other hours."
)
APART = (
    "You share no hours with {names} in the next two weeks. “my hours are 9 to 5” sets other "
    "hours; their hours are theirs, or an administrator's, to change."
)
BY_MAIL = "What is new comes to you by mail, as you wished: nothing pops up in a chat."
LOST = (
    "Your chats do not take my messages, so what is new comes by mail. Write to me wherever you "
    "would like to be reached."
)

# --- notices ------------------------------------------------------------------------------------

BROKEN = (
    "Your {service} calendar ({account}) no longer lets me in, so partners see “could not check”, "
    "and your invitations come by mail. Your sessions stay as they are. Please connect it again."
)
BROKEN_CONSENT = (
    "Your {service} calendar ({account}) is shut: {service} wants the approval of your "
    "organisation's IT administrator. Until then partners see “could not check”, and your "
    "invitations come by mail."
)
MISSING = (
    "Your calendar “{name}” is no longer in your {service} account ({account}), so partners see "
    "“could not check”. Please choose which of your calendars count."
)
WEEKLY = "I say this once a week until it is mended. “doctor” shows more, “disconnect” ends it."
NEWER = "There is newer word about this calendar below."
LEFT_OPEN = (
    "You disconnected your {service} calendar, and {service} did not take my access back. What "
    "opened it is deleted here, so I cannot get in any more. To be sure, remove me {where}."
)
WHERE = {
    "google": "at myaccount.google.com/connections",
    "microsoft": "at myapps.microsoft.com, or for a private account at account.live.com/consent",
    "caldav": "by deleting the app password where you made it",
}
NUDGE_AGAIN = (
    "{by} asked me to remind you: your calendar needs to be connected again, so that I can offer "
    "times when you are really free."
)
NUDGE_AGAIN_PLAIN = (
    "A reminder: your calendar needs to be connected again, so that I can offer times when you "
    "are really free."
)
ASK = {False: "Ask {name} to connect", True: "Ask {name} to connect again"}  # by: once connected
REQUIRED_EACH = (
    "{programme} asks everybody to connect a calendar, and yours is not. You can go on without."
)

# --- administrators -----------------------------------------------------------------------------

TALLY = "{programme}: {people}, {connected} with a calendar, {amiss}."
TALLY_WELL = "none to be mended"
TALLY_ILL = "{count} to be mended"
AMISS_TITLE = "{programme}: calendars to be mended"
AMISS_HEADS = ("Name", "Cause", "Since", "Effect", "Told")
CAUSES = {
    "revoked": "{service} no longer lets me in",
    "consent": "{service} wants IT's approval",
    "missing": "a calendar is no longer in the {service} account",
    "": "{service} does not open",
}
AMISS_EFFECT = "partners see “could not check”"
TOLD_NEVER = "not yet"
AMISS_FIX = (
    "Only they can mend it, by connecting again. I remind them each week; you can do so now."
)
BOUNCED_TITLE = "{programme}: mails that come back"
BOUNCED_HEADS = ("Name", "Address", "Since")
BOUNCED_FIX = (
    "Invitations by mail do not reach them there until the address is corrected in your list of "
    "people, or a mail of theirs comes from it."
)
MAILBOX_LOST = (
    "My own mailbox cannot be read since {time}: answers to invitations by mail wait until it can. "
    "I try again by myself."
)
MAILBOX_REFUSED = (
    "My own mailbox does not let me in since {time}: answers to invitations by mail wait until "
    "whoever runs this installation corrects TANDEM_IMAP_URL."
)
SERVICE_OFF = (
    "{service} is allowed for calendars, but not set up in this installation: whoever runs it sets "
    "{settings}."
)
SERVICE_SETTINGS = {
    "google": "TANDEM_GOOGLE_CLIENT_ID and its secret",
    "microsoft": "TANDEM_MICROSOFT_CLIENT_ID and its secret",
    "caldav": "the service",
}
APPROVAL_NONE = (
    "{service} asked for the approval of your organisation's IT administrator on {time}; nobody "
    "is connected there yet."
)
APPROVAL_SOME = (
    "{service} asked for the approval of your organisation's IT administrator on {time}; {count} "
    "connected there, so it may be settled."
)
ALL_WELL = "Nothing else stands in the way."
MORE_PROGRAMMES = "and {count} more programmes: name one, as in “admin aurora doctor”."

# --- the delivery log ---------------------------------------------------------------------------

LOG = "What went to {name}, newest first."
LOG_NONE = "Nothing has gone to {name} yet."
LOG_HEADS = ("What", "About", "When", "How it ended")
KINDS = {  # by core.effects.EffectKind
    "place_event": "entry in their calendar",
    "remove_event": "removal from their calendar",
    "mail_invite": "invitation by mail",
    "mail_cancel": "cancellation by mail",
    "mail_details": "mail with the details",
    "make_link": "link of the video room",
    "check_arrival": "whether the invitation arrived",
    "remind": "reminder of a session",
    "check_in": "question whether it took place",
    "nudge": "reminder of an open proposal",
    "clocks": "look ahead at a clock change",
    "notify": "message",
    "revoke": "giving their calendar access back",
    "stop_service": "end of a calendar service",
    "auto_connect": "connecting by the organisation",
}
NOTICES = {  # by core.notices.NoticeKind
    "proposal": "proposal",
    "booked": "news of a booking",
    "series": "news of a series",
    "moved": "news of a move",
    "cancelled": "news of a cancellation",
    "rsvp": "somebody's answer",
    "welcome": "welcome",
    "nudge_connect": "reminder to connect",
    "nudge_answer": "reminder to answer",
    "nudge_book": "reminder to book",
    "reminder": "reminder of a session",
    "check_in": "question whether a session took place",
    "clocks": "question about a clock change",
    "late": "word that somebody runs late",
    "late_kept": "word that a session starts late",
    "nudge_widen": "question about more days",
    "nudge_top": "question about one time",
    "top_time": "one time of a proposal",
    "silent": "word that a proposal was never answered",
    "ask_link": "question about their video room",
    "connected": "news that the calendar is connected",
    "calendar_zone": "the question which clock counts",
    "connect_failed": "news that connecting failed",
    "it_approval": "advice about IT's approval",
    "link_broken": "word that a calendar is broken",
    "given_up": "word that a delivery was given up",
    "message": "message of another person",
    "left": "news that somebody left",
    "paired": "news of a pair",
    "unpaired": "news that a pair ended",
    "service_ends": "word that a calendar service ends",
    "service_ended": "word that a calendar service has ended",
    "service_stays": "word that a calendar service stays",
    "auto_connected": "news that the organisation connected their calendar",
    "auto_progress": "how far connecting everybody is",
    "same_person": "question whether two chats are theirs",
    "not_same": "word that two chats are not one person's",
    "workspace_gone": "removal from a workspace",
    "linked": "news that a workspace was linked",
    "by_mail": "word that somebody was written to by mail",
    "declined": "question how to go on after a no",
    "confirm_mail": "question whether a mail was theirs",
    "answer_again": "question about an answer by mail",
    "countered": "another time that somebody proposed by mail",
    "mailed": "what somebody answered by mail",
    "bad_address": "word that somebody’s mail address does not work",
    "zone_there": "news about their time zone",
    "zone_back": "question about their time zone",
    "enough": "word that an accepted time is more than they want",
    "new_home": "question about sessions outside their hours on their new clock",
}
DONE = "delivered"
WAITING = "due {time}"
RETRYING = "not yet, tried {count}: {why}; again {time}"
DEAD = "given up: {why}"
TAKEN_BACK = "taken back before it went out"


def why(last_error: str) -> str:
    """Return why a delivery has not worked, in words: what is stored begins with the error's kind,
    and goes on with what is safe to show of it.
    """
    kind, _, detail = last_error.partition(": ")
    if kind not in words.GIVEN_UP_WHY:
        return last_error or words.GIVEN_UP_UNKNOWN
    return f"{words.GIVEN_UP_WHY[kind]} ({detail})" if detail else words.GIVEN_UP_WHY[kind]
