"""Every sentence of administration: what was done, what is asked, what cannot be done and why.

Times and names come ready; counts are spoken by `some`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.use_cases.administer.imports import ImportReport
    from core.use_cases.administer.problems import Problem
    from core.use_cases.administer.reminders import Reminded


def some(number: int, one: str, many: str = "") -> str:
    """Return "1 session", "2 sessions", "1,200 people"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- rights and misunderstandings -------------------------------------------------------------

ADMIN_ONLY = "Only an administrator can do that. Please ask {names}."
ADMIN_NOBODY = "Only an administrator can do that, and there is none at the moment."
GONE = "I cannot find that any more: it may have been changed meanwhile."
OLD_BUTTON = "This button is from an older version of me. Please write the command again."
UNKNOWN = "I did not understand “{text}” as an administrator's command."
UNKNOWN_NEAR = "{unknown} Did you mean “{near}”?"
UNKNOWN_HELP = "{unknown} “admin help” lists all commands."
NEAR_LABEL = "admin {text}"
HELP = "This is what administrators can write. The programme's name may be left out when you "
HELP += "administer only one; “org” stands for the whole organisation."
HELP_HEADS = ("Write", "What it does")
LEAVE_IT = "Leave it as it is"
LEFT_AS_IS = "Nothing has been changed."
WHICH_PROGRAMME = "Which programme is this about?"
WHICH_PLACE = "Shall this hold for one programme or for the whole organisation?"
WHOLE_ORG = "Whole organisation"
NO_PROGRAMMES = "There is no programme yet. Create one first: admin create programme Borealis."
SENDER_FIXED = (
    "The name and the address of the sender are fixed: every invitation comes from the same "
    "Scheduling Assistant, so that people can trust it. There is no setting for it, for anybody."
)
CONNECT_FOR = (
    "Nobody can connect a calendar for somebody else: {name} has to authorise it personally. "
    "Shall I send {first} the link?"
)
CONNECT_SEND = "Send {first} the link"
TWO_WAY_OFF = "Two-way sync is off: changes made in a calendar do not come back."
TWO_WAY = (
    "Two-way sync is off, and this version has none: sessions are changed here in the chat, and I "
    "then update every calendar. “two-way on” says what it needs."
)

# --- people by name ---------------------------------------------------------------------------

WHO_MANY = "{count} people could be meant by “{word}”. Which one?"
WHO_TOO_MANY = "{count} people could be meant by “{word}”. Please use the e-mail address."
WHO_NONE = "I know nobody called “{word}” in your organisation."
WHO_NONE_ADDRESS = "Nobody in your organisation has the address {word}."
WHO_NEAR = "{none} Did you mean {names}?"
WHO_ADD = "{none} You can add them: admin add mentor Priya Nair <priya@example.org> Asia/Kolkata."

# --- programmes -------------------------------------------------------------------------------

CREATED = (
    "{name} is there. Add its people with “admin {name} import” (a CSV file) or one by one: "
    "admin {name} add mentor Priya Nair <priya@example.org> Asia/Kolkata."
)
RESERVED = "“{name}” is a word of my commands, so a programme cannot be called that."
RENAMED = "{before} is called {after} now."
PROGRAMMES = "You administer {count}."
PROGRAMME_HEADS = ("Programme", "People", "State")
RUNNING, ENDED = "running", "ended"
END_ASK = "Ending {name} concerns {people} and {pairs}."
END_PROPOSALS = "Withdrawn with it: {proposals} without an answer yet."
END_BUTTON = "End {name}"
END_DONE = {
    "cancel": "{name} has ended. Cancelled: {sessions}; everybody concerned is being told.",
    "keep": "{name} has ended. Kept as planned: {sessions}.",
    "handover": "{name} has ended. Going on under {heir}, which their people have joined: "
    "{sessions}.",
}
END_DONE_NONE = "{name} has ended. No sessions were booked ahead."

# --- people -----------------------------------------------------------------------------------

