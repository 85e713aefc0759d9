"""Learner files as people, programs and attackers really send them, each under a name that says what it is."""

import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation

from tests.batches.files import awkward
from tests.batches.files.make_office import HEADINGS, OFFICE

ROW = ("202600101", "09/12/2026", "Amara", "Osei", "10/13", "North Carolina", "2008-95323", "4")
PLACE = {heading: place for place, heading in enumerate(HEADINGS)}
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10))

Maker = Callable[[Path], Path]


def row(**cells: Any) -> tuple[Any, ...]:
    """Amara Osei's row with other cells: activity, completed, first, last, born, state, number, credits."""
    names = ("activity", "completed", "first", "last", "born", "state", "number", "credits")
    return tuple(cells.get(name, usual) for name, usual in zip(names, ROW, strict=True))


def office(name: str) -> Maker:
    """A file that LibreOffice wrote (see make_office)."""
    return lambda _: OFFICE / name


def sheet(rows: Iterable[Sequence[Any]], *, headings: Sequence[str] = HEADINGS) -> Maker:
    """A workbook by openpyxl."""

    def write(path: Path) -> Path:
        book = openpyxl.Workbook()
        assert book.active is not None
        for each in (headings, *rows):
            book.active.append(each)
        book.save(path)
        return path

    return write


def text(
    rows: Iterable[Sequence[str]],
    *,
    headings: Sequence[str] = HEADINGS,
    separator: str = ",",
    encoding: str = "utf-8",
    end: str = "\r\n",
    before: str = "",
) -> Maker:
    """CSV or the like, written as the module csv does."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows([headings, *rows])
    return raw((before + out.getvalue()).encode(encoding))


def raw(content: bytes | str) -> Maker:
    """These very bytes."""

    def write(path: Path) -> Path:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def merged(path: Path) -> Path:
    """The activity's ID merged over two rows, a title merged over all columns."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 7, "Spring meeting")
    page.write_row(1, 0, HEADINGS)
    page.write_row(2, 0, ROW)
    page.write_row(3, 1, ROW[1:])
    page.merge_range(2, 0, 3, 0, "202600101")
    book.close()
    return path


def two_rows_of_headings(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 1, "Activity")
    page.merge_range(0, 2, 0, 6, "Learner")
    page.write(0, 7, "Credit")
    page.write_row(1, 0, HEADINGS)
    page.write_row(2, 0, ROW)
    book.close()
    return path


