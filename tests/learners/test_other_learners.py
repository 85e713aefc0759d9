"""Rows of a file about those who earn no credit of this type, and what a row itself says of consent."""

from collections.abc import Callable
from datetime import date

import pytest

from activities.models import Activity, Figures
from learners.degrees import may_earn
from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.batches.models import Batch, Level
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import COLUMNS, a_row, as_table, codes, findings, see_through, take_in

pytestmark = pytest.mark.django_db

SIGNS = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
MORE = {"degree": "Credentials", "consent": "Consent", "consented": "Consent Date"}


@pytest.fixture
def ours() -> Organization:
    a_physician(a_board("NC"), "2008-95323")
    return a_provider()


@pytest.fixture
def course(ours: Organization) -> Activity:
    return an_activity(ours)


def send(ours: Organization, *rows: dict[str, str], **options: object) -> Batch:
    return see_through(take_in(ours, as_table(COLUMNS | MORE, list(rows)), "learners.csv", **options))


def credit() -> Credit:
    with acting_as(SYSTEM):
        return Credit.objects.get()


@pytest.mark.parametrize(
    "degree",
    [
        "",
        "MD",
        "M.D.",
        "D.O.",
        "MD, PhD",
        "PharmD, MD",
        "DO FACOI",
        "MBBS",
        "Physician",
        "Doctor of Medicine",
        "Attending",
    ],
)
def test_a_doctor_of_medicine_may_earn_credit_whatever_else_they_are(degree: str) -> None:
    assert may_earn(degree)


@pytest.mark.parametrize(
    "degree",
    ["RN", "R.N., B.S.N.", "PA-C", "Physician Assistant", "Physician’s Associate", "PharmD", "Ph.D.",
     "Nurse Practitioner", "Medical Student", "Doctor of Nursing Practice", "Non-physician", "Other", "DDS/PhD"],
)  # fmt: skip
def test_another_profession_may_not(degree: str) -> None:
    assert not may_earn(degree)


def test_another_profession_is_a_note_and_no_credit(ours: Organization, course: Activity) -> None:
    nurse = a_row(
        course.activity_id, degree="RN", last_name="Silva", birthday="", state="", number="", amount="x"
    )

    batch = send(ours, a_row(course.activity_id, degree="MD, PhD"), nurse)

    assert (batch.rows, batch.added, batch.failed, batch.others) == (2, 1, 0, 1)
    assert [(one.row, one.code, one.level, one.value) for one in findings(batch) if one.code != "late"] == [
        (3, "not_physician", Level.NOTE, "RN")
    ]


def test_check_only_says_the_same(ours: Organization, course: Activity) -> None:
    batch = send(
        ours, a_row(course.activity_id, degree="DO"), a_row(course.activity_id, degree="NP"), check_only=True
    )

    assert (batch.ready, batch.others, batch.failed) == (1, 1, 0)


def test_the_page_counts_other_learners_and_leaves_the_entered_counts(
    ours: Organization, course: Activity, client_as: SIGNS
) -> None:
    other = an_activity(ours)
    with as_role("pars_owner"):
        Figures.objects.create(activity=course, organization=ours, counts={"other": 7})
    rows = [a_row(course.activity_id, degree="RN")] * 3 + [a_row(other.activity_id, degree="PA")]
    batch = send(ours, *rows, a_row("999999999", degree="PharmD"))

    page = client_as(a_member(ours, Role.REPORTER)).get(f"/uploads/{batch.pk}/").content.decode()

    assert f"3 of activity {course.activity_id}, 1 of activity {other.activity_id}, 1 more." in page
    assert "5 rows are about somebody who earns no credit of this type." in page
    with as_role("pars_owner"):
        assert Figures.objects.get().counts == {"other": 7}


def test_a_row_may_say_its_own_consent_and_its_day(ours: Organization, course: Activity) -> None:
    row = a_row(course.activity_id, consent="implied after notice", consented="9/1/2026")

    send(ours, row, options={"consent": "written"})

    assert (credit().consent, credit().consented_on) == ("implied", date(2026, 9, 1))


@pytest.mark.parametrize("said", ["", "Yes"])
def test_where_a_row_does_not_say_how_the_declaration_for_the_file_holds(
    said: str, ours: Organization, course: Activity
) -> None:
    send(ours, a_row(course.activity_id, consent=said), options={"consent": "implied"})

    assert (credit().consent, credit().consented_on) == ("implied", None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"consent": "No"}, "consent_refused"),
        ({"consent": "maybe"}, "consent_unreadable"),
        ({"consented": "last spring"}, "consent_date_unreadable"),
        ({"consented": "12/31/2099"}, "consent_date_unreadable"),
    ],
)
def test_without_consent_nothing_is_reported(
    cells: dict[str, str], code: str, ours: Organization, course: Activity
) -> None:
    batch = send(ours, a_row(course.activity_id, **cells))

    assert (batch.added, codes(batch)) == (0, [(2, code)])
