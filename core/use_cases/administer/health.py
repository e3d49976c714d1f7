"""The doctor for administrators: whose calendars are broken, and what the deployment lacks.

Nothing is opened and nobody is loaded one by one: the counts are the database's, and only the
people of one page are looked at closer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.effects import EffectKind, EffectState
from core.keeping import troubles
from core.links import Provider
from core.mail_in import bad_addresses, mailbox_trouble
from core.notices import NoticeKind
from core.use_cases.administer import rights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.health import Amiss, Tally
    from core.ids import PersonId, ProgrammeId
    from core.keeping import Trouble
    from core.mail_in import BadAddress, MailboxTrouble
    from core.ports import Ports, Tx
    from core.programme import Programme
    from core.use_cases.administer.rights import Standing

PAGE = 10
PROGRAMMES = 10
RECENT = 60
"""Deliveries to one person among which the last word to them is looked for."""
WORDS = frozenset({NoticeKind.LINK_BROKEN, NoticeKind.NUDGE_CONNECT})


@dataclass(frozen=True, slots=True)
class Case:
    """One account with something amiss; `told_at` is when its person was told last, 0 never."""

    amiss: Amiss
    troubles: tuple[Trouble, ...]
    told_at: int = 0


@dataclass(frozen=True, slots=True)
class Ward:
    """One programme: its counts, the first of its cases, the addresses that take no mails."""

    programme: Programme
    tally: Tally
    cases: tuple[Case, ...]
    addresses: tuple[BadAddress, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """A service that asked for the approval of IT, when first, and how many are connected there."""

    provider: Provider
    since: int
    connected: int


@dataclass(frozen=True, slots=True)
class Report:
    """What stands in the way of programmes; `more` of them are not shown, `absent` are services
    that they allow and this installation does not speak; `mailbox` is what is wrong with the
    assistant's own.
    """

    wards: tuple[Ward, ...]
    more: int
    absent: tuple[Provider, ...]
    approvals: tuple[Approval, ...]
    mailbox: MailboxTrouble | None = None


async def report(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None = None
) -> Report:
    """Return how the connections of one programme stand, or of all that one administers.

    Raises Refused, Unfit, NotFound.
    """

    def work(tx: Tx) -> Report:
        if programme_id is None:
            actor = rights.administrator(tx, actor_id)
            own: Sequence[Programme] = actor.own
        else:
            actor, programme = rights.programme_of(tx, actor_id, programme_id)
            own = (programme,)
        shown = own[:PROGRAMMES]
        allowed = {s: None for p in shown for s in load_policy(tx, p).services}
        return Report(
            tuple(_ward(tx, programme) for programme in shown),
            len(own) - len(shown),
            tuple(service for service in allowed if service not in ports.calendars),
            tuple(_approvals(tx, actor)),
            mailbox_trouble(tx),
        )

    return await ports.store.read(work)


def _ward(tx: Tx, programme: Programme) -> Ward:
    tally = tx.health.tally(programme.id)
    found = tx.health.amiss(programme.id, PAGE) if tally.amiss else ()
    cases = tuple(_case(tx, one) for one in found)
    return Ward(programme, tally, cases, bad_addresses(tx, programme.id))


def _case(tx: Tx, amiss: Amiss) -> Case:
    told = (
        effect.due_at  # of a finished effect: when it ended
        for effect in tx.effects.of_person(amiss.person_id, RECENT)
        if effect.kind is EffectKind.NOTIFY
        and effect.state is EffectState.DONE
        and effect.payload.get("kind") in WORDS
    )
    return Case(amiss, troubles(amiss.why), max(told, default=0))


def _approvals(tx: Tx, actor: Standing) -> list[Approval]:
    """Return the services that have asked for IT's approval in the organisation (R32)."""
    found = []
    for provider in Provider:
        since = tx.deployment.get(f"it-approval:{actor.org_id}:{provider}")
        if since and since.isdecimal():
            holders = tx.links.holders(actor.org_id, provider)
            found.append(Approval(provider, int(since), len(set(holders.values()))))
    return found
