"""Everyday sayings that are told by their wording alone, tried before all other rules but one."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_rules import IntentRule
from bot.understand.intent_words import CALENDAR, MEETING, OCCASION, PLEASE, THING

_R = IntentRule
_SORRY = (
    r"(?:(?:sorry|oh|ah|hm+|no|nope|well|unfortunately|im sorry|im afraid|i am afraid|actually|"
    r"but|that|really|wait|hold on|hang on|not so fast),? )*"
)
_END = r"(?:,? (?:im afraid|sorry|unfortunately|though|then|thanks|thank you))*\W*$"
_DROP = r"(?:cancel|delete|call off|remove|drop|scrap|bin)"
STATEMENT = "a statement"
GOODBYE = "goodbye"

SAYINGS = (
    _R(
        Intent.DECLINE,
        "cannot",
        rf"^{_SORRY}(?:i |we |thats |that )?(?:cant|cannot|wont be able to|am not able to|"
        r"im not able to)"
        rf"(?: (?:make|do|manage)(?: (?:it|that|this|those|them|these|any of (?:those|them|these|"
        rf"the times)))?)?{_END}",
        "I'm afraid I can't",
    ),
    _R(
        Intent.DECLINE,
        "rather not",
        rf"^{_SORRY}(?:please )?(?:afraid not|lets not|dont do (?:that|it|this)|"
        r"(?:thats|its|that is|it is|that would be) (?:a bit |much |far |way )?too "
        rf"(?:early|late|soon|long|short)(?: for (?:me|us))?|"
        rf"none of (?:those|them|these) (?:suits?|works?|fits?)(?: (?:me|us))?|"
        rf"i(?:m| am) (?:busy|away|out|booked|taken|travelling|traveling|on leave) "
        rf"(?:then|that day|at that time)|"
        rf"(?:that|it|this|<t>)(?: \w+)? (?:is|are) no (?:good|use)(?: for (?:me|us))?|(?:id|"
        rf"i would) rather (?:not|skip it)){_END}",
        "that's too late for me",
    ),
    _R(
        Intent.COUNTER,
        "yes, but",
        r"^(?:yes|yeah|yep|ok|okay|sure|fine|good|great|perfect|thats fine|works)[,.]? (?:but|only|"
        r"just|though)(?: \w+){0,4} (?:later|earlier|sooner|another day|a different day|"
        r"another time|not (?:so|that|too) (?:early|late)|shorter|longer)(?: please)?\W*$",
        "yes but later",
    ),
    _R(
        Intent.COUNTER,
        "another hour",
        rf"^{_SORRY}(?:please )?(?:(?:(?:an? )?(?:bit|little|<len>) |slightly |somewhat |much )?"
        r"(?:later|earlier)(?:(?: would be| is| suits| works)(?: \w+){0,3})?|"
        r"(?:can|could) (?:it|we|you)(?: \w+){0,2} (?:later|earlier))(?: please| if possible| then|"
        r" in the day| on)*\W*$",
        "a bit later please",
    ),
    _R(
        Intent.ACCEPT,
        "glad of it",
        r"^(?:yes,? |ok,? |great,? |oh,? )*(?:(?:that|it|this)(?:d| would|ll| will) be "
        r"(?:lovely|great|perfect|wonderful|brilliant|ideal|nice|good|fine|super|fantastic)|"
        r"thatd be (?:lovely|great|perfect|wonderful|brilliant|ideal|nice|good|fine)|"
        r"(?:that|it|this|<t>) suits (?:me|us)(?: \w+){0,5}|i(?:m| am) (?:on board|all for it|"
        r"game|in)|lock it in|book it in|lets do (?:it|that|this)|go ahead and book it|"
        r"put it in|fab|ace|grand|smashing|spot on|you read my mind|go right ahead|"
        r"yessir,? go right ahead|(?:no,? )?(?:thats|that is|its) (?:fine|ok|okay|good|great|"
        r"alright|perfect),? (?:please )?(?:book|confirm|schedule|take|send) (?:it|"
        r"that))(?: please| thanks| thank you| then)*\W*$",
        "that'd be lovely",
    ),
    _R(
        Intent.THANKS,
        GOODBYE,
        r"^(?:(?:ok|okay|well|thanks|thank you|cheers|great|right|alright|that is all|thats all|"
        r"thats it|im done|all done|so),? )*(?:(?:good ?|bye )?bye|cya|see (?:you|ya|u)|later|"
        r"ttyl|good ?night|take care|have a (?:good|nice|great|lovely) (?:day|one|evening|weekend|"
        r"week|<t>)|talk (?:soon|later)|ciao|so long)(?: (?:for now|now|then|all|tandem|everyone|"
        r"there|later|soon|around|<t>|thanks|thank you))*\W*$",
        "ok bye",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        "sent elsewhere",
        rf"^{PLEASE}(?:send|forward|mail|e-?mail|copy|deliver)(?: me)? "
        r"(?:the |my |all |these |those |your |future )*"
        r"(?:invit\w+|confirmations?|mails?|emails?|e-mails?|details|"
        r"it|them|everything|calendar (?:invites?|entries|files?)) (?:to|at) "
        r"(?:my|the|an?|another) (?:\w+ ){0,2}"
        r"(?:e-?mail|mail|inbox|address|account|mailbox|gmail|outlook)\b",
        "send the invite to my private mail",
    ),
    _R(
        Intent.HELP,
        "lost",
        r"^(?:sorry |hi |hey |um |ok |so |well )*(?:i(?:m| am) (?:a bit |so |totally |completely )?"
        r"(?:lost|confused|stuck|new here|new to this)|(?:im )?not sure (?:how (?:this|it|you|to)|"
        r"what (?:to|you|i))|i (?:dont|do not) (?:know|understand) (?:what to|how to use|how this|"
        r"where to|how it|how you)|no idea (?:what to|how to use|how this)|what now\W*$|"
        r"(?:and )?what (?:are|were) (?:my|the) options|how do i (?:start|begin|get started)|"
        r"getting started|where do i start|what (?:are you|is this(?: bot| thing)?) for)\b",
        "I'm lost, what are my options",
    ),
    _R(
        Intent.HELP,
        "asks for help",
        r"^(?:hi,? |hey,? |please |so )*(?:(?:can|could|would|will) you (?:please )?help(?: me)?"
        r"(?: out)?(?: please)?|i (?:dont|do not) get (?:it|this|how)|"
        r"how (?:can|do|could|would|should) (?:i|we) (?:book|schedule|arrange|cancel|reschedule|"
        r"move|connect)(?: (?:something|anything|somebody|one|it|things))?"
        r"(?: (?:with|using|through) (?:you|this|it|the bot|tandem))?|"
        r"what (?:services?|help|support|tools?) (?:do|can|could) you (?:provide|offer|give))\W*$",
        "how do I reschedule",
    ),
    _R(
        Intent.HELP,
        "commands",
        r"^(?:please )?(?:(?:show|list|give|tell|explain|describe|name)(?: (?:me|to me))?(?: all)?)"
        r"(?: (?:the|your|all|of|some|a few|possible|available))* (?:commands?|features?|"
        r"functions?|capabilities|abilities|skills|examples of what)\b",
        "list your features",
    ),
    _R(
        Intent.RUNNING_LATE,
        "on the way",
        r"^(?:\w+,? ){0,4}(?:be there|with you|be with you|join(?:ing)?(?: you)?|there) in "
        r"(?:about |around |roughly )?(?:<t>|<len>|\d{1,2})\b(?!.*\b(?:can|book|schedule)\b)",
        "be there in 5, sorry",
    ),
    _R(
        Intent.CANCEL,
        "cannot come, so cancel",
        r"^(?=.*\b(?:cant|cannot|wont|no longer|not going|isnt|sick|ill|unwell|came up|off)\b)"
        rf".*\b(?<!dont )(?<!not ){_DROP} (?:it|that one|that (?:meeting|session|call)|"
        r"(?:the|our|my|this) (?:meeting|session|call|appointment))(?: please| then| for me)*\W*$",
        "I can't make it on Friday, cancel it",
    ),
    _R(
        Intent.CANCEL,
        "no longer needed",
        rf"^{_SORRY}(?:i|we) (?:wont|no longer|will not)(?: \w+)? ?(?:need|want|require|"
        rf"be needing)(?: \w+){{0,3}} (?:(?:the|my|our|that|this) {MEETING}|"
        r"(?:meet|see)(?: \w+)? <p>)(?!.*\b(?:want|need) (?:it|them|that) (?:to|on|at)\b)",
        "I won't need the meeting with Sam any longer",
    ),
    _R(
        Intent.CANCEL,
        "bin it",
        rf"^{PLEASE}(?:bin|axe|ditch|abandon|lose) (?:the|my|our|that|this|<t>|<p>)[^?]*"
        rf"\b(?:{MEETING}|{OCCASION})\b",
        "bin the meeting with Priya",
    ),
    _R(
        Intent.RESCHEDULE,
        "rather than",
        r"^(?!.*\b(?:book|schedule|set up|create)\b).*\b(?:start|begin|be|happen|take place|run)\b"
        r"[^.?]{0,30}(?:<t>|\d)[^.?]{0,10}\b(?:rather than|instead of|and not)\b",
        "the review should start at 11 rather than 10",
    ),
    _R(
        Intent.RESCHEDULE,
        "another time for it",
        r"\b(?:another|a different|a new|a better) (?:time|day|slot|date|hour) for "
        rf"(?:my|our|the|that|this|<t>)\b[^.]*\b{THING}",
        "I need another time for my session with Alex",
    ),
    _R(
        Intent.RESCHEDULE,
        "make the hour another",
        rf"\b(?:make|have) <t> (?:{MEETING}|{OCCASION}) (?:<t>|<len>|later|earlier|longer|shorter)|"
        rf"\b(?:can|could|may) (?:my|our|the) <t>(?: {MEETING})? (?:be|start|happen|go) "
        r"(?:(?:at|on|to) )?<t>",
        "could we make tomorrow's call an hour later",
    ),
    _R(
        Intent.BOOK,
        "fix a slot",
        rf"^{PLEASE}fix (?:up )?(?:an?|us|me|some|something) (?!.*\bto <t>)",
        "fix a 30 minute slot with Alex before Friday",
    ),
    _R(
        Intent.BOOK,
        "fit somebody in",
        rf"^{PLEASE}(?:squeeze|fit|slot) (?:in )?(?:an?|some) [^?]{{0,40}}\bwith <p>|"
        rf"^{PLEASE}(?:squeeze|fit|slot|get)(?: me| us)? in (?:with )?<p>|"
        rf"^{PLEASE}grab (?:an? |some |me )*(?:<len>|time|slot|coffee|half)[^?]{{0,20}}\bwith <p>",
        "can we squeeze in a quick chat with Nadia tomorrow",
    ),
    _R(
        Intent.BOOK,
        "may I see",
        rf"^{PLEASE}(?:see|meet|pop (?:something|us|me) in)\b[^?]{{0,30}}<p>(?:,? (?:and )?<p>)*"
        r"(?: (?:on|at|for))? <t>",
        "can I see Alex on Tuesday",
    ),
    _R(
        Intent.RESCHEDULE,
        "could it be later",
        rf"\b(?:can|could|may|should) (?:my|our|the|this|that) (?:{MEETING}|{OCCASION}|<t>)"
        rf"(?: {MEETING})? (?:be|start|happen|go)(?: \w+){{0,2}} (?:later|earlier|sooner)\b|"
        rf"\b(?:add|invite|include) <p>(?:,? (?:and )?<p>)* (?:to|in|on) <t> {MEETING}\b|"
        rf"^{PLEASE}(?:put|have|do) (?:my|our|the) (?:{MEETING}|{OCCASION}) (?:on |at )?<t> "
        r"instead\b",
        "could our session be a bit later",
    ),
    _R(
        Intent.CANCEL,
        "call it off",
        rf"\bcall (?:the|my|our|this|that|<t>|it|everything)(?: \w+)? off\b|"
        rf"^(?:please |ok |actually |so )*(?:lets|let us|we shouldnt|wed better|we should) not "
        rf"(?:meet|have)\b[^?]*(?:<t>|<p>)|"
        rf"^(?:please |just )*forget (?:about )?(?:the|my|our|<t>) [^?]{{0,20}}"
        rf"\b(?:{MEETING}|{OCCASION})\b",
        "I want to call the session off",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "how the day is",
        r"^(?:so |and |hey |hi )*(?:what|how) (?:does|do|is|will) <t> (?:look|be looking)\b|"
        r"\bdo (?:i|we) have an? (?:busy|full|packed|light|quiet) (?:day|week|<t>)|"
        r"^am i (?:seeing|meeting)(?: with)? (?:anyone|anybody|someone|somebody|<p>)\b",
        "what does next week look like",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "what is it",
        r"^(?:so |and |hey |hi )*(?:where|whens|wheres|when|who)(?:s| is|(?<=s))(?: in| at)? "
        r"(?:my|our) (?:next )?<t>\W*$|"
        r"\b(?:rundown|run down|overview|summary|recap|breakdown) (?:of|for) (?:my|our|<t>)",
        "give me a rundown of my day",
    ),
    _R(
        Intent.AVAILABILITY,
        "is somebody around",
        r"^(?:hey |hi |so |and )*(?:is|are|will) <p>(?: (?:and|or) <p>)* (?:be )?(?:around|about|"
        r"reachable|in the office)\b|"
        r"^(?:hey |hi |so |and )*"
        r"(?:when(?:s| is) <p> (?:next )?(?:around|about)|"
        r"whens <p> (?:next )?(?:free|available))\b",
        "is Alex around tomorrow afternoon",
    ),
    _R(
        Intent.AVAILABILITY,
        "is it open",
        rf"^(?:so |and |hey |hi )*is (?:(?:<t>|my (?:{CALENDAR}|<t>)) ?(?:on |"
        r"at )?)+(?:still )?(?:free|open|"
        rf"clear|empty|available)\b|\bare (?:we|you and i) (?:both|all) (?:free|available|open)\b|"
        rf"\b(?:would|will|could|might) <p>(?: and <p>)* be (?:free|available)\b|"
        rf"\b(?:open|free|available) (?:times?|slots?|hours|spots?) (?:for|on|in)? ?<t>|"
        rf"\b(?:the )?(?:next|earliest|first|soonest) (?:opening|slot|gap|time|i can (?:see|meet)|"
        rf"we can meet)\b(?! (?:works|is|please|suits))|"
        rf"^(?:do|have) (?:i|we)(?: have| got)* (?:an?|any) (?:free |open )?(?:slots?|gaps?)\b",
        "is Thursday at 3pm free",
    ),
    _R(
        Intent.AVAILABILITY,
        "which times suit",
        r"\b(?:what|which) (?:slots?|times?|days?|dates?|hours?)(?: of day)?(?: <t>)? "
        r"(?:(?:are|is|do|does|would|will|could) )?(?:(?:we|i|<p>|you|both|still) )*(?:open|free|"
        r"available|suits?|works?|fits?|good|best|possible|left)\b(?!.*\b(?:store|shop|museum|"
        r"bank|gym|library|restaurant)\b)|"
        r"\bwhen (?:<p>|he|she|they|everyone|everybody)(?: and (?:<p>|i|me))* (?:can|could|is able "
        r"to|are able to) (?:meet|talk|come|make it|do)\b",
        "which days suit both of us",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        STATEMENT,
        rf"^(?:(?:sorry|but|no|well|oh|hm+|actually|because|unfortunately),? )*(?:i|we)(?:ve| have|"
        rf" already have)(?: got| already)* (?:an?|another|some) (?:\w+ )?{MEETING}(?: (?:on|at|"
        r"from|until|then|<t>|already|all day|that day))*\W*$",
        "I have a meeting on Friday",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        "an errand",
        rf"^{PLEASE}(?:book|schedule|arrange|make|get|find|set up|plan)(?: me| us)? "
        r"(?:an? |my |the )?(?:appointment (?:for|to get) (?:an? |my )?)?(?:haircut|hair cut|"
        rf"massage|manicure|"
        rf"pedicure|facial|plumber|electrician|babysitter|handyman|car service|car wash|"
        rf"cleaning service|vehicle inspection|inspection)\b(?!.*(?:<t> at|\b{CALENDAR}\b))",
        "schedule a haircut",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        "something of another trade",
        r"\b(?:reschedul\w*|cancel\w*|change|move|re-?book|book|delay|postpone|update|end|renew|"
        r"stop) (?:my|the|our|an?) (?:\w+ )?(?:flights?|hotel|subscriptions?|memberships?|order|"
        r"insurance|policy|reservations?|phone plan)\b(?! (?:meeting|call|session|planning|"
        r"review|demo))|"
        r"^(?:please )?skip (?:this|the|to the)(?: next| current)? (?:track|song|ad|tune)\b|"
        r"\bhow much (?:vacation|pto|leave|holiday|money|time off)\b|"
        r"^(?:\w+ ){0,3}(?:send|write|draft|compose) (?:<p> )?an? (?:email|e-mail|text|sms|"
        r"letter)\b|(?:visit|viewing|tour) (?:to|of) the (?:property|apartment|house|flat)\b|"
        r"^should i (?:bring|wear|take|buy|eat)\b|"
        r"\b(?:opening|visiting|closing) (?:hours|times?)\b",
        "cancel my gym membership",
    ),
)
