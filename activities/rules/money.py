"""Commercial support, and how many learners took part."""

from collections.abc import Iterator
from decimal import Decimal

from activities.codes import code_list
from activities.record import Record

from .base import short
from .listing import LONGEST_NAME
from .problem import Problem, hint, problem

MOST_SUPPORTERS = 200
LARGEST_SUPPORT = Decimal(999_999_999)
MOST_LEARNERS = 9_999_999


def support(record: Record) -> Iterator[Problem]:
    if record.support and record.commercial_support is False:
        yield problem("support_but_none", "commercial_support", "No")
        return
    if len(record.support) > MOST_SUPPORTERS:
        yield problem("too_many", "support", most=MOST_SUPPORTERS, number=len(record.support))
        return
    seen: set[str] = set()
    for place, one in enumerate(record.support):
        field = f"support.{place}"
        if not one.source:
            yield problem("support_source", f"{field}.source")
        elif one.source.casefold() in seen:
            yield problem("support_twice", f"{field}.source", one.source)
        seen.add(one.source.casefold())
        amount = one.amount
        if amount is not None and not (
            amount.is_finite() and 0 < amount <= LARGEST_SUPPORT and amount == amount.to_integral_value()
        ):
            yield problem("support_amount", f"{field}.amount", amount)
        yield from short(f"{field}.source", one.source, LONGEST_NAME)


def counts(record: Record) -> Iterator[Problem]:
    known = code_list("participant")
    for category, number in record.counts.items():
        if not known.get(category):
            yield problem("participant_unknown", f"counts.{category}", category, hint=hint(known, category))
        elif not 0 <= number <= MOST_LEARNERS:
            yield problem("count_unreadable", f"counts.{category}", number)
