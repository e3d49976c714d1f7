"""What this assistant does not do: topics that always win, and topics a meeting overrules."""

from __future__ import annotations

import re

from bot.understand.intent_words import CALENDAR, CANCEL, CHANGE, MEETING, MOVE, shaped

# Whatever else is said, these are not ours ("delete my morning alarm", "remind me of the meeting").
ALWAYS = shaped(
    r"\b(?:schedule|book|get|need|make|set up|bring)\b[^?]*\b(?:oil change|maintenance|tune ?up|"
    r"(?:my|the) (?:car|truck|vehicle)|tires?|brakes)\b|\b(?:alarms?|alarm clock|wake me|"
    r"wake ?up call|timers?|stop ?watch|countdown|notify me|alert me|dont let me forget|"
    r"ping me (?:a|an|when|before|<t>|<len>)|nudge me|best time to|"
    r"(?<!room )reservations?(?! (?:for|of) (?:a |the )?(?:conference|meeting))|(?:dentist|"
    r"doctor|therapist|psychologist|psychiatrist|dermatologist|gynecologist|ophthalmologist|"
    r"pediatrician|salon|hair ?(?:dresser|stylist|salon)|barber) (?:in|near|around)|"
    r"vacation (?:days|balance|request)|been approved|remind\w*(?! me (?:what|when|who|where|"
    r"which))|"
    r"weather|forecasts?|umbrella|temperatures?|snow\w*|raining|rainy|sunny|"
    r"to ?do list|to-do list|shopping list|grocery list|playlists?|flight status|"
    r"exchange rate|bank account|savings account|checking account|credit (?:card|score|limit)|"
    r"flip (?:a )?coin|roll (?:a )?dice?|train tickets?|plane tickets?|bus tickets?|"
    r"rental cars?|car rentals?|rent a car|one way flight|round ?trip|tell me a joke|jokes?|"
    r"tables? (?:for|at)|rides?|reservations? (?:for \d|at)|pick ?up|movie tickets?|"
    r"will it (?:be|rain|snow)|how (?:cold|hot|warm|far|tall|old|big|deep|fast|high|heavy|"
    r"expensive|wide)|how many (?:days|weeks|months|hours|people live|calories|miles|ounces|"
    r"cups)|concert tickets?|hotel rooms?|rooms? at the \w+|uber|ubers|lyft|taxis?|cabs?)\b"
)
# Topics of other assistants; a meeting or the calendar beside them overrules them.
TOPICS = shaped(
    r"\b(?:temp|hot is it|cold is it|rain|wind speed|humidity|degrees|sunset|sunrise|cloudy|storm|"
    r"traffic|commute|flights?|airfare|airlines?|planes?|airport|hotels?|motels?|airbnb|hostels?|"
    r"rent|rental|rentals|trains?|bus|buses|tickets?|passports?|visas?|luggage|travel|"
    r"movies?|films?|songs?|music|album|albums|artist|singer|lyrics|play|playing|podcasts?|radio|"
    r"volume|"
    r"lights?|lamp|thermostat|heating|vacuum|coffee machine|plug|socket|tv|channel|netflix|"
    r"joke|news|headlines|recipes?|cook|cooking|calories|nutrition|ingredients?|restaurants?|"
    r"pizza|burger|sushi|takeaway|takeout|delivery|order|groceries|grocery|shopping|buy|purchase|"
    r"lists?|days? off|<len> off|time off|pto|sick days?|accounts?|bank|banking|balance|balances|"
    r"transfer|pay|payments?|bills?|credit|debit|loans?|"
    r"mortgage|insurance|tax|taxes|w2|payday|salary|income|stocks?|shares|price|prices|cost|"
    r"currency|dollars|euros|"
    r"convert|conversion|translate|translation|definition|define|meaning of|spell|synonyms?|"
    r"how do you say|in spanish|in french|in german|calculate|math|square root|divided by|"
    r"multiplied|"
    r"coin|dice|email|emails|e-mails?|inbox|text message|texts?|tweet|facebook|instagram|whatsapp|"
    r"battery|wifi|wi-fi|gps|directions|map|maps|distance|oil|nearest|nearby|near me|gas|mpg|"
    r"tire|tires|"
    r"apartments?|property|properties|real estate|houses? for|theat(?:re|er)s?|"
    r"sports?|score|football match|exhibitions?|festivals?|museums? in|attractions?|"
    r"recommend|recommendations?|suggest a|what time is it|what time it is|the time in|"
    r"(?<!my )time ?zone|"
    r"todays date|what date|what day is|the date today|current time|current date|"
    r"vaccin\w*|medicine|symptoms?|president|population|capital of|country|history of|"
    r"car|cars|truck|bike|parking|hair ?stylist|salon|therapist|dentist in|doctor in|"
    r"language|your name|who made you|who created you|how old are you|are you (?:a )?(?:human|"
    r"robot|real|bot|ai)|"
    r"meaning of life|repeat that|say that again|speak (?:slower|faster)|change your (?:name|"
    r"accent|language)|"
    r"photo|photos|camera|picture|phone|smart ?home|cleaner|robot|flip|game|games|"
    r"package|parcel|shipping|warranty|pin|password|routing|apr|401k|rollover|interest|"
    r"ebook|audiobook|book by|books?(?= (?:about|on|by|to|in|for sale|from)))\b"
)
ANCHORS = shaped(
    rf"\b(?:{CALENDAR}|(?!check[ -]?ins?\b|dates?\b|plans?\b|visits?\b|class|conferences?\b|"
    rf"calls?\b|chats?\b){MEETING}|"
    r"i(?:m| am| have|ve)\b[^.]{0,30}\b(?:available|free)|"
    r"re-?schedul\w*|schedul(?:e|ing))\b"
)
# Events of a town, not of the speaker.
PLACES = shaped(
    r"\b(?:near me|nearby|in town|downtown|in (?:my|this|the) (?:area|city|neighbou?rhood|town|"
    r"region)|"
    r"around (?:here|town|me)|happening (?:in|around|near|this|on|at)|going on (?:in|around|"
    r"downtown|this|near|at)|"
    r"local (?:events?|shows?)|events? (?:are |is )?(?:there )?in|shows? in|concerts?|"
    r"things to do|for sale|tickets?)\b"
)
_PASTIMES = frozenset({"game", "games", "movie", "movies", "film", "photo", "photos", "sports"})
_ACTED = shaped(rf"\b(?:{CANCEL}|{MOVE}|{CHANGE})\b (?:my|the|our|that|this|<t>)\b")
_QUESTIONS = shaped(
    r"^(?:what time|when|is|are|how late|until when)\b(?! <t>)(?!.*\b(?:my|our|i|we|"
    r"_p_)\b).*\b(?:opens?|closed?|closes)\b|^(?:please )?make (?:me )?(?:an? |"
    r"some )?(?:cup of )?(?:coffee|tea|breakfast|lunch|dinner)\W*$|^(?:(?:hey|hi|hello|please|ok|"
    r"so|and|now),? )*(?:(?:can|could) you )?(?:please )?(?:tell me |give me |"
    r"do you know )?(?:whats (?:the )?<t> ?(?:date|day)?\W*$|what is <t> date|what(?:s|"
    r" is) the (?:time|date|day|year|month)\b(?! of)|what (?:day|date|year|month|time) is (?:it|"
    r"today)|"
    r"what (?:day|date) (?:will|was|is)(?! my| our| the (?:meeting|session|call|appointment)|"
    r" <p>)|do you know (?:the|what) (?:time|date)|"
    r"(?:tell me|could you tell me|can you tell me|i need to know|"
    r"please tell me)(?: me)? (?:what )?(?:the )?(?:current )?(?:time|date|"
    r"day)(?: it)?(?: is(?: it)?)?(?: now| today)?(?: in .*)?$)"
)


def _own(topic: str, shape: str) -> bool:
    """Tell whether a pastime is an entry of the speaker's own ("cancel my golf game")."""
    return topic in _PASTIMES and bool(_ACTED.search(shape))


def foreign(shape: str) -> str:
    """Give why a sentence is not for this assistant, "" when it may be."""
    found = ALWAYS.search(shape)
    if found:
        return "topic:" + found.group()
    if _QUESTIONS.search(shape):
        return "clock question"
    found = PLACES.search(shape)
    if found and not re.search(r"\b(?:my|our)\b", shape) and "_p_" not in shape:
        return "place:" + found.group()
    found = TOPICS.search(shape)
    if found and not ANCHORS.search(shape) and not _own(found.group(), shape):
        return "topic:" + found.group()
    return ""
