"""What a provider does with an activity: enter it, change it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.audit.actions import record

from .missing import missing
from .models import Activity


class OwnIdTaken(DomainError):
    """Another activity of the provider has this ID of the provider's own."""

    field = "provider_activity_id"

    def __init__(self) -> None:
        super().__init__(
            "Another of your activities has this ID. Enter a different one, or open that activity instead."
        )


class FormatIsFixed(DomainError):
    """The activity has credits, and the new format would count them in another way (design section 4)."""

    field = "format"

    def __init__(self) -> None:
        super().__init__(
            "Credits are reported for this activity, and the new format would count them differently: once "
            "for the whole activity instead of each time, or the other way round. Enter a new activity."
        )


class BackToDraft(DomainError):
    """An activity that was complete would lose something that Active asks for."""

    def __init__(self, missing_field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = missing_field


class ActivityIsClosed(DomainError):
    """Closing froze the activity."""

    def __init__(self) -> None:
        super().__init__("This activity is closed, so its details can no longer be changed.")


_REFUSALS: dict[str, type[DomainError]] = {
    "provider_activity_id_once": OwnIdTaken,
    "activity_keeps_its_group": FormatIsFixed,
}


@dataclass(frozen=True)
class Fields:
    """What a provider says of an activity.

    `credits` are AMA PRA Category 1 Credits in steps of 0.25; None: not yet known.
    """

    title: str
    format: str
    start_on: date
    end_on: date
    delivery: list[str] = field(default_factory=list)
    city: str = ""
    state: str = ""
    country: str = ""
    credits: Decimal | None = None
    provider_activity_id: str = ""
    description: str = ""
    listed: bool = False
    tags: list[str] = field(default_factory=list)


def enter(*, fields: Fields, by: Actor, at: datetime) -> Activity:
    """A new activity of the actor's organization, under the next activity ID. Raises OwnIdTaken."""
    assert by.organization_id is not None  # only an organization's people may report
    with transaction.atomic(), _refusals():
        activity = Activity(organization_id=by.organization_id, activity_id=_next_number(), **asdict(fields))
        activity.save(force_insert=True)
        activity.refresh_from_db()
        record("activity.entered", by=by, of=activity, at=at)
    return activity


def change(*, activity: Activity, fields: Fields, by: Actor, at: datetime) -> Activity:
    """The activity with these fields, as it then stands. Nothing is recorded where nothing changes.

    Raises OwnIdTaken, FormatIsFixed, BackToDraft, ActivityIsClosed.
    """
    with transaction.atomic(), _refusals():
        current = Activity.objects.select_for_update().get(pk=activity.pk)
        if current.closed_at:
            raise ActivityIsClosed
        todo = missing(fields)
        if current.is_complete and todo:
            raise BackToDraft(*next(iter(todo.items())))
        changed = [name for name, value in asdict(fields).items() if getattr(current, name) != value]
        if not changed:
            return current
        for name in changed:
            setattr(current, name, getattr(fields, name))
        current.save(update_fields=[*changed, "updated_at"])
        current.refresh_from_db()
        record("activity.changed", by=by, of=current, at=at, fields=" ".join(changed))
    return current


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('activities_activity_number')")
        return str(cursor.fetchone()[0])


@contextmanager
def _refusals() -> Iterator[None]:
    """A row's own rule, refused by the database, as the sentence for it. Anything else rises."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        refusal = _REFUSALS.get(getattr(diagnosis, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal from error
