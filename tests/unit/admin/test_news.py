"""What people read when they have left, and when one list gave them several partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak.notifier import VIEWS
from core.notices import NoticeKind
from core.use_cases.administer import news
from core.use_cases.administer.pairs import paired_notice
from tests.talks.admin_world import World, aurora

if TYPE_CHECKING:
    from core.notices import Notice


async def said(world: World, notice: Notice) -> str:
    """Return the text of a notice for the one it is for."""
    message = await world.store.read(
        lambda tx: VIEWS[notice.kind](tx, tx.people.get(notice.to), notice.facts)
    )
    assert message is not None
    return message.text


async def test_somebody_who_has_left_is_spoken_to() -> None:
    world = await aurora()
    notice = news.left(world.people["maya"].id, world.programmes["aurora"])
    assert notice.kind is NoticeKind.LEFT
    assert await said(world, notice) == "You are no longer in Aurora."


async def test_new_partners_are_named_or_counted() -> None:
    world = await aurora()
    alex, *mentees = (world.people[key].id for key in ("alex", "maya", "sam", "tom"))
    one = paired_notice(alex, world.programmes["aurora"], mentees[:1])
    assert (await said(world, one)).startswith("You are now paired with Maya Lane in Aurora.")
    three = paired_notice(alex, world.programmes["aurora"], mentees)
    expected = "You are now paired with Maya Lane and 2 more in Aurora."
    assert (await said(world, three)).startswith(expected)


async def test_news_does_not_share_the_lane_of_what_is_told_at_once() -> None:
    world = await aurora()
    maya = world.people["maya"].id
    effect = news.later(news.left(maya, world.programmes["aurora"]), "key", news.due_at(1000, 40))
    assert (effect.lane, effect.due_at) == (f"news:{maya}", 1032)
    assert effect.give_up_at > effect.due_at
