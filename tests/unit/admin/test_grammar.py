"""The table of commands: every line reads its own example, has a handler, and is told apart."""

from __future__ import annotations

import pytest

from bot.converse.admin import grammar, scope
from bot.converse.admin.dispatch import HANDLERS
from bot.converse.admin.grammar import TABLE, Command, Group, clean, looks_like_command, nearest
from bot.converse.admin.people import Described, describe
from bot.converse.admin.setting_words import SETTING_WORDS, lenient
from core.ids import OrgId, ProgrammeId
from core.policy import SETTINGS
from core.programme import Programme

ORG = OrgId("o")
AURORA = Programme(ProgrammeId("a"), ORG, "Aurora")
NORTH = Programme(ProgrammeId("n"), ORG, "Aurora North")
PROGRAMMES = (AURORA, NORTH)


def understood(text: str) -> tuple[Programme | None, bool, str, dict[str, str]]:
    """The programme, whether it is for the organisation, the verb and the words of a text."""
    about, rest = scope.find(clean(text), PROGRAMMES)
    parsed = grammar.read(rest)
    assert parsed is not None, f"{rest!r} is no command"
    return about.programme, about.is_organisation, parsed.command.verb, dict(parsed.words)


@pytest.mark.parametrize("command", TABLE, ids=lambda c: c.example)
def test_every_example_is_read_by_its_own_line(command: Command) -> None:
    _, rest = scope.find(clean(f"admin {command.example}"), PROGRAMMES)
    parsed = grammar.read(rest)
    assert parsed is not None
    assert parsed.command is command


def test_every_verb_has_a_handler_and_every_handler_a_line() -> None:
    assert {command.verb for command in TABLE} == set(HANDLERS)


def test_every_part_of_the_help_has_commands() -> None:
    assert {command.group for command in TABLE if command.help} == set(Group)


@pytest.mark.parametrize(
    ("text", "programme", "general", "verb", "words"),
    [
        ("admin aurora weekends on", AURORA, False, "setting", {"key": "weekends", "value": "on"}),
        ("/schedule admin org notice 24 h", None, True, "setting",
         {"key": "notice", "value": "24 h"}),
        ("admin organisation's hours 9-17", None, True, "setting",
         {"key": "hours", "value": "9-17"}),
        ("allow weekends in Aurora", AURORA, False, "setting",
         {"key": "weekends", "value": "allow"}),
        ("set Aurora's hours to 9 to 5", AURORA, False, "setting",
         {"key": "hours", "value": "9 to 5"}),
        ("aurora north: settings", NORTH, False, "settings", {}),
        ("Please rename Aurora North to Southern Sky", NORTH, False, "rename",
         {"name": "Southern Sky"}),
        ("end the programme Aurora", AURORA, False, "end", {}),
        ("create a programme called Aurora South", None, False, "create",
         {"name": "Aurora South"}),
        ("pair Maya with Alex", None, False, "pair", {"a": "Maya", "b": "Alex"}),
        ("pair Maya Lane and Alex Chen in Aurora", AURORA, False, "pair",
         {"a": "Maya Lane", "b": "Alex Chen"}),
        ("match a@example.org b@example.org", None, False, "pair",
         {"one": "a@example.org", "other": "b@example.org"}),
        ("re-pair Maya from Alex to Priya, keep the sessions", None, False, "re_pair",
         {"mentee": "Maya", "old": "Alex", "mentor": "Priya", "fate": "keep"}),
        ("remove Sam, hand over to Priya Nair", None, False, "remove",
         {"who": "Sam", "fate": "hand over to Priya Nair", "heir": "Priya Nair"}),
        ("remove role coach from Sam", None, False, "role_take", {"role": "coach", "who": "Sam"}),
        ("make Sam also a mentor", None, False, "role_give", {"role": "mentor", "who": "Sam"}),
        ("make Jo a global admin", None, False, "global_give", {"who": "Jo"}),
        ("who hasn't connected a calendar yet?", None, False, "unconnected", {}),
        ("who are we waiting for?", None, False, "waiting", {}),
        ("turn off sync", None, False, "setting", {"value": "off", "key": "sync"}),
        ("closures remove 2026-12-24", None, False, "closures",
         {"how": "remove", "dates": "2026-12-24"}),
        ("connect the calendar of Priya Nair", None, False, "connect_for", {"whose": "Priya Nair"}),
        ("connect Priya's Google calendar for her", None, False, "connect_for",
         {"who": "Priya's Google"}),
    ],
)  # fmt: skip
def test_commands_as_people_write_them(
    text: str, programme: Programme | None, general: bool, verb: str, words: dict[str, str]
) -> None:
    assert understood(text) == (programme, general, verb, words)


