"""What happens with what came in: kept, answered in place, or noted."""

from typing import Any

import pytest

from bot.card import Action, Card, Input, InputKind, Style, Text
from bot.channel import Standing
from bot.message import Outgoing
from tests.servers.teams.bench import ACCOUNT, BOT, MAYA, PERSONAL, USER, Bench, bench
from tests.servers.teams.server import TENANT, Connector
from tests.unit.teams.card_judge import card_problems, objects, texts

CARD = "application/vnd.microsoft.card.adaptive"
WORD = "application/vnd.microsoft.activity.message"
FORM = Card(
    "Connect a calendar",
    (Text("With a password for this alone."),),
    (Input("user", "Account", InputKind.TEXT), Input("password", "Password", InputKind.SECRET)),
    (Action("connect:verify", "Connect", Style.PRIMARY),),
)
VIEW = Outgoing("Alex accepted.", Card("Proposal"), "proposal:7")
CHANNEL = {
    "isGroup": True,
    "conversationType": "channel",
    "tenantId": TENANT,
    "id": "19:abc@thread.tacv2;messageid=1627505122598",
}
MENTION = {
    "type": "mention",
    "text": "<at>Tandem (beta) + co?</at>",
    "mentioned": {"id": BOT, "name": "Tandem (beta) + co?"},
}


def card_in(answer: Any) -> dict[str, Any]:
    assert answer["type"] == CARD
    card: dict[str, Any] = answer["value"]
    assert card_problems(card) == []
    return card


# --- messages -------------------------------------------------------------------------------------


async def test_a_personal_message(stage: Bench) -> None:
    await stage.post(stage.activity(text="book Alex &amp; Kim&nbsp;tomorrow", id="f:7"))
    (said,) = stage.reception.got
    assert said.text == "book Alex & Kim tomorrow"
    assert said.who == MAYA
    assert said.place == ("teams", TENANT, PERSONAL, "")
    assert (said.private, said.zone, said.event_id) == (True, "Europe/London", f"{PERSONAL}|f:7")


async def test_a_mention_in_a_channel(stage: Bench) -> None:
    text = "<at>Tandem (beta) + co?</at> book <at>Alex &amp; Co</at>&nbsp;now"
    other = {"type": "mention", "text": "<at>Alex &amp; Co</at>", "mentioned": {"id": "29:alex"}}
    other["mentioned"]["name"] = "Alex"  # type: ignore[index]
    await stage.post(stage.activity(text=text, conversation=CHANNEL, entities=[MENTION, other]))
    (said,) = stage.reception.got
    assert said.text == "book Alex now"
    assert said.private is False
    assert said.place == ("teams", TENANT, "19:abc@thread.tacv2", "1627505122598")


async def test_names_that_look_like_mentions_are_put_in_once(stage: Bench) -> None:
    tag = "<at>Alex</at>"
    grows = {"type": "mention", "text": tag, "mentioned": {"id": "29:alex", "name": tag * 2}}
    short = {"type": "mention", "text": "e", "mentioned": {"id": "29:e", "name": "e" * 2000}}
    await stage.post(stage.activity(text=f"see {tag}", entities=[grows, short] * 50))
    (said,) = stage.reception.got
    assert said.text == "s" + "e" * 200 + "e" * 200 + f" {tag * 2}"


async def test_the_name_alone_is_a_greeting(stage: Bench) -> None:
    name = "<at>Tandem (beta) + co?</at>&nbsp;"
    await stage.post(stage.activity(text=name, conversation=CHANNEL, entities=[MENTION]))
    (said,) = stage.reception.got
    assert (said.text, said.private) == ("hello", False)


async def test_a_message_that_begins_a_thread(stage: Bench) -> None:
    first = {**CHANNEL, "id": "19:abc@thread.tacv2"}
    told = stage.activity(text="<at>Tandem (beta) + co?</at> hi", conversation=first, id="99")
    await stage.post({**told, "entities": [MENTION]})
    assert stage.reception.got[0].place.thread == "99"


@pytest.mark.parametrize(
    ("zone", "kept"), [("Mars/Olympus", ""), ("W. Europe Standard Time", ""), ("UTC", "UTC")]
)
async def test_zones(stage: Bench, zone: str, kept: str) -> None:
    await stage.post(stage.activity(text="x", localTimezone=zone))
    assert stage.reception.got[0].zone == kept


