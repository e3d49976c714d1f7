"""What people read about what would open times, and about exceptions for one session."""

from core.finding.request import Ease

EASE = {
    Ease.HOURS: "Outside my hours, this once",
    Ease.TENTATIVE: "Count what is tentative as free",
    Ease.BUFFER: "Without my time in between",
}
SHORTER = "Try {length}"
LATER = "Look at the seven days after"
ASK = "Ask {name} for an exception"
EASED = {
    Ease.HOURS: "For this once I also looked outside your hours.",
    Ease.TENTATIVE: "For this once what is tentative in your calendars counts as free.",
    Ease.BUFFER: "For this once without the time that you want free in between.",
}
ASKED = "These would be exceptions: {name} is asked once you offer them, and decides."
EXCEPTION = (
    "{name} asks for an exception, this once: it is outside the hours that you set. Your hours "
    "stay as they are, and if you say no, nobody is told why."
)
