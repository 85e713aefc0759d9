"""Find the row of headings, and which column each heading names."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pars.batches.readers.birthday import without_year
from pars.batches.readers.layout import Header, Layout
from pars.batches.readers.limits import Limits
from pars.batches.readers.refusal import Refused

UNKNOWN = "headings_unknown"
# What a workbook of rows to fix adds at the end of its sender's columns.
REASON_HEADING = "What to fix"
KEY_HEADING = "PARS row key"
OURS = (REASON_HEADING, KEY_HEADING)
_KNOWN_AT_LEAST = 2  # with fewer a row is no row of headings, but data or a title
_VALUES = 3
_VALUE_CHARACTERS, _HEADING_CHARACTERS = 40, 100

_NOT_A_WORD = re.compile(r"[\W_]+")
_BIRTH = re.compile(r"\b(birth|birthday|birthdate|dob|born)\b|date ?of ?birth|birth ?date")


def fold(heading: str) -> str:
    """A heading without case, accents, punctuation and superfluous blanks, to be compared."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return _NOT_A_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def columns_of_ours(headings: Sequence[str]) -> dict[str, int]:
    """Where the headings “What to fix” and “PARS row key” stand, in any case, of those that are there."""
    ours = {name.casefold(): name for name in OURS}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if name := ours.get(" ".join(heading.split()).casefold()):
            found.setdefault(name, place)
    return found


def names_a_birthday(heading: str) -> bool:
    """Whether a heading speaks of birth, known to the layout or not: such a column too loses its years."""
    return _BIRTH.search(fold(heading)) is not None


def shown(value: object) -> str:
    """A cell as a person may be shown it who has not said yet what its column is: it may hold years of birth."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    harmless = not any(c.isnumeric() for c in text) or (
        text.isdecimal() and (len(text) < 4 or len(text) > 8)  # credits; an activity's ID or an NPI
    )
    if not harmless:
        text = str(without_year(value if isinstance(value, datetime.date) else text))
    return text if len(text) <= _VALUE_CHARACTERS else f"{text[: _VALUE_CHARACTERS - 1]}…"


def _columns(headings: Sequence[str]) -> int:
    """How many are the sender's own."""
    return len(headings) - len(columns_of_ours(headings))


@dataclass
class _Nearest:
    """The row that came nearest to being the row of headings, and some of the rows below it."""

    sheet: str | None = None
    number: int = 0
    headings: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    found: frozenset[str] = frozenset()
    below: list[Sequence[object]] = field(default_factory=list)


