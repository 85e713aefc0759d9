"""People in a provider's words (learners), and their credit."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from activities import clock
from activities.models import Activity
from pars.access.actor import Actor
from pars.access.models import Consent, Organization
from pars.batches.models import Batch

from .. import rems
from .registry import License, Physician


class Verdict(models.TextChoices):
    """What matching said of a learner (design section 7)."""

    MATCHED = "matched", "Matched"
    DISAGREES = "disagrees", "Details do not agree"
    SEVERAL = "several", "More than one physician fits"
    UNCONFIRMED = "unconfirmed", "Waits for the physician or the board"
    NOT_FOUND = "not_found", "Not in the registry yet"
    REVIEW = "review", "Kept for review"


class LearnerQuerySet(models.QuerySet["Learner"]):
    def visible_to(self, actor: Actor) -> "LearnerQuerySet":
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def waiting(self) -> "LearnerQuerySet":
        """Whom the registry does not know yet, or not by birthday: a roster, a license or a claim may tell."""
        return self.filter(physician=None, verdict__in=[Verdict.NOT_FOUND, Verdict.UNCONFIRMED])


class Learner(models.Model):
    """One person in one provider's own words; one row for each distinct wording (`fingerprint`).

    `number` is of the license in `state`, or, where there is none, with the certifying board `board`. The match lives
    here: a person is matched once, not once a credit. `rule` is the matching rule's version.
    """

    # The database holds neither key: looking at the other table for each new learner cost a seventh of a batch, and
    # locked the row of every physician (docs/adr/0005). Row security lets a matcher write learners of its organization
    # alone, and the batch they came in holds that; the physician is read by the statement that writes it, and row
    # security lets nobody delete one.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    fingerprint = models.BinaryField()
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    first_key = models.TextField()
    last_key = models.TextField()
    state = models.TextField()
    board = models.CharField(max_length=8, blank=True, db_default="")
    number = models.CharField(max_length=40, blank=True)
    number_key = models.TextField(blank=True)
    npi = models.CharField(max_length=10, null=True)
    birthday = models.BinaryField()
    physician = models.ForeignKey(
        Physician, on_delete=models.PROTECT, null=True, related_name="learners", db_constraint=False
    )
    verdict = models.CharField(max_length=11, choices=Verdict, default=Verdict.NOT_FOUND)
    rule = models.PositiveSmallIntegerField(default=0)
    matched_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[LearnerQuerySet] = LearnerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "fingerprint"], name="learner_wording_once"),
            models.CheckConstraint(
                condition=Q(verdict="matched", physician__isnull=False)
                | (~Q(verdict="matched") & Q(physician=None)),
                name="matched_learner_has_physician",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "number_key"],
                condition=Q(physician=None),
                name="learner_unmatched_by_number",
            ),
            models.Index(fields=["npi"], condition=Q(physician=None), name="learner_unmatched_by_npi"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Guess(models.Model):
    """A wording that disagreed with what it pointed at; what the guess budget counts (design section 7).

    `target` is the physician it points at (`p:id`) or, where several have it, the folded name in a state (`n:…`), never
    a birthday.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.TextField()
    fingerprint = models.BinaryField()
    guessed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "organization", "fingerprint"], name="guess_once")
        ]


class CreditType(models.IntegerChoices):
    """What a credit counts as. Learner-level reporting to boards covers one type (pars-facts 3.1)."""

    AMA_PRA_1 = 1, "AMA PRA Category 1 Credit"


class CreditQuerySet(models.QuerySet["Credit"]):
    def visible_to(self, actor: Actor) -> "CreditQuerySet":
        """A provider: what it reported. A physician: their own. A board: its licensees'. Operators: all."""
        if actor.kind in ("provider", "matcher"):
            return self.filter(organization_id=actor.tenant)
        if actor.kind == "operator":
            return self
        if actor.kind == "physician" and actor.physician_id:
            return self.filter(physician_id=actor.physician_id)
        if actor.kind == "board":
            held = License.objects.filter(physician=models.OuterRef("physician"), board_id=actor.tenant)
            return self.filter(models.Exists(held))
        return self.none()

    def standing(self) -> "CreditQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def for_transcript(self) -> "CreditQuerySet":
        """Standing credits, newest first, with what a transcript shows of each."""
        return (
            self.standing()
            .select_related("activity", "organization")
            .prefetch_related(models.Prefetch("points", CreditPoints.objects.standing()))
            .order_by("-completed_on", "-id")
        )


