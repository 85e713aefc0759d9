"""Days written as numbers, and which of the first two is the month. Imports no Django.

The house format, the template's, has the month first. A date that can be read only one way is read that way;
one that can be read both ways is taken as the house writes it unless the file gives a reason to doubt, and then
its sender is asked once (docs/adr/0024).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pars.batches.readers.blanks import stripped
from pars.batches.readers.refusal import Refused

CODE = "dates_ambiguous"
SHOWN = 3  # rows that the question shows of each kind

_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]\s*\d{1,2}:\d.*)?", re.ASCII)
_CENTURY_FROM = 69  # as C's and Python's %y read two digits: 69 is 1969, 68 is 2068


class _Written(NamedTuple):
    first: int
    mark: str
    second: int
    year: int

    def day(self, *, day_first: bool) -> date | None:
        month, day = (self.second, self.first) if day_first else (self.first, self.second)
        try:
            return date(self.year, month, day)
        except ValueError:
            return None


def _written(text: str) -> _Written | None:
    match = _NUMBERS.fullmatch(stripped(text))
    if not match:
        return None
    first, mark, second, year = match.groups()
    century = 0 if len(year) == 4 else 1900 if int(year) >= _CENTURY_FROM else 2000
    return _Written(int(first), mark, int(second), century + int(year))


def read_numbers(text: str, *, day_first: bool = False) -> date | None:
    """The day of "9/12/2026", "09-12-2026" or "9.12.26", a time after it dropped; None for what is no such date.

    `day_first` decides only where both orders are days.
    """
    written = _written(text)
    if written is None:
        return None
    return written.day(day_first=day_first) or written.day(day_first=not day_first)


class Sides(NamedTuple):
    """What one written date says of its order: the days it may be, None where it is none."""

    month_first: date | None
    day_first: date | None
    mark: str

    @property
    def is_open(self) -> bool:
        return None not in (self.month_first, self.day_first)


@lru_cache(maxsize=16_384)
def sides(text: str) -> Sides | None:
    """Both readings of a date that has two different ones, or only one; None for what says nothing of order."""
    written = _written(text)
    if written is None:
        return None
    found = Sides(written.day(day_first=False), written.day(day_first=True), written.mark)
    return None if found.month_first == found.day_first else found


class Example(NamedTuple):
    """A date as its row shows it; of a birthday without the year."""

    row: int
    at: int
    shown: str


class DayOrder:
    """What the dates of one file say of their order, row by row.

    `answered`: the sender has said which comes first. `doubtful`: marks between the numbers that in a file
    like this do not speak for the house format.
    """

    def __init__(self, *, answered: bool = False, doubtful: str = "") -> None:
        self._answered = answered
        self._doubtful = doubtful
        self._doubted = False
        self._open: list[tuple[Example, Sides]] = []
        self._day_first: list[Example] = []
        self._month_first: list[Example] = []

    def note(self, text: str, row: int, at: int, *, birthday: bool) -> None:
        """Take one cell into account; `at` is its column's place."""
        found = sides(text)
        if found is None or self._answered:
            return
        if found.is_open:
            self._doubted = self._doubted or found.mark in self._doubtful
            if len(self._open) < SHOWN:
                self._open.append((self._example(text, row, at, birthday), found))
            return
        seen = self._month_first if found.day_first is None else self._day_first
        if len(seen) < SHOWN:
            seen.append(self._example(text, row, at, birthday))

    @staticmethod
    def _example(text: str, row: int, at: int, birthday: bool) -> Example:
        date_alone = re.split(r"[T ]", stripped(text))[0]
        shown = re.sub(r"\d+$", "••••", date_alone) if birthday else date_alone
        return Example(row, at, shown)

    def question(self, headings: Sequence[str]) -> Refused | None:
        """The question to the sender, once all rows were noted; None where there is no reason to ask."""
        if not self._open or not (self._day_first or (self._doubted and not self._month_first)):
            return None
        example, found = self._open[0]
        assert found.month_first
        assert found.day_first
        readings = {"month-first": _spoken(found.month_first), "day-first": _spoken(found.day_first)}
        message = (
            f"Is {example.shown} in row {example.row:,} {readings['month-first']} or {readings['day-first']}? "
            "This file’s dates can be read both ways. Say which comes first, the month or the day."
        )
        question: dict[str, Any] = {
            "example": example.shown,
            "readings": readings,
            "open": [self._told(one, headings) for one, _ in self._open],
            "day_first": [self._told(one, headings) for one in self._day_first],
            "month_first": [self._told(one, headings) for one in self._month_first],
        }
        return Refused("dates_ambiguous", message, question)

    @staticmethod
    def _told(example: Example, headings: Sequence[str]) -> dict[str, Any]:
        return {"row": example.row, "heading": headings[example.at].strip(), "value": example.shown}


def _spoken(day: date) -> str:
    return f"{calendar.month_name[day.month]} {day.day}"
