"""The SQL of a merger, a step after another, and of its way back. Names in it are our own constants."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from .holdings import Holding

_LICENSES = """
WITH changed AS (
    UPDATE learners_license t SET physician_id = %(to)s, npi = y.npi, changed_at = %(now)s
    FROM learners_physician y
    WHERE {which} AND y.id = %(to)s
    RETURNING t.id, t.board_id, old.physician_id, old.number, old.degree, old.first_key, old.last_key, old.status,
        old.issued_on, old.expires_on, old.changed_at AS said_at, t.source,
        jsonb_build_object('physician_id', old.physician_id, 'npi', old.npi, 'changed_at', old.changed_at) AS was,
        jsonb_build_object('physician_id', new.physician_id, 'npi', new.npi, 'changed_at', new.changed_at) AS became
), versions AS (
    INSERT INTO learners_licenseversion (
        license_id, board_id, physician_id, number, degree, first_key, last_key, status, issued_on, expires_on, said_at,
        replaced_at, change, source
    )
    SELECT c.id, c.board_id, c.physician_id, c.number, c.degree, c.first_key, c.last_key, c.status, c.issued_on,
        c.expires_on, c.said_at, %(now)s, 'moved', c.source
    FROM changed c
)
SELECT c.id, c.was, c.became FROM changed c
"""
_VERSIONED_CREDITS = """
WITH changed AS (
    UPDATE learners_credit t SET {sets}, changed_at = %(now)s
    WHERE t.organization_id = %(organization)s AND {which}
    RETURNING t.id, old.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row, old.withdrawn_at,
        old.changed_at AS said_at,
        jsonb_build_object('physician_id', old.physician_id, 'withdrawn_at', old.withdrawn_at,
            'changed_at', old.changed_at) AS was,
        jsonb_build_object('physician_id', new.physician_id, 'withdrawn_at', new.withdrawn_at,
            'changed_at', new.changed_at) AS became
), versions AS (
    INSERT INTO learners_creditversion (
        credit_id, organization_id, physician_id, amount, completed_on, rems, batch_id, row, withdrawn_at, said_at,
        replaced_at
    )
    SELECT c.id, %(organization)s, c.physician_id, c.amount, c.completed_on, c.rems, c.batch_id, c.row, c.withdrawn_at,
        c.said_at, %(now)s
    FROM changed c
)
SELECT c.id, c.was, c.became FROM changed c
"""
# The same completion on both records: whichever was reported first stands, credits before board credit alone.
_TWIN = """
EXISTS (
    SELECT FROM learners_credit e
    WHERE e.physician_id = {other} AND e.activity_id = t.activity_id AND e.credit_type = t.credit_type
        AND e.occasion_on IS NOT DISTINCT FROM t.occasion_on AND e.withdrawn_at IS NULL
        AND (e.amount = 0, e.first_reported_at, e.id) < (t.amount = 0, t.first_reported_at, t.id)
)
"""


@dataclass(frozen=True)
class Changed:
    """A row that a step changed, the changed columns before and after; `was` None: the row is new."""

    table: str
    row_key: int
    was: dict[str, Any] | None
    became: dict[str, Any]


def move_holding(holding: Holding, params: dict[str, Any]) -> list[Changed]:
    """Give the absorbed record's rows of one table to the kept one."""
    which = f"t.physician_id = %(absorbed)s AND NOT ({holding.unless})"
    return _update(holding.table, {"physician_id": "%(kept)s"}, which, params, key=holding.key)


def move_licenses(params: dict[str, Any]) -> list[Changed]:
    """The absorbed record's licenses, and the kept one's NPI on all of them."""
    which = "(t.physician_id = %(absorbed)s OR (t.physician_id = %(kept)s AND t.npi IS DISTINCT FROM y.npi))"
    return _run("learners_license", _LICENSES.format(which=which), params | {"to": params["kept"]})


def move_learners(params: dict[str, Any]) -> list[Changed]:
    """One provider's wordings of the absorbed record."""
    which = "t.organization_id = %(organization)s AND t.physician_id = %(absorbed)s"
    return _update("learners_learner", {"physician_id": "%(kept)s"}, which, params)


