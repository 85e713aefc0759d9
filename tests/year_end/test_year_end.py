"""A provider reports on a year: it agrees, says its income and its learners, and closes it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError

from activities.formats import Format
from activities.models import Activity
from activities.year_end.models import LearnersOfYear, Year
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from tests import factories as make
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]

INCOME = {"advertising": "1200", "registration": "50000", "government": "0", "donations": "0"}
SIGNED = {"agree": "on", "name": "Rosa Diaz"}
ATTESTED = {"contacts": "on", "attest": "on", "name": "Rosa Diaz"}


@pytest.fixture(autouse=True)
def in_february() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 2, 10, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def admin(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.ADMIN))


def enduring(organization: Organization, **fields: Any) -> Activity:
    days = {"start_on": date(2025, 3, 1), "end_on": date(2027, 3, 1)}
    return make.an_activity(organization, format=Format.ENDURING, delivery=["Online"], **days | fields)


def a_closed_course(organization: Organization) -> Activity:
    return make.an_activity(
        organization,
        start_on=date(2025, 5, 1),
        end_on=date(2025, 5, 1),
        closed_at=datetime(2025, 6, 1, tzinfo=UTC),
    )


def learners(activity: Activity, physicians: str, others: str) -> dict[str, str]:
    return {
        f"count-{activity.activity_id}-physicians": physicians,
        f"count-{activity.activity_id}-others": others,
    }


def the_year() -> Year:
    with as_role("pars_owner"):
        return Year.objects.get()


def steps(client: PageClient, year: int = 2025) -> dict[str, bool]:
    work = client.get(f"/year-end/?year={year}").context["work"]
    return {step.key: step.done for step in work.steps}


def test_everything_done_closes_the_year_with_name_and_time(admin: PageClient, ours: Organization) -> None:
    a_closed_course(ours)
    material = enduring(ours)

    admin.post("/year-end/agreement/?year=2025", SIGNED)
    admin.post("/year-end/summary/?year=2025", INCOME)
    admin.post("/year-end/learners/?year=2025", learners(material, "410", "35"))
    answer = admin.post("/year-end/close/?year=2025", ATTESTED)

    assert answer.status_code == 302
    report = the_year()
    assert (report.closed_name, report.closed_at) == ("Rosa Diaz", datetime(2026, 2, 10, 15, tzinfo=UTC))
    assert all(steps(admin).values())


def test_what_is_left_is_named_and_the_year_stays_open(admin: PageClient, ours: Organization) -> None:
    admin.post("/year-end/agreement/?year=2025", SIGNED)

    answer = admin.post("/year-end/close/?year=2025", ATTESTED)

    assert answer.status_code == 422
    assert "Still to do: Program summary." in answer.context["close_form"].non_field_errors()[0]
    assert the_year().closed_at is None


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"credits": None}, True),  # a draft
        ({}, True),  # ready to close
        ({"closed_at": datetime(2025, 6, 1, tzinfo=UTC)}, False),
        ({"end_on": date(2026, 4, 1)}, False),  # runs on
        ({"start_on": date(2024, 12, 31)}, False),  # another year's
    ],
)
def test_activities_that_began_in_the_year_are_complete_and_closed_once_they_end(
    admin: PageClient, ours: Organization, fields: dict[str, Any], left: bool
) -> None:
    make.an_activity(ours, **{"start_on": date(2025, 5, 1), "end_on": date(2025, 5, 2)} | fields)

    assert steps(admin)["activities"] is not left


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, True),
        ({"start_on": date(2025, 12, 31)}, True),
        ({"end_on": date(2025, 3, 1)}, True),
        ({"start_on": date(2026, 1, 1)}, False),
        ({"start_on": date(2024, 1, 1), "end_on": date(2024, 12, 31)}, False),
        ({"credits": None}, False),
    ],
)
def test_enduring_materials_on_offer_in_the_year_are_counted_at_its_end(
    admin: PageClient, ours: Organization, fields: dict[str, Any], asked: bool
) -> None:
    enduring(ours, **fields)

    assert steps(admin)["learners"] is not asked


def test_learners_once_said_are_asked_for_again_the_next_year_only(
    admin: PageClient, ours: Organization
) -> None:
    material = enduring(ours)

    admin.post("/year-end/learners/?year=2025", learners(material, "410", "35"))

    with as_role("pars_owner"):
        said = LearnersOfYear.objects.get()
    assert (said.year, said.physicians, said.others) == (2025, 410, 35)
    assert steps(admin)["learners"] is True
    assert steps(admin, 2026)["learners"] is False


def test_half_of_a_count_is_asked_for_in_place_and_nothing_is_kept(
    admin: PageClient, ours: Organization
) -> None:
    material, other = enduring(ours), enduring(ours)

    answer = admin.post(
        "/year-end/learners/?year=2025", learners(material, "410", "") | learners(other, "1", "1")
    )

    assert answer.status_code == 422
    assert list(answer.context["learners_form"].errors) == [f"{material.activity_id}-others"]
    with as_role("pars_owner"):
        assert not LearnersOfYear.objects.exists()


@pytest.mark.parametrize("said", ["", "12.50", "-1", "a lot", "9999999999999", "NaN"])
def test_income_is_whole_dollars(admin: PageClient, said: str) -> None:
    answer = admin.post("/year-end/summary/?year=2025", INCOME | {"advertising": said})

    assert answer.status_code == 422
    assert "whole US dollars" in answer.context["summary_form"].errors["advertising"][0]


def test_a_year_is_closed_once_it_is_over(admin: PageClient) -> None:
    admin.post("/year-end/agreement/?year=2026", SIGNED)
    admin.post("/year-end/summary/?year=2026", INCOME)

    answer = admin.post("/year-end/close/?year=2026", ATTESTED)

    assert "2026 is not over yet" in answer.context["close_form"].non_field_errors()[0]


def test_a_closed_year_is_frozen_until_an_administrator_opens_it(admin: PageClient) -> None:
    for step, said in (("agreement", SIGNED), ("summary", INCOME), ("close", ATTESTED)):
        admin.post(f"/year-end/{step}/?year=2025", said)

    frozen = admin.post("/year-end/summary/?year=2025", INCOME | {"advertising": "1"})
    admin.post("/year-end/close/?year=2025", {})
    opened = admin.post("/year-end/summary/?year=2025", INCOME | {"advertising": "1"})

    assert "This year is closed" in frozen.context["summary_form"].non_field_errors()[0]
    assert opened.status_code == 302
    assert the_year().advertising == 1


@pytest.mark.parametrize("year", ["2020", "2027", "20x6", "0", "٢٠٢٥"])
def test_there_is_no_page_for_another_year(admin: PageClient, year: str) -> None:
    assert admin.get(f"/year-end/?year={year}").status_code == 404


def test_each_act_is_an_event(admin: PageClient, ours: Organization) -> None:
    material = enduring(ours)
    for step, said in (
        ("agreement", SIGNED),
        ("summary", INCOME),
        ("learners", learners(material, "1", "1")),
        ("close", ATTESTED),
        ("close", {}),
    ):
        admin.post(f"/year-end/{step}/?year=2025", said)

    with as_role("pars_owner"):
        verbs = list(
            Event.objects.filter(verb__startswith="year.").order_by("pk").values_list("verb", flat=True)
        )
    assert sorted(verbs) == ["year.agreed", "year.closed", "year.counted", "year.reopened", "year.summarized"]


def test_a_signature_is_kept_as_it_was_first_given(admin: PageClient) -> None:
    admin.post("/year-end/agreement/?year=2025", SIGNED)
    admin.post("/year-end/agreement/?year=2025", SIGNED | {"name": "Somebody Else"})

    assert the_year().agreed_name == "Rosa Diaz"


def test_another_providers_year_is_not_seen(admin: PageClient, client_as: SignIn) -> None:
    admin.post("/year-end/agreement/?year=2025", SIGNED)
    theirs = client_as(make.a_member(make.a_provider("Tidewater"), Role.ADMIN))

    assert steps(theirs)["agreement"] is False


def test_the_database_refuses_learners_of_anothers_activity(ours: Organization) -> None:
    theirs = enduring(make.a_provider("Tidewater"))
    us = Actor.organization(ours.pk, OrganizationKind.PROVIDER)

    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(us):
        LearnersOfYear.objects.create(
            activity_id=theirs.pk,
            organization=ours,
            year=2025,
            physicians=1,
            others=1,
            said_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
