"""The activity record: what a provider teaches. Its public face is here; money and counts get a table of their own."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pars.access.actor import Actor
from pars.access.models import Organization

from .formats import REPEATING, SELF_PACED, Delivery, Format


class Status(models.TextChoices):
    """Derived from what is filled in and from the clock (design section 4); never stored."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    READY = "ready", "Ready to close"
    CLOSED = "closed", "Closed"


_IN_PERSON = Q(delivery__contains=[Delivery.IN_PERSON])
_COMPLETE = (
    ~Q(delivery=[])
    & Q(credits__isnull=False)
    & (~_IN_PERSON | (~Q(city="") & ~Q(country="") & (~Q(country="USA") | ~Q(state=""))))
)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, actor: Actor) -> "ActivityQuerySet":
        """A provider's own; complete ones to boards, physicians and operators; listed ones to the public."""
        if actor.kind in ("provider", "matcher"):
            return self.filter(organization_id=actor.tenant)
        if actor.kind == "operator":
            return self
        complete = self.filter(is_complete=True)
        return complete if actor.kind in ("board", "physician") else complete.filter(listed=True)

    def with_status(self, status: Status, today: date) -> "ActivityQuerySet":
        conditions = {
            Status.CLOSED: Q(closed_at__isnull=False),
            Status.DRAFT: Q(closed_at=None, is_complete=False),
            Status.ACTIVE: Q(closed_at=None, is_complete=True, end_on__gte=today),
            Status.READY: Q(closed_at=None, is_complete=True, end_on__lt=today),
        }
        return self.filter(conditions[status])

    def newest_first(self) -> "ActivityQuerySet":
        return self.order_by("-start_on", "-pk")


class Activity(models.Model):
    """One activity. `activity_id` is the nine-digit number we issue; `provider_activity_id` the provider's own.

    `credits` is the designated maximum in AMA PRA Category 1 Credits, in steps of 0.25. `is_complete` says that
    everything the Active status asks for is filled in (pars-facts 2.1).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    activity_id = models.CharField(max_length=9, unique=True)
    provider_activity_id = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=250)
    description = models.TextField(max_length=2500, blank=True)
    format = models.CharField(max_length=40, choices=Format)
    delivery = ArrayField(models.CharField(max_length=20, choices=Delivery), default=list)
    start_on = models.DateField()
    end_on = models.DateField()
    city = models.CharField(max_length=100, blank=True)
    state = models.TextField(blank=True)
    country = models.CharField(max_length=3, blank=True)
    credits = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    listed = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    repeats = models.GeneratedField(
        expression=Q(format__in=sorted(REPEATING)),  # type: ignore[arg-type]  # the stubs do not know a Q
        output_field=models.BooleanField(),
        db_persist=True,
    )
    self_paced = models.GeneratedField(
        expression=Q(format__in=sorted(SELF_PACED)),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_complete = models.GeneratedField(
        expression=_COMPLETE,  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects: ClassVar[ActivityQuerySet] = ActivityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(activity_id__regex=r"^[0-9]{9}$"), name="activity_id_has_nine_digits"
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")), name="activity_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(credits=None)
                | (Q(credits__gt=0) & Q(credits=models.functions.Round(F("credits") * 4) / 4)),
                name="activity_credits_in_quarters",
            ),
            models.UniqueConstraint(
                fields=["organization", "provider_activity_id"],
                condition=~Q(provider_activity_id=""),
                name="provider_activity_id_once",
            ),
            models.UniqueConstraint(fields=["id", "organization"], name="activity_of_organization"),
        ]
        indexes = [models.Index(fields=["organization", "-start_on"], name="activity_list")]

    def __str__(self) -> str:
        return self.title

    def status(self, today: date) -> Status:
        """The status on a day of the provider's calendar."""
        if self.closed_at:
            return Status.CLOSED
        if not self.is_complete:
            return Status.DRAFT
        return Status.ACTIVE if self.end_on >= today else Status.READY


class BoardRegistration(models.Model):
    """The activity counts for a certifying board's programme (MOC / continuing certification; pars-facts 2.7)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="registrations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    board = models.CharField(max_length=8)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    credit_types = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "board"], name="registered_once")]
