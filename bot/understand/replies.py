"""Short answers - yes, no, thanks, a greeting - told clause by clause.

A sentence is an answer when each of its clauses is one, or is only polite; the first clause that
is yes or no decides. "Yes, but on Friday" is therefore no answer: its second clause says more.
"""

from __future__ import annotations

import re
from enum import Enum

from bot.understand.intent import Intent
from bot.understand.intent_words import shaped

_MOST_WORDS = 22
_CLAUSES = re.compile(
    r"[.,!?;]+| - |\b(?:and|so|but|because|as|then)\b(?= (?:i|it|that|this|you|please|thats|its|"
    r"lets|go|we|yes|no)\b)"
)


class _Clause(Enum):
    YES = "yes"
    NO = "no"
    POLITE = "polite"
    OTHER = "other"


_ADVERB = (
    r"(?:(?:all|just|really|very|absolutely|about|pretty|totally|like|quite|so|too|also|still|"
    r"indeed|exactly|perfectly|"
    r"completely|definitely|certainly|to be|be|fine and|actually|entirely|most|more than|much|"
    r"probably|only|kind of|the|a|an|"
    r"extremely|super|honestly|surely|always|sort of|both|now) )*"
)
_GOOD = (
    r"(?:good|great|perfect(?:ly)?|fine|correct(?:ly)?|right|excellent|wonderful|ok|okay|nice|"
    r"lovely|awesome|amazing|fantastic|"
    r"alright|brilliant|cool|true|accurate|ideal|splendid|superb|acceptable|terrific|yes|a yes|"
    r"plan|idea|deal|swell|sweet|best|"
    r"well|dandy|doable|possible|one|wonderfully|marvellous|marvelous|better|agreeable|nicely|"
    r"a good (?:plan|time|idea)|affirmative|fact|in order)"
)
_SUBJECT = (
    r"(?:it|that|thats|its|thatll|itll|thisll|this|these|those|they|which|everything|all|both|"
    r"(?:the|that|this|your) \w+(?: \w+)?|<t>|what you (?:said|have|wrote|suggest(?:ed)?)|one|"
    r"your \w+)"
)
_TAIL = (
    r"(?: (?:to me|for me|with me|by me|on my end|for us|then|thanks|thank you|please|now|too|"
    r"actually|indeed|enough|out|here|me|"
    r"i (?:guess|think|believe|suppose|know|agree)|as well|<t>|man|buddy|dude|sir|friend|again|"
    r"go ahead|one|time|option|choice|"
    r"continue|so far|very much|there|in my opinion|well|works?|with that|with it|on that|"
    r"about that|for sure|of course|nicely|great|perfectly|fine|exactly|just fine|day|way))*"
)
_YES_WORD = (
    r"(?:yes|yep|yeah+|yup|ya|yea|yess+|aye|sure|surely|certainly|absolutely|definitely|"
    r"affirmative|ok|okay|okey|k|kk|alright|"
    r"all right|right|right on|perfect|great|good|fine|nice|cool|awesome|excellent|wonderful|"
    r"lovely|fantastic|brilliant|super|sweet|superb|"
    r"correct|true|exactly|precisely|indeed|agreed|accepted|confirmed|approved|deal|totally|"
    r"amazing|terrific|bingo|positive|"
    r"of course|you bet|uh[ -]?huh|uhuh|mm ?hmm?|mhm|roger(?: that)?|by all means|you got it|"
    r"no doubt|for sure|sure thing|very well|"
    r"naturally|obviously|undoubtedly|without a doubt|si|oui|ja|10 4|ten four|works|accept|agree|"
    r"confirm|yay|woo ?hoo|splendid|why not|fair enough|"
    r"that one|this one|my pleasure|gladly|with pleasure|hell yes|heck yes|oh yes|oh yeah|yessir|"
    r"okie dokie|okey dokey|lgtm|sgtm|wfm|"
    r"most definitely|please|pretty please|thats right|amen|totes|thumbs up|great job|good job|"
    r"well done|great work)"
)
_YES = shaped(
    rf"^(?:(?:(?:oh|well|um|hmm|i think|i believe|i guess|i say|ill say|id say|i would say|"
    rf"i have to say|we|my answer is|the answer is|thats an?|its an?|that is an?|"
    rf"that would be(?: an?)?|it is|its|most|a|why|haha|very|so|that seems|seems|looks|sounds|"
    rf"looking|sound|look|all|it|im saying|i said|i am going to say|"
    rf"consider that an?) )*{_YES_WORD} ?)+{_TAIL}$"
    rf"|^(?:i (?:think|believe|guess|suppose|know|agree|feel)(?: that)? )?{_SUBJECT}? ?(?:is|are|"
    rf"s|was|sounds?|looks?|looking|seems?|feels?|reads?|would be|will be|ll be|should be|would|"
    rf"must be|appears?|sounding) ?(?:to be )?{_ADVERB}{_GOOD}{_TAIL}$"
    rf"|^{_SUBJECT} {_ADVERB}(?:works?|work|do|suits?|fits?|will (?:do|work|be fine|suit)|"
    rf"ll (?:do|work)|would work|should (?:do|work)|does(?: the trick)?|is it|checks out|"
    rf"will be (?:fine|great|good|ok|perfect)|is (?:the case|so|my final answer))(?: (?:out|"
    rf"perfectly|great|well|just fine|fine|best|nicely|for me))*{_TAIL}$"
    r"|^(?:that|this|it|thats|its)(?: is| was| will be| would be)? ?(?:exactly |just |precisely |"
    r"really |indeed |actually )*(?:what|the (?:one|time|day|right one|right time|correct one)|"
    r"it|how|everything|all)(?: (?:that )?i (?:want|need|wanted|needed|meant|asked|"
    r"was (?:looking|hoping|thinking)|am looking|had in mind|would like|like|said|requested|"
    r"intended)(?: (?:for|to|it|of|about|done|to do|to say))*)?$"
    r"|^i (?:agree|concur|accept|confirm|approve|do|think so|believe so|guess so|suppose so|am|"
    r"would|will|love (?:it|that)|like (?:it|that)|d (?:like|love) (?:that|it|to)|would (?:like|"
    r"love) (?:that|it|to)|can (?:do|make) (?:that|it|this)|am ok|take it|second that|"
    r"can confirm|hope so)(?: (?:too|indeed|so|very much|a lot|with (?:that|it|this|you)|that|it|"
    r"this|to (?:that|it)|this is (?:true|correct|right)|its (?:true|correct|right)|completely|"
    r"totally|wholeheartedly))*$"
    r"|^(?:id (?:like|love) (?:that|it|to)|ill take (?:it|that|this|that one|this one|<t>)|"
    r"im (?:in|down|ok|okay|fine|good|happy|game|cool|up for (?:it|that)|pleased|sure|positive|"
    r"certain|satisfied|all for it)(?: (?:with|about|of) (?:that|it|this|everything|<t>))?|"
    r"count me in|sign me up|take it|we(?:re| are) (?:good|all set|ok)|were good to go|it does|"
    r"they do|it is|they are|we are|we do|you are (?:right|correct)|youre (?:right|correct)|"
    r"you(?:ve| have) got it(?: right)?|you got (?:it|that) right|thats me|looks like it|"
    r"sounds like (?:it|a plan|a good plan|fun)|see you (?:then|there|<t>)|i(?:ll|"
    r" will) be there|couldnt agree more|works for (?:me|us)|no objections?|no problem|all set|"
    r"nothing else|can do|will do|makes sense)$"
    r"|^(?:please |just |you can |you may |then |now |lets |feel free to |could you please |"
    r"kindly |so |well )*(?:go (?:ahead|for it|with (?:it|that|this|that one))|proceed|continue|"
    r"carry on|do (?:it|that|so|this)|make it (?:so|happen)|(?:book|create|schedule|add|save|"
    r"confirm|submit|send|reserve|take|keep|accept|put|set|finali[sz]e|do|approve|use|enter|"
    r"make)(?: (?:it|that|this|them|the (?:event|meeting|appointment|booking|session|reservation|"
    r"invite|invitation)|that one|this one|all|everything))?)(?: (?:and (?:book|create|schedule|"
    r"add|save|confirm|submit|send|do|put|make|finali[sz]e|set)(?: (?:it|that|this|them|"
    r"the (?:event|meeting|appointment|session)))?))?(?: (?:please|in|down|now|then|for me|up|"
    r"to (?:my|the) (?:calendar|schedule)|on (?:my|the) calendar|ahead|thanks|thank you|it|"
    r"with (?:it|that|this|the (?:booking|event|meeting))|doing (?:it|that)|with your work|"
    r"your work))*$"
)
_NO_WORD = (
    r"(?:no+|nope|nah|na|naw|never|negative|incorrect|wrong|false|no way(?: jose)?|no thanks|"
    r"no thank you|decline|declined|reject|rejected|"
    r"not|neither|none|nay|nein|non|no sir|nuh uh|uh uh|hell no|heck no|no good|no dice|"
    r"no chance|not a chance|not at all|not really|of course not|certainly not|"
    r"absolutely not|definitely not|not now|not today|not yet|not happening|not possible|"
    r"not quite|not right|not correct|not true|not exactly|not good|not that|not this|not it|"
    r"not interested|"
    r"never ?mind|nvm|forget (?:it|that|about it|about that)|scratch that|cancel that|stop|abort|"
    r"drop it|leave it|hold off|wait|pass|nothing|untrue|unfortunately not|hardly|no can do|"
    r"im afraid not|under no circumstances|stop that|dont|nothing doing|not anymore|not a fan|"
    r"by no means|on no account|out of the question|no deal|absolutely no|thats a no|disagree|"
    r"no it isnt|no its not|not so|not me|please dont)"
)
_NO = shaped(
    rf"^(?:(?:oh|well|um|hmm|i think|i believe|i guess|i say|ill say|id say|i would say|"
    rf"i have to say|ill have to say|id have to say|my answer is|the answer is|thats|its|that is|"
    rf"that would be|it is|that was|it was|would be|that|is|are|a|an|actually|sorry|im sorry|"
    rf"unfortunately|im afraid|simply|just|please|most|that one is|this is|these are|those are|"
    rf"they are|haha|completely|totally|all|both|it|this|you|are|were|have to say|"
    rf"gonna have to say|going to have to say|"
    rf"i am going to say) )*(?:{_NO_WORD} ?)+(?: (?:please|thanks|thank you|for me|to me|with me|"
    rf"at all|really|actually|then|sorry|on that|that|it|of (?:these|them|those|the (?:times|"
    rf"options|above))|the case|right|one|now|with that|this time|anymore|ever|way|in hell|"
    rf"about it|<t>|with it|a yes|again|time|good enough|good|great|me|everything|i|said))*$"
    rf"|^(?:i (?:think|believe|guess|feel|say)(?: that)? )?{_SUBJECT}(?: one| times?| day| is|"
    rf" does| did| do| was| are| will| would| all)* ?(?:isnt|doesnt|dont|wont|cant|wasnt|didnt|"
    rf"arent|not|aint|wouldnt|never|cannot|couldnt)\b(?: \w+){{0,7}}$"
    rf"|^(?:none|neither|nothing|no time|not one)(?: of (?:these|them|those|that|"
    rf"the (?:\w+)))?(?: (?:times|options|slots))?(?: (?:works?|suits?|fits?|is|are|will|would|"
    rf"fit|looks?|good|great|fine|work|me|for|right|ok|do|possible|us))*$"
    r"|^(?:i|we) (?:really |definitely |certainly |just |absolutely |still |simply )*(?:dont|"
    r"do not|cant|cannot|wont|will not|would not|wouldnt|didnt|disagree|refuse|decline|reject|"
    r"changed|have changed|cant do|am not|would rather not|must decline|have to decline|"
    r"need to decline|take it back|never)\b(?! (?:know|remember|understand|have (?!to)|see|find|"
    r"think you|care|mind))(?:(?! <t>) \w+){0,8}$"
    r"|^(?:id rather not|im not (?:\w+ ?){0,6}|rather not|changed my mind|dont (?:do|book|create|"
    r"add|schedule|send|save|want|bother|think so|worry|need|make|confirm|like|even|"
    r"agree)(?: \w+){0,5}|do not (?:do|book|create|add|schedule|send|save|confirm)(?: \w+){0,4}|"
    r"not (?:really|quite|exactly|what|the|that|this|in|a|for|true|an|my|so|sure about|gonna|"
    r"going|right|correct|good|working|available|ok|okay|happy|great|free|possible|"
    r"what i) ?(?:\w+ ?){0,7}|there(?:s| is) no (?:way|chance)(?: \w+){0,5}|no (?:it|that|thats|"
    r"its|i|not|this|they|you|dont|there|one|way) ?(?:\w+ ?){0,6}|maybe (?:later|another time|"
    r"not|next time)|another time|some other time|cant (?:do|make) (?:it|that|any|them|this|"
    r"any of (?:them|these|those))|doesnt (?:work|suit|fit|look|seem|sound)(?: \w+){0,3}|"
    r"dont (?:work|suit)(?: \w+){0,3}|(?:its|thats) a (?:\w+ )?no(?: \w+){0,4}|id (?:prefer|"
    r"rather) not(?: to)?|not <t>|thats (?:not|wrong|incorrect|false|"
    r"bad|untrue|no|inaccurate|a lie|impossible|ridiculous|nonsense)(?: \w+){0,6}|(?:that|it|"
    r"this) (?:is|was|would be|s) (?:wrong|incorrect|false|bad|untrue|a no|no|inaccurate|a lie|"
    r"terrible|too (?:early|late)|impossible|ridiculous|unacceptable|negative|a mistake|"
    r"a negative)(?: \w+){0,4}|too (?:early|late)(?: for me)?|you(?:re| are) (?:wrong|mistaken|"
    r"incorrect)(?: \w+){0,3}|you got (?:it|that) wrong|never in a million years)$"
)
_POLITE = shaped(
    r"^(?:(?:please|thanks?|thank you|thx|ty|cheers|sorry|hi|hello|hey|oh|ah|um|uh|hmm+|well|so|"
    r"very much|a lot|so much|again|for (?:that|your help|the help|helping|everything|"
    r"all your help|asking|checking)|"
    r"i appreciate (?:it|that|your help)|much appreciated|appreciate it|many thanks|no worries|"
    r"excuse me|my bad|wow|haha|lol|there|assistant|tandem|cortana|siri|alexa|man|buddy|dude|"
    r"i see|got it|understood|nice|great|good|ok|okay|cool|"
    r"thats all|that is all|thats it|that will be all|nothing else|for now|im done|you|sir|maam|"
    r"friend|kindly|for me|let me think|to you|indeed|you too|have a (?:good|great|nice) (?:day|"
    r"<t>)|perfect|all|welcome) ?)+$"
)
_SOUNDS = shaped(rf"^(?:{_SUBJECT} )?(?:sounds?|looks?|seems?|is) {_ADVERB}{_GOOD}(?: \w+){{0,4}}$")
_LIMITS = re.compile(
    r"\b(?:but|except|instead|not|only|if|when|where|what|who|_t_|_p_|book|cancel|move|change|"
    r"add|schedule|find)\b"
)
_LEAD_YES = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|ya|yea|ok|okay|sure|great|perfect|good|cool|alright|fine|right|"
    r"correct|awesome|well|oh|hey) )+"
)
_LEAD_NO = re.compile(r"^(?:(?:no|nope|nah|sorry|well|oh|actually|hmm|unfortunately) )+")
_GLAD = re.compile(r"\b(?:great|good|perfect|ok|okay|cool|nice|indeed)\b")
_ACTS = re.compile(
    r"\b(?:cancel (?!that)|delete|remove|move|reschedule|change|schedule|push|postpone|find|show|"
    r"invite|_p_)\b"
)
_SAYS_YES = re.compile(
    r"^(?:\w+ ){0,6}(?:say|be|a|definite|big|resounding|is|answer|definitely|absolute|strong|"
    r"with|for) (?:yes|yeah|yep|yup)$|^i(?:d| would)? say so$|^right you are$|^it (?:certainly|"
    r"definitely|surely|sure|absolutely|totally|really|indeed) (?:is|does|was|will|would)$|"
    r"^(?:that|this|it) (?:certainly|definitely|surely|absolutely|totally|really) (?:is|does|"
    r"works|sounds \w+|looks \w+)$"
)
_SAYS_NO = re.compile(
    r"^(?:\w+ ){0,6}(?:say|said|be|a|is|answer|hard|big|definite|saying|with|for|resounding|"
    r"definitely) no$|^i(?: will|ll| shall|m going to|d rather|m gonna)? pass$|"
    r"^(?:\w+ ){1,4}(?:is|was|are|does|did|do|will|would|am) (?:\w+ ){0,2}not(?: \w+){0,4}$"
)
_CONTENT = re.compile(
    r"\b(?:cancel|delete|remove|move|reschedule|change|schedule|push|postpone|find|show|invite|"
    r"set|book|create|add|need|"
    r"help|check|meeting|meetings|calendar|event|events|appointment|when|what|who|where|how|why|"
    r"instead|but|rather|"
    r"find|look|tell|give|remind|play|order|call|send|which|_t_|_p_|_len_|_series_)\b"
)
_FEW_WORDS = 5
_ASKS = re.compile(r"(?:why (?!not$)|what|when|where|who|how|which)\b")
_THANKS = re.compile(r"\b(?:thanks?|thank you|thx|ty|cheers|appreciate[d]?)\b")
_GREETING = shaped(
    r"^(?:hi|hello|hey|yo|hiya|howdy|good (?:morning|afternoon|evening|day|<t>)|greetings|"
    r"morning|sup|how are you|hows it going|nice to meet you|how do you do|"
    r"whats up|how is it going|how have you been|hows your day|how are things)"
    r"(?: (?:there|all|team|tandem|assistant|everyone|you|again|bot|friend|doing|<t>|<p>|"
    r"how are you(?: doing)?|later|now|going|been|to you))*$"
)
_DOUBT = re.compile(r"\b(?:who|when|where|why|how|which|whats|what (?:time|day|is|are|do))\b")