class HeaderSearch:
    """Looks at the first rows of one sheet after another for one that names every needed column."""

    def __init__(self, layout: Layout, limits: Limits) -> None:
        self._layout = layout
        self._limits = limits
        # A published record comes back as a table to fix, under the headings of its parts.
        record = layout.record.fields if layout.record and not layout.record.whole else {}
        self._keys = {fold(each.heading): key for key, each in record.items()}
        self._keys |= {fold(name): key for key, names in layout.headings.items() for name in names}
        self._nearest = _Nearest()
        self._is_below = False  # the rows that come now stand below the nearest one
        self._number = 0

    def header(self, sheet: str | None, number: int, cells: Sequence[object]) -> Header | None:
        """The header, if this is its row. Raises Refused (too_many_columns, duplicate_heading)."""
        headings = ["" if cell is None else str(cell) for cell in cells]
        while headings and not headings[-1].strip():
            headings.pop()
        keys = self._named(headings)
        found = frozenset(key for key in keys if key)
        if not self._layout.needed <= found:
            self._pass_over(_Nearest(sheet, number, headings, keys, found), cells)
            return None
        if (columns := _columns(headings)) > self._limits.columns:
            raise Refused(
                "too_many_columns",
                f"This file has {columns:,} columns; the most is {self._limits.columns}. "
                "Delete the columns that are not part of the table.",
            )
        self._refuse_duplicates(headings, keys)
        return Header(sheet=sheet, row=number, headings=tuple(headings), keys=tuple(keys))

    def _named(self, headings: Sequence[str]) -> list[str | None]:
        folded = [fold(heading) for heading in headings]
        keys = [self._keys.get(each) or self._repeat(each) for each in folded]
        taken = set(keys)
        for place, each in enumerate(folded):
            key = self._layout.remembered.get(each)
            if key and keys[place] is None and (key not in taken or key in self._layout.repeated):
                keys[place] = key
                taken.add(key)
        return keys

    def _repeat(self, folded: str) -> str | None:
        """The column of a heading that only numbers a repeated one: "Additional Credit Type 2"."""
        key = self._keys.get(folded.rstrip("0123456789").rstrip())
        return key if key in self._layout.repeated else None

    def _pass_over(self, row: _Nearest, cells: Sequence[object]) -> None:
        """Keep a row that is not the header if it comes nearest to being it, else for what stands below that."""
        if row.number <= self._number:
            self._is_below = False  # another sheet, or the same rows parted in another way
        self._number = row.number
        if len(row.found) > len(self._nearest.found):
            self._nearest = row
            self._is_below = True
        elif self._is_below:
            self._nearest.below.append(cells)

    def _refuse_duplicates(self, headings: Sequence[str], keys: Iterable[str | None]) -> None:
        seen: dict[str, str] = {}
        for heading, key in zip(headings, keys, strict=True):
            if key is None or key in self._layout.repeated:
                continue
            if key in seen:
                raise Refused(
                    "duplicate_heading",
                    f"Two columns say the same: “{seen[key].strip()}” and “{heading.strip()}”. "
                    "Delete one of them and send the file again.",
                )
            seen[key] = heading

    def failed(self) -> Refused:
        """What to say when no row of the file was the header."""
        missing = [self._layout.headings[key][0] for key in self._layout.headings if key in self._missing()]
        quoted = ", ".join(f"“{name}”" for name in missing)
        if question := self._question():
            return Refused(
                "headings_unknown",
                f"The row of headings lacks {quoted}. Say which of your columns "
                f"{'that is' if len(missing) == 1 else 'these are'}, or add what is missing.",
                question,
            )
        if self._nearest.found:
            return Refused(
                "no_columns",
                f"The row of headings lacks {quoted}. Add what is missing, or copy your rows "
                "into the template.",
            )
        return Refused(
            "no_columns",
            f"No row of headings was found in the first {self._limits.header_rows} rows. "
            f"Name the columns as in the template, at least {quoted}.",
        )

    def _missing(self) -> frozenset[str]:
        return self._layout.needed - self._nearest.found

    def _question(self) -> dict[str, Any] | None:
        """What to ask about the headings that nobody knows; None where an answer could not be enough."""
        nearest = self._nearest
        folded = [fold(heading) for heading in nearest.headings]
        unknown = [
            place
            for place, (each, key) in enumerate(zip(folded, nearest.keys, strict=True))
            if key is None
            and each
            and folded.count(each) == 1
            and len(nearest.headings[place]) <= _HEADING_CHARACTERS
            and self._layout.remembered.get(each) != ""
        ]
        enough = len(nearest.found) >= _KNOWN_AT_LEAST and len(unknown) >= len(self._missing())
        if not enough or _columns(nearest.headings) > self._limits.columns:
            return None
        return {
            "sheet": nearest.sheet,
            "row": nearest.number,
            "columns": [
                {"heading": nearest.headings[place].strip(), "values": self._values(place)}
                for place in unknown
            ],
            "found": sorted(nearest.found),
            "missing": sorted(self._missing()),
        }

    def _values(self, place: int) -> list[str]:
        cells = [row[place] for row in self._nearest.below if place < len(row)]
        return [shown(cell) for cell in cells if cell is not None and str(cell).strip()][:_VALUES]
