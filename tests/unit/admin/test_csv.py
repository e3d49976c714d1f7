"""Reading lists of people as spreadsheets write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports import SAMPLE, BadFileError, Wrong, read_rows
from core.use_cases.administer.imports import Row, check
from core.use_cases.administer.problems import Problem

CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")),
    min_size=1,
    max_size=20,
).map(lambda text: text.strip() or "x")


def test_the_sample_is_read_and_right() -> None:
    rows = read_rows(SAMPLE)
    assert [row.name for row in rows] == ["Priya Nair", "Sam Diaz"]
    assert check(rows) == (list(rows), [])


def test_signs_that_nobody_sees_hide_no_name_and_no_difference() -> None:
    head, rest = "name,email,zone,role\n", "Europe/London,mentee\n"
    odd = f"\u202eB\u200bo \x1b[31mRay\x07,bo@example.org\u200b,{rest}"
    (bo, nobody) = read_rows(f"{head}{odd}\u200b\u2060,no@example.org,{rest}")
    assert (bo.name, bo.email) == ("Bo Ray", "bo@example.org")
    good, bad = check((bo, nobody))
    assert good == [bo]
    assert [found.row for found in bad] == [3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_line_ends_and_byte_order_marks(separator: str, newline: str, mark: str) -> None:
    text = mark + newline.join(
        [
            separator.join(["E-Mail", "Full Name", "Notes", "TIME ZONE", "Roles"]),
            separator.join(
                ["ida@example.org", '"Roy, Ida; ""Idi"""', "x", "Europe/Paris", "mentor"]
            ),
            "",
            separator.join(["", "", "", "", ""]),
            separator.join(["ben@example.org", " Ben ", "", "UTC"]),
        ]
    )
    assert read_rows(text) == (
        Row(2, 'Roy, Ida; "Idi"', "ida@example.org", "Europe/Paris", "mentor"),
        Row(5, "Ben", "ben@example.org", "UTC", ""),
    )


def test_a_cell_may_hold_a_line_break() -> None:
    text = (
        'name,email,zone,role\n"Ida\nRoy",ida@example.org,UTC,mentor\nBen,b@example.org,UTC,coach\n'
    )
    assert [(row.number, row.name) for row in read_rows(text)] == [(2, "Ida\nRoy"), (3, "Ben")]


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_back(
    cells: list[tuple[str, str, str, str]], separator: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["name", "email", "zone", "role"])
    writer.writerows(cells)
    read = [(row.name, row.email, row.zone, row.role) for row in read_rows(out.getvalue())]
    assert read == [tuple(cell.strip() for cell in row) for row in cells]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        rows = read_rows(text)
    except BadFileError as error:
        assert error.wrong in Wrong  # noqa: PT017  # any reason will do
    else:
        assert rows


@pytest.mark.parametrize(
    ("text", "wrong", "detail"),
    [
        ("", Wrong.EMPTY, ""),
        ("  \r\n ", Wrong.EMPTY, ""),
        ("name;email;zone;role", Wrong.NO_ROWS, ""),
        ("name;email\nIda;ida@example.org", Wrong.MISSING, "zone, role"),
        ("name,mail,e-mail,zone,role\na,b,c,d,e", Wrong.DOUBLED, "email"),
        ("%PDF-1.7 name,email", Wrong.NOT_CSV, ""),
        ('{"name": "Ida"}', Wrong.NOT_CSV, ""),
        ("a,b\x00,c", Wrong.NOT_CSV, ""),
        ("just a sentence", Wrong.NOT_CSV, ""),
        ("name,email,zone,role\n" + "x" * 200_000, Wrong.NOT_CSV, ""),
    ],
)
def test_what_is_no_list(text: str, wrong: Wrong, detail: str) -> None:
    with pytest.raises(BadFileError) as caught:
        read_rows(text)
    assert (caught.value.wrong, caught.value.detail) == (wrong, detail)


def test_five_thousand_rows_are_checked_with_every_fault() -> None:
    lines = ["name,email,zone,role"]
    lines += [f"Person {n},person{n}@example.org,Europe/London,mentee" for n in range(5_000)]
    lines[1001] = "Person 1000,person999@example.org,Europe/London,mentee"
    lines[2001] = "Person 2000,person2000@example.org,Europe/Lodnon,mentee"
    good, faults = check(read_rows("\n".join(lines)))
    assert len(good) == 4_998
    assert [(f.row, f.problem) for f in faults] == [
        (1002, Problem.ADDRESS_DOUBLED),
        (2002, Problem.ZONE),
    ]
    assert faults[0].facts["row"] == "1001"
    assert faults[1].facts["hint"] == "Europe/London"


def test_a_second_role_or_mentor_of_the_same_person_is_no_doubled_address() -> None:
    row = Row(2, "Ida Roy", "ida@example.org", "UTC", "mentee", "tom@example.org")
    more = [
        Row(3, "ida  roy", "IDA@example.org", "UTC", "mentee", "priya@example.org"),
        Row(4, "Ida Roy", "ida@example.org", "UTC", "coach"),
    ]
    same = Row(5, "Ida Roy", "ida@example.org", "UTC", "mentee", "tom@example.org")
    good, faults = check([row, *more, same])
    assert good == [row, *more]
    assert [(f.row, f.problem) for f in faults] == [(5, Problem.ADDRESS_DOUBLED)]
