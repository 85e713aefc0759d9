"""The two clocks on a credit, in days of the provider's calendar: when it is due, and how long it is kept.

Nothing here reads a clock or a database. `learners_due_on`, `learners_kept_until` and `learners_day_of` say the same in
SQL; `make proof` holds both against an oracle of their own (design section 8; docs/adr/0006).
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .formats import REPORT_WITHIN_DAYS

WITHIN = timedelta(days=REPORT_WITHIN_DAYS)
# Program guide: participation records are kept six years after the activity.
KEPT_YEARS = 6


def day_of(moment: datetime, time_zone: str) -> date:
    """The day in a zone (IANA name) in which an aware moment lies. A day begins at midnight."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def due_on(*, completed_on: date, end_on: date, self_paced: bool) -> date:
    """The last day on which a completion is reported in time."""
    return (completed_on if self_paced else end_on) + WITHIN


def all_due_on(end_on: date) -> date:
    """The day by which every completion of an activity is due, whenever it was."""
    return end_on + WITHIN


def is_late(reported_at: datetime, *, time_zone: str, due: date) -> bool:
    """Whether what was first reported at this moment came after its due day."""
    return day_of(reported_at, time_zone) > due


def kept_until(*, end_on: date, completed_on: date | None = None) -> date:
    """The first day on which a record may be destroyed: the sixth anniversary of what was later.

    An anniversary of 29 February is 1 March, so that nothing is kept for a day less than six years.
    """
    last = end_on if completed_on is None else max(end_on, completed_on)
    year = last.year + KEPT_YEARS  # never a leap year after a leap year: 6 is no multiple of 4
    if (last.month, last.day) == (2, 29):
        return date(year, 3, 1)
    return last.replace(year=year)


def may_be_destroyed(at: datetime, *, time_zone: str, kept: date, on_hold: bool) -> bool:
    """Whether the retention day has begun where the provider is. A hold wins over any date."""
    return not on_hold and day_of(at, time_zone) >= kept
