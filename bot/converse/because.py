"""The reason in a sentence that calls something off: "cancel it, I am ill"."""

from __future__ import annotations

import re

from core.policy import parse_text

MINE = r"(?:i|i['’]?m|im|i['’]ve|my|we|we['’]re|our|something|there['’]?s|there is)\b"
DROP = r"(?:please )?(?:can you |could you )?(?:cancel|call off|drop|delete|scrap|skip)\b"
FORMS = (
    re.compile(r"\b(?:because|since|due to|the reason is|reason:)\s+(?P<why>.+)$", re.IGNORECASE),
    re.compile(rf"(?:\bas|,|;|\.|:|\s[-–—]+)\s+(?P<why>{MINE}.+)$", re.IGNORECASE),
    re.compile(
        rf"^(?:sorry,? |hi,? |hey,? )?(?P<why>{MINE}[^,.;]{{3,}})[,.;]\s*(?:so )?{DROP}",
        re.IGNORECASE,
    ),
)
SHORTEST = 4  # letters that say something


def reason_in(text: str) -> str:
    """Return why something is called off, as it was written; empty when nothing was said."""
    for form in FORMS:
        found = form.search(text)
        if found and len(found["why"].strip()) >= SHORTEST and not re.match(DROP, found["why"]):
            why = parse_text(found["why"].strip(" .,;:!-–—"))
            return why[:1].upper() + why[1:]
    return ""
