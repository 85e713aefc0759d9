"""One million date cases of the two clocks: what the oracle says of each, and where Python or SQL says otherwise.

    make proof ARGS=dates

Every day from 2020 to 2040 in fifteen zones of the United States; each asked about at the last second before a midnight
that decides, at that midnight, and a second later. Days of leap years and of changing clocks are among them.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import django
from django.db import connection, transaction

from activities import clock

from .calendar import DAY, ZONES, clock_changes, day_number, is_leap, midnight, of_day, offset

FIRST, LAST = 2020, 2040
WITHIN = 30
YEARS = 6
SHOWN = 5


class Case(NamedTuple):
    """Days since 1970, and a moment in seconds since then."""

    zone: str
    completed: int
    end: int
    self_paced: bool
    moment: int


class Answer(NamedTuple):
    """Due day and first day of destruction, as days since 1970, and what holds of them at the moment."""

    due: int
    late: bool
    kept: int
    destroyable: bool


def answer(case: Case) -> Answer:
    """What is right, by whole numbers alone."""
    today = (case.moment + offset(case.zone, case.moment)) // DAY
    due = (case.completed if case.self_paced else case.end) + WITHIN
    kept = anniversary(max(case.completed, case.end))
    return Answer(due, today > due, kept, today >= kept)


@cache
def anniversary(number: int) -> int:
    """The same day six years on; where that year has none, the day after the one before."""
    year, month, day = of_day(number)
    if (month, day) == (2, 29) and not is_leap(year + YEARS):
        return day_number(year + YEARS, 2, 28) + 1
    return day_number(year + YEARS, month, day)


def cases() -> Iterator[Case]:
    """All of them, always in the same order."""
    for zone in ZONES:
        for day in range(day_number(FIRST, 1, 1), day_number(LAST + 1, 1, 1)):
            yield from _about(zone, day)
        for year in range(FIRST, LAST + 1):
            for change in clock_changes(zone, year) or ():
                yield from _at_a_change(zone, change)


def _about(zone: str, day: int) -> Iterator[Case]:
    earlier = day % 400  # how long an activity ran before the day, or goes on after it
    due, kept = midnight(zone, day + WITHIN + 1), midnight(zone, anniversary(day))
    for second in (-1, 0, 1):
        yield Case(zone, day, day + earlier, True, due + second)
        yield Case(zone, day - earlier, day, False, due + second)
        yield Case(zone, day - earlier * (day % 2), day, day % 3 == 0, kept + second)


def _at_a_change(zone: str, change: int) -> Iterator[Case]:
    day = (change + offset(zone, change)) // DAY
    for second in (-3_600, -1, 0, 1, 3_600):
        for last in (day - WITHIN, day - WITHIN - 1):
            yield Case(zone, last, last, False, change + second)


_EPOCH = date(1970, 1, 1)


@cache
def _as_date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def by_python(case: Case) -> Answer:
    """What `activities.clock` says."""
    completed_on, end_on = _as_date(case.completed), _as_date(case.end)
    at = datetime.fromtimestamp(case.moment, UTC)
    due = clock.due_on(completed_on=completed_on, end_on=end_on, self_paced=case.self_paced)
    kept = clock.kept_until(completed_on=completed_on, end_on=end_on)
    return Answer(
        (due - _EPOCH).days,
        clock.is_late(at, time_zone=case.zone, due=due),
        (kept - _EPOCH).days,
        clock.may_be_destroyed(at, time_zone=case.zone, kept=kept, on_hold=False),
    )


_TABLE = """
CREATE TEMPORARY TABLE date_case (
    zone text, completed integer, ended integer, self_paced boolean, moment bigint,
    due integer, late boolean, kept integer, destroyable boolean
) ON COMMIT DROP
"""
_DISAGREE = """
SELECT d.zone, d.completed, d.ended, d.self_paced, d.moment
FROM date_case d
CROSS JOIN LATERAL (SELECT date '1970-01-01' + d.completed AS completed_on, date '1970-01-01' + d.ended AS end_on) o
CROSS JOIN LATERAL (
    SELECT learners_due_on(d.self_paced, o.completed_on, o.end_on) AS due_on,
        learners_kept_until(o.completed_on, o.end_on) AS kept_until,
        learners_day_of(to_timestamp(d.moment), d.zone) AS today
) s
WHERE (s.due_on - date '1970-01-01', s.today > s.due_on, s.kept_until - date '1970-01-01', s.today >= s.kept_until)
    IS DISTINCT FROM (d.due, d.late, d.kept, d.destroyable)
"""


def disagreements_of_sql(told: Iterable[tuple[Case, Answer]]) -> list[Case]:
    """The cases of which the database's functions say otherwise. Inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy("COPY date_case FROM STDIN") as copy:
            for case, right in told:
                copy.write("\t".join(map(str, case + right)) + "\n")
        cursor.execute(_DISAGREE)
        return [Case(*found) for found in cursor.fetchall()]


def main() -> int:
    begun = time.perf_counter()
    told = [(case, answer(case)) for case in cases()]
    in_python = [case for case, right in told if by_python(case) != right]
    with transaction.atomic():
        in_sql = disagreements_of_sql(told)
    seconds = time.perf_counter() - begun
    print(
        f"dates: {len(told):,} cases, {len(in_python):,} wrong in Python, {len(in_sql):,} wrong in SQL, "
        f"{seconds:.0f} s",
        flush=True,
    )
    for wrong in [*in_python[:SHOWN], *in_sql[:SHOWN]]:
        print(f"  {wrong}")
    return 1 if in_python or in_sql else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
    os.environ["PARS_DB_ROLE"] = "pars_web"
    django.setup()
    sys.exit(main())
