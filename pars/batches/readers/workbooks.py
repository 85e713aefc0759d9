"""Rows out of .xlsx, .xls and .ods files. Runs in the child: the fast reader can abort its process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import python_calamine as calamine

from pars.batches.readers.headings import HeaderSearch
from pars.batches.readers.layout import Cell, Layout, Table
from pars.batches.readers.limits import Limits
from pars.batches.readers.package import Workbook
from pars.batches.readers.refusal import Refused, damaged
from pars.batches.readers.values import RowShaper, Value
from pars.batches.readers.worksheet import Worksheet, odd_cells, row_number

NumberedCells = tuple[int, list[Cell]]


def open_workbook(
    path: Path,
    kind: str,
    layout: Layout,
    limits: Limits,
    *,
    over: Mapping[str, Refused],
    odd: Collection[str],
) -> Table:
    """The header of the first visible sheet that has one, and the rows under it with their own numbers.

    `over` and `odd` are the guard's findings by sheet part. A sheet that reaches too far is passed over, and
    refused only if the rows are on no other. Raises Refused.
    """
    with ExitStack() as stack:
        package = None
        if kind == "xlsx":
            package = Workbook(stack.enter_context(path.open("rb")), limits)
        try:
            return _find(path, package, layout, limits, over=over, odd=odd)
        except calamine.PasswordError as problem:
            raise Refused(
                "encrypted",
                "This workbook is protected by a password. Take the password off and send it again.",
            ) from problem
        except calamine.CalamineError as problem:
            raise damaged("workbook") from problem


def _find(
    path: Path,
    package: Workbook | None,
    layout: Layout,
    limits: Limits,
    *,
    over: Mapping[str, Refused],
    odd: Collection[str],
) -> Table:
    book = calamine.CalamineWorkbook.from_path(path)
    parts = {sheet.name: sheet.part for sheet in package.sheets} if package else {}
    from_1904 = package is not None and package.from_1904
    search = HeaderSearch(layout, limits)
    too_far: Refused | None = None
    for tab in book.sheets_metadata:
        if tab.visible != calamine.SheetVisibleEnum.Visible or tab.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        part = parts.get(tab.name, "")
        if part in over:
            too_far = too_far or over[part]
            continue
        sheet = book.get_sheet_by_name(tab.name)
        odd_by_row = _odd_by_row(package, part) if package and part in odd else {}
        numbered = _numbered(sheet, odd_by_row)
        for number, values in numbered:
            if number > limits.header_rows:
                break
            if header := search.header(tab.name, number, values):
                shaper = RowShaper(header, layout, limits, from_1904=from_1904)
                return Table(header, _shaped(numbered, shaper), shaper.order)
    raise too_far or search.failed()


def _numbered(
    sheet: calamine.CalamineSheet, odd: dict[int, dict[int, Cell]]
) -> Iterator[tuple[int, list[Value]]]:
    """All rows from the sheet's first, with the cells that the reader of values takes for empty put in."""
    number = 0
    if sheet.start is not None:
        # The rows come from the sheet's first on, the columns only from the first that holds something.
        left = [None] * sheet.start[1]
        for number, values in enumerate(sheet.iter_rows(), 1):
            row: list[Value] = [*left, *values]
            yield number, _with_odd(row, odd.pop(number)) if number in odd else row
    for below in sorted(odd):
        if below > number:
            yield below, _with_odd([], odd[below])


def _with_odd(row: list[Value], odd: dict[int, Cell]) -> list[Value]:
    row += [None] * (max(odd) - len(row))
    for column, cell in odd.items():
        if row[column - 1] in (None, ""):
            row[column - 1] = cell
    return row


def _odd_by_row(package: Workbook, part: str) -> dict[int, dict[int, Cell]]:
    found: dict[int, dict[int, Cell]] = {}
    number = 0
    for row in Worksheet(package.stream(part)).rows():
        number = row_number(row, number)
        if odd := odd_cells(row):
            found[number] = odd
    return found


def _shaped(numbered: Iterator[tuple[int, list[Value]]], shaper: RowShaper) -> Iterator[NumberedCells]:
    for number, values in numbered:
        cells = shaper.shape(number, values)
        if cells is not None:
            yield number, cells
