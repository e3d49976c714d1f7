"""Ordered rules from a sentence's shape to what is wanted: the first that fits decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.understand.intent import Intent
from bot.understand.intent_words import (
    CALENDAR,
    PLEASE,
    PROVIDER,
    THING,
    shaped,
)


@dataclass(frozen=True, slots=True)
class IntentRule:
    """One rule: a pattern over the shape, its reason, and a sentence that it decides."""

    intent: Intent
    reason: str
    pattern: str
    example: str
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern once."""
        object.__setattr__(self, "regex", shaped(self.pattern))


_R = IntentRule
_OF_PROGRAMME = (
    r"(?:for|in|of|across) (?:the |our )?(?:programmes?|programs?|tracks?|cohorts?|"
    r"whole organi[sz]ation|everyone|everybody)"
)
_SWITCH = (
    r"(?:allow|permit|enable|disable|activate|deactivate|forbid|ban|turn (?:on|off)|"
    r"switch (?:on|off)|toggle|block|unblock)"
)
_SETTING = (
    r"(?:weekends?|two-?way|2-?way|two way(?: sync)?|calendar sync|sync|apple|icloud|caldav|"
    r"google|microsoft|outlook|"
    r"office 365|providers?|services?|scheduling assistant|org-?connect|auto-?connect|"
    r"user-level authori[sz]ation|"
    r"weekend (?:meetings|sessions)|nudges?|public holidays|delegate|early hours|late hours|"
    r"bookings?)"
)

