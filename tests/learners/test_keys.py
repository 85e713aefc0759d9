"""What the database holds together without a foreign key's look at every row (docs/adr/0005)."""

from datetime import date
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from activities.models import Activity
from learners.models import Physician
from pars.access.actor import Actor
from pars.access.scope import acting_as
from tests.credit import a_credit
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role

pytestmark = pytest.mark.django_db

REFUSED = "activity of the organization that reports it|stays where it is|keeps its activity"


class World(NamedTuple):
    physician: Physician
    ours: Activity
    theirs: Activity


@pytest.fixture
def world() -> World:
    return World(
        a_physician(a_board("NC"), "2008-95323"), an_activity(a_provider()), an_activity(a_provider())
    )


def _execute(sql: str, *params: int) -> int:
    with as_role("pars_owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@pytest.mark.parametrize("activity", ["none", "theirs"])
def test_no_credit_is_for_an_activity_that_is_not_the_organizations(world: World, activity: str) -> None:
    credit = a_credit(world.physician, world.ours)
    other = world.theirs.pk if activity == "theirs" else 0

    with pytest.raises(IntegrityError, match=REFUSED):
        _execute(
            "INSERT INTO learners_credit (organization_id, learner_id, physician_id, activity_id, credit_type, amount, "
            "completed_on, due_on, consent, batch_id, row, first_reported_at, changed_at) "
            "SELECT organization_id, learner_id, physician_id, %s, credit_type, amount, completed_on, due_on, consent, "
            "batch_id, 2, first_reported_at, changed_at FROM learners_credit WHERE id = %s",
            other,
            credit.pk,
        )


def test_an_activity_with_credit_cannot_be_deleted(world: World) -> None:
    a_credit(world.physician, world.ours)

    with pytest.raises(IntegrityError, match=REFUSED):
        _execute("DELETE FROM activities_activity WHERE id = %s", world.ours.pk)

    assert _execute("DELETE FROM activities_activity WHERE id = %s", world.theirs.pk) == 1


def test_an_activity_with_credit_stays_with_its_organization(world: World) -> None:
    a_credit(world.physician, world.ours)

    with pytest.raises(IntegrityError, match=REFUSED):
        _execute(
            "UPDATE activities_activity SET organization_id = %s WHERE id = %s",
            world.theirs.organization_id,
            world.ours.pk,
        )


def test_a_credit_keeps_its_activity(world: World) -> None:
    credit = a_credit(world.physician, world.ours)
    second = an_activity(world.ours.organization, end_on=date(2026, 9, 30))

    with pytest.raises(IntegrityError, match=REFUSED):
        _execute("UPDATE learners_credit SET activity_id = %s WHERE id = %s", second.pk, credit.pk)


def test_whoever_removes_an_activity_has_the_organizations_turn_until_it_is_committed(world: World) -> None:
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 47740 AND pid = pg_backend_pid()"

    _execute("DELETE FROM activities_activity WHERE id = %s", world.ours.pk)

    with connection.cursor() as cursor:
        cursor.execute(
            f"{held} AND objid = (hashint8(%s)::bigint & 4294967295)::oid", [world.ours.organization_id]
        )
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize("role", ["pars_web", "pars_worker"])
def test_nobody_deletes_a_physician(world: World, role: str) -> None:
    with as_role(role), acting_as(Actor.system_job("test")), connection.cursor() as cursor:
        cursor.execute("DELETE FROM learners_physician WHERE id = %s", [world.physician.pk])

        assert cursor.rowcount == 0
