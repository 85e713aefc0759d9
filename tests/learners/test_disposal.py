"""Destroying what has been kept long enough: counted first, after a notice, in small batches, from where it stopped."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import now

from learners import disposal
from learners.actions import place_hold
from learners.models import Credit, CreditPoints, CreditVersion, Disposal, Hold, Learner
from learners.tasks import dispose
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches.models import Batch, Row
from pars.batches.turns import _SPACE
from tests import factories as make
from tests.learners.test_retention import OLD, YOUNG, a_batch, a_record
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake", code="0008273")


def run_at(at: datetime) -> None:
    """The clock's task at a moment."""
    with time_machine.travel(at, tick=False), as_role("pars_worker"):
        dispose()


def shell(*arguments: str) -> str:
    out = StringIO()
    with as_role("pars_worker"):
        call_command("dispose", *arguments, stdout=out)
    return out.getvalue()


def left() -> list[int]:
    with acting_as(SYSTEM):
        return list(Credit.objects.order_by("pk").values_list("pk", flat=True))


def destroyed(verb: str = "disposal.destroyed") -> list[dict[str, Any]]:
    with acting_as(SYSTEM):
        return list(Event.objects.filter(verb=verb).order_by("at").values_list("detail", flat=True))


def test_the_first_run_counts_and_the_next_after_the_notice_destroys(ours: Organization) -> None:
    old, young = a_record(ours, OLD), a_record(ours, YOUNG)
    begin = now()

    run_at(begin)
    assert left() == [old.pk, young.pk]
    run_at(begin + timedelta(days=7) - timedelta(seconds=1))
    assert left() == [old.pk, young.pk]
    run_at(begin + timedelta(days=7))

    assert left() == [young.pk]
    with acting_as(SYSTEM):
        plan = Disposal.objects.get()
        assert (plan.found, plan.held, plan.disposed, plan.organization_id) == (1, 0, 1, ours.pk)
        assert plan.finished_at
        assert CreditPoints.objects.count() == CreditVersion.objects.count() == 1


