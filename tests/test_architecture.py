"""The import rules of the code, its file sizes and its docstrings, checked on the source itself.

Imports run adapters -> bot -> core; `bot/app.py` with `bot/parts.py` alone builds the program from
adapters, and `bot/demo.py` its stage; each vendor's library is imported in one folder. README.md
says why.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "bot", "adapters")

WISHED_LINES = 400
MOST_LINES = 500

# Where each library lives: it may be imported in this folder (or file) and nowhere else.
HOMES = {
    "aiosmtpd": "adapters/demo",
    "aiosmtplib": "adapters/mail",
    "alembic": "adapters/storage",
    "botbuilder": "adapters/teams",
    "botframework": "adapters/teams",
    "cryptography": "adapters/storage",
    "dateparser": "bot/understand",
    "dateutil": "bot/understand",
    "defusedxml": "adapters/caldav",
    "google": "adapters/google",
    "google_auth_httplib2": "adapters/google",
    "googleapiclient": "adapters/google",
    "httplib2": "adapters/google",
    "holidays": "adapters/almanac",
    "icalendar": "adapters/ical",
    "itsdangerous": "adapters/web",
    "jinja2": "adapters/web",
    "jwt": "adapters/teams",
    "msal": "adapters/microsoft",
    "psycopg": "adapters/storage",
    "pydantic": "bot/settings.py",
    "pydantic_settings": "bot/settings.py",
    "radicale": "adapters/demo",
    "rapidfuzz": "bot/understand",
    "recurring_ical_events": "adapters/ical",
    "requests": "adapters/microsoft",
    "slack_bolt": "adapters/slack",
    "slack_sdk": "adapters/slack",
    "sqlalchemy": "adapters/storage",
}
# Libraries that several adapters share: the HTTP layer and the log.
SHARED = frozenset({"aiohttp", "multidict", "structlog", "yarl"})
# Adapters that may use another adapter: invitations travel by mail and by CalDAV.
NEIGHBOURS = {"adapters/caldav": "adapters/ical", "adapters/mail": "adapters/ical"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the code: its path from the root, with slashes, and its text."""

    path: str
    text: str

    def inside(self, *places: str) -> bool:
        """Whether this file is one of the places (files or folders) or lies under one."""
        return any(self.path == place or self.path.startswith(f"{place}/") for place in places)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name in full (`from a.b import c` is a.b.c), with dots in front if relative."""

    name: str
    line: int

    def of(self, *modules: str) -> bool:
        """Whether the name is one of the modules or lies under one."""
        return any(self.name == module or self.name.startswith(f"{module}.") for module in modules)

    @property
    def top(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]


def sources() -> Iterator[Source]:
    """Every Python file of the three packages."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def imports(source: Source) -> Iterator[Import]:
    """All imports of a file: at its top, in functions, for types only, and by `import_module`."""
    for node in ast.walk(ast.parse(source.text, source.path)):
        match node:
            case ast.Import(names=names):
                yield from (Import(name.name, node.lineno) for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                stem = "." * level + (f"{module}." if module else "")
                yield from (Import(stem + name.name, node.lineno) for name in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module")
                | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Import(name, node.lineno)
            case _:
                pass


def foreign(found: Import) -> bool:
    """Whether the import is neither of the standard library nor of this project."""
    return found.top not in sys.stdlib_module_names and found.top not in PACKAGES


def only_absolute(_: Source, found: Import) -> str | None:
    """Relative imports hide who depends on whom."""
    return "imports are absolute" if found.name.startswith(".") else None


def core_knows_nobody(source: Source, found: Import) -> str | None:
    """The core imports the standard library and itself; the days of series come from dateutil."""
    if not source.inside("core") or found.of("core"):
        return None
    if source.path == "core/timing/recurrence.py" and found.top == "dateutil":
        return None
    return None if found.top in sys.stdlib_module_names else "core imports only core"


def timing_stands_alone(source: Source, found: Import) -> str | None:
    """Arithmetic of time needs none of the product's types."""
    alien = source.inside("core/timing") and found.of("core") and not found.of("core.timing")
    return "core/timing imports only core/timing" if alien else None


ADMINISTER = "core/use_cases/administer"  # one topic in several files


def use_cases_do_not_meet(source: Source, found: Import) -> str | None:
    """A use case never calls another, and no rule of the core calls a use case."""
    same_topic = source.inside(ADMINISTER) and found.of("core.use_cases.administer")
    met = source.inside("core") and found.of("core.use_cases") and not same_topic
    return "nothing in core imports a use case" if met else None


def bot_has_no_adapters(source: Source, found: Import) -> str | None:
    """Only the composition root builds adapters."""
    root = source.inside("bot/app.py", "bot/parts.py", "bot/demo.py")
    wired = source.inside("bot") and found.of("adapters") and not root
    return "only bot/app.py, bot/parts.py and bot/demo.py import adapters" if wired else None


def parts_are_of_the_root(source: Source, found: Import) -> str | None:
    """Nobody but the composition root takes the adapters of the program."""
    root = source.inside("bot/app.py", "bot/commands.py")
    taken = found.of("bot.parts") and not root
    return "only bot/app.py and the commands take bot/parts.py" if taken else None


def command_line_knows_bot(source: Source, found: Import) -> str | None:
    """The command line only hands over to the bot."""
    alien = source.inside("bot/cli.py") and not found.of("bot")
    return (
        "bot/cli.py imports only bot"
        if alien and found.top not in sys.stdlib_module_names
        else None
    )


def understanding_stands_alone(source: Source, found: Import) -> str | None:
    """Reading a sentence does not depend on the conversation or on the answer."""
    met = source.inside("bot/understand") and found.of("bot.converse", "bot.speak")
    return "bot/understand imports neither bot/converse nor bot/speak" if met else None


def app_is_the_top(source: Source, found: Import) -> str | None:
    """Nobody depends on the composition root but the commands that start it."""
    starts = source.inside("bot/cli.py", "bot/commands.py", "bot/demo.py", "bot/__main__.py")
    return "only the commands start bot/app.py" if found.of("bot.app") and not starts else None


def adapters_do_not_meet(source: Source, found: Import) -> str | None:
    """An adapter uses its own folder; the demo, which runs the others, may use any."""
    if not source.inside("adapters") or not found.of("adapters") or source.inside("adapters/demo"):
        return None
    own = "/".join(source.path.split("/")[:2])
    allowed = [own.removesuffix(".py"), NEIGHBOURS.get(own, own)]
    if found.of(*(place.replace("/", ".") for place in allowed)):
        return None
    return "an adapter imports no other adapter"


def libraries_stay_home(source: Source, found: Import) -> str | None:
    """Each library is imported in one folder, so that it can be exchanged there."""
    if not foreign(found) or found.name.startswith(".") or source.inside("core"):
        return None
    if found.top in SHARED:
        return None
    home = HOMES.get(found.top)
    if home is None:
        return "a new library: give it a home in tests/test_architecture.py"
    return None if source.inside(home) else f"{found.top} is imported in {home} only"


Rule = Callable[[Source, Import], str | None]
RULES: tuple[Rule, ...] = (
    only_absolute,
    core_knows_nobody,
    timing_stands_alone,
    use_cases_do_not_meet,
    bot_has_no_adapters,
    parts_are_of_the_root,
    command_line_knows_bot,
    understanding_stands_alone,
    app_is_the_top,
    adapters_do_not_meet,
    libraries_stay_home,
)


def broken(rule: Rule, source: Source) -> list[str]:
    """Each import of the file that breaks the rule, as file:line, name and reason."""
    reasons = ((found, rule(source, found)) for found in imports(source))
    return [f"{source.path}:{found.line}: {found.name}: {why}" for found, why in reasons if why]


def lines(source: Source) -> int:
    """The length of a file."""
    return len(source.text.splitlines())


def undocumented(source: Source) -> bool:
    """Whether the file lacks the docstring that says what it is for."""
    return not (ast.get_docstring(ast.parse(source.text)) or "").strip()


def outside_packages(paths: list[str]) -> list[str]:
    """Files whose folder has no `__init__.py` (Alembic loads its revisions by path)."""
    return [
        path
        for path in paths
        if f"{path.rpartition('/')[0]}/__init__.py" not in paths
        and not path.startswith("adapters/storage/migrations/")
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_import_rule(rule: Rule) -> None:
    found = [line for source in sources() for line in broken(rule, source)]
    assert not found, "\n".join(["", *found])


def test_no_file_is_too_long() -> None:
    long = {source.path: lines(source) for source in sources() if lines(source) > WISHED_LINES}
    report = [f"{length} {path}" for path, length in sorted(long.items())]
    assert max(long.values(), default=0) <= MOST_LINES, "\n".join(["", *report])


def test_every_file_says_what_it_is_for() -> None:
    assert [source.path for source in sources() if undocumented(source)] == []


def test_every_decision_that_a_comment_names_is_explained() -> None:
    number = re.compile(r"\b[AXYR]\d{1,2}\b")
    explained = set(number.findall((ROOT / "docs/decisions.md").read_text(encoding="utf-8")))
    named = {
        found: str(path.relative_to(ROOT))
        for folder in ("core", "adapters", "bot")
        for path in (ROOT / folder).rglob("*.py")
        for found in number.findall(path.read_text(encoding="utf-8"))
    }
    assert {one: where for one, where in named.items() if one not in explained} == {}
    assert set(named) >= {"X6", "A26"}


def test_every_folder_is_a_package() -> None:
    assert outside_packages([source.path for source in sources()]) == []


# The checks above must be able to fail: each is shown an invented file.

WRONG = [
    (only_absolute, "core/ids.py", "from . import errors"),
    (only_absolute, "bot/speak/views.py", "from .words import YES"),
    (core_knows_nobody, "core/people.py", "import bot.card"),
    (core_knows_nobody, "core/people.py", "from adapters.memory import store"),
    (core_knows_nobody, "core/timing/spans.py", "from dateutil import rrule"),
    (core_knows_nobody, "core/timing/zones.py", "import icalendar"),
    (core_knows_nobody, "core/people.py", "def f():\n    import aiohttp"),
    (core_knows_nobody, "core/people.py", "import importlib\nimportlib.import_module('msal')"),
    (timing_stands_alone, "core/timing/hours.py", "from core.people import Person"),
    (use_cases_do_not_meet, "core/use_cases/tend.py", "from core.use_cases import deliver"),
    (use_cases_do_not_meet, "core/effects.py", "import core.use_cases.deliver"),
    (bot_has_no_adapters, "bot/worker.py", "from adapters.storage.store import SqlStore"),
    (bot_has_no_adapters, "bot/worker.py", "from adapters import system"),
    (parts_are_of_the_root, "bot/worker.py", "from bot.parts import calendar_vendors"),
    (command_line_knows_bot, "bot/cli.py", "from core.errors import TandemError"),
    (command_line_knows_bot, "bot/cli.py", "import structlog"),
    (understanding_stands_alone, "bot/understand/read.py", "from bot.speak import words"),
    (app_is_the_top, "bot/worker.py", "from bot import app"),
    (app_is_the_top, "adapters/web/server.py", "import bot.app"),
    (adapters_do_not_meet, "adapters/google/events.py", "from adapters.ical import codec"),
    (adapters_do_not_meet, "adapters/mail/smtp.py", "from adapters.caldav import http"),
    (adapters_do_not_meet, "adapters/system.py", "from adapters.memory import clock"),
    (adapters_do_not_meet, "adapters/slack/app.py", "from adapters.slacker import app"),
    (libraries_stay_home, "adapters/slack/app.py", "from botbuilder.core import TurnContext"),
    (libraries_stay_home, "bot/worker.py", "from sqlalchemy.orm import Session"),
    (libraries_stay_home, "bot/converse/schedule.py", "import dateparser"),
    (libraries_stay_home, "adapters/mail/smtp.py", "import left_pad"),
    (libraries_stay_home, "adapters/google/events.py", "from dateutil import tz"),
    (
        libraries_stay_home,
        "bot/settings.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import msal",
    ),
]
RIGHT = [
    ("bot/understand/feasts.py", "from dateutil.easter import easter"),
    (
        "core/use_cases/administer/pairs.py",
        "from core.use_cases.administer import rights",
    ),
    ("core/timing/hours.py", "from core.timing.spans import merge"),
    ("core/timing/recurrence.py", "from dateutil.rrule import rrule"),
    ("core/use_cases/tend.py", "import asyncio\nfrom core import effects, ports"),
    ("bot/app.py", "from adapters.slack.app import SlackApp\nimport aiohttp"),
    ("bot/cli.py", "import argparse\nfrom bot.app import build"),
    ("bot/understand/when.py", "import dateparser\nfrom core.timing import zones"),
    ("bot/settings.py", "from pydantic_settings import BaseSettings"),
    ("adapters/mail/smtp.py", "import aiosmtplib\nfrom adapters.ical.itip import request"),
    ("adapters/slack/blocks.py", "from bot.card import Card\nfrom adapters.slack import text"),
    ("adapters/demo/world.py", "import radicale\nfrom adapters.storage.store import SqlStore"),
]


@pytest.mark.parametrize(
    ("rule", "path", "text"), WRONG, ids=[f"{rule.__name__}-{path}" for rule, path, _ in WRONG]
)
def test_rule_catches(rule: Rule, path: str, text: str) -> None:
    assert [line.partition(": ")[0] for line in broken(rule, Source(path, text))] == [
        f"{path}:{len(text.splitlines())}"
    ]


@pytest.mark.parametrize(("path", "text"), RIGHT, ids=[path for path, _ in RIGHT])
def test_rules_allow(path: str, text: str) -> None:
    assert [line for rule in RULES for line in broken(rule, Source(path, text))] == []


def test_every_rule_is_shown_failing() -> None:
    assert {rule for rule, _, _ in WRONG} == set(RULES)


def test_missing_docstring_is_seen() -> None:
    assert undocumented(Source("core/ids.py", "import os\n'late'"))
    assert undocumented(Source("core/ids.py", '""" """'))
    assert not undocumented(Source("core/ids.py", '"""Ids."""'))


def test_folder_without_package_is_seen() -> None:
    paths = ["core/__init__.py", "core/ids.py", "core/new/rule.py"]
    revision = "adapters/storage/migrations/versions/0001_first.py"
    assert outside_packages([*paths, revision]) == ["core/new/rule.py"]
