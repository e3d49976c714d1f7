"""Whom a delivery concerns may have it tried again: the meeting's owner, and whom it was for.

Administrators have their own list (`administer/deliveries.py`), which also notes who did it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import NotFound

if TYPE_CHECKING:
    from core.ids import EffectId, PersonId
    from core.ports import Ports, Tx


async def retry_own(ports: Ports, actor: PersonId, effect_id: EffectId) -> bool | None:
    """Make a given-up delivery due again; False when it was not given up any more.

    None for somebody whom it does not concern. Raises NotFound for an effect that is gone.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> bool | None:
        effect = tx.effects.get(effect_id)
        if effect.meeting_id is None:
            return None
        try:
            owner = tx.meetings.get(effect.meeting_id).owner
        except NotFound:
            return None
        if actor not in (owner, effect.person_id):
            return None
        return tx.effects.revive(effect_id, now)

    return await ports.store.transact(work)
