"""Addresses of the product's own pages that are meant for one person: signed, and short-lived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.links import Provider
    from core.ports import Signer

# The purposes of signed tokens.
CONNECT, CALENDARS, UPLOAD, ANSWER = "connect", "calendars", "upload", "answer"


@dataclass(frozen=True, slots=True)
class App:
    """What an organisation's IT has to know of our application at one calendar service.

    `approve_url` is where an administrator approves it for everybody, empty where there is none.
    """

    client_id: str
    scopes: tuple[str, ...]
    approve_url: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """Makes addresses under the deployment's `public_url` (without a slash at its end).

    `apps` are our applications at the calendar services that have a consent page.
    """

    public_url: str
    signer: Signer
    apps: Mapping[Provider, App] = field(default_factory=dict)

    def connect(self, link_id: str, expires_at: int) -> str:
        """Return where a link of `core.use_cases.consent` is followed."""
        return f"{self.public_url}/connect/{self.signer.sign(CONNECT, link_id, expires_at)}"

    def callback(self, provider: str) -> str:
        """Return the exact address to which a service's consent page comes back."""
        return f"{self.public_url}/oauth/{provider}/callback"

    def upload(self, person_id: str, expires_at: int) -> str:
        """Return where an administrator hands in a file of people."""
        return f"{self.public_url}/upload/{self.signer.sign(UPLOAD, person_id, expires_at)}"

    def answer(self, proposal_id: str, person_id: str, expires_at: int) -> str:
        """Return where an invitee without a chat answers a proposal."""
        token = self.signer.sign(ANSWER, f"{proposal_id}:{person_id}", expires_at)
        return f"{self.public_url}/answer/{token}"