async def test_a_submitted_button(stage: Bench) -> None:
    value = {"verb": "accept:7:100", "_subject": "proposal:7", "note": "fine"}
    await stage.post(stage.activity(value=value, replyToId="55"))
    (pressed,) = stage.reception.got
    assert (pressed.action, pressed.values) == ("accept:7:100", {"note": "fine"})
    assert (pressed.ref, pressed.text) == ("55", "")


# --- answers in place -----------------------------------------------------------------------------


async def test_a_button_is_kept_and_answered_at_once(stage: Bench) -> None:
    status, answer = await stage.post(stage.pressed("accept:7:100", {"_subject": "proposal:7"}))
    assert (status, answer["statusCode"], answer["type"]) == (200, 200, WORD)
    assert [i.action for i in stage.reception.got] == ["accept:7:100"]


async def test_a_button_pressed_again_shows_the_card_as_it_stands(stage: Bench) -> None:
    stage.reception.views["proposal:7"] = VIEW
    told = stage.pressed("accept:7:100", {"_subject": "proposal:7"})
    await stage.post(told)
    _, answer = await stage.post(told)
    assert "Alex accepted." in texts(card_in(answer))
    assert len(stage.reception.got) == 1


async def test_refresh_shows_the_newest_state_and_keeps_nothing(stage: Bench) -> None:
    stage.reception.views["proposal:7"] = VIEW
    for more in ({"trigger": "automatic"}, {}):
        told = stage.pressed("refresh", {"_subject": "proposal:7"}, **more)
        _, answer = await stage.post(told)
        card = card_in(answer)
        assert "Alex accepted." in texts(card)
        assert card["refresh"]["userIds"] == [ACCOUNT]
    assert stage.reception.got == []


async def test_refresh_of_nothing(stage: Bench) -> None:
    for subject in ("proposal:8", ""):
        _, answer = await stage.post(stage.pressed("refresh", {"_subject": subject}))
        assert answer["type"] == WORD


async def test_a_form_stands_in_the_place_of_the_card(stage: Bench) -> None:
    stage.reception.forms["connect:apple"] = FORM
    _, answer = await stage.post(stage.pressed("connect:apple"))
    form = card_in(answer)
    assert stage.reception.got == []
    (button,) = [a for a in form["actions"] if a["type"] == "Action.Execute"]
    assert button["data"] == {"_form": "connect:apple"}

    entered = {**button["data"], "user": "maya", "password": "hunter2"}
    stage.reception.wrong = {"password": "This is no password of that kind."}
    _, answer = await stage.post(stage.pressed(button["verb"], entered))
    again = card_in(answer)
    assert "Password: This is no password of that kind." in texts(again)
    assert "hunter2" not in str(answer)
    assert stage.reception.got == []

    stage.reception.wrong = {}
    _, answer = await stage.post(stage.pressed(button["verb"], entered))
    assert not [e for e in objects(card_in(answer)) if str(e.get("type")).startswith("Input")]
    (sent,) = stage.reception.got
    assert sent.values == {"user": "maya", "password": "hunter2"}
    assert "hunter2" not in repr(sent)


async def test_in_a_group_nothing_refreshes_itself(stage: Bench) -> None:
    stage.reception.views["proposal:7"] = VIEW
    told = stage.pressed("refresh", {"_subject": "proposal:7"}, conversation=CHANNEL)
    _, answer = await stage.post(told)
    assert "refresh" not in card_in(answer)


# --- dialogs --------------------------------------------------------------------------------------


def task(stage: Bench, name: str, **data: Any) -> dict[str, Any]:
    value = {"data": data, "context": {"theme": "default"}}
    return stage.activity("invoke", name=f"task/{name}", value=value)


async def test_a_dialog_from_opening_to_sending(connector: Connector) -> None:
    async with bench(connector, opens=lambda verb: verb == "connect:apple") as stage:
        stage.reception.forms["connect:apple"] = FORM
        opening = {"verb": "connect:apple", "msteams": {"type": "task/fetch"}}
        _, answer = await stage.post(task(stage, "fetch", **opening))
        value = answer["task"]["value"]
        assert (answer["task"]["type"], value["title"]) == ("continue", "Connect a calendar")
        card = value["card"]["content"]
        assert card_problems(card) == []
        (button,) = card["actions"]
        assert button["type"] == "Action.Submit"

        entered = {**button["data"], "user": "maya", "password": "x"}
        stage.reception.wrong = {"user": "Who is that?"}
        _, answer = await stage.post(task(stage, "submit", **entered))
        again = answer["task"]["value"]["card"]["content"]
        assert "Account: Who is that?" in texts(again)

        stage.reception.wrong = {}
        assert await stage.post(task(stage, "submit", **entered)) == (200, "")
        (sent,) = stage.reception.got
        assert (sent.action, sent.values) == (
            "connect:verify",
            {"user": "maya", "password": "x"},
        )


