"""What a chat forces to be different, and conversations that only show on a real wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.ids import PersonId
from tests.chats.media import KINDS, MixedMedium, opened
from tests.talks.script import play
from tests.talks.stage import aurora

if TYPE_CHECKING:
    from tests.chats.screens import Screens
    from tests.talks.stage import Stage

SHAPE = (
    "This is not an app-specific password: those look like abcd-efgh-ijkl-mnop. Make one at "
    "account.apple.com under Sign-In and Security; your normal password does not work here."
)
OFFERED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
"""
BY_MAIL = """
    > I do not reach Alex Chen in chat right now, so your times were sent by mail.
    mail to alex: Maya Patel offers you times: Tue 27 Oct 10:00 New York [details]
    alex sees nothing
"""


def wire(stage: Stage) -> Any:
    """Return the medium of a stage with the vendor's side of it."""
    return stage.medium


# --- one proposal in two chats ------------------------------------------------------------------


async def test_who_accepts_in_slack_changes_the_card_in_teams() -> None:
    async with opened("mixed"):
        stage = await aurora()
        medium = stage.medium
        assert isinstance(medium, MixedMedium)
        await play(
            stage,
            OFFERED,
            """
            alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
            alex presses [Tue 27 Oct 10:00 New York]
            ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
            > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
            maya sees > Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. …
            maya sees ~ Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York).
            mail to maya: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
            mail to alex: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
            calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
            calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
            """,
        )
        slack = medium.slack._server
        teams = medium.teams._server
        assert [c.body["channel"] for c in slack.calls if c.method == "chat.update"]
        assert [path for method, path in teams.calls if method == "PUT"]
        assert "Maya Patel would" not in str(teams.bodies)
        assert "Alex Chen, your mentor" not in str([c.body for c in slack.calls])


async def test_two_mentees_of_two_chats_press_the_same_time() -> None:
    """Of two who asked for one time the second is not booked over the first."""
    async with opened("mixed"):
        stage = await aurora()
        await stage.pair("alex", "sam")
        await play(
            stage,
            OFFERED,
            """
            sam: book with Alex Chen on Tuesday 27 October at 10am
            > That time suits you both:
            sam presses [Offer Tue 27 Oct 10:00 New York]
            everybody has read on
            """,
        )
        first, second = [
            action.id
            for item in wire(stage).screens.items["alex"]
            for action in item.reading.card.actions
            if action.label == "Tue 27 Oct 10:00 New York"
        ]
        await stage.acts("alex", first)
        await stage.acts("alex", second)
        meetings = await stage.meetings("alex")
        assert len(meetings) == 1
        texts = [seen.message.text for seen in stage.chats.unread["alex"]]
        assert any("has just gone" in text or "no longer free" in text for text in texts)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_partner_is_mentioned_where_both_are_in_one_chat(kind: str) -> None:
    """The notification, and whoever is in another chat, has the name in words."""
    async with opened(kind):
        stage = await aurora()
        await play(stage, OFFERED, "everybody has read on")
        (item,) = wire(stage).screens.items["alex"]
        sent = json.dumps(item.raw)
        assert item.reading.text.startswith("Maya Patel would like to meet you")
        assert ('"text": "<@U0001> would like' in sent) is (kind == "slack")
        assert ("<at>Maya Patel</at> would like" in sent) is (kind == "teams")
        assert "Maya Patel would like to meet you" in sent


# --- once, however often it comes ---------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_a42_a_press_that_is_sent_five_times(kind: str) -> None:
    async with opened(kind):
        stage = await aurora()
        await play(stage, OFFERED, "everybody has read on")
        action = stage.chats.button("alex", "Tue 27 Oct 10:00 New York")
        for _ in range(5):
            await stage.acts("alex", action, event_id="E1")
        texts = [seen.message.text for seen in stage.chats.unread["alex"]]
        assert len(texts) == 2
        assert len(await stage.meetings("alex")) == 1
        assert len(stage.mail.sent) == 2


# --- who is not reached -------------------------------------------------------------------------


async def test_a43_who_has_blocked_the_bot_in_teams_gets_a_mail() -> None:
    async with opened("teams"):
        stage = await aurora()
        wire(stage)._server.blocked.add("a:alex")
        await play(stage, OFFERED, BY_MAIL)
        assert "Tue 27 Oct 10:00-10:30 New York (14:00 London)" in stage.mail.sent[-1].text


