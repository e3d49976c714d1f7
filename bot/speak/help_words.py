"""What help says: sentences to try, and who else can help."""

from __future__ import annotations

HELP = "Here is what I can do for you:"
HELP_LINES = (
    ("Find a time", "book with {partner} next week"),
    ("A certain time", "book {partner} Tuesday 2pm"),
    ("A series", "every Tuesday at 2pm with {partner} until May · end the series"),
    ("Change a series", "all future sessions an hour later · skip the one on 12 May"),
    ("Agenda", "book with {partner} about my thesis · add my CV to the agenda"),
    ("Your sessions", "what's on next week? · next session · whose turn is it?"),
    ("Move or cancel", "move my session to Thursday · cancel my session, I am ill"),
    ("Running late", "running 10 late"),
    ("Reminders", "remind me 2 hours before · no reminders for sessions"),
    ("Take it back", "undo"),
    ("Why not", "why not Friday 10:00? · why is {partner} never free?"),
    ("Preferences", "don't book me before 10 · what are my preferences?"),
    ("More of them", "I prefer mornings · at most 2 sessions a day · forget my limits"),
    ("Away", "I'm away until 5 January · I'm in Lisbon from 2 to 6 November"),
    ("Where I write", "reach me in Teams · write to me by mail"),
    ("Your calendar", "connect my calendar · disconnect my calendar"),
    ("A human", "talk to a person: …"),
)
HELP_ADMIN = "You administer {programmes}: write “admin help” for what you can set."
HELP_CONTACTS = "People who can help: {contacts}."
HELP_NO_CONTACTS = "For questions about the programme ask {names}."
