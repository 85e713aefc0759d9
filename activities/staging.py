"""Where a batch's checked rows wait. A table of the worker's alone, without keys to any other."""

from django.db import models


class StagedActivity(models.Model):
    """What a checked row says of an activity (`batch.said`), on its way into the record.

    `places` has for each supporter and each board of the row the number behind the headings it stands under. Only the
    worker's role touches this table.
    """

    pk = models.CompositePrimaryKey("batch_id", "row")
    batch_id = models.UUIDField()
    chunk = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    action = models.TextField()
    activity_id = models.TextField()
    own_id = models.TextField()
    whole = models.BooleanField()
    said = models.JSONField()
    places = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["batch_id", "chunk"], name="staged_activity_by_chunk")]
