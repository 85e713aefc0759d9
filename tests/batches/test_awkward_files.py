"""What becomes of each awkward or hostile learner file: so many good rows and these codes, or one refusal.

Read, and checked row by row, as the engine does it before anything touches the database.
"""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from learners.check import checker
from learners.columns import LAYOUT
from pars.batches.readers import LIMITS, Refused, read
from tests.batches.files import awkward
from tests.batches.files.learners import (
    ALREADY,
    BILLION,
    DOCTYPE,
    ENCRYPTION,
    ROW,
    a_part_less,
    archive,
    by_hand,
    cells_xml,
    cut_short,
    declared_to_the_end,
    edited,
    encrypted_part,
    errors,
    formulas,
    from_1904,
    hidden_and_filtered,
    in_front,
    merged,
    ods,
    ods_row,
    office,
    overlapping,
    pictured,
    prefixed,
    published,
    raw,
    report,
    rich,
    row,
    sheet,
    strangely_packed,
    text,
    two_rows_of_headings,
    with_name,
    with_parts,
    xml,
    xml_report,
)  # fmt: skip
from tests.batches.files.make_office import HEADINGS

TODAY = date(2026, 11, 25)
SECONDS = LIMITS.child_cpu_seconds + 10

Issues = dict[int, Sequence[str]]


def takes(good: int, **issues: Sequence[str]) -> tuple[int, Issues]:
    """So many good rows, and the codes of the others: `row_7=["formula"]`."""
    return good, {int(name.removeprefix("row_")): codes for name, codes in issues.items()}


OFFICE_ROWS = takes(3, row_7=["amount_unreadable"])
# Of these formats the reader gives a cell with an error as an empty one.
BLANK_ERROR = takes(3, row_7=["amount_missing"])
WHOLE = cells_xml([HEADINGS, ROW])
EMPTY_TO_THE_END = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
HEADING_CODES = [
    "activity_unknown",
    "amount_unreadable",
    "birthday_unreadable",
    "date_unreadable",
    "state_unknown",
]
LATIN = row(first="Zoë", last="Núñez")
QUOTED = row(last="O’Connor “Jr.”")

