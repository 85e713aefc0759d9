"""How PostgreSQL goes about a small batch: never by comparing all with all (docs/adr/0005)."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.factories import a_board, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import a_row, send

pytestmark = pytest.mark.django_db

LICENSED = 3_000
ROWS = 300
FEW = 5
LARGE = {
    "person", "looked", "weighed", "learners_stagedcredit", "learners_learner", "learners_credit", "learners_license",
    "learners_physician",
}  # fmt: skip

_ASKS = re.compile(r"(--.*\n)+SELECT")
_ENROLL = """
WITH made AS (
    INSERT INTO learners_physician (degree, first_name, last_name, first_key, last_key, source, created_at)
    SELECT 'MD', 'Amara', 'Osei' || n, 'amara', 'osei' || n, 'roster', now() FROM generate_series(1, %(count)s) n
    RETURNING id, first_key, last_key
)
INSERT INTO learners_license (physician_id, board_id, state, degree, number, number_key, first_key, last_key, status)
SELECT m.id, %(board)s, 'NC', 'MD', 'B' || m.id, 'B' || m.id, m.first_key, m.last_key, 'active' FROM made m
RETURNING number
"""


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


def _compared_with_all(plan: dict[str, Any]) -> list[str]:
    """The large tables that were read from end to end again and again, for one row of something else at a time."""
    scans = [
        node for node in _nodes(plan) if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
    ]
    return [node["Relation Name"] for node in scans if node["Actual Loops"] > FEW and _read(node) > FEW]


def _read(node: dict[str, Any]) -> float:
    """Rows that a scan read each time: an empty table is read in the simplest way."""
    return float(node["Actual Rows"]) + float(node.get("Rows Removed by Filter", 0))


class Plans:
    """Runs each statement of `learners/sql` so that it says how it went; by the statement's first line."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, Any]] = {}

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not (isinstance(sql, str) and sql.startswith("-- ")):
            return execute(sql, params, many, context)
        answer = execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params, many, context)
        self.seen[sql.partition("\n")[0]] = context["cursor"].fetchone()[0][0]["Plan"]
        # Whoever only asks still waits for an answer.
        return execute(sql, params, many, context) if _ASKS.match(sql) else answer


def test_a_small_batch_compares_nothing_with_everything() -> None:
    board, ours = a_board("NC"), a_provider()
    course = an_activity(ours, start_on=date(2026, 1, 1), end_on=date(2026, 9, 12))
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute(_ENROLL, {"count": LICENSED, "board": board.pk})
        numbers = [number for (number,) in cursor.fetchmany(ROWS)]
        cursor.execute("ANALYZE learners_physician, learners_license")
    plans = Plans()

    with connection.execute_wrapper(plans):
        batch = send(ours, *(a_row(course.activity_id, number=number) for number in numbers))

    assert batch.rows == ROWS
    assert len(plans.seen) >= 8
    assert {name: found for name, plan in plans.seen.items() if (found := _compared_with_all(plan))} == {}
