"""Mails as the programs of attendees send them: made here, in the shapes that are known of each."""

from __future__ import annotations

import base64
from textwrap import dedent

UID = "0123456789abcdef0123456789abcdef@assistant.example.org"
ASSISTANT = "assistant@example.org"
OURS = "mx.example.org"
PASS = f"{OURS}; spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass"


def crlf(text: str) -> str:
    return dedent(text).lstrip("\n").replace("\n", "\r\n")


def b64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode().replace("\n", "\r\n").rstrip()


def headers(
    sender: str = "maya@example.org",
    *,
    subject: str = "Accepted: Session with Alex Chen",
    message_id: str = "<one@mail.example.org>",
    auth: str | None = PASS,
    more: str = "",
) -> str:
    """Headers of a mail to the assistant; `more` are whole lines."""
    lines = [
        "Return-Path: <bounces@example.org>",
        *([f"Authentication-Results: {auth}"] if auth else []),
        "Received: from out.example.org by mx.example.org; Tue, 20 Oct 2026 09:00:00 +0000",
        f"From: Maya Patel <{sender}>",
        f"To: Scheduling Assistant <{ASSISTANT}>",
        f"Subject: {subject}",
        "Date: Tue, 20 Oct 2026 09:00:00 +0000",
        f"Message-ID: {message_id}",
        *more.splitlines(),
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(lines) + "\r\n"


def event(
    partstat: str,
    attendee: str = "maya@example.org",
    *,
    method: str = "REPLY",
    uid: str = UID,
    sequence: int | None = 0,
    stamp: str = "20261020T090000Z",
    start: str = "DTSTART:20261027T140000Z",
    end: str = "DTEND:20261027T143000Z",
    organizer: bool = True,
    more: str = "",
) -> str:
    """A calendar object that answers."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Some Program//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        *([f"SEQUENCE:{sequence}"] if sequence is not None else []),
        f"DTSTAMP:{stamp}",
        start,
        end,
        *([f"ORGANIZER;CN=Scheduling Assistant:mailto:{ASSISTANT}"] if organizer else []),
        f"ATTENDEE;CN=Maya Patel;PARTSTAT={partstat}:mailto:{attendee}",
        *more.splitlines(),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def single(
    calendar: str,
    *,
    kind: str = "text/calendar; charset=utf-8; method=REPLY",
    head: str = "",
) -> bytes:
    """A mail that is nothing but a calendar part."""
    body = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{b64(calendar)}\r\n"
    return ((head or headers()) + body).encode()


def gmail(calendar: str, head: str = "") -> bytes:
    """Google: alternatives with words of its own, the calendar part, and the same as a file."""
    return (
        (head or headers())
        + crlf("""
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary="inner"

        --inner
        Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes

        Maya Patel has accepted this invitation.
        --inner
        Content-Type: text/html; charset="UTF-8"
        Content-Transfer-Encoding: quoted-printable

        <p>Maya Patel has accepted this invitation.</p>
        --inner
        Content-Type: text/calendar; charset="UTF-8"; method=REPLY
        Content-Transfer-Encoding: 7bit

        @CALENDAR@
        --inner--
        --outer
        Content-Type: application/ics; name="invite.ics"
        Content-Disposition: attachment; filename="invite.ics"
        Content-Transfer-Encoding: base64

        @FILE@
        --outer--
        """)
        .replace("@CALENDAR@", calendar.rstrip())
        .replace("@FILE@", b64(calendar))
    ).encode()


def outlook(calendar: str, head: str = "") -> bytes:
    """Exchange and Outlook.com: an empty text and the calendar part, both base64."""
    return (
        (head or headers(more="X-Auto-Response-Suppress: DR, OOF, AutoReply"))
        + crlf(f"""
        Content-Type: multipart/alternative;
        \tboundary="_000_ABC_"

        --_000_ABC_
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: base64

        {b64(chr(13) + chr(10))}
        --_000_ABC_
        Content-Type: text/calendar; charset="utf-8"; method=REPLY
        Content-Transfer-Encoding: base64

        @CALENDAR@
        --_000_ABC_--
        """).replace("@CALENDAR@", b64(calendar))
    ).encode()


def apple(calendar: str, head: str = "") -> bytes:
    """Apple: the calendar part is a file with a text type, its lines end as they like."""
    return (
        (head or headers())
        + crlf("""
        Content-Type: multipart/alternative; boundary="Apple-Mail=_1"

        --Apple-Mail=_1
        Content-Transfer-Encoding: 7bit
        Content-Type: text/plain; charset=us-ascii


        --Apple-Mail=_1
        Content-Type: multipart/mixed; boundary="Apple-Mail=_2"

        --Apple-Mail=_2
        Content-Disposition: attachment; filename="iCal-20261020-090000.ics"
        Content-Type: text/calendar; x-unix-mode=0644; name="iCal-20261020-090000.ics"
        Content-Transfer-Encoding: quoted-printable

        @CALENDAR@
        --Apple-Mail=_2--
        --Apple-Mail=_1--
        """).replace("@CALENDAR@", calendar.replace("\r\n", "\n").replace("=", "=3D").rstrip())
    ).encode()


def words(text: str, head: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    """A mail of words."""
    body = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{b64(text)}\r\n"
    return ((head or headers(subject="Re: Session with Alex Chen")) + body).encode()


def bounce(
    recipient: str, returned: str, *, action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """A delivery report (RFC 3464)."""
    head = headers(
        "mailer-daemon@mx.example.org",
        subject="Undelivered Mail Returned to Sender",
        message_id="<report@mx.example.org>",
        more="Auto-Submitted: auto-replied",
    )
    return (
        head
        + crlf(f"""
        Content-Type: multipart/report; report-type=delivery-status; boundary="report"

        --report
        Content-Type: text/plain; charset=us-ascii

        This is the mail system. Your message could not be delivered.
        --report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        Arrival-Date: Tue, 20 Oct 2026 09:00:00 +0000

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 {status} no such user
        --report
        Content-Type: text/rfc822-headers

        From: Scheduling Assistant <{ASSISTANT}>
        To: {recipient}
        Message-ID: {returned}
        Subject: Session with Alex Chen
        --report--
        """)
    ).encode()