ADMIN = (
    _R(
        Intent.ADMIN,
        "admin command",
        r"^admin\b|^hours:? (?:to |from )?<t>",
        "admin aurora weekends on",
    ),
    _R(
        Intent.ADMIN,
        "who is connected",
        r"\b(?:who|which (?:people|mentors|mentees|members|participants)|how many (?:people|"
        r"mentors|mentees|participants)) "
        r"(?:(?:still )?(?:hasnt|havent|has not|have not|isnt|arent|is not|are not|has|have|is|"
        r"are|didnt|did not|still needs? to|needs? to) )"
        r"(?:yet |already |been |not )*(?:connect|link|sync|relink|reconnect|a? ?(?:broken|"
        r"no) (?:calendar|link)|no calendar|joined|accepted|responded|replied|answered|booked|met)",
        "who hasn't linked a calendar so far?",
    ),
    _R(
        Intent.ADMIN,
        "switch a setting",
        rf"^{PLEASE}{_SWITCH} (?:the |all )?(?:<t> )?{_SETTING}\b",
        "disable google",
    ),
    _R(
        Intent.ADMIN,
        "turn a setting",
        rf"^{PLEASE}(?:turn|switch) (?:the )?(?:<t>|{_SETTING}) (?:\w+ ){{0,3}}(?:on|off)\b",
        "turn two-way off for Aurora",
    ),
    _R(
        Intent.ADMIN,
        "switch a setting",
        rf"^{_SETTING} (?:on|off|enable|disable|enabled|disabled)\b|^<t> (?:on|off|allowed|"
        rf"enabled|disabled)\W*$",
        "weekends on",
    ),
    _R(
        Intent.ADMIN,
        "allow days",
        rf"^{PLEASE}(?:allow|permit|forbid|no|disallow|enable|disable) (?:meetings |sessions |"
        rf"bookings )?(?:on )?(?:<t>|weekends?) (?:in|for) (?!me\b)",
        "allow Saturdays in Aurora",
    ),
    _R(
        Intent.ADMIN,
        "programme setting",
        rf"^{PLEASE}(?:set|change|update|make|extend|reduce|increase|raise|lower|limit|show|"
        rf"what are|whats|what is) "
        r"(?!my\b)(?:\S+ ){0,3}?(?:working hours|office hours|hours|notice(?: period)?|"
        r"minimum notice|buffer|policy|horizon|"
        r"session length|session limit|limit|cap|expiry|settings|owner|sender|confirmation|"
        r"allowance)\b(?! with)(?!.*\bmy\b)",
        "set Borealis's hours to 8 to 4",
    ),
    _R(
        Intent.ADMIN,
        "for the programme",
        rf"^{PLEASE}(?:set|change|update|make|limit|allow|require|cap|stop|"
        rf"pause)\b.*\b{_OF_PROGRAMME}",
        "limit sessions to 45 minutes for the programme",
    ),
    _R(
        Intent.ADMIN,
        "limits for all",
        rf"^{PLEASE}(?:limit|cap|restrict|require|force)\b.*\b(?:for|to) (?:<p>|all\b)",
        "limit sessions to 45 minutes for everyone",
    ),
    _R(
        Intent.ADMIN,
        "people of a programme",
        rf"^{PLEASE}(?:add|remove|make|promote|assign|enrol|enroll|invite|register|import) .*\b"
        r"(?:as (?:a |an |the )?(?:mentor|mentee|coach|coachee|admin\w*)|an? (?:programme |"
        r"program |global )?(?:admin\w*|mentor|mentee|coach)\b|"
        r"(?:to|from|into) (?:the )?(?:programme|program|track|cohort)|participants|from (?:a |"
        r"the )?csv)",
        "add Priya as a mentor",
    ),
    _R(
        Intent.ADMIN,
        "into or out of a programme",
        rf"^{PLEASE}(?:add|remove|drop|enrol|enroll|unenrol|move) <p> (?:to|from|into) "
        rf"(?!my\b|the\b|our\b|this\b|that\b|it\b|<|a\b|{THING})\w+\W*$",
        "remove Priya from Aurora",
    ),
    _R(
        Intent.ADMIN,
        "what people may do",
        rf"^{PLEASE}(?:let|allow|permit|stop|forbid|prevent|keep) (?:letting |allowing )?"
        r"(?:people|participants|users|members|mentors|mentees|coaches|coachees|<p>) (?:from |to )?"
        r"(?:connect|us|link|book|add|mov|schedul|chang|cancel)",
        "let participants connect Apple calendars",
    ),
    _R(
        Intent.ADMIN,
        "pairs",
        rf"^{PLEASE}(?:pair|match|re-?pair|unpair|un-?match) (?:up )?"
        r"(?:<p>|all|the|people|mentors|\w+ (?:with|and|to) <p>)",
        "pair Maya with Alex",
    ),
    _R(
        Intent.ADMIN,
        "programme life",
        rf"^{PLEASE}(?:pause|archive|close|start|create|end|rename|delete|open|launch|resume|"
        rf"stop|list|show) (?:the |a |new |our |all ){{0,3}}"
        r"(?:<t> )?(?:\w+ )?(?:programmes?|programs?|tracks?|cohorts?|pairs|admins|"
        r"administrators|participants|members)\b",
        "create a new programme",
    ),
    _R(
        Intent.ADMIN,
        "reports",
        r"\b(?:audit (?:log|trail)|dry run|delivery log|link health|export (?:the |all )?(?:data|"
        r"sessions|meetings|log)|"
        r"(?:usage|programme|program|activity) (?:report|statistics|stats))\b",
        "show me the audit log",
    ),
    _R(
        Intent.ADMIN,
        "sender",
        r"\bsenders? (?:name|address|email)\b",
        "can the sender address be changed?",
    ),
)

