"""WebDAV answers, harmless and harmful."""

import pytest

from adapters.caldav.xml import (
    CAL,
    DAV,
    event_with_uid,
    events_between,
    multistatus,
    parse,
    preconditions,
)
from core.errors import BadData

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
BILLION = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><multistatus xmlns="DAV:">&c;</multistatus>'
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    '<multistatus xmlns="DAV:"><response><href>&f;</href></response></multistatus>'
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<html><body>hello",
        b"<html></html>",
        b'<?xml version="1.0"?><prop xmlns="DAV:"/>',
        b"<multistatus/>",  # in no namespace
        b'\xff\xfe<multistatus xmlns="DAV:"/>',
        f"{HEAD}{BILLION}".encode(),
        f"{HEAD}{OUTSIDE}".encode(),
        b'<!DOCTYPE multistatus SYSTEM "http://127.0.0.1/x.dtd"><multistatus xmlns="DAV:"/>',
        b'<?xml version="1.0" encoding="no-such-encoding"?><multistatus xmlns="DAV:"/>',
    ],
)
def test_answers_that_are_refused(body: bytes) -> None:
    with pytest.raises(BadData):
        multistatus(body)


def test_very_deep_answers_do_no_harm() -> None:
    depth = 200_000
    body = b'<a xmlns="DAV:">' + b"<a>" * depth + b"</a>" * depth + b"</a>"
    with pytest.raises(BadData):
        multistatus(body)


def test_too_many_responses() -> None:
    one = b"<response><href>/a</href></response>"
    with pytest.raises(BadData, match="too long"):
        multistatus(b'<multistatus xmlns="DAV:">' + one * 20_001 + b"</multistatus>")


def test_properties_are_those_that_were_found() -> None:
    body = f"""{HEAD}<d:multistatus xmlns:d="DAV:" xmlns:c="{CAL[1:-1]}">
      <d:response><d:href> /maya/work/ </d:href>
        <d:propstat><d:prop><d:displayname> Work </d:displayname>
          <d:resourcetype><d:collection/><c:calendar/></d:resourcetype></d:prop>
          <d:status>HTTP/1.1 200 OK</d:status></d:propstat>
        <d:propstat><d:prop><d:getetag/></d:prop>
          <d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>
      </d:response>
      <d:response><d:href>/maya/gone.ics</d:href><d:status>HTTP/1.1 404 Gone</d:status></d:response>
    </d:multistatus>"""
    work, gone = multistatus(body.encode())
    assert work.href == "/maya/work/"
    assert work.text(f"{DAV}displayname") == "Work"
    assert work.text(f"{DAV}getetag") == ""
    assert f"{DAV}getetag" not in work.properties
    assert work.children(f"{DAV}resourcetype") == {f"{DAV}collection", f"{CAL}calendar"}
    assert work.hrefs(f"{DAV}current-user-principal") == []
    assert (work.status, gone.status) == (200, 404)


@pytest.mark.parametrize(
    "body", [b"", b"plain", b"<html/>", b"<error xmlns='DAV:'", BILLION.encode()]
)
def test_errors_without_names(body: bytes) -> None:
    assert preconditions(body) == {}


def test_requests_are_well_formed() -> None:
    window = (1_793_577_600, 1_794_182_400)
    for body in (
        events_between(window, partial=True),
        events_between(window, partial=False),
        event_with_uid("a<b>&c@example.org"),
    ):
        assert parse(body).tag == f"{CAL}calendar-query"
    assert b'start="20261102T000000Z" end="20261109T000000Z"' in events_between(
        window, partial=False
    )
