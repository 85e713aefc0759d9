"""A person's rows to fix, as a workbook: their own, patched, or a new one with the same columns.

The person's own workbook is never opened as a whole: other programs' parts, styles and formulas would be lost
on the way, and 100,000 rows would take eleven seconds. The rows of its data sheet are cut out as they were
saved, those with a reason are kept at their own numbers with two columns added, and every other part is
copied as it is. Rows that landed leave gaps, which spreadsheets allow and which keep formulas, ranges and the
report's row numbers right.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import Workbook as NewWorkbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pars.batches.readers.headings import KEY_HEADING, REASON_HEADING, columns_of_ours
from pars.batches.readers.layout import Cell, Formula, Header, Row
from pars.batches.readers.package import Workbook, parse
from pars.batches.readers.refusal import damaged
from pars.batches.readers.worksheet import Worksheet, column_number, row_number

Reasons = Mapping[int, Sequence[tuple[int | None, str]]]
"""Row number to what is wrong in it: the column's index in the header (None: the whole row), the sentence."""

_COLOUR = "FFFFE0B2"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})\d+"[^>/]*(?:/>|>.*?</(?:\w+:)?c>)', re.DOTALL)
_STYLE = re.compile(rb'\ss="(\d+)"')
_REFERENCE = re.compile(rb' r="([A-Z]{1,3})\d')
_STYLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\ss="(\d+)"')
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?/>")
_BLOCK_BYTES = 128 * 1024
_HIDDEN_WIDTH = 2
_REASON_WIDTH = 60
_STYLES = "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_errors(
    source: Path, target: Path, *, header: Header, reasons: Reasons, keys: Mapping[int, str]
) -> None:
    """Write the .xlsx at `source` to `target` with only the data rows that `reasons` names.

    What stands above the data, the other sheets, widths and styles stay. Cells that a reason names are
    coloured; column “What to fix” holds the sentences and the hidden column “PARS row key” the row's key from
    `keys`, both always as text. Raises Refused (damaged) when the sheet of the header is not in the file.
    """
    with (
        source.open("rb") as file,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        book = Workbook(file)
        sheet = next((each for each in book.sheets if each.name == header.sheet), None)
        if sheet is None or _STYLES not in book.entries:
            raise damaged("workbook")
        styles = _Styles(book.read(_STYLES))
        patch = _Patch(header, reasons, keys, styles)
        for name in book.entries:
            if name == _STYLES:
                continue  # Written last: the sheet says which colours it needs.
            with out.open(name, "w") as part:
                pieces = patch.apply(book.stream(name)) if name == sheet.part else book.stream(name)
                for block in _blocks(pieces):
                    part.write(block)
        out.writestr(_STYLES, styles.content())


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, joined to such as are worth a call of the compressor."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _BLOCK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


class _Styles:
    """The workbook's cell formats, to which coloured copies are added as they are asked for."""

    def __init__(self, content: bytes) -> None:
        self._root = parse(content)
        fills = self._root.find("{*}fills")
        formats = self._root.find("{*}cellXfs")
        if fills is None or formats is None:
            raise damaged("workbook")
        self._formats = formats
        self._coloured: dict[int, int] = {}
        fill = etree.SubElement(fills, self._name("fill"))
        pattern = etree.SubElement(fill, self._name("patternFill"), patternType="solid")
        etree.SubElement(pattern, self._name("fgColor"), rgb=_COLOUR)
        self._fill = len(fills) - 1
        fills.set("count", str(len(fills)))

    def coloured(self, style: int) -> int:
        """The number of the format that is `style` with our colour behind it."""
        if style not in self._coloured:
            known = self._formats[style] if style < len(self._formats) else self._formats[0]
            copy = etree.fromstring(etree.tostring(known))
            copy.set("fillId", str(self._fill))
            copy.set("applyFill", "1")
            self._formats.append(copy)
            self._formats.set("count", str(len(self._formats)))
            self._coloured[style] = len(self._formats) - 1
        return self._coloured[style]

    def content(self) -> bytes:
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _name(self, tag: str) -> str:
        return f"{{{etree.QName(self._root).namespace or _MAIN}}}{tag}"


class _Patch:
    """Cuts the rows that landed out of the data sheet and adds the two columns to the others."""

    def __init__(self, header: Header, reasons: Reasons, keys: Mapping[int, str], styles: _Styles) -> None:
        self._header = header
        self._reasons = reasons
        self._keys = keys
        self._styles = styles
        # A workbook that was sent back once has the two columns already: they are written anew.
        ours = columns_of_ours(header.headings)
        at, end = (ours.get(REASON_HEADING), len(header.headings))
        together = at is not None and ours.get(KEY_HEADING) == at + 1
        self._reason_column = (at if together and at is not None else end) + 1
        self._key_column = self._reason_column + 1
        self._cells = self._closing = b""

    def apply(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        sheet = Worksheet(pieces)
        self._cells = b"".join(
            _text_cell(column, sheet.prefix) for column in (self._reason_column, self._key_column)
        )
        self._closing = b"</%brow>" % sheet.prefix
        yield self._columns(sheet.head, sheet.prefix)
        number = 0
        for row in sheet.rows():
            number = row_number(row, number)
            if number < self._header.row:
                yield row
            elif number == self._header.row:
                yield self._extended(row, number, REASON_HEADING, KEY_HEADING)
            elif number in self._reasons:
                yield self._bad_row(row, number, sheet.prefix)
        yield from sheet.tail()

    def _bad_row(self, row: bytes, number: int, prefix: bytes) -> bytes:
        wrong, sentences = _said(tuple(self._reasons[number]))
        if wrong:
            row = self._coloured(row, number, wrong, prefix)
        return self._extended(row, number, sentences, self._keys.get(number, ""))

    def _coloured(self, row: bytes, number: int, wrong: Sequence[int], prefix: bytes) -> bytes:
        if b' r="' not in row[row.index(b">") :]:
            return row  # Cells that do not say where they are cannot be found, only read in order.
        for column in wrong:
            at = row.find(b' r="%b%d"' % (_letters(column), number))
            if at < 0:
                style = self._styles.coloured(0)
                cell = b'<%bc r="%b%d" s="%d"/>' % (prefix, _letters(column), number, style)
                row = _inserted(row, column, cell, self._closing)
                continue
            start, end = row.rindex(b"<", 0, at), row.index(b">", at)
            known = _STYLE.search(row, start, end)
            style = self._styles.coloured(int(known[1]) if known else 0)
            before, after = known.span() if known else (at, at)
            row = row[:before] + b' s="%d"' % style + row[after:]
        return row

    def _extended(self, row: bytes, number: int, reason: str, key: str) -> bytes:
        style = b""
        if number == self._header.row:
            style = b' s="%d"' % self._styles.coloured(_style_of_row(row))
        ours = self._cells % (number, style, _shown(reason), number, style, _in_xml(key))
        if (at := row.find(b' spans="')) >= 0:
            row = row[:at] + row[row.index(b'"', at + len(b' spans="')) + 1 :]
        if _last_column(row) >= self._reason_column:
            row = _CELL.sub(self._without_ours, row)
            return _inserted(row, self._reason_column, ours, self._closing)
        end = row.rindex(self._closing)
        return row[:end] + ours + row[end:]

    def _without_ours(self, cell: re.Match[bytes]) -> bytes:
        return b"" if column_number(cell[1]) in (self._reason_column, self._key_column) else cell[0]

    def _columns(self, head: bytes, prefix: bytes) -> bytes:
        """The head with widths for the two columns, the second one hidden."""
        # What the sheet says of its extent is out of date now, and optional.
        head = _DIMENSION.sub(b"", head)
        ours = b""
        for column, width, hidden in (
            (self._reason_column, _REASON_WIDTH, b""),
            (self._key_column, _HIDDEN_WIDTH, b' hidden="1"'),
        ):
            ours += b'<%bcol min="%d" max="%d" width="%d" customWidth="1"%b/>' % (
                prefix,
                column,
                column,
                width,
                hidden,
            )
        closing = b"</%bcols>" % prefix
        if closing not in head:
            at = head.rindex(b"<%bsheetData" % prefix)
            return head[:at] + b"<%bcols>" % prefix + ours + closing + head[at:]
        start, end = head.index(b"<%bcols" % prefix), head.index(closing)
        opened = head.index(b">", start) + 1
        kept = self._clipped(head[opened:end])
        return head[:opened] + kept + ours + head[end:]

    def _clipped(self, columns: bytes) -> bytes:
        """The sheet's own widths, ending before our columns: two widths for a column would be an error."""

        def clip(column: re.Match[bytes]) -> bytes:
            first, last = (int(_number(column[0], name)) for name in (b"min", b"max"))
            if first >= self._reason_column:
                return b""
            if last < self._reason_column:
                return column[0]
            return re.sub(rb'\bmax="\d+"', b'max="%d"' % (self._reason_column - 1), column[0])

        return re.sub(rb"<(?:\w+:)?col\s[^>]*?/>", clip, columns)


@lru_cache(maxsize=1_024)
def _said(reasons: tuple[tuple[int | None, str], ...]) -> tuple[list[int], str]:
    """The columns, from 1, that reasons name, in order; and their sentences, each once."""
    wrong = {column + 1 for column, _ in reasons if column is not None}
    return sorted(wrong), " ".join(dict.fromkeys(sentence for _, sentence in reasons))


def _number(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\b%b=\"(\d+)\"" % name, tag)
    return match[1] if match else b"0"


def _style_of_row(row: bytes) -> int:
    match = _STYLED_CELL.search(row)
    return int(match[1]) if match else 0


@cache
def _letters(column: int) -> bytes:
    return str(get_column_letter(column)).encode()


def _last_column(row: bytes) -> int:
    match = _REFERENCE.match(row, max(row.rfind(b' r="'), 0))
    return column_number(match[1]) if match else 0


def _inserted(row: bytes, column: int, cell: bytes, closing: bytes) -> bytes:
    """The row, which ends with `closing`, with `cell` where its column belongs: cells stand in the order of columns."""
    if _last_column(row) > column:
        for other in _CELL.finditer(row):
            if column_number(other[1]) > column:
                return row[: other.start()] + cell + row[other.start() :]
    end = row.rindex(closing)
    return row[:end] + cell + row[end:]


def _in_xml(text: str) -> bytes:
    return escape(_NOT_IN_XML.sub("", text)).encode()


_shown = lru_cache(maxsize=1_024)(_in_xml)  # a file has few different sentences


def _text_cell(column: int, prefix: bytes) -> bytes:
    """A cell to be filled (%) with the row's number, its style and its text: in place, never a formula."""
    return b'<%bc r="%b%%d"%%b t="inlineStr"><%bis><%bt xml:space="preserve">%%b</%bt></%bis></%bc>' % (
        prefix,
        _letters(column),
        *(prefix,) * 5,
    )


def write_rows(
    target: Path, *, header: Header, rows: Iterable[Row], reasons: Reasons, keys: Mapping[int, str]
) -> None:
    """Write the rows that `reasons` names to a new .xlsx at `target`, for files that were no .xlsx.

    The columns and headings are the file's own, followed by “What to fix” and the hidden “PARS row key”.
    Every text is stored as text, also where it begins like a formula.
    """
    book = NewWorkbook(write_only=True)
    sheet = book.create_sheet("Rows to fix")
    # A file that was made of such a workbook has our two columns already: they are written anew.
    ours = columns_of_ours(header.headings).values()
    own = [place for place in range(len(header.headings)) if place not in ours]
    width = len(own)
    for column in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.column_dimensions[get_column_letter(width + 1)].width = _REASON_WIDTH
    sheet.column_dimensions[get_column_letter(width + 2)].hidden = True
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    colour = PatternFill("solid", fgColor=_COLOUR)
    wrapped = Alignment(wrap_text=True, vertical="top")

    def cell(value: Cell) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=_plain(value))
        if isinstance(value, str):
            made.data_type = "s"
        return made

    named = [header.headings[place] for place in own]
    headings = [cell(heading) for heading in (*named, REASON_HEADING, KEY_HEADING)]
    for heading in headings:
        heading.font = bold
    sheet.append(headings)
    for number, values in rows:
        if number not in reasons:
            continue
        wrong = {column for column, _ in reasons[number] if column is not None}
        cells = [cell(values[place]) for place in own]
        for place, made in zip(own, cells, strict=True):
            if place in wrong:
                made.fill = colour
        sentences = cell(" ".join(dict.fromkeys(sentence for _, sentence in reasons[number])))
        sentences.alignment = wrapped
        sheet.append([*cells, sentences, cell(keys.get(number, ""))])
    book.save(target)


def _plain(value: Cell) -> str | int | float | bool | None:
    if isinstance(value, Formula):
        return None
    return _NOT_IN_XML.sub("", value) if isinstance(value, str) else value
