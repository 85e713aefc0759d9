"""What a provider says once a year: its agreement, its income, the learners of its enduring materials, and that all
of it is complete (pars-facts 2.11 and 8).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from activities.models import Activity
from pars.access.actor import Actor
from pars.access.models import Organization, User


class YearQuerySet(models.QuerySet["Year"]):
    def visible_to(self, actor: Actor) -> "YearQuerySet":
        """A provider's own; all to operators."""
        if actor.kind == "operator":
            return self
        return self.filter(organization_id=actor.tenant) if actor.kind == "provider" else self.none()


class Year(models.Model):
    """One provider's report on one calendar year.

    The four incomes are whole US dollars of its most recent program period of twelve months; null: not said yet.
    `statement` is the date of the agreement's text. A year that is closed is frozen until it is opened again.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    advertising = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    registration = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    government = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    donations = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    statement = models.DateField(null=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    agreed_name = models.CharField(max_length=150, blank=True)
    agreed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_name = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[YearQuerySet] = YearQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="year_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | (
                    Q(agreed_at__isnull=False)
                    & Q(advertising__gte=0)
                    & Q(registration__gte=0)
                    & Q(government__gte=0)
                    & Q(donations__gte=0)
                ),
                name="closed_year_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def has_summary(self) -> bool:
        return self.advertising is not None


class LearnersOfYear(models.Model):
    """How many learners an enduring material had had by 31 December, since it began."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    physicians = models.PositiveIntegerField()
    others = models.PositiveIntegerField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "year", "activity"], name="learners_of_year_once")
        ]
