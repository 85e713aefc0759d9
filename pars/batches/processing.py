"""staged → processing → done: one chunk after another, each in one transaction (design section 5, step 5)."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.utils.timezone import now

from pars.access.scope import acting_as
from pars.audit.actions import record

from . import undoing
from .corrections import settle
from .counts import recount
from .findings import write_found, write_outcomes
from .job import Job
from .kinds import Found, Kind
from .mail import tell
from .models import Batch, Chunk, Outcome, Status
from .turns import try_turn

log = logging.getLogger(__name__)

TRIES = 3  # that end in an error
LIVES = 60  # tries from which the worker did not come back; one takes a second, so so many are no chance
LEASE = "5 seconds"  # from the claim until the row is locked; the lock then holds as long as its worker lives
SET_ASIDE = "set_aside"
_NO_LANE = -1

_CLAIM = """
UPDATE batches_chunk SET attempts = attempts + 1, leased_until = now() + %s::interval
WHERE id = (
    SELECT c.id FROM batches_chunk c
    WHERE c.batch_id = %s AND c.status = 'waiting' AND (c.leased_until IS NULL OR c.leased_until < now())
    ORDER BY c.attempts, c.lane IS NOT DISTINCT FROM %s, c.number LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, number, lane, rows, attempts
"""
_LOCK = "SELECT 1 FROM batches_chunk WHERE id = %s AND status = 'waiting' AND attempts = %s FOR UPDATE SKIP LOCKED"
# Whoever gets the row closes the batch; the answer says whether it brings rows of an earlier one back.
_COMPLETE = """
SELECT EXISTS (SELECT FROM batches_correction c WHERE c.batch_id = b.id)
FROM batches_batch b
WHERE b.id = %s AND b.status IN ('staged', 'processing')
    AND NOT EXISTS (SELECT FROM batches_chunk c WHERE c.batch_id = b.id AND c.status = 'waiting')
FOR UPDATE OF b
"""


@dataclass(frozen=True)
class Claim:
    """A chunk this process may work on until its lease runs out; `attempt` fences off an older holder."""

    chunk_id: int
    number: int
    lane: int | None
    rows: int
    attempt: int


class NotOurTurn(Exception):
    """Another chunk of the same organization, and lane, is being processed."""


def by_oneself() -> None:
    """Call nobody."""


def process(batch_id: UUID, *, at_most: int | None = None, call: Callable[[], None] = by_oneself) -> int:
    """Process whatever chunks of a staged batch can be claimed now, then finish it if none is left; how many were.

    `call` is called once, where a second worker would find a lane of its own. Raises OperationalError or InterfaceError
    where the database went away: no chunk's fault, and none is charged.
    """
    job = Job.of(batch_id)
    if job.batch.status not in (Status.STAGED, Status.PROCESSING):
        return 0
    errors: Counter[int] = Counter()
    worked, called = 0, False
    busy, missed = _NO_LANE, False
    while worked != at_most and (claim := _claim(job, busy)):
        if claim.lane is not None and not called:
            call()
            called = True
        try:
            _work(job, claim, hopeless=errors[claim.chunk_id] >= TRIES or claim.attempt > LIVES)
            worked += 1
            missed = False
        except NotOurTurn:
            _hand_back(job, claim)
            if claim.lane is None or missed:
                return worked
            busy, missed = claim.lane, True
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the chunk is tried again, then set aside)
            # Class only: a database error quotes values, and values are people.
            log.error(
                "batch %s chunk %s attempt %s: %s",
                batch_id,
                claim.number,
                claim.attempt,
                type(error).__name__,
            )
            errors[claim.chunk_id] += 1
            _hand_back(job, claim, failed=True)
    finish(job)
    return worked


def _claim(job: Job, busy: int = _NO_LANE) -> Claim | None:
    """The next chunk, of another lane than the `busy` one where there is any."""
    with acting_as(job.actor), connection.cursor() as cursor:
        Batch.objects.filter(pk=job.batch.pk, status=Status.STAGED).update(status=Status.PROCESSING)
        cursor.execute(_CLAIM, [LEASE, job.batch.pk, busy])
        claimed = cursor.fetchone()
    return Claim(*claimed) if claimed else None


def _work(job: Job, claim: Claim, *, hopeless: bool) -> None:
    at = now()
    with acting_as(job.actor), connection.cursor() as cursor:
        cursor.execute(_LOCK, [claim.chunk_id, claim.attempt])
        if not cursor.fetchone():
            return
        if hopeless:
            _set_aside(job, claim)
            return
        if not try_turn(job.batch.organization_id, claim.lane):
            raise NotOurTurn
        if job.batch.undoes_id:
            undoing.take_back(job, claim.number, at)
        else:
            _land(job, claim.number, at)
        Chunk.objects.filter(pk=claim.chunk_id).update(status=Chunk.Status.DONE, leased_until=None)
        record("batch.chunk", by=job.actor, of=job.batch, at=at, chunk=claim.number, rows=claim.rows)


def _land(job: Job, chunk: int, at: datetime) -> None:
    take_staged(job.kind, job.batch.pk, chunk)
    job.kind.land(job.landing(at))
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW staged")
        cursor.execute(
            f"DELETE FROM {job.kind.staging.table} WHERE batch_id = %s AND chunk = %s", [job.batch.pk, chunk]
        )


def take_staged(kind: Kind, batch_id: UUID, chunk: int) -> None:
    """Make `staged` stand for one chunk's rows, for the kind's set-based SQL; the caller drops it."""
    columns = ", ".join(("row", *kind.staging.names))
    with connection.cursor() as cursor:
        # A view keeps its parameters as literals, which is how Django's cursors bind them.
        cursor.execute(
            f"CREATE TEMPORARY VIEW staged AS SELECT {columns} FROM {kind.staging.table} "
            "WHERE batch_id = %s AND chunk = %s",
            [batch_id, chunk],
        )


def _hand_back(job: Job, claim: Claim, *, failed: bool = False) -> None:
    held = Chunk.objects.filter(pk=claim.chunk_id, status=Chunk.Status.WAITING, attempts=claim.attempt)
    with acting_as(job.actor):
        if failed:  # It may be to blame or have met the other lane: it is tried again by itself.
            held.update(leased_until=None, lane=None)
        else:
            held.update(leased_until=None, attempts=claim.attempt - 1)


def _set_aside(job: Job, claim: Claim) -> None:
    if job.batch.undoes_id:
        undoing.leave(job, claim.number)
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {job.kind.staging.table} WHERE batch_id = %s AND chunk = %s RETURNING row",
                [job.batch.pk, claim.number],
            )
            numbers = sorted(row[0] for row in cursor.fetchall())
        write_outcomes(job, numbers, Outcome.FAILED)
        write_found(job, (Found(number, "", "", SET_ASIDE) for number in numbers))
    Chunk.objects.filter(pk=claim.chunk_id).update(status=Chunk.Status.QUARANTINED, leased_until=None)
    record("batch.chunk_set_aside", by=job.actor, of=job.batch, chunk=claim.number, rows=claim.rows)


def finish(job: Job) -> None:
    """Close a batch none of whose chunks waits any more; once."""
    at = now()
    with acting_as(job.actor), connection.cursor() as cursor:
        cursor.execute(_COMPLETE, [job.batch.pk])
        complete = cursor.fetchone()
        if complete is None:
            return
        if complete[0]:
            settle(job)
        Batch.objects.filter(pk=job.batch.pk).update(status=Status.DONE, leased_until=None, finished_at=at)
        recount([job.batch.pk])
        if job.batch.undoes_id:
            undoing.finish(job, at)
        else:
            record("batch.done", by=job.actor, of=job.batch, at=at, rows=job.batch.rows)
            if not job.batch.check_only:
                job.kind.done(job.batch)
        tell(job.batch, by=job.actor, at=at)
