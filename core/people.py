"""People, the organisation they belong to, and what they said about their time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from core.ids import OrgId, PersonId
    from core.timing.hours import Weekly


@dataclass(frozen=True, slots=True)
class Organisation:
    """A customer. People are unique by e-mail in it; it owns programmes and chat workspaces."""

    id: OrgId
    name: str


class ChatIdentity(NamedTuple):
    """Who somebody is in one chat: `kind` slack, teams or local; workspace; user id there."""

    kind: str
    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Days somebody is away, local dates, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an organisation.

    `zone` is an IANA name, `hours` their own weekly hours in that zone (None: the programme's),
    `buffer` the minutes wanted between meetings (None: the programme's), `duration` their usual
    length in minutes, `meeting_link` their saved address for virtual sessions (Y13), `reach` the
    kind of chat where they want to be reached, or "mail" (empty: wherever they last spoke),
    `picture` the address of a picture that their chat shows.
    """

    id: PersonId
    org_id: OrgId
    name: str
    email: str
    zone: str
    locale: str = "en-GB"
    hours: Weekly | None = None
    buffer: int | None = None
    duration: int | None = None
    leave: tuple[Leave, ...] = ()
    meeting_link: str | None = None
    is_admin: bool = False
    active: bool = True
    welcomed: bool = False
    nudges: bool = True
    reach: str = ""
    picture: str = ""

    @property
    def first_name(self) -> str:
        """The name by which the bot speaks of them: the first word."""
        return self.name.split()[0] if self.name.split() else self.email

    def with_leave(self, leave: Leave) -> Person:
        """Add days away; an identical entry is not doubled."""
        return self if leave in self.leave else replace(self, leave=(*self.leave, leave))