def withdraw_later_twins(params: dict[str, Any]) -> list[Changed]:
    """Of one provider's completions on both records, the one reported later is joined to the other."""
    which = (
        "t.withdrawn_at IS NULL AND ("
        f"(t.physician_id = %(kept)s AND {_TWIN.format(other='%(absorbed)s')}) OR "
        f"(t.physician_id = %(absorbed)s AND {_TWIN.format(other='%(kept)s')}))"
    )
    sql = _VERSIONED_CREDITS.format(sets="withdrawn_at = %(now)s", which=which)
    return _run("learners_credit", sql, params)


def move_credits(params: dict[str, Any]) -> list[Changed]:
    """One provider's credits of the absorbed record, withdrawn ones too."""
    sql = _VERSIONED_CREDITS.format(sets="physician_id = %(kept)s", which="t.physician_id = %(absorbed)s")
    return _run("learners_credit", sql, params)


def move_points(params: dict[str, Any]) -> list[Changed]:
    """Certifying boards' points of one provider's credits that moved."""
    which = "t.organization_id = %(organization)s AND t.physician_id = %(absorbed)s"
    return _update("learners_creditpoints", {"physician_id": "%(kept)s"}, which, params)


def hand_on_points(withdrawn: list[int], params: dict[str, Any]) -> list[Changed]:
    """Points of a completion that was joined go to the one that stands, where that one has none of their kind."""
    standing = """
        SELECT e.id FROM learners_credit c JOIN learners_credit e
            ON e.physician_id = %(kept)s AND e.activity_id = c.activity_id AND e.credit_type = c.credit_type
            AND e.occasion_on IS NOT DISTINCT FROM c.occasion_on AND e.withdrawn_at IS NULL
        WHERE c.id = t.credit_id
    """
    which = (
        f"t.organization_id = %(organization)s AND t.credit_id = ANY (%(withdrawn)s) "
        f"AND t.withdrawn_at IS NULL AND EXISTS ({standing}) "
        f"AND NOT EXISTS (SELECT FROM learners_creditpoints q WHERE q.credit_id = ({standing}) "
        "AND (q.board, q.credit_type) = (t.board, t.credit_type))"
    )
    return _update(
        "learners_creditpoints", {"credit_id": f"({standing})"}, which, params | {"withdrawn": withdrawn}
    )


def fill_physician(params: dict[str, Any]) -> list[Changed]:
    """The kept record takes what it lacks: NPI, birthday, degree. The NPI leaves the absorbed one first."""
    given = _update(
        "learners_physician", {"npi": "NULL"}, "t.id = %(absorbed)s AND t.npi IS NOT NULL", params
    )
    npi = given[0].was["npi"] if given and given[0].was else None
    source = "(SELECT {0} FROM learners_physician a WHERE a.id = %(absorbed)s)"
    sets = {
        "npi": "coalesce(t.npi, %(npi)s)",
        "birthday": f"coalesce(t.birthday, {source.format('a.birthday')})",
        "degree": f"CASE WHEN t.degree = '' THEN {source.format('a.degree')} ELSE t.degree END",
    }
    return [*given, *_update("learners_physician", sets, "t.id = %(kept)s", params | {"npi": npi})]


def add_alias(params: dict[str, Any]) -> list[Changed]:
    """The absorbed record's name leads to the kept one, where it is another."""
    sql = """
        INSERT INTO learners_alias (physician_id, first_name, last_name, first_key, last_key, source, created_at)
        SELECT k.id, a.first_name, a.last_name, a.first_key, a.last_key, a.source, %(now)s
        FROM learners_physician a, learners_physician k
        WHERE a.id = %(absorbed)s AND k.id = %(kept)s AND (a.last_key, a.first_key) <> (k.last_key, k.first_key)
        ON CONFLICT (physician_id, last_key, first_key) DO NOTHING
        RETURNING id, NULL::jsonb, '{}'::jsonb
    """
    return _run("learners_alias", sql, params)


