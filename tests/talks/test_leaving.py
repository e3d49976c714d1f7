"""People who leave while something is open: what goes on without them, and what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.talks.script import play
from tests.talks.test_groups import a_circle

if TYPE_CHECKING:
    from tests.talks.stage import Stage

VOTING = """
    romero: find an hour for the whole circle next week
    romero presses [Offer all three]
    ann presses [Tue 27 Oct 13:00 Madrid]
    ben presses [Tue 27 Oct 13:00 Madrid]
    everybody has read on
"""


async def leaves(stage: Stage, who: str, name: str) -> None:
    await play(
        stage,
        f"""
        dana: admin aurora remove {who}
        dana presses [Remove {name}]
        everybody has read on
        """,
    )


async def test_a_vote_goes_on_without_two_who_leave() -> None:
    stage = await a_circle()
    await play(stage, VOTING)
    await leaves(stage, "dev", "Dev")
    await leaves(stage, "ella", "Ella")
    await play(
        stage,
        """
        dev presses [Tue 27 Oct 13:00 Madrid]
        > This proposal is not addressed to you, so I have changed nothing.
        cleo presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, \
            Session with Ann Weber and 2 others, 0
        """,
    )


async def test_whoever_waits_only_for_one_who_leaves_may_book_at_once() -> None:
    stage = await a_circle()
    await play(
        stage,
        VOTING,
        """
        cleo presses [Tue 27 Oct 13:00 Madrid]
        dev presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        dana: admin aurora remove ella
        dana presses [Remove Ella]
        romero sees > Ella Novak has left Aurora.
        everybody has read on
        romero presses [Book Tue 27 Oct 13:00 Madrid with 4 of 4]
        everybody has read on
        calendar of romero: Tue 27 Oct 13:00-14:00 Madrid, \
            Session with Ann Weber and 3 others, 0
        """,
    )


async def test_who_was_wanted_if_possible_ends_nothing_by_leaving() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: book an hour with Ann, Ben and Dev if possible next week
        romero presses [Offer all three]
        everybody has read on
        """,
    )
    await leaves(stage, "dev", "Dev")
    await play(
        stage,
        """
        ann presses [Mon 26 Oct 10:00 Madrid]
        ben presses [Mon 26 Oct 10:00 Madrid]
        everybody has read on
        calendar of romero: Mon 26 Oct 10:00-11:00 Madrid, Session with Ann Weber and Ben Ito, 0
        """,
    )


async def test_a_proposal_to_one_alone_ends_with_them() -> None:
    stage = await a_circle()
    await play(
        stage,
        """
        romero: book with Ann next week
        romero presses [Offer all three]
        everybody has read on
        """,
    )
    await leaves(stage, "ann", "Ann")
    assert await stage.proposals("romero") == ()
