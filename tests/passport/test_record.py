"""A physician reads and prints their own record."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from learners.models import Credit, License, Physician
from pars.access.actor import Actor
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from tests import factories
from tests.credit import a_credit
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def physician() -> Physician:
    return factories.a_physician(factories.a_board("NC"), "2008-95323")


@pytest.fixture
def owner(physician: Physician, client_as: Callable[..., PageClient]) -> PageClient:
    return client_as(factories.a_passport(physician))


def test_without_a_record_the_way_leads_to_claiming_it(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_user())

    response = client.get("/passport/")

    assert response["Location"] == "/passport/claim/"


def test_with_a_record_there_is_nothing_to_claim(owner: PageClient) -> None:
    response = owner.get("/passport/claim/")

    assert response["Location"] == "/passport/"


def test_the_record_names_who_reported_each_credit_and_when(owner: PageClient, physician: Physician) -> None:
    provider = factories.a_provider("Northlake Medical Center", time_zone="America/Chicago")
    a_credit(
        physician, factories.an_activity(provider), first_reported_at=datetime(2026, 9, 20, 2, tzinfo=UTC)
    )

    page = owner.get("/passport/").content.decode()

    assert "Northlake Medical Center" in page
    assert "Sep 19, 2026" in page
    assert "2008-95323" in page


def test_a_year_shows_only_what_was_completed_in_it(owner: PageClient, physician: Physician) -> None:
    provider = factories.a_provider()
    a_credit(physician, factories.an_activity(provider, title="This year"))
    a_credit(physician, factories.an_activity(provider, title="Last year"), completed_on=date(2025, 12, 31))

    page = owner.get("/passport/?since=2026-01-01&until=2026-12-31").content.decode()

    assert "This year" in page
    assert "Last year" not in page
    assert "/passport/transcript.pdf?since=2026-01-01&amp;until=2026-12-31" in page


@pytest.mark.parametrize("query", ["since=soon", "since=2026-02-01&until=2026-01-01"])
def test_days_that_cannot_be_are_named(query: str, owner: PageClient) -> None:
    page = owner.get(f"/passport/?{query}")
    file = owner.get(f"/passport/transcript.pdf?{query}")

    assert page.status_code == 422
    assert file.status_code == 404


def test_the_record_comes_as_a_file(owner: PageClient, physician: Physician) -> None:
    a_credit(physician, factories.an_activity(factories.a_provider()))

    response = owner.get("/passport/transcript.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_reading_ones_own_record_is_no_event(owner: PageClient) -> None:
    owner.get("/passport/")
    owner.get("/passport/transcript.pdf")

    with as_role("pars_owner"):
        assert not Event.objects.exists()


def test_nobodys_file_is_there_without_a_record(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_user())

    response = client.get("/passport/transcript.pdf")

    assert response.status_code == 404


def test_a_boards_staff_has_no_record_of_its_own(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_member(factories.a_board("ND"), Role.ADMIN))

    response = client.get("/passport/")

    assert response.status_code == 403


def test_another_physicians_credit_is_out_of_reach_even_unscoped(physician: Physician) -> None:
    other = factories.a_physician(factories.a_board("CA"))
    provider = factories.a_provider()
    for holder in (physician, other):
        a_credit(holder, factories.an_activity(provider))

    with acting_as(Actor.person(user_id=1, physician_id=physician.pk)):
        credited = set(Credit.objects.values_list("physician_id", flat=True))
        licensed = set(License.objects.values_list("physician_id", flat=True))
        known = set(Physician.objects.values_list("pk", flat=True))

    assert credited == licensed == known == {physician.pk}
