"""What others may read along, on the wire of Slack and of Teams: nothing about anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.chats.media import opened
from tests.chats.slack_medium import NAMED
from tests.talks.script import card_lines
from tests.talks.stage import aurora
from tests.talks.test_groups import a_circle

if TYPE_CHECKING:
    from tests.chats.screens import Screens
    from tests.talks.stage import Stage

VENDORS = ("slack", "teams")
ANSWERED = "I have answered you in our private chat."
NAMES = {
    "maya": "Maya Patel",
    "sam": "Sam Rivera",
    "dana": "Dana Brooks",
    "lee": "Lee Wong",
    "romero": "Alex Romero",
}
TELLING = ("Oct", "Alex", "Priya", "London", ":00", "free", "busy", "session", "calendar", "no ")
SECRET = "abcd-efgh-ijkl-mnop"


def in_channel(stage: Stage) -> list[str]:
    """Return what stands in the channel, read and unread."""
    stage.chats.unread.pop(NAMED, None)
    return [item.reading.text for item in screens(stage).items.get(NAMED, [])]


def screens(stage: Stage) -> Screens:
    medium: Any = stage.medium
    found: Screens = medium.screens
    return found


@pytest.mark.parametrize("kind", VENDORS)
@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("maya", "book with Alex next week"),
        ("maya", "what have I got?"),
        ("maya", ""),
        ("maya", "my calendars"),
        ("maya", "is Alex free on Tuesday?"),
        ("sam", "why is Priya never free?"),
        ("dana", "set up 30 min for Maya with Alex on Thursday"),
        ("dana", "admin aurora status"),
    ],
)
async def test_a30_a_channel_reads_that_the_answer_is_private(
    kind: str, who: str, text: str
) -> None:  # fmt: skip
    async with opened(kind):
        stage = await aurora()
        await stage.says(who, text, channel=NAMED)
        assert in_channel(stage) == [f"{NAMES[who]}, {ANSWERED}"]
        (item,) = screens(stage).items[NAMED]
        assert ("<@U" in json.dumps(item.raw)) is (kind == "slack")  # who is meant, in a thread
        aloud = json.dumps(item.raw).replace(ANSWERED, "")
        assert [word for word in TELLING if word in aloud] == []
        assert stage.chats.asides == []
        assert stage.chats.unread.pop(who)
        assert list(stage.chats.unread) == []


@pytest.mark.parametrize("kind", VENDORS)
async def test_a29_a_circle_is_asked_for_in_a_channel(kind: str) -> None:
    """In its thread stands that the answer is private; who can and who cannot is the mentor's."""
    async with opened(kind):
        stage = await a_circle()
        await stage.busy("dev", "2026-10-26 00:00", "2026-10-31 00:00")
        asked = "find an hour for the whole circle next week"
        await stage.says("romero", asked, channel=NAMED)
        assert in_channel(stage) == [f"{NAMES['romero']}, {ANSWERED}"]
        (seen,) = stage.chats.unread.pop("romero")
        told = " ".join((seen.message.text, *card_lines(seen.message)))
        assert "suits 4 of 5: Dev Rao cannot." in told
        assert list(stage.chats.unread) == []


@pytest.mark.parametrize("kind", VENDORS)
async def test_a30_the_talk_goes_on_in_private(kind: str) -> None:
    async with opened(kind):
        stage = await aurora()
        await stage.says("maya", "book with Alex next week", channel=NAMED)
        (seen,) = stage.chats.unread.pop("maya")
        assert seen.message.text.startswith("I took Alex Chen, your mentor.")
        await stage.says("maya", "the second one")
        (seen,) = stage.chats.unread.pop("maya")
        assert seen.message.text.startswith("Offered to Alex Chen.")
        (asked,) = stage.chats.unread.pop("alex")
        assert asked.message.text.startswith("Maya Patel would like to meet you")
        assert in_channel(stage) == [f"{NAMES['maya']}, {ANSWERED}"]


@pytest.mark.parametrize("kind", VENDORS)
async def test_what_tells_nothing_of_anybody_may_stand_there(kind: str) -> None:
    async with opened(kind):
        stage = await aurora()
        await stage.says("maya", "thanks", channel=NAMED)
        assert in_channel(stage) == ["With pleasure!"]
        assert stage.chats.unread == {}


@pytest.mark.parametrize("kind", ["local", *VENDORS])
@pytest.mark.parametrize("channel", ["", NAMED])
async def test_a14_a_password_goes_nowhere(
    kind: str, channel: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not into the store, the log, or anything that is sent back, wherever it was typed."""
    if kind == "local" and channel:
        pytest.skip("the local chat has private conversations only")
    async with opened(kind):
        stage = await aurora()
        await stage.says("lee", f"my password is {SECRET}", channel=channel)
        (seen,) = stage.chats.unread.pop("lee")
        assert seen.message.text.startswith("That looks like a password. I did not keep it.")
        await stage.presses("lee", "Open the private form")
        (form,) = stage.chats.unread.pop("lee")
        assert form.message.card is not None
        names = [entry.name for entry in form.message.card.inputs]
        assert names == ["username", "password", "server"]
        shown = [item.raw for items in screens(stage).items.values() for item in items]
        assert SECRET not in json.dumps(shown)
        assert SECRET not in stage.everything_stored()
        assert SECRET not in caplog.text
        assert SECRET not in "".join(capsys.readouterr())
        assert in_channel(stage) == ([f"Lee Wong, {ANSWERED}"] if channel else [])
