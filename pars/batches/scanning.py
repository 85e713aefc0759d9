"""received → scanning → staged, or refused (design section 5, steps 2 to 4)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils.timezone import now

from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.access.secrets import key_for
from pars.audit.actions import record

from . import corrections, vault
from .actions import stored_path
from .answers import layout_for
from .copying import Copying
from .findings import write_found, write_outcomes
from .job import Job
from .kinds import Kind, kinds_of
from .mail import tell
from .models import Batch, Chunk, Status
from .processing import LIVES, TRIES
from .readers import ChildKilled, Refused, read
from .readers.headings import UNKNOWN

log = logging.getLogger(__name__)

ROWS_A_CHUNK = 10_000  # where the kind says no other number
LEASE = "10 seconds"
RENEWED = 3  # seconds; a file may take longer to read than the lease runs

_CLAIM = """
UPDATE batches_batch SET status = 'scanning', attempts = attempts + 1, leased_until = now() + %s::interval
WHERE id = %s AND (status = 'received' OR (status = 'scanning' AND (leased_until IS NULL OR leased_until < now())))
RETURNING attempts
"""
_RENEW = """
UPDATE batches_batch SET leased_until = now() + %s::interval
WHERE id = %s AND status = 'scanning' AND attempts = %s
"""


class LostClaim(Exception):
    """Another worker has taken this batch over; whatever was done here is rolled back."""


def scan(batch_id: UUID) -> None:
    """Read, check and stage one batch, if it can be claimed now.

    Raises OperationalError or InterfaceError where the database went away.
    """
    job = Job.of(batch_id)
    errors = 0
    while attempt := _claim(job):
        if errors == TRIES or attempt > LIVES:
            refuse(
                job,
                "unreadable",
                "This file could not be read, however often it was tried. Save it again as .xlsx and send that.",
            )
            return
        try:
            with (
                _renewing(job, attempt),
                vault.open_plain(stored_path(job.batch), key_for("upload")) as path,
                acting_as(job.actor),
            ):
                copying, returned = _copy(path, job)
                _stage(copying, returned, job, attempt)
        except Refused as refusal:
            refuse(job, refusal.code, refusal.message, refusal.question)
        except LostClaim:
            return
        except (OperationalError, InterfaceError):
            raise
        except ChildKilled:
            log.error("batch %s attempt %s: the child that reads was killed", batch_id, attempt)
            _let_go(job, attempt)
        except Exception as error:  # noqa: BLE001 (whatever it is, the file is read again, then refused)
            # Class only: an error's message may quote the file.
            log.error("batch %s attempt %s: %s", batch_id, attempt, type(error).__name__)
            errors += 1
            _let_go(job, attempt)


def _claim(job: Job) -> int:
    """Which attempt of this batch is ours now; 0 where there is nothing to read, or somebody reads."""
    with acting_as(job.actor), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE, job.batch.pk])
        claimed = cursor.fetchone()
    return claimed[0] if claimed else 0


@contextmanager
def _renewing(job: Job, attempt: int) -> Iterator[None]:
    """Renew the lease from a thread while the block runs: it ends soon after its worker, however that ends."""
    over = Event()

    def renew() -> None:
        while not over.wait(RENEWED):
            # A database that is away is the reader's to notice.
            with suppress(DatabaseError, InterfaceError), acting_as(job.actor), connection.cursor() as cursor:
                cursor.execute(_RENEW, [LEASE, job.batch.pk, attempt])
            connection.close()

    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _let_go(job: Job, attempt: int) -> None:
    with acting_as(job.actor):
        ours = Batch.objects.filter(pk=job.batch.pk, status=Status.SCANNING, attempts=attempt)
        ours.update(leased_until=None)


def _copy(path: Path, job: Job) -> tuple[Copying, corrections.Returned]:
    """Copy the file's rows into staging while the child reads on: a file refused further down leaves nothing there."""
    staging = job.kind.staging
    columns = ", ".join(("batch_id", "chunk", "row", *staging.names))
    lane_at = staging.names.index(job.kind.lane_by) if job.kind.lane_by else None
    copying = Copying(job.kind.rows_a_chunk or ROWS_A_CHUNK, str(job.batch.pk), lane_at)
    try:
        with read(path, layout=layout_for(job.batch), name=job.batch.file_name) as reading:
            check = job.kind.checker(job.batch, reading.header, job.today)
            returned = corrections.Returned(reading.header, job.batch.organization_id)
            checked = ((row.number, check(row)) for row in returned.passing(reading))
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {staging.table} ({columns}) FROM STDIN") as copy,
            ):
                for block in copying.blocks(checked):
                    copy.write(block)
    except Refused as refusal:
        if refusal.code in ("no_columns", UNKNOWN) and (other := _meant_for(path, job, refusal)):
            raise Refused(
                "other_kind",
                f"These are the columns of “{other.title}”, but the file was sent as “{job.kind.title}”. "
                f"Send it again and choose “{other.title}”.",
            ) from refusal
        raise
    if not copying.rows:
        raise Refused(
            "no_rows",
            "There are no rows below the headings. Enter your rows there and send it again.",
        )
    return copying, returned


def _meant_for(path: Path, job: Job, refusal: Refused) -> Kind | None:
    """The other kind that this organization may send and whose columns the file has.

    A kind that needs less than the one it was sent as tells nothing where headings can be asked about: a file of credit
    under headings of its own is a file of learners, too.
    """
    for other in kinds_of(OrganizationKind(job.batch.organization.kind)):
        needs_less = other.layout.needed < job.kind.layout.needed
        if other != job.kind and not (needs_less and refusal.question):
            with suppress(Refused), read(path, layout=other.layout, name=job.batch.file_name):
                return other
    return None


def _stage(copying: Copying, returned: corrections.Returned, job: Job, attempt: int) -> None:
    batch, header = job.batch, returned.header
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute(f"ANALYZE {job.kind.staging.table}")
        if job.kind.gather:
            cursor.execute(job.kind.gather, {"batch": batch.pk})
        write_found(job, copying.found)
        for outcome, numbers in copying.ended.items():
            write_outcomes(job, numbers, outcome)
        corrections.link(job, returned)
        Chunk.objects.bulk_create(
            Chunk(batch=batch, organization_id=batch.organization_id, number=number, lane=lane, rows=rows)
            for number, lane, rows in copying.chunks()
        )
        staged = Batch.objects.filter(pk=batch.pk, status=Status.SCANNING, attempts=attempt).update(
            status=Status.STAGED,
            leased_until=None,
            rows=copying.rows,
            header={
                "sheet": header.sheet,
                "row": header.row,
                "headings": list(header.headings),
                "keys": list(header.keys),
            },
        )
        if not staged:
            raise LostClaim


def refuse(job: Job, code: str, sentence: str, question: dict[str, Any] | None = None) -> None:
    """Keep the batch with its reason; no row of it was taken. With a `question` its sender may answer it."""
    with acting_as(job.actor):
        refused = Batch.objects.filter(pk=job.batch.pk, status=Status.SCANNING).update(
            status=Status.REFUSED,
            refusal_code=code,
            refusal=sentence,
            question=question or {},
            leased_until=None,
            finished_at=now(),
        )
        if refused:
            record("batch.asked" if question else "batch.refused", by=job.actor, of=job.batch, code=code)
            tell(Batch.objects.get(pk=job.batch.pk), by=job.actor, at=now())
