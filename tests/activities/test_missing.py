"""The words for what is missing agree with what the database holds complete."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from activities.models import Activity
from activities.rules import missing
from activities.status import Status
from activities.stored import records_of
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def test_nothing_is_missing_exactly_where_the_database_says_complete() -> None:
    ours = make.a_provider()
    places = product(
        ([], ["In-Person"], ["Online", "In-Person"]), ("", "Raleigh"), ("", "NC"), ("", "USA", "CAN")
    )
    cases: list[dict[str, Any]] = [
        {"delivery": delivery, "city": city, "state": state, "country": country}
        for delivery, city, state, country in places
    ]
    cases += [{"delivery": [], "format": format} for format in ("Manuscript Review", "Live Course")]
    cases += [{"credits": amount} for amount in (None, Decimal("1.5"))]
    cases += [{name: ""} for name in ("description", "providership")]
    cases += [
        {"listed": listed, "fee": fee, "registration": registration, "url": url}
        for listed, fee, registration, url in product(
            (True, False), ("", "Yes"), ("", "Limited"), ("", "https://x.example.org")
        )
    ]

    activities: list[Activity] = [make.an_activity(ours, **case) for case in cases]

    records = records_of(activities)
    assert [not missing(records[one.pk], Status.ACTIVE, today=TODAY) for one in activities] == [
        activity.is_complete for activity in activities
    ]
