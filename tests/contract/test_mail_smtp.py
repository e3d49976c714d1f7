"""The mail contract for SMTP, against a real server on this machine."""

from collections.abc import AsyncIterator, Sequence
from email import message_from_bytes, policy

import pytest

from adapters.demo.mail_sink import MailSink, Trouble
from adapters.mail.server import SmtpServer, Tls
from adapters.mail.smtp import SmtpTransport
from core.booking.drafts import Sender
from core.errors import InvalidRequest, ProviderError, RateLimited, Unavailable
from tests.contract.mail_contract import Arrived, MailContract
from tests.unit.mail.samples import FixedClock

REPLIES: dict[type[ProviderError], Trouble] = {
    Unavailable: Trouble(hang_up=True, at="DATA"),
    RateLimited: Trouble("450 4.2.1 The mailbox is busy"),
    InvalidRequest: Trouble("550 5.1.1 No such mailbox"),
}


class SmtpBench:
    def __init__(self, sink: MailSink) -> None:
        self.sink = sink
        server = SmtpServer("127.0.0.1", sink.port, Tls.NONE)
        sender = Sender("Scheduling Assistant", "assistant@tandem.example.org")
        self.transport = SmtpTransport(server, sender, FixedClock())

    def arrived(self) -> Sequence[Arrived]:
        found = []
        for mail in self.sink.mails():
            message = message_from_bytes(mail.raw, policy=policy.default)
            (to,) = mail.to
            found.append(Arrived(to, mail.subject, str(message["Message-ID"])))
        return found

    def fail(self, kind: type[ProviderError] | None) -> None:
        self.sink.trouble = REPLIES[kind] if kind else None


class TestSmtpMail(MailContract):
    @pytest.fixture
    async def bench(self) -> AsyncIterator[SmtpBench]:
        sink = MailSink(FixedClock())
        await sink.start()
        yield SmtpBench(sink)
        await sink.stop()