ADDED = "{name} is {role} in {programme} now and gets a welcome from me."
JOINED = "{name} is {role} in {programme} now."
JOINED_KNOWN = "{name} was known here already (zone {zone}) and is {role} in {programme} now."
ALREADY = "{name} is {role} in {programme} already. Nothing has been changed."
WHICH_ROLE = "What is {name} in {programme}?"
WHICH_ZONE = "Which time zone is {name} in? Write it behind the address, for example Europe/Rome."
ADD_ADDRESS = (
    "I know nobody called “{name}”. To add somebody new I need the address and the time zone too: "
    "admin add mentor {name} <name@example.org> Europe/Rome."
)
USE_ZONE = "Use {zone}"
ROLE_TAKEN = "{name} is no longer {role} in {programme}."
GLOBAL_GIVEN = "{name} is a global administrator now."
GLOBAL_TAKEN = "{name} is no longer a global administrator."
TAKE_BACK = "Take it back"
REMOVE_ASK = "{name} is {roles} in {programme}{partners}."
REMOVE_PARTNERS = ", paired with {names}"
SESSIONS_NONE = "No sessions are booked ahead."
SESSION_ASK = "One session is booked ahead, on {next}. What shall become of it?"
SESSIONS_ASK = "{sessions} are booked ahead, the next on {next}. What shall become of them?"
REMOVE_BUTTON = "Remove {first}"
REMOVE_DONE = {
    "cancel": "{name} has left {programme}. Cancelled: {sessions}; everybody concerned is told.",
    "keep": "{name} has left {programme}. Kept as planned: {sessions}.",
    "handover": "{name} has left {programme}. Cancelled: {sessions}; {heir} is asked to take over "
    "at the same time.",
}
REMOVE_DONE_NONE = "{name} has left {programme}. No sessions were booked ahead."
PEOPLE = "{programme} has {people}."
PEOPLE_NONE = "Nobody is in {programme} yet. “admin {programme} import” adds many people at once."
PEOPLE_HEADS = ("Name", "Role", "Zone")

# --- pairs ------------------------------------------------------------------------------------

PAIRED = "{mentor} and {mentee} are a pair in {programme} now. I am telling both."
PAIRED_ALREADY = "{mentor} and {mentee} are a pair in {programme} already."
PART_ASK = "{mentor} and {mentee} are a pair in {programme}."
PART_BUTTON = "Take the pair apart"
PART_DONE = {
    "cancel": "{mentor} and {mentee} are no longer a pair. Cancelled: {sessions}.",
    "keep": "{mentor} and {mentee} are no longer a pair. Kept as planned: {sessions}.",
}
PART_DONE_NONE = "{mentor} and {mentee} are no longer a pair. No sessions were booked ahead."
CHANGE_ASK = "{mentee} would change from {old} to {new} in {programme}."
CHANGE_BUTTON = "Change to {first}"
CHANGE_DONE = {
    "cancel": "{mentee} is paired with {new} now. Cancelled: {sessions} with {old}.",
    "keep": "{mentee} is paired with {new} now. Kept as planned: {sessions} with {old}.",
    "handover": "{mentee} is paired with {new} now. Cancelled: {sessions} with {old}; {new} is "
    "asked to take over at the same time.",
}
CHANGE_DONE_NONE = "{mentee} is paired with {new} now. No sessions with {old} were booked ahead."
NO_PARTNER = "{name} has no mentor in {programme}. Write: admin pair {first} with …"
WHICH_PARTNER = "{name} has several partners. Which pair is it about?"
PAIRS = "{programme} has {pairs}."
PAIRS_HEADS = ("Mentor or coach", "Mentee or coachee")
CANCEL_BUTTON = {False: "Cancel it", True: "Cancel them"}
KEEP_BUTTON = {False: "Keep it", True: "Keep them"}
HAND_OVER_BUTTON = "Hand over to {name}"

# --- settings ---------------------------------------------------------------------------------

