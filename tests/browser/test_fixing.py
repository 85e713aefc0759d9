"""Rows to fix, mended on screen: one after another without leaving the page, and without a script."""

from pathlib import Path

import openpyxl
import pytest

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.browser.person import Person, Visitor
from tests.browser.test_journeys import worker_comes_by

pytestmark = pytest.mark.browser


@pytest.fixture
def broken(samples: Path, tmp_path: Path) -> Path:
    """The accreditor's template with three rows whose credits are no number, and one without a state, too."""
    book = openpyxl.load_workbook(samples / "learners.xlsx")
    sheet = book.worksheets[0]
    headings = [str(cell.value).strip() for cell in sheet[2]]
    amount, state = (1 + headings.index(name) for name in ("Number of CME Credits", "Licensing State"))
    for row in (3, 4, 5):
        sheet.cell(row, amount).value = "many"
    sheet.cell(4, state).value = "North Carolin"
    book.save(tmp_path / "learners.xlsx")
    return tmp_path / "learners.xlsx"


def sends(reporter: Person, path: Path) -> None:
    page = reporter.page
    page.goto("/uploads/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("#id_kind").get_by_text("Learner credit", exact=True).click()
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url("**/uploads/*-*/")
    worker_comes_by()
    page.reload()


def test_rows_are_fixed_one_after_another_without_leaving_the_page(visitor: Visitor, broken: Path) -> None:
    reporter = visitor("reporter@northlake.example")
    page = reporter.page
    sends(reporter, broken)
    reporter.looks_over()

    page.get_by_role("link", name="Fix the rows here").click()
    assert page.get_by_label("Number of CME Credits").evaluate("field => field === document.activeElement")
    reporter.looks_over()
    page.get_by_label("Number of CME Credits").fill("2")
    page.get_by_role("button", name="Save and go to the next").click()
    page.get_by_role("heading", name="Fix row 4").wait_for()
    assert page.url.endswith("/rows/4/")
    assert reporter.reads("Row 3 is in.")
    page.get_by_label("Number of CME Credits").fill("2")
    page.get_by_role("button", name="Save and go to the next").click()
    page.locator(".error-summary").wait_for()
    reporter.looks_over()
    page.get_by_label("Licensing State").fill("NC")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Fix row 5").wait_for()
    page.get_by_label("Number of CME Credits").fill("2")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/uploads/*-*/#fix")

    assert reporter.reads("All 12 rows are in.")
    assert reporter.reads("3 of 3 rows to fix are in now")
    reporter.looks_over()


def test_a_row_is_fixed_without_a_script(visitor: Visitor, broken: Path) -> None:
    reporter = visitor("reporter@northlake.example", java_script_enabled=False)
    page = reporter.page
    sends(reporter, broken)

    page.get_by_role("link", name="Fix row 5").first.click()
    page.get_by_label("Number of CME Credits").fill("2")
    page.get_by_role("button", name="Save", exact=True).click()

    assert reporter.reads("Row 5 is in.")
    assert reporter.reads("2 rows need a fix")
    with acting_as(Actor.system_job("test")):
        assert Batch.objects.uploads().newest_first()[0].fixed == 1
