"""The counts that stand on a batch, from what became of its rows."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

# Outcome → the batch's field that counts it.
_FIELDS = {
    "added": "added",
    "updated": "updated",
    "unchanged": "unchanged",
    "withdrawn": "withdrawn",
    "parked": "parked",
    "failed": "failed",
    "fixed": "fixed",
    "ready": "ready",
    "other": "others",
    "undone": "undone",
}
_RECOUNT = f"""
UPDATE batches_batch b SET {", ".join(f"{field} = o.{field}" for field in _FIELDS.values())}
FROM (
    SELECT r.batch_id,
        {", ".join(f"count(*) FILTER (WHERE r.outcome = '{one}') AS {field}" for one, field in _FIELDS.items())}
    FROM batches_row r WHERE r.batch_id = ANY (%s) GROUP BY r.batch_id
) o
WHERE b.id = o.batch_id
"""


def recount(batch_ids: Iterable[UUID]) -> None:
    """Count the rows of these batches by outcome. The caller keeps everyone else from their rows."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [list(batch_ids)])
