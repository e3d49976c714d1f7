"""The promises of a store about conversations, cards, the local chat and the audit log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.ids import OrgId, ProgrammeId
from core.repositories import AuditEntry
from core.talk import LocalMessage, Post
from tests.contract.store.world import NOON, ORG, PROGRAMME, do, each, pid

if TYPE_CHECKING:
    from core.repositories import Store


class ConversationContract:
    async def test_state_is_kept_and_replaced(self, store: Store) -> None:
        data = {"open": {"choices": [1, 2.5, None, True], "text": "où?"}, "version": 1}
        await do(
            store,
            lambda tx: tx.conversations.save("local/1", {"old": True}, NOON),
            lambda tx: tx.conversations.save("local/1", data, NOON),
        )
        assert await store.read(lambda tx: tx.conversations.load("local/1")) == data
        assert await store.read(lambda tx: tx.conversations.load("local/2")) is None

    async def test_what_is_loaded_is_a_copy(self, store: Store) -> None:
        data: dict[str, object] = {"choices": [1]}
        await do(store, lambda tx: tx.conversations.save("k", data, NOON))
        data["later"] = True
        assert await store.read(lambda tx: tx.conversations.load("k")) == {"choices": [1]}

    async def test_purge_deletes_what_was_saved_before(self, store: Store) -> None:
        saved = (("old", NOON - 1), ("young", NOON), ("revived", NOON - 5))
        await do(store, each(saved, lambda tx, one: tx.conversations.save(one[0], {}, one[1])))
        await do(store, lambda tx: tx.conversations.save("revived", {}, NOON))
        assert await store.transact(lambda tx: tx.conversations.purge(NOON)) == 1
        assert await store.read(lambda tx: tx.conversations.load("old")) is None
        assert await store.read(lambda tx: tx.conversations.load("young")) == {}
        assert await store.read(lambda tx: tx.conversations.load("revived")) == {}


class PostContract:
    async def test_the_newest_card_per_place(self, store: Store) -> None:
        old = Post(pid(1), "proposal:1", "proposal", "slack/D1", "1.0")
        newer = replace(old, kind="booked", ref="2.0")
        elsewhere = replace(old, place="local/1")
        other = replace(old, subject="proposal:2")
        foreign = replace(old, person_id=pid(2))
        posts = (old, newer, elsewhere, other, foreign)
        await do(store, each(posts, lambda tx, post: tx.posts.save(post, NOON)))
        assert await store.read(lambda tx: tx.posts.find(pid(1), "proposal:1")) == (
            elsewhere,
            newer,
        )
        assert await store.read(lambda tx: tx.posts.find(pid(1), "proposal:9")) == ()


class LocalMessageContract:
    async def test_messages_oldest_first(self, store: Store) -> None:
        first = LocalMessage("z", pid(1), own=True, body='{"text": "hi"}', at=NOON)
        second = LocalMessage("a", pid(1), own=False, body="{}", at=NOON)
        third = replace(second, id="m", at=NOON + 1)
        foreign = replace(second, id="b", person_id=pid(2))
        messages = (third, first, second, foreign)
        await do(store, each(messages, lambda tx, message: tx.local.add(message)))
        assert await store.read(lambda tx: tx.local.of(pid(1))) == (first, second, third)

    async def test_a_message_is_edited_in_place(self, store: Store) -> None:
        first = LocalMessage("a", pid(1), own=False, body="{}", at=NOON)
        second = replace(first, id="b")
        await do(store, lambda tx: tx.local.add(first), lambda tx: tx.local.add(second))
        edited = await store.transact(lambda tx: tx.local.edit("a", '{"text": "new"}'))
        assert edited == replace(first, body='{"text": "new"}')
        assert await store.read(lambda tx: tx.local.of(pid(1))) == (edited, second)
        assert await store.transact(lambda tx: tx.local.edit("none", "{}")) is None

    async def test_purge_deletes_messages_from_before(self, store: Store) -> None:
        old = LocalMessage("a", pid(1), own=True, body="{}", at=NOON - 1)
        young = replace(old, id="b", at=NOON)
        foreign = replace(old, id="c", person_id=pid(2))
        messages = (old, young, foreign)
        await do(store, each(messages, lambda tx, message: tx.local.add(message)))
        assert await store.transact(lambda tx: tx.local.purge(NOON)) == 2
        assert await store.read(lambda tx: tx.local.of(pid(1))) == (young,)
        assert await store.read(lambda tx: tx.local.of(pid(2))) == ()
        assert await store.transact(lambda tx: tx.local.edit("a", "{}")) is None


class AuditContract:
    async def test_newest_entries_first(self, store: Store) -> None:
        in_programme = AuditEntry(NOON, ORG, pid(1), "setting", "buffer", PROGRAMME)
        later = replace(in_programme, at=NOON + 5, detail="hours", programme_id=None)
        same_time = replace(in_programme, detail="notice")
        foreign = replace(in_programme, org_id=OrgId("org-2"))
        entries = (later, in_programme, same_time, foreign)
        await do(store, each(entries, lambda tx, entry: tx.audit.add(entry)))
        assert await store.read(lambda tx: tx.audit.latest(ORG)) == (later, same_time, in_programme)
        assert await store.read(lambda tx: tx.audit.latest(ORG, 1)) == (later,)
        found = await store.read(lambda tx: tx.audit.latest(ORG, programme_id=PROGRAMME))
        assert found == (same_time, in_programme)
        nowhere = ProgrammeId("programme-9")
        assert await store.read(lambda tx: tx.audit.latest(ORG, programme_id=nowhere)) == ()
