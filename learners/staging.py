"""Where a batch's checked rows wait. A table of the worker's alone, without keys to any other."""

from django.db import models


class StagedCredit(models.Model):
    """A checked row on its way to a credit. Only the worker's role touches this table; see `sql/`."""

    pk = models.CompositePrimaryKey("batch_id", "chunk", "row")
    batch_id = models.UUIDField()
    chunk = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    withdraw = models.BooleanField()
    fingerprint = models.BinaryField()
    first_name = models.TextField()
    last_name = models.TextField()
    first_key = models.TextField()
    last_key = models.TextField()
    state = models.TextField()
    board = models.TextField(db_default="")
    number = models.TextField()
    number_key = models.TextField()
    npi = models.TextField(null=True)
    npi_doubtful = models.BooleanField()
    birthday = models.BinaryField()
    activity_id = models.TextField()
    completed_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    consent = models.TextField()
    consented_on = models.DateField(null=True)
    points = models.JSONField(null=True)
    rems = models.JSONField(null=True)
