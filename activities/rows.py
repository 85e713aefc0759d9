"""Writing the rows of many activities at once, each table with one statement."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, Field, Model

from .models import Activity, BoardRegistration, CreditOffered, Support
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


def enter(rows: Sequence[Activity]) -> None:
    """Insert new activities in the order given; one whose own ID another transaction entered is left out."""
    _insert(rows, "ON CONFLICT DO NOTHING")


def overwrite(rows: Sequence[Activity]) -> None:
    """Write the columns of activities that are there, by primary key."""
    names = [*COLUMNS, "updated_at"]
    settings = ", ".join(f"{_quoted(name)} = r.{_quoted(name)}" for name in names)
    _send(
        f"UPDATE activities_activity a SET {settings} "
        "FROM jsonb_populate_recordset(NULL::activities_activity, %s::jsonb) r WHERE a.id = r.id",
        rows,
        ["id", *names],
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
    changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in IN_FIGURES)
    _insert(figures, f"ON CONFLICT (activity_id) DO UPDATE SET {changes}")


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
        keys = [activity.pk for activity, _ in changed]
        model._default_manager.filter(activity__in=keys).delete()
        _insert([row for activity, record in changed for row in rows_of(activity, record)])


def _insert(rows: Sequence[Model], on_conflict: str = "") -> None:
    if not rows:
        return
    table = rows[0]._meta.db_table
    names = [str(field.column) for field in rows[0]._meta.concrete_fields if not _by_the_database(field)]
    columns = ", ".join(map(_quoted, names))
    _send(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) "
        + on_conflict,
        rows,
        names,
    )


def _by_the_database(field: "Field[Any, Any]") -> bool:
    return field.generated or isinstance(field, AutoField)


def _send(statement: str, rows: Sequence[Model], names: Sequence[str]) -> None:
    """Run a statement over all rows as one JSON value: a parameter for each would take longer than the writing."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if field.column in set(names)]
    values = [{field.column: field.pre_save(row, add=True) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        # Days, moments and decimals go as the text that PostgreSQL reads them from.
        cursor.execute(statement, [json.dumps(values, default=str)])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
