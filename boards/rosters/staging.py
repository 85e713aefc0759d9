"""Where a roster's checked rows wait. A table of the worker's alone, without keys to any other."""

from django.db import models

from pars.batches.kinds import Staging


class StagedLicense(models.Model):
    """A checked row on its way to a license. Only the worker's role touches this table; see `sql/`."""

    pk = models.CompositePrimaryKey("batch_id", "row")
    batch_id = models.UUIDField()
    chunk = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    number = models.TextField()
    number_key = models.TextField()
    degree = models.TextField()
    first_name = models.TextField()
    middle_name = models.TextField()
    last_name = models.TextField()
    suffix = models.TextField()
    first_key = models.TextField()
    last_key = models.TextField()
    birthday = models.BinaryField(null=True)
    npi = models.TextField(null=True)
    status = models.TextField(null=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    corrects = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["batch_id", "chunk"], name="staged_license_by_chunk")]


STAGING = Staging(
    table="boards_stagedlicense",
    columns=(
        ("number", "text"),
        ("number_key", "text"),
        ("degree", "text"),
        ("first_name", "text"),
        ("middle_name", "text"),
        ("last_name", "text"),
        ("suffix", "text"),
        ("first_key", "text"),
        ("last_key", "text"),
        ("birthday", "bytea"),
        ("npi", "text"),
        ("status", "text"),
        ("issued_on", "date"),
        ("expires_on", "date"),
        ("corrects", "boolean"),
    ),
)
