"""How well sentences are understood: the public cases and our own, by their scorers.

The cases are read from beside the checkout and never copied; without them the benchmark says so.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bot.understand.context import Context
from bot.understand.read import read
from bot.understand.report import run_jsonl

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "language"
SETS = (
    ("times", "score_times.py", ("--json",), "strict right value"),
    ("intents", "score_intents.py", (), "accuracy, acts out of scope"),
    ("people_time", "score_people.py", (), "people exact"),
    ("house", "score_house.py", (), "everything right"),
)


def _predicted(cases: Path) -> list[str]:
    with cases.open(encoding="utf-8") as lines:
        return list(run_jsonl(lines))


def _scored(name: str, scorer: str, options: Iterable[str], predictions: list[str]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        out.write("\n".join(predictions) + "\n")
        out.flush()
        command = [sys.executable, str(CASES / "score" / scorer)]
        done = subprocess.run(
            [*command, str(CASES / f"{name}.jsonl"), out.name, *options],
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.strip()


def _figures(name: str, answer: str) -> str:
    found = json.loads(answer)
    match name:
        case "times":
            return f"{found['all']['strict']} % of {found['all']['n']}"
        case "intents":
            return f"{found['accuracy']} %, {found['acts_out_of_scope']} % of {found['n']}"
        case "people_time":
            return f"{found['people_exact']} % of {found['n']}, all {found['all_right']} %"
        case _:
            return f"{found['all_right']} % of {found['n']}"


ANYTHING = (
    "book with Alex next Tuesday at 3 or ",
    "not before 9 and not after 5 except ",
    "every other Monday until the 3rd of ",
    "1 2 3 4 5 6 7 8 9 10 11 12 ",
    "((((",
    "aaaa ",
    "и в на ",
    "2026-10-27T14:00 - ",
)


def _longest(length: int = 2000) -> str:
    """Give the slowest reading of 2,000 and of twice as many characters of all kinds of text."""
    context = Context(1_792_486_800, "Europe/London")
    figures: list[float] = []
    for size in (length, 2 * length):
        slowest = 0.0
        for part in ANYTHING:
            text = (part * (size // len(part) + 1))[:size]
            start = time.perf_counter()
            read(text, context)
            slowest = max(slowest, time.perf_counter() - start)
        figures.append(slowest * 1000)
    return (
        f"language, slowest of {len(ANYTHING)} odd texts: {length:,} characters "
        f"{figures[0]:.0f} ms (aim 50 ms), {2 * length:,} characters {figures[1]:.0f} ms"
    )


def run() -> list[str]:
    """Give the figures of every set as lines; the reading times are of this machine, warm."""
    if not CASES.is_dir():
        return [f"language: no cases at {CASES.name}/, nothing measured"]
    out = []
    spent: list[float] = []
    for name, scorer, options, what in SETS:
        _predicted(CASES / f"{name}.jsonl")  # once to warm up
        predictions = _predicted(CASES / f"{name}.jsonl")
        spent += [json.loads(line)["ms"] for line in predictions]
        figures = _figures(name, _scored(name, scorer, options, predictions))
        out.append(f"language {name} ({what}): {figures}")
    slow = sorted(spent)[int(len(spent) * 0.95)]
    out.append(f"language reading: median {statistics.median(spent):.2f} ms, p95 {slow:.2f} ms")
    out.append(_longest())
    return out


if __name__ == "__main__":
    print("\n".join(run()))
