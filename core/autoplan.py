"""What an organisation's administrators named for connecting everybody, and who opted out of it.

It is kept with the settings: the organisation's plan with theirs, an opting out with the person's.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.links import Provider

if TYPE_CHECKING:
    from core.ids import OrgId, PersonId
    from core.ports import Tx

KEY = "auto_connect"
"""Under which it is kept with the settings of an organisation, and of one who opted out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an administrator named, and the run that is on; `run` is "" while it is off.

    `tenant` is what Microsoft calls the organisation; `by` is who switched it on.
    """

    service: Provider
    domains: tuple[str, ...]
    tenant: str = ""
    run: str = ""
    by: str = ""

    def covers(self, address: str) -> bool:
        """Tell whether an address lies in one of the domains."""
        return address.rpartition("@")[2].casefold() in self.domains


def load(tx: Tx, org_id: OrgId) -> Plan | None:
    """Return what was named for an organisation."""
    text = tx.settings.read(org_id).get(KEY)
    if text is None:
        return None
    kept = json.loads(text)
    return Plan(
        Provider(kept["service"]), tuple(kept["domains"]), kept["tenant"], kept["run"], kept["by"]
    )


def save(tx: Tx, org_id: OrgId, plan: Plan) -> None:
    """Keep what was named, and whether it is on."""
    tx.settings.write(org_id, KEY, json.dumps(asdict(plan)))


def is_out(tx: Tx, person_id: PersonId) -> bool:
    """Tell whether somebody has opted out, which is never forgotten."""
    return KEY in tx.settings.read(person_id)