class Credit(models.Model):
    """One completion: who, which activity, when, how much, of which type.

    `amount` is in credits, steps of 0.25; 0 where board credit alone was reported. `occasion_on` equals `completed_on`
    in formats attended again and again, else null. `physician` is null while the credit is parked. `first_reported_at`
    is when what first reported it was handed in; it never becomes later. `due_on` is when it was due on that day,
    whatever becomes of the activity's dates (design section 8). A trigger holds both. `rems` is what was said of the
    learner for a REMS (learners/rems.py).
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    learner = models.ForeignKey(
        Learner, on_delete=models.PROTECT, related_name="credits", db_constraint=False, db_index=False
    )
    physician = models.ForeignKey(
        Physician,
        on_delete=models.PROTECT,
        null=True,
        related_name="credits",
        db_constraint=False,  # it is the learner's
        db_index=False,
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="reported", db_constraint=False
    )
    credit_type = models.PositiveSmallIntegerField(choices=CreditType, default=CreditType.AMA_PRA_1)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    completed_on = models.DateField()
    occasion_on = models.DateField(null=True)
    due_on = models.DateField()
    consent = models.CharField(max_length=8, choices=Consent)
    consented_on = models.DateField(null=True)
    rems = models.JSONField(null=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    row = models.PositiveIntegerField()
    first_reported_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[CreditQuerySet] = CreditQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount=models.functions.Round(F("amount") * 4) / 4),
                name="credit_in_quarters",
            ),
            models.CheckConstraint(
                condition=Q(rems=None) | Q(rems__has_key="local_id"), name="rems_names_learner"
            ),
            models.UniqueConstraint(
                fields=["physician", "activity", "credit_type", "occasion_on"],
                condition=Q(physician__isnull=False, withdrawn_at=None),
                nulls_distinct=False,
                name="credit_once",
            ),
            models.UniqueConstraint(
                fields=["learner", "activity", "credit_type", "occasion_on"],
                condition=Q(physician=None, withdrawn_at=None),
                nulls_distinct=False,
                name="parked_credit_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["physician", "completed_on"],
                include=["activity", "amount", "credit_type"],
                condition=Q(physician__isnull=False),
                name="credit_transcript",
            ),
            models.Index(fields=["batch"], name="credit_by_batch"),
            models.Index(fields=["organization", "-first_reported_at"], name="credit_of_organization"),
        ]

    @property
    def said_for_rems(self) -> list[tuple[str, str]]:
        """(question, answer) of what was said of the learner for a REMS."""
        return rems.shown(self.rems)

    @property
    def is_board_credit(self) -> bool:
        """Board credit alone was reported of this completion."""
        return not self.amount

    @property
    def is_parked(self) -> bool:
        return self.physician_id is None

    @property
    def is_late(self) -> bool:
        """It was first reported after its due day, in days of the provider that reported it."""
        return clock.is_late(self.first_reported_at, time_zone=self.organization.time_zone, due=self.due_on)

    @property
    def kept_until(self) -> date:
        """The day on which it may be destroyed, were it not for holds; asks for the activity and the versions."""
        said = [self.completed_on, *(version.completed_on for version in self.versions.all())]
        return clock.kept_until(end_on=self.activity.end_on, completed_on=max(said))


class CreditVersion(models.Model):
    """What a credit said before it was changed. Written by the statement that changes it; never altered.

    `withdrawn_at` is set where it was withdrawn then, and was put on record again by the change. `points` are all its
    board points then, as CreditPoints says them; null where the change could not touch them.
    """

    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="versions")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    physician_id = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    completed_on = models.DateField()
    rems = models.JSONField(null=True)
    points = models.JSONField(null=True)
    batch_id = models.UUIDField()
    row = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True)
    said_at = models.DateTimeField()
    replaced_at = models.DateTimeField()


class CreditPointsQuerySet(models.QuerySet["CreditPoints"]):
    def standing(self) -> "CreditPointsQuerySet":
        """Not taken back from their credit."""
        return self.filter(withdrawn_at=None)


class CreditPoints(models.Model):
    """A certifying board's points on the same completion (MOC / continuing certification).

    `physician` repeats the credit's, so that the policy here need not ask the credit's (design section 6).
    They go and come with their credit; `withdrawn_at` is set where they alone were taken back.
    """

    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="points")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    physician = models.ForeignKey(
        Physician, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    board = models.CharField(max_length=8)
    member_number = models.CharField(max_length=20)
    credit_type = models.CharField(max_length=80)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[CreditPointsQuerySet] = CreditPointsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit", "board", "credit_type"], name="points_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0) & Q(points=models.functions.Round(F("points") * 4) / 4),
                name="points_in_quarters",
            ),
        ]


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, actor: Actor) -> "ArrivalQuerySet":
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def unread(self) -> "ArrivalQuerySet":
        return self.filter(read_at=None)


class Arrival(models.Model):
    """Waiting credit of one provider that found its physicians, told on its dashboard until somebody takes note."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    learners = models.PositiveIntegerField()
    credits = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[ArrivalQuerySet] = ArrivalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["organization"], condition=Q(read_at=None), name="arrival_unread")]
