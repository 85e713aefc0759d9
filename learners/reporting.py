"""What a provider has reported and what is due: the figures of its dashboard and of its activity list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime

from activities.clock import WITHIN, all_due_on
from activities.models import Activity
from activities.status import Status
from pars.access.actor import Actor
from pars.batches.models import Batch
from pars.web import charts

from . import waiting
from .batch import LEARNERS
from .models import Credit
from .owed import Owed, unreported

LOOK_BACK = timedelta(days=365)  # an activity nobody earned credit for stops asking after a year
FILES_KEPT = timedelta(
    days=30
)  # design section 5: uploads, and so their error workbooks, are gone after that
SHOWN = 6
MONTHS = 12


@dataclass(frozen=True)
class Due:
    """An activity that ended and has no credit reported. `days` to go; negative: late by as many."""

    activity: Activity
    due_on: date
    days: int

    @property
    def is_late(self) -> bool:
        return self.days < 0


@dataclass(frozen=True)
class Overview:
    """What a provider's people should see first."""

    due: list[Due]
    owed: Owed
    uploads: list[Batch]
    drafts: list[Activity]
    drafts_more: int
    parked: int
    waits_since: datetime | None
    found: int
    found_since: datetime | None
    months: charts.Chart

    @property
    def due_more(self) -> int:
        """How many there are besides the ones shown, which are the longest due."""
        return self.owed.count - len(self.due)

    @property
    def late_hint(self) -> str:
        """ "3 past their due day"."""
        late = self.owed.late
        return f"{late:,} past {'its' if late == 1 else 'their'} due day" if late else "None past its due day"

    @property
    def draft_count(self) -> int:
        return len(self.drafts) + self.drafts_more

    @property
    def waits_hint(self) -> str:
        """Since when the oldest waits: "The oldest since Sep 20, 2026"."""
        if not self.waits_since:
            return "For a roster or a confirmation"
        return f"The oldest since {date_format(localtime(self.waits_since), 'M j, Y')}"

    @property
    def found_heading(self) -> str:
        """ "12 waiting credits found their physicians"; "" where there is nothing new."""
        if not self.found:
            return ""
        one = self.found == 1
        what, whose = ("credit", "its physician") if one else ("credits", "their physicians")
        return f"{self.found:,} waiting {what} found {whose}"

    @property
    def rows_to_fix(self) -> int:
        return sum(batch.failed for batch in self.uploads)


def overview(actor: Actor, at: datetime) -> Overview:
    """Everything the dashboard shows, in seven queries. `at` is in the provider's time zone."""
    today = at.date()
    ours = Activity.objects.visible_to(actor)
    ended = unreported(ours, today, due_since=today - LOOK_BACK + WITHIN, due_until=today + WITHIN)
    drafts = list(ours.with_status(Status.DRAFT, today).newest_first()[: SHOWN + 1])
    parked, waits_since = waiting.parked(actor)
    found, found_since = waiting.unread(actor)
    return Overview(
        due=[_due(activity, today) for activity in ended[:SHOWN]],
        owed=Owed.of(ended, today),
        uploads=list(_unsettled(actor, at)[:SHOWN]),
        drafts=drafts[:SHOWN],
        drafts_more=_beyond(drafts, ours.with_status(Status.DRAFT, today)),
        parked=parked,
        waits_since=waits_since,
        found=found,
        found_since=found_since,
        months=_by_month(actor, at),
    )


def _beyond(shown: Sequence[Activity], all_of_them: QuerySet[Activity]) -> int:
    """How many there are besides the ones shown; asks only where there are any."""
    return all_of_them.count() - SHOWN if len(shown) > SHOWN else 0


def _due(activity: Activity, today: date) -> Due:
    due_on = all_due_on(activity.end_on)
    return Due(activity, due_on, (due_on - today).days)


def _unsettled(actor: Actor, at: datetime) -> QuerySet[Batch]:
    """Uploads under way, and those of the last 30 days that have rows to fix."""
    recent = Q(failed__gt=0, check_only=False, created_at__gte=at - FILES_KEPT)
    running = Q(finished_at=None)
    return Batch.objects.visible_to(actor).uploads().filter(running | recent).newest_first()


def _by_month(actor: Actor, at: datetime) -> charts.Chart:
    """Credits first reported in each of the last twelve months, counted by the batches that brought them."""
    months = _months_until(at.date())
    counted = (
        Batch.objects.visible_to(actor)
        .filter(kind=LEARNERS.name, check_only=False, undoes=None, created_at__gte=_begin(months[0], at))
        .annotate(month=TruncMonth("created_at", tzinfo=at.tzinfo))
        .values_list("month")
        .annotate(reported=Sum(F("added") + F("parked")))
    )
    found = {month.date(): reported for month, reported in counted}
    points = [(f"{month:%b}", float(found.get(month, 0))) for month in months]
    return charts.bars("Credits reported, by month", points if found else [], unit="credits")


def _months_until(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - MONTHS + 1, last + 1)]


def _begin(day: date, at: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=at.tzinfo)


def with_learners(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each activity with `learners`: how many people have a standing credit for it."""
    counted = (
        Credit.objects.filter(activity=OuterRef("pk"), withdrawn_at=None)
        .values("activity")
        .annotate(people=Count("learner", distinct=True))
        .values("people")
    )
    return activities.annotate(learners=Coalesce(Subquery(counted), 0))
