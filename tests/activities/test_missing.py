"""The words for what is missing agree with what the database holds complete."""

from decimal import Decimal
from itertools import product

import pytest

from activities.missing import missing
from activities.models import Activity
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_nothing_is_missing_exactly_where_the_database_says_complete() -> None:
    ours = make.a_provider()
    cases = product(
        ([], ["In-Person"], ["Online"], ["Online", "In-Person"]),
        (None, Decimal("1.5")),
        ("", "Raleigh"),
        ("", "NC"),
        ("", "USA", "CAN"),
    )

    activities: list[Activity] = [
        make.an_activity(ours, delivery=delivery, credits=amount, city=city, state=state, country=country)
        for delivery, amount, city, state, country in cases
    ]

    assert [not missing(activity) for activity in activities] == [
        activity.is_complete for activity in activities
    ]
