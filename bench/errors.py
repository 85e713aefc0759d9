"""The workbook of rows to fix: every row of the sender's own comes back with its reason.

    make bench ARGS=errors
    make bench ARGS="errors --rows 10000"

The floor is xlsxwriter writing the same cells to a new workbook, in its mode for large files: no issue read, nothing of
the sender's kept. Prints seconds, the ratio and the process's peak memory; exits 1 when the bar is missed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_worker"
django.setup()

import xlsxwriter
from django.utils.timezone import now
from python_calamine import CalamineWorkbook

from bench.cast import connect, people, rows, write_workbook
from bench.worker import most_memory
from bench.world import registry
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches import engine
from pars.batches.actions import receive
from pars.batches.downloads import error_workbook
from pars.batches.kinds import kind_named
from pars.batches.models import Batch

BAR = 3.0  # seconds, at 100,000 rows
DAY, BIRTHDAY, AMOUNT = 2, 5, 8


def bad_rows(count: int) -> list[tuple[object, ...]]:
    """A provider's rows, each with one mistake, every third with two."""
    made: list[tuple[object, ...]] = []
    for n, row in enumerate(rows(people(10_000), count)):
        cells = list(row)
        cells[(DAY, BIRTHDAY, AMOUNT)[n % 3]] = ("soon", "13/45", "many")[n % 3]
        if n % 3 == 0:
            cells[AMOUNT] = "1.3"
        made.append(tuple(cells))
    return made


def sent(provider: Organization, path: Path) -> Batch:
    """The file as a finished batch."""
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    with path.open("rb") as upload, acting_as(actor):
        batch = receive(
            kind=kind_named("learners"), upload=upload, name=path.name, organization_id=provider.pk, by=actor,
            at=now(), options={"consent": "written"},
        ).batch  # fmt: skip
    engine.run(batch.pk)
    with acting_as(actor):
        batch.refresh_from_db()
    return batch


def floor(cells: list[list[Any]], target: Path) -> None:
    """The cells of the workbook that ours makes, written to a new one."""
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "default_date_format": "mm/dd/yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate(cells):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(number, column, value)
    book.close()


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def forget_most_memory() -> float:
    """Let the peak be counted anew; MiB that are held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return most_memory()


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    provider = registry(connect(os.environ["DATABASE_URL"]), people(1))
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name, "learners.xlsx"), Path(name, "to fix.xlsx")
        write_workbook(source, bad_rows(options.rows))
        batch = sent(provider, source)
        assert batch.failed == options.rows, f"{batch.failed:,} rows are to be fixed"

        def ours() -> None:
            with acting_as(actor), error_workbook(batch=batch, by=actor, at=now()) as file:
                target.write_bytes(file.read())

        before = forget_most_memory()
        ours()
        memory = most_memory()
        cells = CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert len(cells) == options.rows + 2, f"{len(cells):,} rows came back"
        runs = [
            (timed(lambda: floor(cells, Path(name, "floor.xlsx"))), timed(ours)) for _ in range(options.runs)
        ]
    lowest, taken = (statistics.median(times) for times in zip(*runs, strict=True))
    ratio = statistics.median(ours / low for low, ours in runs)
    bar = BAR * options.rows / 100_000
    print(
        f"{options.rows:,} rows to fix, as their sender's workbook: {taken:.2f} s (bar {bar:.2f})\n"
        f"the same cells written by xlsxwriter alone: {lowest:.2f} s; ours is {ratio:.2f}x of that\n"
        f"peak memory {memory:.0f} MiB, of which {before:.0f} MiB were held before"
    )
    sys.exit(taken > bar)
