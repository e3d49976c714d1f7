"""The demo's mail server: keeps what came, as it came."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.demo.mail_sink import MailSink, Trouble
from adapters.mail.server import SmtpServer, Tls
from adapters.mail.smtp import SmtpTransport
from core.booking.drafts import Method, Sender
from core.errors import RateLimited
from tests.unit.mail.samples import MAIL, STAMP, FixedClock, invite


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[MailSink]:
    made = MailSink(FixedClock(), tmp_path)
    await made.start()
    yield made
    await made.stop()


def transport(sink: MailSink) -> SmtpTransport:
    sender = Sender("Scheduling Assistant", "assistant@tandem.example.org")
    return SmtpTransport(SmtpServer("127.0.0.1", sink.port, Tls.NONE), sender, FixedClock())


async def test_mails_are_kept_in_order(sink: MailSink, tmp_path: Path) -> None:
    for subject in ("first", "Zoë – second"):
        await transport(sink).send(replace(MAIL, subject=subject))
    mails = sink.mails()
    assert [(m.id, m.subject, m.at) for m in mails] == [
        ("0001", "first", STAMP),
        ("0002", "Zoë – second", STAMP),
    ]
    assert [(tmp_path / f"{m.id}.eml").read_bytes() for m in mails] == [m.raw for m in mails]


@pytest.mark.parametrize("method", Method)
async def test_the_calendar_object_is_found_wherever_it_hangs(
    sink: MailSink, method: Method
) -> None:
    await transport(sink).send(replace(MAIL, invite=invite(method)))
    (mail,) = sink.mails()
    assert mail.ics is not None
    assert f"METHOD:{method.value}\r\n" in mail.ics


async def test_a_mail_without_calendar_object_has_none(sink: MailSink) -> None:
    await transport(sink).send(replace(MAIL, invite=None))
    assert [m.ics for m in sink.mails()] == [None]


async def test_numbers_go_on_after_a_restart(sink: MailSink, tmp_path: Path) -> None:
    await transport(sink).send(MAIL)
    (tmp_path / "notes.eml").write_text("somebody else's")
    again = MailSink(FixedClock(), tmp_path)
    await again.start()
    await transport(again).send(MAIL)
    await again.stop()
    await again.stop()
    assert [m.id for m in again.mails()] == ["0002"]
    assert (tmp_path / "0001.eml").read_bytes() == sink.mails()[0].raw


async def test_trouble_passes(sink: MailSink) -> None:
    sink.trouble = Trouble("450 4.2.1 busy")
    with pytest.raises(RateLimited):
        await transport(sink).send(MAIL)
    sink.trouble = None
    await transport(sink).send(MAIL)
    assert len(sink.mails()) == 1


async def test_a_short_pause_is_only_a_pause(sink: MailSink) -> None:
    sink.trouble = Trouble(seconds=0.01, at="DATA")
    await transport(sink).send(MAIL)
    assert len(sink.mails()) == 1


async def test_a_stopped_server_has_no_port() -> None:
    with pytest.raises(RuntimeError):
        _ = MailSink(FixedClock()).port