async def test_a43_whose_conversation_is_gone_in_slack_gets_a_mail() -> None:
    async with opened("slack"):
        stage = await aurora()
        medium = wire(stage)
        medium._server.shut.add(medium._direct("alex"))
        await play(stage, OFFERED, BY_MAIL)
        assert "Tue 27 Oct 10:00-10:30 New York (14:00 London)" in stage.mail.sent[-1].text


# --- forms --------------------------------------------------------------------------------------


async def test_a13_a_form_of_slack_refuses_what_is_no_app_password() -> None:
    """A secret is asked for in a modal, which stays open with what is wrong with it."""
    async with opened("slack"):
        stage = await aurora()
        await stage.says("lee", "connect apple calendar")
        (item,) = wire(stage).screens.items["lee"]
        assert [b for b in item.raw["blocks"] if b["type"] == "input"] == []
        await play(
            stage,
            f"""
            lee sees > This form is private: what you type in it is not kept in the chat.
            lee fills username=lee@icloud.example; password=hunter22; presses [Connect]
            > {SHAPE}
            lee fills username=; password=; presses [Connect]
            > Please fill this in.
            """,
        )
        assert "hunter22" not in stage.everything_stored()
        assert "hunter22" not in json.dumps([call.body for call in wire(stage)._server.calls])


async def test_a_form_in_the_place_of_its_card_in_teams() -> None:
    """Teams alone says where somebody is; the form for how long replaces the question."""
    async with opened("teams"):
        stage = await aurora()
        await stage.says("maya", "thanks", zone="America/New_York")
        stage.chats.unread.clear()
        await play(
            stage,
            """
            maya presses [Only until…]
            > …
              Until which day, that day included, shall I use New York times?
              <Last day>
              [Save]
            maya fills until=yesterday; presses [Save]
            > …
              Last day: I could not read that as a day to come. Try for example: Friday, or \
                  6 November.
              Until which day, that day included, shall I use New York times?
              <Last day>
              [Save]
            maya fills until=Friday; presses [Save]
            > Until Fri 23 Oct, that day included, I give you New York times; then London again.
            """,
        )
        screens: Screens = wire(stage).screens
        texts = [item.reading.text for item in screens.items["maya"]]
        assert texts[1] == "Sent. The answer comes as a message."
        person = await stage.store.read(lambda tx: tx.people.get(PersonId("maya")))
        assert person.zone == "America/New_York"


# --- tables and progress ------------------------------------------------------------------------


async def test_every_cell_of_a_second_table_is_read_in_slack() -> None:
    """Slack takes one table in a message; further ones are lines that name their columns."""
    read: dict[str, str] = {}
    for kind in ("teams", "slack"):
        async with opened(kind):
            stage = await aurora()
            await stage.says("dana", "admin aurora status")
            (item,) = wire(stage).screens.items["dana"]
            read[kind] = json.dumps(item.raw)
            tables = [e for e in item.raw.get("blocks", ()) if e["type"] == "table"]
            assert len(tables) <= 1
    for cell in ("Tom Becker", "Berlin", "Maya Patel", "Alex Chen", "Sam Rivera", "Priya Nair"):
        assert cell in read["teams"]
        assert cell in read["slack"]


async def test_teams_shows_that_it_is_typing_while_calendars_are_read() -> None:
    async with opened("teams"):
        stage = await aurora()
        stage.calendars.delay = 0.8
        await stage.says("maya", "book with Alex next week")
        kinds = [sent["type"] for _, sent in wire(stage)._server.sent]
        assert kinds == ["typing", "message"]


# --- administration by chat ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_a31_a34_settings_are_shown_first_and_the_sender_is_none(kind: str) -> None:
    async with opened(kind):
        await play(
            await aurora(),
            """
            dana: /schedule admin aurora weekends on
            > For Aurora “weekends” would change from off to on. That concerns 7 people.
              [Save] [Leave it as it is]
            dana presses [Save]
            > Saved for Aurora: weekends on (before: off).
              [Undo]
            dana: hours 07:00-20:00
            > For Aurora “hours” would change from 08:00-18:00 to 07:00-20:00. …
            dana: yes
            > Saved for Aurora: hours 07:00-20:00 (before: 08:00-18:00).
              …
            maya: /schedule admin aurora weekends off
            > Only an administrator can do that. Please ask Dana Brooks.
            maya: book Alex on Saturday
            > I took Alex Chen, your mentor. On Sat 24 Oct, three times suit you both:
            jo: /schedule admin sender name 'Mentor Bot'
            > The name and the address of the sender are fixed…
            """,
        )