# name: (file name, maker, outcome)
FILES = {
    # From office programs
    "an old workbook (BIFF8)": ("a.xls", office("learners.xls"), BLANK_ERROR),
    "an OpenDocument sheet": ("a.ods", office("learners.ods"), BLANK_ERROR),
    "a workbook saved by LibreOffice": ("a.xlsx", office("learners.xlsx"), OFFICE_ROWS),
    "LibreOffice's CSV with semicolons": ("a.csv", office("learners-semicolons.csv"), OFFICE_ROWS),
    "an old workbook counting from 1904": ("a.xls", office("learners-from-1904.xls"), BLANK_ERROR),
    "an OpenDocument sheet counting from 1904": ("a.ods", office("learners-from-1904.ods"), BLANK_ERROR),
    "a workbook counting from 1904": ("a.xlsx", from_1904, takes(2)),
    "merged cells": ("a.xlsx", merged, takes(1, row_4=["activity_missing"])),
    "two rows of headings": ("a.xlsx", two_rows_of_headings, takes(1)),
    "formulas with their result and without": ("a.xlsx", formulas, takes(1, row_3=["formula"])),
    "cells with errors": (
        "a.xlsx",
        errors,
        takes(0, row_2=["amount_unreadable"], row_3=["name_unreadable"], row_4=["birthday_unreadable"]),
    ),
    "a million declared rows": ("a.xlsx", declared_to_the_end, takes(1)),
    "hidden and filtered rows, protection": ("a.xlsx", hidden_and_filtered, takes(2)),
    "text in two fonts": ("a.xlsx", rich, takes(1)),
    "a chart, a table and a comment": ("a.xlsx", pictured, takes(1)),
    # What people type
    "blank rows in the middle": ("a.xlsx", sheet([ROW, (), (None, " "), ROW]), takes(2)),
    "native dates, times and numbers": (
        "a.xlsx",
        sheet([row(activity=202600101, completed=ALREADY, born=date(1979, 10, 13), number=612, credits=0.25)]),
        takes(1),
    ),
    "dates in words and in numbers": (
        "a.csv",
        text([row(completed=day) for day in ("2026-09-12", "9/12/26", "12-Sep-2026", "9-12-2026 08:30 AM")]),
        takes(4),
    ),
    "dates that are none": (
        "a.csv",
        text([row(completed=day) for day in ("13/13/2026", "2026-02-30", "Sept", "44.815")]),
        takes(0, **{f"row_{number}": ["date_unreadable"] for number in range(2, 6)}),
    ),
    "headings with blanks and capitals": (
        "a.csv",
        text([ROW], headings=[f" {heading.upper()}\u00a0" for heading in HEADINGS]),
        takes(1),
    ),
    "no-break and zero-width blanks": (
        "a.csv",
        text([[f"\u00a0{cell}\u200b\ufeff" for cell in ROW]]),
        takes(1),
    ),
    "typographic quotation marks": ("a.csv", text([QUOTED]), takes(1)),
    "names in other letters": (
        "a.csv",
        text([row(first="明", last="李"), row(last="Ольга"), row(last="Siân-Nguyễn")]),
        takes(3),
    ),
    "letters that turn the direction": (
        "a.csv",
        text([row(last="Os\u202eei")]),
        takes(0, row_2=["name_unreadable"]),
    ),
    "a formula for a name": (
        "a.csv",
        text([row(last="=cmd|' /C calc'!A0"), row(first="@SUM(1+1)"), row(first="+1")]),
        takes(0, **{f"row_{number}": ["name_unreadable"] for number in range(2, 5)}),
    ),
    "credits that are no number of credits": (
        "a.csv",
        text([row(credits=each) for each in ("4,5", "1e999", "-1", "4 credits", "9" * 400, "NaN", "0.3", "TRUE")]),
        takes(0, **{f"row_{number}": ["amount_unreadable"] for number in range(2, 10)}),
    ),
    "huge numbers in cells": (
        "a.xlsx",
        sheet([row(credits=1e300, activity=2.026e300, born=1e15)]),
        takes(0, row_2=["activity_unknown", "amount_unreadable", "birthday_unreadable"]),
    ),
    "states in full, in letters, and territories": (
        "a.csv",
        text([row(state=state) for state in ("NC", "n.c.", "District of Columbia", "Puerto Rico", "GU", "Narnia")]),
        takes(5, row_7=["state_unknown"]),
    ),
    "the headings again in the middle": (
        "a.csv",
        text([ROW, HEADINGS, ROW]),
        takes(2, row_3=HEADING_CODES),
    ),
    # Text
    "Windows-1252": ("a.csv", text([LATIN, QUOTED], encoding="cp1252"), takes(2)),
    "UTF-8 with a mark": ("a.csv", text([LATIN], encoding="utf-8-sig"), takes(1)),
    "Excel's Unicode text": ("a.txt", text([LATIN], separator="\t", encoding="utf-16"), takes(1)),
    "tabs, as in Template B": ("a.txt", text([LATIN], separator="\t"), takes(1)),
    "semicolons": ("a.csv", text([ROW], separator=";"), takes(1)),
    "a line that names the separator": ("a.csv", text([ROW], separator=";", before="sep=;\r\n"), takes(1)),
    "line ends of an old Mac": ("a.csv", text([ROW, ROW], end="\r"), takes(2)),
    "a line end inside a cell": ("a.csv", text([row(last="Os\nei"), ROW]), takes(1, row_2=["name_unreadable"])),
    "rows shorter than the headings": (
        "a.csv",
        text([ROW[:3]]),
        takes(0, row_2=["amount_missing", "birthday_missing", "name_missing", "state_missing"]),
    ),
    "rows longer than the headings": ("a.csv", text([(*ROW, "more")]), "ragged_row"),
    "a quotation mark that never closes": ("a.csv", raw(f"{','.join(HEADINGS)}\n\"1,2\n"), "open_quote"),
    "zero bytes": ("a.csv", raw(f"{','.join(HEADINGS)}\n1,\x00,3\n"), "unknown_format"),
    "the day first in some dates": (
        "a.csv",
        text([row(completed="25/03/2026"), row(completed="03/04/2026")]),
        "dates_ambiguous",
    ),
    "dots between semicolons": ("a.csv", text([row(completed="03.04.26")], separator=";"), "dates_ambiguous"),
    "headings of one's own": (
        "a.csv",
        text([ROW], headings=[heading.replace("Completion Date", "Finished") for heading in HEADINGS]),
        "headings_unknown",
    ),
    "a cell of forty thousand letters": ("a.csv", text([row(last="x" * 40_000)]), "cell_too_long"),
    "headings alone": ("a.xlsx", sheet([]), "no_rows"),
    "no headings": ("a.csv", text([ROW], headings=ROW), "no_columns"),
    "a heading twice": ("a.xlsx", sheet([ROW], headings=[*HEADINGS, "last  name"]), "duplicate_heading"),
    "seventy columns": ("a.csv", text([ROW], headings=[*HEADINGS, *map(str, range(62))]), "too_many_columns"),
    # Not what the name says
    "nothing": ("a.xlsx", raw(b""), "empty"),
    "a PDF": ("a.xlsx", raw("%PDF-1.7"), "not_a_workbook"),
    "a web page that Excel opens": ("a.xls", raw("<html><table><tr><td>1"), "not_a_workbook"),
    "a compressed archive": ("a.csv", raw(b"\x1f\x8b\x08\x00"), "not_a_workbook"),
    "an archive of CSV files": ("a.zip", archive("learners.csv"), "not_a_workbook"),
    "a letter": ("a.xlsx", archive("word/document.xml"), "not_a_workbook"),
    "a binary workbook": ("a.xlsb", archive("xl/workbook.bin"), "unknown_format"),
    "macros": ("a.xlsm", with_parts(xl__vbaProject_bin=b"a"), takes(1)),
    "macros under their own name": ("a.xlsm", with_name("xl/vbaProject.bin"), "unknown_format"),
    "a password": ("a.xlsx", lambda path: awkward.ole(path, "EncryptedPackage"), "encrypted"),
    "a password on one part": ("a.xlsx", edited(encrypted_part), "encrypted"),
    "a password on an OpenDocument sheet": ("a.ods", ods("", encryption=ENCRYPTION), "encrypted"),
    # Zips that lie
    "a bomb": ("a.xlsx", lambda path: awkward.inflating(path, 300), "bomb"),
    "a size that lies": ("a.xlsx", awkward.lying_size, "bomb"),
    "entries over each other": ("a.xlsx", edited(overlapping), "damaged"),
    "a name from the root": ("a.xlsx", with_name("/etc/cron.d/a"), "damaged"),
    "a name that climbs": ("a.xlsx", with_name("xl/../../a"), "damaged"),
    "a name twice": ("a.xlsx", with_name("XL/workbook.xml"), "damaged"),
    "an unusual packing": ("a.xlsx", edited(strangely_packed), "damaged"),
    "something in front of the zip": ("a.xlsx", edited(in_front), "unknown_format"),
    "half a zip": ("a.xlsx", edited(cut_short), "damaged"),
    "a workbook in a workbook": ("a.xlsx", with_parts(xl__embeddings__b=b"PK\x03\x04"), "nested"),
    "no index of sheets": ("a.xlsx", a_part_less("xl/workbook.xml"), "damaged"),
    "no styles": ("a.xlsx", a_part_less("xl/styles.xml"), takes(1)),
    "a sheet of inline text": ("a.xlsx", by_hand(awkward.sheet_xml(WHOLE)), takes(1)),
    "cells without references": (
        "a.xlsx",
        by_hand(awkward.sheet_xml(cells_xml([HEADINGS, ROW], references=False))),
        takes(1),
    ),
    "elements with a prefix": ("a.xlsx", prefixed, takes(1)),
    "a sheet that breaks off": ("a.xlsx", by_hand(awkward.sheet_xml(WHOLE)[:-40]), "damaged"),
    "a cell in the last corner": ("a.xlsx", awkward.corner_cell, "too_many_columns"),
    "strings announced without number": ("a.xlsx", awkward.counted_strings, "bomb"),
    "a doctype in a workbook": ("a.xlsx", by_hand(f"{DOCTYPE}{awkward.sheet_xml(WHOLE)}"), "dtd"),
    "depth in a workbook": ("a.xlsx", by_hand("<a>" * 300_000), "bomb"),
    # OpenDocument's repetitions
    "rows that say they are repeated": ("a.ods", ods(ods_row(HEADINGS) + ods_row(ROW, 3)), takes(3)),
    "a million empty rows": ("a.ods", ods(ods_row(HEADINGS) + ods_row(ROW) + EMPTY_TO_THE_END), takes(1)),
    "a million rows in one": ("a.ods", ods(ods_row(HEADINGS) + ods_row(ROW, 1_000_000)), "bomb"),
    "a thousand million cells in one": (
        "a.ods",
        ods(ods_row(HEADINGS) + ods_row(ROW, 1_000_000, wide=16_000)),
        "damaged",
    ),
    # XML and JSON
    "a namespace, comments and CDATA": (
        "a.xml",
        xml(
            xml_report(inside="<!-- a -->", last="<![CDATA[O'Connor & Sons]]>"),
            attributes=' xmlns="http://ns.example.org/reports"',
        ),
        takes(1),
    ),
    "XML in Latin-1": (
        "a.xml",
        xml(xml_report(last="Núñez"), before="<?xml version='1.0' encoding='ISO-8859-1'?>", encoding="latin-1"),
        takes(1),
    ),
    "XML in UTF-16": ("a.xml", xml(xml_report(), encoding="utf-16"), takes(1)),
    "XML with credits that are none": ("a.xml", xml(xml_report(amount="lots")), takes(0, row_1=["amount_unreadable"])),
    "a doctype": ("a.xml", xml(xml_report(), before=DOCTYPE), "dtd"),
    "a thousand million laughs": (
        "a.xml",
        xml(xml_report(last="&l9;"), before=f"<!DOCTYPE a [{BILLION}]>"),
        "dtd",
    ),
    "a file of the server's": (
        "a.xml",
        xml(xml_report(last="&f;"), before='<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        "dtd",
    ),
    "an entity without a doctype": ("a.xml", xml(xml_report(last="&f;")), "damaged"),
    "depth in XML": ("a.xml", xml(xml_report(inside="<a>" * 300_000)), "bomb"),
    "XML that breaks off": ("a.xml", raw("<?xml version='1.0'?><ACCMELearnerReports>"), "damaged"),
    "another XML": ("a.xml", raw("<?xml version='1.0'?><a/>"), "no_columns"),
    "JSON with a mark": ("a.json", raw(b"\xef\xbb\xbf" + published(report()).encode()), takes(1)),
    "JSON in UTF-16": ("a.json", raw(published(report(last="Núñez")).encode("utf-16")), takes(1)),
    "JSON with numbers beyond number": (
        "a.json",
        raw(published(report(credits=10**400), report(credits=float("inf")), report(credits="4"))),
        takes(1, row_1=["amount_unreadable"], row_2=["amount_unreadable"]),
    ),
    "JSON with a number of five thousand digits": (
        "a.json",
        raw(published(report(credits=7)).replace("7}", f"{'7' * 5000}}}")),
        "damaged",
    ),
    "JSON with other things where text should be": (
        "a.json",
        raw(published(report(last=["Osei"], born={"year": 1979}, completed=None))),
        takes(0, row_1=["birthday_missing", "date_missing"]),
    ),
    "JSON with a comma too many": ("a.json", raw(published(report()).replace("]}}", ",]}}")), "damaged"),
    "depth in JSON": ("a.json", raw('{"a":' + "[" * 300_000), "bomb"),
    "depth inside a record": (
        "a.json",
        raw(published(report()).replace('"Osei"', "[" * 100_000 + "]" * 100_000)),
        "bomb",
    ),
    "another JSON": ("a.json", raw(json.dumps({"rows": [1, 2]})), "no_columns"),
}  # fmt: skip


def read_and_check(path: Path, name: str) -> tuple[int, Issues]:
    good = 0
    issues: dict[int, list[str]] = defaultdict(list)
    with read(path, layout=LAYOUT, name=name) as reading:
        check = checker(reading.header, today=TODAY, consent="written")
        for each in reading:
            values, found, _ = check(each)
            good += values is not None
            for issue in found:
                issues[issue.row].append(issue.code)
    return good, {number: sorted(codes) for number, codes in issues.items()}


@pytest.mark.parametrize("case", FILES)
def test_a_file_comes_to_its_known_end(case: str, tmp_path: Path) -> None:
    name, make, expected = FILES[case]
    path = make(tmp_path / name)
    began = time.monotonic()

    became: tuple[int, Issues] | str
    try:
        became = read_and_check(path, name)
    except Refused as refused:
        became = refused.code

    assert became == expected
    assert time.monotonic() - began < SECONDS


def test_sixty_files_and_more_are_tried() -> None:
    assert len(FILES) >= 60
