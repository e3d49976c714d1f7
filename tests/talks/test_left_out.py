"""Who is left out: "everyone except Ben", said at once or of the times that were just found."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.test_groups import a_circle

SAID = {
    "an hour with everyone except Ben next week": "Ann Weber, Cleo Marsh, Dev Rao and Ella Novak",
    "an hour with the whole circle but not Ben and Ann next week": "Cleo Marsh, Dev Rao and Ella "
    "Novak",
    "an hour with everybody but Ben, Ann and Dev next week": "Cleo Marsh and Ella Novak",
    "an hour with my mentees apart from Dev next week": "Ann Weber, Ben Ito, Cleo Marsh and Ella "
    "Novak",
    "an hour with Ann and Cleo but not Ben next week": "Ann Weber and Cleo Marsh",
}


@pytest.mark.parametrize("said", SAID)
async def test_who_is_left_out_is_not_asked_and_takes_no_day_away(said: str) -> None:
    await play(
        await a_circle(),
        f"""
        romero: {said}
        > …
          1 hour with {SAID[said]}
          Mon 26 Oct 10:00-11:00 Madrid
          …
        """,
    )


async def test_somebody_is_left_out_of_what_was_just_found() -> None:
    await play(
        await a_circle(),
        """
        romero: an hour with everyone next week
        > …
        romero: ok, but without Ben
        ~ Newer times have replaced these.
        > Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
          1 hour with Ann Weber, Cleo Marsh, Dev Rao and Ella Novak
          …
        romero: not Ann either
        ~ Newer times have replaced these.
        > Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
          1 hour with Cleo Marsh, Dev Rao and Ella Novak
          …
        romero: and Ann after all
        ~ Newer times have replaced these.
        > Between Mon 26 Oct and Fri 30 Oct, three times suit everybody:
          1 hour with Cleo Marsh, Dev Rao, Ella Novak and Ann Weber
          …
        romero: no, with Ben and Ella
        ~ Newer times have replaced these.
        > …
          1 hour with Ben Ito and Ella Novak
          …
        romero: and Cleo if possible
        ~ Newer times have replaced these.
        > …
          1 hour with Ben Ito, Ella Novak and Cleo Marsh
          …
          Cleo Marsh will be asked, too, but not waited for.
          …
        romero: after 3
        ~ Newer times have replaced these.
        > …
          1 hour with Ben Ito, Ella Novak and Cleo Marsh
          Mon 26 Oct 15:00-16:00 Madrid
          …
        """,
    )


async def test_a_session_is_not_meant_by_who_is_left_out_of_it() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: book with Ann on Monday at 10
        > …
        romero presses [Offer Mon 26 Oct 10:00 Madrid]
        ~ …
        ann sees > …
        ann presses [Mon 26 Oct 10:00 Madrid]
        ~ …
        everybody has read on
        romero: cancel my sessions except with Ann
        > I found no upcoming session of yours that fits. …
        romero: cancel my session, not Ben's
        > Cancel your session with Ann Weber on Mon 26 Oct 10:00-10:30 Madrid? …
        """,
    )


@pytest.mark.parametrize(
    "said", ["add Cleo to the session with Ann", "remove Ann from my session", "invite Ben to it"]
)
async def test_who_takes_part_in_a_booked_session_stays(said: str) -> None:
    stage = await a_circle()
    await play(
        stage,
        f"""
        romero: book with Ann on Monday at 10
        > …
        romero presses [Offer Mon 26 Oct 10:00 Madrid]
        ~ …
        ann sees > …
        ann presses [Mon 26 Oct 10:00 Madrid]
        ~ …
        everybody has read on
        romero: {said}
        > I cannot change who takes part in a session that is booked. Cancel it, and book it again \
            with everybody who is to come, for example: book with Ann and Ben on Friday at 10.
        """,
    )
    assert not [p for p in await stage.proposals("romero") if p.is_open]
