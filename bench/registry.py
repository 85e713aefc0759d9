"""The registry filled: an NPPES file, then a board's roster, each into what is there already.

    python -m pars.devstack exec -- python -m bench.registry [--rows 500000] [--roster 100000]

Prints rows a second of one run on this machine, file reading included.
"""

import argparse
import csv
import os
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_worker"
django.setup()

from django.db import connection
from django.utils.timezone import now

from bench import nppes_file
from bench.cast import STATES, people
from boards.models import Board
from boards.nppes import importing
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches import processing, scanning
from pars.batches.actions import receive
from pars.batches.kinds import kind_named

_HEADINGS = ("License Number", "License Type", "First Name", "Last Name", "Birth MM/DD", "Status", "Expires")


def boards() -> Organization:
    """A board of MDs for each state but one, which has none; the first of them."""
    with acting_as(Actor.system_job("bench")):
        made = [
            Organization.objects.create(kind=OrganizationKind.BOARD, code=f"{state}-MD", name=state)
            for state in STATES[:-1]
        ]
        Board.objects.bulk_create(
            Board(organization=board, state=board.name, licenses_md=True) for board in made
        )
    return made[0]


def nppes(folder: Path, rows: int, physicians: float) -> None:
    path = folder / f"npidata_{physicians}.csv"
    nppes_file.write(path, rows, physicians=physicians)
    start = time.perf_counter()
    done = importing.run(path, tell=lambda progress: None)
    seconds = time.perf_counter() - start
    print(
        f"NPPES {done.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB: {seconds:.2f} s, {done.rows / seconds:,.0f} "
        f"rows/s   {done.physicians:,} physicians, {done.added:,} new; {done.licenses:,} licenses",
        flush=True,
    )
    path.unlink()


def roster(folder: Path, board: Organization, rows: int) -> None:
    path = folder / "roster.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for number, person in enumerate(people(rows)):
            born = f"{person.month_day[:2]}/{person.month_day[2:]}"
            row = (f"R{number}", "MD", person.first, person.last, born, "Active", "12/31/2027")
            writer.writerow(row)
    for what in ("new", "again"):
        actor = Actor.organization(board.pk, OrganizationKind.BOARD)
        start = time.perf_counter()
        with path.open("rb") as upload, acting_as(actor):
            batch = receive(
                kind=kind_named("rosters"), upload=upload, name=path.name, organization_id=board.pk, by=actor,
                at=now(), options={"coverage": "full"},
            ).batch  # fmt: skip
        scanning.scan(batch.pk)
        middle = time.perf_counter()
        processing.process(batch.pk)
        end = time.perf_counter()
        with acting_as(actor):
            batch.refresh_from_db()
        print(
            f"roster {rows:,} rows {what}: read {middle - start:.2f} s, landed {end - middle:.2f} s, "
            f"{rows / (end - start):,.0f} rows/s   {batch.added:,} added, {batch.unchanged:,} unchanged, "
            f"{batch.failed:,} to fix",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--roster", type=int, default=100_000)
    options = parser.parse_args()
    first = boards()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nppes(folder, options.rows, 0.15)
        nppes(folder, options.rows // 5, 1.0)
        roster(folder, first, options.roster)
    connection.close()


if __name__ == "__main__":
    main()
