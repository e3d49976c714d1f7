"""Every change writes one audit entry, and in the transaction of the change itself."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from adapters.memory.work import MemoryAudit
from bot.converse.admin.grammar import VERBS
from core.effects import Effect, EffectKind, EffectState
from core.programme import Membership, Role
from tests.talks.admin_world import NOW, World, aurora_and_borealis

if TYPE_CHECKING:
    from core.ports import AuditEntry, Tx

# Each changing command with the button that carries it out ("" where none is needed), and the
# action under which it is logged.
CHANGES = [
    ("create", "create programme Cygnus", "", "programme.create"),
    ("rename", "aurora rename to Dawn", "", "programme.rename"),
    ("end", "end Aurora", "End Aurora", "programme.end"),
    ("closures", "aurora closures add 2026-12-24", "", "setting.change"),
    ("global_give", "make Dana global administrator", "", "global_admin.add"),
    ("global_take", "remove global administrator from Ida", "", "global_admin.remove"),
    ("role_give", "aurora make Priya coach", "", "role.add"),
    ("role_take", "aurora remove coach from Tom", "", "role.remove"),
    ("add", "aurora add mentor Zoe Hart <zoe@example.org> Europe/Paris", "", "person.add"),
    ("remove", "aurora remove Sam", "Remove Sam", "person.remove"),
    ("re_pair", "aurora re-pair Maya from Alex to Priya", "Change to Priya", "pair.change"),
    ("unpair", "aurora unpair Maya from Alex", "Take the pair apart", "pair.remove"),
    ("pair", "aurora pair Sam with Priya", "", "pair.add"),
    ("remind", "aurora remind Sam to connect", "", "remind"),
    ("deliveries", "deliveries", "Try again: chat message to Maya Lane", "delivery.retry"),
    ("service", "org services disable apple", "Save", "setting.change"),
    ("org_connect", "org-connect google example.org", "", "auto_connect.name"),
    ("setting", "aurora notice 24 h", "", "setting.change"),
    ("setting", "approved off", "Save", "setting.change"),
    ("setting", "aurora hours 9-17", "Save", "setting.change"),
    ("connect_for", "aurora connect Priya's calendar", "Send Priya the link", "remind"),
]
READING = {
    "sender", "two_way", "programmes", "import", "people", "pairs", "status",
    "unconnected", "unbooked", "waiting", "unpaired", "doctor", "delivery_log", "log", "help",
    "settings", "counts",
}  # fmt: skip


async def world_for_changes() -> World:
    """Two programmes, a second global administrator, and a message that was given up."""
    world = await aurora_and_borealis()
    await world.person("ida", "Ida Roy", "Europe/Paris")
    await world.alter("ida", is_admin=True)

    def work(tx: Tx) -> None:
        tx.programmes.join(membership(world, "tom", Role.COACH))
        maya = world.people["maya"].id
        tx.effects.add(Effect("x", EffectKind.NOTIFY, NOW, person_id=maya))
        (claimed,) = tx.effects.claim(NOW, 60, 1, "token")
        tx.effects.finish(claimed, EffectState.DEAD, NOW, "no chat")

    await world.store.transact(work)
    return world


def membership(world: World, key: str, role: Role) -> Membership:
    return Membership(world.programmes["aurora"].id, world.people[key].id, role)


def contents(world: World) -> dict[str, Any]:
    """Everything stored."""
    tables = world.store._tables
    return {f.name: dict(getattr(tables, f.name).items()) for f in fields(tables)}


def test_every_verb_is_among_the_changes_or_only_reads() -> None:
    assert {verb for verb, _, _, _ in CHANGES} | READING == set(VERBS)


@pytest.mark.parametrize(("verb", "command", "button", "action"), CHANGES)
async def test_a_change_is_logged_once(verb: str, command: str, button: str, action: str) -> None:
    world = await world_for_changes()
    await world.says("jo", f"admin {command}")
    if button:
        assert await world.audit() == ()
        await world.presses("jo", button)
    (entry,) = await world.audit()
    assert (entry.action, entry.actor, entry.at) == (action, world.people["jo"].id, NOW)
    assert entry.detail


@pytest.mark.parametrize(("verb", "command", "button", "action"), CHANGES)
async def test_without_its_entry_there_is_no_change(
    verb: str, command: str, button: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await world_for_changes()
    before = contents(world)

    def full(_: MemoryAudit, entry: AuditEntry) -> None:
        raise OSError(entry.action)

    monkeypatch.setattr(MemoryAudit, "add", full)
    with pytest.raises(OSError, match=action):
        await say_and_press(world, command, button)
    assert contents(world) == before


async def say_and_press(world: World, command: str, button: str) -> None:
    await world.says("jo", f"admin {command}")
    if button:
        await world.presses("jo", button)


@pytest.mark.parametrize("verb", sorted(READING - {"import"}))
async def test_reading_changes_nothing(verb: str) -> None:
    world = await world_for_changes()
    before = contents(world)
    texts = {"sender": "sender name Bot", "org_connect": "org-connect on", "two_way": "two-way on"}
    texts["delivery_log"] = "delivery log of Maya"
    await world.says("jo", f"admin aurora {verb}" if verb not in texts else f"admin {texts[verb]}")
    assert contents(world) == before


@pytest.mark.parametrize(("verb", "command", "button", "action"), CHANGES)
async def test_a_participant_changes_nothing(
    verb: str, command: str, button: str, action: str
) -> None:
    world = await world_for_changes()
    await world.says("jo", f"admin {command}")
    assert world.last is not None
    pressed = dict(world.buttons(world.last)).get(button)
    before = contents(await world_for_changes())
    again = await world_for_changes()
    for key in ("maya", "ravi"):
        await again.says(key, f"admin {command}")
        if pressed:
            await again.acts(key, pressed)
    assert contents(again) == before
