"""A finished Mail as a MIME message (RFC 5322, RFC 6047).

    multipart/mixed
    ├─ multipart/alternative
    │   ├─ text/plain
    │   ├─ text/html
    │   └─ text/calendar; method=REQUEST      shown as an invitation; no Content-Disposition
    └─ application/ics; name="invite.ics"     the same bytes, for everybody else

Everything is encoded to ASCII, so that no relay on the way has to change (and unsign) it.
"""

from __future__ import annotations

from email import policy
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING

from adapters.ical.itip import calendar_part, clean_name
from core.booking.drafts import Method, Sender
from core.errors import InvalidRequest

if TYPE_CHECKING:
    from core.booking.drafts import Invite, Mail

FILE = "invite.ics"
LONGEST_SUBJECT = 250


def _policy() -> policy.EmailPolicy[EmailMessage]:
    """Return SMTP's rules, with whole Message-IDs also in the headers that repeat one.

    As plain text a long id would be cut into encoded words, and no thread would hold.
    """
    registry = HeaderRegistry()
    for name in ("In-Reply-To", "References"):
        # A mixin, as the library wants it; its type stubs ask for a whole header class.
        registry.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]
    return policy.SMTP.clone(header_factory=registry)


POLICY = _policy()


def compose(mail: Mail, sender: Sender, now: int) -> EmailMessage:
    """Return the message, sent at `now` (epoch seconds).

    Raises InvalidRequest when the recipient's address cannot be one.
    """
    message = EmailMessage(policy=POLICY)
    try:
        _headers(message, mail, sender, now)
    except (ValueError, IndexError) as error:  # headerregistry raises either for odd addresses
        raise InvalidRequest("a header cannot be written", provider="mail") from error
    message.set_content(_sendable(mail.text), cte="quoted-printable")
    message.add_alternative(_sendable(mail.html), subtype="html", cte="quoted-printable")
    if mail.invite:
        _add_invite(message, mail.invite, sender)
    return message


def recipient(mail: Mail) -> str:
    """Return the envelope's recipient: ASCII, an international domain in its wire form.

    Raises InvalidRequest for what is not one plain mail address.
    """
    local, at, domain = mail.to_email.strip().rpartition("@")
    try:
        address = Address(username=local, domain=domain.encode("idna").decode("ascii"))
        plain = address.addr_spec.encode("ascii").decode("ascii")
    except (ValueError, IndexError) as error:
        raise InvalidRequest("this is not a mail address", provider="mail") from error
    if not at or not local or not domain or any(char in plain for char in ' "<>,;:\\()[]'):
        raise InvalidRequest("this is not a mail address", provider="mail")
    return plain


def _headers(message: EmailMessage, mail: Mail, sender: Sender, now: int) -> None:
    """Write the headers; the two Auto headers keep absence notes from answering us."""
    own = Address(display_name=sender.name, addr_spec=sender.address)
    message["From"] = own
    message["Reply-To"] = own
    message["To"] = Address(display_name=clean_name(mail.to_name), addr_spec=recipient(mail))
    message["Subject"] = clean_subject(mail.subject)
    message["Date"] = formatdate(now)
    message["Message-ID"] = _bracketed(mail.message_id)
    if mail.thread:
        message["In-Reply-To"] = _bracketed(mail.thread)
        message["References"] = _bracketed(mail.thread)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 5
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def clean_subject(text: str) -> str:
    """Return a subject on one line, without control characters; quotes may stay."""
    return " ".join(clean_name(part) for part in text.split())[:LONGEST_SUBJECT]


def _bracketed(message_id: str) -> str:
    """Return `<id@domain>`. Raises ValueError for an id that is none."""
    bare = message_id.strip().removeprefix("<").removesuffix(">")
    left, _, right = bare.partition("@")
    if not left or not right or not bare.isascii() or not bare.isprintable():
        raise ValueError("not a Message-ID")
    if any(char in ' <>"(),;:\\[]' for char in bare):
        raise ValueError("not a Message-ID")
    return f"<{bare}>"


def _sendable(text: str) -> str:
    """Return the text without lone surrogates, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _add_invite(message: EmailMessage, invite: Invite, sender: Sender) -> None:
    """Add the calendar object, for invitations also as the last alternative.

    A published event is only a file: it is to be added by hand, so no program may act on it.
    """
    data = calendar_part(invite, sender)
    if invite.method is not Method.PUBLISH:
        message.add_alternative(
            data,
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"method": invite.method.value, "charset": "UTF-8", "name": FILE},
        )
    message.add_attachment(data, maintype="application", subtype="ics", filename=FILE)
