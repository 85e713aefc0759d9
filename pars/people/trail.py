"""The audit trail as people read it: whose act, in words, about how many physicians, chained or not."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone

from pars.access.actor import Actor
from pars.access.models import User
from pars.audit.models import Event, EventQuerySet, Seal, Subject


def events(
    actor: Actor, *, organization: str = "", since: date | None = None, until: date | None = None
) -> EventQuerySet:
    """Events the actor may see, of one organization (by its code) and between two days, both included."""
    found = Event.objects.visible_to(actor)
    if organization:
        found = found.filter(organization__code__iexact=organization)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def described(found: EventQuerySet) -> "QuerySet[Event]":
    """Each event with `who` (a person's name, else the job's), `subject_count` and `sealed`."""
    names = User.objects.filter(pk=OuterRef("user_id")).values("name")
    subjects = (
        Subject.objects.filter(event=OuterRef("pk"))
        .order_by()
        .values("event")
        .annotate(count=Count("physician_id"))
        .values("count")
    )
    return found.select_related("organization").annotate(
        who=Coalesce(Subquery(names), "system"),
        subject_count=Coalesce(Subquery(subjects), 0),
        sealed=Exists(Seal.objects.filter(event=OuterRef("pk"))),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_current_timezone())
