"""When credit is due and how long it is kept; and that no report is ever dated anew."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from activities import clock
from activities.formats import Format
from learners.models import Credit
from learners.standing import State, in_state, state_of
from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.batches.models import Batch
from proof import dates
from tests import factories as make
from tests.credit import a_credit
from tests.roles import as_role
from tests.uploads import a_row, as_csv, findings, see_through, take_in

SYSTEM = Actor.system_job("test")
EVERY = 211  # of the million; a prime, so that no zone, day or second is always passed over


def test_python_says_what_the_oracle_says() -> None:
    wrong = [case for case in _some_cases() if dates.by_python(case) != dates.answer(case)]

    assert wrong == []


@pytest.mark.django_db
def test_sql_says_what_the_oracle_says() -> None:
    assert dates.disagreements_of_sql((case, dates.answer(case)) for case in _some_cases()) == []


def _some_cases() -> list[dates.Case]:
    return list(islice(dates.cases(), 0, None, EVERY))


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        (date(2024, 2, 28), date(2030, 2, 28)),
        (date(2024, 2, 29), date(2030, 3, 1)),
        (date(2024, 3, 1), date(2030, 3, 1)),
        (date(2026, 2, 28), date(2032, 2, 28)),
        (date(2026, 12, 31), date(2032, 12, 31)),
    ],
)
def test_a_record_is_kept_to_its_sixth_anniversary(last: date, kept: date) -> None:
    assert clock.kept_until(end_on=last) == kept
    assert clock.kept_until(end_on=last, completed_on=last - timedelta(days=300)) == kept
    assert clock.kept_until(end_on=last - timedelta(days=300), completed_on=last) == kept


def test_a_hold_wins_over_any_date() -> None:
    long_after = datetime(2099, 1, 1, tzinfo=UTC)

    assert clock.may_be_destroyed(long_after, time_zone="UTC", kept=date(2030, 3, 1), on_hold=False)
    assert not clock.may_be_destroyed(long_after, time_zone="UTC", kept=date(2030, 3, 1), on_hold=True)


def _reported(batch: Batch) -> Credit:
    with acting_as(SYSTEM):
        return Credit.objects.select_related("organization").get(batch=batch)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("handed_in", "late"),
    [
        (datetime(2026, 10, 13, 4, 59, 59, tzinfo=UTC), False),  # 12 October, the last second in Chicago
        (datetime(2026, 10, 13, 5, 0, tzinfo=UTC), True),
    ],
)
def test_a_report_counts_from_when_it_was_handed_in_and_not_from_when_a_worker_had_time(
    handed_in: datetime, late: bool
) -> None:
    ours, board = make.a_provider(time_zone="America/Chicago"), make.a_board("NC")
    make.a_physician(board, "2008-95323")
    course = make.an_activity(ours)

    batch = see_through(take_in(ours, as_csv([a_row(course.activity_id)]), "late.csv", at=handed_in))

    credit = _reported(batch)
    assert (credit.first_reported_at, credit.due_on) == (handed_in, date(2026, 10, 12))
    assert state_of(credit) == (State.LATE if late else State.ACCEPTED)
    assert ("late" in {finding.code for finding in findings(batch)}) is late


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format_", "due_on"), [(Format.OTHER, date(2026, 12, 31)), (Format.ENDURING, date(2026, 10, 12))]
)
def test_the_due_day_is_the_formats(format_: Format, due_on: date) -> None:
    ours = make.a_provider()
    course = make.an_activity(ours, format=format_, start_on=date(2026, 1, 1), end_on=date(2026, 12, 1))

    batch = see_through(take_in(ours, as_csv([a_row(course.activity_id)]), "due.csv"))

    assert _reported(batch).due_on == due_on


@pytest.mark.django_db
def test_moving_an_activitys_end_makes_no_late_credit_timely() -> None:
    ours = make.a_provider()
    course = make.an_activity(ours)
    late = a_credit(make.a_physician(), course, first_reported_at=datetime(2026, 11, 1, tzinfo=UTC))

    with as_role("pars_owner"):
        type(course).objects.filter(pk=course.pk).update(end_on=date(2026, 12, 1))

    with acting_as(SYSTEM):
        assert state_of(Credit.objects.get(pk=late.pk)) == State.LATE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"first_reported_at": datetime(2026, 9, 20, 15, 0, 1, tzinfo=UTC)},
        {"due_on": date(2026, 10, 13)},
        {"due_on": date(2026, 10, 11)},
    ],
)
def test_nobody_dates_a_report_later_or_moves_its_due_day(change: dict[str, Any]) -> None:
    credit = a_credit(make.a_physician(), make.an_activity(make.a_provider()))

    with as_role("pars_owner"), pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
        Credit.objects.filter(pk=credit.pk).update(**change)


@pytest.mark.django_db
def test_each_state_finds_the_credits_it_is_said_of() -> None:
    ours, physician = make.a_provider(time_zone="Pacific/Honolulu"), make.a_physician()
    midnight = datetime(2026, 10, 13, 10, tzinfo=UTC)  # in Honolulu
    a_credit(physician, make.an_activity(ours), first_reported_at=midnight - timedelta(seconds=1))
    a_credit(physician, make.an_activity(ours), first_reported_at=midnight)
    a_credit(physician, make.an_activity(ours), withdrawn_at=midnight)
    parked = a_credit(physician, make.an_activity(ours), first_reported_at=midnight)
    with as_role("pars_owner"):
        Credit.objects.filter(pk=parked.pk).update(physician=None)

    with acting_as(SYSTEM):
        found = {state: [state_of(one) for one in in_state(Credit.objects.all(), state)] for state in State}

    assert found == {state: [state] for state in State}


@pytest.mark.django_db
def test_the_clocks_sql_is_read_into_the_statement_that_asks_it() -> None:
    """Not called once a row: a chunk has thousands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN VERBOSE SELECT learners_due_on(a.self_paced, a.start_on, a.end_on), "
            "learners_kept_until(a.start_on, a.end_on) FROM activities_activity a"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "learners_due_on" not in plan
    assert "learners_kept_until" not in plan
