"""The workbooks to fill in: of activities, and of learner counts; empty, or with what is on record.

Above the row of headings stand guidance and an example, which the readers pass over; below it what is filled in.
Drop-downs come from the sheet of valid values, which says as of when and on whose word each list holds.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from activities.codes import CodeList, code_list
from activities.record import PHYSICIAN, Record
from activities.rules.boards import open_boards
from pars.batches.readers import LIMITS

from .cells import Cell, cells_of
from .columns import BOARDS, COUNT_KEYS, HEADINGS, LAYOUT, OTHER, OUTCOMES, SUPPORT, numbered

TEXT, DATE, NUMBER, WHOLE = "@", "mm/dd/yyyy", "0.00", "0"
GUIDANCE_ROW, EXAMPLE_ROW, HEADINGS_ROW = 1, 2, 3
FIRST_ROW = 4
LAST_ROW = LIMITS.workbook_rows
ACTIVITIES, COUNTS, VALUES = "Activities", "Learner counts", "Valid values"
SUPPORTERS_OFFERED, BOARDS_OFFERED = 3, 2


class TemplateColumn(NamedTuple):
    """A column: its key, the guidance above its heading, an example, its format, width, and list of choices."""

    key: str
    guidance: str
    example: Cell = ""
    format: str = TEXT
    width: int = 16
    choices: str = ""


class Part(NamedTuple):
    """Columns that belong together, under headings of one color."""

    color: str
    columns: tuple[TemplateColumn, ...]


_ANSWER = "answers"
_MEASURED = "measured"

_CORE = Part(
    "FFD3E8EA",
    (
        TemplateColumn(
            "action",
            "Rows 1 and 2 are not read. Empty adds, or changes where the ID is known",
            "Add",
            width=20,
            choices="actions",
        ),
        TemplateColumn("own_id", "Your own ID; sent again, it changes this one", "EXAMPLE-1", width=22),
        TemplateColumn("title", "Always needed; up to 250 characters", "Sepsis: The First Hour", width=44),
        TemplateColumn("format", "Always needed; choose", "Live Course", width=28, choices="formats"),
        TemplateColumn("delivery", "Choose; several with ; between", "In-Person", width=20, choices="delivery"),
        TemplateColumn("starts", "Always needed", date(2026, 9, 12), DATE, 13),
        TemplateColumn("ends", "Always needed; the same for one day", date(2026, 9, 12), DATE, 13),
        TemplateColumn("city", "Only in person", "Raleigh"),
        TemplateColumn("state", "Only in the USA", "North Carolina", width=18, choices="states"),
        TemplateColumn("country", "Only in person", "United States", width=18, choices="countries"),
        TemplateColumn("credits", "Whole activity, in steps of 0.25", Decimal("1.5"), NUMBER, 18),
        TemplateColumn("providership", "Choose", "Direct", width=14, choices="providership"),
        TemplateColumn("partners", "Only for Joint; names with ; between", width=30),
        TemplateColumn("description", "What it teaches; up to 2,500 characters", "What changed in 2026.", width=50),
        TemplateColumn("listed", "Yes or No", "Yes", width=14, choices=_ANSWER),
        TemplateColumn("fee", "Choose; needed when listed", "No, it’s free", choices="fees"),
        TemplateColumn("registration", "Choose; needed when listed", "Open to all", choices="registration"),
        TemplateColumn("url", "Needed when listed", "https://cme.example/sepsis", width=30),
        TemplateColumn("activity_id", "Nine digits we gave; leave empty for new ones", width=18),
    ),
)  # fmt: skip
_MORE = Part(
    "FFDCE6F4",
    (
        TemplateColumn("session_credits", "Only for a series", "", NUMBER, 14),
        TemplateColumn("reviewed", "Only for enduring material", "", DATE, 13),
        TemplateColumn("professions", "With ; between; see Valid values", "Physician; Nurse", width=24),
        TemplateColumn("specialties", "With ; between; see Valid values", "Critical Care Medicine", width=28),
        TemplateColumn("tags", "Your own words, with ; between", "Sepsis", width=24),
        TemplateColumn(
            "interprofessional", "Yes or No; if jointly accredited", "", width=18, choices=_ANSWER
        ),
        TemplateColumn("other_credits", "Like Nursing: 1.5; Pharmacy: 1", "", width=28),
        TemplateColumn("commendations", "With ; between; see Valid values", "Improves Performance", width=28),
        TemplateColumn("mips", "Yes or No", "", width=18, choices=_ANSWER),
        TemplateColumn("rems_type", "Only for REMS", "", width=18, choices="rems"),
        TemplateColumn("rems_identifier", "Like EG-123456-001", "", width=18),
        TemplateColumn("topics", "With ; between; see Valid values", "", width=30),
    ),
)
_CLOSING = Part(
    "FFFAEBD2",
    (
        *(
            TemplateColumn(key, "How it was measured, if so", "" if at else "Objective", width=18, choices=_MEASURED)
            for at, key in enumerate(OUTCOMES)
        ),
        TemplateColumn("supported", "Yes or No; needed to close", "No", width=14, choices=_ANSWER),
        TemplateColumn(COUNT_KEYS[PHYSICIAN], "Needed to close; 0 if none", 40, WHOLE, 13),
        TemplateColumn(COUNT_KEYS[OTHER], "Needed to close; 0 if none", 12, WHOLE, 13),
    ),
)  # fmt: skip
_BY_SUPPORT = {
    "supporter": TemplateColumn("supporter", "Only with commercial support", width=26),
    "support_amount": TemplateColumn("support_amount", "Whole US dollars", "", WHOLE, 14),
    "in_kind": TemplateColumn("in_kind", "Yes if it gave things", "", width=14, choices=_ANSWER),
}
_BY_BOARD = {
    "board": TemplateColumn("board", "Only if it counts for MOC", width=18, choices="boards"),
    "points": TemplateColumn("points", "Most a learner can earn", "", NUMBER, 14),
    "credit_types": TemplateColumn("credit_types", "With ; between; see Valid values", width=28),
    "practice_areas": TemplateColumn("practice_areas", "Empty: the specialties above", width=24),
    "claim_by": TemplateColumn("claim_by", "Last day to claim points", "", DATE, 14),
    "attested": TemplateColumn("attested", "Yes: it meets the board's rules", "", width=14, choices=_ANSWER),
}
_SUPPORT_COLOR, _BOARD_COLOR, _COUNTS_COLOR = "FFF6E0C0", "FFE7DFF2", "FFFAEBD2"

_IDS = ("own_id", "activity_id", "title", "starts", "ends")
_SHOWN = frozenset({"title", "starts", "ends"})  # beside the counts, to tell activities apart

_GUIDANCE = Font(name="Calibri", size=9, italic=True, color="FF4D5F69")
_EXAMPLE = Font(name="Calibri", size=11, italic=True, color="FF6B7780")
_BOLD = Font(name="Calibri", size=11, bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HEADING = Alignment(wrap_text=True, vertical="center")


def write_activities(records: Iterable[Record], *, today: date) -> IO[bytes]:
    """The workbook, open for reading from its start; with a row for each record. Room for all their supporters and
    boards, but never for fewer than the empty one offers.
    """
    kept = list(records)
    return _workbook(ACTIVITIES, _parts_for(kept), map(cells_of, kept), today=today, example=True)


def write_counts(records: Iterable[Record], *, today: date) -> IO[bytes]:
    """The workbook of learner counts, with a row for each record."""
    columns = {column.key: column for column in _CORE.columns}
    ids = [
        columns[key]._replace(guidance="For you to read" if key in _SHOWN else columns[key].guidance)
        for key in _IDS
    ]
    counts = (
        TemplateColumn(key, "Empty: the number stays; 0 if none", "", WHOLE, 14)
        for key in COUNT_KEYS.values()
    )
    parts = (Part(_CORE.color, tuple(ids)), Part(_COUNTS_COLOR, tuple(counts)))
    return _workbook(COUNTS, parts, [cells_of(record) for record in records], today=today, example=False)


def columns_for(records: Sequence[Record]) -> tuple[str, ...]:
    """The keys of the columns, in their order, that a workbook of these records has."""
    return tuple(column.key for part in _parts_for(records) for column in part.columns)


def _parts_for(records: Sequence[Record]) -> tuple[Part, ...]:
    return _parts(records, said=frozenset(key for record in records for key in cells_of(record)))


def _parts(records: Sequence[Record], *, said: frozenset[str]) -> tuple[Part, ...]:
    """The columns that every workbook has, and those that its records need beyond."""
    supporters = max([SUPPORTERS_OFFERED, *(len(record.support) for record in records)])
    boards = max([BOARDS_OFFERED, *(len(record.registrations) for record in records)])
    further = [
        key for key in COUNT_KEYS.values() if key in said - {column.key for column in _CLOSING.columns}
    ]
    counts = tuple(TemplateColumn(key, "0 if none", "", WHOLE, 13) for key in further)
    return (
        _CORE,
        _MORE,
        _CLOSING._replace(columns=(*_CLOSING.columns, *counts)),
        Part(_SUPPORT_COLOR, _repeated(SUPPORT, _BY_SUPPORT, supporters, said)),
        Part(_BOARD_COLOR, _repeated(BOARDS, _BY_BOARD, boards, said)),
    )


def _repeated(
    parts: Iterable[str], offered: Mapping[str, TemplateColumn], times: int, said: frozenset[str]
) -> tuple[TemplateColumn, ...]:
    return tuple(
        offered.get(part, TemplateColumn(part, ""))._replace(key=key)
        for number in range(1, times + 1)
        for part in parts
        if part in offered or numbered(part, number) in said
        for key in [numbered(part, number)]
    )


def fits(record: Record) -> bool:
    """Whether a workbook has room for the whole record: dozens of supporters need more columns than a file may have."""
    return len(columns_for([record])) <= LAYOUT.columns


def _workbook(
    title: str, parts: Sequence[Part], rows: Iterable[Mapping[str, Cell]], *, today: date, example: bool
) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    _write_values(book, today)
    offered = [column for part in parts for column in part.columns]
    sheet.freeze_panes = f"C{FIRST_ROW}"
    for at, column in enumerate(offered, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = column.format
        if column.choices:
            sheet.data_validations.append(_choice(column, letter))
    sheet.row_dimensions[GUIDANCE_ROW].height = 40
    sheet.row_dimensions[HEADINGS_ROW].height = 34
    sheet.append([_cell(sheet, column.guidance, font=_GUIDANCE, alignment=_WRAPPED) for column in offered])
    sheet.append(
        [
            _cell(sheet, column.example if example else None, column.format, font=_EXAMPLE)
            for column in offered
        ]
    )
    sheet.append(
        [
            _cell(sheet, HEADINGS[column.key][0], font=_BOLD, alignment=_HEADING, color=part.color)
            for part in parts
            for column in part.columns
        ]
    )
    for cells in rows:
        sheet.append([_cell(sheet, cells.get(column.key), column.format) for column in offered])
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    book.save(file)
    file.seek(0)
    return file


def _choice(column: TemplateColumn, letter: str) -> DataValidation:
    choice = DataValidation(type="list", formula1=f"={column.choices}", allow_blank=True)
    # What is not listed (a code, several with ; between, none) is asked about, not forbidden: the upload decides.
    choice.errorStyle = "warning"
    choice.errorTitle = HEADINGS[column.key][0][:32]
    choice.error = "This is not in the list. Keep it all the same?"
    choice.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    return choice


class _List(NamedTuple):
    """A list on the sheet of valid values; `name` is what drop-downs call it."""

    name: str
    title: str
    source: str
    values: Sequence[str]


def _lists(today: date) -> list[_List]:
    def coded(name: str, known: CodeList, *, codes: bool = False) -> _List:
        source = f"As of {known.dated:%m/%d/%Y}. {known.source}"
        held = known.on(today).codes
        return _List(name, known.title, source, [one.code if codes else one.label for one in held])

    def ours(name: str, title: str, *values: str) -> _List:
        return _List(name, title, "", values)

    delivery = code_list("delivery")
    types = [f"{one.extra['board']}: {one.label}" for one in code_list("moc_credit_type").on(today).codes]
    topics = [f"{one.extra['domain']}: {one.label}" for one in code_list("state_topic").on(today).codes]
    return [
        ours("actions", "Record action", "Add", "Update", "Delete", "Close"),
        coded("formats", code_list("format")),
        coded("delivery", delivery)._replace(
            values=[*(one.label for one in delivery.codes), "In-Person; Live-Streamed"]
        ),
        ours("providership", "Providership", "Direct", "Joint"),
        ours(_ANSWER, "Yes or No", "Yes", "No"),
        coded("fees", code_list("fee")),
        coded("registration", code_list("registration")),
        ours(_MEASURED, "How an outcome was measured", "Objective", "Subjective", "Both", "Yes"),
        coded("professions", code_list("profession")),
        coded("categories", code_list("credit_category")),
        coded("commendations", code_list("commendation")),
        coded("rems", code_list("rems")),
        coded("boards", open_boards(today), codes=True),
        coded("types", code_list("moc_credit_type"))._replace(values=types),
        coded("topics", code_list("state_topic"))._replace(values=topics),
        coded("specialties", code_list("specialty")),
        coded("states", code_list("state")),
        coded("countries", code_list("country")),
    ]


def _write_values(book: Workbook, today: date) -> None:
    """The sheet of valid values, and names for its lists, so that drop-downs can be about another sheet everywhere."""
    sheet = book.create_sheet(VALUES)
    sheet.freeze_panes = "A3"
    lists = _lists(today)
    for at, one in enumerate(lists, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = min(46, max(16, *(len(value) + 2 for value in one.values)))
        name = DefinedName(one.name, attr_text=f"'{VALUES}'!${letter}$3:${letter}${len(one.values) + 2}")
        book.defined_names[one.name] = name
    sheet.row_dimensions[1].height = 34
    sheet.row_dimensions[2].height = 150
    sheet.append(
        [_cell(sheet, one.title, font=_BOLD, alignment=_HEADING, color=_CORE.color) for one in lists]
    )
    sheet.append([_cell(sheet, one.source, font=_GUIDANCE, alignment=_WRAPPED) for one in lists])
    for at in range(max(len(one.values) for one in lists)):
        sheet.append([one.values[at] if at < len(one.values) else None for one in lists])


def _cell(
    sheet: WriteOnlyWorksheet,
    value: Cell,
    number_format: str = TEXT,
    *,
    font: Font | None = None,
    alignment: Alignment | None = None,
    color: str = "",
) -> "WriteOnlyCell | None":
    if value in (None, "") and not color:
        return None
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    if font:
        cell.font = font
    if alignment:
        cell.alignment = alignment
    if color:
        cell.fill = PatternFill("solid", fgColor=color)
    return cell
