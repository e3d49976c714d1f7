"""A calendar service in memory that opens accounts by an IT department's grant, too."""

from __future__ import annotations

from adapters.memory.calendar import MemoryCalendars
from core.errors import ConsentRequiredByAdmin, NotConnected, Unavailable
from core.links import Provider, Tier
from core.ports import CalendarService, Terms, Verified


class DelegatedCalendars(MemoryCalendars):
    """Accounts of the service; `granted` is whether IT's grant holds, `slow` how many accounts
    do not open at the first try after the check.
    """

    def __init__(self, provider: Provider) -> None:
        super().__init__(provider)
        self.granted = True
        self.slow = 0
        self._checked = False
        self.opened: list[tuple[str, str, Tier]] = []

    def service(self) -> CalendarService:
        return CalendarService(self, self, self, delegation=self)

    def terms(self) -> Terms:
        return Terms("client-of-it", ("scope.busy", "scope.write"))

    async def open(self, account: str, tenant: str, tier: Tier) -> Verified:
        if not self.granted:
            raise ConsentRequiredByAdmin("not approved", provider=self.provider)
        if self.slow and self._checked:
            self.slow -= 1
            raise Unavailable("no answer", provider=self.provider)
        self._checked = bool(self.slow)
        if account not in self._passwords:
            raise NotConnected("no such mailbox", provider=self.provider)
        self.opened.append((account, tenant, tier))
        secret = {"username": account, "password": self._passwords[account], "delegated": "yes"}
        return Verified(account, secret)
