"""Names that are hard to tell apart, or to show at all."""

from __future__ import annotations

from core.programme import Role
from tests.talks.script import play
from tests.talks.stage import Stage, aurora, person


async def with_a_namesake() -> Stage:
    """Maya has two mentors, both called Alex Chen."""
    stage = await aurora()
    await stage.join(person("twin", "Alex Chen", "Europe/Paris"), role=Role.MENTOR)
    await stage.connect("twin")
    await stage.pair("twin", "maya")
    return stage


async def test_two_people_of_one_full_name_are_told_apart_by_place() -> None:
    await play(
        await with_a_namesake(),
        """
        maya: book with Alex Chen tomorrow
        > There are two people called Alex Chen. Whom do you mean?
          [Alex Chen (New York, your mentor)] [Alex Chen (Paris, your mentor)]
        maya: book with Nobody tomorrow
        > I do not know anybody called “Nobody” in Aurora. Whom would you like to meet?
          [Alex Chen (New York)] [Alex Chen (Paris)]
        maya presses [Alex Chen (Paris)]
        > On Wed 21 Oct, three times suit you both:
        """,
    )


async def test_a_name_that_is_longer_than_a_button() -> None:
    stage = await aurora()
    await stage.join(person("long", "Wolfe" * 40, "Europe/London"), role=Role.MENTOR)
    await stage.pair("long", "maya")
    await play(
        stage,
        f"""
        maya: book with Nobody tomorrow
        > I do not know anybody called “Nobody” in Aurora. Whom would you like to meet?
          [Alex Chen] [{("Wolfe" * 40)[:74]}…]
        """,
    )
