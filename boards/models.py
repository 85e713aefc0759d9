"""What a state board is beyond an organization."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from learners.models import Degree
from pars.access.models import Organization

from .nppes.models import LicenseAside, NppesImport  # noqa: F401 (Django looks for an app's tables here)
from .rosters.staging import StagedLicense  # noqa: F401 (Django looks for an app's tables here)


class BoardQuerySet(models.QuerySet["Board"]):
    def participating(self, on: date) -> "BoardQuerySet":
        """Boards that take part on a day, by state and name."""
        return (
            self.filter(participates_since__lte=on)
            .select_related("organization")
            .order_by("state", "organization__name")
        )


class Board(models.Model):
    """The board's profile: its state, whom it licenses, and since when it takes part in the collaboration."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="board"
    )
    state = models.TextField()
    licenses_md = models.BooleanField(default=False)
    licenses_do = models.BooleanField(default=False)
    participates_since = models.DateField(null=True)
    recognises_for_renewal = models.BooleanField(default=False)
    website = models.URLField(blank=True)

    objects: ClassVar[BoardQuerySet] = BoardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(licenses_md=True) | Q(licenses_do=True), name="board_licenses_someone"
            )
        ]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def degrees(self) -> tuple[Degree, ...]:
        """Whom the board licenses: MDs, DOs or both."""
        licensed = ((Degree.MD, self.licenses_md), (Degree.DO, self.licenses_do))
        return tuple(degree for degree, does in licensed if does)