def from_1904(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.append(HEADINGS)
    page.append(row(completed=date(2026, 9, 12), born=date(1979, 10, 13)))
    page.append(row(completed=44815, last="Plain"))
    book.save(path)
    return path


def formulas(path: Path) -> Path:
    """One with the result that Excel stores, one without."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for number, each in enumerate((HEADINGS, ROW, ROW)):
        page.write_row(number, 0, each)
    page.write_formula("H2", "=2+2", None, 4)
    page.write_formula("H3", "=2+2", None, "")
    book.close()
    return path


def errors(path: Path) -> Path:
    """Cells that hold an error: as credits, as a name, as a birthday."""
    plain = path.with_name("plain.xlsx")
    sheet([ROW, ROW, ROW])(plain)
    for cell in ("H2", "D3", "E4"):
        with zipfile.ZipFile(plain) as before:
            content = before.read("xl/worksheets/sheet1.xml").decode()
        start = content.index(f'<c r="{cell}"')
        end = content.index("</c>", start) + len("</c>")
        plain = awkward.changed(
            plain,
            path.with_name(f"{cell}.xlsx"),
            "xl/worksheets/sheet1.xml",
            content[start:end].encode(),
            f'<c r="{cell}" t="e"><v>#N/A</v></c>'.encode(),
        )
    return plain


def declared_to_the_end(path: Path) -> Path:
    """A million rows announced, the last one colored, one filled."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, HEADINGS)
    page.write_row(1, 0, ROW)
    page.write_blank(1_048_575, 0, None, book.add_format({"bg_color": "yellow"}))
    book.close()
    return path


def hidden_and_filtered(path: Path) -> Path:
    """A row that a filter hides, a hidden column, a frozen head, a list to choose from, a comment, protection."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for each in (HEADINGS, ROW, row(last="Silva")):
        page.append(each)
    page.auto_filter.ref = "A1:H3"
    page.row_dimensions[3].hidden = True
    page.column_dimensions["E"].hidden = True
    page.freeze_panes = "A2"
    choices = DataValidation(type="list", formula1='"North Carolina,Texas"')
    choices.add("F2:F3")
    page.add_data_validation(choices)
    page.protection.set_password("secret")
    book.save(path)
    return path


def rich(path: Path) -> Path:
    """A name half of which is bold."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADINGS)
    page.append(row(last=CellRichText("Os", TextBlock(InlineFont(b=True), "ei"))))
    book.save(path)
    return path


def pictured(path: Path) -> Path:
    """A chart, a picture's worth of formats, and the table on the second sheet."""
    book = xlsxwriter.Workbook(path)
    front, page = book.add_worksheet("Summary"), book.add_worksheet("Learners")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Learners!$H$2:$H$2"})
    front.insert_chart("A1", chart)
    page.add_table(0, 0, 1, 7, {"columns": [{"header": heading} for heading in HEADINGS], "data": [ROW]})
    page.write_comment("A2", "from the sign-in sheet")
    book.close()
    return path


def with_parts(**parts: bytes) -> Maker:
    """An ordinary workbook with more parts in its zip; `__` in a name stands for a slash."""

    def write(path: Path) -> Path:
        sheet([ROW])(path)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
            for name, content in parts.items():
                book.writestr(name.replace("__", "/"), content)
        return path

    return write


def with_name(name: str) -> Maker:
    """An ordinary workbook with one part of this very name more."""

    def write(path: Path) -> Path:
        sheet([ROW])(path)
        with zipfile.ZipFile(path, "a") as book:
            book.writestr(zipfile.ZipInfo("x" * len(name)), b"a")
        path.write_bytes(path.read_bytes().replace(b"x" * len(name), name.encode()))
        return path

    return write


def edited(change: Callable[[bytearray], None]) -> Maker:
    """An ordinary workbook, some bytes of which were changed."""

    def write(path: Path) -> Path:
        content = bytearray(sheet([ROW])(path).read_bytes())
        change(content)
        path.write_bytes(content)
        return path

    return write


def overlapping(content: bytearray) -> None:
    """The directory's second entry begins where its first does."""
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", content, second + 42, 0)


def encrypted_part(content: bytearray) -> None:
    struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 8, 1)


def strangely_packed(content: bytearray) -> None:
    struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 10, 14)


