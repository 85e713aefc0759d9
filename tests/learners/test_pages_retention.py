"""Until when a record is kept, on its page; holds and what is to be destroyed, on the operator's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import now

from learners import disposal
from learners.actions import place_hold
from learners.models import Credit, Hold
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from tests import factories as make
from tests.credit import a_credit
from tests.learners.test_retention import OLD, a_record
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]

SYSTEM = Actor.system_job("test")
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake", code="0008273")


@pytest.fixture
def operator(client_as: SignIn) -> PageClient:
    return client_as(make.a_member(make.an_accreditor(), Role.OPERATOR))


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


def words(page: PageClient, address: str) -> str:
    return " ".join(page.get(address).content.decode().split())


def test_a_credits_page_says_until_when_it_is_kept(ours: Organization, reporter: PageClient) -> None:
    credit = a_credit(
        make.a_physician(), make.an_activity(ours, start_on=date(2024, 2, 29), end_on=date(2024, 2, 29))
    )

    assert "<dt>Kept until</dt><dd>Mar 1, 2030</dd>" in words(reporter, f"/credits/{credit.pk}/")


def test_a_credits_page_says_that_it_is_on_hold(ours: Organization, reporter: PageClient) -> None:
    credit = a_credit(make.a_physician(), make.an_activity(ours))
    with acting_as(SYSTEM):
        place_hold(on=ours, reason=Hold.Reason.LEGAL, reference="26-CV-1234", by=SYSTEM, at=AT)

    page = words(reporter, f"/credits/{credit.pk}/")

    assert "since Nov 23, 2026, until the accreditor releases it; not before Sep 12, 2032" in page
    assert "26-CV-1234" not in page


def test_an_activitys_page_says_until_when_it_is_kept(ours: Organization, reporter: PageClient) -> None:
    activity = make.an_activity(ours)

    assert "Sep 12, 2032 or later" in words(reporter, f"/activities/{activity.activity_id}/")


@pytest.mark.parametrize("what", ["credit", "activity", "organization"])
def test_the_operator_places_a_hold_and_releases_it(
    ours: Organization, operator: PageClient, what: str
) -> None:
    credit = a_credit(make.a_physician(), make.an_activity(ours))
    number = {"credit": credit.pk, "activity": credit.activity.activity_id, "organization": ours.code}[what]

    operator.post(
        "/operator/retention/holds/",
        {"what": what, "number": number, "reason": "legal", "reference": "26-CV-1234"},
    )

    with as_role("pars_owner"):
        hold = Hold.objects.on(credit).get()
        assert (hold.organization_id, hold.reason, hold.placed_by is not None) == (ours.pk, "legal", True)
    page = words(operator, "/operator/retention/")
    assert f"/operator/retention/holds/{hold.pk}/" in page
    assert "26-CV-1234" in page

    operator.post(f"/operator/retention/holds/{hold.pk}/release/")

    assert f"/operator/retention/holds/{hold.pk}/" not in words(operator, "/operator/retention/")
    assert f"/operator/retention/holds/{hold.pk}/" in words(operator, "/operator/retention/?state=all")
    assert (
        "released already"
        in operator.post(f"/operator/retention/holds/{hold.pk}/release/", follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": ""}, "Choose what is to be kept."),
        ({"reason": ""}, "Choose why it is to be kept."),
        ({"number": ""}, "Enter the number or ID."),
        ({"number": "12; DROP"}, "Enter digits only"),
        ({"number": "9" * 19}, "Enter digits only"),
        ({"number": "999"}, "No credit has this record number."),
        ({"what": "activity", "number": "999999999"}, "No activity has this ID."),
        ({"what": "organization", "number": "9999999"}, "No provider has this ID."),
    ],
)
def test_a_hold_on_nothing_is_answered_at_its_field(
    operator: PageClient, change: dict[str, str], said: str
) -> None:
    answer = operator.post(
        "/operator/retention/holds/", {"what": "credit", "number": "999", "reason": "legal"} | change
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_operator_sees_what_is_to_be_destroyed_and_what_was(
    ours: Organization, operator: PageClient
) -> None:
    a_record(ours, OLD)
    with as_role("pars_worker"), acting_as(SYSTEM):
        plan = disposal.plan(ours, by=SYSTEM, at=now())
    assert plan

    page = words(operator, "/operator/retention/")
    assert f"{plan.begins_at:%b} {plan.begins_at.day}, {plan.begins_at.year}" in page

    with as_role("pars_worker"):
        disposal.carry_out(plan, by=SYSTEM)

    page = words(operator, "/operator/retention/")
    assert "Northlake: 1 credit, finished" in page
    with acting_as(SYSTEM):
        assert not Credit.objects.exists()


def test_a_list_of_holds_takes_a_fixed_number_of_queries(
    ours: Organization, operator: PageClient, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with acting_as(SYSTEM):
        for day in range(5):
            place_hold(
                on=make.an_activity(ours), reason=Hold.Reason.REVIEW, by=SYSTEM, at=AT + timedelta(days=day)
            )
    operator.get("/operator/retention/")

    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        operator.get("/operator/retention/")


def test_an_auditor_looks_and_holds_nothing(ours: Organization, client_as: SignIn) -> None:
    auditor = client_as(make.a_member(make.an_accreditor(), Role.AUDITOR))

    assert "Place a hold" not in words(auditor, "/operator/retention/")
    assert auditor.post("/operator/retention/holds/", {}).status_code == 403
