"""Short answers: yes and no in all their forms, thanks and greetings, each by a bag of words."""

from __future__ import annotations

import re

from bot.understand.intent import Intent
from bot.understand.intent_words import shaped

_MOST_WORDS = 14

_FILLER = frozenset(
    [
        "i",
        "me",
        "my",
        "it",
        "its",
        "that",
        "thats",
        "this",
        "these",
        "those",
        "the",
        "a",
        "an",
        "is",
        "are",
        "be",
        "was",
        "do",
        "does",
        "did",
        "to",
        "for",
        "of",
        "on",
        "at",
        "all",
        "so",
        "and",
        "but",
        "with",
        "just",
        "very",
        "really",
        "quite",
        "totally",
        "absolutely",
        "pretty",
        "well",
        "then",
        "now",
        "here",
        "there",
        "please",
        "pls",
        "thanks",
        "thank",
        "you",
        "your",
        "have",
        "has",
        "will",
        "would",
        "can",
        "could",
        "should",
        "im",
        "ill",
        "id",
        "youre",
        "we",
        "lets",
        "us",
        "go",
        "by",
        "as",
        "how",
        "what",
        "one",
        "think",
        "guess",
        "believe",
        "seems",
        "sounds",
        "looks",
        "look",
        "sound",
        "feels",
        "like",
        "know",
        "too",
        "way",
        "much",
        "indeed",
        "oh",
        "ah",
        "hey",
        "hi",
        "hello",
        "hmm",
        "ok",
        "okay",
        "alright",
        "right",
        "about",
        "today",
        "tomorrow",
        "<t>",
        "<p>",
        "man",
        "buddy",
        "dude",
        "mate",
        "sir",
        "friend",
        "everything",
        "something",
        "actually",
        "also",
        "yet",
        "still",
        "more",
        "if",
        "any",
        "in",
        "not",
        "time",
        "times",
        "day",
        "slot",
        "option",
        "ones",
        "appointment",
        "meeting",
        "session",
        "event",
        "out",
        "up",
        "set",
        "enough",
        "plenty",
        "again",
        "got",
        "get",
        "make",
        "made",
        "done",
        "work",
        "works",
        "working",
        "going",
        "gonna",
        "wanna",
        "sure",
        "certainly",
        "course",
        "definitely",
        "probably",
        "correctly",
        "matter",
        "fact",
        "case",
        "anyway",
        "both",
        "or",
        "say",
        "said",
        "says",
        "being",
        "that'll",
        "answer",
        "only",
        "am",
        "course",
    ]
)
_YES = frozenset(
    [
        "yes",
        "yep",
        "yeah",
        "yup",
        "ya",
        "yea",
        "yess",
        "yesss",
        "aye",
        "sure",
        "certainly",
        "absolutely",
        "definitely",
        "affirmative",
        "ok",
        "okay",
        "okey",
        "k",
        "kk",
        "alright",
        "perfect",
        "great",
        "good",
        "fine",
        "nice",
        "cool",
        "awesome",
        "excellent",
        "wonderful",
        "lovely",
        "fantastic",
        "brilliant",
        "super",
        "sweet",
        "superb",
        "correct",
        "right",
        "true",
        "exactly",
        "precisely",
        "indeed",
        "agreed",
        "agree",
        "accept",
        "accepted",
        "confirm",
        "confirmed",
        "approve",
        "approved",
        "deal",
        "works",
        "work",
        "fits",
        "suits",
        "suit",
        "totally",
        "splendid",
        "amazing",
        "terrific",
        "yay",
        "bingo",
        "positive",
        "accurate",
        "proceed",
        "acceptable",
        "ideal",
        "roger",
        "si",
        "oui",
        "ja",
        "beautiful",
        "happy",
        "glad",
        "love",
        "loved",
        "likewise",
        "undoubtedly",
        "surely",
        "y",
    ]
)
_NO = frozenset(
    [
        "no",
        "nope",
        "nah",
        "na",
        "naw",
        "never",
        "neither",
        "none",
        "negative",
        "incorrect",
        "wrong",
        "false",
        "decline",
        "declined",
        "reject",
        "rejected",
        "refuse",
        "disagree",
        "cant",
        "cannot",
        "wont",
        "dont",
        "doesnt",
        "isnt",
        "wasnt",
        "not",
        "unable",
        "impossible",
        "bad",
        "unfortunately",
        "untrue",
        "nay",
        "mistaken",
        "error",
        "n",
        "nein",
        "non",
        "pass",
        "inconvenient",
        "unavailable",
        "didnt",
        "couldnt",
        "shouldnt",
        "hardly",
        "terrible",
        "neither's",
        "nothing",
        "arent",
        "wouldnt",
    ]
)
_NO_CLAIMS = frozenset(
    {
        "not",
        "dont",
        "doesnt",
        "isnt",
        "cant",
        "wont",
        "didnt",
        "no",
        "never",
        "arent",
        "wouldnt",
        "wasnt",
    }
)
_YES_PHRASES = shaped(
    r"^(?:(?:yes|yeah|yep|ok|okay|great|perfect|sure|good)[ ,.!]+)*(?:(?:it|that|thats|this|its|which|everything|all|they|those|these|both|the \w+|<t>)(?: all| really| just| also)? )?"
    r"(?:sounds?|looks?|seems?|is|are|would be|will be|s|feels?|ll be|works?|should be)? ?(?:all |just |really |very |absolutely |about |pretty |totally |like |quite |to be )*"
    r"(?:good|great|perfect|fine|correct|right|excellent|wonderful|ok|okay|nice|lovely|awesome|amazing|fantastic|alright|brilliant|cool|works?(?: out)?|a plan|suits?|fits?|accurate|ideal|splendid)\b"
)
_GO = shaped(
    r"^(?:(?:yes|yeah|yep|ok|okay|great|perfect|sure|good|please|alright|thats right|right|fine|cool|then)[ ,.!]+)*"
    r"(?:go (?:ahead|for it|with (?:it|that|this))|do (?:it|that|so|this)|book (?:it|that|them|this)|please do|lets (?:do|go)(?: (?:it|that|this|for it|with (?:it|that|this)))?|"
    r"make it (?:so|happen)|confirm(?: it| that| this| the \w+)?|i accept|accept(?: it| that| all| them)?|ill take (?:it|that|this|<t>)|take it|you got it|"
    r"i(?:d| would)? (?:like|love) (?:that|it)|i(?:m| am) (?:in|ok|okay|fine|good|happy)(?: with (?:that|it|this))?|proceed|count me in|see you (?:then|there|<t>)|"
    r"create it|save it|schedule it|send it|submit(?: it)?|thats (?:the one|it|what i (?:want|wanted|meant|need|said))|why not\W*$|for sure|of course|"
    r"you (?:are|re) (?:right|correct)|youre (?:right|correct)|i think so|i believe so|(?:i do|it is|it does|they do|i am|we are|we do|it will|i will|i would)(?: indeed| please| thanks)?\W*$|please add it|add it|sign me up|wfm|lgtm|sgtm)\b(?!.*\b(?:not|instead|but)\b)"
)
_NO_PHRASES = shaped(
    r"^(?:(?:no|nope|nah|sorry|oh|hmm|actually|unfortunately|im afraid|i am afraid|well)[ ,.!]+)*"
    r"(?:no way|not (?:really|at all|quite|good|right|correct|happening|now|today|exactly|that|this|what|in|true|a chance|yet|for me|possible|today|necessary|needed|anymore|interested|sure about)|absolutely not|of course not|definitely not|certainly not|"
    r"(?:it|that|this|they|these|those|none(?: of (?:these|them|those|the (?:times|options|above)))?|neither(?: of (?:these|them))?|nothing|thats|its|<t>)(?: all| really| times?)? ?(?:is not|isnt|doesnt|do not|dont|does not|wont|will not|cant|isnt|are not|arent|not|never|works?|suits?|fits?|is|would|didnt|wasnt)\b|"
    r"none\b|neither\b|i (?:dont|do not|cant|cannot|wont|will not|would not|wouldnt|disagree|refuse|decline|reject|didnt|changed my mind|have changed)\b(?! (?:know|have|see|find|remember|wait|think you|understand))|"
    r"there(?:s| is) no way|no (?:thanks|thank you|need|more|chance|thats|it|i|not|dont|good)|decline|reject|wrong|incorrect|cancel that|false|"
    r"i cant make (?:it|any|either|that)|no can do|thats (?:not|wrong|incorrect|false|a no|bad|no good|untrue)|hold off|maybe (?:later|another time)|not gonna|id rather not|i would rather not|rather not)\b"
)
_THANKS = shaped(
    r"^(?:(?:ok|okay|great|cool|perfect|awesome|many|alright|good|nice|got it|wow|excellent)[ ,.!]*)*(?:thanks|thank you|thx|ty|cheers|much appreciated|i appreciate|appreciate it)\b"
)
_GREETING = shaped(
    r"^(?:hi|hello|hey|yo|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings|morning|whats up|sup|how are you|hows it going|nice to meet you|how do you do|goodbye|bye|see you|good night)"
    r"(?: (?:there|all|team|tandem|assistant|everyone|you|again|bot|friend|doing|today|<t>|<p>|how are you(?: doing)?(?: today)?|later|now))*\W*$|^<t>\W*$(?<!<t>)"
)
_ACTS = shaped(
    r"\b(?:schedule|book|cancel|delete|remove|move|reschedule|change|create|set|add|find|show|invite|connect|make|put|"
    r"update|need|want|when|what|who|where|which|why|how|instead|rather|but|can you|could you|please (?!do|go|book it|confirm)\w+)\b"
)


