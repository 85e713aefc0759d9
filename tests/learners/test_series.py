"""A series counts session by session, and in all up to what it is designated for."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from activities.formats import Format
from activities.models import Activity
from learners.models import CreditPoints
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches.models import Level
from tests.factories import a_board, a_physician, a_provider, a_registration, an_activity
from tests.uploads import COLUMNS, a_row, as_table, codes, findings, see_through, send, take_in

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")


class World(NamedTuple):
    """A provider with a course and a series, each designated for 4 credits."""

    ours: Organization
    course: Activity
    series: Activity

    def session(self, day: str, **cells: object) -> dict[str, str]:
        return a_row(self.series.activity_id, **({"completed": day, "amount": 1} | cells))


@pytest.fixture
def world() -> World:
    ours = a_provider()
    a_physician(a_board("NC"), "2008-95323")
    series = an_activity(ours, format=Format.SERIES, start_on=date(2026, 1, 7), end_on=date(2026, 12, 16))
    return World(ours, an_activity(ours), series)


def test_the_sessions_of_a_series_count_up_to_its_maximum(world: World) -> None:
    send(world.ours, *(world.session(f"2026-03-0{day}") for day in (2, 3)))

    batch = send(world.ours, *(world.session(f"2026-03-0{day}") for day in (4, 5, 6)))

    assert (batch.added, batch.failed) == (2, 1)
    [over] = [finding for finding in findings(batch) if finding.code == "amount_over_series"]
    assert (over.row, over.value) == (4, "1")
    assert "would have 5 credits of this series, which is designated for a maximum of 4" in over.message


def test_what_a_file_lowers_or_takes_back_makes_room_in_a_series(world: World) -> None:
    days = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")
    send(world.ours, *(world.session(day) for day in days))

    batch = send(
        world.ours,
        world.session("2026-03-06", amount="1.5"),
        world.session(days[0], amount="0.5"),
        world.session(days[1], action="Delete"),
    )

    assert codes(batch) == [(3, "corrected")]
    assert (batch.added, batch.updated, batch.withdrawn) == (1, 1, 1)


def test_one_learners_sessions_leave_another_learner_room(world: World) -> None:
    days = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")
    send(world.ours, *(world.session(day) for day in days))

    batch = send(world.ours, world.session(days[0], first_name="Ana", last_name="Silva", number="1"))

    assert (batch.parked, batch.failed) == (1, 0)


def test_a_session_repeated_in_the_file_is_counted_once(world: World) -> None:
    batch = send(world.ours, *[world.session("2026-03-02", amount=3)] * 2)

    assert (batch.added, batch.unchanged, batch.failed) == (1, 1, 0)


def test_a_session_counts_for_no_more_than_one_session(world: World) -> None:
    series = an_activity(
        world.ours,
        format=Format.SERIES,
        start_on=date(2026, 1, 7),
        end_on=date(2026, 12, 16),
        credits_per_session=Decimal(1),
    )

    batch = send(world.ours, a_row(series.activity_id, completed="2026-03-02", amount="1.25"))

    [over] = findings(batch)
    assert (over.code, over.level) == ("amount_over_session", Level.FIX)
    assert "at most 1 credits" in over.message


def test_credit_types_may_be_numbered(world: World) -> None:
    a_registration(world.course, "ABIM", "Medical Knowledge", "Patient Safety")
    row = a_row(
        world.course.activity_id,
        board="ABIM",
        member="999999",
        points="3",
        points_type="Medical Knowledge",
        points_amount="2",
    )
    more = {
        "second": "Additional Credit Type 2",
        "second_amount": "Credits Awarded for Additional Credit Type 2",
    }
    content = as_table(COLUMNS | more, [row | {"second": "Patient Safety", "second_amount": "1"}])

    batch = see_through(take_in(world.ours, content, "learners.csv"))

    assert batch.added == 1
    with acting_as(SYSTEM):
        assert sorted(CreditPoints.objects.values_list("credit_type", "points")) == [
            ("Medical Knowledge", Decimal(2)),
            ("Patient Safety", Decimal(1)),
        ]
