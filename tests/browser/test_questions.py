"""A reporter answers what a file leaves open, in a real browser."""

from pathlib import Path

import pytest

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.browser.person import Person, Visitor
from tests.uploads import a_row, as_csv, see_through

pytestmark = pytest.mark.browser


def worker_comes_by(reporter: Person) -> None:
    with acting_as(Actor.system_job("test")):
        batches = list(Batch.objects.unfinished().select_related("organization"))
    for batch in batches:
        see_through(batch)
    reporter.page.reload()


def send(reporter: Person, path: Path) -> None:
    reporter.page.goto("/uploads/?kind=learners")
    reporter.page.locator("input[type=file]").set_input_files(path)
    reporter.page.get_by_role("button", name="Send the file").click()
    reporter.page.wait_for_url("**/uploads/*-*/")
    worker_comes_by(reporter)


def test_one_question_about_dates_and_one_about_headings(visitor: Visitor, tmp_path: Path) -> None:
    reporter = visitor("reporter@northlake.example")
    dates, own = tmp_path / "dates.csv", tmp_path / "own.csv"
    dates.write_bytes(as_csv([a_row("202600101", completed=day) for day in ("25/03/2026", "03/04/2026")]))
    good = as_csv([a_row("202600101", completed="2026-09-12", birthday="10/13/1979")])
    own.write_bytes(good.replace(b"Completion Date", b"Finished").replace(b"Date of Birth", b"Born"))

    send(reporter, dates)
    assert reporter.reads("Is 03/04/2026 in row 3 March 4 or April 3?")
    reporter.looks_over()
    reporter.page.get_by_text("April 3 (the day comes first)").click()
    reporter.page.get_by_role("button", name="Read the file this way").click()
    worker_comes_by(reporter)
    assert reporter.reads("2 rows need a fix.")  # the course was in September

    send(reporter, own)
    assert reporter.reads("Which column is which?")
    reporter.page.get_by_role("button", name="Remember this and read the file").click()
    assert reporter.reads("Say which column is")
    reporter.looks_over()
    reporter.page.get_by_label("Finished").select_option("Completion Date (needed)")
    reporter.page.get_by_label("Born").select_option("Date of Birth (needed)")
    reporter.page.get_by_role("button", name="Remember this and read the file").click()
    worker_comes_by(reporter)
    assert reporter.reads("The row is in.")
    reporter.looks_over()

    reporter.goes_to("/uploads/headings/")
    reporter.page.get_by_role("button", name="Forget Born").click()
    assert not reporter.reads("Born")
    assert reporter.reads("Finished")
