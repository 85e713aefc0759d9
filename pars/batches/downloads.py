"""The files an upload gives back: the rows to fix in their sender's own workbook, the result, the original.

Each is written whole before it is answered with, and each leaves an event.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO

from pars.access.actor import Actor
from pars.access.secrets import key_for
from pars.audit.actions import record

from . import vault
from .actions import stored_path
from .answers import layout_for
from .corrections import row_key
from .kinds import kind_named
from .models import Batch, Status
from .readers import Header, detect, read
from .report import Report, ToFix
from .workbook import Reasons, write_errors, write_rows


def has_original(batch: Batch) -> bool:
    """The stored upload is still kept (30 days; never for a file that was too large)."""
    return bool(batch.stored_as)


def has_error_workbook(batch: Batch) -> bool:
    """There are rows to fix, and the upload they stand in is still kept."""
    return batch.status == Status.DONE and batch.failed > 0 and has_original(batch)


def error_workbook(*, batch: Batch, by: Actor, at: datetime) -> IO[bytes]:
    """The rows to fix as an .xlsx: what was sent as one keeps its sheets and styles, the rest becomes new."""
    header = header_of(batch)
    kind = kind_named(batch.kind)
    found = Report.of(batch).to_fix()
    keys = {row: row_key(batch.pk, row, batch.organization_id) for row in found}
    with vault.open_plain(stored_path(batch), key_for("upload")) as plain:
        # Beside the plain upload, so that it vanishes with it; the open file stays readable.
        target = plain.with_name("errors")
        if detect(plain, batch.file_name) == "xlsx":
            write_errors(plain, target, header=header, reasons=_reasons(header, found), keys=keys)
        else:
            with read(plain, layout=layout_for(batch), name=batch.file_name) as rows:
                header, to_fix = kind.as_table(header, (row for row in rows if row.number in found))
                write_rows(target, header=header, rows=to_fix, reasons=_reasons(header, found), keys=keys)
        record("batch.errors_downloaded", by=by, of=batch, at=at, rows=len(found))
        return target.open("rb")


def result_json(*, batch: Batch, by: Actor, at: datetime) -> IO[bytes]:
    """The whole result as the command line gives it, UTF-8."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    file.write(json.dumps(Report.of(batch).as_json(), ensure_ascii=False, indent=1).encode())
    file.seek(0)
    record("batch.result_downloaded", by=by, of=batch, at=at)
    return file


def original(*, batch: Batch, by: Actor, at: datetime) -> IO[bytes]:
    """The file as it was sent."""
    with vault.open_plain(stored_path(batch), key_for("upload")) as plain:
        record("batch.original_downloaded", by=by, of=batch, at=at)
        return plain.open("rb")


def error_workbook_name(batch: Batch) -> str:
    """ "learners.csv" → "learners to fix.xlsx"."""
    return f"{Path(batch.file_name).stem} to fix.xlsx"


def _reasons(header: Header, found: Mapping[int, tuple[ToFix, ...]]) -> Reasons:
    """Row → the place of each column in the header, and the sentence."""
    places = {key: place for place, key in reversed(list(enumerate(header.keys)))}

    @cache
    def placed(several: tuple[ToFix, ...]) -> tuple[tuple[int | None, str], ...]:
        return tuple((places.get(one.column), one.sentence) for one in several)

    return {row: placed(several) for row, several in found.items()}


def header_of(batch: Batch) -> Header:
    """The row of headings that the batch was read under."""
    found = batch.header
    return Header(found["sheet"], found["row"], tuple(found["headings"]), tuple(found["keys"]))
