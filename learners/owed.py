"""Activities that have ended and nobody is reported for: what can be known of credit that is due.

Who completed an activity, and on the learner's own time when, is known only once it is reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf

from django.db.models import Count, Exists, OuterRef, QuerySet

from activities.clock import WITHIN, all_due_on
from activities.models import Activity
from pars.web import charts

from .models import Credit

# Days past the due day, and days to go (the due day itself: 0), from and to.
_LATE = ((61, inf), (31, 60), (8, 30), (1, 7))
_TO_GO = ((0, 7), (8, 14), (15, 30))


def unreported(
    activities: QuerySet[Activity], today: date, *, due_since: date, due_until: date
) -> QuerySet[Activity]:
    """Those of a provider that have ended by `today` and are due between two days, both included; longest due first.

    A draft cannot have credit yet, and closing says that none will come.
    """
    reported = Credit.objects.filter(activity=OuterRef("pk"), withdrawn_at=None)
    return activities.filter(
        ~Exists(reported),
        is_complete=True,
        closed_at=None,
        end_on__lt=today,
        end_on__gte=due_since - WITHIN,
        end_on__lte=due_until - WITHIN,
    ).order_by("end_on", "pk")


@dataclass(frozen=True)
class Owed:
    """How many activities have nobody reported, by days to go to their due day; negative: late by as many."""

    by_days: Mapping[int, int]

    @classmethod
    def of(cls, found: QuerySet[Activity], today: date) -> "Owed":
        """Counts what `unreported` found, in one query."""
        counted = found.order_by().values_list("end_on").annotate(Count("pk"))
        return cls({(all_due_on(end_on) - today).days: count for end_on, count in counted})

    @property
    def count(self) -> int:
        return sum(self.by_days.values())

    @property
    def late(self) -> int:
        return sum(count for days, count in self.by_days.items() if days < 0)

    @property
    def soon(self) -> int:
        """Not late yet."""
        return self.count - self.late

    @property
    def chart(self) -> charts.Chart:
        """From the longest late to the last due."""
        late = tuple(
            (f"Late by {_days(least, most)}", _short(least, most), self._between(-most, -least))
            for least, most in _LATE
        )
        to_go = tuple(
            (f"Due in {_days(least, most)}", _short(least, most), self._between(least, most))
            for least, most in _TO_GO
        )
        groups = [charts.Group("Late, by days", 2, late), charts.Group("Due, in days", 1, to_go)]
        return charts.grouped(
            "Activities without a report, by their due day", groups, unit="activities", by="When"
        )

    def _between(self, least: float, most: float) -> float:
        return float(sum(count for days, count in self.by_days.items() if least <= days <= most))


def _days(least: int, most: float) -> str:
    return f"more than {least - 1} days" if most == inf else f"{least} to {most:.0f} days"


def _short(least: int, most: float) -> str:
    return f"{least - 1}+" if most == inf else f"{least}–{most:.0f}"
