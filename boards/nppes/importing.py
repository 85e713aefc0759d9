"""Brings an NPPES file into the registry, a block of its rows a transaction, and goes on where it stopped.

NPPES knows no birthday, and what it says of a license is the holder's own word: credit for a physician from here waits
until a board or the physician tells the birthday, and a license stays unconfirmed until its board lists it. Nothing
that a board or a claim has said is changed.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.copying import copy_line

from .models import NppesImport
from .reading import Columns, Entry, columns, entry, lines

BLOCK = 50_000
_SYSTEM = Actor.system_job("nppes")
_EDGE = 1024 * 1024
_SQL = Path(__file__).parent / "sql"
_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    npi text, degree text, first_name text, middle_name text, last_name text, suffix text, first_key text, last_key text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_license (npi text, degree text, state text, number text, number_key text) ON COMMIT DROP
"""


class ImportedAlready(DomainError):
    """The very same file is in."""


class SomebodyElse(DomainError):
    """Another process reads this file."""

    def __str__(self) -> str:
        return "Another process is importing this file. Let it finish, or stop it first."


@dataclass(frozen=True)
class Counted:
    """What became of one block."""

    physicians: int = 0
    added: int = 0
    changed: int = 0
    licenses: int = 0
    aside: int = 0
    conflicts: int = 0


def run(path: Path, *, block: int = BLOCK, tell: Callable[[NppesImport], None]) -> NppesImport:
    """Import the file at `path` from where it was left, `tell` being called after each block; the finished import.

    Raises NotNppes, ImportedAlready and SomebodyElse.
    """
    with path.open("rb") as file:
        progress = _begin(file, path.name)
        file.seek(0)
        where = columns(file.readline())
        if progress.offset:
            file.seek(progress.offset)
        while not progress.finished_at:
            progress = _take_block(file, where, progress, block)
            tell(progress)
    return progress


def place_aside(*, at: datetime) -> int:
    """Give the licenses that waited for a board their place; how many. The caller acts as the operator."""
    with connection.cursor() as cursor:
        cursor.execute(_statement("place_aside"), {"now": at})
        return int(cursor.fetchone()[0])


def _begin(file: BinaryIO, name: str) -> NppesImport:
    size = os.fstat(file.fileno()).st_size
    at = now()
    with acting_as(_SYSTEM):
        progress, is_new = NppesImport.objects.get_or_create(
            fingerprint=_fingerprint(file, size),
            defaults={"file_name": name[:200], "size": size, "started_at": at},
        )
        if is_new:
            place_aside(at=at)
            record("nppes.started", by=_SYSTEM, at=at, of=progress, size=size)
    if progress.finished_at:
        raise ImportedAlready(
            f"This file was imported on {progress.finished_at:%B %d, %Y}. There is nothing to do."
        )
    return progress


def _fingerprint(file: BinaryIO, size: int) -> str:
    """Tells one month's file from another's without reading its ten gigabytes twice: size, first and last megabyte."""
    digest = hashlib.sha256(str(size).encode())
    digest.update(file.read(_EDGE))
    file.seek(max(0, size - _EDGE))
    digest.update(file.read(_EDGE))
    return digest.hexdigest()


def _take_block(file: BinaryIO, where: Columns, progress: NppesImport, block: int) -> NppesImport:
    started = progress.offset or file.tell()
    taken = list(islice(lines(file), block))
    # Whoever wrote a number twice in one block is taken by the last of its lines.
    entries = {found.npi: found for line in taken if (found := entry(line, where))}
    at = now()
    with acting_as(_SYSTEM):
        held = NppesImport.objects.select_for_update().get(pk=progress.pk)
        if held.offset != progress.offset or held.finished_at:
            raise SomebodyElse
        counted = _land(list(entries.values()), at) if entries else Counted()
        held.offset = started + sum(map(len, taken))
        held.rows += len(taken)
        for name, number in vars(counted).items():
            setattr(held, name, getattr(held, name) + number)
        if len(taken) < block:
            held.finished_at = at
            record(
                "nppes.imported",
                by=_SYSTEM,
                at=at,
                of=held,
                rows=held.rows,
                physicians=held.physicians,
                licenses=held.licenses,
            )
        held.save()
    return held


def _land(entries: list[Entry], at: datetime) -> Counted:
    params: dict[str, Any] = {"now": at}
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for text in _copied(found[:-1] for found in entries):
                copy.write(text)
        with cursor.copy("COPY incoming_license FROM STDIN") as copy:
            for text in _copied(
                (found.npi, found.degree, *held) for found in entries for held in found.licenses
            ):
                copy.write(text)
        cursor.execute("ANALYZE incoming; ANALYZE incoming_license")
        cursor.execute(_statement("meet"))
        cursor.execute(_statement("physicians"), params)
        added, changed = cursor.fetchone()
        cursor.execute(_statement("licenses"), params)
        licenses, aside, conflicts = cursor.fetchone()
        cursor.execute("DROP TABLE incoming, incoming_license, placed, met")
    return Counted(len(entries), added, changed, licenses, aside, conflicts)


def _copied(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    """COPY text, a thousand rows a piece."""
    while piece := "".join([copy_line(row) + "\n" for row in islice(rows, 1_000)]):
        yield piece


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
