"""Who did, or saw, what: insert-only events, and the chain that makes a removed or altered one show.

Events are written by `record` in the transaction of the act. A database trigger notes each in `Unsealed`; the sealer
moves them into `Seal`, where every row carries the digest of the one before it (design section 6).
"""

import uuid
from typing import ClassVar

from django.db import models

from pars.access.actor import Actor
from pars.access.models import Organization


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, actor: Actor) -> "EventQuerySet":
        """Everything to operators, its own organization's to everyone else."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-id")


class Event(models.Model):
    """One act. `object_kind` and `object_id` name the row acted on; `detail` holds ids and counts only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=10)
    user_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-at"], name="event_by_organization"),
            models.Index(fields=["object_kind", "object_id"], name="event_by_object"),
            models.Index(fields=["-at"], name="event_by_time"),
        ]


class Subject(models.Model):
    """A physician an event is about, so that «who saw me» has an answer."""

    pk = models.CompositePrimaryKey("event_id", "physician_id")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="subjects")
    physician_id = models.BigIntegerField(db_index=True)


class Unsealed(models.Model):
    """An event the sealer has not reached yet. Filled by a trigger on Event."""

    event_id = models.UUIDField(primary_key=True)


class Seal(models.Model):
    """One link of an organization's chain (`chain` 0: events of no organization)."""

    pk = models.CompositePrimaryKey("chain", "number")
    chain = models.BigIntegerField()
    number = models.BigIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
