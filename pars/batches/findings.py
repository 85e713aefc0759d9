"""Writing issues and outcomes that Python found. (What SQL finds, SQL writes.)"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from .job import Job
from .kinds import Found, Landing, Sentence
from .models import Outcome
from .sentences import OWN_SENTENCES

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
_INSERT_VERDICTS = """
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %s, %s, v.number, v.outcome, v.target FROM unnest(%s::int[], %s::text[], %s::bigint[])
    AS v (number, outcome, target)
"""


class Verdict(NamedTuple):
    """What became of one staged row, from a kind that lands in Python; `target` is the id of what it landed in."""

    number: int
    outcome: Outcome
    target: int | None
    found: Sequence[Found]


def write_found(job: Job, found: Iterable[Found]) -> None:
    """Insert issues, in blocks; the level is the catalogue's for the code."""
    _insert_issues(job.batch.pk, job.batch.organization_id, OWN_SENTENCES | dict(job.kind.sentences), found)


def write_verdicts(landing: Landing, sentences: Mapping[str, Sentence], verdicts: Sequence[Verdict]) -> None:
    """Insert the outcome and the issues of each staged row."""
    with connection.cursor() as cursor:
        for block in blocks_of(verdicts):
            columns: list[list[Any]] = [
                [one.number for one in block],
                [one.outcome.value for one in block],
                [one.target for one in block],
            ]
            cursor.execute(_INSERT_VERDICTS, [landing.batch_id, landing.organization_id, *columns])
    found = (issue for one in verdicts for issue in one.found)
    _insert_issues(landing.batch_id, landing.organization_id, sentences, found)


def _insert_issues(
    batch_id: UUID, organization_id: int, sentences: Mapping[str, Sentence], found: Iterable[Found]
) -> None:
    with connection.cursor() as cursor:
        for block in blocks_of(found):
            columns: list[list[Any]] = [
                [one.row for one in block],
                [one.column for one in block],
                [one.value[:200] for one in block],
                [one.code for one in block],
                [sentences[one.code].level.value for one in block],
                [Jsonb(one.params) for one in block],
            ]
            cursor.execute(_INSERT_ISSUES, [batch_id, organization_id, *columns])


def write_outcomes(job: Job, numbers: Iterable[int], outcome: Outcome) -> None:
    """Insert one outcome for each row number."""
    with connection.cursor() as cursor:
        for block in blocks_of(numbers):
            cursor.execute(_INSERT_OUTCOMES, [job.batch.pk, job.batch.organization_id, outcome.value, block])


def blocks_of(things: Iterable[T]) -> Iterator[list[T]]:
    """The things in lists of a size that one statement takes."""
    iterator = iter(things)
    while block := list(islice(iterator, _BLOCK)):
        yield block
