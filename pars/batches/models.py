"""A batch: one upload, its chunks, its rows' outcomes and the issues found. The states live here, in PostgreSQL.

`received → scanning → staged → processing → done | refused` (design section 5). Celery only wakes who moves them.
"""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Now

from pars.access.actor import Actor
from pars.access.models import Organization, User

FIXED_MEANWHILE = "fixed_meanwhile"  # the note on a row that came back although it was in
# The dispatcher looks every few seconds: whatever waits this long needs a person.
STANDSTILL = timedelta(minutes=5)


class Status(models.TextChoices):
    RECEIVED = "received", "Received"
    SCANNING = "scanning", "Being read"
    STAGED = "staged", "Read"
    PROCESSING = "processing", "In progress"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


class Source(models.TextChoices):
    """The door a batch came through. All doors lead to the same rows."""

    FILE = "file", "File"
    FORM = "form", "Form"
    COMMAND = "command", "Command"


class Level(models.TextChoices):
    """What an issue means for its row (design section 5)."""

    FIX = "fix", "Did not land: change something"
    WAIT = "wait", "Kept: nothing to do now"
    NOTE = "note", "Landed, or was there already"


class Outcome(models.TextChoices):
    """What became of a row."""

    ADDED = "added", "Added"
    UPDATED = "updated", "Corrected"
    UNCHANGED = "unchanged", "Was there already"
    WITHDRAWN = "withdrawn", "Withdrawn"
    PARKED = "parked", "Waiting"
    FAILED = "failed", "To fix"
    READY = "ready", "Ready to send"
    OTHER = "other", "No credit to report"
    FIXED = "fixed", "Fixed since"
    UNDONE = "undone", "Undone"


# The outcomes of rows that are on record, or wait to be.
LANDED = (Outcome.ADDED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.WITHDRAWN, Outcome.PARKED)
IN_LANDED = "IN ('" + "', '".join(LANDED) + "')"  # for SQL


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> "BatchQuerySet":
        """The organization's own; all to operators."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def uploads(self) -> "BatchQuerySet":
        """What came as a file; single entries by form are no uploads."""
        return self.exclude(source=Source.FORM)

    def uploads_and_undos(self) -> "BatchQuerySet":
        """What the engine works on by itself, for who watches it."""
        return self.exclude(source=Source.FORM, undoes=None)

    def for_themselves(self) -> "BatchQuerySet":
        """Those that bring no row of an earlier batch back."""
        return self.filter(~Exists(Correction.objects.filter(batch=OuterRef("pk"))))

    def newest_first(self) -> "BatchQuerySet":
        return self.order_by("-created_at", "-id")

    def unfinished(self) -> "BatchQuerySet":
        return self.exclude(status__in=[Status.DONE, Status.REFUSED])

    def same_file_as(self, batch: "Batch") -> "BatchQuerySet":
        """Earlier batches of the very same bytes for the same purpose; none for a file that was not kept."""
        if not batch.sha256:
            return self.none()
        return self.filter(
            organization_id=batch.organization_id,
            kind=batch.kind,
            sha256=batch.sha256,
            check_only=batch.check_only,
            created_at__lt=batch.created_at,
        ).exclude(pk=batch.pk)

    def with_standstill(self) -> "BatchQuerySet":
        """Annotates `stands_still`: unfinished for minutes, and nobody holds a lease on it or on a chunk of it."""
        waiting = Chunk.objects.filter(batch=OuterRef("pk"), status=Chunk.Status.WAITING)
        return self.annotate(
            stands_still=Case(
                When(
                    ~Q(status__in=[Status.DONE, Status.REFUSED])
                    & Q(created_at__lt=Now() - STANDSTILL)
                    & (Q(leased_until=None) | Q(leased_until__lt=Now()))
                    & ~Exists(waiting.filter(leased_until__gte=Now())),
                    then=True,
                ),
                default=False,
            )
        )


class Batch(models.Model):
    """One upload of one kind of row by one organization.

    `options` are the kind's own (consent, …) and what was answered about this file. A refused batch with a `question`
    waits for its sender's answer, and is then read again. `header` has the person's own headings, in file order, and
    the column key of each. Counts are filled when the batch is done; a row to fix that a later upload or a form brings
    in moves from `failed` to `fixed`. `stored_as` is the encrypted upload's name, empty once it is gone.

    A batch that `undoes` another one takes back what that one did, row by row under the same numbers; what is taken
    back there moves to `undone` (docs/adr/0027).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=8, choices=Source)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=64, blank=True)
    check_only = models.BooleanField(default=False)
    # Not held by a key: either is destroyed in its own time.
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undo", db_constraint=False
    )
    options = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal = models.CharField(max_length=400, blank=True)
    question = models.JSONField(default=dict)
    header = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    dispatched_until = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    fixed = models.PositiveIntegerField(default=0)
    ready = models.PositiveIntegerField(default=0)
    others = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[BatchQuerySet] = BatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="batch_status_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.REFUSED) | ~Q(refusal=""), name="a_refused_batch_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "kind", "-created_at"], name="batch_history"),
            models.Index(fields=["organization", "sha256"], name="batch_same_file"),
            models.Index(
                fields=["created_at"],
                condition=~Q(status__in=[Status.DONE, Status.REFUSED]),
                name="batch_unfinished",
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status in (Status.DONE, Status.REFUSED)

    @property
    def asks(self) -> bool:
        """Whether it waits for its sender's answer, and still can be read when that comes."""
        return self.status == Status.REFUSED and bool(self.question) and bool(self.stored_as)


class HeadingQuerySet(models.QuerySet["RememberedHeading"]):
    def visible_to(self, actor: Actor) -> "HeadingQuerySet":
        """The organization's own; all to operators."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)


class RememberedHeading(models.Model):
    """Which column an organization's own heading is, in all its files of one kind; "" leaves the column out.

    `folded` is the heading as it is compared (`readers.headings.fold`), `heading` as it was written.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    folded = models.CharField(max_length=200)
    heading = models.CharField(max_length=100)
    column = models.CharField(max_length=40, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    objects: ClassVar[HeadingQuerySet] = HeadingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "folded"], name="heading_means_one_thing")
        ]


