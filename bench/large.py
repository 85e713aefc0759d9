"""The workbook of 100,000 rows where 2 million credits are on record, and where 20 million are.

    make bench-large
    make bench-large ARGS="--stored 200000 2000000"

Stored credit is filled in by SQL: each physician known to several providers, five courses with each, over six years.
Its indexes are made anew afterwards, and all is vacuumed and analyzed as autovacuum leaves it. Prints the disk that
takes, and seconds, each beside the floor of the same minute, which does not depend on what is stored; the ratio is that
of the multiples of the floor. Exits 1 when the bar is missed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import floor
from bench.cast import SEED, Person, connect, people, rows, write_workbook
from bench.learners_batch import ours
from bench.worker import Worker
from bench.world import registry
from pars.access.models import Organization

BAR = 1.3
PROVIDERS = 100
ACTIVITIES_A_PROVIDER = 50
CREDITS_A_LEARNER = 5

_PROVIDERS = f"""
INSERT INTO access_organization (kind, code, name, time_zone, created_at)
SELECT 'provider', (8000000 + n)::text, 'Provider ' || n, 'America/Chicago', now()
FROM generate_series(1, {PROVIDERS}) n;
CREATE TABLE floor.provider AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM access_organization WHERE code LIKE '8______';
INSERT INTO activities_activity (
    organization_id, activity_id, provider_activity_id, title, description, format, delivery, start_on, end_on, city,
    state, country, credits, listed, tags, providership, created_at, updated_at)
SELECT p.id, (700000000 + p.nth * 1000 + n)::text, '', 'Course ' || n, 'Stored.', 'Enduring Material', '{{Online}}',
    '2020-01-01', '2026-12-31', '', '', '', 16, false, '{{}}', 'direct', now(), now()
FROM floor.provider p, generate_series(0, {ACTIVITIES_A_PROVIDER - 1}) n;
CREATE TABLE floor.course AS
SELECT a.id, a.organization_id, row_number() OVER (PARTITION BY a.organization_id ORDER BY a.id) - 1 AS nth
FROM activities_activity a JOIN floor.provider p ON p.id = a.organization_id;
CREATE INDEX ON floor.course (organization_id, nth);
ANALYZE floor.provider, floor.course;
"""
# Round `r` of wordings: each physician is known to one more provider. `LIMIT` cuts the last round short.
_LEARNERS = f"""
INSERT INTO learners_learner (
    organization_id, fingerprint, first_name, last_name, first_key, last_key, state, number, number_key, birthday,
    physician_id, verdict, rule, matched_at, created_at)
SELECT o.id, sha256(convert_to(p.id || '/' || %(round)s, 'UTF8')), p.first_name, p.last_name, p.first_key, p.last_key,
    x.state, x.number, x.number_key, p.birthday, p.id, 'matched', 3, now(), now()
FROM learners_physician p
JOIN learners_license x ON x.physician_id = p.id
JOIN floor.provider o ON o.nth = (p.id + %(round)s * 37) %% {PROVIDERS}
ORDER BY hashint8(p.id)
LIMIT %(many)s
"""
_CREDITS = f"""
INSERT INTO learners_credit (
    organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, due_on, consent,
    batch_id, row, first_reported_at, changed_at)
SELECT l.organization_id, l.id, l.physician_id, c.id, 1, (1 + (l.id + n) %% 16) * 0.25, d.day, d.day + 30, 'written',
    md5((l.id / 1000)::text || n)::uuid, l.id %% 1000, d.day, d.day
FROM generate_series(0, {CREDITS_A_LEARNER - 1}) n
JOIN learners_learner l ON l.id > %(after)s
JOIN floor.course c ON c.organization_id = l.organization_id AND c.nth = (l.id + n * 7) %% {ACTIVITIES_A_PROVIDER}
CROSS JOIN LATERAL (SELECT date '2020-06-01' + (n * 400 + l.id %% 400)::int AS day) d
ORDER BY d.day
"""
_TABLES = ("learners_learner", "learners_credit")
_SIZE = "SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(ARRAY['learners_learner', 'learners_credit']) t"
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
WHERE i.indrelid = %s::regclass AND c.oid IS NULL
"""


