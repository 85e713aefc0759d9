"""Checked rows on their way into staging, in COPY's own text format."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from zlib import crc32

from .kinds import Checked, Found
from .models import Outcome
from .turns import LANES

_BLOCK_LINES = 500
_UNPARTED = 1_000  # rows of a file that has too few for lanes: they share one chunk
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Copying:
    """Turns checked rows into what COPY takes, as they come, and keeps count.

    `rows` counts every row read, `staged` those that passed; `ended` has the numbers of those that go no
    further, by what became of them. Rows part into lanes by the text at `lane_at` among their values, if any.
    """

    def __init__(self, rows_a_chunk: int, prefix: str, lane_at: int | None = None) -> None:
        self.rows_a_chunk = rows_a_chunk
        self.prefix = prefix
        self.lane_at = lane_at
        self.rows = 0
        self.staged = 0
        self._chunks: list[list[Any]] = []  # [lane, rows] by number
        self._open: dict[int | None, int] = {}  # the chunk that a lane fills
        self.ended: dict[Outcome, list[int]] = defaultdict(list)
        self.found: list[Found] = []

    def blocks(self, checked: Iterable[tuple[int, Checked]]) -> Iterator[bytes]:
        """COPY text of (row number, checked row) pairs, which come in the file's order."""
        passing = self._passing(checked)
        first = [] if self.lane_at is None else list(islice(passing, _UNPARTED + 1))
        lane_at = self.lane_at if len(first) > _UNPARTED else None
        lines: list[str] = []
        for number, values in chain(first, passing):
            lane = None if lane_at is None else crc32(values[lane_at].encode()) % LANES
            lines.append(f"{self.prefix}\t{self._chunk_for(lane)}\t{number}\t{copy_line(values)}\n")
            self.staged += 1
            if len(lines) == _BLOCK_LINES:
                yield "".join(lines).encode()
                lines.clear()
        yield "".join(lines).encode()

    def _passing(self, checked: Iterable[tuple[int, Checked]]) -> Iterator[tuple[int, Sequence[Any]]]:
        for number, (values, found, outcome) in checked:
            self.rows += 1
            if found:
                self.found += found
            if values is None:
                self.ended[outcome].append(number)
            else:
                yield number, values

    def _chunk_for(self, lane: int | None) -> int:
        number = self._open.get(lane)
        if number is None or self._chunks[number][1] == self.rows_a_chunk:
            number = self._open[lane] = len(self._chunks)
            self._chunks.append([lane, 0])
        self._chunks[number][1] += 1
        return number

    def chunks(self) -> Iterator[tuple[int, int | None, int]]:
        """(chunk number, its lane, rows in it), in order."""
        for number, (lane, rows) in enumerate(self._chunks):
            yield number, lane, rows


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
