"""A file that leaves something open waits for one answer, and is read on as the batch it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from activities.formats import Format
from learners.models import Credit
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from pars.batches.actions import KEPT_FOR, forget_uploads
from pars.batches.job import SYSTEM
from pars.batches.models import Batch, RememberedHeading, Status
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient, words_of
from tests.roles import as_role
from tests.uploads import a_row, as_csv, as_table, see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]


@pytest.fixture
def ours() -> Organization:
    return a_provider("Ours")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


@pytest.fixture
def asking(ours: Organization) -> Batch:
    """Two credits: one completed on a day that only day-first can be, one that reads both ways."""
    board = a_board("NC")
    a_physician(board, "2008-95323")
    days = {"start_on": date(2026, 1, 1), "end_on": date(2026, 10, 31)}
    course = an_activity(ours, format=Format.SERIES, credits=Decimal(20), **days)
    rows = [a_row(course.activity_id, completed=day) for day in ("25/03/2026", "03/04/2026")]
    return see_through(take_in(ours, as_csv(rows), "learners.csv", at=datetime(2026, 11, 1, tzinfo=UTC)))


def completed() -> list[date]:
    with as_role("pars_owner"):
        return sorted(Credit.objects.values_list("completed_on", flat=True))


def verbs(batch: Batch) -> list[str]:
    with as_role("pars_owner"):
        return [event.verb for event in Event.objects.filter(object_id=str(batch.pk)).order_by("at")]


def test_the_page_shows_the_rows_that_raise_the_question(reporter: PageClient, asking: Batch) -> None:
    page = reporter.get(f"/uploads/{asking.pk}/").content.decode()

    assert asking.status == Status.REFUSED
    assert "Is 03/04/2026 in row 3 March 4 or April 3?" in page
    assert "only with the day first" in page
    assert completed() == []


@pytest.mark.parametrize(
    ("order", "other"), [("month-first", date(2026, 3, 4)), ("day-first", date(2026, 4, 3))]
)
def test_the_answer_reads_the_file_on_as_the_same_batch(
    order: str, other: date, reporter: PageClient, asking: Batch
) -> None:
    answered = reporter.post(f"/uploads/{asking.pk}/answer/", {"order": order})

    done = see_through(asking)
    assert answered.status_code == 302
    assert (done.status, done.added, done.question) == (Status.DONE, 2, {})
    assert verbs(done) == ["batch.received", "batch.asked", "batch.answered", "batch.chunk", "batch.done"]
    assert completed() == sorted([date(2026, 3, 25), other])
    with as_role("pars_owner"):
        assert {credit.first_reported_at for credit in Credit.objects.all()} == {asking.created_at}


def test_without_an_answer_the_question_comes_again(reporter: PageClient, asking: Batch) -> None:
    response = reporter.post(f"/uploads/{asking.pk}/answer/", {})

    assert response.status_code == 422
    assert "Choose what this date means." in response.content.decode()


def test_a_second_answer_changes_nothing(reporter: PageClient, asking: Batch) -> None:
    reporter.post(f"/uploads/{asking.pk}/answer/", {"order": "day-first"})
    see_through(asking)

    again = reporter.post(f"/uploads/{asking.pk}/answer/", {"order": "month-first"})

    assert again.status_code == 302
    assert completed() == [date(2026, 3, 25), date(2026, 4, 3)]


def test_a_viewer_sees_the_question_and_may_not_answer(
    ours: Organization, client_as: SignIn, asking: Batch
) -> None:
    viewer = client_as(a_member(ours, Role.VIEWER))

    page = viewer.get(f"/uploads/{asking.pk}/").content.decode()
    refused = viewer.post(f"/uploads/{asking.pk}/answer/", {"order": "day-first"})

    assert "Read the file this way" not in page
    assert refused.status_code == 403


def test_once_the_file_is_gone_there_is_nothing_to_answer(reporter: PageClient, asking: Batch) -> None:
    with as_role("pars_worker"):
        forget_uploads(by=SYSTEM, at=asking.created_at + 2 * KEPT_FOR)

    page = reporter.get(f"/uploads/{asking.pk}/").content.decode()
    reporter.post(f"/uploads/{asking.pk}/answer/", {"order": "day-first"})

    assert "This file was refused; none of it was taken" in page
    assert see_through(asking).status == Status.REFUSED


def test_a_file_whose_order_was_said_with_it_is_not_asked(ours: Organization) -> None:
    course = an_activity(ours)
    rows = [a_row(course.activity_id, completed=day) for day in ("03/04/2026", "25/03/2026")]

    batch = see_through(take_in(ours, as_csv(rows), "a.csv", options={"dates": "day-first"}))

    assert batch.status == Status.DONE


OWN = {
    "activity": "Activity ID",
    "completed": "Finished",
    "first_name": "First Name",
    "last_name": "Last Name",
    "birthday": "Born",
    "state": "State",
    "number": "License Number",
    "amount": "Hours",
    "remarks": "Remarks",
}
ANSWERS = {"column_0": "completed", "column_1": "birthday", "column_2": "amount", "column_3": ""}


@pytest.fixture
def unknown(ours: Organization) -> Batch:
    """One credit under headings of the provider's own."""
    a_physician(a_board("NC"), "2008-95323")
    return take_unknown(ours)


