"""What keeps records from being destroyed, and the plans by which they are (design section 8)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from activities.models import Activity
from pars.access.actor import Actor
from pars.access.models import Organization, User

from .credit import Credit


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, actor: Actor) -> "HoldQuerySet":
        """All to operators; to a provider what is held of its own."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def standing(self) -> "HoldQuerySet":
        """Not released."""
        return self.filter(released_at=None)

    def on(self, credit: Credit) -> "HoldQuerySet":
        """Those that keep a credit: its own, its activity's, its organization's."""
        return self.filter(
            Q(credit=credit)
            | Q(activity=credit.activity_id)
            | Q(organization=credit.organization_id, credit=None, activity=None)
        )


class Hold(models.Model):
    """Nothing of a credit, of an activity, or of a whole organization may be destroyed until this is released.

    `reference` is a file number of whoever asked for it: never a name. A hold outlives what it was on, so its keys are
    not enforced; `organization` is the one whose records are held.
    """

    class Reason(models.TextChoices):
        """A choice and no free text, so that nobody's story ends up in the record."""

        LEGAL = "legal", "A court or a subpoena asks for it"
        INQUIRY = "inquiry", "A board or an authority inquires"
        COMPLAINT = "complaint", "A complaint is being looked into"
        REVIEW = "review", "The accreditor reviews it"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(
        Activity, on_delete=models.DO_NOTHING, null=True, related_name="holds", db_constraint=False
    )
    credit = models.ForeignKey(
        Credit, on_delete=models.DO_NOTHING, null=True, related_name="holds", db_constraint=False
    )
    reason = models.CharField(max_length=10, choices=Reason)
    reference = models.CharField(max_length=40, blank=True)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    placed_at = models.DateTimeField()
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[HoldQuerySet] = HoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(activity=None) | Q(credit=None), name="hold_is_on_one_thing"),
        ]

    @property
    def subject(self) -> str:
        """What is held, as the operator names it; asks for the activity unless it was joined."""
        if self.credit_id:
            return f"Credit {self.credit_id}"
        if self.activity_id:
            return f"Activity {self.activity.activity_id}" if self.activity else "An activity that is gone"
        return "All of its records"


class DisposalQuerySet(models.QuerySet["Disposal"]):
    def visible_to(self, actor: Actor) -> "DisposalQuerySet":
        """All to operators, its own to a provider."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def open(self) -> "DisposalQuerySet":
        return self.filter(finished_at=None)


class Disposal(models.Model):
    """A plan to destroy one organization's records whose retention has ended, made by counting them (the dry run).

    Records whose retention day is `through` or earlier and that did not change after `counted_at`: `found` credits and
    `uploads`; `held` credits are kept by holds. From `begins_at` on they are destroyed in small batches; `disposed`
    says how many credits that was so far.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    through = models.DateField()
    counted_at = models.DateTimeField()
    begins_at = models.DateTimeField()
    found = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    uploads = models.PositiveIntegerField()
    disposed = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[DisposalQuerySet] = DisposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(finished_at=None), name="one_open_disposal"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-counted_at"], name="disposal_history")]
