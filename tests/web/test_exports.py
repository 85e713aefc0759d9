import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pars.web.exports import Cell, neutral, plain, write_csv, write_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_becomes_text(text: str) -> None:
    exported = neutral(text)

    assert exported == f"'{text}"


@pytest.mark.parametrize("text", ["", "O'Brien", "'tis", "3-4", "a=b", "Ünal"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    exported = neutral(text)

    assert exported == text


@given(st.text() | st.text(alphabet="'=+-@\t\r1"))
def test_every_text_survives_the_round_trip(text: str) -> None:
    exported = neutral(text)

    assert plain(exported) == text
    assert not exported.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_csv_opens_in_a_spreadsheet_without_running_anything(tmp_path: Path) -> None:
    path = tmp_path / "credits.csv"
    rows: list[list[Cell]] = [["=cmd", Decimal("-1.50"), date(2026, 3, 4)], ["Å", None, None]]

    write_csv(path, ["Title", "Credits", "On"], rows)

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Title", "Credits", "On"],
            ["'=cmd", "-1.50", "2026-03-04"],
            ["Å", "", ""],
        ]


def test_a_workbook_holds_text_numbers_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "credits.xlsx"
    at = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)

    write_xlsx(path, ["Title", "Credits", "At"], [["=cmd\x07", Decimal("-1.50"), at]])

    sheet = load_workbook(path).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Title", "Credits", "At"],
        ["'=cmd", -1.5, datetime(2026, 3, 4, 15, 30)],  # noqa: DTZ001 (a workbook knows no zone)
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d"]