def take_unknown(ours: Organization) -> Batch:
    row = a_row(an_activity(ours).activity_id, birthday="10/13/1979", remarks="on site")
    return see_through(take_in(ours, as_table(OWN, [row]), "own.csv"))


def test_each_unknown_heading_is_asked_about_with_its_first_values(
    reporter: PageClient, unknown: Batch
) -> None:
    page = reporter.get(f"/uploads/{unknown.pk}/").content.decode()

    assert unknown.status == Status.REFUSED
    assert all(f"{heading}" in page for heading in ("Finished", "Born", "Hours", "Remarks", "Leave out"))
    assert "First values: on site" in page
    assert "Completion Date (needed)" in page
    assert "1979" not in words_of(page)


def test_the_answer_is_used_at_once_and_for_every_later_file(
    reporter: PageClient, ours: Organization, unknown: Batch
) -> None:
    reporter.post(f"/uploads/{unknown.pk}/answer/", ANSWERS)

    assert see_through(unknown).added == 1
    assert take_unknown(ours).added == 1
    assert "headings.remembered" in verbs(unknown)


def test_another_organization_is_asked_itself(reporter: PageClient, unknown: Batch) -> None:
    reporter.post(f"/uploads/{unknown.pk}/answer/", ANSWERS)

    theirs = take_unknown(a_provider("Theirs"))

    assert theirs.refusal_code == "headings_unknown"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"column_0": "completed", "column_1": "birthday"}, "Say which column is “Number of CME Credits”."),
        (ANSWERS | {"column_3": "amount"}, "“Hours” is this column already."),
    ],
    ids=["a needed column without an answer", "one column twice"],
)
def test_an_answer_that_cannot_be_enough_is_not_taken(
    answers: dict[str, str], sentence: str, reporter: PageClient, unknown: Batch
) -> None:
    response = reporter.post(f"/uploads/{unknown.pk}/answer/", answers)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not reporter.get("/uploads/headings/").content.decode().count("Forget Hours")


def test_what_is_remembered_is_listed_and_can_be_forgotten(
    reporter: PageClient, ours: Organization, unknown: Batch
) -> None:
    reporter.post(f"/uploads/{unknown.pk}/answer/", ANSWERS)
    with as_role("pars_owner"):
        hours = RememberedHeading.objects.get(organization=ours, folded="hours")
    listed = reporter.get("/uploads/headings/").content.decode()

    reporter.post(f"/uploads/headings/{hours.pk}/forget/")

    assert "Number of CME Credits" in listed
    assert "Left out" in listed
    assert "Forget Hours" not in reporter.get("/uploads/headings/").content.decode()
    assert take_unknown(ours).refusal_code == "headings_unknown"


def test_a_file_with_the_columns_of_another_kind_is_not_asked_about(ours: Organization) -> None:
    batch = see_through(
        take_in(ours, b"Activity Title,Activity Format,Start Date,Activity ID,State\nA,B,C,1,NC\n", "a.csv")
    )

    assert batch.refusal_code == "other_kind"


def test_rows_to_fix_of_an_explained_file_come_back_after_the_heading_was_forgotten(
    reporter: PageClient, ours: Organization, unknown: Batch
) -> None:
    reporter.post(f"/uploads/{unknown.pk}/answer/", ANSWERS)
    see_through(unknown)
    bad = a_row(an_activity(ours).activity_id, amount="lots")
    batch = see_through(take_in(ours, as_table(OWN, [bad]), "own.csv"))
    with as_role("pars_owner"):
        RememberedHeading.objects.all().delete()

    response = reporter.get(f"/uploads/{batch.pk}/errors.xlsx")

    assert (batch.failed, response.status_code) == (1, 200)
    assert response.getvalue().startswith(b"PK")
