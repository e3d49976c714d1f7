"""The MIME message, judged by parsing it back and by its bytes."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.ical.itip import calendar_part
from adapters.mail.compose import compose, recipient
from core.booking.drafts import Mail, Method, Sender
from core.errors import InvalidRequest
from tests.unit.mail.samples import INVITE, MAIL, STAMP, invite

SENDER = Sender("Scheduling Assistant", "assistant@tandem.example.org")
ONCE = (
    *("From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "Content-Type"),
)


def raw(mail: Mail = MAIL) -> bytes:
    return compose(mail, SENDER, STAMP).as_bytes()


def sent(mail: Mail = MAIL) -> EmailMessage:
    return message_from_bytes(raw(mail), policy=policy.default)


def shape(part: MIMEPart) -> object:
    if part.is_multipart():
        return {part.get_content_type(): [shape(p) for p in part.iter_parts()]}
    return part.get_content_type()


def calendar_of(mail: Mail = MAIL) -> EmailMessage:
    (part,) = (p for p in sent(mail).walk() if p.get_content_type() == "text/calendar")
    return part


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_an_invitation_has_text_html_calendar_and_the_file(method: Method) -> None:
    assert shape(sent(replace(MAIL, invite=invite(method)))) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics",
        ]
    }


def test_a_published_event_is_a_file_only() -> None:
    message = sent(replace(MAIL, invite=invite(Method.PUBLISH)))
    assert shape(message) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html"]},
            "application/ics",
        ]
    }


def test_a_details_mail_has_no_calendar_part() -> None:
    assert shape(sent(replace(MAIL, invite=None))) == {
        "multipart/alternative": ["text/plain", "text/html"]
    }


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_the_part_names_the_method_of_its_body(method: Method) -> None:
    part = calendar_of(replace(MAIL, invite=invite(method)))
    assert part["Content-Type"].params["method"] == method.value
    assert part["Content-Type"].params["charset"].upper() == "UTF-8"
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert Calendar.from_ical(body)["METHOD"] == method.value


def test_the_calendar_part_is_inline_and_base64() -> None:
    part = calendar_of()
    assert part["Content-Disposition"] is None
    assert part["Content-Transfer-Encoding"] == "base64"


def test_part_and_file_are_the_same_bytes() -> None:
    (attached,) = sent().iter_attachments()
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content_disposition() == "attachment"
    data = attached.get_payload(decode=True)
    assert data == calendar_of().get_payload(decode=True) == calendar_part(INVITE, SENDER)


def test_organizer_is_from_and_attendee_is_to() -> None:
    message = sent()
    event = Calendar.from_ical(calendar_part(INVITE, SENDER)).events[0]
    assert str(event["ORGANIZER"]) == f"mailto:{message['From'].addresses[0].addr_spec}"
    assert f"mailto:{message['To'].addresses[0].addr_spec}" in map(str, event.attendees)


def test_the_sender_is_fixed_and_answers_go_there() -> None:
    message = sent()
    assert str(message["From"]) == "Scheduling Assistant <assistant@tandem.example.org>"
    assert str(message["Reply-To"]) == str(message["From"])
    assert message["Sender"] is None


def test_headers_of_a_machine_that_wants_no_absence_notes() -> None:
    message = sent()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["List-Unsubscribe"] is None
    assert message["Precedence"] is None


def test_date_and_id() -> None:
    message = sent()
    assert parsedate_to_datetime(str(message["Date"])).timestamp() == STAMP
    assert message["Message-ID"] == "<abc@tandem.example.org>"


def test_the_first_mail_has_no_thread() -> None:
    message = sent()
    assert message["References"] is None
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize("domain", ["tandem.example.org", f"{'a' * 60}.{'b' * 60}.example.org"])
def test_later_mails_point_to_the_first(domain: str) -> None:
    first = f"<{'0' * 32}@{domain}>"
    data = raw(replace(MAIL, thread=first, message_id=f"<{'1' * 32}@{domain}>"))
    for name in (b"References", b"In-Reply-To"):
        assert re.search(rb"^%s:\s+%s\r$" % (name, re.escape(first.encode())), data, re.MULTILINE)
    assert f"<{'1' * 32}@{domain}>".encode() in data


@pytest.mark.parametrize("method", [None, *Method])
def test_the_wire_is_ascii_with_short_lines(method: Method | None) -> None:
    mail = replace(MAIL, to_name="Zoë 中村", subject="Σ" * 70, text="ö" * 3000, html="ü" * 3000)
    data = raw(replace(mail, invite=invite(method) if method else None))
    assert data.isascii()
    assert all(len(line) <= 78 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")


def test_text_and_html_come_back_unchanged() -> None:
    mail = replace(MAIL, text="Zoë\n\n.\nFrom here\n", html="<p>Zoë & 中</p>\n")
    message = sent(mail)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == mail.text
    assert html is not None
    assert html.get_content().replace("\r\n", "\n") == mail.html


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("Maya.Okafor+x@Example.org", "Maya.Okafor+x@Example.org"),
        (" maya@example.org ", "maya@example.org"),
        ("o'hara@bücher.example", "o'hara@xn--bcher-kva.example"),
    ],
)
def test_recipients_on_the_wire(address: str, wire: str) -> None:
    mail = replace(MAIL, to_email=address)
    assert recipient(mail) == wire
    assert sent(mail)["To"].addresses[0].addr_spec == wire


@pytest.mark.parametrize(
    "address",
    [
        *("", "maya", "maya@", "@example.org", "a@b@c.org", "a b@c.org", "<a@b.org>", "a@b.org>"),
        *("a@b.org,c@d.org", "a@b.org\nBcc: x@y.org", '"a"@b.org', "zoë@b.org", "a@[127.0.0.1]"),
        *("a\x00@b.org", "a@" + "b" * 64 + ".org", "a@b..org"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidRequest):
        compose(replace(MAIL, to_email=address), SENDER, STAMP)


@pytest.mark.parametrize("bad", ["", "<>", "a", "<a b@c>", "<a@b>\r\nBcc: x@y.org", "<a@b><c@d>"])
def test_what_is_no_message_id_is_refused(bad: str) -> None:
    with pytest.raises(InvalidRequest):
        compose(replace(MAIL, message_id=bad), SENDER, STAMP)


@settings(deadline=None)
@given(name=st.text(), subject=st.text(), text=st.text(), html=st.text(), title=st.text())
def test_no_words_break_the_headers(
    name: str, subject: str, text: str, html: str, title: str
) -> None:
    mail = replace(MAIL, to_name=name, subject=subject, text=text, html=html)
    data = raw(replace(mail, invite=replace(INVITE, title=title)))
    assert data.isascii()
    head = data.split(b"\r\n\r\n", 1)[0].decode("ascii")
    names = [line.split(":")[0] for line in re.sub(r"\r\n[ \t]", " ", head).split("\r\n")]
    assert sorted(names) == sorted(ONCE)
    message = message_from_bytes(data, policy=policy.default)
    assert [a.addr_spec for a in message["To"].addresses] == ["maya@example.org"]
    assert message["From"].addresses[0].addr_spec == SENDER.address
    assert [p.get_content_type() for p in message.walk()][2:] == [
        *("text/plain", "text/html", "text/calendar", "application/ics")
    ]