def test_each_batch_is_counted_in_the_audit_trail_of_its_organization(
    ours: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        a_record(ours, OLD)
    monkeypatch.setattr(disposal.destroy, "__kwdefaults__", {"size": 2})

    shell("--carry-out")

    assert [(each["credits"], each["versions"], each["points"]) for each in destroyed()] == [
        (2, 2, 2),
        (2, 2, 2),
        (1, 1, 1),
    ]
    with acting_as(SYSTEM):
        assert set(
            Event.objects.filter(verb="disposal.destroyed").values_list("organization", flat=True)
        ) == {ours.pk}


def test_work_that_was_cut_off_goes_on_where_it_stopped(ours: Organization) -> None:
    for _ in range(3):
        a_record(ours, OLD)
    with as_role("pars_worker"), acting_as(SYSTEM):
        plan = disposal.plan(ours, by=SYSTEM, at=now(), notice=timedelta(0))
        assert plan
        disposal.destroy(plan, by=SYSTEM, at=now(), size=1)
        assert not disposal.plan(ours, by=SYSTEM, at=now())

    with as_role("pars_worker"):
        assert not disposal.carry_out(plan, by=SYSTEM, until=0)  # no time at all
        assert len(left()) == 2
        assert disposal.carry_out(plan, by=SYSTEM)

    assert left() == []
    with acting_as(SYSTEM):
        assert Disposal.objects.get().disposed == 3


def test_a_hold_placed_during_the_notice_holds(ours: Organization) -> None:
    held, old = a_record(ours, OLD), a_record(ours, OLD)
    run_at(now())
    with acting_as(SYSTEM):
        place_hold(on=held, reason=Hold.Reason.LEGAL, by=SYSTEM, at=now())

    run_at(now() + timedelta(days=7))

    assert left() == [held.pk]
    assert old.pk not in left()


def test_what_came_after_the_count_waits_for_the_next(ours: Organization) -> None:
    a_record(ours, OLD)
    run_at(now())
    with as_role("pars_owner"):
        late = a_record(ours, OLD)
        Credit.objects.filter(pk=late.pk).update(changed_at=now() + timedelta(days=1))

    run_at(now() + timedelta(days=7))

    assert left() == [late.pk]


def test_a_dry_run_counts_and_changes_nothing(ours: Organization) -> None:
    a_record(ours, OLD)
    a_record(ours, YOUNG)
    held = a_record(ours, OLD)
    a_batch(ours)
    with acting_as(SYSTEM):
        place_hold(on=held, reason=Hold.Reason.LEGAL, by=SYSTEM, at=now())

    said = shell()

    assert said == shell("--dry-run")
    assert said.splitlines() == [
        "0008273: 1 credits and 1 uploads may be destroyed, 1 credits are on hold",
        "This was a dry run: nothing was destroyed.",
    ]
    assert len(left()) == 3
    with acting_as(SYSTEM):
        assert not Disposal.objects.exists()


def test_the_shell_takes_one_provider_and_does_not_wait_for_the_notice(ours: Organization) -> None:
    a_record(ours, OLD)
    theirs = a_record(make.a_provider(), OLD)
    run_at(now())

    said = shell("--carry-out", "--organization", "0008273")

    assert "0008273: 1 credits destroyed" in said
    assert left() == [theirs.pk]
    with pytest.raises(CommandError, match="No provider has the ID 7"):
        shell("--organization", "7")


def test_a_wording_goes_with_its_last_credit(ours: Organization) -> None:
    alone, shared = a_record(ours, OLD), a_record(ours, OLD)
    young = a_record(ours, YOUNG)
    with as_role("pars_owner"):
        Credit.objects.filter(pk=young.pk).update(learner=shared.learner)
        Learner.objects.filter(pk=young.learner_id).update(created_at=datetime(2019, 1, 1, tzinfo=UTC))

    shell("--carry-out")

    with acting_as(SYSTEM):
        assert list(Learner.objects.values_list("pk", flat=True)) == [shared.learner_id]
    assert alone.pk not in left()


def test_a_wording_that_never_had_credit_goes_after_six_years_but_not_under_a_hold(
    ours: Organization,
) -> None:
    a_record(ours, OLD)
    with as_role("pars_owner"):
        for days, year in ((0, 2019), (1, 2024)):
            Learner.objects.create(
                organization=ours,
                fingerprint=bytes([days]),
                created_at=datetime(year, 1, 1, tzinfo=UTC),
                state="NC",
                birthday=b"x",
            )
    with as_role("pars_worker"), acting_as(SYSTEM):
        plan = disposal.plan(ours, by=SYSTEM, at=now(), notice=timedelta(0))
    with acting_as(SYSTEM):
        hold = place_hold(on=ours, reason=Hold.Reason.LEGAL, by=SYSTEM, at=now())
    assert plan

    with as_role("pars_worker"), acting_as(SYSTEM):
        assert disposal.destroy_wording(plan, [], by=SYSTEM, at=now()) == 0
        Hold.objects.filter(pk=hold.pk).update(released_at=now())
        assert disposal.destroy_wording(plan, [], by=SYSTEM, at=now()) == 1


def test_an_upload_goes_when_no_credit_stands_on_it_with_everything_that_was_found_in_it(
    ours: Organization,
) -> None:
    old, young = a_record(ours, OLD), a_record(ours, YOUNG)
    gone, stays = a_batch(ours, target=old.pk), a_batch(ours, target=young.pk)
    lately = a_batch(ours, created_at=datetime(2024, 1, 1, tzinfo=UTC))

    shell("--carry-out")

    with acting_as(SYSTEM):
        assert set(Batch.objects.values_list("pk", flat=True)) == {stays.pk, lately.pk}
        assert not Row.objects.filter(batch_id=gone.pk).exists()
    assert len(destroyed("disposal.batch_destroyed")) == 1


def test_uploads_alone_are_worth_a_plan(ours: Organization) -> None:
    a_batch(ours)

    run_at(now())
    run_at(now() + timedelta(days=7))

    with acting_as(SYSTEM):
        assert not Batch.objects.exists()
        assert Disposal.objects.get().finished_at


def test_while_the_organization_lands_an_upload_it_waits(ours: Organization) -> None:
    a_record(ours, OLD)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashint8(%s))", [_SPACE, ours.pk])

        with pytest.raises(CommandError, match="an upload is being landed"):
            shell("--carry-out")
    finally:
        other.close()

    assert len(left()) == 1


def test_leap_day_is_destroyed_on_the_first_of_march(ours: Organization) -> None:
    a_record(ours, date(2016, 2, 29))
    chicago = 6  # hours behind Greenwich in winter

    with acting_as(SYSTEM):
        day_before = disposal.count(ours, datetime(2022, 3, 1, chicago, tzinfo=UTC) - timedelta(seconds=1))
        first_of_march = disposal.count(ours, datetime(2022, 3, 1, chicago, tzinfo=UTC))

    # The credit was changed before either moment.
    assert (day_before.found, first_of_march.found) == (0, 1)