def restore(table: str, key: str, changed: Iterable[Changed], params: dict[str, Any]) -> None:
    """Give these rows' columns back what they were, where they still are what the merger made them.

    A row that the merger added goes; what somebody else has changed since stays. Credits and licenses get a version.
    """
    rows = list(changed)
    added = [row.row_key for row in rows if row.was is None]
    if added:
        _execute(f"DELETE FROM {table} WHERE {key} = ANY (%(added)s)", {"added": added})
    back = [row for row in rows if row.was is not None]
    if not back:
        return
    columns = list(back[0].became)
    _keep_version(table, [row.row_key for row in back], params)
    sets = ", ".join(
        f"{column} = CASE WHEN t.{column} IS NOT DISTINCT FROM b.{column} THEN w.{column} ELSE t.{column} END"
        for column in columns
    )
    # A completion that was reported anew meanwhile stands; its twin stays joined to it.
    free = _FREE if table == "learners_credit" else "true"
    _execute(
        f"UPDATE {table} t SET {sets} "
        "FROM unnest(%(keys)s::bigint[], %(was)s::jsonb[], %(became)s::jsonb[]) AS m (row_key, was, became), "
        f"LATERAL jsonb_populate_record(NULL::{table}, m.was) w, "
        f"LATERAL jsonb_populate_record(NULL::{table}, m.became) b "
        f"WHERE t.{key} = m.row_key AND {free}",
        {
            "keys": [row.row_key for row in back],
            "was": [Jsonb(row.was) for row in back],
            "became": [Jsonb(row.became) for row in back],
        },
    )


_FREE = """
(w.withdrawn_at IS NOT NULL OR t.withdrawn_at IS DISTINCT FROM b.withdrawn_at OR NOT EXISTS (
    SELECT FROM learners_credit e
    WHERE e.physician_id = w.physician_id AND e.activity_id = t.activity_id AND e.credit_type = t.credit_type
        AND e.occasion_on IS NOT DISTINCT FROM t.occasion_on AND e.withdrawn_at IS NULL AND e.id <> t.id
))
"""


def follow_learners(learners: list[int], params: dict[str, Any]) -> None:
    """Credits that came while the records were one go where their learners go back to."""
    taken = """NOT EXISTS (
        SELECT FROM learners_credit e
        WHERE e.physician_id = %(absorbed)s AND e.activity_id = t.activity_id AND e.credit_type = t.credit_type
            AND e.occasion_on IS NOT DISTINCT FROM t.occasion_on AND e.withdrawn_at IS NULL
    )"""
    which = f"t.physician_id = %(kept)s AND t.learner_id = ANY (%(learners)s) AND {taken}"
    sql = _VERSIONED_CREDITS.format(sets="physician_id = %(absorbed)s", which=which)
    moved = [row.row_key for row in _run("learners_credit", sql, params | {"learners": learners})]
    _execute(
        "UPDATE learners_creditpoints t SET physician_id = %(absorbed)s WHERE t.credit_id = ANY (%(moved)s)",
        params | {"moved": moved},
    )


def _keep_version(table: str, keys: list[int], params: dict[str, Any]) -> None:
    said = params | {"keys": keys}
    if table == "learners_credit":
        _execute(
            """
            INSERT INTO learners_creditversion (
                credit_id, organization_id, physician_id, amount, completed_on, rems, batch_id, row, withdrawn_at,
                said_at, replaced_at
            )
            SELECT c.id, c.organization_id, c.physician_id, c.amount, c.completed_on, c.rems, c.batch_id, c.row,
                c.withdrawn_at, c.changed_at, %(now)s
            FROM learners_credit c WHERE c.id = ANY (%(keys)s)
            """,
            said,
        )
    elif table == "learners_license":
        _execute(
            """
            INSERT INTO learners_licenseversion (
                license_id, board_id, physician_id, number, degree, first_key, last_key, status, issued_on, expires_on,
                said_at, replaced_at, change, source
            )
            SELECT x.id, x.board_id, x.physician_id, x.number, x.degree, x.first_key, x.last_key, x.status, x.issued_on,
                x.expires_on, x.changed_at, %(now)s, 'moved', x.source
            FROM learners_license x WHERE x.id = ANY (%(keys)s)
            """,
            said,
        )


def _update(
    table: str, sets: dict[str, str], which: str, params: dict[str, Any], *, key: str = "id"
) -> list[Changed]:
    values = ", ".join(f"{column} = {value}" for column, value in sets.items())
    was, became = (
        "jsonb_build_object(" + ", ".join(f"'{column}', {side}.{column}" for column in sets) + ")"
        for side in ("old", "new")
    )
    sql = f"UPDATE {table} t SET {values} WHERE {which} RETURNING t.{key}, {was}, {became}"
    return [row for row in _run(table, sql, params) if row.was != row.became]


def _run(table: str, sql: str, params: dict[str, Any]) -> list[Changed]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Changed(table, key, was, became) for key, was, became in map(_parsed, cursor.fetchall())]


def _parsed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Django leaves jsonb as text."""
    key, was, became = row
    return key, _json(was), _json(became)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _execute(sql: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
