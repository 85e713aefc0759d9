"""What an activity still needs to become Active, in words (pars-facts 2.1); `Activity.is_complete` in SQL."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from .formats import Delivery
from .places import USA

DELIVERY_MISSING = "Choose how the activity reaches its learners."
CREDITS_MISSING = "Enter the number of credits the activity is designated for."


class Described(Protocol):
    """What is asked of an activity, or of the fields of one that is being entered."""

    @property
    def delivery(self) -> Sequence[str]: ...
    @property
    def credits(self) -> Decimal | None: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def country(self) -> str: ...


def missing(activity: Described) -> dict[str, str]:
    """Field → what to do; empty when the activity is complete."""
    todo = {}
    if not activity.delivery:
        todo["delivery"] = DELIVERY_MISSING
    if Delivery.IN_PERSON in activity.delivery:
        if not activity.city:
            todo["city"] = "Enter the city where the activity is held."
        if not activity.country:
            todo["country"] = "Choose the country where the activity is held."
        elif activity.country == USA and not activity.state:
            todo["state"] = "Choose the state where the activity is held."
    if activity.credits is None:
        todo["credits"] = CREDITS_MISSING
    return todo
