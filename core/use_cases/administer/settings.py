"""Settings: what holds where and why, changing them, and what a change would mean (Y5, R46)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.policy import SETTINGS, Level, Setting, Source, resolve
from core.use_cases.administer import impact, rights
from core.use_cases.administer.impact import Wish
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note
from core.use_cases.administer.values import canonical
from core.withdrawing import Allowance, Ending, Settled, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import OrgId, PersonId, ProgrammeId
    from core.ports import Ports, Tx
    from core.programme import Programme
    from core.use_cases.administer.impact import Impact
    from core.use_cases.administer.rights import Standing


GATES = frozenset({"services", "approved"})
"""Settings that decide whether what is connected may stay."""


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as it holds: `text` canonical, `source` where it comes from."""

    setting: Setting
    text: str
    source: Source
    may_set: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where settings are kept: a programme, or the organisation (None)."""

    org_id: OrgId
    programme: Programme | None

    @property
    def scope(self) -> str:
        """The scope under which the texts are stored."""
        return self.programme.id if self.programme else self.org_id


@dataclass(frozen=True, slots=True)
class Change:
    """A setting before and after. The `own` texts are those stored at this place, None where
    the value is inherited.
    """

    place: Place
    key: str
    own_before: str | None
    own_after: str | None
    before: Line
    after: Line
    settled: Settled = field(default_factory=Settled)

    @property
    def changes(self) -> bool:
        """Whether anything stored is different."""
        return self.own_before != self.own_after


def line(
    organisation: Mapping[str, str], programme: Mapping[str, str], key: str, *, may_set: bool = True
) -> Line:
    """Return one setting as it holds for the texts of both levels."""
    setting = SETTINGS[key]
    source = resolve(organisation, programme).sources[key]
    texts = {Source.PROGRAMME: programme, Source.ORGANISATION: organisation}
    text = texts[source][key] if source in texts else setting.default
    return Line(setting, canonical(key, text), source, may_set)


async def view(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None
) -> tuple[Place, tuple[Line, ...]]:
    """Return every setting of a programme, or of the organisation. Raises Refused."""

    def work(tx: Tx) -> tuple[Place, tuple[Line, ...]]:
        actor, place = _place(tx, actor_id, programme_id)
        organisation, own = _texts(tx, place)
        lent = rights.lent(tx, actor.org_id)
        lines = (
            line(organisation, own, key, may_set=actor.may_set(s, programme_id, lent=lent))
            for key, s in SETTINGS.items()
        )
        return place, tuple(lines)

    return await ports.store.read(work)


def _place(tx: Tx, actor_id: PersonId, programme_id: ProgrammeId | None) -> tuple[Standing, Place]:
    """Load the actor and the place. Raises Refused, Unfit, NotFound."""
    if programme_id is None:
        actor = rights.administrator(tx, actor_id)
        return actor, Place(actor.org_id, None)
    actor, programme = rights.programme_of(tx, actor_id, programme_id)
    return actor, Place(actor.org_id, programme)


def _texts(tx: Tx, place: Place) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of the organisation and, if it is one, of the programme."""
    own = tx.settings.read(place.programme.id) if place.programme else {}
    return tx.settings.read(place.org_id), own


def _planned(
    tx: Tx, actor_id: PersonId, programme_id: ProgrammeId | None, key: str, text: str | None
) -> tuple[Standing, Change]:
    """Work out a change after checking right and value. Raises Refused, Unfit.

    What is kept at organisation level only is changed there, wherever it is said.
    """
    setting = SETTINGS[key]
    if setting.level is Level.GLOBAL:
        programme_id = None
    actor, place = _place(tx, actor_id, programme_id)
    if not actor.may_set(setting, programme_id, lent=rights.lent(tx, actor.org_id)):
        names = ", ".join(p.name for p in rights.who_can(tx, actor.org_id)[:3])
        lendable = setting.level is Level.GUARDED and place.programme is not None
        raise Unfit(Problem.GUARDED if lendable else Problem.GLOBAL_ONLY, key=key, names=names)
    try:
        wanted = None if text is None else canonical(key, text)
    except ValueError as error:
        raise Unfit(Problem.SETTING, key=key, message=str(error)) from None
    organisation, own = _texts(tx, place)
    stored = own if place.programme else organisation
    before = line(organisation, own, key)
    changed = {k: t for k, t in {**stored, key: wanted}.items() if t is not None}
    texts = (organisation, changed) if place.programme else (changed, {})
    return actor, Change(place, key, stored.get(key), wanted, before, line(*texts, key))


async def plan_change(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None, key: str, text: str | None
) -> tuple[Change, Impact]:
    """Show what a change would mean; nothing is changed. Raises Refused, Unfit."""

    def work(tx: Tx) -> tuple[Change, Impact]:
        actor, change = _planned(tx, actor_id, programme_id, key, text)
        place = change.place
        programmes = (place.programme,) if place.programme else actor.programmes
        wish = Wish(key, change.own_after, is_general=place.programme is None)
        found = impact.of_change(tx, place.org_id, programmes, wish, ports.clock.now())
        if key in GATES and change.changes:
            lost = impact.losing(tx, place.org_id, place.scope, wish)
            found = replace(found, losing=lost)
        return change, found

    return await ports.store.read(work)


async def change(
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId | None,
    key: str,
    text: str | None,
    expected: str | None = None,
    ending: Ending = Ending.LATER,
) -> Change:
    """Store a setting, or remove it with None so that it is inherited again.

    `expected` is the canonical text that must hold here now, for an undo that came late;
    `ending` is when what people have connected ends where it is not allowed any more (without
    the organisation's approval: at once). Raises Refused, Unfit.
    """

    def work(tx: Tx) -> Change:
        actor, planned = _planned(tx, actor_id, programme_id, key, text)
        if expected is not None and planned.before.text != expected:
            raise Unfit(Problem.CHANGED_SINCE, key=key, value=planned.before.text)
        if not planned.changes:
            return planned
        place, now = planned.place, ports.clock.now()
        held = Allowance(tx, place.org_id) if key in GATES else None
        tx.settings.write(place.scope, key, planned.own_after)
        if held is not None:
            settled = settle(ports, tx, place.org_id, held, ending)
            planned = replace(planned, settled=settled)
        detail = f"{key}: {_said(planned.own_before)} -> {_said(planned.own_after)}"
        owner = place.programme.id if place.programme else None
        detail += _ended(planned, ending)
        note(tx, actor.person, now, "setting.change", detail, owner)
        return planned

    return await ports.store.transact(work)


def _ended(change: Change, ending: Ending) -> str:
    """Return what became of connected calendars, for the audit log."""
    ends, stays = len(change.settled.ending), len(change.settled.staying)
    at_once = ending is Ending.NOW or change.key == "approved"
    parts = [f"ends {'now' if at_once else 'in 14 days'} for {ends}" if ends else ""]
    parts.append(f"stays for {stays}" if stays else "")
    return "".join(f"; {part}" for part in parts if part)


def _said(text: str | None) -> str:
    return "inherited" if text is None else text
