"""Rows by form: the same check, the same SQL and the same outcome as the rows of a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.audit.actions import record

from .corrections import Returned, link
from .findings import write_found, write_outcomes
from .job import Job
from .kinds import Kind
from .models import Batch, Outcome, Source, Status
from .processing import finish
from .readers import Cell, Header, Row
from .turns import wait_turn


class FixedMeanwhile(DomainError):
    """The row to correct is in already: somebody else, or a file, was first."""

    def __init__(self) -> None:
        super().__init__("This row was fixed meanwhile. What you entered was not taken; it changed nothing.")


def enter(
    kind: Kind,
    cells: dict[str, str],
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    check_only: bool = False,
    options: dict[str, str] | None = None,
) -> Batch:
    """Check and land one row given as column key → text. Returns its finished batch; issues hang on that."""
    return enter_rows(
        kind, [cells], organization=organization, by=by, at=at, check_only=check_only, options=options
    )


def enter_rows(
    kind: Kind,
    rows: Sequence[dict[str, str]],
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    check_only: bool = False,
    options: dict[str, str] | None = None,
) -> Batch:
    """The same with several rows, few enough for one transaction; they are numbered from 1."""
    keys = tuple(dict.fromkeys(key for cells in rows for key in cells))
    header = Header(sheet=None, row=0, headings=keys, keys=keys)
    batch = Batch(kind=kind.name, organization=organization, check_only=check_only, options=options or {})
    cells_of_rows = [tuple(cells.get(key, "") for key in keys) for cells in rows]
    return _enter(batch, header, cells_of_rows, by=by, at=at)


def correct(
    earlier: Batch, number: int, header: Header, cells: Sequence[Cell], *, by: Actor, at: datetime
) -> Batch:
    """The same for a whole row under its file's own headings, as the later version of a row to fix of `earlier`.

    Raises FixedMeanwhile when that row is in by now.
    """
    batch = Batch(kind=earlier.kind, organization=earlier.organization, options=earlier.options)
    return _enter(batch, header, [tuple(cells)], by=by, at=at, corrects=(earlier, number))


def _enter(
    batch: Batch,
    header: Header,
    rows: Sequence[tuple[Cell, ...]],
    *,
    by: Actor,
    at: datetime,
    corrects: tuple[Batch, int] | None = None,
) -> Batch:
    batch.id, batch.source, batch.uploaded_by_id, batch.created_at = (uuid4(), Source.FORM, by.user_id, at)
    batch.status, batch.rows = (Status.STAGED, len(rows))
    batch.header = {
        "sheet": None,
        "row": 0,
        "headings": list(header.headings),
        "keys": list(header.keys),
    }
    job = Job.on(batch)
    check = job.kind.checker(batch, header, job.today)
    checked = [(number, check(Row(number, cells))) for number, cells in enumerate(rows, start=1)]
    with acting_as(job.actor):
        batch.save(force_insert=True)
        if corrects:
            earlier, corrected = corrects
            _hold(job, earlier, corrected)
            link(job, Returned(header, earlier.organization_id, rows={1: (earlier.pk, corrected)}))
        write_found(job, [found for _, one in checked for found in one.found])
        for number, one in checked:
            if one.values is None:
                write_outcomes(job, [number], one.outcome)
        if passed := [(number, *one.values) for number, one in checked if one.values is not None]:
            _land(job, passed, at)
        record("batch.entered", by=by, of=batch, at=at, organization_id=batch.organization_id)
        finish(job)
        batch.refresh_from_db()
        if corrects and not batch.failed:
            record("batch.row_fixed", by=by, of=earlier, at=at, row=corrected, entered_as=str(batch.pk))
    return batch


def _hold(job: Job, earlier: Batch, number: int) -> None:
    """Keep a row to fix from everyone else until the transaction ends. Raises FixedMeanwhile."""
    # The turn first: whoever settles other versions of this row has it too.
    wait_turn(job.batch.organization_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.outcome FROM batches_row r WHERE r.batch_id = %s AND r.number = %s FOR UPDATE",
            [earlier.pk, number],
        )
        if cursor.fetchone() != (Outcome.FAILED.value,):
            raise FixedMeanwhile


def _land(job: Job, rows: list[tuple[Any, ...]], at: datetime) -> None:
    staging = job.kind.staging
    columns = ", ".join(f'"{name}" {kind}' for name, kind in (("row", "integer"), *staging.columns))
    wait_turn(job.batch.organization_id)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP")
        places = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO staged VALUES ({places})", rows)
        job.kind.land(job.landing(at))
        cursor.execute("DROP TABLE staged")
