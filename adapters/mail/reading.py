"""The bytes of a mail as a `MailIn`: who, what they answer, and what they wrote.

Nothing here raises for what a mail may hold: broken MIME, unknown encodings and cut-off ends are
read as far as they go.
"""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.utils import getaddresses
from typing import TYPE_CHECKING

from adapters.ical.replies import read_answers
from adapters.mail.authenticity import is_verified
from adapters.mail.quoting import text_of, written
from core.mail_in import Bounce, MailIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from core.mail_in import CalendarAnswer

POLICY = policy.compat32  # headers as they came: the modern one raises for some broken ones
MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}>")
MOST_PARTS = 60
MOST_THREAD = 30
CALENDAR = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|fwd?)\s*:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|auto:|"
    r"out of (?:the )?office|away from (?:the )?office|on vacation|vacation (?:reply|notice)|"
    r"automatische antwort|abwesenheitsnotiz|abwesend|réponse automatique|absence du bureau|"
    r"respuesta automática|fuera de la oficina|risposta automatica|automatisch antwoord|"
    r"afwezigheid|resposta automática|undeliver|delivery status notification|mail delivery)",
    re.IGNORECASE,
)
BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
AUTOMATIC_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
    "Feedback-ID",
)
REPORT = "message/delivery-status"
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def read_mail(data: bytes, authserv: str = "") -> MailIn:
    """Take a mail apart. `authserv` is the name under which our own server says whether a mail
    is from whom it says; without it nothing is verified.
    """
    message = message_from_bytes(data, policy=POLICY)
    parts = list(_leaves(message))
    sender = _sender(message)
    bounce = _bounce(message, parts)
    results = [_line(value) for value in message.get_all("Authentication-Results", [])]
    own = MESSAGE_ID.search(_header(message, "Message-ID"))
    thread = MESSAGE_ID.findall(
        f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}"
    )
    return MailIn(
        message_id=own[0] if own else f"<{hashlib.sha256(data).hexdigest()}@none>",
        sender=sender,
        verified=is_verified(results, authserv, sender),
        answers=() if bounce else _answers(parts),
        text="" if bounce else _text(parts),
        thread=tuple(dict.fromkeys(thread))[-MOST_THREAD:],
        automatic=bounce is not None or _is_automatic(message),
        bounce=bounce,
    )


# --- headers ------------------------------------------------------------------------------------


def _line(value: object) -> str:
    """Return a header's value as one line of text, whatever the library made of it."""
    return " ".join(str(value).encode("ascii", "replace").decode().split())


def _header(message: Message, name: str) -> str:
    return _line(message.get(name, ""))


def _sender(message: Message) -> str:
    """Return the only address of the only From, in lower case; "" where it is not clear."""
    found = message.get_all("From", [])
    if len(found) != 1:
        return ""
    addresses = [address for _, address in getaddresses([_line(found[0])])]
    if len(addresses) != 1 or not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", addresses[0]):
        return ""
    return addresses[0].lower()


def _is_automatic(message: Message) -> bool:
    """Tell whether no person has sent it (RFC 3834 2 and what came before it)."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if _header(message, "Precedence").strip().lower() in BULK:
        return True
    if _header(message, "Return-Path").strip() == "<>":
        return True
    if any(message.get(name) is not None for name in AUTOMATIC_HEADERS):
        return True
    return AUTOMATIC_SUBJECT.match(_subject(message)) is not None


def _subject(message: Message) -> str:
    """Return the subject, encoded words decoded as far as that goes."""
    from_header = policy.default.header_factory
    try:
        return str(from_header("Subject", _header(message, "Subject")))
    except (ValueError, IndexError, LookupError):
        return _header(message, "Subject")


# --- parts --------------------------------------------------------------------------------------


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something, but not those of mails inside the mail."""
    stack, seen = [message], 0
    while stack and seen < MOST_PARTS:
        part = stack.pop()
        seen += 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            stack += [one for one in reversed(inside) if not isinstance(one, str)]
        else:
            yield part


def _bytes(part: Message) -> bytes:
    """Return what a part holds, its transfer encoding undone."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return found if isinstance(found, bytes) else b""


def _words(part: Message) -> str:
    """Return a part's text in its charset."""
    charset = str(part.get_param("charset", "utf-8") or "utf-8")
    try:
        return _bytes(part).decode(charset, "replace")
    except (LookupError, ValueError):
        return _bytes(part).decode("utf-8", "replace")


def _answers(parts: list[Message]) -> tuple[CalendarAnswer, ...]:
    """Return the answers of all calendar parts; the same one twice is one (as file, as part)."""
    found: dict[CalendarAnswer, None] = {}
    for part in parts:
        named = (part.get_filename() or "").lower().endswith(".ics")
        if part.get_content_type() in CALENDAR or named:
            method = str(part.get_param("method", "") or "")
            text = _words(part)
            found.update(dict.fromkeys(read_answers(text.encode(errors="replace"), method)))
    return tuple(found)


def _text(parts: list[Message]) -> str:
    """Return what the person wrote: the first plain part, else the first HTML one."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind or part.get_content_disposition() == "attachment":
                continue
            words = _words(part)
            new = written(text_of(words) if kind == "text/html" else words)
            if new:
                return new
    return ""


# --- bounces ------------------------------------------------------------------------------------


def _bounce(message: Message, parts: list[Message]) -> Bounce | None:
    """Return what a delivery report says (RFC 3464); None for any other mail."""
    reports = [part for part in parts if part.get_content_type() == REPORT]
    if message.get_content_type() != "multipart/report" and not reports:
        return None
    kind = str(message.get_param("report-type", "") or "").lower()
    if not reports and kind != "delivery-status":
        return None
    failed: dict[str, str] = {}
    for report in reports:
        for fields in _fields(report):
            address, status = _failed(fields)
            if address:
                failed.setdefault(address, status)
    returned = _returned(parts)
    return Bounce(tuple(failed), next(iter(failed.values()), ""), returned)


def _fields(report: Message) -> list[Message]:
    """Return the groups of fields of a report: one about the mail, one about each recipient."""
    inside = report.get_payload()
    if isinstance(inside, list):
        return [one for one in inside if not isinstance(one, str)]
    blocks = re.split(rb"\r?\n\s*\r?\n", _bytes(report))
    return [message_from_bytes(block.strip() + b"\n\n", policy=POLICY) for block in blocks if block]


def _failed(fields: Message) -> tuple[str, str]:
    """Return a recipient that failed for good, with the status; "" for any other group."""
    action = _header(fields, "Action").lower()
    found = STATUS.search(_header(fields, "Status"))
    status = found[0] if found else ""
    if action != "failed" or status[:1] == "4":
        return "", ""
    to = _header(fields, "Original-Recipient") or _header(fields, "Final-Recipient")
    address = to.partition(";")[2].strip().strip("<>").lower()
    return (address, status) if "@" in address else ("", "")


def _returned(parts: list[Message]) -> str:
    """Return the Message-ID of the mail that came back."""
    for part in parts:
        inside = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inside, list):
            headers = inside[0] if inside and not isinstance(inside[0], str) else None
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            headers = message_from_bytes(_bytes(part), policy=POLICY)
        else:
            continue
        found = MESSAGE_ID.search(_header(headers, "Message-ID")) if headers else None
        if found:
            return found[0]
    return ""
