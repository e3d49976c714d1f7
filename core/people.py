"""People, the organisation they belong to, and what they said about their time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from core.ids import OrgId, PersonId, ProgrammeId
    from core.timing.hours import Weekly
    from core.timing.spans import Span


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
class Stay:
    """A time to come in another zone, from one instant to another (epoch seconds)."""

    zone: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Return:
    """The end of a stay in another zone that has begun: from `start` (epoch seconds) on, whoever
    is in the zone `away` is on the clock of `home` again.
    """

    away: str
    home: str
    start: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants of their sessions; None where they said nothing of it.

    At most `daily` sessions a day and `weekly` a week, Monday to Sunday, in their own zone;
    `preferred` are weekly hours that are liked better and demanded of nobody. `hours`, `buffer`
    and `duration` are as in `Person`, and only for a programme of their own.
    """

    daily: int | None = None
    weekly: int | None = None
    preferred: Weekly | None = None
    hours: Weekly | None = None
    buffer: int | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an organisation.

    `zone` is an IANA name, `hours` their own weekly hours in that zone (None: the programme's),
    `buffer` the minutes wanted between meetings (None: the programme's), `duration` their usual
    length in minutes, `meeting_link` their saved address for virtual sessions (Y13), `reach` the
    kind of chat where they want to be reached, or "mail" (empty: wherever they last spoke),
    `picture` the address of a picture that their chat shows. `wishes` hold everywhere but where
    `apart` says otherwise for one programme; `country` is whose public holidays they keep (ISO
    3166-1, with a part of it such as "DE-BY"), `tentative` whether tentative events block them
    (None: as the programme says), `trip` a stay in another zone that has not begun, `back` the end
    of one that has: meanwhile `zone` is that of the stay.
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
    wishes: Wishes = Wishes()
    apart: tuple[tuple[ProgrammeId, Wishes], ...] = ()
    country: str = ""
    tentative: bool | None = None
    trip: Stay | None = None
    back: Return | None = None

    @property
    def first_name(self) -> str:
        """The name by which the bot speaks of them: the first word."""
        return self.name.split()[0] if self.name.split() else self.email

    def with_leave(self, leave: Leave) -> Person:
        """Add days away; an identical entry is not doubled."""
        return self if leave in self.leave else replace(self, leave=(*self.leave, leave))

    def wishes_for(self, programme_id: ProgrammeId) -> Wishes:
        """What they want in one programme alone."""
        return dict(self.apart).get(programme_id, Wishes())

    def with_wishes(self, wishes: Wishes, programme_id: ProgrammeId | None = None) -> Person:
        """Set what they want, everywhere or in one programme; nothing said leaves no trace."""
        if programme_id is None:
            return replace(self, wishes=wishes)
        rest = [(known, said) for known, said in self.apart if known != programme_id]
        if wishes != Wishes():
            rest.append((programme_id, wishes))
        return replace(self, apart=tuple(sorted(rest, key=lambda one: one[0])))

    def within(self, programme_id: ProgrammeId) -> Person:
        """Return the person as they want to be scheduled in a programme: what they said for it
        goes before what they said in general.
        """
        own = self.wishes_for(programme_id)
        if own == Wishes():
            return self
        general = self.wishes
        return replace(
            self,
            hours=self.hours if own.hours is None else own.hours,
            buffer=self.buffer if own.buffer is None else own.buffer,
            duration=self.duration if own.duration is None else own.duration,
            wishes=replace(
                general,
                daily=general.daily if own.daily is None else own.daily,
                weekly=general.weekly if own.weekly is None else own.weekly,
                preferred=general.preferred if own.preferred is None else own.preferred,
            ),
        )

    def during(self, span: Span) -> Person:
        """Return the person on the clock they will have then: a span that lies in a stay to come
        is in its zone, one after a stay that has begun in that of home (A40).
        """
        trip, back = self.trip, self.back
        if trip is not None and trip.start <= span[0] and span[1] <= trip.end:
            return replace(self, zone=trip.zone)
        if back is not None and back.away == self.zone and back.start <= span[0]:
            return replace(self, zone=back.home)
        return self

    @property
    def zones_ahead(self) -> tuple[str, ...]:
        """The zones other than today's in which some days to come are known to be."""
        trip = [self.trip.zone] if self.trip is not None else []
        return (*trip, *([self.back.home] if self.back is not None else []))
