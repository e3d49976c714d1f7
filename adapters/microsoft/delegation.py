"""An IT administrator's consent for a whole tenant: the application opens each mailbox (R40).

One access token serves all people of a tenant; their mailboxes are named in the addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ids import GrantId, PersonId
from core.links import DELEGATED, Grant, Provider
from core.ports import Terms, Verified

if TYPE_CHECKING:
    from adapters.microsoft.tokens import Tokens
    from core.links import Tier

PERMISSION = "Calendars.ReadWrite"  # as an application permission, not a delegated one


class MicrosoftDelegation:
    """The port `Delegation`."""

    def __init__(self, client_id: str, tokens: Tokens) -> None:
        """Act as the registered application; nothing is asked yet."""
        self._client_id, self._tokens = client_id, tokens

    def terms(self) -> Terms:
        """Return the application and the permission that an administrator approves."""
        return Terms(self._client_id, (PERMISSION,))

    async def open(self, account: str, tenant: str, tier: Tier) -> Verified:
        """Open a mailbox of a tenant. Raises ConsentRequiredByAdmin and other leaves.

        Whether there is such a mailbox shows when its calendars are listed (NotConnected).
        """
        secret = {
            DELEGATED: "yes",
            "subject": account,
            "tenant": tenant,
            "tier": tier.value,
            "home_account": f"{account}@{tenant}",
        }
        await self._tokens.of(Grant(GrantId(""), PersonId(""), Provider.MICROSOFT, account, secret))
        return Verified(account, secret)
