"""Rows out of CSV and tab-separated text, in the encodings and with the separators that office programs
write."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from pars.batches.readers.headings import HeaderSearch
from pars.batches.readers.layout import Cell, Header, Layout, Table
from pars.batches.readers.limits import Limits
from pars.batches.readers.refusal import Refused
from pars.batches.readers.values import RowShaper

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 256 * 1024
_CHUNK = 1024 * 1024
_NOT_OURS = {";": ".-"}
"""Excel writes semicolons where the comma is the decimal mark, and there dots and dashes part day from month."""


def open_delimited(path: Path, layout: Layout, limits: Limits) -> Table:
    """The header, and the rows under it numbered as a spreadsheet program shows them. Raises Refused."""
    csv.field_size_limit(4 * limits.cell_characters)
    text = path.open(encoding=_encoding(path), newline="")
    start = _skip_separator_line(text)
    text.seek(start)
    sample = text.read(_SAMPLE_CHARACTERS)
    search = HeaderSearch(layout, limits)
    for separator in _SEPARATORS:
        if header := _header(sample, separator, search, limits):
            text.seek(start)
            shaper = RowShaper(header, layout, limits, doubtful=_NOT_OURS.get(separator, ""))
            return Table(header, _rows(text, separator, header, shaper), shaper.order)
    raise search.failed()


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        # Excel saves "CSV" in the Windows code page and "CSV UTF-8" with a mark; other programs write UTF-8
        # bare.
        for encoding in ("utf-8-sig", "cp1252"):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                while piece := file.read(_CHUNK):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise _unknown_encoding()


def _unknown_encoding() -> Refused:
    return Refused(
        "encoding",
        "The letters of this file cannot be read. Save it as “CSV UTF-8” and send it again.",
    )


def _skip_separator_line(text: io.TextIOWrapper) -> int:
    # "sep=;" on top tells Excel the separator; Excel neither shows nor counts the line.
    if text.read(4).lower() == "sep=":
        text.readline()
        return text.tell()
    return 0


def _header(sample: str, separator: str, search: HeaderSearch, limits: Limits) -> Header | None:
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(records, 1):
            if number > limits.header_rows:
                break
            if header := search.header(None, number, cells):
                return header
    except csv.Error:
        pass  # With this separator it is not a table; another one may fit.
    return None


def _rows(
    text: io.TextIOWrapper, separator: str, header: Header, shaper: RowShaper
) -> Iterator[tuple[int, list[Cell]]]:
    width = len(header.headings)
    number = 0
    try:
        with text:
            for number, values in enumerate(csv.reader(text, delimiter=separator, strict=True), 1):
                if number <= header.row:
                    continue
                if len(values) > width and any(value.strip() for value in values[width:]):
                    raise Refused(
                        "ragged_row",
                        f"Row {number:,} has more values than there are headings. Put quotation marks round "
                        f"a value that contains a {_name(separator)}, and send the file again.",
                    )
                cells = shaper.shape(number, values)
                if cells is not None:
                    yield number, cells
    except UnicodeError as problem:
        raise _unknown_encoding() from problem
    except csv.Error as problem:
        raise Refused(
            "open_quote",
            f"A quotation mark in or after row {number + 1:,} is not closed, or closed too early. "
            "Correct it, or send the file as an Excel workbook.",
        ) from problem


def _name(separator: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator]
