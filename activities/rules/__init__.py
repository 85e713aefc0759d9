"""What must be true of an activity: pure functions over a Record, the same for form, file, document and web service.

`problems` says what is wrong and is refused whatever the status; `missing` says what a later status still asks for.
No database, and no clock but the `today` that is given.
"""

from collections.abc import Callable, Iterator
from datetime import date

from activities.record import Record
from activities.status import Status

from . import aims, base, boards, listing, money
from .needs import needs
from .problem import Problem
from .tidy import tidied

__all__ = ["Problem", "missing", "needs", "problems", "tidied"]

Rule = Callable[[Record], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    base.titles,
    base.descriptions,
    base.identifiers,
    base.formats,
    base.dates,
    base.deliveries,
    base.places,
    base.amounts,
    base.other_credits,
    listing.providership,
    listing.listing,
    aims.audience,
    aims.tags,
    aims.outcomes,
    aims.commendations,
    aims.rems,
    aims.state_topics,
    boards.registrations,
    money.support,
    money.counts,
)


def problems(record: Record, *, today: date) -> list[Problem]:
    """What is wrong with a tidied record, in the order of its fields; empty when it may be kept as it is."""
    found = [problem for rule in RULES for problem in rule(record)]
    return found or list(base.plausible(record, today))


def missing(record: Record, step: Status, *, today: date) -> dict[str, str]:
    """Field → what to do before the activity can be in this status; empty when nothing is missing."""
    todo: dict[str, str] = {}
    for problem in needs(record, step, today=today):
        todo.setdefault(problem.top, problem.message)
    return todo
