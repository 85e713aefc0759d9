"""Headings that nobody knows: asked about where a row of headings stands, used once they were explained."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pars.batches.readers import Header, Refused, read
from tests.batches.files import awkward
from tests.batches.files.layout import LAYOUT

OWN = ("Activity ID", "Finished", "Last Name", "Born", "Hours")
ROW = ("202600101", "9/12/2026", "Osei", "10/13/1979", "4")


def table(path: Path, *rows: Sequence[str], separator: str = ",") -> Path:
    return awkward.text(path, "\n".join(separator.join(row) for row in rows))


def header(path: Path, remembered: Mapping[str, str] | None = None) -> Header:
    with read(path, layout=replace(LAYOUT, remembered=remembered or {}), name=path.name) as reading:
        list(reading)
        return reading.header


def refusal(path: Path, remembered: Mapping[str, str] | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        header(path, remembered)
    return caught.value


def test_unknown_headings_are_asked_about_with_their_first_values(tmp_path: Path) -> None:
    refused = refusal(table(tmp_path / "a.csv", ("Spring report",), OWN, ROW, ROW, ROW, ROW))

    assert refused.code == "headings_unknown"
    assert "“Completion Date”" in refused.message
    assert refused.question == {
        "sheet": None,
        "row": 2,
        "columns": [
            {"heading": "Finished", "values": ["••••-09-12"] * 3},
            {"heading": "Born", "values": ["••••-10-13"] * 3},
            {"heading": "Hours", "values": ["4"] * 3},
        ],
        "found": ["activity_id", "last_name"],
        "missing": ["completed_on"],
    }


def test_no_kind_of_cell_under_an_unknown_heading_shows_a_year(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Activity ID", "Last Name", "Finished", "A", "B", "C", "D", "E"))
    sheet.append(("202600101", "Osei", "later", date(1979, 10, 13), 29141, 1979, "13 Oct 1979", 10131979))
    book.save(tmp_path / "a.xlsx")

    refused = refusal(tmp_path / "a.xlsx")

    values = [value for column in refused.question["columns"] for value in column["values"]]
    assert values == ["later", "••••-10-13", "••••-10-13", "••••", "••••-10-13", "••••-10-13"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_an_explained_heading_is_the_column(separator: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OWN, ROW, separator=separator)

    found = header(path, {"finished": "completed_on", "hours": "credits", "born": ""})

    assert found.keys == ("activity_id", "completed_on", "last_name", None, "credits")
    assert found.headings == OWN


def test_a_heading_that_everybody_knows_goes_before_an_explained_one(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", (*OWN, "Completion Date"), (*ROW, "9/13/2026"))

    found = header(path, {"finished": "completed_on"})

    assert found.keys == ("activity_id", None, "last_name", None, None, "completed_on")


@pytest.mark.parametrize(
    ("headings", "remembered"),
    [
        (("Ref", "Finished", "Last Name"), {}),
        (("Activity ID", "Last Name"), {}),
        (("Activity ID", "Last Name", "Date", "Date"), {}),
        (("Activity ID", "Last Name", "Finished"), {"finished": ""}),
    ],
    ids=["no row of headings", "nothing to choose from", "the same heading twice", "all left out before"],
)
def test_what_no_answer_could_mend_stays_refused(
    headings: Sequence[str], remembered: Mapping[str, str], tmp_path: Path
) -> None:
    refused = refusal(table(tmp_path / "a.csv", headings, ["1"] * len(headings)), remembered)

    assert (refused.code, refused.question) == ("no_columns", {})
