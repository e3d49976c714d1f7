"""The reason in a sentence that calls something off: "cancel it, I am ill"."""

from __future__ import annotations

import re

from core.setting_text import parse_text

MINE = r"(?:i|i['’]?m|im|i['’]ve|my|we|we['’]re|our|something|there['’]?s|there is)\b"
DROP = r"(?:please )?(?:can you |could you )?(?:cancel|call off|drop|delete|scrap|skip)\b"
ASKS = re.compile(r"(?:i['’]?d like|i (?:want|need|would like|have)) to$", re.IGNORECASE)
FORMS = (
    re.compile(r"\b(?:because|since|due to|the reason is|reason:)\s+(?P<why>.+)$", re.IGNORECASE),
    re.compile(rf"(?:\bas|,|;|\.|:|\s[-–—]+)\s+(?P<why>{MINE}.+)$", re.IGNORECASE),
    re.compile(
        rf"^(?:sorry,? |hi,? |hey,? )?(?P<why>{MINE}[^,.;]{{3,}})[,.;]\s*(?:so )?{DROP}",
        re.IGNORECASE,
    ),
)
SAYS_IT_AGAIN = re.compile(rf"[.,;]?\s*(?:\bso\s+)?{DROP}.*$", re.IGNORECASE)
SHORTEST = 2  # words that say something


def reason_in(text: str) -> str:
    """Return why something is called off, as it was written; empty when nothing was said."""
    for form in FORMS:
        found = form.search(text)
        if found is None:
            continue
        why = parse_text(SAYS_IT_AGAIN.sub("", found["why"]).strip(" .,;:!-–—"))
        if len(why.split()) >= SHORTEST and not ASKS.match(why):
            return why[:1].upper() + why[1:]
    return ""