def _clause(text: str) -> _Clause:
    kind = _plain_clause(text)
    if kind is _Clause.OTHER:
        for lead, same in ((_LEAD_YES, _Clause.YES), (_LEAD_NO, _Clause.NO)):
            found = lead.match(text)
            rest = text[found.end() :] if found else ""
            if found and (_plain_clause(rest) is same or _adds_nothing(rest)):
                return same
        if _SAYS_YES.search(text):
            return _Clause.YES
        if _SAYS_NO.search(text):
            return _Clause.NO
    return kind


def _adds_nothing(rest: str) -> bool:
    """Tell whether what follows a clear "yes" or "no" is too slight to be a wish of its own."""
    return rest.count(" ") < _FEW_WORDS and not _CONTENT.search(rest)


def _plain_clause(text: str) -> _Clause:
    if _NO.search(text):
        acts = _ACTS.search(text) and not text.startswith(("dont", "do not", "please dont"))
        return _Clause.OTHER if acts else _Clause.NO
    if _POLITE.search(text) and not _GLAD.search(text):
        return _Clause.POLITE
    return _Clause.YES if _YES.search(text) or _happy(text) else _Clause.OTHER


def _happy(text: str) -> bool:
    """Tell whether "sounds good" begins a clause that says nothing else of weight."""
    return bool(_SOUNDS.search(text)) and not _LIMITS.search(text)


