"""A file that leaves something open waits for one answer, and is read on as the batch it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from activities.formats import Format
from learners.models import Credit
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from pars.batches.actions import KEPT_FOR, forget_uploads
from pars.batches.job import SYSTEM
from pars.batches.models import Batch, Status
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import a_row, as_csv, see_through, take_in

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
    course = an_activity(ours, start_on=date(2026, 1, 1), end_on=date(2026, 10, 31), format=Format.SERIES)
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
