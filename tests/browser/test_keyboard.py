"""Every task of everyone, without a mouse."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from pars.access.models import Membership, Organization, User
from pars.access.roles import Role
from tests.browser.keyboard import Keyboard
from tests.browser.person import Visitor
from tests.browser.test_accounts import NEW_PASSWORD, link_in_mail
from tests.browser.test_journeys import worker_comes_by

pytestmark = pytest.mark.browser


def test_a_reporter_enters_an_activity(visitor: Visitor) -> None:
    person = visitor()
    keys = Keyboard(person)

    keys.signs_in("reporter@northlake.example")
    keys.presses("Activities", "a")
    keys.presses("New activity", "a")
    keys.types("Title", "Grand Rounds in Geriatrics")
    keys.types("Format", "Live C")
    keys.types("First day", "11022026")
    keys.ticks("Live-Streamed")
    keys.presses("Save and continue", "submit")
    keys.types("AMA PRA Category 1 Credits™", "1.5")
    keys.presses("Save and leave", "submit")

    person.page.wait_for_url(re.compile(r"/activities/\d{9}/$"))
    expect(person.page.locator("h1")).to_have_text("Grand Rounds in Geriatrics")
    assert person.reads("1.5")


def test_a_reporter_reports_a_credit(visitor: Visitor) -> None:
    person = visitor()
    keys = Keyboard(person)

    keys.signs_in("reporter@northlake.example")
    keys.presses("Activities", "a")
    keys.presses("Opioid Prescribing: 2026 Update", "a")
    keys.presses("Report a credit", "a")
    keys.types("Completion date", "09122026")
    keys.types("Credits", "1.5")
    keys.types("First name", "Amara")
    keys.types("Last name", "Osei")
    keys.types("Month of birth", "Oct")
    keys.types("Day of birth", "13")
    keys.types("Licensing state", "North C")
    keys.types("License number or NPI", "2008-95323")
    keys.presses("Check this learner", "submit", stays=True)
    expect(person.page.locator("#check")).to_contain_text("Matched")
    keys.presses("Report this credit", "submit")

    expect(person.page.locator("main")).to_contain_text("On record")


def test_a_reporter_sends_a_file_reads_what_became_of_it_and_takes_the_rows_to_fix(
    visitor: Visitor, samples: Path
) -> None:
    person = visitor()
    keys = Keyboard(person)

    keys.signs_in("reporter@northlake.example")
    keys.presses("Uploads", "a")
    template = keys.downloads("learner credit template")
    keys.attaches("File", samples / "learners-with-errors.xlsx")
    keys.picks("Learner credit", "Activities")
    keys.presses("Send the file", "submit")
    person.page.wait_for_url("**/uploads/*-*/")
    worker_comes_by()
    person.page.reload()
    keys.skips_to_main()
    keys.reaches("Rows to fix", "div")  # the table takes the focus, so that it can be scrolled
    rows_to_fix = keys.downloads("Download the rows to fix (.xlsx)")

    assert "Sheet1" in openpyxl.load_workbook(io.BytesIO(rows_to_fix)).sheetnames
    assert openpyxl.load_workbook(io.BytesIO(template)).sheetnames


def test_a_board_finds_a_licensee_and_takes_the_transcript_along(visitor: Visitor) -> None:
    person = visitor()
    keys = Keyboard(person)

    keys.signs_in("reviewer@ncmedboard.example")
    keys.types("Name, license number or NPI", "osei")
    keys.enters()
    keys.presses("Osei, Amara", "a")
    expect(person.page.locator("h1")).to_have_text("Amara Osei")
    pdf = keys.downloads("Download PDF")

    assert pdf.startswith(b"%PDF")


def test_a_physician_claims_their_record_and_takes_the_transcript_along(visitor: Visitor) -> None:
    operator, person = visitor("operator@accreditor.example"), visitor()
    keys = Keyboard(person)

    person.page.goto("/accounts/login/")
    keys.presses("Create one", "a")
    keys.types("Email", "jose.nunez@physician.example")
    keys.types("Password", NEW_PASSWORD)
    keys.presses("Create account", "submit")
    person.page.goto(link_in_mail(operator, "jose.nunez"))
    keys.presses("Yes, confirm it", "submit")
    if "/accounts/login" in person.page.url:
        keys.types("Email", "jose.nunez@physician.example")
        keys.types("Password", NEW_PASSWORD)
        keys.presses("Sign in", "submit")
    person.page.wait_for_url("**/passport/claim/")
    keys.types("First name", "Jose")
    keys.types("Last name", "Nunez")
    keys.types("Month of birth", "Feb")
    keys.types("Day of birth", "1")
    keys.types("State or territory of your license", "North C")
    keys.types("License number", "2003-96221")
    keys.presses("Claim my record", "submit")
    expect(person.page.locator("h1")).to_have_text("José Núñez")
    pdf = keys.downloads("Download PDF")

    assert pdf.startswith(b"%PDF")


def test_the_operator_adds_a_provider_and_reads_of_it_in_the_trail_and_its_administrator_accepts_the_terms(
    visitor: Visitor,
) -> None:
    operator, newcomer = visitor(), visitor()
    keys = Keyboard(operator)

    keys.signs_in("operator@accreditor.example")
    keys.presses("Organizations", "a")
    keys.presses("Add an organization", "a")
    keys.presses("Accredited provider", "a")
    keys.types("Provider ID", "0099002")
    keys.types("Name", "Cedar Valley Hospital")
    keys.types("First administrator’s email address", "ada@cedar.example")
    keys.presses("Add and send the invitation", "submit")
    operator.page.wait_for_url("**/operator/organizations/0099002/")
    keys.types("Email address", "ben@cedar.example")
    keys.picks(
        "Viewer: looks, changes nothing", "Administrator: manages people and terms, and does everything else"
    )
    keys.presses("Send invitation", "submit")
    expect(operator.page.locator("main")).to_contain_text("ben@cedar.example")
    keys.presses("Its audit trail", "a")
    assert operator.reads("Cedar Valley Hospital")
    newcomer.page.goto(link_in_mail(operator, "ada@cedar.example"))
    keys = Keyboard(newcomer)
    keys.types("Your name", "Ada Admin")
    keys.types("Password", NEW_PASSWORD)
    keys.presses("Create account and join", "submit")
    newcomer.page.wait_for_url("**/provider/")
    keys.presses("People", "a")
    keys.presses("Terms", "a")
    keys.picks(*["Written: they sign or tick that their credit may be reported"] * 2)
    keys.types("The words your learners read", "We report your credit.")
    keys.types("Your full name", "Ada Admin")
    keys.ticks("I may accept these terms for my organization")
    keys.presses("Accept the terms", "submit")

    assert newcomer.reads("The terms are accepted for your organization.")


def test_who_works_for_two_organizations_goes_from_one_to_the_other_and_leaves(visitor: Visitor) -> None:
    _works_also_for("reporter@northlake.example", "NC-MD", Role.REVIEWER)
    person = visitor()
    keys = Keyboard(person)

    keys.signs_in("reporter@northlake.example")
    _opens_the_menu(keys, "Northlake Medical Center")
    keys.presses("North Carolina Medical Board", "submit")
    expect(person.page.locator("h1")).to_have_text("Find a licensee")
    _opens_the_menu(keys, "North Carolina Medical Board")
    keys.tab()
    person.page.keyboard.press("Escape")
    closed = keys.where()
    _opens_the_menu(keys, "North Carolina Medical Board")
    keys.presses("Sign out", "submit")

    assert closed is not None
    assert closed.name.startswith("North Carolina Medical Board")
    expect(person.page.get_by_role("link", name="Sign in").first).to_be_visible()


def _works_also_for(email: str, code: str, role: Role) -> None:
    user, organization = User.objects.get(email=email), Organization.objects.get(code=code)
    Membership.objects.create(user=user, organization=organization, role=role)


def _opens_the_menu(keys: Keyboard, organization: str) -> Any:
    stop = keys.where()
    while not (stop and stop.kind == "summary" and stop.name.startswith(organization)):
        stop = keys.tab()
    keys.page.keyboard.press("Enter")
