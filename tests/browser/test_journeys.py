"""The four people's errands, in a real browser, as they would run them."""

from pathlib import Path
from typing import Any

import pytest

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.browser.person import Person, Visitor
from tests.uploads import see_through

pytestmark = pytest.mark.browser


def worker_comes_by() -> None:
    with acting_as(Actor.system_job("test")):
        batches = list(Batch.objects.unfinished().select_related("organization"))
    for batch in batches:
        see_through(batch)


def _send(reporter: Person, path: Path) -> None:
    reporter.page.goto("/uploads/")
    reporter.page.locator("input[type=file]").set_input_files(path)
    reporter.page.locator("#id_kind").get_by_text("Learner credit", exact=True).click()
    reporter.page.get_by_role("button", name="Send the file").click()
    reporter.page.wait_for_url("**/uploads/*-*/")
    worker_comes_by()
    reporter.page.reload()


def test_from_a_file_to_the_board_and_the_physician(visitor: Visitor, samples: Path) -> None:
    reporter = visitor("reporter@northlake.example")
    _send(reporter, samples / "learners.xlsx")
    assert reporter.reads("12")
    reporter.looks_over()
    _send(reporter, samples / "learners-with-errors.xlsx")
    assert reporter.reads("18 rows need a fix")
    reporter.looks_over()
    with reporter.page.expect_download() as download:
        reporter.page.get_by_role("link", name="Download the rows to fix").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    for path in ("/provider/", "/activities/", "/activities/202600101/", "/credits/", "/uploads/"):
        reporter.goes_to(path)

    reviewer = visitor("reviewer@ncmedboard.example")
    reviewer.looks_over()
    reviewer.page.locator("main input[type=search], main input[type=text]").first.fill("osei")
    reviewer.page.locator("main form").first.get_by_role("button").first.click()
    reviewer.page.locator("main").get_by_role("link", name="Osei").first.click()
    assert reviewer.reads("Northlake Medical Center")
    reviewer.looks_over()

    physician = visitor("amara.osei@physician.example")
    assert physician.reads("37.5")
    physician.looks_over()
    with physician.page.expect_download() as download:
        physician.page.get_by_role("link", name="Download PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.7")


def test_the_operator_finds_organizations_batches_events_and_mail(visitor: Visitor) -> None:
    operator = visitor("operator@accreditor.example")

    for path in (
        "/operator/",
        "/operator/organizations/",
        "/operator/batches/",
        "/operator/audit/",
        "/operator/mail/",
    ):
        operator.goes_to(path)
        assert operator.page.locator("h1").count() == 1


def test_a_visitor_sees_what_it_is_and_who_takes_part(visitor: Visitor) -> None:
    stranger = visitor()

    for path in ("/", "/boards/", "/accounts/login/", "/accounts/signup/", "/gallery/"):
        stranger.goes_to(path)
    stranger.page.goto("/boards/")
    assert stranger.reads("North Carolina Medical Board")


def test_a_credit_by_form_without_javascript(visitor: Visitor) -> None:
    reporter = visitor("reporter@northlake.example", java_script_enabled=False)
    page = reporter.page

    page.goto("/credits/new/")
    page.get_by_role("button", name="Report this credit").click()
    assert page.locator("[aria-invalid=true]").count() > 3
    page.get_by_label("Activity").select_option(label=_option(page, "Opioid Prescribing"))
    page.get_by_label("Completion date").fill("2026-09-12")
    page.get_by_label("Credits", exact=True).fill("4")
    page.get_by_label("First name").fill("Amara")
    page.get_by_label("Last name").fill("Osei")
    page.get_by_label("Month of birth").select_option("10")
    page.get_by_label("Day of birth").select_option("13")
    page.get_by_label("Licensing state").select_option("NC")
    page.get_by_label("License number or NPI").fill("2008-95323")
    page.get_by_role("button", name="Check this learner").click()
    assert "belong together" in page.locator("main").inner_text()
    page.get_by_role("button", name="Report this credit").click()

    assert "/credits/new" not in page.url
    assert reporter.reads("On record")


def _option(page: Any, words: str) -> str:
    options = page.get_by_label("Activity").locator("option").all_inner_texts()
    return next(str(option) for option in options if words in option)


def test_signing_in_and_finding_a_licensee_by_keyboard_alone(visitor: Visitor) -> None:
    person = visitor()
    page = person.page
    page.goto("/accounts/login/")
    _tab_to(page, "Email")
    page.keyboard.type("reviewer@ncmedboard.example")
    _tab_to(page, "Password")
    page.keyboard.type("demo-only-Passw0rd")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/")

    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main input[type=search], main input[type=text]')"):
            break
    page.keyboard.type("kim")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Kim").first.wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main a[href*=\"/board/licensees/\"]')"):
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/board/licensees/**")
    assert page.locator("h1").inner_text() == "Daniel Kim"


def _tab_to(page: Any, label: str) -> None:
    wanted = page.get_by_label(label).element_handle()
    for _ in range(30):
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} cannot be reached by Tab")
