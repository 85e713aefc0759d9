"""Nothing is destroyed before its six years have passed or while it is on hold, whoever asks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now

from activities import actions as activity_actions
from activities.clock import day_of
from activities.models import Activity
from learners.actions import HoldIsReleased, place_hold, release_hold
from learners.models import Credit, CreditPoints, CreditVersion, Hold
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches.models import Batch, Outcome, Row, Status
from tests import factories as make
from tests.credit import a_credit, some_points
from tests.roles import as_role

pytestmark = pytest.mark.django_db

ZONE = "America/Chicago"
OPERATOR = Actor.system_job("test")
OLD, YOUNG = date(2019, 3, 1), date(2026, 9, 12)


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake", time_zone=ZONE)


def a_record(organization: Organization, end_on: date, **fields: Any) -> Credit:
    """A credit, with points and an earlier version, of an activity that ended on a day."""
    activity = make.an_activity(organization, start_on=end_on, end_on=end_on)
    at = datetime(end_on.year, end_on.month, end_on.day, 18, tzinfo=UTC)
    credit = a_credit(make.a_physician(), activity, first_reported_at=at, changed_at=at, **fields)
    some_points(credit)
    a_version(credit, credit.completed_on)
    return credit


def a_version(credit: Credit, completed_on: date) -> CreditVersion:
    with as_role("pars_owner"):
        return CreditVersion.objects.create(
            credit=credit,
            organization_id=credit.organization_id,
            amount=credit.amount,
            completed_on=completed_on,
            batch_id=uuid4(),
            row=1,
            said_at=credit.first_reported_at,
            replaced_at=credit.first_reported_at,
        )


def six_years_before(day: date) -> date:
    """A day whose sixth anniversary is `day`, or the day after it where the calendar has none."""
    return date(day.year - 6, day.month, min(day.day, 28))


def delete(table: str, **where: Any) -> int:
    [(column, value)] = where.items()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [value])
        return int(cursor.rowcount)


def owner_deletes(credit: Credit) -> None:
    """By hand, as who owns the tables."""
    with as_role("pars_owner"):
        for part in ("learners_creditversion", "learners_creditpoints"):
            delete(part, credit_id=credit.pk)
        delete("learners_credit", id=credit.pk)


def kept(credit: Credit) -> bool:
    """Whether the owner's own DELETE is refused, of the credit and of each part of it."""
    parts = [
        ("learners_credit", "id"),
        ("learners_creditversion", "credit_id"),
        ("learners_creditpoints", "credit_id"),
    ]
    refused = {refuses_the_owner(table, **{column: credit.pk}) for table, column in parts}
    assert len(refused) == 1
    return refused.pop()


def refuses_the_owner(table: str, **where: Any) -> bool:
    """Whether the trigger stops the owner's DELETE; nothing is deleted either way."""
    try:
        with as_role("pars_owner"), transaction.atomic():
            delete(table, **where)
            transaction.set_rollback(True)
    except DatabaseError as error:
        if "is kept: its six years have not passed, or it is on hold" not in str(error):
            raise
        return True
    return False


def test_not_even_the_owner_destroys_what_is_younger_than_six_years(ours: Organization) -> None:
    assert kept(a_record(ours, YOUNG))


def test_the_owner_may_destroy_what_is_older(ours: Organization) -> None:
    credit = a_record(ours, OLD)

    owner_deletes(credit)

    with acting_as(OPERATOR):
        assert not Credit.objects.exists()


