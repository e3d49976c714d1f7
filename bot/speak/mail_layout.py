"""A letter's parts as plain text and as plain HTML; both say the same.

The HTML has no images, no scripts and no links but those of the letter: nobody is tracked.
Everything is escaped here, so sentences and names come in as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Facts:
    """Named values, one per line; a value that is a web address becomes a link."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """A question and the links that answer it: (words, address)."""

    question: str
    links: tuple[tuple[str, str], ...]


Part = str | Facts | Answers

BODY = (
    "margin:0;padding:24px;max-width:36em;font:16px/1.5 sans-serif;"
    "color:#1a1d2b;background-color:#ffffff"
)
HEADING = "margin:0 0 16px;font-size:20px;line-height:1.3"
CELL = "padding:2px 16px 2px 0;text-align:left;vertical-align:top"
BUTTON = (
    "display:inline-block;margin:0 12px 8px 0;padding:10px 18px;border:1px solid #2f3488;"
    "border-radius:6px;color:#2f3488"
)


def as_text(greeting: str, heading: str, parts: tuple[Part, ...]) -> str:
    """Return the plain text, complete in itself."""
    blocks = [greeting, heading, *map(_text_part, parts)]
    return "\n\n".join(blocks) + "\n"


def as_html(subject: str, greeting: str, heading: str, parts: tuple[Part, ...]) -> str:
    """Return the HTML page."""
    body = "\n".join(map(_html_part, parts))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(subject)}</title>\n</head>\n"
        f'<body style="{BODY}">\n<p>{escape(greeting)}</p>\n'
        f'<h1 style="{HEADING}">{escape(heading)}</h1>\n{body}\n</body>\n</html>\n'
    )


def is_link(value: str) -> bool:
    """Tell whether a value is one web address, which may be made a link."""
    return value.lower().startswith(("https://", "http://")) and not any(
        char.isspace() or not char.isprintable() for char in value
    )


def _text_part(part: Part) -> str:
    match part:
        case Facts(rows):
            return "\n".join(f"{name}: {value}" for name, value in rows)
        case Answers(question, links):
            return "\n".join([question, *(f"{words}: {url}" for words, url in links)])
        case str():
            return part


def _html_part(part: Part) -> str:
    match part:
        case Facts(rows):
            body = "\n".join(_html_row(name, value) for name, value in rows)
            return f"<table>\n{body}\n</table>"
        case Answers(question, links):
            body = "\n".join(
                f'<a style="{BUTTON}" href="{escape(url)}">{escape(words)}</a>'
                for words, url in links
            )
            return f"<p>{escape(question)}</p>\n<p>\n{body}\n</p>"
        case str():
            return f"<p>{escape(part)}</p>"


def _html_row(name: str, value: str) -> str:
    shown = escape(value)
    cell = f'<a href="{shown}">{shown}</a>' if is_link(value) else shown
    head = f'<th scope="row" style="{CELL}">{escape(name)}</th>'
    return f'<tr>{head}<td style="{CELL}">{cell}</td></tr>'
