"""Runs the set-based SQL over `staged`: who is meant, then licenses, their holders, issues and outcomes.

Everything happens inside the caller's transaction, as the board's matcher: it reads the whole registry and writes the
board's own licenses and their holders.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.kinds import Landing

from ..models import Board

_SQL = Path(__file__).parent / "sql"
_REGISTRY = Actor.system_job("rosters")
# Licenses carry their holder's NPI for look-up; those of other boards are not this board's to write.
_SPREAD_NPI = """
UPDATE learners_license x SET npi = y.npi
FROM learners_physician y
WHERE y.id = ANY (%s) AND x.physician_id = y.id AND x.npi IS DISTINCT FROM y.npi
"""


@cache
def statement(name: str) -> str:
    """The SQL in `sql/NAME.sql`."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def land(landing: Landing) -> None:
    """Bring the licenses in `staged` into the registry; with `landing.land` False only say what would happen."""
    board = Board.objects.get(pk=landing.organization_id)
    params = landing.params() | {"state": board.state}
    _run("weigh", params)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE weighed")
    if landing.land:
        _run("newcomers", params)
        _run("licenses", params)
        _run("holders", params)
        _follow_up(landing)
    else:
        _run("ready", params)
    _run("issues", params)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE weighed")


def _follow_up(landing: Landing) -> None:
    """What one board's word means beyond its own licenses; a changed name or birthday is an event about its bearer."""
    by = Actor.matcher(landing.organization_id)
    for verb, condition in (
        ("physician.renamed", "w.renames"),
        ("physician.birthday_corrected", "w.sets_birthday AND w.corrects"),
    ):
        changed = _physicians(condition)
        if changed:
            record(verb, by=by, at=landing.at, subjects=changed, physicians=len(changed))
    numbered = _physicians("w.new_npi IS DISTINCT FROM w.o_npi")
    if numbered:
        with acting_as(_REGISTRY), connection.cursor() as cursor:
            cursor.execute(_SPREAD_NPI, [numbered])


def _physicians(condition: str) -> list[int]:
    """Whose row in `weighed` landed and fulfils a condition, besides those who are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT w.physician_id FROM weighed w WHERE w.code IS NULL AND w.nth = 1 AND NOT w.passed_over "
            f"AND w.sure_id IS NOT NULL AND {condition} ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def _run(name: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
