"""Files as people and attackers really send them, written by real libraries or byte by byte."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.batches.files.layout import HEADINGS

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW = ("202600101", date(2026, 9, 12), "Osei", "10/13", 4)


def workbook(path: Path, rows: Sequence[Sequence[Any]], *, above: Sequence[Sequence[Any]] = ()) -> Path:
    """An ordinary workbook: guidance above, the headings, the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*above, HEADINGS, *rows):
        sheet.append(row)
    book.save(path)
    return path


def hidden_sheet_first(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    hidden, shown = book.add_worksheet("Old"), book.add_worksheet("Learners")
    for sheet, name in ((hidden, "Hidden"), (shown, "Shown")):
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ("202600101", "2026-09-12", name, "10/13", 4))
    hidden.hide()
    shown.activate()
    shown.set_first_sheet()
    book.close()
    return path


def counting_from_1904(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(("202600101", date(2026, 9, 12), "Osei", date(1979, 3, 4), 4))
    sheet["B3"], sheet["A3"], sheet["C3"] = 44815, "202600102", "A plain number under a date"
    book.save(path)
    return path


def merged_and_blank(path: Path) -> Path:
    """Two empty rows on top, a blank row in the middle, two cells merged across rows."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Learners")
    sheet.write_row(2, 1, HEADINGS)
    sheet.write_row(3, 1, ("202600101", "2026-09-12", "Osei", "10/13", 4))
    sheet.write_row(6, 1, ("202600101", "2026-09-12", "Silva", "06/30", 2))
    sheet.merge_range(7, 1, 8, 1, "202600102")
    sheet.write_row(7, 2, ("2026-09-12", "First of two"))
    sheet.write_row(8, 2, ("2026-09-12", "Second of two"))
    book.close()
    return path


def formulas(path: Path) -> Path:
    """A formula without its result, an error, and a row of nothing but a formula below all others."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(("202600101", "2026-09-12", "Osei", "10/13", "=2+2"))
    sheet.append(("=1+1",))
    plain = io.BytesIO()
    book.save(plain)
    error = b'<c r="C2" t="e"><v>#N/A</v></c><c r="G2"'
    return changed(plain, path, "xl/worksheets/sheet1.xml", b'<c r="C2"', error)


def changed(source: io.BytesIO | Path, path: Path, part: str, old: bytes, new: bytes) -> Path:
    """A workbook with one part edited."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(name, content)
    return path


def package(path: Path, sheet: bytes | str, *, more: Mapping[str, bytes | str] | None = None) -> Path:
    """The smallest workbook around one worksheet part, as no office program writes it."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return path


def sheet_xml(cells: str) -> str:
    return f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>'


def corner_cell(path: Path) -> Path:
    """Under 2 kB, two cells, and a rectangle of 17 thousand million between them."""
    return package(
        path,
        sheet_xml(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
    )


def corner_cell_hidden_from_the_guard(path: Path) -> Path:
    """The same in another encoding, which only the parser itself understands."""
    text = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>'
    )
    return package(path, text)


def counted_strings(path: Path) -> Path:
    return package(
        path,
        sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        more={
            "xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}" count="4294967295" uniqueCount="4294967295"/>',
        },
    )


def inflating(path: Path, megabytes: int) -> Path:
    """A bomb: one string of blanks, a thousandth of its size on disk."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        with out.open("xl/sharedStrings.xml", "w") as part:
            part.write(b"<sst><si><t>")
            for _ in range(megabytes):
                part.write(b" " * 1024 * 1024)
            part.write(b"</t></si></sst>")
    return path


def lying_size(path: Path) -> Path:
    """The directory says that a part unpacks to 10 bytes."""
    inflating(path, 12)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 10)
    path.write_bytes(content)
    return path


def ole(path: Path, stream: str) -> Path:
    """An older Office container that holds one stream of this name: what a password makes of an .xlsx."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(1024)
    )
    return path


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def xml_records(count: int = 1, *, inside: str = "", before: str = "") -> str:
    """Learner reports in the published shape."""
    report = (
        "<ActivityReport><Member><Name><FamilyName>Osei</FamilyName></Name>"
        "<PersonalInfo><BirthDate>1979-10-13</BirthDate></PersonalInfo></Member>"
        '<Activity><Module><ModuleName moduleID="202600101">Ethics</ModuleName>'
        "<CompletedDateTime>2026-09-12T00:00:00</CompletedDateTime>"
        '<CreditCertificate><UniqueID domain="NPI">1680021056</UniqueID>'
        '<UniqueID domain="TX">N4053</UniqueID>'
        f"<CreditReceived>2.0</CreditReceived></CreditCertificate>{inside}</Module></Activity></ActivityReport>"
    )
    reports = f"<ActivityReports>{report * count}</ActivityReports>"
    return f"{before}<ACCMELearnerReports>{reports}</ACCMELearnerReports>"
