"""Rows to a file a spreadsheet opens, CSV or XLSX, with every formula made plain text.

A text that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, tab or carriage return) gets one
apostrophe in front; `plain` takes it away again, so that a file sent out and back holds what it held. A
text that already has apostrophes before such a character gets one more, which makes the way back
unambiguous. Numbers and dates are written as themselves: a negative amount is no formula.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | float | Decimal | date | datetime | bool | None

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_MADE_PLAIN = re.compile(r"'+[=+\-@\t\r]")
# What XML cannot carry and openpyxl refuses.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def neutral(text: str) -> str:
    """`text`, harmless in a spreadsheet."""
    return f"'{text}" if _RUNS.match(text) else text


def plain(text: str) -> str:
    """The inverse of `neutral`: what the text was before it was exported."""
    return text[1:] if _MADE_PLAIN.match(text) else text


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with a byte order mark (Excel needs it), comma, CRLF. Dates are YYYY-MM-DD, instants UTC."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([neutral(heading) for heading in headings])
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)


def write_xlsx(
    path: Path,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Data",
) -> None:
    """One sheet, bold headings that stay in view, written row by row. Instants are UTC without a zone."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(number)].width = min(max(12, len(heading) + 4), 40)
    head = [WriteOnlyCell(page, neutral(heading)) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    page.append(head)
    for row in rows:
        page.append([_xlsx_cell(cell) for cell in row])
    book.save(path)


def _csv_cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return neutral(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def _xlsx_cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return neutral(_CONTROL.sub("", cell))
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) else cell
