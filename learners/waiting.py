"""The parking lot: people whom the registry did not know when they were reported, looked at again when it may.

Their credit keeps the day it was first reported. The provider is told once, on its dashboard (`Arrival`).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from activities.models import Activity
from pars.access.actor import Actor
from pars.audit.actions import record
from pars.batches.models import Issue, Outcome, Row, Source

from .batch import LEARNERS
from .landing import look_again, statement
from .models import Arrival, Credit, Learner, License


def organizations_that_wait() -> list[int]:
    """Every provider with somebody who waits for a roster, a license or a claim. The caller sees all of them."""
    waiting = Learner.objects.waiting().values_list("organization_id", flat=True).distinct()
    return list(waiting.order_by("organization_id"))


def organizations_that_wait_for(physician_ids: Sequence[int]) -> list[int]:
    """The providers among them whose waiting people these physicians may be."""
    with connection.cursor() as cursor:
        cursor.execute(statement("organizations"), {"physicians": list(physician_ids)})
        return [row[0] for row in cursor.fetchall()]


def physicians_of_batch(batch_id: UUID) -> list[int]:
    """Whose licenses a roster brought, changed or named."""
    named = Row.objects.filter(batch_id=batch_id, target__isnull=False).values("target")
    return list(License.objects.filter(pk__in=named).values_list("physician_id", flat=True).distinct())


def match_again(*, organization_id: int, by: Actor, at: datetime) -> Arrival | None:
    """Match everyone of one provider's who waits; what its dashboard will say of it, where anybody was found.

    The caller acts as `by`, the organization's matcher, and has its turn.
    """
    found = look_again(organization_id=organization_id, at=at)
    if not found.learners:
        return None
    record("learner.matched_later", by=by, at=at, learners=found.learners, credits=found.credits)
    if not found.credits:
        return None
    return Arrival.objects.create(
        organization_id=organization_id, learners=found.learners, credits=found.credits, found_at=at
    )


@transaction.atomic
def mark_read(*, by: Actor, at: datetime) -> int:
    """The provider has taken note of what was found so far; how many notices that were."""
    read = Arrival.objects.visible_to(by).unread().update(read_at=at)
    if read:
        record("arrival.read", by=by, at=at, arrivals=read)
    return read


def unread(actor: Actor) -> tuple[int, datetime | None]:
    """(credits found that nobody at the provider has taken note of, since when)."""
    said = Arrival.objects.visible_to(actor).unread().aggregate(credits=Sum("credits"), since=Min("found_at"))
    return said["credits"] or 0, said["since"]


def waiting_credits(actor: Actor) -> "QuerySet[Credit]":
    """The credits that wait, each with its learner and activity."""
    ours = Credit.objects.visible_to(actor).standing().filter(physician=None)
    return ours.select_related("learner", "activity", "organization")


def by_activity(actor: Actor) -> "QuerySet[Activity]":
    """Activities with waiting credit, each with `waiting` and `since`, the first reported first."""
    waits = Q(reported__physician=None, reported__withdrawn_at=None)
    return (
        Activity.objects.visible_to(actor)
        .annotate(
            waiting=Count("reported", filter=waits), since=Min("reported__first_reported_at", filter=waits)
        )
        .filter(waiting__gt=0)
        .order_by("since", "pk")
    )


def disagreeing(actor: Actor, *, since: datetime) -> "QuerySet[Issue]":
    """Rows of uploads since then that are still nowhere because details disagree or fit several, the oldest first."""
    to_fix = Row.objects.filter(batch=OuterRef("batch"), number=OuterRef("row"), outcome=Outcome.FAILED)
    return (
        Issue.objects.filter(
            Exists(to_fix),
            organization_id=actor.tenant,
            code__in=("identity", "several"),
            batch__kind=LEARNERS.name,
            batch__check_only=False,
            batch__created_at__gte=since,
        )
        .exclude(batch__source=Source.FORM)
        .select_related("batch")
        .order_by("batch__created_at", "batch", "row")
    )


def parked(actor: Actor) -> tuple[int, datetime | None]:
    """(credits that wait, when the one that has waited longest was reported)."""
    waiting = Credit.objects.visible_to(actor).standing().filter(physician=None)
    said = waiting.aggregate(credits=Count("pk"), oldest=Min("first_reported_at"))
    return said["credits"], said["oldest"]
