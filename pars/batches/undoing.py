"""Undoing a batch: a batch of its own that takes back, row by row, what the other one did (docs/adr/0027).

It is worked through in chunks under the engine's claims like any batch, so it survives a kill and is done once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F
from django.utils.timezone import localtime

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.audit.actions import record

from .counts import recount
from .findings import write_found
from .job import Job
from .kinds import Found, Stretch, Undo, kind_named, known_kinds
from .models import FIXED_MEANWHILE, IN_LANDED, LANDED, Batch, Chunk, Outcome, Row, Source, Status
from .sentences import NOT_UNDONE
from .turns import wait_turn

WITHIN = timedelta(days=30)  # of its landing
ROWS_A_CHUNK = 10_000  # a chunk takes the rows of so many numbers in a row
_TOUCHED = (*LANDED, Outcome.FAILED, Outcome.FIXED)

_SAY = """
WITH said AS (
    INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
    SELECT %(undo)s, %(organization)s, u.row, u.outcome, u.target FROM undoable u ORDER BY u.row
), kept AS (
    INSERT INTO batches_issue (id, batch_id, organization_id, row, "column", value, code, level, params)
    SELECT gen_random_uuid(), %(undo)s, %(organization)s, u.row, '', '', u.code, 'note', '{}'::jsonb
    FROM undoable u WHERE u.code IS NOT NULL
)
UPDATE batches_row r SET outcome = 'undone'
FROM undoable u WHERE r.batch_id = %(batch)s AND r.number = u.row AND u.code IS NULL
"""
_LEAVE = """
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %(undo)s, %(organization)s, r.number, 'failed', r.target
FROM batches_row r
WHERE r.batch_id = %(batch)s AND r.number >= %(first)s AND r.number < %(end)s AND r.outcome = ANY (%(landed)s)
RETURNING number
"""
_MEANWHILE = f"""
EXISTS (
    SELECT FROM batches_issue i
    WHERE i.batch_id = {{0}}.batch_id AND i.row = {{0}}.number AND i.code = '{FIXED_MEANWHILE}'
)
"""
# The rows of earlier batches that nothing brings in any more once {rows} of this one are taken back.
_TURNING_BACK = f"""
SELECT DISTINCT c.first_batch_id, c.first_number
FROM batches_correction c
WHERE c.batch_id = %(batch)s AND c.number IN ({{rows}})
    AND NOT EXISTS (
        SELECT FROM batches_correction o
        JOIN batches_row v ON v.batch_id = o.batch_id AND v.number = o.number
            AND v.outcome {IN_LANDED}
        JOIN batches_batch b ON b.id = o.batch_id AND NOT b.check_only
        WHERE o.first_batch_id = c.first_batch_id AND o.first_number = c.first_number AND o.batch_id <> c.batch_id
            AND NOT {_MEANWHILE.format("v")}
    )
"""
_COUNT_TURNING_BACK = f"""
SELECT count(*)
FROM ({_TURNING_BACK.format(rows="SELECT u.row FROM undoable u WHERE u.code IS NULL")}) t
JOIN batches_row f ON f.batch_id = t.first_batch_id AND f.number = t.first_number AND f.outcome = 'fixed'
"""
_TAKEN_BACK = "SELECT r.number FROM batches_row r WHERE r.batch_id = %(batch)s AND r.outcome = 'undone'"
# A version that came back unchanged only because the row was fixed elsewhere is to fix again, too.
_TURN_BACK = f"""
WITH back AS (
    {_TURNING_BACK.format(rows=_TAKEN_BACK)}
), versions AS (
    SELECT k.first_batch_id AS batch_id, k.first_number AS number FROM back k
    UNION ALL
    SELECT c.batch_id, c.number
    FROM back k
    JOIN batches_correction c ON c.first_batch_id = k.first_batch_id AND c.first_number = k.first_number
    WHERE c.batch_id <> %(batch)s
)
UPDATE batches_row r SET target = NULL, outcome =
    CASE WHEN EXISTS (SELECT FROM batches_batch u WHERE u.undoes_id = r.batch_id) THEN 'undone' ELSE 'failed' END
FROM versions v
WHERE r.batch_id = v.batch_id AND r.number = v.number
    AND (r.outcome = 'fixed' OR r.outcome = 'unchanged' AND {_MEANWHILE.format("r")})
