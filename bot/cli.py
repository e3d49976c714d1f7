"""The command line: `tandem …`. Each command says what it does and what to do when it cannot."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot import app, commands, logs
from bot.doctor import ACCOUNTS
from bot.settings import SettingsError, describe, load
from bot.understand.report import run_jsonl

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = _parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return EXIT_USAGE
    try:
        return int(args.run(args))
    except (SettingsError, *app.FAILURES) as error:
        print(f"tandem {args.command}: {app.explain(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tandem",
        description="A scheduling assistant for mentoring and coaching programmes.",
        epilog="Start with `tandem demo`. `tandem serve --help` lists the settings.",
    )
    subs = parser.add_subparsers(dest="command", metavar="COMMAND")
    _serve(subs)
    _demo(subs)
    _doctor(subs)
    for name, text, run in (
        ("migrate", "bring the database to this version's schema", _run_migrate),
        ("rotate", "seal everything anew with the first key of the ring", _run_rotate),
    ):
        command = subs.add_parser(name, help=text, description=text.capitalize() + ".")
        command.set_defaults(run=run)
    _chats(subs)
    key = subs.add_parser("key", help="make a new key for TANDEM_KEYS")
    key.add_argument("name", nargs="?", default="1", help="name of the key (default: 1)")
    key.set_defaults(run=_run_key)
    _import(subs)
    _understand(subs)
    return parser


def _serve(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = subs.add_parser(
        "serve",
        help="run the product",
        description="Run the product with the settings of the environment.",
        epilog="Settings:\n" + describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.set_defaults(run=_run_serve)


def _demo(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = subs.add_parser(
        "demo",
        help="the product on a small living world, in the browser",
        description="Start calendar server, mail server and product on this machine.",
    )
    demo.add_argument("--play", action="store_true", help="play the conversation and check it")
    demo.add_argument("--port", type=int, default=8080, help="port of the page (default: 8080)")
    demo.add_argument("--caldav-port", type=int, default=0, help="port of the calendar server")
    demo.add_argument("--folder", type=Path, help="keep the demo's data here (default: nowhere)")
    demo.set_defaults(run=_run_demo)


def _doctor(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "check settings, database, keys, mail, calendar services and connected accounts"
    doctor = subs.add_parser("doctor", help=text, description=text.capitalize() + ".")
    doctor.add_argument(
        "--accounts",
        type=_number_or_all,
        default=ACCOUNTS,
        metavar="N",
        help=f"open at most N accounts, chosen at random, or “all” (default: {ACCOUNTS})",
    )
    doctor.set_defaults(run=_run_doctor)


def _number_or_all(text: str) -> int | None:
    """Read a number of accounts; None is all. Raises ArgumentTypeError."""
    if text == "all":
        return None
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a number, or “all”")
    return int(text)


def _chats(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    slack = subs.add_parser(
        "slack-manifest",
        help="print the manifest of the Slack app",
        description="Print the manifest of the Slack app for TANDEM_PUBLIC_URL; paste it at "
        "api.slack.com/apps under Create New App, From a manifest.",
    )
    slack.set_defaults(run=_run_slack_manifest)
    teams = subs.add_parser(
        "teams-package",
        help="make the zip that is uploaded to Teams",
        description="Make the app package for TANDEM_TEAMS_APP_ID and TANDEM_PUBLIC_URL.",
    )
    teams.add_argument(
        "target", nargs="?", type=Path, default=Path(), help="file or folder (default: here)"
    )
    teams.set_defaults(run=_run_teams_package)


def _import(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    imports = subs.add_parser("import", help="add people and pairs from a CSV file")
    imports.add_argument("programme", help="name of the programme")
    imports.add_argument("file", type=Path, help="CSV with name,email,zone,role[,mentor]")
    imports.set_defaults(run=_run_import)


def _understand(subs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    reader = subs.add_parser("understand", help="show how sentences are read")
    reader.add_argument("text", nargs="?", help="one sentence, explained in words")
    reader.add_argument("--jsonl", action="store_true", help="read JSON lines, write JSON lines")
    reader.add_argument("--zone", default="Europe/London", help="the speaker's zone")
    reader.set_defaults(run=_run_understand)


def _run_serve(_args: argparse.Namespace) -> int:
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(app.serve(settings))
    return 0


def _run_demo(args: argparse.Namespace) -> int:
    from bot.demo import demo  # noqa: PLC0415  # its servers are not loaded by other commands

    logs.configure("warning", "text")
    port = 0 if args.play else args.port
    if args.folder:
        args.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(demo(args.folder, port, args.caldav_port, play=args.play))
    with tempfile.TemporaryDirectory(prefix="tandem-demo-") as folder:
        return asyncio.run(demo(Path(folder), port, args.caldav_port, play=args.play))


def _run_doctor(args: argparse.Namespace) -> int:
    logs.configure("error", "text")
    lines, good = asyncio.run(commands.doctor(load(), args.accounts))
    print("\n".join(lines))
    return 0 if good else 1


def _run_slack_manifest(_args: argparse.Namespace) -> int:
    print(commands.slack_manifest(load()), end="")
    return 0


def _run_teams_package(args: argparse.Namespace) -> int:
    print(
        f"Made {commands.teams_package(load(), args.target)}. Upload it in the Teams admin centre."
    )
    return 0


def _run_migrate(_args: argparse.Namespace) -> int:
    print(app.migrate_database(load()))
    return 0


def _run_rotate(_args: argparse.Namespace) -> int:
    count = asyncio.run(commands.rotate(load()))
    print(f"{count} secrets are sealed with the first key now. The other keys can go.")
    return 0


def _run_key(args: argparse.Namespace) -> int:
    print(app.make_key(args.name))
    return 0


def _run_import(args: argparse.Namespace) -> int:
    try:
        text = args.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        print(f"tandem import: {args.file} cannot be read: {error}", file=sys.stderr)
        return 1
    lines, good = asyncio.run(commands.import_file(load(), args.programme, text, _show_progress))
    print("\n".join(lines))
    return 0 if good else 1


async def _show_progress(text: str) -> None:
    print(text, file=sys.stderr)


def _run_understand(args: argparse.Namespace) -> int:
    if args.jsonl:
        return _read_lines()
    if not args.text:
        print("tandem understand: give a sentence, or --jsonl", file=sys.stderr)
        return EXIT_USAGE
    print(commands.explain_sentence(args.text, args.zone))
    return 0


def _read_lines() -> int:
    """Read JSON lines from standard input until one is none."""
    try:
        for line in run_jsonl(sys.stdin):
            print(line)
    except (ValueError, KeyError, TypeError) as error:
        print(f"tandem understand: a line is not as it should be: {error!r}", file=sys.stderr)
        return 1
    return 0
