"""A board reads the transcript of its licensee, and of nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from learners.models import Credit, CreditPoints, License, Physician
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event, Subject
from tests import factories
from tests.credit import a_credit, some_points
from tests.pages import PageClient, without_token
from tests.roles import as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC", time_zone="America/New_York")


@pytest.fixture
def reviewer(board: Organization, client_as: Callable[..., PageClient]) -> PageClient:
    return client_as(factories.a_member(board, Role.REVIEWER))


def test_the_transcript_names_who_reported_each_credit_and_when_in_the_boards_time(
    board: Organization, reviewer: PageClient
) -> None:
    physician = factories.a_physician(board, "2008-95323")
    activity = factories.an_activity(factories.a_provider("Northlake Medical Center"))
    credit = a_credit(physician, activity, first_reported_at=datetime(2026, 9, 20, 15, 30, tzinfo=UTC))
    some_points(credit)

    page = reviewer.get(_address(physician)).content.decode()

    assert "Opioid Prescribing: 2026 Update" in page
    assert "Northlake Medical Center" in page
    assert "Sep 20, 2026, 11:30 AM EDT" in page
    assert "2008-95323" in page
    assert "ABIM Medical Knowledge" in page


def test_a_late_report_is_marked(board: Organization, reviewer: PageClient) -> None:
    physician = factories.a_physician(board)
    activity = factories.an_activity(factories.a_provider())
    a_credit(physician, activity, first_reported_at=datetime(2026, 11, 1, tzinfo=UTC))

    page = reviewer.get(_address(physician)).content.decode()

    assert ">Late<" in page


def test_another_boards_licensee_and_nobodys_are_the_same_404(reviewer: PageClient) -> None:
    theirs = factories.a_physician(factories.a_board("CA"))
    addresses = [_address(theirs), "/board/licensees/999999999/"]

    answers = [reviewer.get(address) for address in addresses]
    files = [reviewer.get(f"{address}transcript.pdf") for address in addresses]

    assert {answer.status_code for answer in answers + files} == {404}
    assert without_token(answers[0].content) == without_token(answers[1].content)


def test_a_look_is_an_event_about_the_physician(board: Organization, reviewer: PageClient) -> None:
    physician = factories.a_physician(board)

    reviewer.get(_address(physician))
    reviewer.get(f"{_address(physician)}transcript.pdf")

    with as_role("pars_owner"):
        events = list(Event.objects.filter(verb="physician.seen").order_by("at"))
        subjects = Subject.objects.filter(event__in=events).values_list("physician_id", flat=True)
        assert [event.detail["as_file"] for event in events] == [False, True]
        assert list(subjects) == [physician.pk, physician.pk]
        assert {event.organization_id for event in events} == {board.pk}


def test_the_transcript_comes_as_a_file_without_a_name_in_its_name(
    board: Organization, reviewer: PageClient
) -> None:
    physician = factories.a_physician(board)
    a_credit(physician, factories.an_activity(factories.a_provider()))

    response = reviewer.get(f"{_address(physician)}transcript.pdf")

    assert response.content.startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert "Osei" not in response["Content-Disposition"]


def test_a_license_of_another_board_is_not_shown(board: Organization, reviewer: PageClient) -> None:
    physician = factories.a_physician(board, "OURS-1")
    other = factories.a_board("CA")
    _also_licensed(physician, other, "THEIRS-1")

    page = reviewer.get(_address(physician, board)).content.decode()

    assert "OURS-1" in page
    assert "THEIRS-1" not in page


def test_the_second_fence_holds_without_the_first(board: Organization) -> None:
    """Deliberately unscoped queries: row security alone must hide what is not the board's."""
    ours, theirs = factories.a_physician(board), factories.a_physician(factories.a_board("CA"))
    provider = factories.a_provider()
    for physician in (ours, theirs):
        some_points(a_credit(physician, factories.an_activity(provider)))

    with acting_as(Actor(kind="board", organization_id=board.pk)):
        seen = {
            model.__name__: set(model.objects.values_list(holder, flat=True))
            for model, holder in (
                (Credit, "physician_id"),
                (CreditPoints, "physician_id"),
                (License, "physician_id"),
                (Physician, "pk"),
            )
        }

    assert seen == {name: {ours.pk} for name in ("Credit", "CreditPoints", "License", "Physician")}


def test_the_first_fence_holds_without_the_second(board: Organization) -> None:
    """As the database's owner, past row security: the query alone must hide what is not the board's."""
    ours, theirs = factories.a_physician(board), factories.a_physician(factories.a_board("CA"))
    provider = factories.a_provider()
    for physician in (ours, theirs):
        a_credit(physician, factories.an_activity(provider))
    actor = Actor(kind="board", organization_id=board.pk)

    with as_role("pars_owner"):
        credited = set(Credit.objects.visible_to(actor).values_list("physician_id", flat=True))
        licensed = set(License.objects.visible_to(actor).values_list("physician_id", flat=True))

    assert credited == licensed == {ours.pk}


def _address(physician: Physician, board: Organization | None = None) -> str:
    with as_role("pars_owner"):
        licenses = License.objects.filter(physician=physician)
        held = licenses.get(board=board) if board else licenses.get()
    return f"/board/licensees/{held.pk}/"


def _also_licensed(physician: Physician, board: Organization, number: str) -> None:
    with as_role("pars_owner"):
        License.objects.create(
            physician=physician,
            board=board,
            state="CA",
            degree="MD",
            number=number,
            number_key=number.replace("-", ""),
            first_key=physician.first_key,
            last_key=physician.last_key,
        )