class Chunk(models.Model):
    """Rows of one batch that are processed in one transaction: in their organization's turn, or a `lane` of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        QUARANTINED = "quarantined", "Set aside"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="chunks")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    lane = models.PositiveSmallIntegerField(null=True)
    rows = models.PositiveIntegerField()
    status = models.CharField(max_length=11, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_once")]
        indexes = [models.Index(fields=["leased_until"], condition=Q(status="waiting"), name="chunk_waiting")]


class Row(models.Model):
    """What became of one row of the file. `target` is the id of what it landed in (a credit), where it landed."""

    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="row_outcomes", db_constraint=False, db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    target = models.BigIntegerField(null=True)


class Correction(models.Model):
    """A row that is a later version of a row to fix: it came back with that row's key, or was fixed on screen.

    Each version names the row as it was first sent, so that a version of a version is one of the same row.
    """

    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="corrections", db_constraint=False, db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    first_batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    first_number = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["first_batch", "first_number"], name="correction_of")]


class IssueQuerySet(models.QuerySet["Issue"]):
    def standing_in(self, batch: Batch) -> "IssueQuerySet":
        """A batch's, without what was to be fixed in rows that are in by now, and what was said of undone rows."""
        row = Row.objects.filter(batch=OuterRef("batch_id"), number=OuterRef("row"))
        to_fix = _in_a_row_to_fix()
        found = self.filter(~Q(level=Level.FIX) | to_fix, ~Q(code=FIXED_MEANWHILE) | ~to_fix, batch=batch)
        return found.exclude(Exists(row.filter(outcome=Outcome.UNDONE))) if batch.undone else found

    def to_fix(self) -> "IssueQuerySet":
        """Those of the standing ones that ask for a change."""
        return self.filter(_in_a_row_to_fix(), level=Level.FIX)


def _in_a_row_to_fix() -> Exists:
    failed = Row.objects.filter(batch=OuterRef("batch_id"), number=OuterRef("row"), outcome=Outcome.FAILED)
    return Exists(failed)


class Issue(models.Model):
    """One thing to know about one row. `column` is the column's key; the sentence comes from the kind's catalogue.

    `params` fill the sentence. A birthday never stands here with its year.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="issues", db_constraint=False, db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    level = models.CharField(max_length=4, choices=Level)
    params = models.JSONField(default=dict)

    objects: ClassVar[IssueQuerySet] = IssueQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(F("batch"), F("row"), name="issue_by_row")]