SETTINGS = "These settings hold for {place}."
SETTINGS_HEADS = ("Setting", "Value", "From", "Meaning")
SETTINGS_NOTE = "Change one with “admin {scope} {example}”, inherit it again with “… default”."
SOURCES = {"default": "product", "organisation": "organisation", "programme": "programme"}
LOCKED_NOTE = "Marked with *: set by a global administrator."
SETTING_SHOW = "{place}: {key} {value} (from the {source}). It means: {help}."
SETTING_EXAMPLE = "Example: admin {scope} {example}."
SETTING_DONE = "Saved for {place}: {key} {after} (before: {before})."
SETTING_INHERITED = "Saved for {place}: {key} {after}, inherited again (before: {before})."
SETTING_SAME = "That holds for {place} already: {key} {value}. Nothing has been changed."
SETTING_ASK = "For {place} “{key}” would change from {before} to {after}."
GENERAL_ONLY = "This one is kept for the whole organisation."
IMPACT_PEOPLE = "That concerns {people}."
IMPACT_OUTSIDE = "Booked already and outside of that: {sessions}, which would stay as planned."
IMPACT_APART = "Without any shared hours left: {pairs}."
MORE_OF = "{count} more"
IMPACT_LOSING = "Connected through what would go: {names}."
IMPACT_LOSING_ENDS = (
    "Nobody can connect it from now on. What is connected can stop now or in 14 days; they are "
    "told at once, and offered the other services."
)
IMPACT_LOSING_APPROVAL = (
    "Their calendars are disconnected at once, what I stored of them is deleted, and each of them "
    "is told once. Nobody can connect until it is on again. Sessions stay."
)
IMPACT_CONNECTED = (
    "Connected: {people}. Their calendars stay connected but are not read any more: their time "
    "counts as unknown, never as free, and nobody can connect."
)
IMPACT_CONNECTING = (
    "Without a calendar: {people}, who could not connect one. What is connected stays connected."
)
IMPACT_REQUIRED = "Without a calendar: {people}, who will be asked each time."
IMPACT_ABOVE = "More calendars than that: {people}. They keep them, but can add no other."
IMPACT_PRIVATE = (
    "With a private account, as far as the address tells: {people}. What is connected stays."
)
ENDS_LATER, ENDS_NOW, APPROVAL_OFF = "In 14 days", "Stop now", "Switch off and disconnect"
SETTLED_LATER = "Told now, with the end on {day}: {people}."
SETTLED_NOW = "Disconnected and told: {people}."
SETTLED_STAY = "The end is taken back, and they are told: {people}."
SAVE, UNDO = "Save", "Undo"
PLACE_ORG = "the organisation"
UNKNOWN_SERVICE = "The services are google, microsoft and apple; I do not know “{word}”."

# --- status -----------------------------------------------------------------------------------

STATUS = "{programme}: {people}, {pairs}. Sessions: {soon} in the next 7 days, {later} later."
STATUS_WELL = "Everybody is connected and booked, and no answer is awaited."
STATUS_ALL = "Status of {count}."
STATUS_HEADS = ("Programme", "People", "Unconnected", "Unbooked", "Awaited", "Next 7 days")
LACKS = {
    "unconnected": ("person has no calendar connected", "people have no calendar connected"),
    "broken": ("person has to reconnect a calendar", "people have to reconnect a calendar"),
    "unpaired": ("person has no mentor", "people have no mentor"),
    "unbooked": ("pair has no session ahead", "pairs have no session ahead"),
    "waiting": ("person has not answered a proposal", "people have not answered a proposal"),
}
LACK_TITLES = {
    "unconnected": "No calendar connected",
    "broken": "Calendar to be reconnected",
    "unpaired": "Without a mentor",
    "unbooked": "Pairs without a session ahead",
    "waiting": "Answers awaited",
}
LACK_NONE = {
    "unconnected": "Everybody in {programme} has connected a calendar.",
    "broken": "No connection in {programme} is broken.",
    "unpaired": "Everybody in {programme} has a mentor.",
    "unbooked": "Every pair in {programme} has a session or an open proposal.",
    "waiting": "No answer is awaited in {programme}.",
}
LIST_HEADS = ("Name", "Zone", "Partner", "Since")
MORE = "and {count} more"
SHOW_MORE = "Show more"
REMIND_ONE = "Remind {name} to {what}"
REMIND_ALL = "Remind all {count} to {what}"
REMINDED = "Reminded to {what}: {people}."
REMINDED_ONE = "{name} is reminded to {what}."
REMINDED_TODAY = "Reminded today already: {people}."
REMINDED_TODAY_ONE = "{name} had this reminder today already; I send it once a day."
REMINDED_SPARED = "Away, or without reminders at their own wish: {people}."
REMINDED_SPARED_ONE = "{name} is away or wants no reminders, so I sent none."
REMINDED_NOBODY = "There is nobody to remind."
REMINDING = "Reminding: {done} of {total}…"
GIVEN_UP = "{deliveries} could not be made."
GIVEN_UP_NONE = "Nothing is given up: everything was delivered or is still being tried."
GIVEN_UP_TITLE = "Given up"
DELIVERY_HEADS = ("What", "To", "About", "Why")
DELIVERIES = {
    "place_event": "calendar entry",
    "remove_event": "removal of a calendar entry",
    "mail_invite": "invitation mail",
    "mail_cancel": "cancellation mail",
    "mail_details": "details mail",
    "make_link": "link of a session",
    "check_arrival": "arrival of an invitation in the calendar",
    "notify": "chat message",
    "remind": "reminder of a session",
    "check_in": "question whether a session took place",
    "nudge": "reminder of an open proposal",
    "clocks": "look ahead at a clock change",
    "expire": "closing of a proposal",
    "revoke": "giving back of an access",
    "check_grant": "daily look at a connected account",
    "reconnect": "reminder to connect again",
    "stop_service": "end of a calendar service",
    "auto_connect": "connecting by IT's grant",
    "tend": "clean-up",
}
RETRY = "Try again: {what} to {name}"
RETRYING = "I am trying again: {what} to {name}."
RETRY_LATE = "That has been taken up already."
LOG = "The last {count}."
LOG_NONE = "Nothing has been changed yet."
LOG_HEADS = ("When", "Who", "Where", "What", "Details")
LOG_ORG = "organisation"

