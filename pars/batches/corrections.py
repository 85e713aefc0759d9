"""Rows that come back: which row to fix of which earlier upload each of them is a later version of.

A workbook of rows to fix has two columns of ours: what to fix, and the hidden row key. The key alone says which row it
is, wherever the row stands now. Nothing is ever refused for its key: a row whose key is not known is a new row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from itertools import repeat
from uuid import UUID

from django.db import connection

from pars.access.secrets import key_for

from .findings import blocks_of, write_found
from .job import Job
from .kinds import Found
from .models import FIXED_MEANWHILE, IN_LANDED
from .readers import Header, Row
from .readers.headings import KEY_HEADING, columns_of_ours
from .turns import wait_turn

_LINK = """
INSERT INTO batches_correction (batch_id, number, organization_id, first_batch_id, first_number)
SELECT b.id, k.number, b.organization_id, coalesce(c.first_batch_id, r.batch_id), coalesce(c.first_number, r.number)
FROM batches_batch b
CROSS JOIN unnest(%s::int[], %s::uuid[], %s::int[]) AS k (number, batch_id, row)
JOIN batches_batch e ON e.id = k.batch_id AND e.organization_id = b.organization_id AND e.kind = b.kind
    AND e.status = 'done'
JOIN batches_row r ON r.batch_id = e.id AND r.number = k.row AND r.outcome IN ('failed', 'fixed')
LEFT JOIN batches_correction c ON c.batch_id = r.batch_id AND c.number = r.number
WHERE b.id = %s
RETURNING number
"""
# Every version of a row that this batch brought in is fixed: the first one, and those that came between.
_FIX = f"""
WITH landed AS (
    SELECT c.first_batch_id, c.first_number, max(r.target) AS target
    FROM batches_correction c JOIN batches_row r ON r.batch_id = c.batch_id AND r.number = c.number
    WHERE c.batch_id = %(batch)s AND r.outcome {IN_LANDED}
    GROUP BY c.first_batch_id, c.first_number
), versions AS (
    SELECT l.first_batch_id AS batch_id, l.first_number AS number, l.target FROM landed l
    UNION ALL
    SELECT c.batch_id, c.number, l.target
    FROM landed l
    JOIN batches_correction c ON c.first_batch_id = l.first_batch_id AND c.first_number = l.first_number
    WHERE c.batch_id <> %(batch)s
), fixed AS (
    UPDATE batches_row r SET outcome = 'fixed', target = coalesce(v.target, r.target)
    FROM versions v
    WHERE r.batch_id = v.batch_id AND r.number = v.number AND r.outcome = 'failed'
    RETURNING r.batch_id
)
UPDATE batches_batch b SET failed = b.failed - f.rows, fixed = b.fixed + f.rows
FROM (SELECT f.batch_id, count(*) AS rows FROM fixed f GROUP BY f.batch_id) f
WHERE b.id = f.batch_id
"""
_LEAVE_AS_FIXED = """
UPDATE batches_row r SET outcome = 'unchanged', target = f.target
FROM batches_correction c
JOIN batches_row f ON f.batch_id = c.first_batch_id AND f.number = c.first_number AND f.outcome = 'fixed'
WHERE c.batch_id = %s AND r.batch_id = c.batch_id AND r.number = c.number AND r.outcome = 'failed'
RETURNING r.number
"""


def row_key(batch_id: UUID, row: int, organization_id: int) -> str:
    """ "batch.row.signature": which row of which upload this is, signed, good for that organization only."""
    said = f"{batch_id.hex}.{row}"
    return f"{said}.{_signature(said, organization_id)}"


def row_of(key: str, organization_id: int) -> tuple[UUID, int] | None:
    """The upload and row of a key signed for this organization; None for any other text."""
    said, _, signature = key.rpartition(".")
    if not compare_digest(signature.encode(), _signature(said, organization_id).encode()):
        return None
    batch, _, row = said.partition(".")
    return _uuid(batch), int(row)


def _signature(said: str, organization_id: int) -> str:
    signed = blake2b(f"{said}.{organization_id}".encode(), digest_size=16, key=key_for("row-key"))
    return signed.hexdigest()


_uuid = lru_cache(maxsize=64)(UUID)  # a file has keys of few uploads


@dataclass
class Returned:
    """The rows of a file on their way to the check, and the row keys read as they pass.

    `rows` maps a row that came back to its earlier (batch, row); `found` says which keys did not count, and why.
    """

    header: Header
    organization_id: int
    rows: dict[int, tuple[UUID, int]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, without those in which nothing is left but what we wrote."""
        ours = columns_of_ours(self.header.headings)
        if not ours:
            yield from rows
            return
        key_at = ours.get(KEY_HEADING)
        places = frozenset(ours.values())
        first: dict[tuple[UUID, int], int] = {}
        for row in rows:
            if all(cell is None for place, cell in enumerate(row.cells) if place not in places):
                continue
            key = None if key_at is None else row.cells[key_at]
            if key is not None:
                self._note(row.number, str(key).strip(), first)
            yield row

    def _note(self, number: int, key: str, first: dict[tuple[UUID, int], int]) -> None:
        earlier = row_of(key, self.organization_id)
        if earlier is None:
            self.found.append(Found(number, "", "", "row_key_unknown"))
        elif earlier in first:
            self.found.append(Found(number, "", "", "row_key_copied", {"other": first[earlier]}))
        else:
            first[earlier] = number
            self.rows[number] = earlier


def link(job: Job, returned: Returned) -> None:
    """Keep which row each row that came back is a version of; what its key did not tell is a note."""
    linked: set[int] = set()
    with connection.cursor() as cursor:
        for block in blocks_of(returned.rows.items()):
            numbers, earlier = zip(*block, strict=True)
            batches, rows = zip(*earlier, strict=True)
            cursor.execute(_LINK, [list(numbers), list(batches), list(rows), job.batch.pk])
            linked.update(number for (number,) in cursor.fetchall())
    unknown = returned.rows.keys() - linked
    write_found(job, returned.found)
    write_found(job, map(Found, sorted(unknown), repeat(""), repeat(""), repeat("row_key_unknown")))


def settle(job: Job) -> None:
    """Say of the earlier rows that they are fixed, as far as this batch, which brings some back, brought them in.

    A row that does not pass although its earlier version is in by now comes back unchanged, with a note: somebody
    fixed it while this file was away.
    """
    # Two batches that bring the same rows back count them one after the other.
    wait_turn(job.batch.organization_id)
    with connection.cursor() as cursor:
        if not job.batch.check_only:
            cursor.execute(_FIX, {"batch": job.batch.pk})
        cursor.execute(_LEAVE_AS_FIXED, [job.batch.pk])
        meanwhile = sorted(number for (number,) in cursor.fetchall())
    write_found(job, (Found(number, "", "", FIXED_MEANWHILE) for number in meanwhile))
