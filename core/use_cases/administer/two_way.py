"""Switching two-way sync on: what it needs, in order, and the first thing that is missing (X13).

Every prerequisite has a message of its own (R12, R28). This version has no two-way sync, which
is the last of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import autoplan
from core.policy import resolve
from core.use_cases.administer import rights
from core.use_cases.administer.problems import Problem, Unfit

if TYPE_CHECKING:
    from core.ids import PersonId, ProgrammeId
    from core.ports import Ports, Tx


async def switch_on(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None) -> None:
    """Refuse with the first prerequisite that is missing. Raises Refused, Unfit; always.

    Administrators of the programme and global ones may ask for it (R24).
    """
    problem = await ports.store.read(lambda tx: _missing(tx, actor_id, programme_id))
    raise Unfit(problem)


def _missing(tx: Tx, actor_id: PersonId, programme_id: ProgrammeId | None) -> Problem:
    """Return what is missing first. Raises Refused, Unfit."""
    if programme_id is None:
        actor = rights.administrator(tx, actor_id)
        own = {}
    else:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        own = tx.settings.read(programme.id)
    policy = resolve(tx.settings.read(actor.org_id), own)
    plan = autoplan.load(tx, actor.org_id)
    if not policy.assistant:
        return Problem.TWO_WAY_ASSISTANT
    if not policy.sync:
        return Problem.TWO_WAY_SYNC
    if plan is None or not plan.run:  # the account that IT made was opened when this began
        return Problem.TWO_WAY_ACCOUNT
    return Problem.TWO_WAY_VERSION