# --- files ------------------------------------------------------------------------------------

IMPORT_HOW = (
    "Upload a CSV file for {programme} here. Its columns: name, email, zone, role, and if you like "
    "mentor (the mentor's address, which makes the pair) and locale. For example:\n{sample}"
)
IMPORT_WHICH = (
    "I do not know which programme this list is for. Write “admin … import” with the programme's "
    "name, then upload it again; or name the file after the programme."
)
IMPORTING = "Importing: {done} of {total}…"
IMPORTED = "{programme}: {rows} read. {added} added, {joined} given a role, {unchanged} here "
IMPORTED += "already, {paired} made."
IMPORT_CLEAN = "Every row was fine."
IMPORT_FAULTS = "{rows} need your attention; the others are in. Correct them and upload the file "
IMPORT_FAULTS += "again: what is in already stays as it is."
FAULT_HEADS = ("Row", "What is wrong", "What to do")
FAULTS_MORE = "{rows} more, by kind: {kinds}."
FILES = {
    "empty": "The file is empty.",
    "not_csv": "This is not a CSV file with the columns I know. In a spreadsheet choose “Save as”, "
    "then CSV. The first line names the columns: name,email,zone,role.",
    "missing": "The file lacks the column {detail}. Its first line must name the columns: "
    "name,email,zone,role (and if you like mentor, locale).",
    "doubled": "The column {detail} comes twice in the first line. Remove one of the two.",
    "no_rows": "The file names its columns, but there are no people under them.",
    "too_long": "The file has more than {detail} rows. Please split it.",
}
FILE_HINT = "The column “{hint}” may be the one; call it {detail}."

# --- what came of it ------------------------------------------------------------------------


def imported(report: ImportReport, programme: str) -> str:
    """Return what came of a file, in words."""
    text = IMPORTED.format(
        programme=programme,
        rows=some(report.rows, "row"),
        added=some(report.added, "person", "people"),
        joined=report.joined,
        unchanged=report.unchanged,
        paired=some(report.paired, "pair"),
    )
    bad = len({fault.row for fault in report.faults})
    last = IMPORT_FAULTS.format(rows=some(bad, "row")) if bad else IMPORT_CLEAN
    return f"{text} {last}"


def kinds_of(faults: Mapping[Problem, int]) -> str:
    """Return how often each kind of fault came."""
    return listed([f"{kind.value.replace('_', ' ')} ({count})" for kind, count in faults.items()])


def reminded(result: Reminded, what: str, name: str) -> str:
    """Return what came of reminding; `name` when it was one person only."""
    if name:
        if result.sent:
            return REMINDED_ONE.format(name=name, what=what)
        pattern = REMINDED_TODAY_ONE if result.already else REMINDED_SPARED_ONE
        return pattern.format(name=name)
    parts = [
        (REMINDED, result.sent),
        (REMINDED_TODAY, result.already),
        (REMINDED_SPARED, result.spared),
    ]
    texts = [t.format(people=some(n, "person", "people"), what=what) for t, n in parts if n]
    return " ".join(texts) or REMINDED_NOBODY
