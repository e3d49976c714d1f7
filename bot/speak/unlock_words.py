"""What people read about what would open times, and about exceptions for one session."""

from core.finding.request import Ease
from core.programme import Rule

EASE = {
    Ease.HOURS: "Outside my hours, this once",
    Ease.TENTATIVE: "Count what is tentative as free",
    Ease.BUFFER: "Without my time in between",
    Ease.LIMIT: "One more than I want, this once",
}
SHORTER = "Try {length}"
LATER = "Look at the seven days after"
ASK = "Ask {name} for an exception"
ALLOW = {
    Rule.WEEKEND: "Ask for sessions on weekends",
    Rule.PROGRAMME_HOURS: "Ask for longer hours",
    Rule.NOTICE: "Ask for shorter notice",
    Rule.CLOSED: "Ask about the closure days",
}
ALLOWING = {
    Rule.WEEKEND: "Could {programme} allow sessions on weekends?",
    Rule.PROGRAMME_HOURS: "Could the hours of {programme} be longer?",
    Rule.NOTICE: "Could {programme} do with shorter notice?",
    Rule.CLOSED: "Could {programme} have sessions on its closure days?",
}
ALLOW_ASKED = "I have asked {names}: “{text}” I do that once a day at most."
ALLOW_YOURS = "You administer {programme}, so you can set that yourself: “admin help” says how."
ALLOW_NOBODY = "There is no administrator whom I could ask."
EASED = {
    Ease.HOURS: "For this once I also looked outside your hours.",
    Ease.TENTATIVE: "For this once what is tentative in your calendars counts as free.",
    Ease.BUFFER: "For this once without the time that you want free in between.",
    Ease.LIMIT: "For this once one more session than you want at most.",
}
ASKED = "These would be exceptions: {name} is asked once you offer them, and decides."
EXCEPTION = (
    "{name} asks for an exception, this once: it is outside the hours that you set. Your hours "
    "stay as they are, and if you say no, nobody is told why."
)
