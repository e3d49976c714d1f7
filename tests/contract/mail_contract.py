"""What every MailTransport does, whatever is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pytest

from core.booking.drafts import Mail
from core.errors import InvalidRequest, ProviderError, RateLimited, Unavailable
from core.ports import MailTransport

MAIL = Mail(
    to_name="Maya Okafor",
    to_email="maya@example.org",
    subject="Session with Alex Chen",
    text="It is booked.\n",
    html="<p>It is booked.</p>",
    message_id="<one@tandem.example.org>",
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the other side got."""

    to: str
    subject: str
    message_id: str


class MailBench(Protocol):
    """A transport, what arrived through it, and a way to make it fail."""

    @property
    def transport(self) -> MailTransport: ...

    def arrived(self) -> Sequence[Arrived]: ...

    def fail(self, kind: type[ProviderError] | None) -> None: ...


class MailContract:
    """Inherit it with a fixture `bench` that returns a MailBench."""

    async def test_a_mail_arrives_once(self, bench: MailBench) -> None:
        await bench.transport.send(MAIL)
        assert list(bench.arrived()) == [
            Arrived("maya@example.org", "Session with Alex Chen", "<one@tandem.example.org>")
        ]

    async def test_mails_arrive_in_order(self, bench: MailBench) -> None:
        for subject in ("first", "second", "third"):
            await bench.transport.send(replace(MAIL, subject=subject))
        assert [a.subject for a in bench.arrived()] == ["first", "second", "third"]

    async def test_a_repeated_mail_keeps_its_message_id(self, bench: MailBench) -> None:
        await bench.transport.send(MAIL)
        await bench.transport.send(MAIL)
        assert {a.message_id for a in bench.arrived()} == {MAIL.message_id}

    @pytest.mark.parametrize("kind", [Unavailable, RateLimited, InvalidRequest])
    async def test_a_failure_is_told_and_passes(
        self, bench: MailBench, kind: type[ProviderError]
    ) -> None:
        bench.fail(kind)
        with pytest.raises(kind):
            await bench.transport.send(MAIL)
        assert not bench.arrived()
        bench.fail(None)
        await bench.transport.send(MAIL)
        assert len(bench.arrived()) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "maya",
            "@example.org",
            "maya@",
            "maya@example.org\r\nBcc: eve@example.org",
            "maya@example.org, eve@example.org",
            "maya okafor@example.org",
        ],
    )
    async def test_what_is_no_address_is_refused_for_good(
        self, bench: MailBench, address: str
    ) -> None:
        with pytest.raises(InvalidRequest):
            await bench.transport.send(replace(MAIL, to_email=address))
        assert not bench.arrived()