def cut_short(content: bytearray) -> None:
    del content[len(content) // 2 :]


def in_front(content: bytearray) -> None:
    content[:0] = b"#!/bin/sh\nexit\n"


def a_part_less(name: str) -> Maker:
    """An ordinary workbook without one of its parts."""

    def write(path: Path) -> Path:
        whole = sheet([ROW])(path.with_name("whole.xlsx"))
        with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w") as after:
            for each in before.namelist():
                if each != name:
                    after.writestr(each, before.read(each))
        return path

    return write


def cells_xml(rows: Iterable[Sequence[str]], *, prefix: str = "", references: bool = True) -> str:
    """A worksheet part with the texts inline."""

    def named(reference: str) -> str:
        return f' r="{reference}"' if references else ""

    lines = []
    for number, each in enumerate(rows, 1):
        cells = "".join(
            f'<{prefix}c{named(f"{chr(65 + at)}{number}")} t="inlineStr">'
            f"<{prefix}is><{prefix}t>{value}</{prefix}t></{prefix}is></{prefix}c>"
            for at, value in enumerate(each)
        )
        lines.append(f"<{prefix}row{named(str(number))}>{cells}</{prefix}row>")
    return "".join(lines)


def by_hand(sheet_xml: str | bytes) -> Maker:
    """The smallest workbook around a worksheet part."""
    return lambda path: awkward.package(path, sheet_xml)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def prefixed(path: Path) -> Path:
    cells = cells_xml([HEADINGS, ROW], prefix="x:")
    return awkward.package(
        path, f'<x:worksheet xmlns:x="{_MAIN}"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    )


ENCRYPTION = '<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="a"/>'


def ods(rows: str, *, encryption: str = "") -> Maker:
    """An OpenDocument sheet of this markup."""
    family = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{one}="{family}:{one}:1.0"' for one in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )

    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        f"{encryption}</manifest:file-entry></manifest:manifest>"
    )

    def write(path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            out.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
            out.writestr("META-INF/manifest.xml", manifest)
        return path

    return write


def ods_row(cells: Sequence[str], times: int = 1, *, wide: int = 1) -> str:
    """A row of text cells, repeated; the last cell `wide` times."""
    *others, last = cells
    marked = "".join(_ods_cell(value) for value in others) + _ods_cell(last, wide)
    return f'<table:table-row table:number-rows-repeated="{times}">{marked}</table:table-row>'


def _ods_cell(value: str, times: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{times}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def report(**changes: Any) -> dict[str, Any]:
    """One learner report of the published JSON."""
    return {
        "ReportingOrganization": "Northlake",
        "Member": {
            "Name": {"GivenName": "Amara", "FamilyName": changes.get("last", "Osei")},
            "PersonalInfo": {"BirthDate": changes.get("born", "1979-10-13")},
        },
        "Activity": {
            "Module": {
                "ModuleName": {"value": "Ethics", "moduleID": "202600101"},
                "Status": "Completed",
                "CompletedDateTime": changes.get("completed", "2026-09-12T00:00:00"),
                "CreditCertificate": [
                    {
                        "UniqueID": [{"value": "2008-95323", "domain": "NC"}],
                        "CreditReceived": {"numberOfCredits": changes.get("credits", 4)},
                    }
                ],
            }
        },
        "XtensibleInfo": {"LearnerRecordAction": "add"},
    }


def published(*reports: dict[str, Any]) -> str:
    """Reports as the whole JSON document."""
    shape = {"ActivityReports": {"ActivityReport": list(reports)}}
    return json.dumps({"ACCMELearnerReports": shape}, ensure_ascii=False)


def xml_report(*, inside: str = "", last: str = "Osei", amount: str = "4") -> str:
    """One learner report of the published XML."""
    return (
        f"<ActivityReport>{inside}<Member><Name><GivenName>Amara</GivenName><FamilyName>{last}</FamilyName></Name>"
        "<PersonalInfo><BirthDate>1979-10-13</BirthDate></PersonalInfo></Member>"
        '<Activity><Module><ModuleName moduleID="202600101">Ethics</ModuleName>'
        "<CompletedDateTime>2026-09-12T00:00:00</CompletedDateTime><CreditCertificate>"
        f'<UniqueID domain="NC">2008-95323</UniqueID><CreditReceived>{amount}</CreditReceived>'
        "</CreditCertificate></Module></Activity></ActivityReport>"
    )


def xml(*reports: str, before: str = "", attributes: str = "", encoding: str = "utf-8") -> Maker:
    """Reports as the whole XML document."""
    content = (
        f"{before}<ACCMELearnerReports{attributes}><ActivityReports>{''.join(reports)}"
        "</ActivityReports></ACCMELearnerReports>"
    )
    return raw(content.encode(encoding))


ALREADY = datetime(2026, 9, 12, 17, 30)  # noqa: DTZ001  as a cell holds it


def archive(name: str) -> Maker:
    """A zip of nothing but one part of this name."""

    def write(path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as out:
            out.writestr(name, "a")
        return path

    return write
