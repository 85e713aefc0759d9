"""A batch at work: what each step of the engine needs to know of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.scope import acting_as

from .kinds import Kind, Landing, kind_named
from .models import Batch

SYSTEM = Actor.system_job("batches")


@dataclass(frozen=True)
class Job:
    """A batch, its kind, and its organization's matcher as whom every step works."""

    batch: Batch
    kind: Kind
    actor: Actor
    zone: ZoneInfo
    today: date

    @classmethod
    def of(cls, batch_id: UUID) -> "Job":
        """Reads the batch as the system; Batch.DoesNotExist where there is none."""
        with acting_as(SYSTEM):
            batch = Batch.objects.select_related("organization").get(pk=batch_id)
        return cls.on(batch)

    @classmethod
    def on(cls, batch: Batch) -> "Job":
        zone = ZoneInfo(batch.organization.time_zone)
        return cls(
            batch=batch,
            kind=kind_named(batch.kind),
            actor=Actor.matcher(batch.organization_id, user_id=batch.uploaded_by_id),
            zone=zone,
            today=now().astimezone(zone).date(),
        )

    def landing(self, at: datetime) -> Landing:
        handed_in = self.batch.created_at
        return Landing(
            batch_id=self.batch.pk,
            organization_id=self.batch.organization_id,
            at=at,
            reported_at=handed_in,
            reported_on=handed_in.astimezone(self.zone).date(),
            land=not self.batch.check_only,
            options=self.batch.options,
        )
