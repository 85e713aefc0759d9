"""The look that every upload gets before anything parses it: in the calling process, streaming, in bounded
memory.

It refuses what is too large, what would unpack without end, what hides a second file and every document type
declaration, and it measures how far the sheets reach. An XML document may declare a type only before its root
element, so expat reads that far and no further; behind it the bytes are counted, not parsed. What still
gets through meets a child that may die (see `reading`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.parsers import expat
from zipfile import ZipInfo

from pars.batches.readers.formats import WORKBOOKS
from pars.batches.readers.headings import OURS
from pars.batches.readers.limits import LIMITS, MIB, Limits
from pars.batches.readers.package import bomb, directory, inflate
from pars.batches.readers.refusal import Refused, damaged, too_many_rows
from pars.batches.readers.worksheet import Extent, Worksheet, extent

_ZIP = b"PK\x03\x04"
_XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


@dataclass
class Findings:
    """What the guard saw of a workbook's sheets, by the name of their part in the zip.

    `over` holds those that reach too far to be read; `odd` those with cells that only look empty.
    """

    over: dict[str, Refused] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)


def guard(path: Path, kind: str, limits: Limits = LIMITS) -> Findings:
    """Let a file of this kind (see `detect`) pass, or raise Refused."""
    size = path.stat().st_size
    most = limits.workbook_bytes if kind in WORKBOOKS else limits.text_bytes
    if size > most:
        raise Refused(
            "too_large",
            f"This file has {size / MIB:,.1f} MB; the most is {most // MIB} MB. Split it and send the parts.",
        )
    with path.open("rb") as file:
        if kind in ("xlsx", "ods"):
            return _guard_package(file, size, limits)
        if kind == "xml":
            _prolog(file.read(limits.prolog_bytes), "XML file")
    return Findings()


class Root(NamedTuple):
    """An XML document's root element, without its prefix, and its attributes."""

    name: str
    attributes: dict[str, str]


class _RootFound(Exception):
    pass


def _prolog(start: bytes, what: str) -> Root:
    parser = expat.ParserCreate()
    roots: list[Root] = []

    def doctype(*_: object) -> None:
        raise Refused(
            "dtd",
            f"This {what} carries a document type declaration (DOCTYPE), which is not accepted. "
            "Take that line out and send the file again.",
        )

    def element(name: str, attributes: dict[str, str]) -> None:
        roots.append(Root(name.rpartition(":")[2], attributes))
        raise _RootFound

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(start, False)
    except _RootFound:
        return roots[0]
    except (expat.ExpatError, LookupError, ValueError) as problem:
        raise damaged(what) from problem
    raise damaged(what)


def _guard_package(file: BinaryIO, size: int, limits: Limits) -> Findings:
    findings = Findings()
    meter = _Meter(
        max(
            limits.ratio_floor_bytes,
            min(limits.inflated_bytes, size * limits.inflated_ratio),
        )
    )
    for entry in directory(file, limits):
        pieces = meter.count(inflate(file, entry))
        first = next(pieces, b"")
        if first.startswith(_ZIP):
            raise Refused(
                "nested",
                "This workbook has another file inside it. Copy the rows into a new workbook and send that.",
            )
        if first.lstrip(b" \t\r\n").startswith(_XML_STARTS):
            _guard_part(entry, first, pieces, findings, limits)
        for _ in pieces:
            pass
    return findings


def _guard_part(
    entry: ZipInfo,
    first: bytes,
    pieces: Iterator[bytes],
    findings: Findings,
    limits: Limits,
) -> None:
    if entry.filename.endswith(".vml"):
        return  # Excel's own drawings are not always well-formed, and no reader here opens them.
    root = _prolog(first[: limits.prolog_bytes], "workbook")
    pieces = _shallow(_again(first, pieces), limits.depth)
    if root.name == "worksheet":
        sheet = Worksheet(pieces, limits.row_bytes)
        reach = extent(sheet)
        for _ in sheet.tail():
            pass
        if refusal := _too_far(reach, limits):
            findings.over[entry.filename] = refusal
        if reach.odd:
            findings.odd.add(entry.filename)
    else:
        for _ in pieces:
            pass
    if root.name == "sst":
        _believable_counts(root, entry.file_size, limits)


def _again(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _shallow(pieces: Iterator[bytes], depth: int) -> Iterator[bytes]:
    """Pass the pieces on while the elements open at the end of each are fewer than `depth`."""
    opened = 0
    held = b""
    for piece in pieces:
        yield piece
        text = held + piece
        # A mark cut in two by the end of the piece is counted with the next one.
        held = text[-1:] if text.endswith((b"<", b"/")) else b""
        text = text[: len(text) - len(held)]
        closing = text.count(b"</")
        starting = text.count(b"<") - closing - text.count(b"<!") - text.count(b"<?")
        opened += starting - closing - text.count(b"/>")
        if opened > depth:
            raise bomb()


def _too_far(reach: Extent, limits: Limits) -> Refused | None:
    if reach.rows > limits.workbook_rows + limits.header_rows:
        return too_many_rows(reach.rows, limits.workbook_rows)
    # Whether the last two are ours, the headings say; there the sender's own are counted.
    if reach.last_column > limits.columns + len(OURS):
        return Refused(
            "too_many_columns",
            f"This sheet has something in column {reach.last_column:,}; the most is {limits.columns}. "
            "Delete the columns that are not part of the table.",
        )
    if reach.last_row > limits.workbook_rows + limits.header_rows:
        return Refused(
            "too_many_rows",
            f"This sheet has something in row {reach.last_row:,}; the most is {limits.workbook_rows:,} rows. "
            "Delete what stands below the table.",
        )
    return None


def _believable_counts(root: Root, size: int, limits: Limits) -> None:
    # A reader may set room aside for as many strings as are announced; `<si/>` is the shortest one.
    announced = root.attributes.get("uniqueCount", "0")
    if not announced.isdecimal() or int(announced) > size // len("<si/>"):
        raise bomb()


class _Meter:
    """Counts what all parts together unpack to."""

    def __init__(self, most: int) -> None:
        self._left = most

    def count(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._left -= len(piece)
            if self._left < 0:
                raise bomb()
            yield piece
