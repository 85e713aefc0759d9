"""The registry: physicians, the names they went by, their licenses with what each said before, certifications."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

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
    middle_name = models.CharField(max_length=100, blank=True, db_default="")
    last_name = models.CharField(max_length=100)
    suffix = models.CharField(max_length=20, blank=True, db_default="")
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
        indexes = [
            models.Index(
                fields=["last_key", "first_key"],
                opclasses=["text_pattern_ops", "text_pattern_ops"],
                name="physician_by_name",
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

    def counted(self) -> dict[str, int]:
        """How many there are: `active`, `others`, and `without_birthday`, whose holder's birthday nobody has said."""
        active = Q(status=License.Status.ACTIVE)
        return self.aggregate(
            active=Count("pk", filter=active),
            others=Count("pk", filter=~active),
            without_birthday=Count("pk", filter=Q(physician__birthday=None)),
        )


class License(models.Model):
    """A license as its board issued it. (board, number as issued) is the key; `number_key` is only for finding.

    Name keys and NPI are carried here so that a board's look-up reaches an index behind its policy: they are the
    board's own spelling. `source` says whose word the row is; a board's word is never replaced by another's.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        LAPSED = "lapsed", "Lapsed"
        SUSPENDED = "suspended", "Suspended"
        REVOKED = "revoked", "Revoked"
        UNCONFIRMED = "unconfirmed", "Not confirmed by the board"

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="licenses")
    board = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField()
    degree = models.CharField(max_length=2, choices=Degree)
    number = models.CharField(max_length=40)
    number_key = models.TextField()
    first_key = models.TextField()
    last_key = models.TextField()
    npi = models.CharField(max_length=10, null=True)
    status = models.CharField(max_length=11, choices=Status, default=Status.ACTIVE)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    source = models.CharField(max_length=8, choices=Physician.Source, db_default="roster")
    changed_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[LicenseQuerySet] = LicenseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="license_number_once")]
        indexes = [
            # Matching asks this index alone: what the policy looks at, and whom the license belongs to, stand in it.
            models.Index(fields=["state", "number_key"], include=["physician", "board"], name="license_find"),
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


class LicenseVersion(models.Model):
    """What a license said before it was changed. Written by the statement that changes it; never altered.

    `change` says what the change was, `source` whose word it was.
    """

    class Change(models.TextChoices):
        RENEWED = "renewed", "Renewed"
        REISSUED = "reissued", "Reissued"
        LAPSED = "lapsed", "Lapsed"
        SUSPENDED = "suspended", "Suspended"
        REVOKED = "revoked", "Revoked"
        REINSTATED = "reinstated", "Active again"
        CONFIRMED = "confirmed", "Confirmed by the board"
        CORRECTED = "corrected", "Corrected"
        MOVED = "moved", "Moved to another record"

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="versions")
    board = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    physician_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    degree = models.CharField(max_length=2)
    first_key = models.TextField()
    last_key = models.TextField()
    status = models.CharField(max_length=11, choices=License.Status)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    said_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    change = models.CharField(max_length=10, choices=Change)
    source = models.CharField(max_length=8, choices=Physician.Source)


class Alias(models.Model):
    """A name the physician went, or goes, by besides the one on record. Matching takes it like that one."""

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="aliases", db_index=False)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    first_key = models.TextField()
    last_key = models.TextField()
    source = models.CharField(max_length=8, choices=Physician.Source)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["physician", "last_key", "first_key"], name="alias_once")
        ]
        indexes = [models.Index(fields=["last_key", "first_key"], name="alias_by_name")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Certification(models.Model):
    """A physician's number with a certifying board (ABIM, ABP, …)."""

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="certifications")
    board = models.CharField(max_length=8)
    number = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="certification_once")]


class Merger(models.Model):
    """Two records that an operator found to be one person's: `absorbed` gave what it held to `kept`, until it is split.

    The absorbed record stays, with what nobody can hold twice left on it. Rows that moved are in `MergedRow`.
    """

    class Reason(models.TextChoices):
        """A choice and no free text, so that nobody's story ends up in the record."""

        BOARD = "board", "A board says that they are one person"
        DOCUMENT = "document", "A document of the physician shows it"
        SAME_LICENSE = "license", "Both hold the same license or NPI"

    class SplitReason(models.TextChoices):
        MISTAKE = "mistake", "They were joined by mistake"
        TWO_PEOPLE = "two_people", "They have proved to be two people"

    kept = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="absorptions")
    absorbed = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="mergers")
    reason = models.CharField(max_length=10, choices=Reason)
    merged_at = models.DateTimeField()
    merged_by = models.BigIntegerField()
    split_at = models.DateTimeField(null=True)
    split_by = models.BigIntegerField(null=True)
    split_reason = models.CharField(max_length=10, choices=SplitReason, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=models.F("absorbed")), name="merger_of_two"),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(split_at=None), name="absorbed_once_at_a_time"
            ),
        ]


class MergedRow(models.Model):
    """What a merger changed in one row: the changed columns as they were and became. `was` null: the row was added.

    A split goes through the steps backwards. Never altered.
    """

    merger = models.ForeignKey(Merger, on_delete=models.PROTECT, related_name="rows")
    organization_id = models.BigIntegerField(null=True)
    step = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=63)
    row_key = models.BigIntegerField()
    was = models.JSONField(null=True)
    became = models.JSONField()
