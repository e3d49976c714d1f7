"""What is kept of the work that still has to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.effects import Effect, EffectState
    from core.ids import EffectId, MeetingId, PersonId


class Effects(Protocol):
    """The rows of what still has to be done."""

    def add(self, effect: Effect) -> None:
        """Insert; a key that exists already changes nothing."""
        ...

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Effect, ...]:
        """Take up to `limit` due effects for `lease` seconds, never two of one lane at once
        and none before an unfinished earlier one of its lane; attempts are counted up.
        """
        ...

    def finish(self, effect: Effect, state: EffectState, now: int, error: str = "") -> bool:
        """Close an effect at `now`, its new `due_at`, if our lease stands; tell whether it did."""
        ...

    def retry(self, effect: Effect, due_at: int, error: str) -> None:
        """Put an effect back until `due_at`, if our lease still stands."""
        ...

    def get(self, effect_id: EffectId) -> Effect:
        """Return it. Raises NotFound."""
        ...

    def by_key(self, key: str) -> Effect | None:
        """Return the effect with this key."""
        ...

    def cancel(self, key: str) -> None:
        """Take back an effect that is not finished."""
        ...

    def of_meeting(self, meeting_id: MeetingId) -> tuple[Effect, ...]:
        """Return everything that was to be done for a meeting, oldest first."""
        ...

    def of_person(self, person_id: PersonId, limit: int = 20) -> tuple[Effect, ...]:
        """Return what was to reach one person, newest first: the delivery log."""
        ...

    def dead(self, limit: int = 50) -> tuple[Effect, ...]:
        """Return what was given up, newest first."""
        ...

    def revive(self, effect_id: EffectId, now: int) -> bool:
        """Make a given-up effect due again; tell whether it was one."""
        ...

    def next_due(self) -> int | None:
        """Return when the next effect can be claimed, None when none waits."""
        ...

    def purge(self, before: int) -> int:
        """Delete finished effects that were due before an instant (Y25); return how many."""
        ...