def reply(shape: str) -> tuple[Intent, str] | None:
    """Give yes, no, thanks or a greeting when the sentence is nothing else."""
    text = shape.strip(" .,!?;")
    if not text or text.count(" ") >= _MOST_WORDS:
        return None
    if _GREETING.search(text.replace(",", "").replace(".", "")):
        return Intent.GREETING, "greeting"
    if _ASKS.match(text):
        return None
    clauses = [c.strip() for c in _CLAUSES.split(text) if c.strip()]
    kinds = [_clause(c) for c in clauses]
    answers = [k for k in kinds if k in {_Clause.YES, _Clause.NO}]
    if _Clause.OTHER in kinds or len(clauses) > 8:
        whole = _clause(re.sub(r"[.,!?;]+", "", text))
        answers = [whole] if whole in {_Clause.YES, _Clause.NO} else []
        if not answers:
            return None
    if _Clause.NO in answers:
        return Intent.DECLINE, "no"
    if answers and not (shape.rstrip().endswith("?") and _DOUBT.search(text)):
        if text in {"_t_", "ok _t_"}:
            return None
        thanked = _THANKS.search(text) and all(c in _WEAK for c in _plain_clauses(clauses, kinds))
        return (Intent.THANKS, "thanks") if thanked else (Intent.ACCEPT, "yes")
    return (Intent.THANKS, "thanks") if _THANKS.search(text) else None


_WEAK = frozenset({"ok", "okay", "great", "cool", "perfect", "awesome", "good", "nice", "alright"})


def _plain_clauses(clauses: list[str], kinds: list[_Clause]) -> list[str]:
    return [c for c, k in zip(clauses, kinds, strict=True) if k is _Clause.YES]