@dataclass
class Large:
    """What both measurements share."""

    owner: psycopg.Connection[tuple[object, ...]]
    provider: Organization
    everyone: list[Person]
    worker: Worker
    folder: Path
    files: int = 0
    rounds: int = 0

    def stored(self) -> int:
        [count] = self.owner.execute("SELECT count(*) FROM learners_credit").fetchone() or (0,)
        return int(str(count))

    def fill(self, credit: int) -> None:
        """Add credit until so many are on record."""
        start = time.perf_counter()
        while (short := credit - self.stored()) >= CREDITS_A_LEARNER:
            self._fill_a_round(short)
        self.owner.execute(f"VACUUM (ANALYZE) {', '.join(_TABLES)}")
        [bytes_] = self.owner.execute(_SIZE).fetchone() or (0,)
        print(
            f"{self.stored():,} credits stored in {time.perf_counter() - start:.0f} s; credits and learners take "
            f"{int(str(bytes_)) / 1e9:.1f} GB with their indexes",
            flush=True,
        )

    def _fill_a_round(self, short: int) -> None:
        indexes = [index for table in _TABLES for index in self.owner.execute(_INDEXES, [table]).fetchall()]
        for name, _ in indexes:
            self.owner.execute(f"DROP INDEX {name}".encode())
        [after] = self.owner.execute("SELECT coalesce(max(id), 0) FROM learners_learner").fetchone() or (0,)
        self.owner.execute(_LEARNERS.encode(), {"round": self.rounds, "many": -(-short // CREDITS_A_LEARNER)})
        self.owner.execute("ANALYZE learners_learner")
        self.owner.execute(_CREDITS.encode(), {"after": after})
        for _, definition in indexes:
            self.owner.execute(str(definition).encode())
        self.rounds += 1

    def measure(self, runs: int, count: int) -> tuple[float, float]:
        """Medians of seconds and of multiples of the floor, each run with rows that were never sent before."""
        stored, seconds, multiples = self.stored(), [], []
        for _ in range(runs):
            self.files += 1
            path = self.folder / f"{self.files}.xlsx"
            write_workbook(path, rows(self.everyone, count, seed=SEED + self.files))
            lowest = floor.run(self.owner, path)
            steps, batch = ours(self.provider, path, self.worker)
            seconds.append(steps["total"])
            multiples.append(steps["total"] / lowest)
            print(
                f"{stored:>11,} stored   floor {lowest:.2f} s   ours {steps['total']:.2f} s (scan {steps['scan']:.2f}, "
                f"process {steps['process']:.2f})   {multiples[-1]:.2f}x   {batch.added:,} added",
                flush=True,
            )
        return statistics.median(seconds), statistics.median(multiples)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stored", type=int, nargs=2, default=(2_000_000, 20_000_000))
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    everyone = people(options.people)
    owner = connect(os.environ["DATABASE_URL"])
    owner.execute("SET maintenance_work_mem = '1GB'")
    provider = registry(owner, everyone)
    floor.prepare(owner, everyone)
    owner.execute(_PROVIDERS.encode())
    with tempfile.TemporaryDirectory() as folder, Worker() as worker:
        large = Large(owner, provider, everyone, worker, Path(folder))
        measured = []
        for credit in options.stored:
            large.fill(credit)
            measured.append(large.measure(options.runs, options.rows))
    (few_seconds, few), (many_seconds, many) = measured
    print(
        f"with {options.stored[1]:,} stored: {many / few:.2f}x of what it takes with {options.stored[0]:,} "
        f"(bar {BAR}); by the clock alone {many_seconds / few_seconds:.2f}x"
    )
    sys.exit(many / few > BAR)


if __name__ == "__main__":
    main(sys.argv[1:])
