"""The engine's entrances: one batch, or whatever is due."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from pars.access.scope import acting_as

from .job import SYSTEM
from .models import Batch
from .processing import by_oneself, process
from .scanning import scan

log = logging.getLogger(__name__)

# Due is what nobody works on: no scan or chunk lease runs, and no message of the last half minute waits for a worker.
_LEASE_DUE = """
UPDATE batches_batch SET dispatched_until = now() + interval '30 seconds'
WHERE id IN (
    SELECT b.id FROM batches_batch b
    WHERE b.status NOT IN ('done', 'refused')
        AND (b.dispatched_until IS NULL OR b.dispatched_until < now())
        AND b.created_at < now() - interval '3 seconds'
        AND (b.leased_until IS NULL OR b.leased_until < now())
        AND NOT EXISTS (
            SELECT FROM batches_chunk c
            WHERE c.batch_id = b.id AND c.status = 'waiting' AND c.leased_until >= now()
        )
    ORDER BY b.created_at LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def run(batch_id: UUID, *, call: Callable[[], None] = by_oneself) -> None:
    """Every step of one batch that can be claimed now. Safe to call from anywhere, any number of times.

    `call` is called where a second worker could `help_along`. Where the database goes away, what was not committed is
    done again once a lease has run out.
    """
    try:
        _taken(batch_id)
        scan(batch_id)
        process(batch_id, call=call)
    except (OperationalError, InterfaceError) as error:
        _interrupted(batch_id, error)


def help_along(batch_id: UUID) -> bool:
    """Process one chunk of a batch that another worker is at; whether there was one."""
    try:
        return process(batch_id, at_most=1) > 0
    except (OperationalError, InterfaceError) as error:
        _interrupted(batch_id, error)
        return False


def _interrupted(batch_id: UUID, error: Exception) -> None:
    # Class only: its message may quote the row that was just being copied.
    log.error("batch %s was interrupted: %s", batch_id, type(error).__name__)


def _taken(batch_id: UUID) -> None:
    """No message about this batch waits any more: from here on its leases say whether somebody works on it."""
    with acting_as(SYSTEM):
        Batch.objects.filter(pk=batch_id, dispatched_until__isnull=False).update(dispatched_until=None)


def lease_due(limit: int = 100) -> list[UUID]:
    """Batches that should move and do not, each given to this caller for half a minute of the database's clock."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_LEASE_DUE, [limit])
        return [row[0] for row in cursor.fetchall()]
