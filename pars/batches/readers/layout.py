"""What a subject tells the readers about its columns, and the shape of what it gets back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from pars.batches.readers.days import DayOrder


class Formula(Enum):
    """A formula that the saving program left without a result, so that nobody but a spreadsheet knows its
    value."""

    WITHOUT_VALUE = "formula"


FORMULA = Formula.WITHOUT_VALUE

Cell = str | int | float | bool | None | Formula
"""A date is ISO text: `2026-09-12`, with a time only when it is not midnight. An empty cell is None."""


class Row(NamedTuple):
    """`number` is the row's own number in the file, from 1; `cells` stand in the order of the header."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Header:
    """The row of headings as found: on which sheet, in which row (0: the format has none), in whose words.

    `keys` names the layout's column under each heading, None where the layout knows no such heading.
    """

    sheet: str | None
    row: int
    headings: tuple[str, ...]
    keys: tuple[str | None, ...]


class Table(NamedTuple):
    """An opened file: its header, its rows with their numbers, and what their dates will have said of order."""

    header: Header
    rows: Iterator[tuple[int, list[Cell]]]
    order: DayOrder | None = None


@dataclass(frozen=True)
class RecordField:
    """Where one column's value stands in a published XML or JSON record.

    `paths` are tried in order, from the record down, as in `Activity/Module/Status`, case ignored; they begin alike.
    An XML attribute is a child like any other, and the text beside it is the child `value`. With `where`, only a
    node counts whose child of that name matches the regular expression `matching` from end to end. `take`
    names the child wanted of a node that has children. Example: the state of a license is
    `RecordField(("…/UniqueID",), "UniqueID domain", where="domain", matching="[A-Z]{2}", take="domain")`.
    A value `of_record` that the unit itself lacks is taken from the first unit of its record that has it.
    """

    paths: tuple[str, ...]
    heading: str
    where: str | None = None
    matching: str = ""
    take: str = "value"
    of_record: bool = False


@dataclass(frozen=True)
class RecordLayout:
    """How a published XML or JSON shape maps to the same column keys.

    `record` leads from the root to the repeated record; `unit` leads from the record to the repeated part
    that makes one row (a record without one still makes a row, so that its absence can be reported). With
    `whole`, a record is one row and one cell: its JSON text, under that key; of the fields only the headings
    count then, for what is said about a part of the record, and its own heading says the format: JSON or XML.
    """

    record: str
    unit: str
    fields: Mapping[str, RecordField]
    whole: str = ""


@dataclass(frozen=True)
class Layout:
    """What a subject (activities, credits, rosters) accepts.

    `headings`: column key to accepted headings, compared without regard to case, punctuation and blanks.
    `needed`: keys that a row must name to be taken for the row of headings; rows above it are guidance.
    `repeated`: keys that may stand over several columns.
    `birthday`: the key whose year is dropped inside the child.
    `dates`: keys under which a plain number is a spreadsheet's date.
    `columns`: how many columns a table may have, if more than `Limits.columns`.
    `remembered`: folded heading to column key as its sender decided earlier, "" for one to be left out. It counts
    where the layout knows no such heading and no other column of the row has the key.
    `day_first`: what the sender answered about dates that can be read both ways; None when nobody asked.
    """

    headings: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    repeated: frozenset[str] = frozenset()
    birthday: str | None = None
    dates: frozenset[str] = frozenset()
    record: RecordLayout | None = field(default=None)
    columns: int = 0
    remembered: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None


def to_wire(layout: Layout) -> dict[str, Any]:
    """The layout as plain JSON, for the child."""
    wire = dataclasses.asdict(layout)
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in wire.items()}


def from_wire(wire: Mapping[str, Any]) -> Layout:
    """The layout that `to_wire` wrote."""
    record = wire["record"]
    return Layout(
        headings={key: tuple(names) for key, names in wire["headings"].items()},
        needed=frozenset(wire["needed"]),
        repeated=frozenset(wire["repeated"]),
        birthday=wire["birthday"],
        dates=frozenset(wire["dates"]),
        columns=wire["columns"],
        remembered=wire["remembered"],
        day_first=wire["day_first"],
        record=record
        and RecordLayout(
            record=record["record"],
            unit=record["unit"],
            whole=record["whole"],
            fields={
                key: RecordField(**{**each, "paths": tuple(each["paths"])})
                for key, each in record["fields"].items()
            },
        ),
    )
