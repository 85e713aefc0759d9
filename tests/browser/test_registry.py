"""The registry's errands in a real browser: a board sends its roster, an operator joins two records and parts them."""

from pathlib import Path

import pytest

from boards.rosters.columns import HEADINGS
from tests.browser.person import Person, Visitor
from tests.browser.test_journeys import worker_comes_by
from tests.uploads import as_table

pytestmark = pytest.mark.browser

AMARA = {
    "number": "2008-95323",
    "degree": "MD",
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday": "10/13",
}


def _send(admin: Person, path: Path, *, full: bool) -> None:
    admin.page.goto("/board/rosters/")
    admin.page.locator("input[type=file]").set_input_files(path)
    if full:
        admin.page.get_by_text("All licenses of our board", exact=True).click()
    admin.page.get_by_role("button", name="Send the file").click()
    admin.page.wait_for_url("**/uploads/*-*/")
    worker_comes_by()
    admin.page.reload()


def test_a_board_sends_its_roster_and_decides_about_what_is_missing(
    visitor: Visitor, samples: Path, tmp_path: Path
) -> None:
    admin = visitor("admin@ncmedboard.example")
    admin.goes_to("/board/rosters/")
    _send(admin, samples / "roster-nc.csv", full=False)
    assert admin.reads("All 18 rows are in.")
    admin.looks_over()
    columns = {key: names[0] for key, names in HEADINGS.items()}
    some = tmp_path / "full.csv"
    some.write_bytes(as_table(columns, [AMARA, AMARA | {"number": "", "status": "Half"}]))
    _send(admin, some, full=False)
    assert admin.reads("This status is not known here.")
    admin.looks_over()
    some.write_bytes(as_table(columns, [AMARA]))
    _send(admin, some, full=True)
    admin.looks_over()

    admin.page.get_by_role("link", name="Look at the missing licenses").click()
    assert admin.reads("17 licenses of your board stand on record and are not in this full list")
    admin.looks_over()
    admin.page.get_by_role("button", name="Lapse all 17").click()

    assert admin.reads("17 licenses have lapsed.")
    admin.looks_over()


def test_an_operator_joins_two_records_and_parts_them(visitor: Visitor, tmp_path: Path) -> None:
    admin = visitor("admin@ncmedboard.example")
    double = tmp_path / "double.csv"
    columns = {key: names[0] for key, names in HEADINGS.items()}
    double.write_bytes(as_table(columns, [AMARA | {"number": "2026-1", "birthday": ""}]))
    _send(admin, double, full=False)
    operator = visitor("operator@accreditor.example")
    operator.goes_to("/operator/physicians/")
    operator.page.get_by_label("Name, license number or NPI").fill("2026-1")
    operator.page.locator("main").get_by_role("button", name="Find").click()
    operator.looks_over()
    operator.page.get_by_role("link", name="Osei, Amara").click()
    record = operator.page.url
    operator.looks_over()

    operator.page.get_by_label("Number of the other record").fill("1")
    operator.page.get_by_role("button", name="Compare the two").click()
    operator.looks_over()
    operator.page.get_by_role("link", name="The other way round").click()
    operator.page.get_by_text("A document of the physician shows it").click()
    operator.page.get_by_role("button", name="Join the two records").click()
    assert operator.reads("Joined. The two can be parted again on this page.")
    operator.looks_over()
    operator.page.get_by_role("link", name="Part them again").click()
    operator.looks_over()
    operator.page.get_by_text("They were joined by mistake").click()
    operator.page.get_by_role("button", name="Part the two records").click()

    assert operator.reads("Parted. Both records are as they were.")
    operator.page.goto(record)
    assert operator.reads("2026-1")
