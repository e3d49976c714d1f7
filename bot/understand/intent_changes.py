"""Everyday ways to change what stands already, tried first: none of them asks for a new session."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_rules import IntentRule
from bot.understand.intent_words import MEETING, PLEASE

_R = IntentRule
LAPSED = "no longer then"
KEPT = "leave it as it is"
AS_LONG = "make it as long"
LEFT_OUT = "leave one out"

_ONE = r"(?:session|meeting|mtg|call|catch[ -]?up|chat|appointment|slot|one|lesson|1:1|sync)"
_MY = r"(?:(?:my|our|the|this|that|<p>) )?"
_DROP = r"(?:cancel|delete|call off|remove|drop|scrap|bin|skip)"
_IT = rf"{_MY}(?:<t>(?: {_ONE})?|{_ONE}(?: with <p>)?(?:,? (?:on )?<t>)?)(?: with <p>)?"
_LEAD = r"(?:so |please |pls |just |can you |could you |can we |lets |and |then )*"
_GONE = (
    r"(?:cant|cannot|wont|will not|unable|not able|not going to|no longer|isnt|sick|ill|unwell|"
    r"came up|come up|poorly|away|on leave|on holidays?|off)"
)
_OTHER = r"(?:another|a different|a new|some other|an other|a better) (?:time|slot|day|date|one)"
_NOT_ASKED = r"(?!(?:why|who|what|when|how|did|does|do|if|book|schedule|set up|arrange)\b)"

CHANGED = (
    _R(
        Intent.OUT_OF_SCOPE,
        KEPT,
        r"^(?:no|please|actually|sorry|wait|hey|hi|ok|but|and|pls|, ?| )*(?:dont|do not|never) "
        r"(?:you )?(?:cancel|delete|call off|drop|move|reschedule|skip|end|stop|change|postpone|"
        rf"remove) (?:it|that|this|them|anything|everything|{_IT}|{_MY}(?:\S+ )?series)(?: yet| "
        r"please| though| after all)*\W*$",
        "don't cancel Thursday",
    ),
    _R(
        Intent.RESCHEDULE,
        "it needs another time",
        rf"^{_NOT_ASKED}(?:.*\b)?(?:(?:my|our|the|this|that) {_ONE}(?: with <p>)?(?: (?:on )?<t>)?|"
        rf"<t> {_ONE}(?: with <p>)?) (?:has|needs|have|need|ought|must)(?: to)?(?: be)? "
        r"(?:(?:at|on|to|by|for|be|move|moving|start|starting|shift|shifting) )*"
        r"(?:<t>|<len>|later|earlier|sooner|longer|shorter|move|moving|shift|rescheduling|moved|"
        r"to move|to shift)\b",
        "the one on the 17th needs to be at 4 instead",
    ),
    _R(
        Intent.RESCHEDULE,
        "could that one be later",
        rf"\b(?:can|could|may|should) {_MY}<t> {_ONE}(?: with <p>)? (?:be|start|happen|go|move)\b"
        r".{0,20}(?:<t>|<len>|later|earlier|sooner)|"
        rf"\b(?:do|have) {_MY}<t> {_ONE} .{{0,12}}(?:later|earlier|sooner)\b",
        "can the 24 November session be an hour later",
    ),
    _R(
        Intent.RESCHEDULE,
        "like it moved",
        rf"\b(?:like|want|need|love|have|get|prefer)\b.{{0,12}}{_MY}(?:<t>(?: {_ONE})?|{_ONE}"
        r"(?: with <p>)?(?: (?:on )?<t>)?) (?:to be )?(?:moved|shifted|rescheduled|pushed|"
        r"rearranged|postponed|delayed|brought forward|put back)\b",
        "I'd like Thursday's session moved to Friday",
    ),
    _R(
        Intent.RESCHEDULE,
        LAPSED,
        rf"^{_NOT_ASKED}.*\b(?:i|we)(?: really| just)? (?:cant|cannot|wont|no longer)\b"
        r".{0,20}<t>.{0,12}\b(?:any ?more|any longer|now|after all)\b.*"
        rf"(?:<t>|\b{_OTHER})|"
        rf"^{_NOT_ASKED}.*<t>(?: {_ONE})?(?: (?:just|really))? (?:doesnt|does not|wont|isnt|is not|"
        r"is no|no longer)\b.{0,20}\b(?:any ?more|any longer|after all|work|works|good|suits?)\b"
        rf".{{0,12}}\b(?:any ?more|any longer|after all|now)\b.*(?:<t>|\b{_OTHER})",
        "Thursday doesn't work for me any more, can we do Friday instead",
    ),
    _R(
        Intent.RESCHEDULE,
        LAPSED,
        r"\b(?:something(?:s| has| is)?(?: has)? (?:come|came|cropped) up|clash(?:es)?|conflict|"
        r"double ?booked|emergency)\b.*<t>.*\b(?:another|a different|a new|new|some other) "
        rf"(?:time|slot|day|date)\b|<t>(?: {_ONE})? clash(?:es)?\b.*\b{_OTHER}",
        "something's come up Thursday, can we find another slot",
    ),
    _R(
        Intent.RESCHEDULE,
        LAPSED,
        rf"^{PLEASE}(?:can |could |may |should )<t> (?:be|start|begin) .{{0,12}}"
        r"(?:earlier|later|sooner)\b|^<t> (?:just )?(?:cant|wont) happen\b.*<t>",
        "can Thursday's be earlier",
    ),
    _R(
        Intent.RESCHEDULE,
        "a later one for it",
        rf"\b(?:prefer|rather have|have|do|put|hold) {_MY}<t> {_ONE} "
        r"(?:on |in |at |to )?<t> instead|"
        rf"^{_NOT_ASKED}{_MY}<t> {_ONE} is (?:a bit |far |way |much )?too (?:early|late)\b.*"
        r"(?:<t>|\d|later|earlier|move)|"
        rf"\b(?:an? )?(?:later|earlier) (?:time|slot|day|date|hour|start) for {_MY}(?:<t> )?{_ONE}|"
        rf"^{PLEASE}(?:(?:my|our|the) )?<t> {_ONE}(?: with <p>)? (?:an? |<len> )?(?:bit |little )?"
        r"(?:later|earlier)\b",
        "need a later slot for Thursday's session",
    ),
    _R(
        Intent.RESCHEDULE,
        "from one time to another",
        rf"^{PLEASE}(?:(?:my|our|the) )?<t> {_ONE}(?: with <p>)? (?:to|onto|into) <t>",
        "Thursday session to Friday at 10",
    ),
    _R(
        Intent.RESCHEDULE,
        AS_LONG,
        rf"^{PLEASE}(?:make|have|keep) {_MY}<t>(?: {_ONE})? (?:to |into |only |just )?<len>"
        r"(?! (?:later|earlier))",
        "make Thursday 45 minutes instead",
    ),
    _R(
        Intent.RESCHEDULE,
        "this once",
        r"^(?!.*\b(?:book|schedule|set up|arrange|create|cancel|skip)\b).*"
        r"\b(?:(?:just|only) (?:for )?this (?:once|time|week)|this time only|as an exception)\b.*"
        r"(?:<t>|later|earlier)",
        "just this once can we do Tuesday at 4",
    ),
    _R(
        Intent.CANCEL,
        "cannot come, so cancel",
        rf"^(?=.*\b{_GONE}\b)(?=.*<t>)[^?]*[,. -] ?{_LEAD}(?<!dont )(?<!not )(?:cancel|call off|"
        r"call it off|scrap it|drop it)(?: it| that| that one)?(?: please| pls| then| for me)*\W*$",
        "can't do Thursday, cancel please",
    ),
    _R(
        Intent.CANCEL,
        "called off for a reason",
        rf"^{PLEASE}(?:{_DROP}) {_IT}(?: ?[,.:-]| as| because| since| sorry) (?!and\b|but\b|"
        r"book\b|move\b|then\b|or\b)\S",
        "cancel Thursday - my train is cancelled",
    ),
    _R(
        Intent.CANCEL,
        "no longer needed",
        rf"^(?:sorry,? |so |hi,? )*(?:i|we) (?:wont|no longer|will not|dont|do not) (?:really )?"
        r"(?:need|want|require|be needing)(?: to have)? "
        rf"(?:(?:my|our|the|this|that) )?(?:(?:<t>|<series>) "
        rf"{MEETING}|{MEETING}(?: with <p>)?(?: (?:on )?<t>)? any ?(?:more|longer))\b"
        r"(?!.*\b(?:to be|to start|so early|so late)\b)|"
        r"^(?:sorry,? |so |hi,? )*(?:i|we) (?:dont|do not|no longer) (?:need|have) to "
        r"(?:meet|talk|speak|catch up)(?: with <p>)? (?:on )?<t>(?: any ?more| any longer)?\W*$",
        "I no longer need Thursday's session",
    ),
    _R(
        Intent.CANCEL,
        "pull out",
        rf"\b(?:(?:pull|back|bow|drop|bail) out of|bail on) (?:{_MY}(?:<t>|{_ONE}))|"
        rf"^{PLEASE}(?:bin|axe|ditch|sack)(?: off)? {_MY}<t>(?: {_ONE})?\W*$|"
        rf"^(?:so |ok |sorry,? )*(?:(?:my|our|the) )?<t> {_ONE} is off\W*$",
        "I need to pull out of Thursday",
    ),
    _R(
        Intent.CANCEL,
        LEFT_OUT,
        rf"^{PLEASE}(?:leave out|miss out|leave) (?:(?:the|that) )?(?:{_ONE} (?:on )?)?<t>"
        rf"(?: {_ONE})?(?: out)?(?: please)?\W*$(?<!free)|"
        r"\btake <t> out of (?:the|my|our) series\b|"
        rf"^(?:please )?no {_ONE} (?:on |for )?<t>.*\b(?:rest|others?)\b|"
        r"<t>.*\b(?:skip|miss|leave out|drop) (?:that|this|it)(?: one)?(?: please| then)?\W*$",
        "leave out the 17th",
    ),
    _R(
        Intent.CANCEL,
        "no more of them",
        rf"^{PLEASE}no more (?:mentoring |coaching )?(?:sessions|meetings|calls|catch ?ups) with "
        rf"<p>|\b{_DROP} (?:whats|what is|everything|all) (?:thats |that is )?(?:left|remaining|"
        r"to come)\b|"
        rf"^{PLEASE}(?:quit|leave|drop out of) (?:the|my|our|this) (?:<t> )?series\b|"
        rf"^{PLEASE}{_DROP} the lot\b|\b{_DROP} (?:all )?(?:the|my|our) (?:rest|remainder)\W*$|"
        r"\bno need for (?:the|my|our|any) (?:rest|remainder|remaining|other|future)\b",
        "no more sessions with Sam after the 17th",
    ),
    _R(
        Intent.RUNNING_LATE,
        "late, in few words",
        r"^(?:sorry,? |hey,? |hi,? |so |just )*(?:(?:a )?(?:bit|little|few minutes|tad) late|"
        r"(?:<len>|\d{1,3}) (?:late|behind)|late(?: by)? (?:<len>|\d{1,2})|"
        r"(?:delayed|held up)(?: by)?(?: about)? ?(?:<len>|<t>|\d{1,2})?|running late|"
        r"running (?:<len>|\d{1,2}))(?:,? (?:<len>|\d{1,2}|sorry|mins?|by <t>))*\W*$",
        "bit late, 5 mins",
    ),
)
