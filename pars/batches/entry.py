"""One row by form: the same check, the same SQL and the same outcome as a row of a file."""

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
from .models import Batch, Outcome, Source, Status
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
    header = Header(sheet=None, row=0, headings=tuple(cells), keys=tuple(cells))
    batch = Batch(
        id=uuid4(),
        organization=organization,
        kind=kind.name,
        source=Source.FORM,
        uploaded_by_id=by.user_id,
        check_only=check_only,
        options=options or {},
        header={"sheet": None, "row": 0, "headings": list(cells), "keys": list(cells)},
        status=Status.STAGED,
        rows=1,
        created_at=at,
    )
    job = Job.on(batch)
    checked = kind.checker(batch, header, job.today)(Row(1, tuple(cells.values())))
    with acting_as(job.actor):
        batch.save(force_insert=True)
        write_found(job, checked.found)
        if checked.values is None:
            write_outcomes(job, [1], Outcome.FAILED)
        else:
            _land(job, checked.values, at)
        record("batch.entered", by=by, of=batch, at=at, organization_id=organization.pk)
        finish(job)
    batch.refresh_from_db()
    return batch


def _land(job: Job, values: tuple[Any, ...], at: datetime) -> None:
    staging = job.kind.staging
    columns = ", ".join(f'"{name}" {kind}' for name, kind in (("row", "integer"), *staging.columns))
    wait_turn(job.batch.organization_id)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP")
        places = ", ".join(["%s"] * (1 + len(values)))
        cursor.execute(f"INSERT INTO staged VALUES ({places})", [1, *values])
        job.kind.land(job.landing(at))
        cursor.execute("DROP TABLE staged")
