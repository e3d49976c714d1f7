"""Every sentence about what people want of their sessions: limits, preferred times, holidays."""

from __future__ import annotations

# --- why a time is not offered --------------------------------------------------------------------

LIMIT = {
    False: "{names} takes no more sessions then",
    True: "{names} take no more sessions then",
}
LIMIT_YOU = "you have as many sessions then as you want at most"
ENOUGH = (
    "{name} accepted {time}, but you have as many sessions then as you want at most, so it is not "
    "booked. {name} reads only that you are no longer free then."
)
OVER = (
    "You have as many sessions then as you want at most, so {time} is not accepted yet. Shall I "
    "take it all the same?"
)
OVER_TAKE = "Take it, this once"
OVER_TAKE_MAIL = "{time}: one more than I want, this once"
HOLIDAY = "it is a public holiday for {names}"
HOLIDAY_YOU = "it is a public holiday that you keep free"
UNLOCKS = {
    "limit": "if {name} took more sessions",
    "holiday": "on the public holidays of {name}",
}
SHARE_LIMIT = "{name} taking no more sessions"
SHARE_LIMIT_YOU = "as many sessions as you want"
SHARE_HOLIDAY = "public holidays of {name}"
SHARE_HOLIDAY_YOU = "public holidays that you keep free"

# --- kept -----------------------------------------------------------------------------------------

DAILY = "at most {count} a day"
WEEKLY = "at most {count} a week"
LIMIT_UNIT = "how many sessions a {unit} you want; a day or a week I can"
LIMIT_NONE = "no sessions at all as a limit; “I am away until 5 January” keeps days free"
IN_ENGLISH = "what you do not want, in this language; in English I can, “no Mondays” for example"
NO_DAILY = "as many sessions a day as come"
NO_WEEKLY = "as many sessions a week as come"
PREFERRED = "preferred times {times} (others stay possible)"
NO_PREFERRED = "no preferred times"
PREFERRED_NEVER = "preferred times outside your hours, which are {hours}"
TENTATIVE = {
    True: "tentative entries of your calendars count as busy",
    False: "tentative entries of your calendars count as free",
    None: "tentative entries of your calendars as the programme says",
}
HOLIDAYS = "the public holidays of {place} are kept free ({next})"
HOLIDAYS_NEXT = "next: {day}, {name}"
HOLIDAYS_NONE = "I know of none in the next year"
HOLIDAYS_UNKNOWN = "holidays of “{place}”, a country or a part of one that I do not know"
HOLIDAYS_KEEP = "Keep the public holidays of {place} free"
NO_HOLIDAYS = "no public holidays kept free"
TRIP = "; {city} {dates}"
BACK = "; {city} again from {day}"
PREF_HOLIDAYS = "Public holidays"
SAVED_APART = "Saved: {what}, for {programme} alone."
AS_GENERAL = "{what} as for all your programmes"
FIELDS = {
    "hours": "hours",
    "buffer": "free time around sessions",
    "duration": "usual length",
    "daily": "sessions a day",
    "weekly": "sessions a week",
    "preferred": "preferred times",
}
NOT_APART = "that for one programme alone, it counts for all of them"
HOURS_EMPTY = (
    "those hours, which would leave you no time at all in {programme}: its hours are {hours}. Name "
    "some of these, or ask an administrator for longer ones"
)
NO_SUCH = "You are in no programme called “{name}”, so I have saved nothing. Yours: {names}."
NO_PROGRAMMES = "none"
FORGET_ASK = (
    "Shall I forget your hours, free time around sessions, usual length, limits, preferred times, "
    "public holidays and tentative entries, for all programmes? Zone, leave and reminders stay."
)
FORGET_YES = "Forget them"
FORGET_NO = "Keep them"
FORGET_KEPT = "All right, I keep your preferences as they are."
FORGOTTEN = "hours and sessions as each programme says"
PREF_MOST = "Sessions"
PREF_PREFERRED = "Preferred times"
PREF_TENTATIVE = "Tentative entries"
PREF_APART = "For {programme} alone"
TENTATIVE_ROW = {True: "count as busy", False: "count as free"}


def sessions(number: int) -> str:
    """Return "1 session" or "3 sessions"."""
    return f"{number} session{'' if number == 1 else 's'}"
