"""Rows to fix come back in the person's own workbook."""

import io
import itertools
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.utils import column_index_from_string

from pars.batches.readers import LIMITS, Header, Refused, Row, read
from pars.batches.readers.headings import KEY_HEADING, REASON_HEADING
from pars.batches.readers.layout import FORMULA
from pars.batches.workbook import write_errors, write_rows
from tests.batches.files import awkward
from tests.batches.files.layout import HEADINGS, LAYOUT

SAMPLES = Path(__file__).parents[1] / "samples"
COLOUR = "FFFFE0B2"
WORDS = '=HYPERLINK("x") <b> & Enter the day the learner finished.'
CONTROL = "\x0b"  # nothing that XML could hold


def rows(path: Path) -> tuple[Header, list[Row]]:
    with read(path, layout=LAYOUT, name=path.name) as reading:
        return reading.header, list(reading)


def damage_in(path: Path) -> list[str]:
    """What Excel would call damaged in a workbook's sheets and styles, though other readers let it pass."""
    faults: list[str] = []
    with zipfile.ZipFile(path) as book:
        styles = etree.fromstring(book.read("xl/styles.xml"))
        faults += [
            f"{one.tag} counts {one.get('count')} of {len(one)}"
            for one in styles.iterfind("{*}*[@count]")
            if int(one.get("count", "")) != len(one)
        ]
        formats = len(styles.findall("{*}cellXfs/{*}xf"))
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                faults += _faults_of(etree.fromstring(book.read(name)), formats)
    return faults


def _faults_of(sheet: Any, formats: int) -> list[str]:
    faults, reach = [], 0
    widths = [(int(one.get("min")), int(one.get("max"))) for one in sheet.iterfind("{*}cols/{*}col")]
    if any(before[1] >= after[0] for before, after in itertools.pairwise(widths)):
        faults.append(f"the widths {widths} overlap")
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        references = [cell.get("r") for cell in row if cell.get("r")]
        columns = [column_index_from_string(re.sub(r"\d", "", reference)) for reference in references]
        reach = max([reach, *columns])
        if columns != sorted(set(columns)):
            faults.append(f"the cells {references} are out of order")
        if row.get("spans") and columns and int(row.get("spans").partition(":")[2]) < columns[-1]:
            faults.append(f"row {row.get('r')} spans {row.get('spans')} and goes on to {references[-1]}")
        faults += [f"no format {cell.get('s')}" for cell in row if int(cell.get("s", "0")) >= formats]
    dimension = sheet.find("{*}dimension")
    if dimension is not None and reach:
        last = re.sub(r"\d", "", dimension.get("ref").rpartition(":")[2])
        if column_index_from_string(last) < reach:
            faults.append(f"the sheet ends after column {last}")
    return faults


def sent_back(
    source: Path, target: Path, reasons: Mapping[int, Sequence[tuple[int | None, str]]]
) -> tuple[Header, list[Row]]:
    header, _ = rows(source)
    write_errors(source, target, header=header, reasons=reasons, keys={n: f"key-{n}" for n in reasons})
    assert damage_in(target) == []
    return rows(target)


def test_only_the_bad_rows_stay_under_the_guidance_and_the_headings(tmp_path: Path) -> None:
    source, target = SAMPLES / "learners-with-errors.xlsx", tmp_path / "b.xlsx"
    before = {row.number: row for row in rows(source)[1]}
    guidance = openpyxl.load_workbook(source)["Sheet1"]["A1"].value

    header, after = sent_back(
        source, target, {5: [(2, WORDS + CONTROL), (3, WORDS + CONTROL)], 40: [(None, WORDS)]}
    )

    assert header.row == 2
    assert openpyxl.load_workbook(target)["Sheet1"]["A1"].value == guidance
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
    assert date.fill.fill_type == "solid"
    assert sheet["Q2"].font.b == sheet["A2"].font.b
    assert sheet["Q2"].fill.fgColor.rgb == COLOUR
    assert (empty.fill.fgColor.rgb, empty.value) == (COLOUR, None)
    assert fine.fill.fill_type is None
    assert sheet["Q5"].data_type != "f"
    assert sheet.column_dimensions["R"].hidden
    assert not sheet.column_dimensions["Q"].hidden


