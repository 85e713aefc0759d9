"""Reading one row's cells for a kind's check: text by column key, days, and what is wrong with any of them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from .kinds import Found
from .readers import FORMULA, Cell, Row, read_numbers, stripped

# Control characters, and those that turn the direction of what stands beside them.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DATE_SHAPES = (
    "%B %d, %Y",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
)


class Reading:
    """One row while it is read: gives text by column key and collects what is wrong."""

    __slots__ = ("by_key", "cells", "found", "number")

    def __init__(self, row: Row, keys: Sequence[str | None]) -> None:
        self.number = row.number
        self.cells = row.cells
        self.by_key = dict(zip(keys, row.cells, strict=False))
        self.found: list[Found] = []

    def text(self, key: str) -> str:
        cell = self.by_key.get(key)
        return stripped(cell) if type(cell) is str else self._text(cell, key)

    def says_any(self, keys: Iterable[str]) -> bool:
        """Whether any of these columns is there and not empty."""
        said = self.by_key.get
        return any([said(key) is not None for key in keys])  # noqa: C419 (half the time of a generator)

    def at(self, place: int, key: str) -> str:
        """The text of one of several columns that share a key."""
        return self._text(self.cells[place] if place < len(self.cells) else None, key)

    def _text(self, cell: Cell, key: str) -> str:
        if cell is None:
            return ""
        if cell is FORMULA:
            self.wrong(key, "=…", "formula")
            return ""
        if type(cell) is float and cell.is_integer():
            return str(int(cell))
        return stripped(str(cell))

    def wrong(self, key: str, value: str, code: str, **params: Any) -> None:
        """Note an issue; a second one on the same column would only repeat the first."""
        if not any(found.column == key for found in self.found):
            self.found.append(Found(self.number, key, UNPRINTABLE.sub("�", value), code, params))


@lru_cache(maxsize=8_192)
def read_date(text: str) -> date | None:
    """A day from the shapes people and programs write; None: no day.

    Between two numbers the month comes first, unless only the day can (see `readers.days`).
    """
    try:
        iso = text[4:5] == "-" and text[:4].isdecimal()
        return date.fromisoformat(text[:10]) if iso else read_numbers(text) or _in_words(text)
    except ValueError:
        return None


def _in_words(text: str) -> date | None:
    for shape in _DATE_SHAPES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None
