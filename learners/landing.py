"""Runs the set-based SQL over `staged`, a view or a temporary table: match, rules, credits, issues, outcomes.

One text for file, form and API. Everything happens inside the caller's transaction, as the organization's matcher.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from pars.batches.kinds import Landing

RULE = 4  # version of the matching rule in sql/match.sql; a higher one looks at everybody again

# Options: the id of the waiting credit that the one row tells in other words; of the credit that it says anew.
REWORD, CORRECTS = "reword", "corrects"

_SQL = Path(__file__).parent / "sql"
# What `join` moved or joined bears the instant of this look.
_FOUND = """
SELECT count(DISTINCT k.learner_id), count(c.id)
FROM looked k
LEFT JOIN learners_credit c ON c.learner_id = k.learner_id AND c.changed_at = %(now)s
WHERE k.verdict = 'matched'
"""


class Found(NamedTuple):
    """How many people who waited have a physician now, and how many of their credits."""

    learners: int
    credits: int


@cache
def statement(name: str) -> str:
    """The SQL in `sql/NAME.sql`."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def land(landing: Landing) -> None:
    """Match everyone in `staged` and land their credit; with `landing.land` False only say what would happen."""
    steps = ("land", "points") if landing.land else ("ready",)
    _judge(landing, *steps, "issues")


def say_who_matches(landing: Landing) -> None:
    """Match everyone in `staged`, who are people without credit, and say of each what matching says."""
    _judge(landing, "ready", "issues", "matched")


def _judge(landing: Landing, *steps: str) -> None:
    corrects = landing.options.get(CORRECTS)
    params = landing.params() | {"rule": RULE, "corrects": int(corrects) if corrects else None}
    # Before anything is written that the other lane may wait for: so the two never wait for each other.
    _run("adding_up", params)
    _match("person", params)
    if REWORD in landing.options:
        _run("reword", params | {"reword": int(landing.options[REWORD])})
    _make("weighed (row, code, nth, physician_id, credit_id, new_id)", "weigh", params, key="credit_id")
    _make("board_credit (first_row)", "board_credit", params)
    for step in steps:
        _run(step, params)
    _drop("person", "looked", "weighed", "board_credit")


def look_again(*, organization_id: int, at: datetime) -> Found:
    """Match everyone of one provider's who waits; how many have a physician now. Their credit goes to them.

    The caller acts as the organization's matcher and has its turn.
    """
    params: dict[str, Any] = {"organization": organization_id, "now": at, "rule": RULE}
    _match("waiting", params)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, params)
        found = Found(*cursor.fetchone())
    _drop("person", "looked")
    return found


def _match(who: str, params: dict[str, Any]) -> None:
    """A verdict for everyone that `sql/WHO.sql` names; what was found stays in the temporary table `looked`."""
    _make("person (fingerprint, learner_id, physician_id, number_key, npi)", who, params)
    _make("looked (fingerprint, learner_id, is_new, verdict, target)", "match", params, key="learner_id")
    _run("guessing", params)
    _run("guesses", params)
    _run("settle", params)
    _run("join", params)


def _run(name: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)


def _make(columns: str, name: str, params: dict[str, Any], *, key: str = "") -> None:
    """Make a temporary table and analyze the columns it is joined by.

    Without statistics the planner expects one row and compares all with all. A sample of 3,000 rows says enough. What
    is compared with rows on record has an index on its `key`: of those the planner may expect few and find many.
    """
    _run(name, params)
    with connection.cursor() as cursor:
        if key:
            cursor.execute(f"CREATE INDEX ON {columns.partition(' ')[0]} ({key})")
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute(f"ANALYZE {columns}")


def _drop(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(tables)}")
