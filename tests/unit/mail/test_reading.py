"""Mails of attendees, taken apart: the shapes of many programs, and what is broken in them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ical.replies import read_answers
from adapters.mail.quoting import LONGEST, text_of, written
from adapters.mail.reading import read_mail
from core.mail_in import Said
from tests.unit.mail import arriving as at

Shape = Callable[[str], bytes]
START = 1793109600  # 2026-10-27 14:00 UTC
BERLIN = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize("shape", [at.gmail, at.outlook, at.apple, at.single])
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
@pytest.mark.parametrize("organizer", [True, False])
def test_answers_of_programs(shape: Shape, partstat: str, organizer: bool) -> None:
    mail = read_mail(shape(at.event(partstat, organizer=organizer)), at.OURS)
    assert len(mail.answers) == 1
    answer = mail.answers[0]
    assert (answer.method, answer.uid, answer.attendee, answer.partstat, answer.sequence) == (
        Said.REPLY,
        at.UID,
        "maya@example.org",
        partstat,
        0,
    )
    assert (answer.start, answer.stamp) == (START, 1792486800)
    assert mail.sender == "maya@example.org"
    assert mail.verified


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text.replace("\r\n", "\r\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("END:VCALENDAR\r\n", ""),
        lambda text: text.replace("mailto:maya", "MAILTO:Maya"),
        lambda text: text.replace("PARTSTAT", "partstat").replace("BEGIN:VEVENT", "begin:vevent"),
        lambda text: text.replace("ATTENDEE;CN=Maya Patel;", "ATTENDEE;\r\n CN=Maya\r\n  Patel;"),
        lambda text: text.replace("DTSTAMP:20261020T090000Z", "DTSTAMP:rubbish"),
        lambda text: text.replace("SEQUENCE:0", "a line without sense"),
        lambda text: text.replace("METHOD:REPLY", "METHOD;X-A=b: reply"),
        lambda text: text.replace("METHOD:REPLY\r\n", ""),
    ],
)
def test_spoilt_calendars_are_read(spoilt: Callable[[str], str]) -> None:
    answers = read_mail(at.single(spoilt(at.event("DECLINED")))).answers
    assert [(a.uid, a.attendee, a.partstat) for a in answers] == [
        (at.UID, "maya@example.org", "DECLINED")
    ]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "ADD", "NONSENSE"])
def test_what_is_no_answer_is_none(method: str) -> None:
    calendar = at.event("ACCEPTED", method=method)
    assert read_mail(at.single(calendar, kind=f"text/calendar; method={method}")).answers == ()


def test_a_file_without_a_calendar_type_is_an_answer_by_its_name() -> None:
    kind = 'application/octet-stream; name="reply.ics"'
    assert len(read_mail(at.single(at.event("ACCEPTED"), kind=kind)).answers) == 1


def test_a_counter_with_a_windows_zone_and_one_of_its_own() -> None:
    windows = at.event(
        "TENTATIVE",
        method="COUNTER",
        start="DTSTART;TZID=W. Europe Standard Time:20261028T160000",
        end="DTEND;TZID=W. Europe Standard Time:20261028T163000",
        more="COMMENT;LANGUAGE=en-US:Could we\\, please\\n",
    )
    own = windows.replace("W. Europe Standard Time", "Customized Time Zone").replace(
        "BEGIN:VEVENT", BERLIN.replace("\n", "\r\n") + "BEGIN:VEVENT"
    )
    for calendar in (windows, own):
        answer = read_answers(calendar.encode())[0]
        assert answer.method is Said.COUNTER
        assert (answer.start, answer.end) == (START + 86_400 + 3600, START + 86_400 + 5400)
        assert answer.comment == "Could we, please"


def test_a_time_on_no_clock_and_a_day_are_no_time() -> None:
    for start in ("DTSTART:20261028T160000", "DTSTART;VALUE=DATE:20261028"):
        assert read_answers(at.event("DECLINED", start=start).encode())[0].start is None


@pytest.mark.parametrize(
    ("line", "session"),
    [
        ("", None),  # the whole series
        ("RECURRENCE-ID:20261027T140000Z", START),
        ("RECURRENCE-ID;TZID=Europe/London:20261027T140000", START),
        ("RECURRENCE-ID;TZID=GMT Standard Time:20261027T140000", START),
        ("RECURRENCE-ID;VALUE=DATE:20261027", 0),  # one session, but nobody can tell which
        ("RECURRENCE-ID:20261027T140000", 0),
        ("RECURRENCE-ID:soon", 0),
    ],
)
def test_which_session_of_a_series_is_meant(line: str, session: int | None) -> None:
    (answer,) = read_answers(at.event("DECLINED", more=line).encode())
    assert answer.occurrence == session


def test_apple_hides_the_address_in_a_parameter() -> None:
    calendar = at.event("ACCEPTED").replace(
        "PARTSTAT=ACCEPTED:mailto:maya@example.org",
        "PARTSTAT=ACCEPTED;EMAIL=maya@example.org:/principals/1/",
    )
    assert read_answers(calendar.encode())[0].attendee == "maya@example.org"


# --- who it is from -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "verified"),
    [
        ("mx.example.org; dmarc=pass", True),
        ("mx.example.org; dmarc=pass (p=REJECT) header.from=example.org", True),
        ("MX.Example.org 1; dmarc=pass header.from=example.org", True),
        ("mx.example.org; dmarc=pass header.from=evil.example", False),
        (
            "mx.example.org; dmarc=fail header.from=example.org; dkim=pass header.d=example.org",
            False,
        ),
        ("mx.example.org; dmarc=none; dkim=pass header.d=mail.example.org", True),
        ("mx.example.org; dkim=pass header.i=@example.org", True),
        ("mx.example.org; dkim=pass header.d=evil.example", False),
        ("mx.example.org; dkim=fail header.d=example.org; spf=softfail", False),
        ("mx.example.org; spf=pass smtp.mailfrom=bounce@example.org", True),
        ("mx.example.org; spf=pass smtp.mailfrom=org", False),
        ("mx.evil.example; dmarc=pass", False),
        ("mx.example.org (dmarc=pass); none", False),
        ("mx.example.org; none", False),
        ("", False),
        (None, False),
    ],
)
def test_only_our_own_server_is_believed(auth: str | None, verified: bool) -> None:
    head = at.headers(auth=auth)
    assert read_mail(at.words("Yes", head), "mx.example.org").verified is verified
    assert read_mail(at.words("Yes", head), "").verified is False


def test_a_verdict_that_came_with_the_mail_does_not_count_below_ours() -> None:
    forged = "Authentication-Results: mx.example.org; dmarc=pass"
    head = at.headers(auth="mx.example.org; dmarc=fail", more=forged)
    assert not read_mail(at.words("Yes", head), at.OURS).verified


@pytest.mark.parametrize(
    "line", ["From: a@example.org, b@example.org", "From: nobody", "From: x <maya@example.org>"]
)
def test_two_senders_are_none(line: str) -> None:
    head = at.headers(more=line)  # a second From
    assert read_mail(at.words("Yes", head), at.OURS).sender == ""


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, 20 Oct 2026 at 09:00, Assistant <assistant@example.org> wrote:\n> Hi",
        "On Tue, 20 Oct 2026 at 09:00, Scheduling Assistant\n<help@example.org> wrote:\n\n> Hi",
        "Am 20.10.2026 um 09:00 schrieb Scheduling Assistant <a@example.org>:\n> Hi",
        "Le mar. 20 oct. 2026 à 09:00, Scheduling Assistant a écrit :\n> Hi",
        "El mar, 20 oct 2026 a las 9:00, Assistant (<a@example.org>) escribió:\n> Hi",
        "-----Original Message-----\nFrom: Scheduling Assistant\nSent: Tuesday\nHi",
        "________________________________\nFrom: Scheduling Assistant\nSent: Tuesday",
        "From: Scheduling Assistant <a@example.org>\nSent: Tuesday, 20 October 2026\nTo: Maya",
        "Von: Scheduling Assistant\nGesendet: Dienstag\nAn: Maya",
        "-- \nMaya Patel\nLantern House",
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "> Hi\n> there",
    ],
)
def test_quotations_and_signatures_are_cut_off(quoted: str) -> None:
    text = f"I am late on Tuesday.\r\nOn the whole: fine?\n\n{quoted}"
    assert written(text) == "I am late on Tuesday.\nOn the whole: fine?"


def test_words_are_cut_where_they_are_too_long() -> None:
    text = written("word " * 5000)
    assert len(text) <= LONGEST
    assert text.endswith("…")


def test_html_is_read_as_words() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Sorry, <b>no</b> &lt;3</p>"
        "<script>alert(1)</script><div>Next week?<br>Maya</div>"
        '<div class="gmail_quote">On Tuesday somebody wrote <blockquote>old</blockquote></div>'
    )
    mail = read_mail(at.words(html, kind="text/html; charset=utf-8"))
    assert mail.text == "Sorry, no <3\n\nNext week?\nMaya"
    assert text_of("<p>open <b>never <i>closed").strip() == "open never closed"


def test_an_unknown_charset_and_a_broken_encoding_are_read_as_far_as_they_go() -> None:
    assert read_mail(at.words("Hello", kind="text/plain; charset=klingon")).text == "Hello"
    broken = at.headers() + "Content-Transfer-Encoding: base64\r\n\r\n!!!not base64\r\n"
    assert read_mail(broken.encode()).answers == ()


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x@example.org",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "List-Id: <news.example.org>",
    ],
)
def test_what_no_person_has_sent_is_automatic(more: str) -> None:
    assert read_mail(at.words("I am away.", at.headers(more=more))).automatic
    assert not read_mail(at.words("Yes", at.headers(more="Auto-Submitted: no"))).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Session",
        "Out of office: Session",
        "=?utf-8?q?R=C3=A9ponse_automatique_=3A_Session?=",
        "Abwesenheitsnotiz: Session",
    ],
)
def test_absence_notes_are_known_by_their_subject(subject: str) -> None:
    assert read_mail(at.words("Back on Monday.", at.headers(subject=subject))).automatic


# --- bounces --------------------------------------------------------------------------------------

OWN_ID = "<0123456789abcdef0123456789abcdef@assistant.example.org>"


def test_a_bounce_says_who_and_which_mail() -> None:
    mail = read_mail(at.bounce("Maya@example.org", OWN_ID))
    assert mail.bounce is not None
    assert mail.bounce.recipients == ("maya@example.org",)
    assert (mail.bounce.status, mail.bounce.returned) == ("5.1.1", OWN_ID)
    assert (mail.automatic, mail.text, mail.answers) == (True, "", ())


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.2.2")]
)
def test_a_delay_is_no_failure(action: str, status: str) -> None:
    mail = read_mail(at.bounce("maya@example.org", OWN_ID, action=action, status=status))
    assert mail.bounce is not None
    assert mail.bounce.recipients == ()


# --- anything at all ------------------------------------------------------------------------------


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_mail(data: bytes) -> None:
    read_mail(data, at.OURS)


@given(st.data())
def test_any_damage_is_survived(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([at.gmail, at.outlook, at.apple]))
    whole = bytearray(shape(at.event("ACCEPTED")))
    dice = random.Random(data.draw(st.integers(0, 10**6)))
    for _ in range(dice.randrange(1, 30)):
        whole[dice.randrange(len(whole))] = dice.randrange(256)
    read_mail(bytes(whole[: dice.randrange(len(whole))]), at.OURS)
    read_answers(bytes(whole))
