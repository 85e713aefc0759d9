"""Dates that can be read two ways: read where there is no doubt, asked about once where the file gives one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pars.batches.cells import read_date
from pars.batches.readers import Refused, read
from tests.batches.files import awkward
from tests.batches.files.layout import HEADINGS, LAYOUT


def table(path: Path, dates: Sequence[str], *, separator: str = ",", born: str = "") -> Path:
    lines = [HEADINGS, *(("1", each, "Osei", born, "4") for each in dates)]
    return awkward.text(path, "\n".join(separator.join(line) for line in lines))


def days(path: Path, day_first: bool | None = None) -> list[date | None]:
    layout = replace(LAYOUT, day_first=day_first)
    with read(path, layout=layout, name=path.name) as reading:
        return [read_date(str(row.cells[1])) for row in reading]


def question(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        days(path)
    return caught.value


MARCH_4, APRIL_3 = date(2026, 3, 4), date(2026, 4, 3)


@pytest.mark.parametrize(
    "dates",
    [
        ["03/04/2026"],
        ["03/04/2026", "3/4/26"],
        ["03/04/2026", "09/25/2026"],
        ["03-04-2026", "2026-09-25"],
        ["03.04.2026", "4 Mar 2026"],
        ["03/04/2026", "04/04/2026", "not yet"],
    ],
)
def test_without_a_reason_to_doubt_the_month_comes_first(dates: list[str], tmp_path: Path) -> None:
    assert days(table(tmp_path / "a.csv", dates))[0] == MARCH_4


def test_a_date_that_can_be_read_one_way_only_is_read_that_way(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["25/03/2026", "09/25/2026", "25.03.26", "25/13/2026", "31/02/2026"])

    assert days(path) == [date(2026, 3, 25), date(2026, 9, 25), date(2026, 3, 25), None, None]


@pytest.mark.parametrize(
    "dates", [["03/04/2026", "25/03/2026"], ["25/03/2026", "03/04/2026", "09/25/2026"], ["3.4.26", "25.3.26"]]
)
def test_a_date_with_the_day_first_puts_those_that_read_both_ways_in_doubt(
    dates: list[str], tmp_path: Path
) -> None:
    refused = question(table(tmp_path / "a.csv", dates))

    assert refused.code == "dates_ambiguous"
    assert "March 4 or April 3?" in refused.message
    assert refused.question["readings"] == {"month-first": "March 4", "day-first": "April 3"}
    assert [one["row"] for one in refused.question["day_first"]] == [
        number for number, each in enumerate(dates, 2) if each.startswith("25")
    ]


@pytest.mark.parametrize("written", ["03.04.2026", "3-4-26"])
def test_dots_and_dashes_are_in_doubt_where_semicolons_part_the_columns(written: str, tmp_path: Path) -> None:
    assert question(table(tmp_path / "a.csv", [written], separator=";")).code == "dates_ambiguous"


@pytest.mark.parametrize("dates", [["03/04/2026"], ["03.04.2026", "09.25.2026"]])
def test_semicolons_alone_are_no_reason_to_doubt(dates: list[str], tmp_path: Path) -> None:
    assert days(table(tmp_path / "a.csv", dates, separator=";"))[0] == MARCH_4


def test_the_answer_decides_what_can_be_read_both_ways_and_nothing_else(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["03/04/2026 10:30", "25/03/2026", "09/25/2026", "2026-03-04"])

    assert days(path, day_first=True) == [APRIL_3, date(2026, 3, 25), date(2026, 9, 25), MARCH_4]
    assert days(path, day_first=False) == [MARCH_4, date(2026, 3, 25), date(2026, 9, 25), MARCH_4]


def test_a_birthday_counts_as_evidence_and_shows_no_year(tmp_path: Path) -> None:
    path = awkward.text(
        tmp_path / "a.csv",
        ",".join(HEADINGS) + "\n1,2026-09-12,Osei,25/12/1979,4\n1,2026-09-12,Silva,03/04/1981,4\n",
    )

    refused = question(path)

    assert "03/04/•••• in row 3" in refused.message
    assert "19" not in refused.message + str(refused.question)


@pytest.mark.parametrize(("day_first", "shown"), [(True, "••••-04-03"), (False, "••••-03-04")])
def test_the_answer_holds_for_birthdays_too(day_first: bool, shown: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["2026-09-12"], born="03/04/1979")

    with read(path, layout=replace(LAYOUT, day_first=day_first), name="a.csv") as reading:
        assert [row.cells[3] for row in reading] == [shown]


def test_a_month_and_day_of_birth_alone_is_never_in_doubt(tmp_path: Path) -> None:
    path = awkward.text(
        tmp_path / "a.csv", ",".join(HEADINGS) + "\n1,2026-09-12,Osei,25/12,4\n1,2026-09-12,Silva,03/04,4\n"
    )

    assert days(path) == [date(2026, 9, 12)] * 2
