"""Credit that waits: it joins its physician as soon as a roster or a claim tells, and the provider hears of it once."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from learners.models import Arrival, Credit, Learner
from learners.tasks import match_after_change, match_after_roster
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from tests import factories
from tests.boards.test_rosters import a_line, send_roster
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import a_row, send

pytestmark = pytest.mark.django_db

SENT_AT = datetime(2026, 9, 20, 15, tzinfo=UTC)
SignIn = Callable[..., PageClient]


@pytest.fixture
def ours() -> Organization:
    return factories.a_provider()


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC")


def _report(ours: Organization, **cells: str) -> Credit:
    """One credit of Amara Osei, whom nobody has listed yet."""
    batch = send(ours, a_row(factories.an_activity(ours).activity_id, **cells), at=SENT_AT)
    assert batch.parked == 1
    with as_role("pars_owner"):
        return Credit.objects.get(batch_id=batch.pk)


def _now(credit: Credit) -> Credit:
    with as_role("pars_owner"):
        return Credit.objects.get(pk=credit.pk)


def _roster_lands(board: Organization, **cells: str) -> None:
    batch = send_roster(board, a_line(**cells))
    with as_role("pars_worker"):
        match_after_roster(batch_id=str(batch.pk))


@pytest.mark.parametrize(
    "wording", [{}, {"number": "1186620112", "state": ""}, {"number": ""}], ids=["number", "NPI", "name"]
)
def test_credit_joins_when_the_roster_lands_and_keeps_its_report_date(
    ours: Organization, board: Organization, wording: dict[str, str]
) -> None:
    credit = _report(ours, **wording)

    _roster_lands(board)

    found = _now(credit)
    assert found.physician_id is not None
    assert found.first_reported_at == credit.first_reported_at


def test_a_roster_that_lands_wakes_the_matching_once(
    ours: Organization, board: Organization, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks() as woken:  # type: ignore[attr-defined]
        send_roster(board, a_line())
    with django_capture_on_commit_callbacks() as not_woken:  # type: ignore[attr-defined]
        send_roster(board, a_line(), check_only=True)

    assert (len(woken), len(not_woken)) == (1, 0)


def test_a_roster_of_others_moves_nothing(ours: Organization, board: Organization) -> None:
    credit = _report(ours)

    _roster_lands(board, number="2010-1", last_name="Ito", npi="")

    assert _now(credit).physician_id is None


def test_what_becomes_known_of_a_physician_brings_what_waited_for_it(
    ours: Organization, board: Organization
) -> None:
    someone = factories.a_physician(board, "2008-95323", month_day=None)
    credit = _report(ours)
    with as_role("pars_owner"):
        assert Learner.objects.get().verdict == "unconfirmed"
        someone.birthday = factories.a_physician().birthday
        someone.save(update_fields=["birthday"])

    with as_role("pars_worker"):
        match_after_change(physician_id=str(someone.pk))

    assert _now(credit).physician_id == someone.pk


def test_each_provider_hears_of_its_own(ours: Organization, board: Organization) -> None:
    theirs = factories.a_provider()
    _report(ours)
    _report(ours)
    _report(theirs)

    _roster_lands(board)

    with as_role("pars_owner"):
        told = {
            arrival.organization_id: (arrival.learners, arrival.credits) for arrival in Arrival.objects.all()
        }
        assert Event.objects.filter(verb="learner.matched_later").count() == 2
    assert told == {ours.pk: (1, 2), theirs.pk: (1, 1)}
    with acting_as(Actor(kind="provider", organization_id=theirs.pk)):
        assert Arrival.objects.count() == 1


def test_the_dashboard_tells_once(ours: Organization, board: Organization, client_as: SignIn) -> None:
    reporter = client_as(factories.a_member(ours, Role.REPORTER))
    _report(ours)
    assert "The oldest since Sep 20, 2026" in reporter.get("/provider/").content.decode()
    _roster_lands(board)

    assert "1 waiting credit found its physician" in reporter.get("/provider/").content.decode()
    assert reporter.post("/credits/found/").status_code == 302

    page = reporter.get("/provider/").content.decode()
    assert "found its physician" not in page
    assert "For a roster or a confirmation" in page


def test_the_credits_history_says_when_it_was_found(
    ours: Organization, board: Organization, client_as: SignIn
) -> None:
    reporter = client_as(factories.a_member(ours, Role.REPORTER))
    credit = _report(ours)
    waiting = reporter.get(f"/credits/{credit.pk}/").content.decode()
    _roster_lands(board)

    page = reporter.get(f"/credits/{credit.pk}/").content.decode()

    assert "This credit waits, for" in waiting
    assert "Found its physician; the report date stays" in page


def test_a_batch_that_named_nobody_wakes_nobody() -> None:
    with as_role("pars_worker"):
        match_after_roster(batch_id=str(UUID(int=0)))
