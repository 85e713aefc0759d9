"""manage.py import_nppes FILE: the national NPPES file into the registry. Started again, it goes on from there."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from boards.nppes import importing
from boards.nppes.models import NppesImport
from learners.tasks import retry_waiting
from pars.access.errors import DomainError
from pars.batches.tasks import wake


class Command(BaseCommand):
    help = (
        "Import the physicians of an NPPES Data Dissemination file (npidata_pfile_….csv, unpacked). "
        "Each block of rows is one transaction; stopped at any moment, the same command goes on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        self._last = time.monotonic(), None
        try:
            done = importing.run(options["file"], tell=self._tell)
        except OSError as error:
            raise CommandError(f"The file could not be opened: {error.strerror}.", returncode=2) from error
        except importing.ImportedAlready as answer:
            self.stdout.write(str(answer))
            return
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        wake(retry_waiting)
        self.stdout.write(
            f"Rows {done.rows:,}, of physicians {done.physicians:,}: new {done.added:,}, brought up to date "
            f"{done.changed:,}. Licenses added {done.licenses:,}, waiting for a board of their state and degree "
            f"{done.aside:,}, on record for somebody else and left there {done.conflicts:,}."
        )

    def _tell(self, progress: NppesImport) -> None:
        """One line a block, with its rows a second."""
        moment = time.monotonic()
        before, rows = self._last
        self._last = moment, progress.rows  # type: ignore[assignment]
        speed = f", {(progress.rows - rows) / (moment - before):,.0f} a second" if rows else ""
        percent = 100 * progress.offset // max(progress.size, 1)
        self.stdout.write(f"{progress.rows:,} rows, {percent} %{speed}")
        self.stdout.flush()
