"""Runs the set-based SQL over the temporary table `staged`: match, rules, credits, issues, outcomes.

One text for file, form and API. Everything happens inside the caller's transaction, as the organization's matcher.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from activities.formats import REPORT_WITHIN_DAYS
from pars.batches.kinds import Landing

RULE = 1  # version of the matching rule in sql/match.sql; a higher one looks at everybody again

_SQL = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """The SQL in `sql/NAME.sql`."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def land(landing: Landing) -> None:
    """Match everyone in `staged` and land their credit; with `landing.land` False only say what would happen."""
    params = landing.params() | {"rule": RULE, "due_days": REPORT_WITHIN_DAYS}
    _run("people", params)
    _run("match", params)
    _run("guesses", params)
    _run("settle", params)
    _run("weigh", params)
    if landing.land:
        _run("land", params)
        _run("points", params)
    else:
        _run("ready", params)
    _run("issues", params)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE looked, weighed")


def _run(name: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
