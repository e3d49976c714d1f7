"""Neutral cards as Adaptive Cards: valid, small enough, and without markup of other people."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.cards import (
    MOST_BYTES,
    PLAIN,
    Rendering,
    card_of,
    message_of,
    size,
    with_problems,
)
from adapters.teams.escape import escaped
from adapters.teams.inputs import values_of
from bot.card import (
    Action,
    Card,
    Fields,
    Input,
    InputKind,
    Note,
    Progress,
    Style,
    Table,
    Text,
    TimeLine,
    Times,
)
from bot.message import Mention, Outgoing
from core.people import ChatIdentity
from tests.unit.teams.card_judge import card_problems, objects, texts, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a judge")

NASTY = (
    "**bold** _it_ [here](https://evil.example.org) <at>Maya</at> `code`\n- list\n1. one\n"
    "# big\n> said\n{{TIME(2026-10-26T09:00:00Z)}} ~~gone~~ \\ ![x](y)"
)
EVERYTHING = Card(
    "Session with Alex",
    (
        Text("These times suit you both.\n\nAll of them are yours."),
        Note("In your own time"),
        Fields((("When", "Monday 10:00"), ("Where", "https://meet.example.org/a_b_c"))),
        Times((TimeLine("Monday 10:00", "16:00 for Alex"), TimeLine("Tuesday 11:00"))),
        Table(("Name", "State"), (("Maya", "ready"), ("Alex", ""))),
        Progress(3, 7),
    ),
    (
        Input("name", "Name", InputKind.TEXT, "Maya", hint="As in your calendar"),
        Input("password", "Password", InputKind.SECRET, "hunter2"),
        Input("one", "One", InputKind.CHOICE, "b", (("a", "A"), ("b", "B")), hint="Pick"),
        Input("many", "Many", InputKind.CHOICES, "a,1\nb%", (("a,1", "*A*"), ("b%", "B"))),
        Input("count", "Minutes", InputKind.NUMBER, "30", required=False),
        Input("from", "From", InputKind.TIME, "09:30"),
    ),
    (
        Action("save:1", "Save", Style.PRIMARY),
        Action("drop:1", "Drop", Style.DANGER),
        Action("page", "Open", url="https://tandem.example.org/page"),
    ),
)


def test_every_part_is_rendered_by_the_schema() -> None:
    card = card_of(Outgoing("Here is all.", EVERYTHING, "proposal:7"), Rendering(("29:maya",)))
    assert card_problems(card) == []
    kinds = {element.get("type") for element in objects(card)}
    assert kinds >= {
        "FactSet",
        "Table",
        "Input.Text",
        "Input.ChoiceSet",
        "Input.Number",
        "Input.Time",
        "Action.Execute",
        "Action.OpenUrl",
        "RichTextBlock",
    }


def test_checker_sees_what_is_wrong() -> None:
    good = card_of(Outgoing("Hello", Card("Title")))
    assert card_problems(good) == []
    assert card_problems({**good, "version": "1.6"}) != []
    assert card_problems({**good, "body": [{"type": "TextBlok", "text": "x"}]}) != []
    assert card_problems({**good, "fallbackText": ""}) != []
    assert card_problems({**good, "body": [{"type": "TextBlock", "text": "x" * 30_000}]}) != []
    assert card_problems({**good, "actions": [{"type": "Action.Submit"}] * 7}) != []
    assert card_problems({**good, "msteams": {"width": "full"}}) == []


def test_a_button_is_an_execute_with_the_same_submit_behind_it() -> None:
    card = card_of(Outgoing("Hello", EVERYTHING, "proposal:7"))
    save = card["actions"][0]
    assert save["verb"] == "save:1"
    assert save["data"] == {"_subject": "proposal:7"}
    assert save["fallback"]["data"] == {"verb": "save:1", "_subject": "proposal:7"}
    assert [a.get("style") for a in card["actions"]] == ["positive", "destructive", None]
    assert card["actions"][2]["url"] == "https://tandem.example.org/page"


def test_a_dialog_knows_submit_only() -> None:
    card = card_of(Outgoing("", EVERYTHING), Rendering(dialog=True, form="connect:apple"))
    assert [a["type"] for a in card["actions"]] == [
        "Action.Submit",
        "Action.Submit",
        "Action.OpenUrl",
    ]
    assert card["actions"][0]["data"] == {"verb": "save:1", "_form": "connect:apple"}


def test_a_button_that_opens_a_dialog_fetches_it() -> None:
    card = card_of(Outgoing("", EVERYTHING), Rendering(opens=lambda verb: verb == "save:1"))
    save = card["actions"][0]
    assert save["type"] == "Action.Submit"
    assert save["data"] == {"verb": "save:1", "msteams": {"type": "task/fetch"}}
    assert card["actions"][1]["type"] == "Action.Execute"
    assert card_problems(card) == []


def test_refresh_only_with_a_subject_and_for_named_readers() -> None:
    card = Card("Title")
    assert "refresh" not in card_of(Outgoing("a", card, "proposal:7"), PLAIN)
    assert "refresh" not in card_of(Outgoing("a", card), Rendering(("29:maya",)))
    many = tuple(f"29:{n}" for n in range(80))
    refresh = card_of(Outgoing("a", card, "proposal:7"), Rendering(many))["refresh"]
    assert refresh["userIds"] == list(many[:60])
    assert refresh["action"]["data"] == {"_subject": "proposal:7"}


@pytest.mark.parametrize("count", [6, 7, 13, 90])
def test_more_buttons_stand_in_rows_and_none_is_lost_silently(count: int) -> None:
    actions = tuple(Action(f"offer:{n}", f"Time {n}") for n in range(count))
    card = card_of(Outgoing("Pick", Card("Times", actions=actions)))
    assert card_problems(card) == []
    shown = [e for e in objects(card) if e.get("type") == "Action.Execute"]
    missing = count - len(shown)
    assert missing == max(0, count - 36)
    said = [t for t in texts(card) if t == f"{missing} more choices do not fit here."]
    assert bool(said) == bool(missing)


def test_a_secret_is_never_written_into_a_card() -> None:
    card = card_of(Outgoing("", EVERYTHING))
    (secret,) = [e for e in objects(card) if e.get("style") == "password"]
    assert "value" not in secret
    assert "hunter2" not in json.dumps(card)


def test_a_form_comes_back_with_problems_and_entries() -> None:
    again = with_problems(EVERYTHING, {"name": "Too short."}, {"name": "M", "password": "secret"})
    card = card_of(Outgoing("", again), Rendering(dialog=True))
    assert card_problems(card) == []
    assert "Name: Too short." in texts(card)
    assert "secret" not in json.dumps(card)
    assert next(e for e in objects(card) if e.get("id") == "name")["value"] == "M"


def test_a_form_that_comes_back_with_very_long_entries_still_fits() -> None:
    entries = {"name": "ü" * 40_000, "one": "b", "count": "9" * 9000, "from": "x" * 9000}
    again = with_problems(EVERYTHING, {"name": "Too long."}, entries)
    for rendering in (Rendering(dialog=True), PLAIN):
        card = card_of(Outgoing("", again), rendering)
        assert card_problems(card) == []
        assert size(card) <= MOST_BYTES
        (name,) = [e for e in objects(card) if e.get("id") == "name"]
        assert len(name["value"]) <= name["maxLength"] == 3000


def test_required_only_where_no_button_refuses() -> None:
    entry = Input("link", "Link", InputKind.TEXT)
    save, skip = Action("link:save", "Save"), Action("link:skip", "Not needed")
    one = card_of(Outgoing("", Card(inputs=(entry,), actions=(save,))))
    two = card_of(Outgoing("", Card(inputs=(entry,), actions=(save, skip))))
    assert [e["isRequired"] for e in objects(one) if "isRequired" in e] == [True]
    assert [e for e in objects(two) if "isRequired" in e] == []


def test_the_text_is_not_said_twice() -> None:
    card = card_of(Outgoing("Session with Alex", EVERYTHING))
    assert texts(card).count("Session with Alex") == 1


ASKS = "Maya O’Neill-Patel would like to meet you, says Maya O’Neill-Patel."
NAME = "Maya O’Neill-Patel"
MAYA = ChatIdentity("teams", "tenant", "0a1b-objectid")


def test_somebody_of_the_tenant_is_mentioned_where_we_name_them() -> None:
    """The tag and the entity say the same; a second time the name is only words."""
    message = Outgoing(ASKS, EVERYTHING, mentions=(Mention(0, NAME, (MAYA,)),))
    card = card_of(message, Rendering(tenant="tenant"))
    assert card_problems(card) == []
    assert card["body"][0]["text"] == ASKS.replace(NAME, f"<at>{NAME}</at>", 1)
    mentioned = {"id": "0a1b-objectid", "name": NAME}
    entity = {"type": "mention", "text": f"<at>{NAME}</at>", "mentioned": mentioned}
    assert card["msteams"] == {"entities": [entity]}
    assert card["fallbackText"] == ASKS
    assert message_of(message, Rendering(tenant="tenant"))["summary"] == ASKS


@pytest.mark.parametrize(
    ("name", "tenant"),
    [
        (NAME, "another"),
        (NAME, ""),
        ("Ann **strong** Bo", "tenant"),
        ("Ann <at>all</at>", "tenant"),
        ("Ann [x](https://evil.example.org)", "tenant"),
        ("Ann &amp; Bo", "tenant"),
        ("A" * 101, "tenant"),
    ],
)
def test_whoever_is_no_member_or_has_marks_in_their_name_is_named_in_words(
    name: str, tenant: str
) -> None:
    text = f"{name} would like to meet you."
    message = Outgoing(text, EVERYTHING, mentions=(Mention(0, name, (MAYA,)),))
    card = card_of(message, Rendering(tenant=tenant))
    assert "msteams" not in card
    assert card["body"][0] == {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": text}],
    }


def test_what_stands_beside_a_mention_is_no_markup() -> None:
    said = f"{NAME} [here](https://evil.example.org) **bold** <at>all</at>"
    message = Outgoing(said, EVERYTHING, mentions=(Mention(0, NAME, (MAYA,)),))
    text = card_of(message, Rendering(tenant="tenant"))["body"][0]["text"]
    assert text.startswith(f"<at>{NAME}</at> ")
    for mark in ("](", " **", " <at>"):
        assert mark not in text.removeprefix(f"<at>{NAME}</at>")


def test_text_of_others_is_no_markup() -> None:
    nasty = Card(
        NASTY,
        (Text(NASTY), Note(NASTY), Fields(((NASTY, NASTY),)), Times((TimeLine(NASTY, NASTY),))),
        (
            Input("a", NASTY, InputKind.CHOICES, "", (("x", NASTY),), NASTY),
            Input("b", NASTY, InputKind.CHOICE, "", (("x", NASTY),), NASTY),
        ),
        (Action("x", NASTY),),
    )
    card = card_of(Outgoing(NASTY, nasty))
    assert card_problems(card) == []
    # Only these read Markdown (Adaptive Cards: TextBlock, Fact).
    reading = [e["text"] for e in objects(card) if e.get("type") == "TextBlock"]
    facts = next(e["facts"] for e in objects(card) if e.get("type") == "FactSet")
    reading += [fact[key] for fact in facts for key in ("title", "value")]
    assert len(reading) == 3
    for text in reading:
        for mark in ("**", " _it", "](", " <at>", " `", "\n- ", "\n1.", "\n# ", "\n> ", "{{", "~~"):
            assert mark not in text
    boxes = next(e for e in objects(card) if e.get("isMultiSelect"))
    (title,) = [choice["title"] for choice in boxes["choices"]]
    assert "\\*" not in title  # a backslash would be seen there
    assert not [mark for mark in ("](", "{{", "\n- ") if mark in title]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Maya O’Brien (UK), 50% + more", "Maya O’Brien (UK), 50% + more"),
        ("a_b*c", r"a\_b\*c"),
        ("[x](y)", "[x]\u2060(y)"),
        ("- one", "\u2060- one"),
        ("2. two", "\u20602. two"),
        ("<at>A</at>", r"\<at>A\</at>"),
    ],
)
def test_escaping(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_several_choices_come_back_as_they_were() -> None:
    card = card_of(Outgoing("", EVERYTHING))
    boxes = next(e for e in objects(card) if e.get("isMultiSelect"))
    assert boxes["value"] == "a%2C1,b%25"
    data = {boxes["id"]: boxes["value"], "verb": "save:1", "_form": "f", "msteams": {}}
    assert values_of(data) == {"many": "a,1\nb%"}


def test_values_are_texts_whatever_came() -> None:
    sent = {"a": 30.0, "b": True, "c": None, "d": {"x": 1}, "e": "x\x00\ud800y", "f": 2}
    expected = {"a": "30", "b": "true", "c": "", "d": "", "e": "x?y", "f": "2"}
    assert values_of(sent) == expected


def test_long_things_are_cut_and_counted() -> None:
    rows = tuple((f"Person {n}", "x" * 200) for n in range(900))
    sent = message_of(Outgoing("List", Card("People", (Table(("Name", "What"), rows),))))
    card = sent["attachments"][0]["content"]
    assert card_problems(card) == []
    assert len(json.dumps(sent, ensure_ascii=False).encode()) <= MOST_BYTES
    table = next(e for e in objects(card) if e.get("type") == "Table")
    left = 900 - (len(table["rows"]) - 1)
    assert f"{left} more rows do not fit here." in texts(card)


def test_a_plain_message_has_no_card() -> None:
    assert message_of(Outgoing("Hello *you*")) == {"textFormat": "plain", "text": "Hello *you*"}
    assert message_of(Outgoing("x" * 90_000))["text"].endswith("…")


def test_a_card_is_announced_by_its_text() -> None:
    assert message_of(Outgoing("Two times for you", EVERYTHING))["summary"] == "Two times for you"
    assert message_of(Outgoing("", EVERYTHING))["summary"] == "Session with Alex"


WORDS = st.text(max_size=400)
PARTS = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Note, WORDS),
    st.builds(Fields, st.lists(st.tuples(WORDS, WORDS), max_size=5).map(tuple)),
    st.builds(Times, st.lists(st.builds(TimeLine, WORDS, WORDS), max_size=5).map(tuple)),
    st.builds(
        Table,
        st.lists(WORDS, max_size=3).map(tuple),
        st.lists(st.lists(WORDS, max_size=4).map(tuple), max_size=5).map(tuple),
    ),
    st.builds(Progress, st.integers(0, 9), st.integers(0, 9)),
)
INPUTS = st.builds(
    Input,
    st.sampled_from(["a", "b", "c"]),
    WORDS,
    st.sampled_from(InputKind),
    WORDS,
    st.lists(st.tuples(WORDS, WORDS), max_size=5).map(tuple),
    WORDS,
    st.booleans(),
)
ACTIONS = st.builds(Action, st.text(min_size=1, max_size=255), WORDS, st.sampled_from(Style))
CARDS = st.builds(
    Card,
    WORDS,
    st.lists(PARTS, max_size=12).map(tuple),
    st.lists(INPUTS, max_size=4).map(tuple),
    st.lists(ACTIONS, max_size=40).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(WORDS, CARDS, st.booleans())
def test_any_card_is_valid_and_fits(text: str, card: Card, dialog: bool) -> None:
    made = card_of(Outgoing(text, card, "proposal:7"), Rendering(("29:maya",), dialog))
    assert card_problems(made) == []
