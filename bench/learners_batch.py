"""A workbook of learner credit, from the upload to committed credits, beside the floor and django-import-export.

    make bench
    make bench ARGS="--rows 10000"

Prints seconds and ratios of one run; take ratios, not seconds.
"""

import argparse
import itertools
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_worker"
django.setup()

from django.db import connection
from django.utils.timezone import now

from bench import floor, peers
from bench.cast import ACTIVITIES, FIRST_ACTIVITY, STATES, Person, connect, people, rows, write_workbook
from learners import birthday
from learners.models import Credit
from learners.names import fold
from learners.numbers import license_key
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches import processing, scanning
from pars.batches.actions import receive
from pars.batches.kinds import kind_named
from pars.batches.models import Batch

PEER_ROWS = 2_000

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    id bigint, board_id bigint, state text, number text, number_key text, first_name text, last_name text,
    first_key text, last_key text, birthday bytea)
"""
_ENROLL = """
INSERT INTO learners_physician (
    id, degree, first_name, last_name, first_key, last_key, birthday, source, created_at)
SELECT id, 'MD', first_name, last_name, first_key, last_key, birthday, 'roster', now() FROM incoming;
INSERT INTO learners_license (
    physician_id, board_id, state, degree, number, number_key, first_key, last_key, status)
SELECT id, board_id, state, 'MD', number, number_key, first_key, last_key, 'active' FROM incoming;
"""


def registry(owner: object, everyone: list[Person]) -> Organization:
    """The people as physicians with one license each, and one provider with its activities."""
    provider = Organization.objects.create(
        kind=OrganizationKind.PROVIDER, code="0009999", name="Bench Provider"
    )
    boards = {
        state: Organization.objects.create(kind=OrganizationKind.BOARD, code=f"{state}-B", name=state).pk
        for state in STATES
    }
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE pars_owner")
        # COPY is refused on tables with row security, even to their owner.
        cursor.execute(_INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for number, person in enumerate(everyone, 1):
                copy.write_row(
                    (
                        number,
                        boards[person.state],
                        person.state,
                        person.number,
                        license_key(person.number),
                        person.first,
                        person.last,
                        fold(person.first),
                        fold(person.last),
                        birthday.encrypt(person.month_day),
                    )
                )
        cursor.execute(_ENROLL)
        cursor.execute(
            "INSERT INTO activities_activity (organization_id, activity_id, provider_activity_id, title, description, "
            "format, delivery, start_on, end_on, city, state, country, credits, listed, tags, providership, "
            "created_at, updated_at) SELECT %s, (%s + n)::text, '', 'Session ' || n, 'Measured.', 'Enduring Material', "
            "'{Online}', '2025-01-01', '2026-12-31', '', '', '', 16, false, '{}', 'direct', now(), now() "
            "FROM generate_series(0, %s) n",
            [provider.pk, FIRST_ACTIVITY, ACTIVITIES - 1],
        )
        cursor.execute("ANALYZE")
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE pars_worker")
    return provider


def ours(provider: Organization, path: Path) -> tuple[dict[str, float], Batch]:
    """Seconds of each step, as a worker takes them; the finished batch."""
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    marks = [time.perf_counter()]
    with path.open("rb") as upload, acting_as(actor):
        batch = receive(
            kind=kind_named("learners"), upload=upload, name=path.name, organization_id=provider.pk, by=actor,
            at=now(), options={"consent": "written"},
        ).batch  # fmt: skip
    marks.append(time.perf_counter())
    scanning.scan(batch.pk)
    marks.append(time.perf_counter())
    processing.process(batch.pk)
    marks.append(time.perf_counter())
    with acting_as(actor):
        batch.refresh_from_db()
    steps = dict(
        zip(
            ("receive", "scan", "process"),
            (b - a for a, b in itertools.pairwise(marks)),
            strict=True,
        )
    )
    return steps | {"total": marks[-1] - marks[0]}, batch


def undo(owner: object) -> None:
    """Take the batch away, so that the next run starts where this one did: past the triggers that keep records."""
    kept = (
        "learners_credit",
        "learners_creditversion",
        "learners_creditpoints",
        "batches_batch",
        "batches_row",
    )
    for table in kept:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER all_are_kept")  # type: ignore[attr-defined]
    owner.execute(  # type: ignore[attr-defined]
        "TRUNCATE learners_credit, learners_creditversion, learners_creditpoints, learners_learner, learners_guess, "
        "batches_row, batches_issue, batches_chunk, batches_batch, audit_event, audit_subject, audit_seal, "
        "audit_unsealed, learners_stagedcredit CASCADE"
    )
    for table in kept:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER all_are_kept")  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    everyone = people(options.people)
    made = rows(everyone, options.rows)
    owner = connect(os.environ["DATABASE_URL"])
    provider = registry(owner, everyone)
    floor.prepare(owner, everyone)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "learners.xlsx"
        write_workbook(path, made)
        print(
            f"{options.rows:,} rows, {path.stat().st_size / 1e6:.1f} MB, registry of {options.people:,}",
            flush=True,
        )
        lowest = []
        taken = []
        for _ in range(options.runs):
            lowest.append(floor.run(owner, path))
            steps, batch = ours(provider, path)
            with acting_as(Actor.system_job("bench")):
                standing = Credit.objects.count()
            taken.append(steps)
            print(
                f"floor {lowest[-1]:.2f} s   ours "
                + "  ".join(f"{name} {seconds:.2f}" for name, seconds in steps.items())
                + f" s   {batch.added:,} added, {batch.parked:,} parked, {batch.failed:,} to fix, "
                f"{standing:,} credits",
                flush=True,
            )
            undo(owner)
    peer = peers.run(owner, made[:PEER_ROWS]) * options.rows / PEER_ROWS
    least, total = statistics.median(lowest), statistics.median(steps["total"] for steps in taken)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"floor                 {least:8.2f} s   {options.rows / least:10,.0f} rows/s   1.00x")
    print(
        f"ours                  {total:8.2f} s   {options.rows / total:10,.0f} rows/s   {total / least:.2f}x"
    )
    print(
        f"django-import-export  {peer:8.2f} s   {options.rows / peer:10,.0f} rows/s   {peer / least:.2f}x "
        f"(scaled from {PEER_ROWS:,} rows)"
    )
    print(
        f"ours is {peer / total:.1f}x as fast as django-import-export; peak memory of this process {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()
