"""Make the files in `office/` with LibreOffice: python -m tests.batches.files.make_office

They are committed, because few machines that run the tests have it. Each is what LibreOffice makes of one workbook.
"""

import subprocess
import tempfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

OFFICE = Path(__file__).parent / "office"
HEADINGS = (
    "ACCME Activity ID", "Completion Date", "First Name", "Last Name", "Date of Birth", "Licensing State",
    "Licensing ID or NPI", "Number of CME Credits",
)  # fmt: skip
# Converted file, and LibreOffice's name for its format.
MADE = {
    "learners.xls": "xls:MS Excel 97",
    "learners.ods": "ods",
    "learners.xlsx": "xlsx:Calc MS Excel 2007 XML",
    "learners-semicolons.csv": "csv:Text - txt - csv (StarCalc):59,34,ANSI",
    "learners-from-1904.xls": "xls:MS Excel 97",
    "learners-from-1904.ods": "ods",
}


def source(path: Path, *, from_1904: bool, covered: bool) -> Path:
    """Four learners, a blank row, a fill far below, a formula, an error; `covered`: a sheet in front."""
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    if covered:
        sheet.append(("Spring meeting",))
        sheet = book.create_sheet("Learners")
    sheet.append(("What the CME office keeps",))
    sheet.append(HEADINGS)
    day, born = date(2026, 9, 12), date(1979, 10, 13)
    sheet.append((202600101, day, "Amara", "Osei", born, "North Carolina", "2008-95323", 4))
    sheet.append(("202600101", datetime(2026, 9, 12, 17, 30), "Zoë", "Müller", "10/13", "NC", "0612", "=2+2"))  # noqa: DTZ001
    sheet.append(())
    sheet.append((202600101, day, "John", "O’Connor", "March 4", "ca", 61234, 1.25))
    sheet.append((202600101, day, "Ana", "Silva", "10/13", "Texas", "N4053", "=1/0"))
    sheet["A900"].fill = PatternFill("solid", fgColor="FFFF00")
    book.save(path)
    return path


def main() -> None:
    """Write every file anew."""
    OFFICE.mkdir(exist_ok=True)
    for name, office_format in MADE.items():
        with tempfile.TemporaryDirectory() as folder:
            made = Path(name)
            before = source(
                Path(folder) / f"{made.stem}.xlsx", from_1904="1904" in name, covered=made.suffix != ".csv"
            )
            target = Path(folder) / "made"
            command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
            subprocess.run(
                [*command, "--convert-to", office_format, "--outdir", str(target), str(before)], check=True
            )
            (OFFICE / name).write_bytes((target / name).read_bytes())


if __name__ == "__main__":
    main()
