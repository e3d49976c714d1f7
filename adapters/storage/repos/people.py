"""Organisations, people, programmes and settings as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, or_, select, true

from adapters.storage import codecs, wish_codecs
from adapters.storage import tables as t
from core.errors import Conflict
from core.ids import OrgId, PairId, PersonId, ProgrammeId
from core.people import ChatIdentity, Organisation, Person
from core.programme import Membership, Pair, Programme, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from adapters.storage.db import Db


def _by_name(named: Organisation | Person | Programme) -> tuple[str, str]:
    """Sort here, not in the database: their collations differ."""
    return named.name.casefold(), named.id


class SqlOrganisations:
    """The port `Organisations`."""

    _one = select(t.organisation).where(t.organisation.c.id == bindparam("id"))
    _all = select(t.organisation)

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, org_id: OrgId) -> Organisation:
        """Return it. Raises NotFound."""
        return _organisation(self._db.need(self._one, org_id, id=org_id))

    def all(self) -> tuple[Organisation, ...]:
        """Return all, in order of name."""
        return tuple(sorted(map(_organisation, self._db.rows(self._all)), key=_by_name))

    def save(self, organisation: Organisation) -> None:
        """Insert or replace."""
        values = {"id": organisation.id, "name": organisation.name}
        self._db.upsert(t.organisation, values, "id")


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(OrgId(row.id), row.name)


class SqlPeople:
    """The port `People`."""

    _one = select(t.person).where(t.person.c.id == bindparam("id"))
    _many = select(t.person).where(t.person.c.id.in_(bindparam("ids", expanding=True)))
    _of = select(t.person).where(t.person.c.org_id == bindparam("org_id"))
    _administrators = _of.where(t.person.c.is_admin == true(), t.person.c.active == true())
    _by_email = _of.where(t.person.c.email_folded == bindparam("email"))
    _other_with_email = (
        select(t.person.c.key)
        .where(t.person.c.org_id == bindparam("org_id"))
        .where(t.person.c.email_folded == bindparam("email"))
        .where(t.person.c.id != bindparam("id"))
    )
    _by_identity = (
        select(t.person)
        .join(t.chat_identity, t.chat_identity.c.person_id == t.person.c.id)
        .where(
            t.chat_identity.c.kind == bindparam("kind"),
            t.chat_identity.c.workspace == bindparam("workspace"),
            t.chat_identity.c.user == bindparam("user"),
        )
    )
    _identities = select(t.chat_identity).where(
        t.chat_identity.c.person_id == bindparam("person_id")
    )

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, person_id: PersonId) -> Person:
        """Return the person. Raises NotFound."""
        return _person(self._db.need(self._one, person_id, id=person_id))

    def many(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        """Return those of the ids that exist, in their order, in one query."""
        wanted = list(ids)
        found = {row.id: _person(row) for row in self._db.rows(self._many, ids=wanted)}
        return {one: found[one] for one in wanted if one in found}

    def of(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return all people of an organisation, in order of name."""
        rows = self._db.rows(self._of, org_id=org_id)
        return tuple(sorted(map(_person, rows), key=_by_name))

    def administrators(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return the active global administrators of an organisation, in order of name."""
        rows = self._db.rows(self._administrators, org_id=org_id)
        return tuple(sorted(map(_person, rows), key=_by_name))

    def by_email(self, org_id: OrgId, email: str) -> Person | None:
        """Return the person with this address, compared without case."""
        row = self._db.one(self._by_email, org_id=org_id, email=email.casefold())
        return _person(row) if row else None

    def save(self, person: Person) -> None:
        """Insert or replace. Raises Conflict for another person's address."""
        values = _person_values(person)
        folded = values["email_folded"]
        if self._db.one(self._other_with_email, org_id=person.org_id, email=folded, id=person.id):
            raise Conflict("another person has this address")
        self._db.upsert(t.person, values, "id")

    def by_identity(self, identity: ChatIdentity) -> Person | None:
        """Return the person behind a chat identity."""
        row = self._db.one(self._by_identity, **identity._asdict())
        return _person(row) if row else None

    def identify(self, identity: ChatIdentity, person_id: PersonId) -> None:
        """Say that a chat identity is this person."""
        values = {**identity._asdict(), "person_id": person_id}
        self._db.upsert(t.chat_identity, values, "kind", "workspace", "user")

    def identities(self, person_id: PersonId) -> tuple[ChatIdentity, ...]:
        """Return the chat identities of a person."""
        rows = self._db.rows(self._identities, person_id=person_id)
        return tuple(sorted(ChatIdentity(row.kind, row.workspace, row.user) for row in rows))


def _person_values(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "org_id": one.org_id,
        "name": one.name,
        "email": one.email,
        "email_folded": one.email.casefold(),
        "zone": one.zone,
        "locale": one.locale,
        "hours": codecs.dump_hours(one.hours),
        "buffer": one.buffer,
        "duration": one.duration,
        "leave": codecs.dump_leave(one.leave),
        "meeting_link": one.meeting_link,
        "is_admin": one.is_admin,
        "active": one.active,
        "welcomed": one.welcomed,
        "nudges": one.nudges,
        "reach": one.reach,
        "picture": one.picture,
        "wishes": wish_codecs.dump_wishes(one),
    }


def _person(row: Row[Any]) -> Person:
    wishes = wish_codecs.load_wishes(row.wishes)
    return Person(
        id=PersonId(row.id),
        org_id=OrgId(row.org_id),
        name=row.name,
        email=row.email,
        zone=row.zone,
        locale=row.locale,
        hours=codecs.load_hours(row.hours),
        buffer=row.buffer,
        duration=row.duration,
        leave=codecs.load_leave(row.leave),
        meeting_link=row.meeting_link,
        is_admin=row.is_admin,
        active=row.active,
        welcomed=row.welcomed,
        nudges=row.nudges,
        reach=row.reach,
        picture=row.picture,
        wishes=wishes.general,
        apart=wishes.apart,
        country=wishes.country,
        tentative=wishes.tentative,
        trip=wishes.trip,
        back=wishes.back,
    )


class SqlProgrammes:
    """The port `Programmes`."""

    _running = t.programme.c.ended.is_(False)
    _one = select(t.programme).where(t.programme.c.id == bindparam("id"))
    _of = select(t.programme).where(t.programme.c.org_id == bindparam("org_id"))
    _members = (
        select(t.membership)
        .where(t.membership.c.programme_id == bindparam("programme_id"))
        .order_by(t.membership.c.person_id, t.membership.c.role)
    )
    _roles = (
        select(t.membership)
        .join(t.programme, t.programme.c.id == t.membership.c.programme_id)
        .where(t.membership.c.person_id == bindparam("person_id"), _running)
        .order_by(t.membership.c.programme_id, t.membership.c.role)
    )
    _leave = delete(t.membership).where(
        t.membership.c.programme_id == bindparam("programme_id"),
        t.membership.c.person_id == bindparam("person_id"),
        t.membership.c.role == bindparam("role"),
    )
    _pairs = select(t.pair).where(t.pair.c.programme_id == bindparam("programme_id"))
    _pairs = _pairs.order_by(t.pair.c.id)
    _pairs_of = (
        select(t.pair)
        .join(t.programme, t.programme.c.id == t.pair.c.programme_id)
        .where(
            or_(t.pair.c.mentor_id == bindparam("one"), t.pair.c.mentee_id == bindparam("one")),
            _running,
        )
        .order_by(t.pair.c.id)
    )
    _remove_pair = delete(t.pair).where(t.pair.c.id == bindparam("id"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, programme_id: ProgrammeId) -> Programme:
        """Return it. Raises NotFound."""
        return _programme(self._db.need(self._one, programme_id, id=programme_id))

    def of(self, org_id: OrgId) -> tuple[Programme, ...]:
        """Return all programmes of an organisation, ended ones too, in order of name."""
        rows = self._db.rows(self._of, org_id=org_id)
        return tuple(sorted(map(_programme, rows), key=_by_name))

    def save(self, programme: Programme) -> None:
        """Insert or replace."""
        values = {
            "id": programme.id,
            "org_id": programme.org_id,
            "name": programme.name,
            "ended": programme.ended,
        }
        self._db.upsert(t.programme, values, "id")

    def members(self, programme_id: ProgrammeId) -> tuple[Membership, ...]:
        """Return every role in a programme."""
        return tuple(map(_membership, self._db.rows(self._members, programme_id=programme_id)))

    def roles(self, person_id: PersonId) -> tuple[Membership, ...]:
        """Return every role of a person, in programmes that have not ended."""
        return tuple(map(_membership, self._db.rows(self._roles, person_id=person_id)))

    def join(self, membership: Membership) -> None:
        """Give a role; giving it twice changes nothing."""
        self._db.add(t.membership, _membership_values(membership))

    def leave(self, membership: Membership) -> None:
        """Take a role away; one that is not there changes nothing."""
        self._db.run(self._leave, **_membership_values(membership))

    def pairs(self, programme_id: ProgrammeId) -> tuple[Pair, ...]:
        """Return the pairs of a programme."""
        return tuple(map(_pair, self._db.rows(self._pairs, programme_id=programme_id)))

    def pairs_of(self, person_id: PersonId) -> tuple[Pair, ...]:
        """Return a person's pairs, in programmes that have not ended."""
        return tuple(map(_pair, self._db.rows(self._pairs_of, one=person_id)))

    def add_pair(self, pair: Pair) -> None:
        """Insert a pair; the same two people in the same programme are one pair."""
        values = {
            "id": pair.id,
            "programme_id": pair.programme_id,
            "mentor_id": pair.mentor_id,
            "mentee_id": pair.mentee_id,
            "coaching": pair.coaching,
            "two": "|".join(sorted((pair.mentor_id, pair.mentee_id))),
        }
        self._db.add(t.pair, values)

    def remove_pair(self, pair_id: PairId) -> None:
        """Delete a pair."""
        self._db.run(self._remove_pair, id=pair_id)


def _programme(row: Row[Any]) -> Programme:
    return Programme(ProgrammeId(row.id), OrgId(row.org_id), row.name, ended=row.ended)


def _membership(row: Row[Any]) -> Membership:
    return Membership(ProgrammeId(row.programme_id), PersonId(row.person_id), Role(row.role))


def _membership_values(one: Membership) -> dict[str, Any]:
    return {"programme_id": one.programme_id, "person_id": one.person_id, "role": one.role}


def _pair(row: Row[Any]) -> Pair:
    return Pair(
        id=PairId(row.id),
        programme_id=ProgrammeId(row.programme_id),
        mentor_id=PersonId(row.mentor_id),
        mentee_id=PersonId(row.mentee_id),
        coaching=row.coaching,
    )


class SqlSettings:
    """The port `SettingTexts`."""

    _read = select(t.setting.c.key, t.setting.c.text).where(t.setting.c.scope == bindparam("scope"))
    _remove = delete(t.setting).where(
        t.setting.c.scope == bindparam("scope"), t.setting.c.key == bindparam("key")
    )

    def __init__(self, db: Db) -> None:
        self._db = db

    def read(self, scope: str) -> dict[str, str]:
        """Return the texts stored for a scope."""
        return {row.key: row.text for row in self._db.rows(self._read, scope=scope)}

    def write(self, scope: str, key: str, text: str | None) -> None:
        """Store a text, or remove it with None."""
        if text is None:
            self._db.run(self._remove, scope=scope, key=key)
        else:
            self._db.upsert(t.setting, {"scope": scope, "key": key, "text": text}, "scope", "key")
