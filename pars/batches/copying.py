"""Checked rows on their way into staging, in COPY's own text format."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .kinds import Checked, Found
from .models import Outcome

_BLOCK_LINES = 500
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Copying:
    """Turns checked rows into what COPY takes, as they come, and keeps count.

    `rows` counts every row read, `staged` those that passed; `ended` has the numbers of those that go no
    further, by what became of them.
    """

    def __init__(self, rows_a_chunk: int, prefix: str) -> None:
        self.rows_a_chunk = rows_a_chunk
        self.prefix = prefix
        self.rows = 0
        self.staged = 0
        self.ended: dict[Outcome, list[int]] = defaultdict(list)
        self.found: list[Found] = []

    def blocks(self, checked: Iterable[tuple[int, Checked]]) -> Iterator[bytes]:
        """COPY text of (row number, checked row) pairs, which come in the file's order."""
        lines: list[str] = []
        for number, (values, found, outcome) in checked:
            self.rows += 1
            if found:
                self.found += found
            if values is None:
                self.ended[outcome].append(number)
                continue
            chunk = self.staged // self.rows_a_chunk
            lines.append(f"{self.prefix}\t{chunk}\t{number}\t{copy_line(values)}\n")
            self.staged += 1
            if len(lines) == _BLOCK_LINES:
                yield "".join(lines).encode()
                lines.clear()
        yield "".join(lines).encode()

    def chunks(self) -> Iterator[tuple[int, int]]:
        """(chunk number, rows in it), in order."""
        for number, first in enumerate(range(0, self.staged, self.rows_a_chunk)):
            yield number, min(self.rows_a_chunk, self.staged - first)


def copy_line(values: Iterable[Any]) -> str:
    """One row in COPY's text format, without the line end."""
    return "\t".join(
        [
            (value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES))
            if type(value) is str
            else _TEXT_OF.get(type(value), str)(value)
            for value in values
        ]
    )


# A file has few different days and amounts.
_remembered = lru_cache(maxsize=4_096)(str)
_TEXT_OF: dict[type, Callable[[Any], str]] = {
    bytes: lambda value: "\\\\x" + value.hex(),
    bool: lambda value: "t" if value else "f",
    type(None): lambda _: "\\N",
    date: _remembered,
    Decimal: _remembered,
}