REPLIES = (
    _R(Intent.UNKNOWN, "empty", r"^[\W_]*$", "..."),
    _R(
        Intent.TALK_TO_HUMAN,
        "a person",
        r"\b(?:(?:talk|speak|chat|connect me|put me through|get|write)(?: to| with)? (?:a |an |"
        r"some |the |me )*(?:real |actual |live )?"
        r"(?:person|human|someone|somebody|agent|support|admin|administrator|sponsor|"
        r"people)(?: being)?(?! (?:free|available))|"
        r"(?:contact|reach|call|ask) (?:the )?(?:support|admin|administrator|sponsor|help ?desk|"
        r"human)|"
        r"(?:need|want) (?:a |to talk to a )?(?:human|real person)|who can i (?:talk|speak) to|"
        r"who do i contact)\b",
        "can I talk to a person?",
    ),
    _R(
        Intent.STATUS,
        "status",
        r"^/?(?:schedule )?(?:status|doctor|my status)\b|\bconnection status\b|"
        r"\b(?:am i|is my (?:\w+ )?(?:cal[ae]ndar|account|gmail|outlook)|are my cal[ae]ndars|"
        r"is it) (?:still |already |properly )*(?:connected|linked|synced)\b|"
        r"\bwhich (?:of my )?(?:cal[ae]ndars?|accounts?) (?:are|is|do|have|did)\b|"
        r"\bwhats? (?:is )?connected\b|"
        r"\bwhat do you (?:know|store|keep|have) (?:about|on|of) me\b|\bwhat (?:data|"
        r"information) do you\b",
        "which calendars are connected?",
    ),
    _R(
        Intent.HELP,
        "help",
        r"^(?:/?schedule )?(?:please )?(?:help|commands?|instructions?|menu|manual)(?: please|"
        r" me| page)?\W*$|"
        r"\bwhat (?:else )?(?:can|could|do|are|things can|things are|kinds? of (?:things|"
        r"subjects|questions)|kid of subjects|type of questions)?\s?(?:all )?"
        r"(?:can )?(?:you|u|i|the ai) (?:do|able to (?:do|help)|ask|help|capable|know how|say|"
        r"know about|offer|good at|excel|answer|like)\b|"
        r"\bhow (?:do|does|can|should) (?:you|this|it|i|the bot|tandem) (?:work|use (?:you|this|"
        r"it|tandem)|function|operate|help)\b|\bhow does this\b|"
        r"\bhow can you (?:help|assist)|\bwhat (?:things|subjects|topics|questions|tasks|areas|"
        r"stuff) (?:are|can|do|should|would|could|may|might) (?:you|i)\b|"
        r"\bwhat .{0,30}(?:able to help|can i ask|you help|you assist|you excel|"
        r"your (?:capabilities|abilities|skills|features|functions|purpose))|"
        r"\bwho are you\W*$|\bwhat are you\W*$|\bhow do you work\b|"
        r"\b(?:tell|show) me what (?:you|subjects|topics|things|i (?:can|could|may|should)|"
        r"questions)\b|\b(?:i need|need some|i could use|give me) (?:help|assistance)\W*$|"
        r"^(?:i need |can i get |could i get )?(?:some )?help(?: me)?\W*$|\bwhat (?:is|"
        r"are) your (?:capabilit|abilit|skill|function|feature|purpose|area)",
        "what can you do?",
    ),
    _R(
        Intent.HELP,
        "abilities",
        r"\b(?:what|which|any|the|some|list|sorts?|kinds?|types?|questions|things|topics|"
        r"subjects|stuff|tasks|all)\b[^.<]{0,40}\b"
        r"(?:(?:can|could|do|are|am|should|may|might|would|will) (?:you|i|we)|(?:you|i) (?:can|"
        r"could|do|are|am|know|may|should)|you(?:re| are))\b[^.<]{0,25}\b(?:do|ask|help|know|"
        r"answer|say|able|allowed|capable|expert|good at|assist|offer|handle|understand|discuss|"
        r"best at|cover|specialize|support|like)\b"
        r"(?: (?:me|you|with|to|about|for|us|on|of|do|ask|best|here|that|this|it|well|things|"
        r"help|in|can|i|know|say|most|anything|doing|answer|a))*\W*$",
        "which things can you help me with",
    ),
    _R(
        Intent.HELP,
        "how to",
        rf"^(?:so |and |hi |hey |please )*(?:how|where) (?:do|can|could|should|would|to) (?:i |"
        rf"we |you )?(?:(?:go about|start|actually) )?"
        rf"(?:book|schedul\w+|set up|cancel\w*|move|reschedul\w+|connect\w*|link|change|add|use|"
        rf"make|create|creating|setting up|accept|invite|delete)\b[^.]*\b(?:{THING}|tandem|bot|"
        rf"preferences|hours)\b",
        "how do I book a session?",
    ),
    _R(
        Intent.MORE_TIMES,
        "more times",
        r"\b(?:more|other|additional|different|further|extra|new|alternative|"
        r"another set of) (?:<t> |free |available |possible )?"
        r"(?:times?|options?|slots?|suggestions?|choices?|proposals?|dates?|"
        r"alternatives?)\b(?!.*\b(?:meeting|session|appointment)\b)|"
        r"^(?:please )?(?:show (?:me )?)?(?:some )?(?:more|others?|next ones?|"
        r"alternatives?)(?: please)?\W*$|"
        r"^(?:is there |got |do you have |have you got )?(?:anything|"
        r"something) else(?: available| free| please)?\W*$|"
        r"\bwhat else (?:is there|have you|do you have|is available|is free)\b|\bkeep looking\b|"
        r"\btry again\b|"
        r"\b(?:any|some) (?:others|alternatives)\b",
        "show me more times",
    ),
)

