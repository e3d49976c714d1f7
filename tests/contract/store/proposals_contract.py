"""The promises of a store about proposals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.booking.meeting import MeetingState
from core.booking.proposal import Answer, ProposalState, Slot
from core.errors import NotFound, Stale
from core.ids import MeetingId, ProgrammeId, ProposalId
from core.programme import Programme
from tests.contract.store.world import (
    HOUR,
    NOON,
    ORG,
    PROGRAMME,
    do,
    each,
    meeting,
    pid,
    proposal,
)

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.repositories import Store

S = ProposalState


class ProposalContract:
    async def test_every_field_is_kept(self, store: Store) -> None:
        bare = proposal(1, 2, 3)
        request = replace(
            bare.request,
            starts=(NOON,),
            title="Ça va? 🎯",
            moves=MeetingId("meeting-x"),
            agenda="Où? & <b>",
        )
        full = replace(
            bare,
            request=request,
            slots=(Slot(NOON, NOON + HOUR, (pid(2), pid(3))), Slot(NOON + HOUR, NOON + 2 * HOUR)),
            state=ProposalState.DECLINED,
            answers={pid(1): Answer((NOON, NOON + HOUR)), pid(2): Answer(declined=True)},
            meeting_id=MeetingId("meeting-y"),
            replaced_by=ProposalId("proposal-z"),
        )
        await do(store, lambda tx: tx.proposals.save(full))
        assert await store.read(lambda tx: tx.proposals.get(full.id)) == full

    async def test_unknown_proposal(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.proposals.get(ProposalId("none")))

    async def test_each_saving_is_a_version(self, store: Store) -> None:
        first = proposal(1, 2)
        offered = first.offer((NOON,))
        await do(store, lambda tx: tx.proposals.save(first))
        await do(store, lambda tx: tx.proposals.save(offered))
        stored = await store.read(lambda tx: tx.proposals.get(first.id))
        assert stored == replace(offered, version=1)
        await do(store, lambda tx: tx.proposals.save(stored.accept(pid(2), NOON)))
        assert (await store.read(lambda tx: tx.proposals.get(first.id))).version == 2

    async def test_an_older_version_is_stale(self, store: Store) -> None:
        first = proposal(1, 2)
        await _keep(store, first)
        await _keep(store, first.offer((NOON,)))
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.proposals.save(first.end(ProposalState.WITHDRAWN)))
        second = await store.read(lambda tx: tx.proposals.get(first.id))
        assert (second.version, second.is_open) == (1, True)
        await _keep(store, replace(second, expires_at=NOON))
        with pytest.raises(Stale):
            await _keep(store, second.end(ProposalState.WITHDRAWN))
        assert (await store.read(lambda tx: tx.proposals.get(first.id))).version == 2

    async def test_a_version_of_something_unknown_is_stale(self, store: Store) -> None:
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.proposals.save(proposal(1, 2, version=3)))

    async def test_open_proposals_of_a_person_newest_first(self, store: Store) -> None:
        old, new = proposal(1, 2, made_at=NOON - 9), proposal(3, 1, made_at=NOON - 5).offer((NOON,))
        arranged = proposal(4, 2, made_at=NOON - 7)
        arranged = replace(arranged, request=replace(arranged.request, attendees=(pid(2), pid(3))))
        closed = proposal(1, 2, made_at=NOON - 1).end(ProposalState.EXPIRED)
        for one in (old, new, arranged, closed):
            await _keep(store, one)
        assert await self._open_of(store, 1) == [new.id, old.id]
        assert await self._open_of(store, 2) == [arranged.id, old.id]
        assert await self._open_of(store, 4) == [arranged.id]
        assert await self._open_of(store, 5) == []

    async def test_a_closed_proposal_is_no_longer_open(self, store: Store) -> None:
        one = proposal(1, 2)
        await _keep(store, one)
        await _keep(store, one.end(ProposalState.SUPERSEDED, ProposalId("proposal-z")))
        assert await self._open_of(store, 1) == []
        assert await store.read(lambda tx: tx.proposals.open_in(PROGRAMME)) == ()

    async def test_who_is_asked_may_change(self, store: Store) -> None:
        one = proposal(1, 2)
        await _keep(store, one)
        await _keep(store, replace(one, request=replace(one.request, attendees=(pid(1), pid(3)))))
        assert await self._open_of(store, 2) == []
        assert await self._open_of(store, 3) == [one.id]

    async def test_open_proposals_of_a_programme_newest_first(self, store: Store) -> None:
        other = ProgrammeId("programme-2")
        await store.transact(lambda tx: tx.programmes.save(Programme(other, ORG, "Other")))
        old, new = proposal(1, 2, made_at=NOON - 9), proposal(1, 3, made_at=NOON - 5)
        foreign = proposal(1, 2)
        foreign = replace(foreign, request=replace(foreign.request, programme_id=other))
        for one in (new, old, foreign, proposal(1, 2).end(ProposalState.WITHDRAWN)):
            await _keep(store, one)
        found = await store.read(lambda tx: tx.proposals.open_in(PROGRAMME))
        assert found == (new, old)

    async def test_purge_deletes_what_was_closed_before(self, store: Store) -> None:
        drafted = proposal(1, 2, expires_at=NOON - 1)
        offered = proposal(1, 2, expires_at=NOON - 1).offer((NOON,))
        ended = (S.ACCEPTED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.SUPERSEDED)
        old = [proposal(1, 2, expires_at=NOON - 1, state=state) for state in ended]
        young = proposal(1, 2, expires_at=NOON, state=S.EXPIRED)
        for one in (drafted, offered, *old, young):
            await _keep(store, one)
        assert await store.transact(lambda tx: tx.proposals.purge(NOON, NOON)) == len(old)
        assert await store.transact(lambda tx: tx.proposals.purge(NOON, NOON)) == 0
        kept = [drafted, offered, young]
        assert await store.read(lambda tx: [tx.proposals.get(p.id) for p in kept]) == kept
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.proposals.get(old[0].id))

    async def test_purge_deletes_one_that_was_open_once(self, store: Store) -> None:
        one = proposal(1, 2, expires_at=NOON - 1)
        await _keep(store, one)
        await _keep(store, one.end(S.WITHDRAWN))
        assert await store.transact(lambda tx: tx.proposals.purge(NOON, NOON)) == 1

    async def test_purge_keeps_what_a_coming_meeting_came_from(self, store: Store) -> None:
        coming, past, off = (proposal(1, 2, state=S.ACCEPTED, expires_at=1) for _ in range(3))
        for one in (coming, past, off):
            await _keep(store, one)
        booked = meeting(1, 2, proposal_id=coming.id)
        over = meeting(1, 2, proposal_id=past.id, start=NOON - HOUR)
        cancelled = meeting(1, 2, proposal_id=off.id, state=MeetingState.CANCELLED)
        meetings = (booked, over, cancelled, meeting(1, 2))
        await do(store, each(meetings, lambda tx, one: tx.meetings.save(one)))
        assert await store.transact(lambda tx: tx.proposals.purge(NOON, NOON)) == 2
        assert await store.read(lambda tx: tx.proposals.get(coming.id)) == coming
        assert await store.transact(lambda tx: tx.proposals.purge(NOON, booked.end)) == 1

    async def _open_of(self, store: Store, number: int) -> list[ProposalId]:
        return [p.id for p in await store.read(lambda tx: tx.proposals.open_of(pid(number)))]


async def _keep(store: Store, one: Proposal) -> None:
    await store.transact(lambda tx: tx.proposals.save(one))
