"""How connections stand, counted by the database; no sealed column is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, distinct, func, or_, select

from adapters.storage import tables as t
from core.health import Amiss, Tally
from core.ids import GrantId, PersonId
from core.links import LinkState, Provider
from core.programme import Role

if TYPE_CHECKING:
    from adapters.storage.db import Db
    from core.ids import ProgrammeId

_MEMBER, _PERSON, _GRANT = t.membership.c, t.person.c, t.calendar_grant.c
_TAKES_PART = (
    _MEMBER.programme_id == bindparam("programme_id"),
    _MEMBER.role != Role.ADMIN,
    _PERSON.active,
)
_AMISS = or_(_GRANT.state == LinkState.BROKEN, _GRANT.why_broken != "")


class SqlHealth:
    """The port `Health`."""

    _tally = (
        select(
            func.count(distinct(_PERSON.id)).label("people"),
            func.count(distinct(_GRANT.person_id)).label("connected"),
            func.count(distinct(case((_AMISS, _GRANT.person_id)))).label("amiss"),
        )
        .select_from(t.membership)
        .join(t.person, _PERSON.id == _MEMBER.person_id)
        .outerjoin(
            t.calendar_grant,
            (_GRANT.person_id == _PERSON.id) & (_GRANT.state != LinkState.GONE),
        )
        .where(*_TAKES_PART)
    )
    _some = (
        select(_GRANT.id, _GRANT.person_id, _PERSON.name, _GRANT.provider, _GRANT.why_broken)
        .distinct()
        .select_from(t.membership)
        .join(t.person, _PERSON.id == _MEMBER.person_id)
        .join(t.calendar_grant, _GRANT.person_id == _PERSON.id)
        .where(*_TAKES_PART, _GRANT.state != LinkState.GONE, _AMISS)
    )

    def __init__(self, db: Db) -> None:
        self._db = db

    def tally(self, programme_id: ProgrammeId) -> Tally:
        """Count."""
        (row,) = self._db.rows(self._tally, programme_id=programme_id)
        return Tally(row.people, row.connected, row.amiss)

    def amiss(self, programme_id: ProgrammeId, limit: int = 20) -> tuple[Amiss, ...]:
        """Return the accounts with something amiss; names are sorted here, as everywhere."""
        rows = self._db.rows(self._some, programme_id=programme_id)
        found = sorted(rows, key=lambda row: (row.name.casefold(), row.person_id, row.id))
        return tuple(
            Amiss(
                GrantId(row.id),
                PersonId(row.person_id),
                row.name,
                Provider(row.provider),
                row.why_broken,
            )
            for row in found[:limit]
        )
