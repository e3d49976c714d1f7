"""Neutral cards as Block Kit: within every limit, and without markup of other people."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import LINK, OPENS, home_of, message_of, modal_of
from adapters.slack.escape import cut_escaped, escaped
from adapters.slack.inputs import values_of
from adapters.slack.packing import packed, unpacked
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
from tests.unit.slack.checker import Json, check_message, check_view, texts

NASTY = (
    "<!channel> <@U123> <https://evil.example.org|here> *bold* _it_ ~gone~ `code` :tada:\n"
    "> said &lt;!here&gt; & @here #general"
)
PARTS = (
    Text("These times suit you both."),
    Note("In your own time"),
    Fields((("When", "Monday 10:00"), ("Where", "https://meet.example.org/a_b_c"))),
    Times((TimeLine("Monday 10:00", "16:00 for Alex"), TimeLine("Tuesday 11:00"))),
    Table(("Name", "State"), (("Maya", "ready"), ("Alex", ""))),
    Progress(3, 7),
)
INPUTS = (
    Input("name", "Name", InputKind.TEXT, "Maya", hint="As in your calendar"),
    Input("one", "One", InputKind.CHOICE, "", (("", "Any"), ("b", "B")), hint="Pick"),
    Input("many", "Many", InputKind.CHOICES, "a\nb", (("a", "A"), ("b", "B"), ("c", "C"))),
    Input("count", "Minutes", InputKind.NUMBER, "30", required=False),
    Input("from", "From", InputKind.TIME, "09:30"),
)
ACTIONS = (
    Action("save:1", "Save", Style.PRIMARY),
    Action("drop:1", "Drop", Style.DANGER),
    Action("page", "Open", url="https://tandem.example.org/page"),
)
EVERYTHING = Card("Session with Alex", PARTS, INPUTS, ACTIONS)
SECRET = Card(
    "Connect a calendar",
    (Text("Make a password for this."),),
    (Input("user", "Account", InputKind.TEXT), Input("password", "Password", InputKind.SECRET)),
    (Action("connect:verify:caldav", "Connect", Style.PRIMARY),),
)


def blocks(card: Card, text: str = "Hello") -> list[Json]:
    message = message_of(Outgoing(text, card))
    check_message(message)
    found: list[Json] = message["blocks"]
    return found


def of_type(found: list[Json], kind: str) -> list[Json]:
    return [block for block in found if block["type"] == kind]


def buttons(found: list[Json]) -> list[Json]:
    return [element for block in of_type(found, "actions") for element in block["elements"]]


def test_every_part_is_native() -> None:
    found = blocks(EVERYTHING)
    kinds = [block["type"] for block in found]
    assert kinds == [
        *("section", "header", "section", "context", "section", "section", "table", "section"),
        *("input",) * 5,
        "actions",
    ]
    assert found[4]["fields"][0]["text"] == "*When*\nMonday 10:00"
    assert found[5]["text"]["text"] == "*Monday 10:00*\n16:00 for Alex\n*Tuesday 11:00*"
    assert [cell["text"] for cell in found[6]["rows"][2]] == ["Alex", " "]
    assert found[7]["text"]["text"].endswith("3 of 7")


def test_inputs_show_what_is_set() -> None:
    elements = [block["element"] for block in of_type(blocks(EVERYTHING), "input")]
    name, one, many, count, start = elements
    assert (name["initial_value"], name["placeholder"]["text"]) == ("Maya", "As in your calendar")
    assert one["initial_option"]["text"]["text"] == "Any"
    assert [option["text"]["text"] for option in many["initial_options"]] == ["A", "B"]
    assert (count["initial_value"], start["initial_time"]) == ("30", "09:30")


def test_buttons_say_what_they_do() -> None:
    save, drop, page = buttons(blocks(EVERYTHING))
    assert (save["action_id"], save["style"]) == ("save:1", "primary")
    assert (drop["action_id"], drop["style"]) == ("drop:1", "danger")
    assert page["url"] == "https://tandem.example.org/page"
    assert page["action_id"].startswith(LINK)


def test_what_was_shown_comes_back_as_values() -> None:
    state: dict[str, Json] = {}
    for block in of_type(blocks(EVERYTHING), "input"):
        element = block["element"]
        entered = {
            "plain_text_input": {"value": "Maya"},
            "static_select": {"selected_option": element.get("initial_option")},
            "multi_static_select": {"selected_options": element.get("initial_options")},
            "number_input": {"value": None},
            "timepicker": {"selected_time": "09:30"},
        }[element["type"]]
        state[block["block_id"]] = {element["action_id"]: entered}
    assert values_of({"values": state}) == {
        "name": "Maya",
        "one": "",
        "many": "a\nb",
        "count": "",
        "from": "09:30",
    }


@pytest.mark.parametrize("state", [None, [], {"values": 7}, {"values": {"in|x": 3, "y": {}}}])
def test_strange_states_hold_no_values(state: object) -> None:
    assert set(values_of(state).values()) <= {""}


# --- secrets --------------------------------------------------------------------------------------


def test_a_secret_is_asked_for_in_a_modal_only() -> None:
    for found in (blocks(SECRET), home_of(SECRET)["blocks"]):
        assert not of_type(found, "input")
        (button,) = buttons(found)
        assert button["action_id"] == OPENS
        form = unpacked(button["value"])
        assert form == SECRET
        assert form
        view = modal_of(form)
        check_view(view)
        assert len(of_type(view["blocks"], "input")) == 2
        assert view["callback_id"] == "connect:verify:caldav"


def test_a_packed_form_never_holds_the_secret() -> None:
    entered = Input("password", "Password", InputKind.SECRET, "abcd-efgh-ijkl-mnop")
    form = unpacked(packed(Card("", (), (entered,), SECRET.actions)))
    assert form
    assert form.inputs[0].value == ""


def test_a_form_too_long_for_a_button_is_refused_in_words() -> None:
    options = tuple((f"{n * 7919 % 10007}", f"{n * 104729 % 99991}") for n in range(900))
    card = Card("", (), (*SECRET.inputs, Input("x", "X", InputKind.CHOICE, "", options)))
    found = blocks(card)
    assert not buttons(found)
    assert any("too long" in text for text in texts(found))


@pytest.mark.parametrize("value", ["", "x", "%%%", "eJwDAAAAAAE=", "eJyrVgIAAPwAvg==", "e30="])
def test_what_is_no_form_opens_none(value: str) -> None:
    assert unpacked(value) is None


# --- limits ---------------------------------------------------------------------------------------


def test_long_texts_are_split_and_then_cut() -> None:
    found = blocks(Card("", (Text("word " * 1000),)), "")
    said = [text for block in found for text in texts(block)]
    assert " ".join(said) == ("word " * 1000).strip()
    assert next(iter(texts(blocks(Card("", (Text("x" * 50_000),)), "")[-1]))).endswith("…")


def test_what_is_left_out_is_said() -> None:
    rows = tuple((f"Person {n}", "ready") for n in range(150))
    assert any(
        "51 more rows" in text for text in texts(blocks(Card("", (Table(("A", "B"), rows),))))
    )
    many = blocks(Card("", tuple(Text(f"Part {n}") for n in range(70)), (), ACTIONS))
    assert len(many) == 50
    assert any("rest does not fit" in text for text in texts(many))
    assert len(buttons(many)) == 3


def test_many_buttons_stand_in_rows_and_equal_ones_once() -> None:
    found = blocks(Card("", (), (), tuple(Action(f"a:{n % 60}", str(n)) for n in range(80))))
    assert [len(block["elements"]) for block in of_type(found, "actions")] == [25, 25, 10]


def test_a_link_too_long_for_a_button_is_said() -> None:
    found = blocks(Card("", (), (), (Action("p", "Open", url="https://x.example/" + "y" * 3000),)))
    assert not buttons(found)
    assert any("cannot be shown" in text for text in texts(found))


def test_many_choices_stand_in_groups() -> None:
    options = tuple((str(n), f"Choice {n}") for n in range(230))
    (block,) = of_type(blocks(Card("", (), (Input("x", "X", InputKind.CHOICE, "229", options),))),
                       "input")  # fmt: skip
    groups = block["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 30]
    assert block["element"]["initial_option"]["text"]["text"] == "Choice 229"


def test_very_many_choices_are_shared_out_and_the_chosen_one_stays() -> None:
    options = tuple((str(n), f"Choice {n}") for n in range(2500))
    one = Input("one", "One", InputKind.CHOICE, "2499", options)
    found = blocks(Card("", (), (one, Input("two", "Two", InputKind.CHOICE, "", options))))
    assert len(json.dumps(found)) < 300_000
    first, _ = of_type(found, "input")
    assert first["element"]["initial_option"]["value"].endswith("2499")
    assert first["hint"]["text"] == "1500 more choices do not fit here."


def test_nothing_to_choose_is_said() -> None:
    found = blocks(Card("", (), (Input("x", "Calendar", InputKind.CHOICE),)))
    assert "Calendar: there is nothing to choose from." in list(texts(found))


def test_a_second_table_becomes_lines() -> None:
    table = Table(("Name", "State"), (("Maya", "ready"),))
    found = blocks(Card("", (table, table)))
    assert len(of_type(found, "table")) == 1
    assert "*Maya*\nState: ready" in list(texts(found))


def test_modal_has_one_button_that_sends() -> None:
    view = modal_of(EVERYTHING, {"channel": "D1"})
    check_view(view)
    assert (view["callback_id"], view["submit"]["text"]) == ("save:1", "Save")
    assert [b["action_id"] for b in buttons(view["blocks"])] == ["drop:1", f"{LINK}page"]
    assert json.loads(view["private_metadata"]) == {"channel": "D1"}


def test_a_long_title_stands_whole_in_the_modal() -> None:
    title = "A question that is longer than a title may be"
    view = modal_of(Card(title, PARTS, INPUTS, ACTIONS))
    check_view(view)
    assert title in list(texts(view["blocks"]))


def test_home_has_no_tables() -> None:
    view = home_of(EVERYTHING)
    check_view(view)
    assert buttons(view["blocks"])


def test_text_alone_and_nothing_at_all() -> None:
    message = message_of(Outgoing("Good morning"))
    check_message(message)
    assert list(texts(message["blocks"])) == ["Good morning"]
    check_message(message_of(Outgoing("")))
    check_message(message_of(Outgoing("", Card())))
    check_view(home_of(Card()))
    check_view(modal_of(Card()))


# --- mentions -------------------------------------------------------------------------------------

ASKS = "Maya Patel would like to meet you, says Maya Patel."
MAYA = ChatIdentity("slack", "T1", "U0001")
ELSEWHERE = (ChatIdentity("teams", "T1", "U0009"), ChatIdentity("slack", "T2", "U0002"), MAYA)


def opening(*mentions: Mention, text: str = ASKS, workspace: str = "T1") -> Json:
    """Return the first text object of a message about a proposal."""
    message = message_of(Outgoing(text, EVERYTHING, mentions=mentions), workspace)
    check_message(message)
    assert message["text"].startswith(text[:4])  # notifications show the name
    shown: Json = message["blocks"][0]["text"]
    return shown


def test_somebody_of_the_workspace_is_mentioned_where_we_name_them() -> None:
    """The same words a second time in a text are words."""
    said = ASKS.replace("Maya Patel", "<@U0001>", 1)
    assert opening(Mention(0, "Maya Patel", ELSEWHERE)) == {
        "type": "mrkdwn",
        "text": said,
        "verbatim": True,
    }


@pytest.mark.parametrize(
    ("mention", "workspace"),
    [
        (Mention(0, "Maya Patel", ELSEWHERE), "T3"),
        (Mention(0, "Maya Patel", ELSEWHERE), ""),
        (Mention(0, "Maya Patel", (MAYA._replace(user="!channel"),)), "T1"),
        (Mention(0, "Maya Patel", (MAYA._replace(user="U1> <!here"),)), "T1"),
        (Mention(3, "Maya Patel", ELSEWHERE), "T1"),
        (Mention(0, "Somebody else", ELSEWHERE), "T1"),
    ],
)
def test_whoever_is_no_member_is_named_in_words(mention: Mention, workspace: str) -> None:
    found = opening(mention, workspace=workspace)
    assert (found["type"], found["text"]) == ("plain_text", ASKS)


def test_what_stands_beside_a_mention_is_no_markup() -> None:
    found = opening(Mention(0, "Maya Patel", (MAYA,)), text=f"Maya Patel {NASTY}")
    assert found["text"].startswith("<@U0001> &lt;!channel&gt;")


def test_a_text_that_is_too_long_for_one_block_has_no_mention() -> None:
    text = f"Maya Patel {'word ' * 700}"
    assert opening(Mention(0, "Maya Patel", (MAYA,)), text=text)["type"] == "plain_text"


# --- markup ---------------------------------------------------------------------------------------


def test_names_and_titles_are_no_markup() -> None:
    parts = (
        Text(NASTY),
        Note(NASTY),
        Fields(((NASTY, NASTY),)),
        Times((TimeLine(NASTY, NASTY),)),
        Table((NASTY, NASTY), ((NASTY, NASTY),)),
        Table((NASTY, NASTY), ((NASTY, NASTY),)),
    )
    inputs = (Input("x", NASTY, InputKind.CHOICE, "1", (("1", NASTY),), NASTY),)
    card = Card(NASTY, parts, inputs, (Action("a", NASTY),))
    blocks(card, NASTY)
    check_view(modal_of(card))
    check_view(home_of(card))


def test_escaping_shows_the_same_signs() -> None:
    assert escaped("a < b & c > d") == "a &lt; b &amp; c &gt; d"
    assert escaped("at 10:30, or 11:00") == "at 10:30, or 11:00"
    assert ":tada:" not in escaped(":tada:")
    assert "*b" not in escaped("*bold*")


@given(st.text("a<&>*", max_size=400), st.integers(20, 300))
def test_an_escaped_text_is_cut_between_signs(text: str, most: int) -> None:
    found = cut_escaped(text, most)
    assert len(found) <= most
    assert "&" not in found.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


WORDS = st.text(max_size=20) | st.builds(
    str.__mul__, st.text("x<&>*_ \n", max_size=5), st.sampled_from([1, 30, 800])
)
SOME_PARTS = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Note, WORDS),
    st.builds(Fields, st.lists(st.tuples(WORDS, WORDS), max_size=14).map(tuple)),
    st.builds(Times, st.lists(st.builds(TimeLine, WORDS, WORDS), max_size=8).map(tuple)),
    st.builds(
        Table,
        st.lists(WORDS, max_size=4).map(tuple),
        st.lists(st.lists(WORDS, max_size=4).map(tuple), max_size=6).map(tuple),
    ),
    st.builds(Progress, st.integers(-1, 9), st.integers(-1, 9)),
)
SOME_INPUTS = st.builds(
    Input,
    st.sampled_from(["a", "b", "c"]),
    WORDS,
    st.sampled_from(InputKind),
    st.text(max_size=8) | st.just("1\n2"),
    st.lists(st.tuples(st.text(max_size=3), WORDS), max_size=5).map(tuple),
    WORDS,
    st.booleans(),
)
SOME_ACTIONS = st.builds(
    Action,
    st.text("abc:", min_size=1, max_size=5),
    WORDS,
    st.sampled_from(Style),
    st.sampled_from(["", "https://tandem.example.org/"]),
)
CARDS = st.builds(
    Card,
    WORDS,
    st.lists(SOME_PARTS, max_size=6).map(tuple),
    st.lists(SOME_INPUTS, max_size=4).map(tuple),
    st.lists(SOME_ACTIONS, max_size=5).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(CARDS, WORDS)
def test_every_card_is_within_the_limits(card: Card, text: str) -> None:
    blocks(card, text)
    check_view(home_of(card))
    check_view(modal_of(card))
