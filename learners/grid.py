"""Rows typed or pasted into a table: what a request says of each, without the year of a birthday."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pars.batches.readers.birthday import without_year
from pars.batches.readers.headings import fold

from . import birthday
from .columns import HEADINGS

AT_FIRST, MORE, MOST = 5, 5, 100
_CELL = re.compile(r"row-(\d{1,4})-(\w+)")
_LONGEST = 100

# Key and label, in the order in which rows are pasted without headings.
OF_LEARNERS = (
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("birthday", "Birth MM/DD"),
    ("state", "State"),
    ("number", "License or NPI"),
    ("completed", "Completed"),
    ("amount", "Credits"),
)
OF_ACTIVITIES = (("activity", "Activity ID"), ("completed", "Completed"), ("amount", "Credits"))
# After either, where board credit is reported too; another type of it takes another row.
OF_BOARDS = (
    ("board", "Certifying board"),
    ("member", "Number with the board"),
    ("points_type", "Type of board credit"),
    ("points_amount", "Points"),
)
Columns = Sequence[tuple[str, str]]


@dataclass
class Line:
    """One row: `cells` by column key, `says` what it came back with, as (label, message, level)."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    says: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(self.cells.values())

    @property
    def is_wrong(self) -> bool:
        return any(level == "fix" for _, _, level in self.says)

    def in_order(self, columns: Columns) -> list[tuple[str, str, str]]:
        """(key, label, value) for each column."""
        return [(key, label, self.cells.get(key, "")) for key, label in columns]


def lines_in(data: Mapping[str, str], columns: Columns) -> list[Line]:
    """The rows a form was sent with, in their order, without the empty ones; MOST of them."""
    keys = {key for key, _ in columns}
    said: dict[int, dict[str, str]] = {}
    for name in data:
        found = _CELL.fullmatch(name)
        if found and found[2] in keys:
            said.setdefault(int(found[1]), {})[found[2]] = _clean(found[2], data[name])
    lines = [Line(number, cells) for number, cells in sorted(said.items())]
    return [line for line in lines if not line.is_empty][:MOST]


def pasted(text: str, columns: Columns) -> list[dict[str, str]]:
    """Rows copied from a spreadsheet, cells apart by tabs: under their own headings, or in the table's order."""
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    if not rows:
        return []
    keys: list[str | None] = [key for key, _ in columns]
    if headed := _keys_of(rows[0], columns):
        keys, rows = headed, rows[1:]
    return [
        {key: _clean(key, cell) for key, cell in zip(keys, row, strict=False) if key is not None}
        for row in rows
    ]


def numbered(cells: Iterable[dict[str, str]]) -> list[Line]:
    """Rows as lines, counted from 1; MOST of them."""
    return [Line(number, one) for number, one in enumerate(cells, start=1)][:MOST]


def with_empty(lines: Sequence[Line], at_least: int) -> list[Line]:
    """The lines and as many empty ones that there are `at_least` so many; MOST in all."""
    first = max((line.number for line in lines), default=0) + 1
    missing = min(max(at_least - len(lines), 0), MOST - len(lines))
    return [*lines, *(Line(first + at) for at in range(missing))]


def _keys_of(row: Sequence[str], columns: Columns) -> list[str | None]:
    """The columns that the row names, if it is one of headings: two of ours at least; else nothing."""
    known = {fold(label): key for key, label in columns}
    known |= {fold(heading): key for key, _ in columns for heading in HEADINGS[key]}
    keys = [known.get(fold(cell)) for cell in row]
    return keys if sum(key is not None for key in keys) >= 2 else []


def _clean(key: str, text: str) -> str:
    said = text.strip()[:_LONGEST]
    if key != "birthday" or not said:
        return said
    said = str(without_year(said))
    try:
        month_day = birthday.parse(said)
    except birthday.NotADay:
        return said
    return f"{month_day[:2]}/{month_day[2:]}"
