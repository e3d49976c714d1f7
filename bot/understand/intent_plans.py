"""Plans that change, in few words: questions after what stands, breaks, second thoughts."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_changes import KEPT
from bot.understand.intent_rules import IntentRule
from bot.understand.intent_words import MEETING, PLEASE

_R = IntentRule
PAUSE = "a pause"
_AFTER = (
    r"(?: (?:please|pls|though|after all|now|then|any ?more|anymore|yet|again|as it is|as is|on|"
    r"alone|it|that|this))*\W*$"
)

PLANS = (
    _R(
        Intent.LIST_MEETINGS,
        "is it still on",
        rf"^(?:so |and |hey |hi )*(?:is|are|r|was) (?:we|you and i|<t>|it|that|<p>|"
        rf"(?:my|our|the) (?:{MEETING}|<t>)(?: {MEETING})?)(?: with <p>)?(?: <t>)? "
        r"(?:still )?on(?: for)?(?: <t>)?(?: with <p>)?(?: or not| then)?\W*$|"
        r"^(?:so |and |hey |hi )*when(?:s| is) (?:my|our|the) next(?: one| time)?"
        r"(?: with <p>)?\W*$",
        "are we still on for Thursday",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "did they answer",
        r"^(?:so |and |hey |hi )*(?:did|has|have|hasnt|havent|didnt) (?:<p>|he|she|they|anybody|"
        r"anyone|everybody|everyone)(?: (?:already|yet|ever|even))? (?:say|said|saying|repl\w+|"
        r"answer\w*|accept\w*|agree\w*|confirm\w*|respond\w*|get back|got back)\b[^,.]*$|"
        r"^(?:so |and |hey |hi |oh )*(?:<p>|he|she|they) (?:has |have |just )*"
        r"(?:cancelled|canceled|declined|dropped out|pulled out)\W*$",
        "did anybody say yes",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        KEPT,
        r"^(?:ok|oh|no|sorry|wait|actually|please|pls|nvm|never ?mind|i(?:ve)? changed my mind|so|"
        r"and|but|hang on|hold on|,| )*(?:(?:dont|do not) (?:cancel|move|reschedule|change)|"
        r"(?:keep|leave) (?:it|that|this|<t>|(?:my|our|the) (?:session|meeting|call)|everything))"
        rf"{_AFTER}|^(?:nvm|never ?mind|actually),? <t> (?:is|works|suits)\b[^?]*\bafter all\W*$",
        "I changed my mind, don't cancel",
    ),
    _R(
        Intent.CANCEL,
        "no need to meet",
        rf"^{PLEASE}(?:theres |there is )?no need (?:for us )?to (?:meet|talk|speak|catch up)"
        r"(?: with <p>)?(?: on)? <t>(?: any ?more)?\W*$",
        "no need to meet this week",
    ),
    _R(
        Intent.CANCEL,
        "no longer needed",
        r"^(?:sorry,? |so |ok,? )*(?:i|we) (?:dont|do not|wont|no longer) (?:really )?need <t>"
        r"(?: any ?more| any longer| after all)\W*$",
        "we don't need Thursday's after all",
    ),
    _R(
        Intent.RESCHEDULE,
        "put off",
        rf"^{PLEASE}put (?:it|that|this|<t>|(?:my|our|the) (?:<t> )?{MEETING}) off\W*$",
        "put Thursday off",
    ),
    _R(
        Intent.OUT_OF_SCOPE,
        PAUSE,
        rf"^{PLEASE}(?:pause|suspend|freeze|hold off|put on hold)\b(?! (?:the |my |our )?(?:\w+ )?"
        r"(?:programmes?|programs?|cohort|reminders|nudges)\b)|"
        rf"^{PLEASE}(?:put|take|have) .{{0,30}}\b(?:on hold|a break(?: from (?:the |our |my )?"
        r"(?:sessions|meetings|series|mentoring))?(?: for| until| <t>))\b|"
        r"^(?:not so many|fewer|less) (?:sessions|meetings|calls)(?: please| pls)?\W*$",
        "pause the sessions until January",
    ),
    _R(
        Intent.RESCHEDULE,
        "who comes",
        rf"^{PLEASE}(?:remove|uninvite|take|drop|disinvite) "
        r"(?:<p>|him|her|them)(?: and <p>)* <t>\W*$",
        "drop her from Thursday",
    ),
)
