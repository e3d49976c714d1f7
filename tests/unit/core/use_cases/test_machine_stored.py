"""The machine of bookings on real databases, with processes that come and go.

Besides what people do: they counter, days pass in silence, mails cannot be sent, two processes
work at the same time, and one dies with work in its hands and is started anew over the same store.
In the end no question is open, and every session is over in one way or another.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from adapters.storage.repos.effects import _effect as effect_of
from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.storage.tables import metadata
from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.effects import EffectKind, EffectState
from core.errors import Unavailable
from core.notices import NoticeKind
from core.use_cases import change_meeting, undo
from core.use_cases.answer_proposal import decline
from core.use_cases.ask_again import ask_about_one
from core.use_cases.deliver import deliver
from tests.pg import postgres
from tests.unit.core.use_cases.test_machine import GRID, HALF, PEOPLE, caught, numbers
from tests.unit.core.use_cases.test_machine_around import Around
from tests.unit.core.use_cases.world import DAY, World, make_world

if TYPE_CHECKING:
    from pathlib import Path

    from core.booking.meeting import Meeting
    from core.effects import Effect
    from core.ids import PersonId

SEALER = Sealer([("first", bytes(range(32)))])
LEASE = 120  # seconds, as `World.claim` has it
AGES = 30 * DAY  # after which nothing of the machine's days can be open


class SqlWorld(World):
    """The world on a database; a process of it can end and begin anew."""

    store: Any  # a SqlStore, once it has begun

    def begin(self, url: str) -> None:
        """Open the store as a process that starts does; the one before is gone."""
        self.end()
        self.store = SqlStore(url, SEALER)
        self.ports = replace(self.ports, store=self.store)

    def end(self) -> None:
        """Close the store."""
        if isinstance(self.store, SqlStore):
            self.store.dispose()

    def effects(self, *kinds: EffectKind) -> list[Effect]:
        """Return everything that was ever to be done, oldest first."""
        table = metadata.tables["effect"]
        rows = [effect_of(row) for row in self._rows(select(table).order_by(table.c.id))]
        return [row for row in rows if not kinds or row.kind in kinds]

    def everything(self) -> dict[str, list[tuple[Any, Any]]]:
        """Return all that is stored."""
        found = {name: self._rows(select(table)) for name, table in metadata.tables.items()}
        return {name: sorted(map(tuple, rows), key=repr) for name, rows in found.items()}

    def _rows(self, statement: Any) -> list[Any]:
        with self.store._engines.read.begin() as connection:
            return list(connection.execute(statement))


class Stored(Around):
    """Everything that people do, and everything that happens to processes."""

    url = ""  # of the database; none: in memory

    def teardown(self) -> None:
        """End as always, with the process."""
        try:
            super().teardown()
        finally:
            if isinstance(self.world, SqlWorld):
                self.world.end()

    def fresh(self) -> World:
        """Return a world, in the emptied database where there is one."""
        if not self.url:
            return self.do(make_world())
        world = SqlWorld()
        world.begin(self.url)
        empty(world)
        return self.do(make_world(world))

    # --- processes ---

    @rule(taken=st.integers(1, 8))
    def a_process_dies_and_is_started_anew(self, taken: int) -> None:
        """What it had in its hands is taken up by the next one, once its lease is over."""
        self.do(self.world.claim("the dead one", taken))
        if isinstance(self.world, SqlWorld):
            self.world.begin(self.url)
        self.world.clock.at += LEASE + 1

    @rule()
    def two_processes_work_at_once(self) -> None:
        async def both() -> None:
            await asyncio.gather(self._works("one"), self._works("two"))

        self.do(both())

    async def _works(self, name: str) -> None:
        for number in range(3):
            for effect in await self.world.claim(f"{name}:{number}", 10):
                await deliver(self.world.ports, self.world.means, effect)

    @rule()
    def mails_cannot_be_sent_for_a_while(self) -> None:
        self.world.mail.failure = Unavailable("not now", provider="mail")
        self.do(self.world.work(rounds=1))
        self.world.mail.failure = None

    @precondition(lambda self: self.meetings)
    @rule(days=st.integers(1, 3))
    def days_pass_in_silence(self, days: int) -> None:
        """Proposals are reminded of and expire, sessions come near and are over."""
        for _ in range(days):
            self.world.clock.at += DAY
            self.do(self.world.work(rounds=3))

    # --- people ---

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, who=numbers, start=st.sampled_from(GRID))
    def somebody_counters(self, number: int, who: int, start: int) -> None:
        """The times offered are declined, another one is proposed to all the others."""
        proposal = self.proposal(number)
        request = proposal.request
        person = request.invitees[who % len(request.invitees)]
        if proposal.state is not ProposalState.OFFERED:
            return
        if request.moves and self.do(self.world.meeting(request.moves)).start <= self.now:
            return
        self.do(caught(decline(self.world.ports, proposal.id, person)))
        cast = (person, *(one for one in request.attendees if one != person))
        window = (start, start + HALF)
        found = self._search(cast, window, starts=(start,), moves=request.moves)
        if found is not None:
            offered = self._offer(found, 1).state  # booked at once where nobody confirms
            assert offered in (ProposalState.OFFERED, ProposalState.ACCEPTED)
        after = self.do(self.world.proposal(proposal.id))
        # One no ends nothing in a vote, nor the no of somebody who need not come.
        stays = request.is_vote or person in request.optional
        assert not after.is_open or (stays and after.has_declined(person))

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, which=numbers)
    def the_asker_asks_about_one_time(self, number: int, which: int) -> None:
        proposal = self.proposal(number)
        start = proposal.slots[which % len(proposal.slots)].start
        args = (self.world.ports, proposal.id, proposal.request.asker, start)
        self.do(caught(ask_about_one(*args)))
        before = self.world.everything()
        self.do(caught(ask_about_one(*args)))
        assert self.world.everything() == before

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers)
    def what_was_undone_is_as_before(self, number: int, who: int) -> None:
        """Called off and taken back at once: everybody has the same times booked as before."""
        meeting = self.meeting(number)
        if meeting.state is not MeetingState.BOOKED or meeting.start <= self.now:
            return
        person = meeting.people[who % len(meeting.people)]
        before = self._times()
        self.do(change_meeting.cancel(self.world.ports, meeting.id, person))
        done = self.do(undo.undo_cancelling(self.world.ports, meeting.id, person))
        if done.outcome is undo.Outcome.UNDONE:
            assert done.meeting is not None
            self.meetings.append(done.meeting.id)
            assert self._times() == before
        else:  # told why: somebody has something else there by now, or cannot be looked at
            assert done.outcome in (undo.Outcome.TAKEN, undo.Outcome.UNCHECKED)
            assert done.blocked

    def _times(self) -> dict[PersonId, list[tuple[int, int]]]:
        return {person: sorted(m.span for m in self._booked(person)) for person in PEOPLE}

    @property
    def now(self) -> int:
        """The clock's time."""
        return self.world.clock.at

    # --- what always holds ---

    @invariant()
    def nobody_is_reminded_twice(self) -> None:
        """Once for each of the times before a session at which they want to be."""
        told = [n for n in self.world.chat.told if n.kind is NoticeKind.REMINDER]
        said = Counter((n.to, n.facts["meeting"], n.facts["start"]) for n in told)
        wanted: dict[tuple[Any, ...], set[str]] = {}
        for effect in self.world.effects(EffectKind.REMIND):
            key = (effect.person_id, effect.meeting_id, effect.payload["start"])
            wanted.setdefault(key, set()).add(effect.payload["lead"])
        assert all(count <= len(wanted[key]) for key, count in said.items())

    # --- the end ---

    def _settle(self) -> None:
        super()._settle()
        end = self.now + AGES
        while (due := self.do(self.world.store.read(lambda tx: tx.effects.next_due()))) is not None:
            if due > end:
                break
            self.world.clock.at = max(self.now, due)
            self.do(self.world.work(rounds=200))
        for proposal_id in self.proposals:
            assert not self.do(self.world.proposal(proposal_id)).is_open
        for meeting in self._all():
            assert meeting.state is not MeetingState.BOOKED
        waiting = {e.kind for e in self.world.effects() if e.state is EffectState.READY}
        assert waiting <= {EffectKind.CHECK_GRANT, EffectKind.RECONNECT, EffectKind.NOTIFY}

    def _all(self) -> list[Meeting]:
        return [self.do(self.world.meeting(meeting_id)) for meeting_id in self.meetings]


def empty(world: SqlWorld) -> None:
    """Delete every row."""
    with world.store._engines.write.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


SIZE = {"memory": (60, 40), "sqlite": (15, 40), "postgres": (12, 40)}  # examples, steps


# See test_machine.py: add Phase.shrink while looking for the reason of a broken promise.
def limits(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"])
def test_on_every_store_each_promise_is_kept(kind: str, tmp_path: Path) -> None:
    url = ""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'tandem.db'}"
        migrate(url)
    elif kind == "postgres":
        url = postgres().migrated()

    class Here(Stored):
        """The machine on this store."""

    Here.url = url
    run_state_machine_as_test(Here, settings=limits(*SIZE[kind]))
