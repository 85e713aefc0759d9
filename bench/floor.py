"""The floor: the same workbook to committed credits with nothing but the work itself.

No upload, guard, child, encryption, row security, learner rows, versions, audit or issue texts: one process reads with
calamine (or Python's csv), checks twelve fields by hand, COPYs, and matches and inserts in one statement.
"""

import csv
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from python_calamine import CalamineWorkbook

from bench.cast import ACTIVITIES, FIRST_ACTIVITY, STATE_NAMES, Person

_TABLES = f"""
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.physician (id bigint PRIMARY KEY, last_key text, month_day text);
CREATE TABLE floor.license (id bigint PRIMARY KEY, physician_id bigint, state text, number_key text);
CREATE TABLE floor.activity (id bigint PRIMARY KEY, number text UNIQUE);
CREATE TABLE floor.credit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, physician_id bigint, activity_id bigint, completed_on date,
    amount numeric(6,2), batch_id integer, created_at timestamptz DEFAULT now());
CREATE UNIQUE INDEX ON floor.credit (physician_id, activity_id);
CREATE INDEX ON floor.credit (physician_id, completed_on) INCLUDE (activity_id, amount);
CREATE INDEX ON floor.credit (activity_id);
CREATE TABLE floor.stage (
    row integer, state text, number_key text, last_key text, month_day text, activity text, completed_on date,
    amount numeric(6,2));
CREATE TABLE floor.outcome (row integer, verdict text, credit_id bigint);
INSERT INTO floor.activity SELECT n, ({FIRST_ACTIVITY} + n)::text FROM generate_series(0, {ACTIVITIES - 1}) n;
"""
_KEYS = """
CREATE UNIQUE INDEX ON floor.license (state, number_key);
"""
_SETTLED = "VACUUM (ANALYZE) floor.physician, floor.license, floor.activity"
_MATCH = """
WITH matched AS (
    SELECT s.*, p.id AS physician_id, a.id AS activity_id,
        CASE WHEN p.id IS NULL THEN 'not_found' WHEN a.id IS NULL THEN 'no_activity'
            WHEN p.last_key <> s.last_key OR p.month_day <> s.month_day THEN 'disagrees' ELSE 'ok' END AS verdict,
        row_number() OVER (PARTITION BY p.id, a.id ORDER BY s.row) AS nth
    FROM floor.stage s
    LEFT JOIN floor.license x ON x.state = s.state AND x.number_key = s.number_key
    LEFT JOIN floor.physician p ON p.id = x.physician_id
    LEFT JOIN floor.activity a ON a.number = s.activity
), landed AS (
    INSERT INTO floor.credit (physician_id, activity_id, completed_on, amount, batch_id)
    SELECT physician_id, activity_id, completed_on, amount, 1 FROM matched WHERE verdict = 'ok' AND nth = 1
    ON CONFLICT (physician_id, activity_id) DO NOTHING RETURNING id, physician_id, activity_id
)
INSERT INTO floor.outcome
SELECT m.row, CASE WHEN m.verdict <> 'ok' THEN m.verdict WHEN m.nth > 1 THEN 'repeated'
    WHEN l.id IS NULL THEN 'known' ELSE 'added' END, l.id
FROM matched m LEFT JOIN landed l USING (physician_id, activity_id)
"""
_STATES = {name: code for code, name in STATE_NAMES.items()}
_PLAIN = {code: None for code in range(128) if not chr(code).isalnum()}


def prepare(connection: psycopg.Connection[tuple[object, ...]], everyone: list[Person]) -> None:
    """The floor's own tables, filled with the same people."""
    connection.execute(_TABLES)
    with connection.cursor().copy("COPY floor.physician FROM STDIN") as copy:
        for number, person in enumerate(everyone):
            copy.write_row((number, person.last.upper(), person.month_day))
    with connection.cursor().copy("COPY floor.license FROM STDIN") as copy:
        for number, person in enumerate(everyone):
            copy.write_row((number, number, person.state, person.number))
    connection.execute(_KEYS)
    connection.execute(_SETTLED)


def run(connection: psycopg.Connection[tuple[object, ...]], path: Path) -> float:
    """Seconds from file to committed credits; what was added is taken away again afterwards."""
    connection.execute("CHECKPOINT") if connection.info.user == "postgres" else None
    start = time.perf_counter()
    lines = [line for line in map(_line, range(3, 10_000_000), _read(path)) if line]
    with connection.transaction():
        with connection.cursor().copy("COPY floor.stage FROM STDIN") as copy:
            for first in range(0, len(lines), 5_000):
                copy.write("".join(lines[first : first + 5_000]))
        connection.execute("ANALYZE floor.stage")
        connection.execute(_MATCH)
    seconds = time.perf_counter() - start
    connection.execute("TRUNCATE floor.credit, floor.stage, floor.outcome")
    return seconds


def _read(path: Path) -> Iterator[list[Any]]:
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            text = csv.reader(file)
            next(text)
            for row in text:
                month, day, year = row[2].split("/")
                row[2] = date(int(year), int(month), int(day))  # type: ignore[call-overload]
                yield row
        return
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    next(sheet), next(sheet)
    yield from sheet


def _line(number: int, row: Any) -> str | None:
    action, activity, day, first, last, birthday, state, license_number, amount, *_ = row
    code = _STATES.get(str(state))
    quarters = float(str(amount)) * 4
    month, _, of_month = str(birthday).partition("/")
    if (
        action not in ("Add", "Delete")
        or not isinstance(day, date)
        or code is None
        or not first
        or not last
        or quarters <= 0
        or quarters != int(quarters)
        or not (1 <= int(month) <= 12 and 1 <= int(of_month) <= 31)
        or not (len(str(activity)) == 9 and str(activity).isdigit())
    ):
        return None
    key = str(license_number).upper().translate(_PLAIN)
    last_key = str(last).upper().translate(_PLAIN)
    return f"{number}\t{code}\t{key}\t{last_key}\t{month}{of_month}\t{activity}\t{day}\t{amount}\n"
