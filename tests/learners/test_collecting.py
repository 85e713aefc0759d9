"""What a provider asks its learners for, on paper and as a sheet."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from pars.access.models import Agreement, Organization, User
from pars.access.roles import Role
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
FORM = "/credits/collect/"


@pytest.fixture
def ours() -> Organization:
    return a_provider("Northlake Medical Center")


@pytest.fixture
def reporter(client_as: SignIn, ours: Organization) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def consents(ours: Organization, **said: str) -> None:
    with as_role("pars_owner"):
        Agreement.objects.filter(organization=ours).update(**said)


def test_the_form_asks_for_what_a_report_needs_and_never_for_the_year(reporter: PageClient) -> None:
    page = reporter.get(FORM).content.decode()

    for words in (
        "First name",
        "Last name",
        "State that issued",
        "License number",
        "Day you finished",
        "Credits you",
    ):
        assert words in page
    assert "Month and day only, never the year." in page
    assert "Northlake Medical Center" in page


def test_for_one_activity_its_title_number_and_day_stand_there(
    reporter: PageClient, ours: Organization
) -> None:
    course = an_activity(ours, title="Opioid Prescribing")

    page = reporter.get(f"{FORM}?activity={course.activity_id}").content.decode()

    article = page[page.index("<article") :]
    assert "Opioid Prescribing" in article
    assert course.activity_id in article
    assert "4 at the most" in article


def test_anothers_activity_is_not_there(reporter: PageClient) -> None:
    theirs = an_activity(a_provider())

    assert reporter.get(f"{FORM}?activity={theirs.activity_id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "words", "signature"),
    [("written", "I agree that Northlake", True), ("implied", "By giving this information", False)],
)
def test_the_consent_is_of_the_kind_the_organization_declared(
    reporter: PageClient, ours: Organization, *, kind: str, words: str, signature: bool
) -> None:
    consents(ours, consent=kind, consent_wording="")

    page = reporter.get(FORM).content.decode()

    assert words in page
    assert ("Signature and date" in page) is signature


def test_the_organizations_own_words_come_first(reporter: PageClient, ours: Organization) -> None:
    consents(ours, consent_wording="You let us tell your board <soon>.")

    page = reporter.get(FORM).content.decode()

    assert "You let us tell your board &lt;soon&gt;." in page
    assert "I agree that" not in page


def test_the_sheet_is_sent_as_it_is(reporter: PageClient, ours: Organization) -> None:
    a_physician(a_board("NC"), "2008-95323")
    course = an_activity(ours)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(reporter.get("/templates/learners-collected.xlsx"))))
    row = [course.activity_id, "09/12/2026", "Amara", "Osei", "10/13", "NC", "2008-95323", 4]
    book["Learners"].append(row)
    file = io.BytesIO()
    book.save(file)

    batch = see_through(take_in(ours, file.getvalue(), "learners.xlsx"))

    assert (batch.added, batch.rows) == (1, 1)
