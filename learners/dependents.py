"""What a change of an activity would do to the credits reported for it (`activities.dependents`)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from activities.clock import all_due_on
from activities.dependents import Effect, Figure
from activities.formats import REPORT_WITHIN_DAYS
from activities.models import Activity
from activities.record import Record
from activities.rules.base import LARGEST_AMOUNT

from .models import Credit, CreditPoints, Hold

SOON = 7  # days before the due date in which the page warns that nothing was reported


class Credits:
    """The credits that hang on activities, as far as whoever acts may see them: a provider sees all of its own."""

    def hanging(self, activities: Collection[int]) -> set[int]:
        """Activities with any credit, withdrawn ones too (design section 4)."""
        with_credits = Credit.objects.filter(activity__in=activities)
        return set(with_credits.values_list("activity_id", flat=True).distinct())

    def kept(self, activities: Collection[int]) -> set[int]:
        """Activities on hold, themselves or with all their provider's records."""
        held = Hold.objects.standing().filter(
            Q(activity=OuterRef("pk")) | Q(organization=OuterRef("organization"), activity=None), credit=None
        )
        return set(Activity.objects.filter(Exists(held), pk__in=activities).values_list("pk", flat=True))

    def effects(self, activity: Activity, record: Record) -> list[Effect]:
        """Standing credits that would lie outside the days, above the maximum, or lose their board.

        They stay as they are, with the due day and the report date they have.
        """
        if record.start_on is None or record.end_on is None:
            return []
        standing = Credit.objects.filter(activity=activity).standing()
        outside = Q(completed_on__lt=record.start_on) | Q(completed_on__gt=record.end_on)
        counts = standing.aggregate(
            outside=Count("pk", filter=outside),
            over=Count("pk", filter=Q(amount__gt=record.credits or LARGEST_AMOUNT)),
        )
        points = (
            CreditPoints.objects.standing()
            .filter(credit__in=standing)
            .exclude(board__in={one.board for one in record.registrations})
            .aggregate(credits=Count("credit", distinct=True))
        )
        days = f"{record.start_on:%m/%d/%Y} to {record.end_on:%m/%d/%Y}"
        told = (
            (counts["outside"], f"with a completion date outside {days}"),
            (counts["over"], f"above the new maximum of {record.credits}"),
            (points["credits"], "with points of a board that the activity would not be registered for"),
        )
        address = f"{reverse('credit-list')}?activity={activity.activity_id}"
        return [
            Effect(f"{count} {'credit' if count == 1 else 'credits'} {what}", count, address)
            for count, what in told
            if count
        ]

    def figures(self, activity: Activity, today: date) -> list[Figure]:
        """Learners with credit, credit that waits, and the day by which the rest is due."""
        if not activity.is_complete:
            return []
        standing = Credit.objects.filter(activity=activity, withdrawn_at=None)
        counts = standing.aggregate(
            learners=Count("learner", distinct=True), waiting=Count("pk", filter=Q(physician=None))
        )
        listed = f"{reverse('credit-list')}?activity={activity.activity_id}"
        reported = Figure("Learners reported", f"{counts['learners']:,}", url=listed)
        waiting = Figure(
            "Credits waiting",
            f"{counts['waiting']:,}",
            "No physician found yet",
            "warning",
            f"{listed}&state=waiting",
        )
        return [
            reported,
            *([waiting] if counts["waiting"] else []),
            _due(activity, today, counts["learners"]),
        ]


def _due(activity: Activity, today: date, learners: int) -> Figure:
    due_on = all_due_on(activity.end_on)
    left = (due_on - today).days
    if activity.self_paced and today <= activity.end_on:
        return Figure("Credit is due", f"{REPORT_WITHIN_DAYS} days", "after each learner finished")
    day = f"{due_on:%b} {due_on.day}, {due_on.year}"
    if left >= 0:
        hint = "today" if left == 0 else f"in {left:,} {'day' if left == 1 else 'days'}"
        return Figure("Credit is due", day, hint, "warning" if left <= SOON and not learners else "")
    return Figure("Credit was due", day, "Late credit is accepted and marked", "" if learners else "error")
