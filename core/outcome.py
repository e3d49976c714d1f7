"""How carrying out an effect ended: not yet, or in a state, in words for the delivery log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.effects import EffectState

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ports import Tx


@dataclass(frozen=True, slots=True)
class Later:
    """Not yet: it is taken up again at `due_at` (epoch seconds); `why` is for the log."""

    due_at: int
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """It ended in a state, in words for the log; `record` is stored with its end."""

    words: str = ""
    record: Callable[[Tx], None] | None = None
    state: EffectState = EffectState.DONE
