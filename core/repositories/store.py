"""The transaction that joins the repositories, and the store that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.health import Health
    from core.repositories.booking import Meetings, Proposals
    from core.repositories.effects import Effects
    from core.repositories.links import Links
    from core.repositories.people import Organisations, People, Programmes, SettingTexts
    from core.repositories.records import Audit, Deployment
    from core.talk import (
        Conversations,
        Inbox,
        LocalMessages,
        Posts,
        References,
        Workspaces,
    )
    from core.waiting import Consents

T = TypeVar("T")


class Tx(Protocol):
    """One transaction: a small repository per topic. Nothing here can await."""

    @property
    def organisations(self) -> Organisations: ...  # noqa: D102  # one line per repository, documented at its class

    @property
    def people(self) -> People: ...  # noqa: D102

    @property
    def programmes(self) -> Programmes: ...  # noqa: D102

    @property
    def settings(self) -> SettingTexts: ...  # noqa: D102

    @property
    def links(self) -> Links: ...  # noqa: D102

    @property
    def health(self) -> Health: ...  # noqa: D102

    @property
    def consents(self) -> Consents: ...  # noqa: D102

    @property
    def proposals(self) -> Proposals: ...  # noqa: D102

    @property
    def meetings(self) -> Meetings: ...  # noqa: D102

    @property
    def effects(self) -> Effects: ...  # noqa: D102

    @property
    def conversations(self) -> Conversations: ...  # noqa: D102

    @property
    def posts(self) -> Posts: ...  # noqa: D102

    @property
    def local(self) -> LocalMessages: ...  # noqa: D102

    @property
    def inbox(self) -> Inbox: ...  # noqa: D102

    @property
    def workspaces(self) -> Workspaces: ...  # noqa: D102

    @property
    def references(self) -> References: ...  # noqa: D102

    @property
    def audit(self) -> Audit: ...  # noqa: D102

    @property
    def deployment(self) -> Deployment: ...  # noqa: D102


class Store(Protocol):
    """Where everything is kept."""

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a worker thread in one transaction and return what it returns.

        It may be run again (Stale, serialisation failures), so it must have no other effect.
        An exception rolls everything back and is raised.
        """
        ...

    async def read(self, work: Callable[[Tx], T]) -> T:
        """The same for work that only reads; it never waits for writers."""
        ...
