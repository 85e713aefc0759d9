"""Rows out of the published XML and JSON shapes: one record is a tree, and each unit of it, or all of it, makes a row.

Both formats come to one tree (dictionaries, lists and plain values; for units with names in lower case), so that
they cannot differ in what they mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from pars.batches.readers.birthday import without_year
from pars.batches.readers.headings import names_a_birthday
from pars.batches.readers.layout import Cell, Header, Layout, RecordField, RecordLayout, Table
from pars.batches.readers.limits import Limits
from pars.batches.readers.package import bomb
from pars.batches.readers.refusal import Refused
from pars.batches.readers.values import RowShaper

Tree = dict[str, Any]

_CHUNK = 256 * 1024
_OF_SCHEMAS = (
    "http://www.w3.org/2001/XMLSchema-instance"  # xsi:nil, xsi:type and the like say nothing of the record
)
_BLANK = re.compile(r"[ \t\r\n]*")


def open_records(path: Path, kind: str, layout: Layout, limits: Limits) -> Table:
    """The names of the record's parts as header; a row for each unit, numbered from 1. Raises Refused."""
    shape = layout.record
    if shape is None:
        raise Refused(
            "unknown_format",
            f"{kind.upper()} files are not accepted here. Send an Excel workbook (.xlsx) or a CSV file.",
        )
    records = _xml_records(path, shape) if kind == "xml" else JsonRecords(path, shape, limits).records()
    headings = tuple(each.heading for each in shape.fields.values())
    if shape.whole:
        whole = Header(
            sheet=None, row=0, headings=(kind.upper(), *headings), keys=(shape.whole, *shape.fields)
        )
        return Table(whole, _wholes(records, shape, limits))
    header = Header(sheet=None, row=0, headings=headings, keys=tuple(shape.fields))
    shaper = RowShaper(header, layout, limits)
    return Table(header, _rows(records, shape, shaper), shaper.order)


def _rows(records: Iterator[Any], shape: RecordLayout, shaper: RowShaper) -> Iterator[tuple[int, list[Cell]]]:
    unit = _steps(shape.unit)
    # By the record's part that they stand in: of a part that a record does not have, nothing is looked up.
    parts: dict[str, list[tuple[int, _Lookup]]] = {}
    for place, field in enumerate(shape.fields.values()):
        parts.setdefault(_steps(field.paths[0])[0], []).append((place, _Lookup(field, unit)))
    empty: list[Cell] = [None] * len(shape.fields)
    number = 0
    for record in records:
        tree = _as_dict(_lower(record))
        lookups = [each for part, within in parts.items() if part in tree for each in within]
        for chain in _units(tree, unit):
            number += 1
            found = empty.copy()
            for place, lookup in lookups:
                found[place] = lookup.value(chain)
            yield number, shaper.shape(number, found) or empty.copy()
    if not number:
        raise _not_this_shape(shape)


def _wholes(records: Iterator[Any], shape: RecordLayout, limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    for number, record in enumerate(records, 1):
        text = json.dumps(_without_years(record, limits.depth), ensure_ascii=False, separators=(",", ":"))
        if len(text) > limits.record_characters:
            raise Refused(
                "cell_too_long",
                f"Record {number:,} has more than {limits.record_characters:,} characters. Shorten it.",
            )
        yield number, [text]
    if not number:
        raise _not_this_shape(shape)


def _without_years(value: Any, depth: int) -> Any:
    """The same tree without a birth year, wherever a name speaks of birth. Raises Refused (bomb) beyond the depth."""
    if not depth:
        raise bomb()
    if isinstance(value, dict):
        return {
            name: without_year(child)
            if isinstance(child, (str, int, float)) and names_a_birthday(name)
            else _without_years(child, depth - 1)
            for name, child in value.items()
        }
    if isinstance(value, list):
        return [_without_years(child, depth - 1) for child in value]
    return value


def _not_this_shape(shape: RecordLayout) -> Refused:
    return Refused(
        "no_columns",
        f"No record was found at {shape.record}. Send the published shape, an Excel workbook or a CSV file.",
    )


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.lower().split("/"))


def _children(node: Any, name: str) -> list[Any]:
    child = node.get(name) if isinstance(node, dict) else None
    if child is None:
        return []
    return child if isinstance(child, list) else [child]


def _units(node: Any, steps: tuple[str, ...]) -> Iterator[list[Any]]:
    """Each way down the steps, as the nodes met from the record on; None below the point where nothing is."""
    if not steps:
        yield [node]
        return
    for child in _children(node, steps[0]) or [None]:
        for rest in _units(child, steps[1:]):
            yield [node, *rest]


