"""The promises of a store about meetings, the claims on people's time and our copies."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.booking.meeting import EventRef, MeetingState, Path, Rsvp
from core.errors import NotFound, Stale, TimeTaken
from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId
from core.programme import Programme
from core.repositories import Claim
from tests.contract.store.world import HOUR, NOON, ORG, PROGRAMME, book, do, meeting, pid

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.repositories import Store, Tx

DAY = 24 * HOUR


class MeetingContract:
    async def test_every_field_is_kept(self, store: Store) -> None:
        bare = meeting(1, 2)
        first = replace(
            bare.attendees[0], path=Path.CALENDAR, link_id=LinkId("link-1"), rsvp=Rsvp.TENTATIVE
        )
        full = replace(
            bare,
            attendees=(first, bare.attendees[1]),
            proposal_id=ProposalId("proposal-x"),
            place="https://meet.example.org/a?b=1&c=é",
            buffer=15,
            state=MeetingState.HELD,
            sequence=7,
            changed_at=NOON,
            agenda="the talk in May & <her> notes",
            notes="https://notes.example.org/é",
        )
        await do(store, lambda tx: tx.meetings.save(full))
        assert await store.read(lambda tx: tx.meetings.get(full.id)) == full

    async def test_unknown_meeting(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.meetings.get(MeetingId("none")))

    async def test_each_saving_is_a_version(self, store: Store) -> None:
        first = meeting(1, 2)
        moved = first.move(NOON + HOUR, NOON + 2 * HOUR, NOON)
        await do(store, lambda tx: tx.meetings.save(first), lambda tx: tx.meetings.save(moved))
        stored = await store.read(lambda tx: tx.meetings.get(first.id))
        assert stored == replace(moved, version=1)
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.meetings.save(first.cancel(NOON)))
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.meetings.save(meeting(1, 2, version=1)))

    async def test_meetings_of_a_person_in_a_window(self, store: Store) -> None:
        late = meeting(1, 2, start=NOON + 3 * HOUR)
        early = meeting(3, 1, start=NOON)
        gone = meeting(1, 3, start=NOON + HOUR).cancel(NOON)
        for one in (late, early, gone, meeting(2, 3, start=NOON)):
            await _save(store, one)
        window = (NOON, NOON + 4 * HOUR)
        found = await store.read(lambda tx: tx.meetings.of_person(pid(1), window))
        assert found == (early, gone, late)

    @pytest.mark.parametrize(
        ("window", "found"),
        [
            ((NOON, NOON + HOUR), True),
            ((NOON + HOUR - 1, NOON + DAY), True),
            ((NOON - DAY, NOON + 1), True),
            ((NOON + 60, NOON + 120), True),
            ((NOON + HOUR, NOON + DAY), False),
            ((NOON - DAY, NOON), False),
        ],
    )
    async def test_spans_are_half_open(
        self, store: Store, window: tuple[int, int], found: bool
    ) -> None:
        await _save(store, meeting(1, 2))
        of_person = await store.read(lambda tx: tx.meetings.of_person(pid(2), window))
        in_programme = await store.read(lambda tx: tx.meetings.in_programme(PROGRAMME, window))
        assert (len(of_person), len(in_programme)) == (found, found)

    async def test_meetings_follow_a_move_and_a_new_attendee(self, store: Store) -> None:
        one = meeting(1, 2)
        await _save(store, one)
        moved = one.move(NOON + DAY, NOON + DAY + HOUR, NOON)
        await _save(store, replace(moved, attendees=meeting(1, 3).attendees))
        assert await self._of(store, 1, (NOON, NOON + HOUR)) == []
        assert await self._of(store, 2, (NOON, NOON + 2 * DAY)) == []
        assert await self._of(store, 3, (NOON, NOON + 2 * DAY)) == [one.id]

    async def test_meetings_of_a_programme_by_start(self, store: Store) -> None:
        other = ProgrammeId("programme-2")
        await store.transact(lambda tx: tx.programmes.save(Programme(other, ORG, "Other")))
        late, early = meeting(1, 2, start=NOON + HOUR), meeting(3, 4)
        for one in (late, early, meeting(1, 2, programme_id=other)):
            await _save(store, one)
        found = await store.read(lambda tx: tx.meetings.in_programme(PROGRAMME, (NOON, NOON + DAY)))
        assert found == (early, late)

    async def test_copies_are_kept_replaced_and_forgotten(self, store: Store) -> None:
        one = meeting(1, 2)
        first = EventRef(one.id, LinkId("link-1"), "https://dav.example.net/1.ics", '"e1"', 0)
        second = replace(first, link_id=LinkId("link-2"))
        newer = replace(first, etag='"e2"', sequence=1)
        await do(
            store,
            lambda tx: tx.meetings.save(one),
            lambda tx: tx.meetings.save_ref(second),
            lambda tx: tx.meetings.save_ref(first),
            lambda tx: tx.meetings.save_ref(newer),
        )
        assert await store.read(lambda tx: tx.meetings.refs(one.id)) == (newer, second)
        await do(
            store,
            lambda tx: tx.meetings.remove_ref(one.id, first.link_id),
            lambda tx: tx.meetings.remove_ref(one.id, first.link_id),
        )
        assert await store.read(lambda tx: tx.meetings.refs(one.id)) == (second,)

    async def _of(self, store: Store, number: int, window: tuple[int, int]) -> list[MeetingId]:
        rows = await store.read(lambda tx: tx.meetings.of_person(pid(number), window))
        return [one.id for one in rows]


async def _save(store: Store, one: Meeting) -> None:
    await store.transact(lambda tx: tx.meetings.save(one))


# Two meetings of one person: start and buffer (minutes) of the second, the first being from NOON
# for an hour with a buffer of 15 minutes. At least the larger buffer must lie between them.
SECOND = [
    (0, 0, False),
    (59, 0, False),
    (60, 0, False),
    (74, 0, False),
    (75, 0, True),
    (75, 15, True),
    (75, 16, False),
    (90, 30, True),
    (89, 30, False),
    (-60, 0, False),
    (-74, 10, False),
    (-75, 10, True),
    (-90, 30, True),
    (-89, 30, False),
]


class ClaimContract:
    @pytest.mark.parametrize(("minutes", "buffer", "free"), SECOND)
    async def test_the_larger_buffer_lies_between(
        self, store: Store, minutes: int, buffer: int, free: bool
    ) -> None:
        await do(store, book(meeting(1, 2, buffer=15)))
        second = meeting(2, 3, start=NOON + minutes * 60, buffer=buffer)
        if free:
            await do(store, book(second))
            assert len((await _claims(store, 2))[pid(2)]) == 2
        else:
            with pytest.raises(TimeTaken) as error:
                await do(store, book(second))
            assert error.value.people == (pid(2),)
            assert (await _claims(store, 3))[pid(3)] == []

    async def test_all_whose_time_is_taken_are_named(self, store: Store) -> None:
        await do(store, book(meeting(2, 3)), book(meeting(4, 5, start=NOON + HOUR // 2)))
        with pytest.raises(TimeTaken) as error:
            await do(store, book(meeting(4, 3, 1)))
        assert error.value.people == (pid(3), pid(4))

    async def test_meetings_side_by_side(self, store: Store) -> None:
        await do(
            store,
            book(meeting(1, 2)),
            book(meeting(1, 2, start=NOON + HOUR)),
            book(meeting(3, 4)),
        )
        assert (await _claims(store, 1))[pid(1)] == [
            Claim(NOON, NOON + HOUR, 0),
            Claim(NOON + HOUR, NOON + 2 * HOUR, 0),
        ]

    async def test_a_meeting_moves_over_its_own_time(self, store: Store) -> None:
        one = meeting(1, 2, buffer=10)
        moved = one.move(NOON + HOUR // 2, NOON + HOUR + HOUR // 2, NOON)
        await do(store, book(one), book(moved))
        assert (await _claims(store, 1))[pid(1)] == [Claim(moved.start, moved.end, 600)]

    async def test_a_claim_leaves_who_no_longer_takes_part(self, store: Store) -> None:
        one = meeting(1, 2)
        await do(store, book(one), book(replace(one, attendees=meeting(1, 3).attendees)))
        found = await store.read(
            lambda tx: tx.meetings.claims([pid(2), pid(3)], (NOON, NOON + DAY))
        )
        assert found == {pid(2): [], pid(3): [Claim(NOON, NOON + HOUR, 0)]}

    async def test_a_lost_claim_keeps_what_was_held(self, store: Store) -> None:
        one = meeting(1, 2)
        await do(store, book(one), book(meeting(2, 3, start=NOON + DAY)))

        def work(tx: Tx) -> None:
            with pytest.raises(TimeTaken):
                tx.meetings.claim(one.move(NOON + DAY, NOON + DAY + HOUR, NOON))

        await store.transact(work)
        assert (await _claims(store, 1))[pid(1)] == [Claim(NOON, NOON + HOUR, 0)]

    async def test_released_time_is_free(self, store: Store) -> None:
        one = meeting(1, 2)
        await do(
            store,
            book(one),
            lambda tx: tx.meetings.release(one.id),
            lambda tx: tx.meetings.release(one.id),
            book(meeting(2, 1)),
        )
        assert len((await _claims(store, 1))[pid(1)]) == 1

    async def test_claims_within_a_day_of_the_window(self, store: Store) -> None:
        starts = [NOON + hours * HOUR for hours in (-26, -24, 0, 30, 33)]
        for start in starts:
            await do(store, book(meeting(1, 2, start=start)))
        window = (NOON, NOON + 8 * HOUR)
        found = await store.read(lambda tx: tx.meetings.claims([pid(1), pid(3)], window))
        assert [claim.start for claim in found[pid(1)]] == starts[1:4]
        assert found[pid(3)] == []

    async def test_claims_without_one_meeting(self, store: Store) -> None:
        one = meeting(1, 2)
        await do(store, book(one), book(meeting(1, 3, start=NOON + DAY)))
        window = (NOON, NOON + 2 * DAY)
        found = await store.read(lambda tx: tx.meetings.claims([pid(1)], window, one.id))
        assert [claim.start for claim in found[pid(1)]] == [NOON + DAY]

    async def test_nobody_claims_for_a_stranger(self, store: Store) -> None:
        one = meeting(1)
        stranger = replace(one.attendees[0], person_id=PersonId("nobody"))
        with pytest.raises(NotFound):
            await do(store, book(replace(one, attendees=(*one.attendees, stranger))))

    async def test_of_sixty_at_once_exactly_one_books(self, store: Store) -> None:
        wanted = [
            meeting(*((1, 2) if number % 2 else (2, 1)), start=NOON + number * 30)
            for number in range(60)
        ]
        results = await asyncio.gather(
            *(store.transact(book(one)) for one in wanted), return_exceptions=True
        )
        lost = [result for result in results if result is not None]
        assert [type(error) for error in lost] == [TimeTaken] * 59
        assert len((await _claims(store, 1))[pid(1)]) == 1
        assert len((await _claims(store, 2))[pid(2)]) == 1
        stored = await store.read(lambda tx: tx.meetings.of_person(pid(1), (NOON, NOON + DAY)))
        assert len(stored) == 1

    async def test_a_buffer_is_kept_among_many_at_once(self, store: Store) -> None:
        days = [NOON + number * DAY for number in range(20)]
        wanted = [
            one
            for day in days
            for one in (meeting(1, 2, start=day), meeting(2, 1, start=day + HOUR, buffer=15))
        ]
        results = await asyncio.gather(
            *(store.transact(book(one)) for one in wanted), return_exceptions=True
        )
        pairs = zip(results[::2], results[1::2], strict=True)
        assert [sum(result is None for result in pair) for pair in pairs] == [1] * len(days)

    async def test_a_ring_of_pairs_at_once(self, store: Store) -> None:
        ring = [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 1)] * 4
        results = await asyncio.gather(
            *(store.transact(book(meeting(*two))) for two in ring), return_exceptions=True
        )
        booked = [two for two, result in zip(ring, results, strict=True) if result is None]
        people = [number for two in booked for number in two]
        assert len(people) == len(set(people))
        assert {type(r) for r in results if r is not None} == {TimeTaken}
        assert len(booked) >= 2


async def _claims(store: Store, number: int) -> dict[PersonId, list[Claim]]:
    window = (NOON, NOON + DAY)
    return await store.read(lambda tx: tx.meetings.claims([pid(number)], window))
