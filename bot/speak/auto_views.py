"""Views about connecting everybody: how far it is, who cannot be connected, what a person hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Table
from bot.message import Outgoing
from bot.speak import auto_words as words
from bot.speak.admin_words import MORE, some
from core import autoconnect, autoplan
from core.ids import OrgId, PersonId
from core.links import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.card import Part
    from core.autoconnect import Odd, Progress
    from core.autoplan import Plan
    from core.people import Person
    from core.ports import Tx

SHOWN = 20


def odd_table(odd: Sequence[Odd], service: Provider) -> list[Part]:
    """Return who cannot be connected, and why: the first of them."""
    if not odd:
        return []
    rows = tuple((one.person.name, reason(one, service)) for one in odd[:SHOWN])
    parts: list[Part] = [Table(words.ODD_HEADS, rows)]
    if len(odd) > SHOWN:
        parts.append(Note(MORE.format(count=len(odd) - SHOWN)))
    return parts


def reason(odd: Odd, service: Provider) -> str:
    """Return why somebody cannot be connected."""
    return words.OBSTACLES[odd.obstacle].format(
        detail=words.NAMES.get(odd.detail, odd.detail),
        address=odd.person.email,
        service=words.NAMES[service],
    )


def progress_text(plan: Plan, found: Progress) -> str:
    """Return how far it is: "Connected 37 of 120 at Google so far."."""
    pattern = words.PROGRESS if found.waiting else words.PROGRESS_DONE
    text = pattern.format(
        connected=found.connected, total=found.total, service=words.NAMES[plan.service]
    )
    if not found.odd:
        return text
    people = some(len(found.odd), "person", "people")
    return f"{text} {words.PROGRESS_ODD.format(people=people)}"


def auto_progress(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Tell who began it how far it is; the same message changes in place."""
    org_id = OrgId(facts["org"])
    plan = autoplan.load(tx, org_id)
    if plan is None or not plan.run:
        return None
    found = autoconnect.progress(tx, org_id, plan)
    parts = tuple(odd_table(found.odd, plan.service))
    return Outgoing(progress_text(plan, found), Card(parts=parts) if parts else None)


def auto_connected(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Tell somebody at once who had their calendar connected, and how to opt out (X14)."""
    if autoplan.is_out(tx, me.id):
        return None
    by = tx.people.get(PersonId(facts["by"])).name
    text = words.CONNECTED.format(service=words.NAMES[facts["provider"]], by=by)
    return Outgoing(text, Card(actions=(Action("admin:optout", words.OPT_OUT_BUTTON),)))
