"""People named by a chat's own mention, and what stands behind the command."""

from __future__ import annotations

import pytest

from bot.channel import Standing
from core.errors import Unavailable
from tests.talks.stage import Stage
from tests.talks.test_reaching import HOME, identities, in_slack, read_by


async def with_alex(standing: Standing = Standing.MEMBER) -> Stage:
    """Maya writes in Slack; Alex is in that workspace and never wrote to us there."""
    stage = await in_slack("maya")
    about = {"name": "Alex <@here> Chen", "standing": standing}
    stage.chats.joins("slack", HOME, "UALEX", "alex@example.org", **about)
    return stage


async def attendees(stage: Stage) -> list[set[str]]:
    return [set(p.request.attendees) for p in await stage.proposals("maya")]


async def test_somebody_who_never_wrote_to_us_can_be_mentioned() -> None:
    stage = await with_alex()
    await stage.says("mayaslack", "book with <@UALEX> next week")
    assert await attendees(stage) == [{"maya", "alex"}]
    assert await identities(stage, "alex") == set(), "nobody becomes known by being mentioned"


async def test_a_mention_means_whoever_wrote_from_there() -> None:
    stage = await in_slack("maya", "alex")
    await stage.says("alexslack", "hello")
    await stage.says("mayaslack", "book with <@alexslack> next week", channel="general")
    assert await attendees(stage) == [{"maya", "alex"}]


async def test_somebody_of_no_programme_is_called_by_their_name_in_the_chat() -> None:
    stage = await in_slack("maya")
    stage.chats.joins("slack", HOME, "UNOA", "noa@example.net", name="Noa <!here> Berg")
    await stage.says("mayaslack", "book with <@UNOA> next week")
    (text,) = read_by(stage, "mayaslack")
    assert "UNOA" not in text
    assert "Noa" in text


@pytest.mark.parametrize("trouble", ["stranger", "away"])
async def test_who_cannot_be_looked_up_is_nobody_we_know(
    trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await with_alex(Standing.STRANGER)
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    if trouble == "away":

        async def away(_identity: object) -> None:
            raise Unavailable("no answer", provider="slack")

        monkeypatch.setattr(stage.chats, "get", away)
    await stage.says("mayaslack", "book with <@UALEX> next week")
    (text,) = read_by(stage, "mayaslack")
    assert text.startswith("I do not know anybody called")
    assert await attendees(stage) == []


async def test_administrators_may_mention_people() -> None:
    stage = await in_slack("dana", "alex")
    await stage.says("alexslack", "hello")
    await stage.says("danaslack", "admin aurora remove <@alexslack>")
    (text,) = read_by(stage, "danaslack")
    assert "Alex Chen" in text


async def test_a_message_to_a_person_names_people_as_they_are_called() -> None:
    stage = await with_alex()
    await stage.says("mayaslack", "talk to a person: may <@UALEX> skip a week?")
    told = [
        seen.message.text
        for who in ("dana", "danaslack")
        for seen in stage.chats.unread.get(who, [])
    ]
    assert any("may @Alex skip a week?" in text for text in told), stage.chats.unread


@pytest.mark.parametrize(
    "text",
    ["schedule a session", "Schedule a session", "schedule something with Alex",
     "/schedule with Alex next week", "tandem book with Alex", "schedule"],
)  # fmt: skip
async def test_the_command_is_a_name_and_its_word_a_verb(text: str) -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", text)
    found = await attendees(stage)
    assert found == ([] if text == "schedule" else [{"maya", "alex"}])


@pytest.mark.parametrize("text", ["schedule help", "/schedule help", "help"])
async def test_help_is_help_behind_the_command(text: str) -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", text)
    assert read_by(stage, "mayaslack") == ["Here is what I can do for you:"]


async def test_who_asks_before_others_sees_there_that_something_happens() -> None:
    stage = await in_slack("maya")
    stage.calendars.delay = 0.8
    await stage.says("mayaslack", "book with Alex tomorrow", channel="general")
    assert stage.chats.progressed == ["Working on it…", "Reading 2 calendars…"]
