"""Each file that cannot be read is refused by its own code, in words, and harms nobody."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pars.batches.readers import LIMITS, Limits, Refused, read
from tests.batches.files import awkward
from tests.batches.files.layout import HEADINGS, LAYOUT

DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
MIB = 1024 * 1024


def refusal(path: Path, name: str | None = None, limits: Limits = LIMITS) -> Refused:
    with (
        pytest.raises(Refused) as caught,
        read(path, layout=LAYOUT, name=name or path.name, limits=limits) as rows,
    ):
        list(rows)
    return caught.value


def csv(rows: str) -> str:
    return ",".join(HEADINGS) + "\n" + rows


FILES: dict[str, tuple[str, str, Callable[[Path], Path]]] = {
    "an empty file": ("a.xlsx", "empty", lambda path: awkward.text(path, "")),
    "a file of blanks": ("a.csv", "empty", lambda path: awkward.text(path, " \n\n ")),
    "a PDF named xlsx": ("a.xlsx", "not_a_workbook", lambda path: awkward.text(path, "%PDF-1.7 …")),
    "a web page named xls": ("a.xls", "not_a_workbook", lambda path: awkward.text(path, "<html><table>")),
    "a workbook with a password": ("a.xlsx", "encrypted", lambda path: awkward.ole(path, "EncryptedPackage")),
    "an old letter": ("a.xls", "not_a_workbook", lambda path: awkward.ole(path, "WordDocument")),
    "half an old workbook": ("a.xls", "damaged", lambda path: awkward.ole(path, "Workbook")),
    "no known columns": (
        "a.xlsx",
        "no_columns",
        lambda path: awkward.package(path, awkward.sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')),
    ),
    "headings alone": ("a.csv", "no_rows", lambda path: awkward.text(path, csv(""))),
    "a heading twice": (
        "a.csv",
        "duplicate_heading",
        lambda path: awkward.text(path, ",".join((*HEADINGS, "last name:")) + "\n"),
    ),
    "a zip bomb": ("a.xlsx", "bomb", lambda path: awkward.inflating(path, 300)),
    "a size that lies": ("a.xlsx", "bomb", awkward.lying_size),
    "a corner cell": ("a.xlsx", "too_many_columns", awkward.corner_cell),
    "a corner cell in disguise": ("a.xlsx", "damaged", awkward.corner_cell_hidden_from_the_guard),
    "strings without number": ("a.xlsx", "bomb", awkward.counted_strings),
    "a workbook inside": (
        "a.xlsx",
        "nested",
        lambda path: awkward.package(path, "", more={"xl/embeddings/a.xlsx": b"PK\x03\x04"}),
    ),
    "a doctype in a workbook": (
        "a.xlsx",
        "dtd",
        lambda path: awkward.package(path, f"<?xml version='1.0'?>{DOCTYPE}{awkward.sheet_xml('')}"),
    ),
    "a doctype in UTF-16 in a workbook": (
        "a.xlsx",
        "dtd",
        lambda path: awkward.package(path, f"{DOCTYPE}{awkward.sheet_xml('')}".encode("utf-16")),
    ),
    "depth in a workbook": ("a.xlsx", "bomb", lambda path: awkward.package(path, "<a>" * 300_000)),
    "a doctype": ("a.xml", "dtd", lambda path: awkward.text(path, awkward.xml_records(before=DOCTYPE))),
    "a doctype in UTF-16": (
        "a.xml",
        "dtd",
        lambda path: awkward.text(path, awkward.xml_records(before=DOCTYPE), "utf-16"),
    ),
    "a deep XML": (
        "a.xml",
        "bomb",
        lambda path: awkward.text(path, awkward.xml_records(inside="<a>" * 300_000)),
    ),
    "half an XML": ("a.xml", "damaged", lambda path: awkward.text(path, awkward.xml_records(3)[:-40])),
    "another XML": ("a.xml", "no_columns", lambda path: awkward.text(path, "<?xml version='1.0'?><a/>")),
    "another JSON": ("a.json", "no_columns", lambda path: awkward.text(path, '{"a": [1, 2]}')),
    "a deep JSON": (
        "a.json",
        "bomb",
        lambda path: awkward.text(path, '{"x":' + "[" * 300_000 + "]" * 300_000 + "}"),
    ),
    "half a JSON": (
        "a.json",
        "damaged",
        lambda path: awkward.text(
            path, '{"ACCMELearnerReports":{"ActivityReports":{"ActivityReport":[{},{"a"'
        ),
    ),
    "an open quotation mark": (
        "a.csv",
        "open_quote",
        lambda path: awkward.text(path, csv('1,2026-09-12,"Osei\n1,2026-09-12,Silva\n')),
    ),
    "a comma too many": (
        "a.csv",
        "ragged_row",
        lambda path: awkward.text(path, csv("1,2026-09-12,Osei, Jr,10/13,4\n")),
    ),
    "a cell without end": (
        "a.csv",
        "cell_too_long",
        lambda path: awkward.text(path, csv(f"1,2026-09-12,{'x' * 40_000}\n")),
    ),
    "bytes": ("a.dat", "unknown_format", lambda path: awkward.text(path, "a\x00b")),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_is_refused_by_its_own_code(case: str, tmp_path: Path) -> None:
    name, code, write = FILES[case]
    path = write(tmp_path / name)

    refused = refusal(path)

    assert refused.code == code
    assert refused.message.endswith(".")


def test_a_workbook_of_26_mb_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = awkward.package(tmp_path / "a.xlsx", "", more={})
    with path.open("ab") as file:
        file.truncate(26 * MIB)

    limited = replace(LIMITS, workbook_bytes=1000)
    small = awkward.package(tmp_path / "b.xlsx", "")

    assert refusal(small, limits=limited).code == "too_large"
    assert refusal(path).code in ("too_large", "damaged")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_too_many_rows_are_refused_with_the_count_and_the_limit(name: str, tmp_path: Path) -> None:
    if name.endswith("xlsx"):
        path = awkward.workbook(tmp_path / name, [awkward.ROW] * 31)
    else:
        path = awkward.text(tmp_path / name, csv("1,2026-09-12,Osei\n" * 31))
    limits = replace(LIMITS, workbook_rows=30, rows=30)

    refused = refusal(path, limits=limits)

    assert refused.code == "too_many_rows"
    assert "31 rows" in refused.message
    assert "30" in refused.message


def test_a_child_that_needs_too_much_memory_is_a_refusal(tmp_path: Path) -> None:
    path = awkward.workbook(tmp_path / "a.xlsx", [awkward.ROW] * 5000)
    limits = replace(LIMITS, child_bytes=16 * MIB)

    assert refusal(path, limits=limits).code in ("bomb", "damaged")


def test_a_child_that_takes_too_long_is_a_refusal(tmp_path: Path) -> None:
    path = awkward.workbook(tmp_path / "a.xlsx", [awkward.ROW] * 100)
    limits = replace(LIMITS, child_wait_seconds=0.001)

    assert refusal(path, limits=limits).code == "too_slow"


def test_a_refusal_names_the_headings_that_are_missing(tmp_path: Path) -> None:
    path = awkward.text(tmp_path / "a.csv", "Last Name,Activity ID\nOsei,1\n")

    refused = refusal(path)

    assert refused.code == "no_columns"
    assert "“Completion Date”" in refused.message
    assert "Last Name" not in refused.message
