"""Writing issues and outcomes that Python found. (What SQL finds, SQL writes.)"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from psycopg.types.json import Jsonb

from .job import Job
from .kinds import Found
from .models import Outcome

_BLOCK = 5_000

T = TypeVar("T")

_INSERT_ISSUES = """
INSERT INTO batches_issue (id, batch_id, organization_id, row, "column", value, code, level, params)
SELECT gen_random_uuid(), %s, %s, f.row, f."column", f.value, f.code, f.level, f.params
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
    AS f (row, "column", value, code, level, params)
"""
_INSERT_OUTCOMES = """
INSERT INTO batches_row (batch_id, organization_id, number, outcome)
SELECT %s, %s, r.number, %s FROM unnest(%s::int[]) AS r (number)
"""


def write_found(job: Job, found: Iterable[Found]) -> None:
    """Insert issues, in blocks; the level is the catalogue's for the code."""
    sentences = job.kind.sentences
    with connection.cursor() as cursor:
        for block in _blocks(found):
            columns: list[list[Any]] = [
                [one.row for one in block],
                [one.column for one in block],
                [one.value[:200] for one in block],
                [one.code for one in block],
                [sentences[one.code].level.value for one in block],
                [Jsonb(one.params) for one in block],
            ]
            cursor.execute(_INSERT_ISSUES, [job.batch.pk, job.batch.organization_id, *columns])


def write_outcomes(job: Job, numbers: Iterable[int], outcome: Outcome) -> None:
    """Insert one outcome for each row number."""
    with connection.cursor() as cursor:
        for block in _blocks(numbers):
            cursor.execute(_INSERT_OUTCOMES, [job.batch.pk, job.batch.organization_id, outcome.value, block])


def _blocks(things: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(things)
    while block := list(islice(iterator, _BLOCK)):
        yield block