@pytest.mark.parametrize(("days", "early"), [(0, False), (1, True)])
def test_the_day_begins_at_the_providers_midnight(ours: Organization, days: int, early: bool) -> None:
    """Whatever the session's own time zone says."""
    today = day_of(now(), ZONE)
    last = six_years_before(today) + timedelta(days=days if today.day < 28 else 0)
    if today.day >= 28:
        pytest.skip("Between the 28th and the 1st the anniversary is another test's.")

    credit = a_record(ours, last)

    for zone in ("Pacific/Pago_Pago", "Pacific/Guam"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL timezone = '{zone}'")
        assert kept(credit) is early


def test_what_counts_is_the_later_of_completion_and_activity_end_and_what_a_version_said(
    ours: Organization,
) -> None:
    assert kept(a_record(ours, YOUNG, completed_on=OLD))
    assert kept(a_record(ours, OLD, completed_on=YOUNG))
    corrected = a_record(ours, OLD)
    a_version(corrected, YOUNG)
    assert kept(corrected)


def test_a_credit_whose_activity_is_not_to_be_seen_is_kept(ours: Organization) -> None:
    credit = a_record(ours, OLD)
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute(
            "CREATE POLICY blind ON activities_activity AS RESTRICTIVE FOR SELECT TO pars_owner USING (false)"
        )

    assert kept(credit)


@pytest.mark.parametrize("what", ["credit", "activity", "organization"])
def test_a_hold_wins_until_it_is_released(ours: Organization, what: str) -> None:
    credit = a_record(ours, OLD)
    things: dict[str, Organization | Activity | Credit] = {
        "credit": credit,
        "activity": credit.activity,
        "organization": ours,
    }
    on = things[what]
    with acting_as(OPERATOR):
        hold = place_hold(on=on, reason=Hold.Reason.LEGAL, by=OPERATOR, at=now())
    assert kept(credit)

    with acting_as(OPERATOR):
        release_hold(hold=hold, by=OPERATOR, at=now())

    assert not kept(credit)
    with acting_as(OPERATOR):
        verbs = Event.objects.filter(organization=ours).values_list("verb", flat=True)
        assert set(verbs) >= {"hold.placed", "hold.released"}


def test_a_hold_on_something_else_keeps_nothing(ours: Organization) -> None:
    credit, other = a_record(ours, OLD), a_record(ours, OLD)
    theirs = make.a_provider()
    with acting_as(OPERATOR):
        for on in (other, other.activity, theirs):
            place_hold(on=on, reason=Hold.Reason.REVIEW, by=OPERATOR, at=now())

    assert not kept(credit)


def test_a_hold_is_released_once(ours: Organization) -> None:
    with acting_as(OPERATOR):
        hold = place_hold(on=ours, reason=Hold.Reason.LEGAL, by=OPERATOR, at=now())
        release_hold(hold=hold, by=OPERATOR, at=now())
        with pytest.raises(HoldIsReleased):
            release_hold(hold=hold, by=OPERATOR, at=now())


def test_a_provider_sees_holds_on_its_own_and_places_none(ours: Organization) -> None:
    theirs = make.a_provider()
    with acting_as(OPERATOR):
        place_hold(on=ours, reason=Hold.Reason.LEGAL, by=OPERATOR, at=now())

    for organization, seen in ((ours, 1), (theirs, 0)):
        actor = Actor.organization(organization.pk, OrganizationKind.PROVIDER)
        with acting_as(actor):
            assert Hold.objects.count() == Hold.objects.visible_to(actor).count() == seen
            assert Hold.objects.update(released_at=now()) == 0


@pytest.mark.parametrize(
    "table",
    ["learners_credit", "learners_creditversion", "learners_creditpoints", "batches_batch", "batches_row"],
)
def test_a_table_of_records_is_not_emptied_at_once(ours: Organization, table: str) -> None:
    credit = a_record(ours, OLD)
    a_batch(ours, target=credit.pk)

    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("kind", [OrganizationKind.PROVIDER, OrganizationKind.ACCREDITOR])
def test_the_web_destroys_no_record_at_all(ours: Organization, kind: OrganizationKind) -> None:
    credit = a_record(ours, OLD)

    with (
        acting_as(Actor.organization(ours.pk, kind)),
        pytest.raises(DatabaseError, match="permission denied"),
    ):
        delete("learners_credit", id=credit.pk)


def test_the_worker_destroys_only_as_a_job_that_sees_every_hold(ours: Organization) -> None:
    credit = a_record(ours, OLD)

    with as_role("pars_worker"), acting_as(Actor.matcher(ours.pk)):
        assert delete("learners_creditpoints", credit_id=credit.pk) == 0


def a_batch(organization: Organization, target: int | None = None, **fields: Any) -> Batch:
    defaults = {"kind": "learners", "source": "file", "status": Status.DONE, "rows": 1}
    at = datetime(2019, 3, 2, tzinfo=UTC)
    with as_role("pars_owner"):
        batch = Batch.objects.create(
            organization=organization, **({"created_at": at, "finished_at": at} | defaults | fields)
        )
        Row.objects.create(
            batch=batch, organization=organization, number=1, outcome=Outcome.ADDED, target=target
        )
    return batch


def batch_kept(batch: Batch) -> tuple[bool, bool]:
    """Whether the owner's DELETE of the batch's rows is refused, and of the batch itself."""
    rows = refuses_the_owner("batches_row", batch_id=batch.pk)
    if not rows:
        with as_role("pars_owner"):
            delete("batches_row", batch_id=batch.pk)
    return rows, refuses_the_owner("batches_batch", id=batch.pk)


def test_an_upload_is_kept_six_years_too(ours: Organization) -> None:
    young, old = a_batch(ours, created_at=datetime(2024, 3, 2, tzinfo=UTC)), a_batch(ours)

    assert batch_kept(young) == (True, True)
    assert batch_kept(old) == (False, False)


def test_an_upload_that_a_credit_stands_on_is_kept_as_long_as_the_credit(ours: Organization) -> None:
    credit = a_record(ours, YOUNG)
    brought = a_batch(ours, target=credit.pk)
    with as_role("pars_owner"):
        Credit.objects.filter(pk=credit.pk).update(batch_id=brought.pk)
    said_before = a_batch(ours, target=credit.pk)

    assert batch_kept(brought) == (True, True)
    assert batch_kept(said_before)[0] is True


def test_an_activity_on_hold_or_closed_lately_stays(ours: Organization) -> None:
    draft, held = make.an_activity(ours), make.an_activity(ours)
    closed = make.an_activity(ours, closed_at=now())
    closed_long_ago = make.an_activity(ours, start_on=OLD, end_on=OLD, closed_at=now())
    with acting_as(OPERATOR):
        place_hold(on=held, reason=Hold.Reason.REVIEW, by=OPERATOR, at=now())

    kept_back = [
        refuses_the_owner("activities_activity", id=one.pk) for one in (draft, held, closed, closed_long_ago)
    ]

    assert kept_back == [False, True, True, False]


@pytest.mark.parametrize("everything", [True, False])
def test_a_provider_that_deletes_an_activity_on_hold_reads_why_it_stays(
    ours: Organization, everything: bool
) -> None:
    activity = make.an_activity(ours)
    with acting_as(OPERATOR):
        place_hold(on=ours if everything else activity, reason=Hold.Reason.REVIEW, by=OPERATOR, at=now())
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)

    with acting_as(actor), pytest.raises(activity_actions.CreditsHang):
        activity_actions.delete(activity=activity, by=actor, at=now())


def test_everything_that_refers_to_a_credit_is_known_to_who_destroys_it() -> None:
    """Whoever adds a table that does decides: it goes along (disposal.PARTS), or it keeps the credit."""
    assert {relation.related_model for relation in Credit._meta.related_objects} == {
        CreditVersion,
        CreditPoints,
        Hold,
    }
