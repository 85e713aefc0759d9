"""Mail on its way: written in the transaction of the act it tells of, sent by whoever holds its lease.

A message holds ids and counts. What it says is composed when it is sent, so that nothing stale goes out.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from pars.access.actor import Actor
from pars.access.models import Organization, User


class State(models.TextChoices):
    """`UNKNOWN`: handed to the mail server, whose answer never came. It is not sent again: it may have gone out."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    LAPSED = "lapsed", "Not needed any more"
    GIVEN_UP = "given_up", "Given up"
    UNKNOWN = "unknown", "May have been sent"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        """All to operators, an organization's own to its people."""
        return self if actor.kind == "operator" else self.filter(organization_id=actor.tenant)

    def undelivered(self) -> "MessageQuerySet":
        """What a person should know of: nobody can say that it arrived, and nobody tries any more."""
        return self.filter(state__in=[State.GIVEN_UP, State.UNKNOWN])


class Message(models.Model):
    """One mail to one person for one organization. (user, organization, kind, key) goes out once at most.

    `key` says what it is about and of which period (`2026-W48`). `context` holds ids and counts only. `handed_at` is
    set just before the mail server gets it, `error` is the class of the last failure.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "key", "user"], name="message_once"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, finished_at=None)
                | (~Q(state=State.WAITING) & Q(finished_at__isnull=False)),
                name="message_waits_or_is_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.WAITING), name="message_waiting"),
            models.Index(
                fields=["-created_at"],
                condition=Q(state__in=[State.GIVEN_UP, State.UNKNOWN]),
                name="message_undelivered",
            ),
            models.Index(
                fields=["finished_at"], condition=Q(finished_at__isnull=False), name="message_finished"
            ),
        ]


class Mute(models.Model):
    """A person wants no mail of one kind from one organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "kind"], name="mute_once"),
        ]
