"""`tandem doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import AccessRevoked, ProviderError, TandemError
from core.links import LinkState

if TYPE_CHECKING:
    from core.links import Grant
    from core.people import Person
    from core.ports import Ports, Tx
    from core.repositories import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what to do when it is not."""

    what: str
    good: bool
    detail: str = ""

    def line(self) -> str:
        """Return the line as it is printed."""
        mark = "ok   " if self.good else "WRONG"
        return f"{mark}  {self.what}" + (f": {self.detail}" if self.detail else "")


async def examine_database(store: Store) -> list[Finding]:
    """Look at the database, the sealed facts, and what could not be delivered."""

    def load(tx: Tx) -> tuple[str | None, int]:
        return tx.deployment.get("assistant_address"), len(tx.effects.dead())

    try:
        sender, dead = await store.read(load)
    except TandemError as error:
        return [Finding("database and keys", good=False, detail=str(error))]
    found = [Finding("database and keys", good=True)]
    if sender is None:
        found.append(Finding("deployment", good=True, detail="never started yet"))
    if dead:
        detail = f"{dead} were given up; an administrator sees them with “status” and can retry"
        found.append(Finding("deliveries", good=False, detail=detail))
    else:
        found.append(Finding("deliveries", good=True))
    return found


async def examine_links(ports: Ports) -> list[Finding]:
    """Open every connected account and list its calendars, as a search would.

    What cannot even be read here is one line: the rest may still be well.
    """

    def load(tx: Tx) -> list[tuple[Person, Grant]]:
        people = {p.id: p for o in tx.organisations.all() for p in tx.people.of(o.id)}
        grants = tx.links.grants_of(people)
        return [(people[grant.person_id], grant) for grant in grants.values()]

    try:
        grants = await ports.store.read(load)
    except TandemError as error:
        return [Finding("connected calendars", good=False, detail=str(error))]
    found = []
    for person, grant in grants:
        what = f"{grant.provider.value} calendar of {person.name}"
        service = ports.calendars.get(grant.provider)
        if service is None:
            found.append(Finding(what, good=False, detail="this version does not speak to it"))
        elif grant.state is LinkState.BROKEN:
            detail = f"no longer opens; {person.first_name} has to connect it again in chat"
            found.append(Finding(what, good=False, detail=detail))
        else:
            found.append(await _open(what, ports, person, grant))
    return found


async def _open(what: str, ports: Ports, person: Person, grant: Grant) -> Finding:
    try:
        calendars = await ports.calendars[grant.provider].connector.calendars(grant)
    except AccessRevoked as error:
        detail = f"{error.detail}; {person.first_name} has to connect it again in chat"
        return Finding(what, good=False, detail=detail)
    except ProviderError as error:
        return Finding(what, good=False, detail=error.detail or type(error).__name__)
    return Finding(what, good=True, detail=f"{len(calendars)} calendars")
