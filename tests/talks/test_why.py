"""Why a time, a day or a person does not work, and what would change that: A06-A10, X11."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_what_is_too_near_is_said_to_whom_it_belongs_alone() -> None:
    """Maya reads of her own 30 minutes in between; of Alex's she reads that he is not free."""
    stage = await aurora()
    await stage.busy("maya", "2026-10-27 13:00", "2026-10-27 14:00")
    await stage.busy("alex", "2026-10-28 09:00", "2026-10-28 10:00")
    await play(
        stage,
        """
        maya: leave me 30 minutes between meetings
        > …
        alex: leave me 30 minutes between meetings
        > …
        maya: why not Tuesday 27 October 14:15?
        > Tue 27 Oct 14:15-14:45 London (10:15 New York) does not work: it is too close to \
            something of yours (you want 30 minutes free in between).
        maya: why not Wednesday 28 October 14:15?
        > Wed 28 Oct 14:15-14:45 London (10:15 New York) does not work: Alex is not free then.
        """,
    )
