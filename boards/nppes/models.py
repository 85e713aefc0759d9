"""How far an NPPES file has come, and the licenses in it that no board of ours issues."""

from django.db import models

from learners.merging.holdings import Holding
from learners.models import Degree, Physician


class NppesImport(models.Model):
    """One file on its way in. `fingerprint` tells the file by size, beginning and end; `offset` is the next byte.

    Counts are of rows, but for `licenses` and what stands beside them.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    physicians = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    licenses = models.BigIntegerField(default=0)
    aside = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class LicenseAside(models.Model):
    """A license that NPPES tells of a state without a board for that degree here; it takes its place when one joins."""

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField()
    degree = models.CharField(max_length=2, choices=Degree, blank=True)
    number = models.CharField(max_length=40)
    number_key = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["physician", "state", "number_key"], name="license_aside_once")
        ]
        indexes = [models.Index(fields=["state", "degree"], name="license_aside_of_state")]


ASIDE = Holding(
    "boards_licenseaside",
    unless="EXISTS (SELECT FROM boards_licenseaside k WHERE k.physician_id = %(kept)s "
    "AND (k.state, k.number_key) = (t.state, t.number_key))",
)