RUNNING_LATE = (
    _R(
        Intent.RUNNING_LATE,
        "late",
        r"^(?!(?:text|sms|email|message)\b)(?:[^?]* )?(?:running|run|im|ill be|i will be|am|be|"
        r"going to be|gonna be|be about|might be|may be|getting there)\b"
        r"[^.?]{0,30}\b(?:late|delayed|behind(?: schedule)?)\b(?! (?:<t>|in the|next|this))|"
        r"\blate by <len>|\b<len> late\b|"
        r"\bstuck in (?:traffic|a meeting|another)\b|\b(?:be there|with you|join) in <t>|"
        r"\bstart without me\b",
        "running 10 late",
    ),
)

CALENDARS = (
    _R(
        Intent.DISCONNECT,
        "disconnect",
        rf"\b(?:disconnect|unlink|un-?sync|detach|sign out of|log out of|revoke|"
        rf"forget)\b.*\b(?:{CALENDAR}|{PROVIDER}|account|access)\b|\b(?:disconnect|unlink) (?:it|"
        rf"everything|me)\b|"
        rf"\b(?:remove|delete|stop (?:using|reading|syncing)|take away|drop) (?:my|the|"
        rf"this) (?:\w+ ){{0,2}}(?:{PROVIDER}(?: {CALENDAR}| account)?|{CALENDAR} (?:connection|"
        rf"link|access)|(?:second|personal|work|other|google|outlook|apple) {CALENDAR}|"
        rf"connected {CALENDAR}|{CALENDAR})\W*$|^disconnect\W*$",
        "disconnect my calendar",
    ),
    _R(
        Intent.CONNECT,
        "connect",
        rf"\b(?:connect|re-?connect|link|re-?link|hook up|integrate|attach|sync|synchroni[sz]e|"
        rf"authori[sz]e|pair)\b(?: up)?(?! me with)[^.]{{0,40}}\b(?:{CALENDAR}|{PROVIDER}|"
        rf"account)\b|^(?:re)?connect\W*$",
        "connect my calendar",
    ),
    _R(
        Intent.CONNECT,
        "another calendar",
        rf"\b(?:add|use|include|register|set up) (?:my|a|another|a second|one more|also my|"
        rf"the)(?: (?!with\b)\S+){{0,2}} (?:{PROVIDER}(?: {CALENDAR}| account)?|"
        rf"{CALENDAR})(?: as well| too| also| please| as (?:a )?(?:secondary|second|primary|"
        rf"main)(?: \w+)?| for \w+)*\W*$|"
        rf"\badd (?:my )?{PROVIDER}\W*$",
        "add my personal gmail as well",
    ),
    _R(
        Intent.CONNECT,
        "another calendar",
        rf"\b(?:switch|change)(?: over)? to (?:my|the|another|a) (?:\w+ ){{0,2}}(?:{CALENDAR}|"
        rf"{PROVIDER})",
        "switch to my work calendar",
    ),
    _R(
        Intent.CONNECT,
        "primary calendar",
        r"\b(?:make|set|use|switch|change)\b[^.]{0,40}\b(?:primary|main|default)\b(?! (?:length|"
        r"duration|time|hours))(?:\s(?:calendar|one|account))?\W*$|\b(?:change|"
        r"switch) (?:my )?(?:primary|main|default) (?:calendar|account)",
        "make my gmail the primary",
    ),
)

WHY = (
    _R(
        Intent.WHY,
        "why",
        r"^(?:and |but |so |ok |hm+ |wait |please )*(?:(?:can|could) you )?(?:explain |"
        r"tell me )?(?:why|how come|whats blocking|what is blocking|what blocks|"
        r"what speaks against|whats wrong with|y(?= not\b))\b|"
        r"\bwhy (?:is|are|cant|can|isnt|arent|not|was|did|does|didnt|do|wont|no)\b|"
        r"\bexplain (?:that|this|the (?:times|choice))\b",
        "why is Priya never free?",
    ),
)
