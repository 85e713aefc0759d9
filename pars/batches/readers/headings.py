"""Find the row of headings, and which column each heading names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pars.batches.readers.layout import Header, Layout
from pars.batches.readers.limits import Limits
from pars.batches.readers.refusal import Refused

_NOT_A_WORD = re.compile(r"[\W_]+")
_BIRTH = re.compile(r"\b(birth|birthday|birthdate|dob|born)\b|date ?of ?birth|birth ?date")


def fold(heading: str) -> str:
    """A heading without case, accents, punctuation and superfluous blanks, to be compared."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return _NOT_A_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def names_a_birthday(heading: str) -> bool:
    """Whether a heading speaks of birth, known to the layout or not: such a column too loses its years."""
    return _BIRTH.search(fold(heading)) is not None


class HeaderSearch:
    """Looks at the first rows of one sheet after another for one that names every needed column."""

    def __init__(self, layout: Layout, limits: Limits) -> None:
        self._layout = layout
        self._limits = limits
        self._keys = {fold(name): key for key, names in layout.headings.items() for name in names}
        self._nearest: frozenset[str] = frozenset()

    def header(self, sheet: str | None, number: int, cells: Sequence[object]) -> Header | None:
        """The header, if this is its row. Raises Refused (too_many_columns, duplicate_heading)."""
        headings = ["" if cell is None else str(cell) for cell in cells]
        while headings and not headings[-1].strip():
            headings.pop()
        keys = tuple(self._keys.get(fold(heading)) for heading in headings)
        found = frozenset(key for key in keys if key)
        if not self._layout.needed <= found:
            if len(found) > len(self._nearest):
                self._nearest = found
            return None
        if len(headings) > self._limits.columns:
            raise Refused(
                "too_many_columns",
                f"This file has {len(headings):,} columns; the most is {self._limits.columns}. "
                "Delete the columns that are not part of the table.",
            )
        self._refuse_duplicates(headings, keys)
        return Header(sheet=sheet, row=number, headings=tuple(headings), keys=keys)

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
        if self._nearest:
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
        return self._layout.needed - self._nearest
