"""The zip inside a workbook: its directory, its parts, its sheets. Nothing that the file says of itself is
trusted."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from pars.batches.readers.limits import LIMITS, MIB, Limits
from pars.batches.readers.refusal import Refused, damaged

CHUNK = 256 * 1024

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MARK = b"PK\x03\x04"
_ENCRYPTED = 0x1
_INDEX_BYTES = 8 * MIB


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name on the tab, whether a person sees it, and the part of the zip that holds its
    cells."""

    name: str
    visible: bool
    part: str


def bomb() -> Refused:
    """The refusal for a file that would grow out of all proportion."""
    return Refused(
        "bomb",
        "This file unpacks to far more than it should. Copy the rows into a new workbook and send that.",
    )


def directory(file: BinaryIO, limits: Limits = LIMITS) -> list[zipfile.ZipInfo]:
    """The entries of a zip, in the order of its directory.

    Raises Refused when there are too many, when one is encrypted or packed in an unusual way, or when two
    programs could read two different archives out of the same bytes: names twice, entries over each other,
    bytes in front.
    """
    size = file.seek(0, 2)
    tail_bytes = min(size, _END.size + 0xFFFF)
    file.seek(size - tail_bytes)
    tail = file.read(tail_bytes)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise damaged("workbook")
    # Before zipfile reads it whole: a directory of 25 MiB would become several hundred MiB of objects.
    _, _, _, _, count, directory_bytes, _, _ = _END.unpack_from(tail, at)
    if count > limits.entries or directory_bytes > limits.entries * 1024:
        raise bomb()
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            end_of_entries = archive.start_dir
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        struct.error,
    ) as problem:
        raise damaged("workbook") from problem
    if len(entries) > limits.entries:
        raise bomb()
    _refuse_two_readings(entries, end_of_entries)
    return entries


def _refuse_two_readings(entries: list[zipfile.ZipInfo], end: int) -> None:
    names = {entry.filename.casefold() for entry in entries}
    if not entries or len(names) != len(entries):
        raise damaged("workbook")
    at = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.flag_bits & _ENCRYPTED:
            raise Refused(
                "encrypted",
                "This file is protected by a password. Take the password off and send it again.",
            )
        odd_name = (
            entry.filename.startswith("/") or "\\" in entry.filename or ".." in entry.filename.split("/")
        )
        odd_packing = entry.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        )
        if odd_name or odd_packing or entry.header_offset < at or (at == 0 and entry.header_offset != 0):
            raise damaged("workbook")
        at = entry.header_offset + _LOCAL.size + len(entry.filename) + entry.compress_size
    if at > end:
        raise damaged("workbook")


def inflate(file: BinaryIO, entry: zipfile.ZipInfo, chunk: int = CHUNK) -> Iterator[bytes]:
    """The bytes of one entry, at most `chunk` at a time, however many they turn out to be.

    Raises Refused (damaged) at the end when size or checksum are not those that the directory promised.
    """
    file.seek(entry.header_offset)
    local = file.read(_LOCAL.size)
    if len(local) < _LOCAL.size or not local.startswith(_LOCAL_MARK):
        raise damaged("workbook")
    name_bytes, extra_bytes = _LOCAL.unpack(local)[-2:]
    if file.read(name_bytes) != _raw_name(entry):
        raise damaged("workbook")
    file.seek(extra_bytes, 1)
    size = checksum = 0
    for piece in _unpacked(file, entry, chunk):
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if size != entry.file_size or checksum != entry.CRC:
        raise damaged("workbook")


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo, chunk: int) -> Iterator[bytes]:
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left and (piece := file.read(min(left, chunk))):
            left -= len(piece)
            yield piece
        return
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = b""
    try:
        while not unpack.eof:
            if not packed:
                packed = file.read(min(left, chunk))
                left -= len(packed)
            piece = unpack.decompress(packed, chunk)
            if not piece and not packed:
                raise damaged("workbook")
            packed = unpack.unconsumed_tail
            if piece:
                yield piece
    except zlib.error as problem:
        raise damaged("workbook") from problem


def parse(content: bytes) -> etree._Element:
    """A small XML part as a tree. Raises Refused (damaged)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise damaged("workbook") from problem


class Workbook:
    """The index of an .xlsx package: which sheets there are, and from which year its dates count."""

    def __init__(self, file: BinaryIO, limits: Limits = LIMITS) -> None:
        self._file = file
        self.entries = {entry.filename: entry for entry in directory(file, limits)}
        book = parse(self.read("xl/workbook.xml"))
        targets = self._targets("xl/_rels/workbook.xml.rels", "xl")
        self.sheets = [
            Sheet(
                name=tab.get("name", ""),
                visible=tab.get("state", "visible") == "visible",
                part=part,
            )
            for tab in book.iterfind("{*}sheets/{*}sheet")
            if (part := targets.get(_relation(tab), "")) in self.entries
        ]
        properties = book.find("{*}workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in (
            "1",
            "true",
        )

    def read(self, part: str, most: int = _INDEX_BYTES) -> bytes:
        """One part whole. Raises Refused (damaged, bomb) when it is not there or longer than `most` bytes."""
        if part not in self.entries:
            raise damaged("workbook")
        content = bytearray()
        for piece in self.stream(part):
            content += piece
            if len(content) > most:
                raise bomb()
        return bytes(content)

    def stream(self, part: str) -> Iterator[bytes]:
        """One part, piece by piece."""
        return inflate(self._file, self.entries[part])

    def _targets(self, part: str, base: str) -> dict[str, str]:
        return {
            link.get("Id", ""): posixpath.normpath(posixpath.join("/" + base, link.get("Target", ""))).lstrip(
                "/"
            )
            for link in parse(self.read(part))
            if link.get("TargetMode") != "External"
        }


def _relation(tab: etree._Element) -> str:
    for name, value in tab.attrib.items():
        if etree.QName(name).localname == "id" and etree.QName(name).namespace:
            return str(value)
    return ""
