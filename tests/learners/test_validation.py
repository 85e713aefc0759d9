"""Whether learners will match, before they have credit: by form and as a file; nothing lands."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from learners.models import Credit, Guess
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.batches.models import Batch
from pars.batches.result import Result
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.uploads import COLUMNS, a_row, as_csv, as_table, codes, findings, see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
PERSON = ("first_name", "last_name", "birthday", "state", "number")
FORM = {
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday_month": "10",
    "birthday_day": "13",
    "state": "NC",
    "number": "2008-95323",
}


@pytest.fixture
def ours() -> Organization:
    a_physician(a_board("NC"), "2008-95323", npi="1186620112")
    return a_provider()


@pytest.fixture
def reporter(client_as: SignIn, ours: Organization) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def a_person(**cells: str) -> dict[str, str]:
    return {key: value for key, value in a_row("", **cells).items() if key in PERSON}


def checked(ours: Organization, *people: dict[str, str]) -> Batch:
    content = as_table({key: COLUMNS[key] for key in PERSON}, list(people))
    return see_through(take_in(ours, content, "learners.csv", kind="validation"))


def nothing_landed() -> bool:
    with acting_as(SYSTEM):
        return not Credit.objects.exists()


def test_each_row_matches_waits_or_disagrees_and_nothing_lands(ours: Organization) -> None:
    batch = checked(ours, a_person(), a_person(number="ZZ-1"), a_person(birthday="10/14"))

    assert codes(batch) == [(2, "matched"), (3, "not_in_registry"), (4, "identity")]
    assert (batch.ready, batch.parked, batch.failed, batch.check_only) == (1, 1, 1, True)
    assert nothing_landed()


def test_a_file_of_credit_is_checked_by_its_learners_alone(ours: Organization) -> None:
    row = a_row("999999999", completed="never", amount="much", action="Perhaps")

    batch = see_through(take_in(ours, as_csv([row]), "learners.csv", kind="validation"))

    assert codes(batch) == [(2, "matched")]


@pytest.mark.parametrize("name", ["learners.xlsx", "learners.xml", "learners.json"])
def test_the_samples_of_credit_are_read_in_every_format(
    ours: Organization, samples: object, name: str
) -> None:
    content = (samples / name).read_bytes()  # type: ignore[operator]

    batch = see_through(take_in(ours, content, name, kind="validation"))

    assert batch.status == "done"
    assert batch.rows > 5
    assert nothing_landed()


def test_the_same_learner_twice_is_said_to_be_the_same(ours: Organization) -> None:
    batch = checked(ours, a_person(), a_person(number="1186620112"))

    assert codes(batch) == [(2, "matched"), (3, "repeated_in_file")]


def test_a_wrong_detail_counts_as_a_guess(ours: Organization) -> None:
    checked(ours, a_person(birthday="10/14"))

    with acting_as(SYSTEM):
        assert Guess.objects.count() == 1


def test_the_result_speaks_of_matching_and_not_of_landing(ours: Organization) -> None:
    batch = checked(ours, a_person(), a_person(number="ZZ-1"), a_person(birthday="10/14"))

    with acting_as(SYSTEM):
        result = Result(batch, {})
        assert result.headline == "1 row matches a physician. 1 row waits. 1 row needs a fix."
        assert [(tile.label, tile.value) for tile in result.tiles] == [
            ("Match", 1),
            ("Waiting", 1),
            ("To fix", 1),
        ]


def test_the_page_takes_one_learner_and_a_file(reporter: PageClient) -> None:
    page = reporter.get("/credits/check-learners/").content.decode()

    assert 'name="first_name"' in page
    assert 'type="file"' in page
    assert 'name="check_only"' not in page
    assert "/templates/learners-to-check.xlsx" in page


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ({}, "Matched"),
        ({"number": "ZZ-1"}, "This credit would wait"),
        ({"birthday_day": "14"}, "These details do not agree"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_one_learner_by_form_hears_the_same(
    reporter: PageClient, said: dict[str, str], heading: str, headers: dict[str, str]
) -> None:
    answer = reporter.post("/credits/check-learners/", FORM | said, **headers)  # type: ignore[arg-type]

    assert answer.status_code == 200
    assert heading in answer.content.decode()
    assert nothing_landed()


def test_a_form_with_gaps_says_what_is_missing(reporter: PageClient) -> None:
    answer = reporter.post("/credits/check-learners/", FORM | {"birthday_day": ""})

    assert answer.status_code == 422
    assert "Choose the month and the day of birth." in answer.content.decode()


def test_the_template_is_read_by_our_own_reader_as_it_stands(reporter: Client, ours: Organization) -> None:
    answer = reporter.get("/templates/learners-to-check.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    sheet = book["Learners"]
    sheet.append(list(a_person().values()))
    file = io.BytesIO()
    book.save(file)

    batch = see_through(take_in(ours, file.getvalue(), "learners.xlsx", kind="validation"))

    assert "Your activities" not in book.sheetnames
    assert [code for _, code in codes(batch)] == ["matched"]


def test_a_file_of_learners_uploaded_on_the_page_is_checked(reporter: PageClient, ours: Organization) -> None:
    file = io.BytesIO(as_table({key: COLUMNS[key] for key in PERSON}, [a_person()]))
    file.name = "learners.csv"

    answer = reporter.post("/uploads/", {"kind": "validation", "file": file})

    assert answer.status_code == 302
    with acting_as(SYSTEM):
        [batch] = Batch.objects.all()
    assert (batch.kind, batch.check_only) == ("validation", True)


def test_waiting_rows_of_a_file_that_is_only_checked_are_counted_as_waiting(ours: Organization) -> None:
    course = an_activity(ours)
    content = as_csv([a_row(course.activity_id), a_row(course.activity_id, number="ZZ-1")])

    batch = see_through(take_in(ours, content, "learners.csv", check_only=True))

    assert (batch.ready, batch.parked) == (1, 1)
    assert [finding.level for finding in findings(batch) if finding.row == 3 and finding.code != "late"] == [
        "wait"
    ]
