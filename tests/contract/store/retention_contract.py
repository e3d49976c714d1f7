"""The promise of the clean-up on every store: each thing for as long as it is kept, no longer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState
from core.effects import EffectState
from core.errors import NotFound
from core.talk import LocalMessage, Post
from core.use_cases.deliver import tend
from tests.contract.store.world import NOON, do, each, effect, meeting, pid, proposal

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.repositories import Store, Tx

DAY = 86_400
MESSAGE = LocalMessage("message-1", pid(1), own=True, body="{}", at=NOON)
POST = Post(pid(1), "proposal:1", "proposal", "local/1", "message-1")


class RetentionContract:
    async def test_a_month_of_talk(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.conversations.save("local/1", {}, NOON),
            lambda tx: tx.local.add(MESSAGE),
            lambda tx: tx.posts.save(POST, NOON),
        )
        await _tend(store, NOON + 30 * DAY)
        assert await store.read(lambda tx: tx.local.of(pid(1))) == (MESSAGE,)
        assert await store.read(lambda tx: tx.conversations.load("local/1")) == {}
        await _tend(store, NOON + 30 * DAY + 1)
        assert await store.read(lambda tx: tx.local.of(pid(1))) == ()
        assert await store.read(lambda tx: tx.conversations.load("local/1")) is None
        await _tend(store, NOON + 400 * DAY)
        assert await store.read(lambda tx: tx.posts.find(pid(1), POST.subject)) == (POST,)
        await do(store, lambda tx: tx.posts.save(replace(POST, place="local/2"), NOON + DAY))
        await _tend(store, NOON + 400 * DAY + 1)
        (left,) = await store.read(lambda tx: tx.posts.find(pid(1), POST.subject))
        assert left.place == "local/2"

    async def test_three_months_of_proposals(self, store: Store) -> None:
        closed = proposal(1, 2, expires_at=NOON, state=ProposalState.DECLINED)
        fresh = proposal(1, 2, expires_at=NOON)
        booked = proposal(1, 2, expires_at=NOON, state=ProposalState.ACCEPTED)
        session = meeting(1, 2, start=NOON + 100 * DAY, proposal_id=booked.id)
        every = (closed, fresh, booked)
        await do(
            store,
            each(every, lambda tx, one: tx.proposals.save(one)),
            lambda tx: tx.meetings.save(session),
        )
        await _tend(store, NOON + 90 * DAY)
        assert await _kept(store, *every) == [closed, fresh, booked]
        await _tend(store, NOON + 90 * DAY + 1)
        assert await _kept(store, *every) == [fresh, booked]
        await _tend(store, session.end)
        assert await _kept(store, *every) == [fresh]

    async def test_three_months_of_effects(self, store: Store) -> None:
        def work(tx: Tx) -> None:
            tx.effects.add(effect("done", NOON))
            (claimed,) = tx.effects.claim(NOON, 60, 1, "token")
            tx.effects.finish(claimed, EffectState.DONE, NOON)
            tx.effects.add(effect("waiting", NOON))

        await store.transact(work)
        await _tend(store, NOON + 90 * DAY)
        assert await store.read(lambda tx: tx.effects.by_key("done"))
        await _tend(store, NOON + 90 * DAY + 1)
        assert await store.read(lambda tx: tx.effects.by_key("done")) is None
        assert await store.read(lambda tx: tx.effects.by_key("waiting"))


async def _tend(store: Store, now: int) -> None:
    await store.transact(lambda tx: tend(tx, now))


async def _kept(store: Store, *proposals: Proposal) -> list[Proposal]:
    """Return those of the proposals that are still stored."""

    def work(tx: Tx) -> list[Proposal]:
        found = []
        for one in proposals:
            try:
                found.append(tx.proposals.get(one.id))
            except NotFound:
                continue
        return found

    return await store.read(work)
