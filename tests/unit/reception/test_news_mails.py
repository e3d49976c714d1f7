"""Notices by mail: the same choices, once, and nothing that a mail of its own says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from core.ids import PersonId
from core.notices import Notice, NoticeKind, as_effect
from tests.talks.stage import AURORA, Stage, aurora, person

if TYPE_CHECKING:
    from core.booking.drafts import Mail

ANSWERS = re.compile(r"https://tandem\.example\.org/answer/\S+\?time=(\S+)")


async def alone() -> Stage:
    """Return the stage with Alex in no chat that takes a message."""
    stage = await aurora()
    stage.chats.shut.add("alex")
    return stage


async def tell(stage: Stage, kind: NoticeKind, key: str = "k", **facts: str) -> list[Mail]:
    """Tell Alex something; return the mails that it became."""
    notice = Notice(PersonId("alex"), kind, "", facts)
    effect = as_effect(notice, key, stage.clock.at)
    await stage.store.transact(lambda tx: tx.effects.add(effect))
    await stage.drain()
    return stage.new_mails()


async def offer(stage: Stage, text: str = "book with Alex on Tuesday 27 October at 2pm") -> str:
    await stage.says("maya", text)
    await stage.acts("maya", f"offer:{(await stage.proposals('maya'))[0].id}:all")
    return (await stage.proposals("maya"))[0].id


async def test_a_proposal_is_mailed_with_all_its_times() -> None:
    stage = await alone()
    proposal_id = await offer(stage, "book with Alex next week")
    (mail,) = stage.new_mails()
    (item,) = await stage.proposals("maya")
    assert item.id == proposal_id
    starts = [str(slot.start) for slot in sorted(item.slots, key=lambda slot: slot.start)]
    assert ANSWERS.findall(mail.text) == [*starts, "none"]
    assert mail.subject == "Maya Patel offers you three times"
    assert "Maya Patel would like to meet you for 30 minutes." in mail.text
    assert "Please answer by " in mail.text
    assert mail.html.count("<a ") == len(starts) + 1


async def test_news_of_a_proposal_that_was_mailed_come_once() -> None:
    stage = await alone()
    proposal_id = await offer(stage)
    stage.new_mails()
    assert await tell(stage, NoticeKind.PROPOSAL, "again", proposal=proposal_id) == []
    await stage.acts("maya", f"withdraw:{proposal_id}")
    (mail,) = stage.new_mails()
    assert mail.subject == "This proposal was taken back; it needs no answer any more."


async def test_a_reminder_is_a_mail_of_its_own() -> None:
    stage = await alone()
    proposal_id = await offer(stage)
    (first,) = stage.new_mails()
    (again,) = await tell(stage, NoticeKind.NUDGE_ANSWER, proposal=proposal_id)
    assert again.message_id != first.message_id
    assert ANSWERS.findall(again.text) == ANSWERS.findall(first.text)
    told = [seen.message.text for seen in stage.chats.unread["maya"]]
    assert len([text for text in told if "were sent by mail" in text]) == 1


async def test_a_mail_that_is_sent_twice_is_one_mail() -> None:
    stage = await alone()
    (one,) = await tell(stage, NoticeKind.WELCOME, "a", programme=AURORA)
    (other,) = await tell(stage, NoticeKind.WELCOME, "b", programme=AURORA)
    assert one.message_id == other.message_id
    assert one.message_id.endswith("@assistant.example.org>")
    assert one.text.startswith("Hello Alex,\n")
    assert "To answer, write to Scheduling Assistant in chat." in one.text


async def test_what_has_a_mail_of_its_own_is_not_mailed_twice() -> None:
    stage = await alone()
    await stage.change("alex", reach="mail")
    await offer(stage)
    (item,) = await stage.proposals("alex")
    stage.new_mails()
    await stage.acts("alex", f"accept:{item.id}:{item.slots[0].start}")
    mails = [mail for mail in stage.new_mails() if mail.to_email == "alex@example.org"]
    assert len(mails) == 1
    assert mails[0].subject.startswith("Session with Maya Patel")


async def test_names_cannot_write_headers_or_pages() -> None:
    stage = await alone()
    await stage.change("maya", name="Maya\r\nBcc: all@example.org <script>alert(1)</script>")
    await offer(stage)
    (mail,) = stage.new_mails()
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert "<script>" not in mail.html


async def test_who_is_in_no_chat_at_all_is_mailed() -> None:
    stage = await aurora()
    noor = person("noor", "Noor Haddad", "Asia/Amman")
    await stage.store.transact(lambda tx: tx.people.save(noor))
    stage.chats.shut.add("noor")
    notice = Notice(noor.id, NoticeKind.WELCOME, "", {"programme": AURORA})
    effect = as_effect(notice, "k", stage.clock.at)
    await stage.store.transact(lambda tx: tx.effects.add(effect))
    await stage.drain()
    (mail,) = stage.new_mails()
    assert mail.to_email == noor.email


@pytest.mark.parametrize("off", [{"active": False}, {"nudges": False}])
async def test_who_wants_nothing_gets_nothing(off: dict[str, bool]) -> None:
    stage = await alone()
    proposal_id = await offer(stage)
    stage.new_mails()
    await stage.change("alex", **off)
    assert await tell(stage, NoticeKind.NUDGE_ANSWER, proposal=proposal_id) == []


async def test_who_speaks_again_is_reached_in_chat_again() -> None:
    stage = await alone()
    await offer(stage)
    assert len(stage.new_mails()) == 1
    stage.chats.shut.clear()
    await stage.says("alex", "thanks")
    stage.chats.unread.clear()
    await stage.says("maya", "book with Alex on Thursday 29 October at 2pm")
    await stage.presses("maya", "Offer Thu 29 Oct 14:00 London")
    assert stage.new_mails() == []
    assert stage.chats.unread["alex"]
