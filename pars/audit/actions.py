"""Writing events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from pars.access.actor import Actor

from .models import Event, Subject


def record(
    verb: str,
    *,
    by: Actor,
    of: Any = None,
    at: datetime | None = None,
    subjects: Iterable[int] = (),
    organization_id: int | None = None,
    **detail: int | str | bool | list[int] | None,
) -> UUID:
    """Write one event in the caller's transaction and return its id.

    `of` is the model instance acted on, `subjects` the ids of physicians it is about, `detail` ids and counts: never a
    name, a number or a birthday. `organization_id` says whose chain it joins where that is not the actor's own.
    """
    event = Event(
        at=at or now(),
        organization_id=organization_id or by.organization_id,
        actor_kind=by.kind,
        user_id=by.user_id,
        system=by.system,
        verb=verb,
        object_kind=of._meta.label_lower if of is not None else "",
        object_id=str(of.pk) if of is not None else "",
        detail=detail,
    )
    event.save(force_insert=True)
    Subject.objects.bulk_create(Subject(event=event, physician_id=physician_id) for physician_id in subjects)
    return event.id