def _words(shape: str) -> list[str]:
    return re.findall(r"[a-z0-9_]+", shape)


def reply(shape: str) -> tuple[Intent, str] | None:
    """Give yes, no, thanks or a greeting when the sentence is nothing else."""
    words = _words(shape)
    if not words or len(words) > _MOST_WORDS:
        return None
    if _GREETING.search(shape):
        return Intent.GREETING, "greeting"
    if _THANKS.search(shape) and not _ACTS.search(shape):
        return Intent.THANKS, "thanks"
    claims_no = any(w in _NO_CLAIMS for w in words)
    if _NO_PHRASES.search(shape) and (claims_no or not _YES_PHRASES.search(shape)):
        if not _ACTS.search(_NO_PHRASES.sub("", shape)):
            return Intent.DECLINE, "no"
    if not claims_no and (_GO.search(shape) or _YES_PHRASES.search(shape)):
        rest = _YES_PHRASES.sub("", _GO.sub("", shape))
        if not _ACTS.search(rest):
            return Intent.ACCEPT, "yes"
    return _bag(words, shape)


def _bag(words: list[str], shape: str) -> tuple[Intent, str] | None:
    known = _FILLER | _YES | _NO
    if not all(w in known for w in words) or _ACTS.search(shape):
        return None
    if "_t_" in words and len(words) <= 2:
        return None
    if any(w in _NO for w in words):
        return Intent.DECLINE, "no"
    core = [w for w in words if w in _YES and w not in {"right", "good", "work", "works"}]
    if core or words[0] in {"right", "good"} or {"works", "work"} & set(words):
        return Intent.ACCEPT, "yes"
    return None