class _Lookup:
    """Finds one field's value for a unit: down its own ancestors as far as the paths agree, then on."""

    def __init__(self, field: RecordField, unit: tuple[str, ...]) -> None:
        self._where = field.where and field.where.lower()
        self._matching = re.compile(field.matching, re.IGNORECASE)
        self._take = field.take.lower()
        self._paths: list[tuple[int, tuple[str, ...]]] = []
        for path in field.paths:
            steps = _steps(path)
            shared = 0
            while shared < min(len(steps), len(unit)) and steps[shared] == unit[shared]:
                shared += 1
            self._paths.append((shared, steps[shared:]))
            if field.of_record:
                self._paths.append((0, steps))

    def value(self, chain: list[Any]) -> Cell:
        for shared, steps in self._paths:
            nodes = [chain[shared]]
            for step in steps:
                if not nodes:
                    break
                nodes = [child for node in nodes for child in _children(node, step)]
            for node in nodes:
                if self._where is None or self._applies(node):
                    found = node.get(self._take) if isinstance(node, dict) else node
                    if isinstance(found, (str, int, float)):
                        return found
        return None

    def _applies(self, node: Any) -> bool:
        kind = node.get(self._where) if isinstance(node, dict) else None
        return isinstance(kind, str) and self._matching.fullmatch(kind.strip()) is not None


def _xml_records(path: Path, shape: RecordLayout) -> Iterator[Any]:
    root, *_, name = shape.record.split("/")
    try:
        events = etree.iterparse(
            str(path),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        depth = 0
        record_depth = shape.record.count("/") + 1
        for event, element in events:
            if event == "start":
                depth += 1
                if depth == 1 and _local(element) != root:
                    raise _not_this_shape(shape)
                continue
            if depth == record_depth and _local(element) == name:
                yield _tree(element)
            if depth <= record_depth:
                _forget(element)
            depth -= 1
    except etree.XMLSyntaxError as problem:
        if "depth" in str(problem) or "huge" in str(problem).lower():
            raise bomb() from problem
        line = problem.lineno or 1
        raise Refused(
            "damaged",
            f"This XML file is not well-formed at line {line:,}. Correct that line and send it again.",
        ) from problem


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while parent[0] is not element:
            del parent[0]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _tree(element: etree._Element) -> Tree | str:
    children: Tree = {
        etree.QName(name).localname: value
        for name, value in element.attrib.items()
        if etree.QName(name).namespace != _OF_SCHEMAS
    }
    for child in element.iterchildren("*"):  # Without comments.
        name = _local(child)
        value = _tree(child)
        if name not in children:
            children[name] = value
        elif isinstance(children[name], list):
            children[name].append(value)
        else:
            children[name] = [children[name], value]
    after = (aside.tail or "" for aside in element.iterchildren(etree.Comment, etree.ProcessingInstruction))
    text = "".join([element.text or "", *after]).strip()
    if not children:
        return text
    if text:
        children.setdefault("value", text)
    return children


def _as_dict(tree: Any) -> Tree:
    return tree if isinstance(tree, dict) else {}


class JsonRecords:
    """Reads a JSON file record by record, so that 200 MiB of it need no more memory than its largest
    record."""

    def __init__(self, path: Path, shape: RecordLayout, limits: Limits) -> None:
        self._path = path
        self._shape = shape
        self._most = limits.row_bytes
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._count = 0

    def records(self) -> Iterator[Any]:
        """Every record at the layout's path. Raises Refused (damaged, no_columns)."""
        encoding = _json_encoding(self._path)
        try:
            with self._path.open(encoding=encoding) as self._file:
                for name in self._shape.record.lower().split("/"):
                    self._descend(name)
                if self._peek() != "[":
                    yield self._value()
                    return
                self._at += 1
                while self._peek() != "]":
                    self._count += 1
                    yield self._value()
                    if self._peek() == ",":
                        self._at += 1
                    elif self._peek() != "]":
                        raise self._damaged()
        except UnicodeDecodeError as problem:
            raise self._damaged() from problem
        except RecursionError as problem:
            raise bomb() from problem

    def _descend(self, name: str) -> None:
        if self._peek() != "{":
            raise _not_this_shape(self._shape)
        self._at += 1
        while self._peek() == '"':
            key = self._value()
            if self._peek() != ":":
                raise self._damaged()
            self._at += 1
            if key.lower() == name:
                self._peek()
                return
            self._value()
            if self._peek() == ",":
                self._at += 1
        raise _not_this_shape(self._shape)

    def _peek(self) -> str:
        """The next character that is not blank; nothing at the end of the file."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as problem:
                if len(self._text) - self._at > self._most or not self._more():
                    raise self._damaged() from problem
                continue
            # A number at the end of what was read may go on in the next piece.
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        piece = self._file.read(_CHUNK)
        self._text = self._text[self._at :] + piece
        self._at = 0
        return bool(piece)

    def _damaged(self) -> Refused:
        where = f"at or after record {self._count:,}" if self._count else "near its start"
        return Refused("damaged", f"This JSON file is not well-formed {where}. Correct it and send it again.")


def _json_encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    return "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.lower(): _lower(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_lower(child) for child in value]
    return value
