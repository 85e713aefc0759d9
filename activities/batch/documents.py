"""Records of JSON and XML files: each a document of the published schema, checked and staged like a row of a table."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from activities import documents
from activities.rules import Problem
from activities.rules.problem import problem
from pars.batches.kinds import Checked, Checker, Found
from pars.batches.readers import Cell as ReadCell
from pars.batches.readers import Header, Row

from .cells import Cell, cells_of
from .check import CLOSE, DELETE, PUT, UPDATE, UPDATE_AND_CLOSE, staged
from .columns import DOCUMENT, HEADINGS, LAYOUT
from .said import whole
from .template import columns_for

_ACTIONS = {"add": PUT, "update": UPDATE, "delete": DELETE}
_CLOSING = {"add": CLOSE, "update": UPDATE_AND_CLOSE, "delete": DELETE}


def is_documents(header: Header) -> bool:
    """Whether the rows are whole records."""
    return header.keys[:1] == (DOCUMENT,)


def document_checker(header: Header, *, own: str) -> Checker:
    """A check for records of the provider whose ID is `own`."""

    def check(row: Row) -> Checked:
        reading = documents.read(_document(header, row))
        found = list(reading.problems)
        if not found and reading.provider and reading.provider.lstrip("0") != own.lstrip("0"):
            found = [problem("other_provider", "XtensibleInfo.ProviderID", reading.provider, own=own)]
        if found:
            return Checked(None, [_found(row.number, one) for one in found])
        record = reading.record
        said = {name: value for name, value in whole(record).items() if name in reading.said}
        places: dict[str, list[int | None]] = {
            name: list(range(1, len(getattr(record, name)) + 1)) for name in ("registrations", "support")
        }
        action = _CLOSING[reading.action] if reading.close else _ACTIONS[reading.action]
        ids = (record.activity_id, record.provider_activity_id)
        return Checked(staged(action, *ids, said, places, whole=True), [])

    return check


def as_table(header: Header, rows: Iterable[Row]) -> tuple[Header, Iterable[Row]]:
    """Records as rows of the template, as far as they can be read; rows of a table as they are."""
    if not is_documents(header):
        return header, rows
    readings = [(row.number, documents.read(_document(header, row))) for row in rows]
    cells = [cells_of(reading.record) for _, reading in readings]
    for (_, reading), of_row in zip(readings, cells, strict=True):
        of_row["action"] = "Close" if reading.close else reading.action.capitalize()
    keys = columns_for([reading.record for _, reading in readings])
    table = Header(sheet=None, row=1, headings=tuple(HEADINGS[key][0] for key in keys), keys=keys)
    numbers = [number for number, _ in readings]
    return table, [
        Row(number, tuple(_plain(of_row.get(key)) for key in keys))
        for number, of_row in zip(numbers, cells, strict=True)
    ]


def _document(header: Header, row: Row) -> Any:
    said = json.loads(str(row.cells[0]))
    return documents.from_xml(said) if header.headings[0] == "XML" else said


def _found(row: int, one: Problem) -> Found:
    """At the column of the document's key, or under the key itself."""
    keys = [key for key in one.field.split(".") if not key.isdigit()]
    return Found(row, _BY_PATH.get(".".join(keys), keys[-1][:40]), one.value, one.code, dict(one.params))


def _plain(value: Cell) -> ReadCell:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _by_path() -> dict[str, str]:
    assert LAYOUT.record is not None
    return {field.heading: key for key, field in reversed(list(LAYOUT.record.fields.items()))}


_BY_PATH = _by_path()
