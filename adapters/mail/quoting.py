"""What somebody has written anew in a mail: without the mail they answer, without a signature."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 1500  # characters that are passed on
LONGEST_READ = 100_000  # characters that are looked at
LONGEST_HEAD = 3  # lines over which "On ... wrote:" may be broken

# Where the mail that is answered begins, with a date on its first line. Programs write it in
# their user's language.
WROTE = re.compile(
    r"^(?=[^\n]*\d)[ \t>*_]*(?:(?:On|Le|Am|El|Il|Op|Em|Den|Dne|W dniu)\b.{6,300}?"
    r"(?:wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu|skrev|napsal|napisał\(?a?\)?)"
    r"[^\n]{0,80}:)[ \t*_]*$",
    re.IGNORECASE | re.DOTALL,
)
ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:original message|original appointment|forwarded message|"
    r"ursprüngliche nachricht|ursprünglicher termin|message d'origine|mensaje original|"
    r"messaggio originale|oorspronkelijk bericht)\s*-{2,}",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s*_{10,}\s*$")
FROM = re.compile(r"^[\s*]*(?:From|Von|De|Da|Van)[\s*]*:\s*\S", re.IGNORECASE)
FROM_MORE = re.compile(
    r"^[\s*]*(?:Sent|Date|To|Subject|When|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|"
    r"Asunto|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp)[\s*]*:",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"^(?:-- ?|Sent from my \S.*|Get Outlook for \S.*|Von meinem \S+ gesendet.*|"
    r"Envoyé de mon \S.*|Enviado desde mi \S.*)$",
    re.IGNORECASE,
)
SPACES = re.compile(r"[^\S\n]+")


def written(text: str) -> str:
    """Return what is new in the text of a mail, at most `LONGEST` characters."""
    lines = _tidy(text[:LONGEST_READ]).split("\n")
    end = next((n for n in range(len(lines)) if _ends(lines, n)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    new = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return new if len(new) <= LONGEST else f"{new[: LONGEST - 1].rstrip()}…"


def _tidy(text: str) -> str:
    """Return lines without odd spaces and without marks that only mislead."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c == "\n" or c.isprintable() or c.isspace())
    return "\n".join(SPACES.sub(" ", line).rstrip() for line in text.split("\n"))


def _ends(lines: list[str], at: int) -> bool:
    """Tell whether what is new ends before a line."""
    line = lines[at]
    if ORIGINAL.match(line) or RULE.match(line) or SIGNATURE.match(line):
        return True
    if FROM.match(line) and any(FROM_MORE.match(one) for one in lines[at + 1 : at + 4]):
        return True
    return any(
        WROTE.match("\n".join(lines[at : at + count])) for count in range(1, LONGEST_HEAD + 1)
    )


# --- HTML ---------------------------------------------------------------------------------------

SKIPPED = frozenset({"head", "script", "style", "title", "template", "blockquote"})
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "table", "hr"})
EMPTY = frozenset({"br", "hr", "img", "meta", "input", "link", "wbr", "col", "area", "base"})
QUOTES = re.compile(
    r"gmail_quote|gmail_attr|divRplyFwdMsg|appendonsend|yahoo_quoted|moz-cite", re.IGNORECASE
)


class _Words(HTMLParser):
    """Collects what is to be read in an HTML mail, up to the mail it answers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []  # elements that are open within a skipped one
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines, and skip what is no text of the person."""
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if QUOTES.search(marks):
            self._over = True
        if tag in EMPTY:
            self.found.append("\n" if tag in BREAKS else "")
        elif tag in SKIPPED or self._inside:
            self._inside.append(tag)
        elif tag in BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close an element; one that was never opened changes nothing."""
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        elif tag in BREAKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._inside and not self._over:
            self.found.append(" ".join(data.split("\n")))


def text_of(html: str) -> str:
    """Return the words of an HTML mail as text, without what it quotes."""
    parser = _Words()
    parser.feed(html[:LONGEST_READ])
    parser.close()
    return "".join(parser.found)