async def test_a_dialog_that_is_none_is_an_ordinary_button(stage: Bench) -> None:
    _, answer = await stage.post(task(stage, "fetch", verb="help"))
    assert answer["task"]["type"] == "message"
    assert [i.action for i in stage.reception.got] == ["help"]


# --- coming and going -----------------------------------------------------------------------------


async def test_installing_tells_who_and_where(stage: Bench) -> None:
    stage.connector.members[ACCOUNT] = {
        "id": ACCOUNT,
        "name": "Maya Rossi",
        "email": "maya@bright.example.org",
        "aadObjectId": USER,
        "tenantId": TENANT,
        "userRole": "user",
    }
    assert (await stage.post(stage.activity("installationUpdate", action="add")))[0] == 201
    ((kind, tenant, name, who),) = stage.reception.installations
    assert (kind, tenant, name) == ("teams", TENANT, "bright.example.org")
    assert (who.name, who.email) == ("Maya Rossi", "maya@bright.example.org")
    assert await stage.teams.channel.direct(MAYA) == ("teams", TENANT, PERSONAL, "")
    assert stage.connector.calls[-1][0] == "GET"  # nothing had to be created


async def test_installing_works_without_the_roster(stage: Bench) -> None:
    await stage.post(stage.activity("installationUpdate", action="add"))
    ((_, _, name, who),) = stage.reception.installations
    assert (name, who.name, who.email) == (TENANT, "Maya Rossi", "")


async def test_an_installation_is_greeted_once(stage: Bench) -> None:
    added = stage.activity("conversationUpdate", membersAdded=[{"id": BOT}, {"id": ACCOUNT}])
    installed = stage.activity("installationUpdate", action="add")
    for activity in (added, installed, installed):
        assert (await stage.post(activity))[0] == 201
    (greeting,) = stage.reception.got
    assert (greeting.who, greeting.text, greeting.private) == (MAYA, "hello", True)
    assert greeting.place.conversation == PERSONAL
    stage.reception.seen.clear()  # a day later
    for action in ("remove", "add", "add-upgrade"):
        await stage.post(stage.activity("installationUpdate", action=action))
    assert stage.reception.got == [greeting]


async def test_who_spoke_before_needs_no_greeting(stage: Bench) -> None:
    await stage.meet()
    await stage.post(stage.activity("installationUpdate", action="add-upgrade"))
    assert stage.reception.got == []


async def test_who_was_met_in_a_channel_only_is_greeted(stage: Bench) -> None:
    text = "<at>Tandem (beta) + co?</at> hello"
    await stage.post(stage.activity(text=text, conversation=CHANNEL, entities=[MENTION]))
    stage.reception.got.clear()
    await stage.post(
        stage.activity("conversationUpdate", conversation=CHANNEL, membersAdded=[{"id": BOT}])
    )
    assert stage.reception.got == []
    await stage.post(stage.activity("installationUpdate", action="add"))
    assert [said.text for said in stage.reception.got] == ["hello"]


async def test_removing_and_coming_back(stage: Bench) -> None:
    await stage.meet()
    await stage.post(stage.activity("installationUpdate", action="remove"))
    found = await stage.teams.directory.get(MAYA)
    assert found is None or found.standing is Standing.GONE
    await stage.post(stage.activity(text="I am back"))
    assert [p.standing for p in stage.reception.news] == [Standing.GONE, Standing.MEMBER]
    assert (await stage.teams.channel.direct(MAYA)).conversation == PERSONAL


async def test_removed_from_a_team_nobody_is_gone(stage: Bench) -> None:
    removed = stage.activity("conversationUpdate", conversation=CHANNEL)
    await stage.post({**removed, "membersRemoved": [{"id": BOT}]})
    assert stage.reception.news == []


async def test_a_person_who_travels_is_news_once(stage: Bench) -> None:
    await stage.meet()
    assert stage.reception.news == []  # the first time the bot asks the directory itself
    for _ in range(3):
        await stage.post(stage.activity(text="x", localTimezone="Asia/Tokyo"))
    ((person),) = stage.reception.news
    assert (person.identity, person.zone) == (MAYA, "Asia/Tokyo")
