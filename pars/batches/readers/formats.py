"""Tell what a file is: by its content first, by its name only where the content leaves it open."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pars.batches.readers.limits import MIB
from pars.batches.readers.package import directory
from pars.batches.readers.refusal import Refused, damaged

WORKBOOKS = frozenset({"xlsx", "xls", "ods"})

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEND = "Send an Excel workbook (.xlsx) or a CSV file."
_PEEK = 64 * 1024
_OTHER_KINDS = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "a word processor document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
}
_TEXT_NAMES = frozenset({".csv", ".tab", ".tsv", ".txt"})


def detect(path: Path, name: str) -> str:
    """The format of the file at `path`, which its sender called `name`: xlsx, xls, ods, csv, xml or json.

    Raises Refused (empty, encrypted, not_a_workbook, unknown_format, damaged) for everything else.
    """
    with path.open("rb") as file:
        start = file.read(_PEEK)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refused("empty", f"This file is empty. {_SEND}")
    if start.startswith(b"PK\x03\x04"):
        return _zip_format(path)
    if start.startswith(_OLE):
        return _ole_format(path)
    return _text_format(start, name)


def _zip_format(path: Path) -> str:
    with path.open("rb") as file:
        entries = {entry.filename: entry for entry in directory(file)}
        if "xl/workbook.bin" in entries:
            raise Refused(
                "unknown_format",
                "This is a binary workbook (.xlsb). Open it in Excel, save it as Excel Workbook (.xlsx) "
                "and send that.",
            )
        if "xl/vbaProject.bin" in entries:
            raise Refused(
                "unknown_format",
                "This workbook contains macros. Save it as Excel Workbook (.xlsx), which leaves them out, "
                "and send that.",
            )
        if "[Content_Types].xml" in entries and any(part.startswith("xl/") for part in entries):
            return "xlsx"
        kind = entries.get("mimetype")
        if kind is not None and kind.compress_type == zipfile.ZIP_STORED and kind.file_size < 100:
            file.seek(kind.header_offset + 30 + len("mimetype"))
            if file.read(kind.file_size).startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return "ods"
    if any(part.startswith(("word/", "ppt/")) for part in entries):
        raise Refused(
            "not_a_workbook",
            f"This is a document or a presentation, not a workbook. {_SEND}",
        )
    raise Refused(
        "not_a_workbook",
        "This is an archive, not a workbook. Unpack it and send the files one by one.",
    )


def _ole_format(path: Path) -> str:
    # Directory names are UTF-16. Looking for them in all of the file instead of walking its sectors can only
    # mistake a file that was made to be mistaken, and then the child refuses it.
    size = path.stat().st_size
    if size > 64 * MIB:
        raise damaged("workbook")
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(
            "encrypted",
            "This workbook is protected by a password. Open it in Excel, take the password off "
            "(File, Info, Protect Workbook) and send it again.",
        )
    if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return "xls"
    raise Refused("not_a_workbook", f"This is an older Office document, not a workbook. {_SEND}")


def _text_format(start: bytes, name: str) -> str:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in _OTHER_KINDS.items():
        if head.startswith(mark.lower()):
            raise Refused("not_a_workbook", f"This is {kind}, whatever its name says. {_SEND}")
    suffix = Path(name).suffix.lower()
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = start[: len(start) // 2 * 2].decode("utf-16", "replace").lstrip() if wide else ""
    if (
        head.startswith((b"<?xml", b"<!"))
        or text.startswith("<")
        or (head.startswith(b"<") and suffix == ".xml")
    ):
        return "xml"
    if suffix not in _TEXT_NAMES and (head.startswith((b"{", b"[")) or text.startswith(("{", "["))):
        return "json"
    if not wide and b"\x00" in start:
        raise Refused("unknown_format", f"This kind of file is not known here. {_SEND}")
    return "csv"
