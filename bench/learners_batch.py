"""A workbook of learner credit, from the upload to committed credits, beside the floor and django-import-export.

    make bench
    make bench ARGS="--rows 10000"
    make bench ARGS="--growth"

Prints seconds, and ratios to the floor measured a moment before; take the ratios.
"""

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_worker"
django.setup()

from django.utils.timezone import now

from bench import floor, peers
from bench.cast import Person, connect, people, rows, write_csv, write_workbook
from bench.worker import Worker
from bench.world import registry
from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.actions import receive
from pars.batches.kinds import kind_named
from pars.batches.models import Batch

PEER_ROWS = 2_000
SMALL_ROWS = 100
SMALL_RUNS = 7
GROWTH = ((1_000, "xlsx"), (10_000, "xlsx"), (100_000, "xlsx"), (100_000, "csv"), (500_000, "csv"))


@dataclass(frozen=True)
class Bench:
    """What every measurement needs: the database's owner, the world in it, a worker, and a folder for files."""

    owner: psycopg.Connection[tuple[object, ...]]
    provider: Organization
    everyone: list[Person]
    worker: Worker
    folder: Path

    def file(self, made: list[tuple[object, ...]], kind: str = "xlsx") -> Path:
        path = self.folder / f"{len(made)}.{kind}"
        (write_csv if kind == "csv" else write_workbook)(path, made)
        return path


def ours(provider: Organization, path: Path, worker: Worker) -> tuple[dict[str, float], Batch]:
    """What each step took, upload by upload: seconds, and the worker's memory; the finished batch."""
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    start = time.perf_counter()
    with path.open("rb") as upload, acting_as(actor):
        batch = receive(
            kind=kind_named("learners"), upload=upload, name=path.name, organization_id=provider.pk, by=actor,
            at=now(), options={"consent": "written"},
        ).batch  # fmt: skip
    received = time.perf_counter()
    told = worker.run(batch.pk)
    total = time.perf_counter() - start
    with acting_as(actor):
        batch.refresh_from_db()
    return {"receive": received - start, "total": total} | told, batch


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


def whole(options: argparse.Namespace, bench: Bench, made: list[tuple[object, ...]]) -> None:
    """The file of `--rows`, several times, beside the floor of the same minute; then what others take."""
    path = bench.file(made)
    print(
        f"{len(made):,} rows, {path.stat().st_size / 1e6:.1f} MB, registry of {options.people:,}", flush=True
    )
    lowest, taken = [], []
    for _ in range(options.runs):
        lowest.append(floor.run(bench.owner, path))
        steps, batch = ours(bench.provider, path, bench.worker)
        with acting_as(Actor.system_job("bench")):
            standing = Credit.objects.count()
        undo(bench.owner)
        taken.append(steps)
        named = "  ".join(f"{name} {steps[name]:.2f}" for name in ("receive", "scan", "process", "total"))
        print(
            f"floor {lowest[-1]:.2f} s   ours {named} s   {steps['total'] / lowest[-1]:.2f}x   {batch.added:,} added, "
            f"{batch.parked:,} parked, {batch.failed:,} to fix, {standing:,} credits",
            flush=True,
        )
    peer = peers.run(bench.owner, made[:PEER_ROWS]) * len(made) / PEER_ROWS
    least, total = statistics.median(lowest), statistics.median(steps["total"] for steps in taken)
    ratio = statistics.median(steps["total"] / low for steps, low in zip(taken, lowest, strict=True))
    memory = {name: max(steps.get(name, 0) for steps in taken) for name in ("worker", "helper", "reader")}
    print(f"floor                 {least:8.2f} s   {len(made) / least:10,.0f} rows/s   1.00x")
    print(f"ours                  {total:8.2f} s   {len(made) / total:10,.0f} rows/s   {ratio:.2f}x")
    print(
        f"django-import-export  {peer:8.2f} s   {len(made) / peer:10,.0f} rows/s   {peer / least:.2f}x "
        f"(scaled from {PEER_ROWS:,} rows)"
    )
    print(f"ours is {peer / total:.1f}x as fast as django-import-export")
    print(
        f"peak memory: the worker's processes {memory['worker']:.0f} and {memory['helper']:.0f} MiB, "
        f"the child that reads {memory['reader']:.0f} MiB"
    )


def small(options: argparse.Namespace, bench: Bench) -> None:
    """A file of `SMALL_ROWS`, from upload to result."""
    path = bench.file(rows(bench.everyone, SMALL_ROWS))
    ours(bench.provider, path, bench.worker)
    times = [ours(bench.provider, path, bench.worker)[0]["total"] for _ in range(SMALL_RUNS)]
    undo(bench.owner)
    print(
        f"{SMALL_ROWS} rows: {statistics.median(times) * 1000:.0f} ms from upload to result "
        f"(best {min(times) * 1000:.0f})",
        flush=True,
    )


def growth(options: argparse.Namespace, bench: Bench) -> None:
    """Rows a second of smaller and larger files; they should never fall."""
    for size, kind in GROWTH:
        path = bench.file(rows(bench.everyone, size), kind)
        lowest, taken = [], []
        for _ in range(options.runs):
            lowest.append(floor.run(bench.owner, path))
            taken.append(ours(bench.provider, path, bench.worker)[0]["total"])
            undo(bench.owner)
        ratio = statistics.median(total / low for total, low in zip(taken, lowest, strict=True))
        print(
            f"{size:>9,} rows {kind:<4}  {size / statistics.median(taken):10,.0f} rows/s  floor "
            f"{size / statistics.median(lowest):10,.0f} rows/s  {ratio:.2f}x",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="rows a second from 1,000 to 500,000 rows")
    options = parser.parse_args()
    everyone = people(options.people)
    owner = connect(os.environ["DATABASE_URL"])
    provider = registry(owner, everyone)
    floor.prepare(owner, everyone)
    with tempfile.TemporaryDirectory() as folder, Worker() as worker:
        bench = Bench(owner, provider, everyone, worker, Path(folder))
        small(options, bench)
        if options.growth:
            growth(options, bench)
        whole(options, bench, rows(everyone, options.rows))


if __name__ == "__main__":
    main()
