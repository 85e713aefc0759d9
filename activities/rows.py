"""Writing the rows of many activities at once, each table with one statement."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from .models import Activity, BoardRegistration, CreditOffered, Figures, Support
from .record import Record
from .stored import (
    COLUMNS,
    IN_FIGURES,
    figures_row,
    offered_rows,
    registration_rows,
    support_rows,
)

Row = TypeVar("Row", bound=Model)
Written = tuple[Activity, Record, Record]
"""An activity, what its record says now, and what it said before."""


def next_numbers(count: int) -> list[str]:
    """The next activity IDs, nine digits each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('activities_activity_number')::text FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def overwrite(rows: Sequence[Activity]) -> None:
    """Write the columns of activities that are there.

    As inserts that meet their own key: one statement for all rows, where UPDATE would take a CASE for each value.
    """
    if rows:
        Activity.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=[*COLUMNS, "updated_at"]
        )


def write_apart(written: Sequence[Written]) -> None:
    """Write what hangs on activities, where it differs from before."""
    _replace(BoardRegistration, registration_rows, _where("registrations", written))
    _replace(CreditOffered, offered_rows, _where("other_credits", written))
    _replace(Support, support_rows, _where("support", written))
    figures = [
        figures_row(activity, record)
        for activity, record, before in written
        if any(getattr(record, name) != getattr(before, name) for name in IN_FIGURES)
    ]
    if figures:
        Figures.objects.bulk_create(
            figures, update_conflicts=True, unique_fields=["activity"], update_fields=[*IN_FIGURES]
        )


def _where(field: str, written: Sequence[Written]) -> list[tuple[Activity, Record]]:
    return [
        (activity, record)
        for activity, record, before in written
        if getattr(record, field) != getattr(before, field)
    ]


def _replace(
    model: type[Row],
    rows_of: Callable[[Activity, Record], Iterable[Row]],
    changed: Sequence[tuple[Activity, Record]],
) -> None:
    if changed:
        table = model._default_manager
        table.filter(activity__in=[activity.pk for activity, _ in changed]).delete()
        table.bulk_create([row for activity, record in changed for row in rows_of(activity, record)])