@pytest.mark.parametrize(
    "text",
    [
        "create a programme called Borealis",
        "add Tom as a mentor tom@example.org Europe/Berlin",
        "pair Maya with Alex",
        "set hours to 9-17",
        "set Aurora's hours to 9 to 5",
        "allow weekends in Aurora",
        "who hasn't connected a calendar yet?",
        "connect Priya's calendar for her",
        "notice 24 h",
        "make Priya administrator of Aurora",
        "disable apple",
        "end Aurora",
        "remove Sam from Aurora",
        "Aurora: status",
        "rename Aurora to Dawn",
    ],
)
def test_sentences_that_are_commands_without_saying_admin(text: str) -> None:
    assert looks_like_command(text, PROGRAMMES)


@pytest.mark.parametrize(
    "text",
    [
        "book with Alex next week",
        "set up 30 min for Maya with Alex on Thursday",
        "connect my calendar",
        "connect apple calendar",
        "connect a google calendar",
        "connect another calendar, please",
        "connect outlook",
        "connect the work calendar",
        "add my personal gmail as well",
        "move it to Thursday afternoon",
        "remove my calendar",
        "help",
        "status",
        "what are the rules?",
        "duration",
        "notice that Alex is away",
        "times that suit us both",
        "support is great",
        "link me with Alex",
        "end my session with Alex",
        "cancel my session",
        "book Alex in Aurora",
        "Aurora",
        "notice something in Aurora",
        "",
    ],
)
def test_sentences_that_are_none(text: str) -> None:
    assert not looks_like_command(text, PROGRAMMES)


@pytest.mark.parametrize(
    ("text", "near"),
    [("hurs 9-17", "hours"), ("notise 2 h", "notice"), ("pare Maya with Alex", "pair"),
     ("setings", "settings"), ("xyzzy", ""), ("", "")],
)  # fmt: skip
def test_the_nearest_command_or_setting(text: str, near: str) -> None:
    assert nearest(text) == near


def test_every_setting_can_be_named_and_every_alias_means_one() -> None:
    assert set(SETTING_WORDS.values()) == set(SETTINGS)
    for setting in SETTINGS.values():
        parsed = grammar.read(setting.example)
        assert parsed is not None
        assert parsed.command.verb == "setting"
        assert SETTING_WORDS[parsed.words["key"]] == setting.key
        assert lenient(setting.key, parsed.words["value"]) is not None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9-17", "9-17"),
        ("9 to 5", "9am-5pm"),
        ("from 9 until 17:30", "9-17:30"),
        ("between 8.30 and 4", "8.30am-4pm"),
        ("9am - 5pm", "9am - 5pm"),
        ("17-9", None),
        ("early to late", None),
    ],
)
def test_hours_in_words(text: str, read: str | None) -> None:
    assert lenient("hours", text) == read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mentor Priya Nair <priya@example.org> Asia/Kolkata",
         Described("Priya Nair", "priya@example.org", "Asia/Kolkata", "mentor")),
        ("Tom as a mentor tom@example.org Europe/Berlin",
         Described("Tom", "tom@example.org", "Europe/Berlin", "mentor")),
        ("Priya Nair, priya@example.org, Asia/Kolkata, coach",
         Described("Priya Nair", "priya@example.org", "Asia/Kolkata", "coach")),
        ("mentee <mailto:zoe@example.org|zoe@example.org> Zoe Hart America/New York",
         Described("Zoe Hart", "zoe@example.org", "America/New York", "mentee")),
        ("coachee: Ann Orr ann@example.org in Paris",
         Described("Ann Orr", "ann@example.org", "Paris", "coachee")),
        ("Ann Orr ann@example.org", Described("Ann Orr", "ann@example.org", "", "")),
        ("mentor Priya", Described("Priya", "", "", "mentor")),
        ("coaches Ann Orr", Described("Ann Orr", "", "", "coach")),
        ("Ann Orr UTC ann@example.org.", Described("Ann Orr", "ann@example.org", "UTC", "")),
    ],
)  # fmt: skip
def test_descriptions_of_people(text: str, found: Described) -> None:
    assert describe(text) == found
