"""A mail service in memory: what is sent is kept, what should fail fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InvalidRequest

if TYPE_CHECKING:
    from core.booking.drafts import Mail
    from core.errors import ProviderError


class MemoryMail:
    """MailTransport that keeps every mail in `sent`; while `failure` is set, it is raised."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failure: ProviderError | None = None

    async def send(self, mail: Mail) -> None:
        """Keep the mail. Raises InvalidRequest for a recipient that is no address."""
        if self.failure:
            raise self.failure
        local, at, domain = mail.to_email.rpartition("@")
        if not (at and local and domain) or any(c.isspace() for c in mail.to_email):
            raise InvalidRequest("this is not a mail address", provider="mail")
        self.sent.append(mail)

    def to(self, email: str) -> list[Mail]:
        """Return the mails to one address, oldest first."""
        return [mail for mail in self.sent if mail.to_email == email]
