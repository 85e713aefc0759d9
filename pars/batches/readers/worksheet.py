"""The rows of a worksheet part as the bytes they were saved as.

Looking at a hundred thousand rows event by event costs three seconds of Python; cutting the bytes behind
each `</row>` costs a tenth of that, and keeps a row exactly as it was for those who write it back. It is a
screen, not a fence: a part made to deceive it (comments, CDATA, other encodings) meets the limits of the
child that parses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from pars.batches.readers.layout import FORMULA, Cell
from pars.batches.readers.limits import LIMITS
from pars.batches.readers.package import bomb

_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^>]*?)?(/?)>")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s(?:[^>]*?\s)??r="(\d{1,9})"')
_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?P<before>[^>]*?)r="(?P<column>[A-Z]{1,3})\d+"(?P<after>[^>/]*)>'
    rb"(?P<inside>.*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_REFERENCE = re.compile(rb' r="([A-Z]{1,3})\d')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")


class Block(NamedTuple):
    """Some rows, and whether any cell of theirs may be odd (see `odd_cells`): one look for all is much cheaper."""

    rows: list[bytes]
    may_be_odd: bool


class Worksheet:
    """One pass over a worksheet part: `head` up to its first row, then `rows()`, then `tail()`.

    `prefix` is the namespace prefix of the part's elements with its colon, or empty. Raises Refused (bomb)
    when the head or a single row is longer than `most` bytes.
    """

    def __init__(self, pieces: Iterable[bytes], most: int = LIMITS.row_bytes) -> None:
        self._pieces = iter(pieces)
        self._most = most
        self._rest = b""
        self._has_rows = False
        self.head = b""
        self.prefix = b""
        for piece in self._pieces:
            self.head += piece
            if opening := _SHEET_DATA.search(self.head):
                self.head, self._rest = self.head[: opening.end()], self.head[opening.end() :]
                self.prefix = opening[1]
                self._has_rows = not opening[2]
                break
            self._bound(self.head)

    def rows(self) -> Iterator[bytes]:
        """The bytes of each row from `<row` to `</row>`; rows closed in their own tag hold no cell."""
        return chain.from_iterable(block.rows for block in self.blocks())

    def blocks(self) -> Iterator[Block]:
        """The same rows, those of one piece together."""
        opening, closing = b"<" + self.prefix + b"row", b"</" + self.prefix + b"row>"
        ending = b"</" + self.prefix + b"sheetData>"
        while self._has_rows:
            may_be_odd = _may_be_odd(self._rest)
            *rows, self._rest = self._rest.split(closing)
            yield Block([row[max(row.rfind(opening), 0) :] + closing for row in rows], may_be_odd)
            if (at := self._rest.find(ending)) >= 0:
                self._rest = self._rest[at:]
                return
            self._bound(self._rest)
            piece = next(self._pieces, None)
            if piece is None:
                return
            self._rest += piece

    def tail(self) -> Iterator[bytes]:
        """What stands behind the last row. To be read after `rows`."""
        yield self._rest
        yield from self._pieces

    def _bound(self, held: bytes) -> None:
        if len(held) > self._most:
            raise bomb()


@dataclass
class Extent:
    """How far the filled cells of a sheet reach: rows and columns count from 1; 0 where there are none.

    `odd` says that some cell holds an error, or a formula without its result (see `odd_cells`).
    """

    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    odd: bool = False


def extent(sheet: Worksheet) -> Extent:
    """Measure a sheet by its rows, all of which are taken."""
    found = Extent()
    number = 0
    within: set[bytes] = set()
    for block in sheet.blocks():
        for row in block.rows:
            number = row_number(row, number)
            if not (b"v>" in row or _filled(row)):
                continue
            found.rows += 1
            found.last_row = max(found.last_row, number)
            match = _REFERENCE.match(row, max(row.rfind(b' r="'), 0))
            if match and match[1] not in within:
                column = column_number(match[1])
                if column > found.last_column:
                    # The last cell may be empty and merely coloured: look at those that hold something.
                    columns = (
                        column_number(cell["column"]) for cell in _CELL.finditer(row) if cell["inside"]
                    )
                    found.last_column = max(found.last_column, *columns, 0)
                if column <= found.last_column:
                    within.add(match[1])
            if block.may_be_odd and not found.odd:
                found.odd = bool(odd_cells(row))
    return found


def row_number(row: bytes, before: int) -> int:
    """The row's own number, or the one after `before` when it names none."""
    match = _ROW_NUMBER.match(row)
    return int(match[1]) if match else before + 1


def column_number(letters: bytes) -> int:
    """A = 1, Z = 26, AA = 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def odd_cells(row: bytes) -> dict[int, Cell]:
    """The cells, by column from 1, that a reader of values takes for empty though something stands in them.

    A formula that was saved without a result is FORMULA; an error is its text, as in `#N/A`.
    """
    if not _may_be_odd(row):
        return {}
    odd: dict[int, Cell] = {}
    for cell in _CELL.finditer(row):
        result = _RESULT.search(cell["inside"])
        attributes = cell["before"] + cell["after"]
        if b't="e"' in attributes and result:
            odd[column_number(cell["column"])] = result[1].decode("utf-8", "replace")
        elif not result and b't="str"' not in attributes and _FORMULA.search(cell["inside"]):
            odd[column_number(cell["column"])] = FORMULA
    return odd


def _may_be_odd(row: bytes) -> bool:
    return b"f>" in row or b't="e"' in row or b"<f " in row


def _filled(row: bytes) -> bool:
    return b"v>" in row or b"is>" in row or b"f>" in row or b"<f " in row
