"""The rules for moving, cancelling, asking and booking, in the order in which they are tried."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_rules import IntentRule
from bot.understand.intent_words import (
    CALENDAR,
    CANCEL,
    CHANGE,
    CREATE,
    MEETING,
    MOVE,
    OCCASION,
    PLEASE,
    THING,
)

_R = IntentRule
MORE_TIME = "more time"

BOOKS_FIRST = (
    _R(
        Intent.BOOK,
        "any time with somebody",
        r"^(?:any ?thing|any ?time|any (?:day|slot)|some ?time|whenever)\b[^?]*\bwith <p>",
        "anything after lunch on Thursday with Alex",
    ),
    _R(
        Intent.BOOK,
        "onto a calendar",
        rf"\b(?:put|add|note|mark|enter|save|log) (?:it|this|that|them)? ?(?:down )?(?:on|to|in|"
        rf"into) (?:my |the |our )?{CALENDAR}\b",
        "I'm away on Friday, put it on my calendar",
    ),
    _R(
        Intent.BOOK,
        "block time",
        rf"^{PLEASE}(?:block|hold|save)(?: off| out)? (?:my |the |out |off |some |time |"
        rf"calendar |for |on |in )*<t>",
        "block off Friday afternoon",
    ),
    _R(
        Intent.BOOK,
        "onto a calendar",
        rf"^{PLEASE}(?:get|squeeze|fit|put|add|mark|enter|pencil|insert|place|save)\b(?! (?:off|"
        rf"out)\b)[^.]{{0,60}}\b(?:on|in|into|onto|to) (?:my |the |our |"
        rf"<p> )?(?:\w+ )?{CALENDAR}\b(?!.*\b(?:off|from my) )",
        "put me on Priya's calendar",
    ),
    _R(
        Intent.BOOK,
        "asks to schedule",
        rf"^{PLEASE}(?:book|schedul(?:e|ing)|shedule|scedule|set[ -]?up|setup|arrange|create|"
        rf"organi[sz]e|reserve|plan|pencil)\b"
        rf"(?! (?:change|conflicts?)\b)(?!.*\b(?:onto|instead of) )",
        "schedule a call when we are both free",
    ),
)

MOVES = (
    _R(
        Intent.RESCHEDULE,
        "cannot come",
        r"^(?!.*\b(?:cancel|delete|remove|drop)\b).*\b(?:cant|cannot|wont be able to|unable to|"
        r"not able to|(?:have|need|going) to miss|will miss|must miss)"
        r"(?: (?:make|do|attend|come to|join|be at|make it to|get to|it to))*"
        r" (?:(?:my|the|our) (?:\w+ )?(?:session|meeting|call|1:1|appointment)|"
        r"<t> (?:session|meeting|call|1:1|appointment))\b",
        "I can't make my session with Alex",
    ),
    _R(
        Intent.CANCEL,
        "the rest of a series",
        r"\b(?:end|stop|finish|terminate|cut) (?:the|my|this|our) (?:\w+ ){0,2}(?:series|weekly|"
        r"<series>|recurring \w+)\b",
        "end the series after Christmas",
    ),
    _R(
        Intent.RESCHEDULE,
        "the rest of a series at another time",
        r"^(?:(?:please|can|could|should|how|what|about|we|have) )*(?:the )?(?:(?:rest|remainder) "
        r"of (?:the|my|our|this) (?:\w+ )?series|(?:remaining|whole) (?:sessions|series))"
        r"(?: with <p>)?(?: (?:can|could|should|must|be|go|start|to|at|on|please))* "
        r"(?:<t>|<len> (?:later|earlier)|<series>)|"
        r"^(?:(?:how|what|about) )+(?:<t>|<len> (?:later|earlier)) for the (?:rest|remainder) of "
        r"(?:the|my|our|this) (?:\w+ )?series\b",
        "the rest of the series an hour later",
    ),
    _R(
        Intent.RESCHEDULE,
        "move",
        rf"\b{MOVE}\b[^?]{{0,80}}?(?:\b(?:{THING}|it|that|this|them|ones?|my|our|all|everything|"
        rf"to the (?:morning|afternoon|evening|next))\b|<t>|<p>|<len>|<series>)|"
        rf"^{PLEASE}{MOVE}\W*$|\b(?:reschedul\w*|re-schedul\w*|re-?book)\b",
        "move it to Thursday afternoon",
    ),
    _R(
        Intent.RESCHEDULE,
        "instead of",
        r"\d instead of \d|\bis now (?:at|on|for) <t>|"
        r"<t>[^.]{0,40}\binstead of\b[^.]{0,30}(?:<t>|\d)|\binstead of <t>|\bso (?:that )?it(?:s|"
        r" is) (?:on |at )?<t>",
        "make it 1pm instead of 2pm",
    ),
    _R(
        Intent.RESCHEDULE,
        "change",
        rf"^(?:.* )?{CHANGE}\b(?! (?:my|the|your) (?:name(?! of)|password|language|settings|"
        rf"preferences))[^?]*\b(?:{THING}|it|that|this|time|<t>|<p>|to <len>)\b",
        "change the session to 40 minutes",
    ),
    _R(
        Intent.RESCHEDULE,
        "make it longer",
        r"\b(?:make|have) (?:it|that|this|(?:my|the|our|this|that) [^.]{0,40}?) (?:<len>|longer|"
        r"shorter|earlier|later|(?:at|on|to|for|start at) <t>|<t>|to <len>)(?! with)",
        "make the session longer",
    ),
    _R(
        Intent.RESCHEDULE,
        "another time instead",
        rf"\b(?:set|make|put|have|do)\b[^.]{{0,40}}\b(?:{MEETING}|it|that)\b[^.]{{0,30}}(?:<t>|"
        rf"\d) instead\b",
        "set the meeting to 5pm instead",
    ),
    _R(
        Intent.RESCHEDULE,
        MORE_TIME,
        rf"\b(?:add|give) (?:an? |another )?(?:additional |extra |more )?(?:<len>|<t>|time|"
        rf"minutes|hour)[^.]{{0,20}}\b(?:onto|to|on to) (?:my|the|our)\b[^.]*\b{THING}",
        "add half an hour to my session with Priya",
    ),
    _R(
        Intent.RESCHEDULE,
        "who comes",
        r"\b(?:remove|uninvite|take|drop|disinvite) (?:<p>|him|her|them)(?: and <p>)* (?:from|"
        r"off) (?:my|the|our|this|that|<t>)\b",
        "remove Sam from the session",
    ),
    _R(
        Intent.RESCHEDULE,
        "who else comes",
        rf"\b(?:add|invite|include) <p>(?:,? (?:and )?<p>)* (?:to|in|on) (?:my|the|our|this|"
        rf"that)\b[^.]*\b{MEETING}",
        "add Sam to my session",
    ),
    _R(
        Intent.RESCHEDULE,
        "was moved",
        r"\b(?:got|was|has been|is|been|be|get) (?:moved|pushed|changed|postponed|shifted|"
        r"bumped)\b",
        "my session got moved to Friday",
    ),
    _R(
        Intent.RESCHEDULE,
        "bring forward",
        rf"\b(?:bring|pull|push|put|take|set)\b[^.]{{0,40}}\b(?:forward|back|earlier|"
        rf"later)\b(?! on)|"
        rf"\b(?:an? )?<len> (?:earlier|later)\b.*\b{MEETING}|\b(?:start|begin|end)(?: it|"
        rf" the \w+)? (?:<len> )?(?:earlier|later)\b",
        "bring it forward half an hour",
    ),
)

CANCELS = (
    _R(
        Intent.DECLINE,
        "never mind",
        r"\b(?:never ?mind|nvm|forget (?:it|about it|that)|cancel (?:that|this|the request|"
        r"my request)\W*$|scratch that\W*$|stop\W*$|abort|drop it\W*$|leave it\W*$)",
        "you know what, never mind",
    ),
    _R(
        Intent.CANCEL,
        "cancel",
        rf"\b{CANCEL}\b(?! (?:by|using|sending|asking|late|early|at|"
        rf"talking))[^?]{{0,80}}?(?:\b(?:{THING}|it|all\W*$|everything|them|one|ones|that|"
        rf"this)\b|<t>|<p>|<series>)",
        "cancel my session with Alex",
    ),
    _R(
        Intent.CANCEL,
        "calendar cleared",
        rf"\b(?:make sure|ensure)\b[^.]*\bno (?:{MEETING}|{OCCASION}|thing)\b|\b(?:clear|empty|"
        rf"free up|wipe) (?:up |out )?(?:my|the|all)\b",
        "make sure there are no events on my calendar",
    ),
    _R(
        Intent.CANCEL,
        "cancel alone",
        r"^(?:please )?(?:cancel|delete)(?: it| please| my)?\W*$|\b(?:dont|do not|"
        r"no longer) (?:want|need|require) (?:to have |to go to |to attend )?(?:my|the|this|"
        r"that)\b[^.]*\b(?:meeting|session|appointment|event|call)",
        "I don't need the session on Friday",
    ),
    _R(
        Intent.CANCEL,
        "take off the calendar",
        rf"\btake (?:out|away) (?:my|the|all) [^.]*\b(?:meeting|session|event|appointment)|"
        rf"\b(?:take|get|pull|off)\b[^.]*\b(?:off|out of|from) (?:of )?(?:my|the) {CALENDAR}",
        "take the review off my calendar",
    ),
)

ASKS = (
    _R(
        Intent.LIST_MEETINGS,
        "whether there is one",
        rf"\b(?:if|whether) (?:i|we|there)(?:ve| have| is| are|s|m| am)\b[^.]{{0,30}}\b{THING}\b"
        rf"(?!.*\b(?:free|available|open)\b)|\bdo (?:i|we) (?:have|need) to (?:be|go|do|attend)\b",
        "tell me if I have a session on Friday",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "list",
        rf"^{PLEASE}(?:list|show(?: me)?|read(?: me| out)?|display|give me|tell me|bring up|"
        rf"pull up|view|see|check)\b(?! (?:if|when|availab))"
        rf"[^.]{{0,30}}\b{MEETING}\b(?! (?:rooms?|with)\b)(?!.*\b(?:free|"
        rf"available)\b)(?<!a meeting)",
        "list meetings for today",
    ),
    _R(
        Intent.AVAILABILITY,
        "who is free",
        r"\b(?:when|what times?|which (?:days?|times?)|what days?|how)\b[^.]{0,60}\b(?:free|"
        r"available|availab\w*|busy|open|openings?|gaps?|avail\w*)\b"
        r"|\bwhat(?:s| is| are) (?:still |all )?(?:free|available|open)\b"
        r"|\b(?:times?|when|slots?)\b[^.]{0,30}\bnot busy\b",
        "when is Priya free next week?",
    ),
    _R(
        Intent.AVAILABILITY,
        "free times",
        r"\b(?:my|his|her|their|our|<p>|an?|any|some|check|for|show|see|the|of|have|find|there|"
        r"much|what) (?:<t> )?(?:availab\w*|avalab\w*|free (?:times?|slots?|hours?|spots?|days?|"
        r"periods?)|openings?|open (?:slots?|times?|spots?)|gaps?|spare time|time (?:free|"
        r"available|off))\b",
        "do I have any openings tomorrow?",
    ),
    _R(
        Intent.AVAILABILITY,
        "a good time",
        r"\bwh(?:en|at)(?:s| is| are| would be| will be| might be)? (?:an? |some |the )?(?:good|"
        r"best|possible|convenient|suitable|free|open) (?:times?|days?|slots?)\b",
        "when is a good time to meet?",
    ),
    _R(
        Intent.AVAILABILITY,
        "am I free",
        r"\b(?:am i|are you|is <p>|are <p>(?: and <p>)*|are we|is (?:he|she|everyone|everybody|"
        r"anyone|my \w+)|i am|im|if i(?:m| am)|i(?:ll| will) be|(?:would|will|could|might) (?:i|"
        r"we|you|<p>|he|she|they) be|is <t>|(?:<p>|he|she|they|everyone|everybody) (?:is|"
        r"are)) (?:<t> )?(?:still |going to be |gonna be |"
        r"currently )?(?:free|available|busy|booked|open|unoccupied)\b",
        "am I free on Thursday?",
    ),
    _R(
        Intent.AVAILABILITY,
        "time for",
        r"\bis there (?:any |a |some |still )*(?:time|chance)\b|\bhow (?:does|do|is|"
        r"about) <t> look|"
        r"\b(?:do|does|would|will|have|if) (?:i|we|you|<p>|he|she) (?:have |got )?(?:any |some |"
        r"enough |much )?(?:<t> )?(?:time|room|space|availability)\b|\b(?:could|can) (?:i|"
        r"we) (?:fit|squeeze) in|\bwhen (?:can|could|should|might) (?:i|we|<p>|everyone|"
        r"\w+)(?: and (?:<p>|i|me|\w+))* (?:meet|talk|get together|do|catch|see)",
        "when can we meet?",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "what is on",
        rf"\b(?:what|whats|which|anything|how many|how much)\b[^.]{{0,50}}\b(?:{CALENDAR}|"
        rf"{MEETING}|{OCCASION})\b(?!.{{0,30}}\b(?:available|free)\b)(?! (?:can|should|"
        rf"could) you)"
        r"|\b(?:what|whats|which|anything)\b(?! (?:is|are|s)? ?the )[^.]{0,30}\b(?:i|we|my|our|"
        r"me|ive|im)\b[^.]{0,30}\b(?:on|have|planned|going on|coming up|lined up|scheduled|"
        r"happening|booked|left|next|up|busy|doing|to do|got)\b(?!.{0,30}\b(?:available|free)\b)"
        r"|\b(?:whats|what is|anything|whats all) (?:still |all |else )?(?:on|happening|going on|"
        r"coming up|planned|scheduled|next|up|left|booked|up next|in store|on deck|"
        r"on tap)\b(?: (?:on|for|at|in|with|me|my|our|the rest of|this|today))*(?: <t>| <p>|"
        r" next)*\W*$"
        r"|\bwhat (?:am i|are we|do i|is <p>|will i|have i|did i)\b(?!.*\b(?:eat|wear|owe|spend|"
        r"spent|weigh)\b)",
        "what do I have planned on Saturday?",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "when is it",
        rf"\b(?:when|where|what time|what day|who(?: all)?(?: is| am| are| will| else)|whos|"
        rf"how long|whens|wheres)\b[^.]{{0,60}}\b(?:{THING}|meet|meeting|scheduled|seeing|due|"
        rf"supposed|calling)\b",
        "when is my next session?",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "do I have",
        rf"\b(?:do|did|have|will|is|are|am|was|does|has)\b (?:i|we|the|there|my|our|any|<p>|<t>|"
        rf"that|this)\b[^.]{{0,60}}\b(?:{THING}|anything|something|planned|scheduled|supposed|"
        rf"plans|meet|meeting|on <t>)(?!.{{0,30}}\b(?:available|free)\b)",
        "is there a session on Tuesday?",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "how is my day",
        rf"\bwhat (?:do|does|will) (?:my|our|the) [^.]{{1,40}} look\b|\b(?:double|"
        rf"over) ?booked\b|\bconflicts?\b|^{PLEASE}find (?:my|the) (?:\w+ )?{MEETING}\b|^(?:do|"
        rf"will|did) (?:i|we) have (?:\w+ )?<t>|\b(?:whats|what is|what does|hows|how is|"
        rf"how does|how are|what will|how busy is) (?:my|our|the) (?:<t>|day|week|morning|"
        rf"afternoon|evening|weekend|month)\b|^(?:are there |have i got |"
        rf"got )?(?:any (?:\w+ )?(?:{MEETING}|{OCCASION})\b(?! rooms?)|anything (?:on |for |"
        rf"planned |happening |"
        rf"scheduled )*<t>)"
        r"|\b(?:everything|anything|whatever|all) (?:that )?(?:i|we) ?(?:ve|have|got|am|are)\b",
        "what does my day look like?",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "show",
        rf"\b(?:list|show|see|check|view|display|read|look(?: at| up| for| through| over)?|"
        rf"pull up|open|tell|give|review|know|find out|locate|find|bring up|go over|get|verify|"
        rf"confirm|browse|search|access|print|what is|whats|"
        rf"search for)\b[^.]{{0,40}}(?<!on )(?<!to )(?<!in )(?<!into )\b(?:my|our|the|all|any|of|"
        rf"upcoming|<t>|today|for|me)\b[^.]{{0,30}}\b(?:{CALENDAR}|(?:{MEETING}|"
        rf"itinerary)(?! (?:with|room|for|rooms|between|on|at|in) ))",
        "show my calendar",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "meetings alone",
        rf"^(?=.*\b(?:{CALENDAR}|{MEETING})\b)(?:list|show|all|my|upcoming|next|please|me|our|"
        rf"{CALENDAR}|{MEETING}|<t>|for|this|on|coming|future|s| )+$(?<!<t>)|^my (?:next |"
        rf"upcoming )?(?:{MEETING}|{CALENDAR})(?: <t>| for <t>)?\W*$",
        "my meetings",
    ),
)

BOOKS = (
    _R(
        Intent.BOOK,
        "create a meeting",
        rf"\b{CREATE}\b(?! (?:sure)\b)[^?]{{0,90}}?\b(?:{MEETING}|{OCCASION}|time|<len>|slot|"
        rf"<series>|busy|together|(?:(?:conference|meeting|board|class) ?)?rooms?(?= (?:for|at|"
        rf"on|<t>|in|available)|\W*$))\b",
        "find a slot with Alex",
    ),
    _R(
        Intent.BOOK,
        "schedule something",
        r"^(?:.*? )?(?:book|schedul\w*|shedule|set up|setup|arrange|pencil in|plan|reserve|"
        r"organi[sz]e)\b(?! (?:by|store|about))[^?]{0,60}(?:<t>|<p>|<series>|<len>)",
        "on Friday, book Alex",
    ),
    _R(
        Intent.BOOK,
        "onto the calendar",
        rf"\b(?:{CREATE})\b[^?]{{0,100}}\b(?:on|to|in|into|onto) (?:my |the |"
        rf"our )?(?:\w+ )?{CALENDAR}\b",
        "on Friday put painting on my calendar",
    ),
    _R(
        Intent.BOOK,
        "needs a meeting",
        rf"\b(?:need|want|like|have|having|got|looking|assistance|assist|help|do|lets|should|"
        rf"going|wanna|planning|must)\b[^?]{{0,50}}\b(?:{MEETING}|{OCCASION}|meet|see|talk|speak|"
        rf"catch up|sit down|get together|schedul\w*|<len>)\b",
        "I need a meeting with Priya",
    ),
    _R(
        Intent.BOOK,
        "meet somebody",
        rf"\b(?:meet|meeting|see|catch up|talk|speak|sit down|get together|{MEETING}|{OCCASION}|"
        rf"be|time)\b[^?]{{0,30}}(?:with |w/ ?|to |and )?<p>",
        "lunch with Sam",
    ),
    _R(
        Intent.BOOK,
        "create words",
        rf"^{PLEASE}(?:add|create|make|put|set|book|schedule|plan|mark|enter) (?!a? ?(?:list|"
        rf"note|account|joke|call\b))[^?]{{1,60}}(?:<t>|<p>)",
        "add running on Thursday",
    ),
    _R(
        Intent.BOOK,
        "on my calendar",
        rf"\b(?:on|to|in|into) (?:my|the|our) {CALENDAR}\W*$",
        "throw a party on my calendar",
    ),
    _R(
        Intent.BOOK,
        "a meeting and a time",
        rf"\b{MEETING}\b[^?]{{0,40}}<t>|<t>[^?]{{0,40}}\b{MEETING}\b",
        "coaching session on Friday",
    ),
    _R(
        Intent.BOOK,
        "a length with somebody",
        r"(?:<len>|<t>|<series>)[^?]{0,30}\bwith\b|^(?:\W|with |and |<p> ?)+(?:<t>|<len>)",
        "half an hour with Sam",
    ),
)
