"""The registry: physicians, their licenses and certifications."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pars.access.actor import Actor
from pars.access.models import Organization


class Degree(models.TextChoices):
    """Only these two earn AMA PRA Category 1 Credit."""

    MD = "MD", "MD"
    DO = "DO", "DO"


class PhysicianQuerySet(models.QuerySet["Physician"]):
    def visible_to(self, actor: Actor) -> "PhysicianQuerySet":
        """Operators: all. A board: who holds, or held, one of its licenses. A physician: themselves. Others: nobody."""
        if actor.kind == "operator":
            return self
        if actor.kind == "board":
            held = License.objects.filter(physician=models.OuterRef("pk"), board_id=actor.tenant)
            return self.filter(models.Exists(held))
        if actor.kind == "physician" and actor.physician_id:
            return self.filter(pk=actor.physician_id)
        return self.none()


class Physician(models.Model):
    """The one identity behind every provider's spelling of a person.

    `birthday` is month and day, encrypted (see `birthday`); null where no source has said it. Keys are folded names.
    """

    class Source(models.TextChoices):
        ROSTER = "roster", "Board roster"
        NPPES = "nppes", "NPPES"
        CLAIM = "claim", "Confirmed claim"

    npi = models.CharField(max_length=10, null=True, unique=True)
    degree = models.CharField(max_length=2, choices=Degree, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    first_key = models.TextField()
    last_key = models.TextField()
    birthday = models.BinaryField(null=True)
    source = models.CharField(max_length=8, choices=Source)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PhysicianQuerySet] = PhysicianQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(npi=None) | Q(npi__regex=r"^[12][0-9]{9}$"), name="npi_has_ten_digits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class LicenseQuerySet(models.QuerySet["License"]):
    def visible_to(self, actor: Actor) -> "LicenseQuerySet":
        """A board's own; a physician's own; all to operators."""
        if actor.kind == "operator":
            return self
        if actor.kind == "board":
            return self.filter(board_id=actor.tenant)
        if actor.kind == "physician" and actor.physician_id:
            return self.filter(physician_id=actor.physician_id)
        return self.none()


class License(models.Model):
    """A license as its board issued it. (board, number as issued) is the key; `number_key` is only for finding.

    Name keys and NPI are carried here so that a board's look-up reaches an index behind its policy
    (perf-floors section 7).
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        LAPSED = "lapsed", "Lapsed"
        REVOKED = "revoked", "Revoked"

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="licenses")
    board = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField()
    degree = models.CharField(max_length=2, choices=Degree)
    number = models.CharField(max_length=40)
    number_key = models.TextField()
    first_key = models.TextField()
    last_key = models.TextField()
    npi = models.CharField(max_length=10, null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    objects: ClassVar[LicenseQuerySet] = LicenseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="license_number_once")]
        indexes = [
            models.Index(fields=["state", "number_key"], name="license_find"),
            models.Index(fields=["state", "last_key", "first_key"], name="license_by_name"),
            models.Index(
                fields=["board", "last_key", "first_key"],
                opclasses=["int8_ops", "text_pattern_ops", "text_pattern_ops"],
                name="license_of_board_by_name",
            ),
            models.Index(
                fields=["board", "number_key"],
                opclasses=["int8_ops", "text_pattern_ops"],
                name="license_of_board_by_number",
            ),
            models.Index(fields=["board", "npi"], name="license_of_board_by_npi"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.degree} {self.number}"


class Certification(models.Model):
    """A physician's number with a certifying board (ABIM, ABP, …)."""

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="certifications")
    board = models.CharField(max_length=8)
    number = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="certification_once")]