def test_an_empty_cell_between_others_is_coloured_in_its_place(tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    awkward.workbook(source, [("202600101", None, "Osei", "10/13", 4)])

    sent_back(source, target, {2: [(1, "A date.")]})

    cell = openpyxl.load_workbook(target).active["B2"]
    assert (cell.fill.fgColor.rgb, cell.value) == (COLOUR, None)


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


def test_a_file_with_as_many_columns_as_one_may_have_comes_back_and_can_be_sent_again(tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    more = [f"Note {number}" for number in range(LIMITS.columns - len(HEADINGS))]
    awkward.workbook(
        source,
        [("202600101", "2026-09-12", "Osei", "10/13", 4, *more)],
        above=[(*HEADINGS, *more)],
    )

    header, after = sent_back(source, target, {3: [(1, "A date.")]})

    assert len(header.headings) == LIMITS.columns + 2
    assert after[0].cells[-3:] == (more[-1], "A date.", "key-3")


def test_two_columns_beyond_the_limit_are_refused_if_they_are_not_ours(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    more = [f"Note {number}" for number in range(LIMITS.columns + 1 - len(HEADINGS))]
    awkward.workbook(source, [("202600101", "2026-09-12", "Osei", "10/13", 4)], above=[(*HEADINGS, *more)])

    with pytest.raises(Refused, match=f"has {LIMITS.columns + 1} columns"):
        rows(source)


def test_rows_of_another_format_come_back_as_a_new_workbook_without_live_formulas(tmp_path: Path) -> None:
    source = awkward.text(tmp_path / "a.csv", ",".join(HEADINGS) + "\n1,=1+1,-Osei,10/13,4\n2,2,3,4,5\n")
    target = tmp_path / "b.xlsx"
    header, found = rows(source)

    write_rows(target, header=header, rows=found, reasons={2: [(1, WORDS), (2, WORDS)]}, keys={2: "key-2"})

    sheet: Any = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    _, after = rows(target)
    assert after == [Row(2, ("1", "=1+1", "-Osei", "10/13", "4", WORDS, "key-2"))]
    assert (sheet["B2"].data_type, sheet["B2"].fill.fgColor.rgb) == ("s", COLOUR)
    assert sheet.column_dimensions["G"].hidden


def test_what_a_workbook_cannot_hold_is_left_out(tmp_path: Path) -> None:
    target = tmp_path / "b.xlsx"
    header, _ = rows(awkward.text(tmp_path / "a.csv", ",".join(HEADINGS) + "\n1,2,3,4,5\n"))
    found = [Row(2, ("1", FORMULA, "Os" + CONTROL + "ei", "10/13", 4))]

    write_rows(target, header=header, rows=found, reasons={2: [(1, "A date." + CONTROL)]}, keys={})

    _, after = rows(target)
    assert [row.cells[:3] for row in after] == [("1", None, "Osei")]


def test_a_workbook_with_prefixed_names_is_patched_under_its_own_prefix(tmp_path: Path) -> None:
    source, target = _rewritten(tmp_path, rb"<(/?)(?=[a-z])", rb"<\1x:", (b"xmlns=", b"xmlns:x="))

    header, after = sent_back(source, target, {2: [(1, "A date.")]})

    assert header.headings[-2:] == (REASON_HEADING, KEY_HEADING)
    assert [(row.number, row.cells[-2:]) for row in after] == [(2, ("A date.", "key-2"))]


def test_cells_that_do_not_say_where_they_are_stay_as_they_are(tmp_path: Path) -> None:
    source, target = _rewritten(tmp_path, rb'(<c) r="[A-Z]+\d+"', rb"\1")
    header, _ = rows(source)

    write_errors(source, target, header=header, reasons={2: [(1, "A date.")]}, keys={2: "key-2"})

    with zipfile.ZipFile(target) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    kept = [[cell.get("s") for cell in row] for row in sheet.iterfind("{*}sheetData/{*}row")]
    assert [len(row) for row in kept] == [7, 7]
    assert kept[1] == [None] * 7


def _rewritten(folder: Path, old: bytes, new: bytes, *more: tuple[bytes, bytes]) -> tuple[Path, Path]:
    """A workbook of one data row whose sheet was edited, and where to send it back."""
    plain, source = folder / "plain.xlsx", folder / "a.xlsx"
    awkward.workbook(plain, [HEADINGS, ("202600101", "2026-09-12", "Osei", "10/13", "4")])
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(source, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(old, new, content)
                for was, becomes in more:
                    content = content.replace(was, becomes)
            after.writestr(name, content)
    return source, folder / "b.xlsx"


@pytest.mark.parametrize("lost", ["sheet", "styles"])
def test_a_workbook_that_has_lost_a_part_is_refused(lost: str, tmp_path: Path) -> None:
    source, target = SAMPLES / "learners.xlsx", tmp_path / "b.xlsx"
    header, _ = rows(source)
    if lost == "sheet":
        header = replace(header, sheet="Elsewhere")
    else:
        source = without(source, tmp_path / "a.xlsx", "xl/styles.xml")

    with pytest.raises(Refused):
        write_errors(source, target, header=header, reasons={5: [(0, "Wrong.")]}, keys={})


def without(source: Path, path: Path, part: str) -> Path:
    """The workbook without one of its parts."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            if name != part:
                after.writestr(name, before.read(name))
    return path
