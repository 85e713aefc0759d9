"""Turn what a parser hands over into cells: plain, as JSON can carry them, and with no birth year left."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from functools import partial

from pars.batches.readers.birthday import without_year
from pars.batches.readers.days import DayOrder, read_numbers
from pars.batches.readers.headings import names_a_birthday
from pars.batches.readers.layout import Cell, Formula, Header, Layout
from pars.batches.readers.limits import Limits
from pars.batches.readers.refusal import Refused

Value = Cell | datetime.date | datetime.time | datetime.timedelta
"""A cell as a parser gives it; `datetime.datetime` is a date too."""

_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001  Cells have no zone.
_EPOCH_1904 = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
_DAY_FROM, _DAY_TO = 20_000, 73_050
"""The plain numbers that a date column takes for a spreadsheet's day: 1954 to 2099. Others stay as typed."""
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00(?::00(?:\.0+)?)?")


class RowShaper:
    """Gives every row the header's columns: cells converted, short rows filled, blank rows None.

    `order` is what the dates shaped so far say of their order (see `DayOrder` for `doubtful`).
    """

    def __init__(
        self,
        header: Header,
        layout: Layout,
        limits: Limits,
        *,
        from_1904: bool = False,
        doubtful: str = "",
    ) -> None:
        self._headings = header.headings
        self._most = limits.cell_characters
        self._from_1904 = from_1904
        self._day_first = bool(layout.day_first)
        self.order = DayOrder(answered=layout.day_first is not None, doubtful=doubtful)
        self._special: list[tuple[int, Callable[[Value], Value], Callable[[str, int], None] | None]] = []
        for at, (heading, key) in enumerate(zip(header.headings, header.keys, strict=True)):
            if (key is not None and key == layout.birthday) or names_a_birthday(heading):
                noted = partial(self.order.note, at=at, birthday=True) if key else None
                self._special.append((at, self._birthday, noted))
            elif key in layout.dates:
                self._special.append((at, self._date, partial(self.order.note, at=at, birthday=False)))

    def shape(self, number: int, values: Sequence[Value]) -> list[Cell] | None:
        """The cells of row `number`, or None when there is nothing in them."""
        width = len(self._headings)
        row: list[Value] = list(values[:width])
        if len(row) < width:
            row += [None] * (width - len(row))
        for at, convert, note in self._special:
            value = row[at]
            if note and type(value) is str:
                note(value, number)
            row[at] = convert(value)
        lengths = [len(value) for value in row if type(value) is str]
        if lengths and max(lengths) > self._most:
            raise self._too_long(number, row)
        cells = [
            (value if value and not value.isspace() else None)
            if type(value) is str
            else value
            if value is None
            else plain(value)
            for value in row
        ]
        return None if cells.count(None) == width else cells

    def _birthday(self, value: Value) -> Cell:
        return without_year(value, from_1904=self._from_1904, day_first=self._day_first)

    def _date(self, value: Value) -> Value:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and _DAY_FROM <= value < _DAY_TO:
            moment = (_EPOCH_1904 if self._from_1904 else _EPOCH) + datetime.timedelta(days=value)
            return moment.replace(microsecond=0)
        if isinstance(value, str):
            if match := _MIDNIGHT.fullmatch(value):
                return match[1]
            if self._day_first and (day := read_numbers(value, day_first=True)):
                return day
        return value

    def _too_long(self, number: int, row: Sequence[Value]) -> Refused:
        at = next(at for at, value in enumerate(row) if isinstance(value, str) and len(value) > self._most)
        return Refused(
            "cell_too_long",
            f"Row {number:,} has more than {self._most:,} characters under “{self._headings[at].strip()}”. "
            "Shorten it, or look for a quotation mark that is never closed.",
        )


def plain(value: Value) -> Cell:  # noqa: PLR0911
    """One cell as text, number, truth value, None or FORMULA. Dates become ISO text."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value == int(value) and abs(value) < 1e15 else value
    if value is None or isinstance(value, (str, int, Formula)):
        return value
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
