"""What people write or are called is shown as text in every chat: no mention, link or emphasis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from adapters.local import api
from tests.chats.media import KINDS, opened
from tests.talks.script import card_lines, play
from tests.talks.stage import aurora
from tests.unit.teams.card_judge import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chats.screens import Item
    from tests.talks.stage import Stage

OURS = re.compile(r"^<@U\d{4}>(?= would like to )")  # a sentence of ours names the asker
OURS_IN_TEAMS = re.compile(r"^<at>Maya Patel</at>(?= would like to )")
NAMES = (
    "Ann <!channel> Bo",
    "Ann <@U0001> Bo",
    "Ann @everyone @here <at>all</at> Bo",
    "Ann **strong** _slim_ ~gone~ `code` Bo",
    "Ann [click](https://evil.example) <https://evil.example|here> Bo",
    "Ann & Bo &lt;b&gt; :tada: Bo",
    "<script>alert(1)</script>",
)


async def with_a_name(name: str) -> Stage:
    stage = await aurora()
    await stage.change("alex", name=name)
    return stage


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
async def test_a_name_reads_as_it_is_written(kind: str, name: str) -> None:
    async with opened(kind):
        stage = await with_a_name(name)
        await play(
            stage,
            f"""
            maya: sometime tomorrow
            > I took {name}, your mentor. On Wed 21 Oct, three times suit you both:
              30 minutes with {name}
              …
              Offer one or all of them; {name} will be asked.
              …
            maya presses [Offer Wed 21 Oct 15:00 London]
            ~ Offered to {name}. I will tell you when they answer.
            alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
            alex presses [Wed 21 Oct 10:00 New York]
            maya sees > Booked: Wed 21 Oct 15:00-15:30 London (10:00 New York) with {name}. …
              When: Wed 21 Oct 15:00-15:30 London (10:00 New York)
              With: {name}
              …
            everybody has read on
            maya: what have I got?
            > Your next sessions:
              {name}: Wed 21 Oct 15:00-15:30 London (10:00 New York)
              …
            """,
        )
        hold_to_text(stage)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", NAMES)
async def test_words_that_are_passed_on_read_as_they_were_said(kind: str, text: str) -> None:
    async with opened(kind):
        stage = await aurora()
        await stage.says("maya", f"talk to a person: {text}")
        read = [
            line
            for seen in stage.chats.unread["dana"]
            for line in (seen.message.text, *card_lines(seen.message))
        ]
        said = " ".join(read)
        wanted = text.replace("<@U0001>", "< @U0001>") if kind == "slack" else text
        assert wanted in said
        hold_to_text(stage)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", NAMES)
async def test_an_agenda_reads_as_it_was_said(kind: str, text: str) -> None:
    async with opened(kind):
        stage = await aurora()
        await stage.says("maya", f"book with Alex on Tuesday 27 October at 2pm about {text}")
        await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
        wanted = text.replace("<@U0001>", "< @U0001>") if kind == "slack" else text
        for who in ("maya", "alex"):
            read = [line for seen in stage.chats.unread[who] for line in card_lines(seen.message)]
            assert f"About: {wanted}" in read, who
        hold_to_text(stage)


def hold_to_text(stage: Stage) -> None:
    """Look through everything that was sent for marks that a chat would act on."""
    medium: Any = stage.medium
    seen = 0
    for items in medium.screens.items.values():
        for item in items:
            if "blocks" in item.raw:
                slack(item)
            elif "attachments" in item.raw or "textFormat" in item.raw:
                teams(item)
            seen += 1
    assert seen


def slack(item: Item) -> None:
    """Only mrkdwn and a message's text are read for marks (formatting-message-text)."""
    said = [o["text"] for o in objects(item.raw) if o.get("type") == "mrkdwn"]
    said = [OURS.sub("", text) for text in said]
    for text in (*said, item.raw.get("text", "")):
        assert not re.search(r"<(?:[@#!]|https?:)", text)
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    for text in said:
        bare = re.sub("\u2060[*_~`:]\u2060", "", text)
        assert not re.search(r"[_~`]", bare)
        assert not re.search(r":[a-z]+:", bare)
    assert not item.raw.get("link_names")


def teams(item: Item) -> None:
    """Text runs and plain messages know no marks; headings and facts are Markdown."""
    assert item.raw.get("textFormat", "plain") == "plain"
    kinds = [e["type"] for e in item.raw.get("entities", ())]
    assert "mention" not in kinds
    for text in markdown(item.raw):
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", OURS_IN_TEAMS.sub("", text))
        assert not re.search(r"[*_`<~]|\]\(", bare), text
    mentioned = [e for o in objects(item.raw) for e in o.get("msteams", {}).get("entities", ())]
    assert {e["mentioned"]["name"] for e in mentioned} <= {"Maya Patel"}


def markdown(raw: dict[str, Any]) -> Iterator[str]:
    for element in objects(raw):
        if element.get("type") == "TextBlock":
            yield element["text"]
        for fact in element.get("facts", ()):
            yield from (fact["title"], fact["value"])


def test_the_local_page_puts_texts_into_the_page_as_texts() -> None:
    """Its API hands over what was written; the page never reads that as HTML."""
    script = "".join(file.read_text() for file in api.STATIC.glob("*.js"))
    assert script
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script)
