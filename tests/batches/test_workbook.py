"""Rows to fix come back in the person's own workbook."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from pars.batches.readers import Header, Row, read
from pars.batches.workbook import KEY_HEADING, REASON_HEADING, write_errors, write_rows
from tests.batches.files import awkward
from tests.batches.files.layout import HEADINGS, LAYOUT

SAMPLES = Path(__file__).parents[1] / "samples"
COLOUR = "FFFFE0B2"
WORDS = '=HYPERLINK("x") <b> & Enter the day the learner finished.'


def rows(path: Path) -> tuple[Header, list[Row]]:
    with read(path, layout=LAYOUT, name=path.name) as reading:
        return reading.header, list(reading)


def sent_back(
    source: Path, target: Path, reasons: Mapping[int, Sequence[tuple[int | None, str]]]
) -> tuple[Header, list[Row]]:
    header, _ = rows(source)
    write_errors(source, target, header=header, reasons=reasons, keys={n: f"key-{n}" for n in reasons})
    return rows(target)


def test_only_the_bad_rows_stay_under_the_guidance_and_the_headings(tmp_path: Path) -> None:
    source, target = SAMPLES / "learners-with-errors.xlsx", tmp_path / "b.xlsx"
    before = {row.number: row for row in rows(source)[1]}

    header, after = sent_back(source, target, {5: [(2, WORDS)], 40: [(None, WORDS)]})

    assert header.row == 2
    assert header.headings[-2:] == (REASON_HEADING, KEY_HEADING)
    assert [row.number for row in after] == [5, 40]
    assert [row.cells[:-2] for row in after] == [before[5].cells, before[40].cells]
    assert after[0].cells[-2:] == (WORDS, "key-5")


def test_cells_are_coloured_and_keep_their_number_format(tmp_path: Path) -> None:
    source, target = SAMPLES / "learners.xlsx", tmp_path / "b.xlsx"

    sent_back(source, target, {5: [(2, "A date."), (9, "An empty cell.")]})

    sheet = openpyxl.load_workbook(target)["Sheet1"]
    date, empty, fine = sheet["C5"], sheet["J5"], sheet["D5"]
    assert (date.fill.fgColor.rgb, date.number_format, date.value.year) == (COLOUR, "mm/dd/yyyy", 2026)
    assert (empty.fill.fgColor.rgb, empty.value) == (COLOUR, None)
    assert fine.fill.fill_type is None
    assert sheet["Q5"].data_type != "f"
    assert sheet.column_dimensions["R"].hidden
    assert not sheet.column_dimensions["Q"].hidden


def test_other_sheets_widths_and_links_stay(tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(source)
    sheet, other = book.add_worksheet("Learners"), book.add_worksheet("Notes")
    sheet.set_column(0, 100, 33)
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, 4):
        sheet.write_row(number, 0, ("202600101", "2026-09-12", f"Person {number}", "10/13", number))
    sheet.data_validation(1, 0, 10, 0, {"validate": "list", "source": ["202600101"]})
    other.write_formula(0, 0, "=Learners!E3", None, 2)
    book.close()

    _, after = sent_back(source, target, {3: [(0, "Wrong.")]})

    again = openpyxl.load_workbook(target)
    assert [row.cells[2] for row in after] == ["Person 2"]
    assert again["Notes"]["A1"].value == "=Learners!E3"
    assert again["Learners"]["E3"].value == 2
    assert again["Learners"].column_dimensions["A"].width == pytest.approx(33, abs=1)
    assert again["Learners"].data_validations.dataValidation[0].formula1 == '"202600101"'


def test_a_workbook_sent_back_twice_has_the_two_columns_once(tmp_path: Path) -> None:
    first, second = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    sent_back(SAMPLES / "learners.xlsx", first, {4: [(0, "Old.")], 5: [(0, "Old.")]})

    header, after = sent_back(first, second, {5: [(1, "New.")]})

    assert header.headings.count(REASON_HEADING) == header.headings.count(KEY_HEADING) == 1
    assert [(row.number, row.cells[-2:]) for row in after] == [(5, ("New.", "key-5"))]


def test_rows_of_another_format_come_back_as_a_new_workbook_without_live_formulas(tmp_path: Path) -> None:
    source = awkward.text(tmp_path / "a.csv", ",".join(HEADINGS) + "\n1,=1+1,-Osei,10/13,4\n2,2,3,4,5\n")
    target = tmp_path / "b.xlsx"
    header, found = rows(source)

    write_rows(target, header=header, rows=found, reasons={2: [(1, WORDS)]}, keys={2: "key-2"})

    sheet: Any = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    _, after = rows(target)
    assert after == [Row(2, ("1", "=1+1", "-Osei", "10/13", "4", WORDS, "key-2"))]
    assert (sheet["B2"].data_type, sheet["B2"].fill.fgColor.rgb) == ("s", COLOUR)
    assert sheet.column_dimensions["G"].hidden