RETURNING r.batch_id
"""


class NotUndone(DomainError):
    """The batch cannot be undone, or not any more; the sentence says why."""


def why_not(batch: Batch, at: datetime) -> str:
    """Why a batch cannot be undone now, in a sentence; "" where it can."""
    if kind_named(batch.kind).undo is None:
        titles = " and ".join(
            f"“{kind_named(name).title}”" for name in known_kinds() if kind_named(name).undo
        )
        return f"Only uploads of {titles} can be undone. To change what this one did, send a corrected file."
    if Batch.objects.filter(undoes=batch).exists():
        return "This upload was undone already."
    if not batch.is_finished or batch.finished_at is None:
        return "This upload is still being worked on. It can be undone once it is done."
    return _nothing_to_undo(batch) or _too_late(batch.finished_at, at)


def _nothing_to_undo(batch: Batch) -> str:
    if batch.status == Status.REFUSED:
        return "This file was refused and nothing of it was taken, so there is nothing to undo."
    if batch.check_only:
        return "This file was only checked and changed nothing, so there is nothing to undo."
    if not any(getattr(batch, outcome.value) for outcome in LANDED):
        return "No row of this upload is in, so there is nothing to undo."
    return ""


def _too_late(landed_at: datetime, at: datetime) -> str:
    if at <= landed_at + WITHIN:
        return ""
    day = localtime(landed_at)
    return (
        f"This upload landed on {day:%b} {day.day}, {day.year}. An upload can be undone within {WITHIN.days} days; "
        "after that, what it added is withdrawn one by one, or by a file of Delete rows."
    )


@transaction.atomic
def undo(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Begin to take back what a batch did; the batch that does it, for the engine to run. Raises NotUndone."""
    if refusal := why_not(batch, at):
        raise NotUndone(refusal)
    touched = Row.objects.filter(batch=batch, outcome__in=_TOUCHED)
    counted = touched.values_list(F("number") / ROWS_A_CHUNK).annotate(Count("number")).order_by()
    chunks: dict[int, int] = dict(counted)
    work = Batch(
        organization_id=batch.organization_id,
        kind=batch.kind,
        source=Source.FORM,
        uploaded_by_id=by.user_id,
        file_name=batch.file_name,
        undoes=batch,
        status=Status.STAGED,
        rows=sum(chunks.values()),
        created_at=at,
    )
    try:
        with transaction.atomic():
            work.save(force_insert=True)
    except IntegrityError as error:  # somebody else was first
        raise NotUndone("This upload was undone already.") from error
    Chunk.objects.bulk_create(
        Chunk(batch=work, organization_id=work.organization_id, number=number, rows=rows)
        for number, rows in chunks.items()
    )
    record("batch.undo_begun", by=by, of=batch, at=at, organization_id=batch.organization_id, rows=work.rows)
    return work


def whole(batch: Batch, at: datetime) -> Stretch:
    """All rows of a batch, to look at."""
    return Stretch(batch.pk, batch.organization_id, batch.created_at, first=0, end=2**31 - 1, at=at)


def turning_back(stretch: Stretch) -> int:
    """How many rows of earlier batches are to fix again once what `undoable` says is done."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_TURNING_BACK, {"batch": stretch.batch_id})
        return int(cursor.fetchone()[0])


def take_back(job: Job, chunk: int, at: datetime) -> None:
    """Undo one chunk's rows and say what became of each, in the caller's transaction and the organization's turn."""
    stretch, how = _stretch(job, chunk, at)
    how.judge(stretch)
    how.take_back(stretch)
    with connection.cursor() as cursor:
        cursor.execute(_SAY, _said(job, stretch))
        cursor.execute("DROP TABLE undoable")


def leave(job: Job, chunk: int) -> None:
    """Name the rows of a chunk that could not be undone; they stay as they are."""
    stretch, _ = _stretch(job, chunk, job.batch.created_at)
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, _said(job, stretch) | {"landed": [outcome.value for outcome in LANDED]})
        left = sorted(number for (number,) in cursor.fetchall())
    write_found(job, (Found(number, "", "", NOT_UNDONE) for number in left))


def finish(job: Job, at: datetime) -> None:
    """Turn the rows that the undone batch had fixed back to be fixed, and count anew what all this touched."""
    # Whoever settles other versions of these rows has the turn too.
    wait_turn(job.batch.organization_id)
    batch = Batch.objects.get(undo=job.batch)
    with connection.cursor() as cursor:
        cursor.execute(_TURN_BACK, {"batch": batch.pk})
        turned = [batch_id for (batch_id,) in cursor.fetchall()]
    recount({batch.pk, *turned})
    batch.refresh_from_db()
    record("batch.undone", by=job.actor, of=batch, at=at, rows=batch.undone, to_fix_again=len(turned))


def _stretch(job: Job, chunk: int, at: datetime) -> tuple[Stretch, Undo]:
    batch = Batch.objects.get(undo=job.batch)
    first = chunk * ROWS_A_CHUNK
    stretch = Stretch(
        batch.pk, batch.organization_id, batch.created_at, first=first, end=first + ROWS_A_CHUNK, at=at
    )
    assert job.kind.undo is not None  # or there would be no such batch
    return stretch, job.kind.undo


def _said(job: Job, stretch: Stretch) -> dict[str, Any]:
    return stretch.params() | {"undo": job.batch.pk}
