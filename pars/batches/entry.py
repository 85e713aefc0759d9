"""Rows by form: the same check, the same SQL and the same outcome as the rows of a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.audit.actions import record

from .findings import write_found, write_outcomes
from .job import Job
from .kinds import Kind
from .models import Batch, Source, Status
from .processing import finish
from .readers import Header, Row
from .turns import wait_turn


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
    batch = Batch(
        id=uuid4(),
        organization=organization,
        kind=kind.name,
        source=Source.FORM,
        uploaded_by_id=by.user_id,
        check_only=check_only,
        options=options or {},
        header={"sheet": None, "row": 0, "headings": list(keys), "keys": list(keys)},
        status=Status.STAGED,
        rows=len(rows),
        created_at=at,
    )
    job = Job.on(batch)
    check = kind.checker(batch, header, job.today)
    checked = [
        (number, check(Row(number, tuple(cells.get(key, "") for key in keys))))
        for number, cells in enumerate(rows, start=1)
    ]
    with acting_as(job.actor):
        batch.save(force_insert=True)
        write_found(job, [found for _, one in checked for found in one.found])
        for number, one in checked:
            if one.values is None:
                write_outcomes(job, [number], one.outcome)
        if passed := [(number, *one.values) for number, one in checked if one.values is not None]:
            _land(job, passed, at)
        record("batch.entered", by=by, of=batch, at=at, organization_id=organization.pk)
        finish(job)
    batch.refresh_from_db()
    return batch


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
