"""What a change of an activity would do to the credits reported for it (`activities.dependents`)."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from activities.dependents import Effect
from activities.models import Activity
from activities.record import Record
from activities.rules.base import LARGEST_AMOUNT

from .models import Credit, CreditPoints, Hold


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
            CreditPoints.objects.filter(credit__in=standing)
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
