"""The mail contract for the mail service in memory."""

from collections.abc import Sequence

import pytest

from adapters.memory.mail import MemoryMail
from core.errors import ProviderError
from tests.contract.mail_contract import Arrived, MailContract


class MemoryBench:
    def __init__(self) -> None:
        self.transport = MemoryMail()

    def arrived(self) -> Sequence[Arrived]:
        return [Arrived(m.to_email, m.subject, m.message_id) for m in self.transport.sent]

    def fail(self, kind: type[ProviderError] | None) -> None:
        self.transport.failure = kind("on demand") if kind else None


class TestMemoryMail(MailContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench()
