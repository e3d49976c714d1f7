"""Pieces of patterns over a sentence's shape, in which time phrases are `<t>`, lengths `<len>`,
series `<series>` and people `<p>`, apostrophes are gone and all letters are small.
"""

from __future__ import annotations

import re

MEETING = (
    r"(?:meetings?|mtgs?|appointments?|appts?|appointement|apointments?|sessions?|events?|calls?|"
    r"1:1s?|"
    r"1-on-1s?|one on ones?|catch[ -]?ups?|check[ -]?ins?|chats?|bookings?|invit(?:e|es|ations?)|"
    r"syncs?|interviews?|stand-?ups?|workshops?|presentations?|demos?|series|lessons?|class(?:es)?|"
    r"conferences?|visits?|dates?|plans?|meet ?ups?|hangouts?|get togethers?|gatherings?)"
)
OCCASION = (
    r"(?:lunch(?:es)?|dinners?|brunch|breakfasts?|coffees?|drinks?|part(?:y|ies)|birthdays?|"
    r"weddings?|"
    r"bbq|barbecue|happy hours?|game night|movie nights?|poker|yoga|golf|tennis|haircut|hair|"
    r"checkup|practice|training|reviews?|phone call|conference call|anniversary|"
    r"study|vacation|trip|picnic|concert|rehearsal|ceremony|reunion|"
    r"showers?|recitals?|graduations?|fundraisers?|banquets?|retirement|photo ?shoot|fitting|"
    r"tour|museum)"
)
CALENDAR = r"(?:cal[ae]nd[ae]rs?|schedules?|agendas?|diar(?:y|ies)|planner)"
MEDICAL = r"(?:dentist|doctors?|vet|therapist|orthodontist|optometrist)"
THING = rf"(?:{MEETING}|{OCCASION}|{MEDICAL}|{CALENDAR})"
PROVIDER = (
    r"(?:gmail|google(?: cal[ae]ndar)?|outlook|office ?365|o365|m365|microsoft(?: 365)?|exchange|"
    r"apple|icloud|caldav|fastmail|nextcloud|yahoo)"
)
PLEASE = (
    r"(?:(?:hi|hey|hello|ok|okay|yes|yeah|so|well|and|also|please|pls|just|cortana|assistant|"
    r"tandem|"
    r"um|uh|can you|could you|would you|will you|can u|id like to|id like you to|i want to|i wanna|"
    r"i would like to|i need to|i need you to|i want you to|i have to|i wish to|lets|let us|"
    r"help me(?: to)?|help|kindly|go ahead and|try to|want to|need to|i am going to have to|"
    r"im going to have to|i must|we need to|we have to|we should|can we|could we|may i|can i|"
    r"could i|i should|i d like to|gonna|there|good morning|good afternoon|good evening|do|now|"
    r"then|actually|"
    r"sorry|i think|i guess|thanks|would like to|we) )*"
)
MOVE = (
    r"(?:move|mve|reschedul\w*|re-schedul\w*|reshedule|shift|push|postpone|bump|delay|"
    r"bring forward|re-?book|rearrange|re-?arrange|swap|replan|defer|put off|bring up|slide|"
    r"pull forward|"
    r"pull in|reslot)"
)
CHANGE = (
    r"(?:change|update|modify|edit|alter|adjust|amend|switch|extend|shorten|lengthen|prolong|"
    r"revise|fix|correct|set back|expand|rename|replace|substitute|turn)"
)
CANCEL = (
    r"(?:cancel\w*|cancle|cancell|canel|delete|delet|remove|drop|scrap|erase|clear|call off|"
    r"get rid of|"
    r"kill|skip|take off|wipe|strike|discard|eliminate|nix|scratch|dump|unbook|unschedule|end|"
    r"stop|terminate)"
)
CREATE = (
    r"(?:book|schedule|shedule|scedule|schedual|set[ -]?up|setup|arrange|plan|create|add|make|"
    r"organi[sz]e|"
    r"put|find|get|reserve|fix|pencil(?: in)?|block(?: off| out)?|hook up|set|request|propose|"
    r"invite|"
    r"send|start|host|hold|line up|slot in|slot|mark|enter|insert|place|have|begin|new|input|"
    r"include|log|save|do|squeeze(?: in)?|save|coordinate|register)"
)


def shaped(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over shapes, in which `<t>` and the like are words of their own."""
    return re.compile(re.sub(r"<(t|p|len|series)>", r"_\1_", pattern))
