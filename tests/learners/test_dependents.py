"""What a change of an activity would do to the credits reported for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from activities.dependents import effects, figures, hanging
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from tests import factories as make
from tests.credit import a_credit, some_points

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_a_change_tells_what_it_would_do_to_each_standing_credit() -> None:
    ours = make.a_provider()
    activity = make.an_activity(ours, start_on=date(2026, 9, 12), end_on=date(2026, 9, 14))
    make.a_registration(activity)
    on_the_last_day = a_credit(make.a_physician(), activity)
    a_credit(make.a_physician(), activity, completed_on=date(2026, 9, 12), amount=Decimal(2))
    a_credit(make.a_physician(), activity, withdrawn_at=NOW)
    some_points(on_the_last_day)

    with acting_as(Actor.organization(ours.pk, OrganizationKind.PROVIDER)):
        record = record_of(activity)
        shorter = replace(record, end_on=date(2026, 9, 13), credits=Decimal(1), registrations=())
        told = effects(activity, shorter)

        assert effects(activity, record) == []
        assert hanging([activity.pk, 0]) == {activity.pk}

    assert [one.sentence for one in told] == [
        "1 credit with a completion date outside 09/12/2026 to 09/13/2026",
        "2 credits above the new maximum of 1",
        "1 credit with points of a board that the activity would not be registered for",
    ]
    assert told[0].url == f"/credits/?activity={activity.activity_id}"


@pytest.mark.parametrize(
    ("format", "day", "told"),
    [
        ("Live Course", 12, ("Credit is due", "Oct 12, 2026", "in 30 days", "")),
        ("Live Course", 41, ("Credit is due", "Oct 12, 2026", "in 1 day", "warning")),
        ("Live Course", 42, ("Credit is due", "Oct 12, 2026", "today", "warning")),
        (
            "Live Course",
            43,
            ("Credit was due", "Oct 12, 2026", "Late credit is accepted and marked", "error"),
        ),
        ("Enduring Material", 12, ("Credit is due", "30 days", "after each learner finished", "")),
        ("Enduring Material", 13, ("Credit is due", "Oct 12, 2026", "in 29 days", "")),
    ],
)
def test_the_clock_of_an_activity_without_credit(
    format: str,  # noqa: A002 (the field's word)
    day: int,
    told: tuple[str, str, str, str],
) -> None:
    ours = make.a_provider()
    activity = make.an_activity(ours, format=format, delivery=["Online"], city="", state="", country="")
    today = date(2026, 9, 1) + timedelta(days=day - 1)

    with acting_as(Actor.organization(ours.pk, OrganizationKind.PROVIDER)):
        learners, due = figures(activity, today)

    assert learners.value == "0"
    assert (due.label, due.value, due.hint, due.tone) == told
