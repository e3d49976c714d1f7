"""Lists of people as CSV: reading what spreadsheets write, and importing it.

Spreadsheets write a byte order mark, semicolons where the comma is a decimal sign, quoted cells
with commas and line breaks, and empty rows at the end; all of that is read (RFC 4180, and what
differs from it in practice).
"""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.message import readable
from core.use_cases.administer.imports import ImportReport, Row, import_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from core.ids import PersonId, ProgrammeId
    from core.ports import Ports

MOST_ROWS = 50_000
DELIMITERS = ",;\t|"
COLUMNS = ("name", "email", "zone", "role", "mentor", "locale")
REQUIRED = ("name", "email", "zone", "role")
ALIASES = {
    "name": ("full name", "fullname", "person", "participant", "display name"),
    "email": ("e mail", "mail", "email address", "e mail address", "address", "work email"),
    "zone": ("time zone", "timezone", "tz", "iana zone", "zone name"),
    "role": ("roles", "type", "role in programme", "kind"),
    "mentor": ("mentor email", "mentor e mail", "coach", "coach email", "mentor address"),
    "locale": ("language", "lang", "language code"),
}
HEADS = {
    **{column: column for column in COLUMNS},
    **{alias: column for column, aliases in ALIASES.items() for alias in aliases},
}
SAMPLE = (
    "name,email,zone,role,mentor\n"
    "Priya Nair,priya@example.org,Asia/Kolkata,mentor,\n"
    "Sam Diaz,sam@example.org,America/New_York,mentee,priya@example.org\n"
)


class Wrong(StrEnum):
    """What can be wrong with a file as a whole."""

    EMPTY = "empty"
    NOT_CSV = "not_csv"
    MISSING = "missing"  # columns are missing: `detail` names them
    DOUBLED = "doubled"  # a column comes twice: `detail` names it
    NO_ROWS = "no_rows"
    TOO_LONG = "too_long"


class BadFileError(ValueError):
    """The file as a whole cannot be read; `hint` is a head that was probably meant."""

    def __init__(self, wrong: Wrong, detail: str = "", hint: str = "") -> None:
        """Keep what is wrong, and the facts for the sentence."""
        super().__init__(f"{wrong}: {detail}")
        self.wrong = wrong
        self.detail = detail
        self.hint = hint


@dataclass(frozen=True, slots=True)
class _Heads:
    """Which cell of a record is which column."""

    places: dict[str, int]

    def row(self, number: int, cells: list[str]) -> Row:
        """Return one record as a row; cells that are not there are empty."""
        values = {
            column: _seen(cells[at]) if at < len(cells) else ""
            for column, at in self.places.items()
        }
        return Row(number, **values)


def read_rows(text: str) -> tuple[Row, ...]:
    """Return the rows of a CSV text, numbered as spreadsheets number them.

    Raises BadFileError for a text that is no such list.
    """
    body = text.lstrip("\ufeff")
    if not body.strip():
        raise BadFileError(Wrong.EMPTY)
    if "\x00" in body or body.startswith(("PK\x03\x04", "%PDF", "{", "<")):
        raise BadFileError(Wrong.NOT_CSV)
    records = _records(body)
    first = next(records, None)
    if first is None:
        raise BadFileError(Wrong.EMPTY)
    heads = _heads(first[1])
    rows: list[Row] = []
    for number, cells in records:
        if len(rows) >= MOST_ROWS:
            raise BadFileError(Wrong.TOO_LONG, str(MOST_ROWS))
        rows.append(heads.row(number, cells))
    if not rows:
        raise BadFileError(Wrong.NO_ROWS)
    return tuple(rows)


def _records(body: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number, cells) of the records that are not empty. Raises BadFileError."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body))
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise BadFileError(Wrong.NOT_CSV) from error


def _delimiter(body: str) -> str:
    """Return the separator that the line of heads uses most; Excel's "sep=;" is not needed."""
    head = body.lstrip().splitlines()[0]
    return max(DELIMITERS, key=head.count)


def _heads(cells: list[str]) -> _Heads:
    """Find the columns by their heads. Raises BadFileError."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = HEADS.get(_plain(cell))
        if column in found:
            raise BadFileError(Wrong.DOUBLED, column or "")
        if column:
            found[column] = at
    if not found:
        raise BadFileError(Wrong.NOT_CSV)
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        unknown = [cell.strip() for cell in cells if _plain(cell) not in HEADS]
        raise BadFileError(Wrong.MISSING, ", ".join(missing), _meant(missing, unknown))
    return _Heads(found)


def _meant(missing: list[str], unknown: list[str]) -> str:
    """Return the unknown head that probably stands for a missing column."""
    for column in missing:
        spellings = (column, *ALIASES[column])
        for cell in unknown:
            if get_close_matches(_plain(cell), spellings, n=1, cutoff=0.7):
                return cell
    return ""


def _seen(cell: str) -> str:
    """Return a cell without signs that nobody sees: they hide a difference, or a name."""
    return (cell if cell.isprintable() else readable(cell)).strip()


def _plain(head: str) -> str:
    """Return a head in small letters, with single spaces instead of signs."""
    return " ".join("".join(c if c.isalnum() else " " for c in head.casefold()).split())


async def import_people(
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId,
    text: str,
    report_progress: Callable[[int, int], Awaitable[None]],
) -> ImportReport:
    """Add the people of a CSV text to a programme; `report_progress` gets (rows done, all).

    Raises BadFileError for a text that is no list of people, and what `import_rows` raises.
    """
    rows = await asyncio.to_thread(read_rows, text)
    return await import_rows(ports, actor_id, programme_id, rows, report_progress)
