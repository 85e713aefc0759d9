"""The workbook to fill in: the program's own headings, drop-downs, and the provider's activities beside them.

Columns and headings are those of the accreditor's template (pars-facts 4.1), so that a file made from either
is read the same way.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, NamedTuple

from django.http import FileResponse
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from activities.codes import code_list
from activities.models import Activity
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.batches.readers import LIMITS
from pars.web.exports import neutral

from . import rems
from .states import STATES

TEXT, DATE, NUMBER = "@", "mm/dd/yyyy", "0.00"
FIRST_ROW = 3
LAST_ROW = LIMITS.workbook_rows
ROWS, ACTIVITIES, LISTS = "Learners", "Your activities", "Lists"


class TemplateColumn(NamedTuple):
    """A column: its heading, the guidance above it, its format, the list its values are chosen from."""

    heading: str
    guidance: str
    format: str
    choices: str = ""


# Text keeps leading zeros, and keeps Excel from making dates of license numbers and birthdays.
COLUMNS = (
    TemplateColumn("Record Action", "Add or Delete", TEXT, "actions"),
    TemplateColumn("ACCME Activity ID", "Choose; see sheet Your activities", TEXT, "activities"),
    TemplateColumn("Completion Date", "MM/DD/YYYY", DATE),
    TemplateColumn("First Name", "As on the license", TEXT),
    TemplateColumn("Last Name", "As on the license", TEXT),
    TemplateColumn("Date of Birth", "MM/DD, no year", TEXT),
    TemplateColumn("Licensing State", "State that issued the license", TEXT, "states"),
    TemplateColumn("Licensing ID or NPI", "License number (better) or 10-digit NPI", TEXT),
    TemplateColumn("Number of CME Credits", "Steps of 0.25; empty for board credit alone", NUMBER),
    TemplateColumn("Certifying Board", "ABIM, ABP ... (only for board credit)", TEXT, "boards"),
    TemplateColumn("Certifying Board ID", "Only for board credit", TEXT),
    TemplateColumn("Total Board Credits", "Only for board credit", NUMBER),
    TemplateColumn("Credit Type", "Only for board credit", TEXT),
    TemplateColumn("Credits Awarded for Credit Type", "Steps of 0.25", NUMBER),
    TemplateColumn("Additional Credit Type", "Only for board credit", TEXT),
    TemplateColumn("Credits Awarded for Additional Credit Type", "Steps of 0.25", NUMBER),
)

# What a REMS asks of a learner, where an activity belongs to one.
REMS_COLUMNS = (
    TemplateColumn("Local Identifier", "Only for REMS: your own ID of the learner", TEXT),
    TemplateColumn("Local Identifier Domain", "Only for REMS, like idd:northlake:employee", TEXT),
    TemplateColumn("State of Primary Practice", "Only for REMS", TEXT, "states"),
    TemplateColumn("DEA Registration", "Only for REMS", TEXT, "dea"),
    TemplateColumn("Practice Area", "Only for REMS", TEXT, "practice_areas"),
    TemplateColumn("Surgical Procedures", "Only for REMS", TEXT, "yes_no"),
    TemplateColumn("Time in Practice", "Only for REMS", TEXT, "in_practice"),
    TemplateColumn("Compliant to Regulation", "Opioid REMS, if it complies", TEXT),
)

# A learner alone, without what was completed.
PERSON_COLUMNS = COLUMNS[3:8]
# What is collected from learners: a learner does not delete anything, and names no board.
COLLECTED_COLUMNS = COLUMNS[1:9]

_LISTS: dict[str, tuple[str, ...]] = {
    "actions": ("Add", "Delete"),
    "states": tuple(STATES.values()),
    "dea": tuple(each.label for each in rems.LISTS["dea"].codes),
    "practice_areas": tuple(each.label for each in rems.LISTS["practice_area"].codes),
    "yes_no": ("Yes", "No"),
    "in_practice": tuple(each.label for each in rems.LISTS["in_practice"].codes),
    "boards": tuple(each.code for each in code_list("certifying_board").codes),
}
_BOLD = Font(bold=True)
_SOFT = Font(italic=True, color="FF4D5F69")
_TINT = PatternFill("solid", fgColor="FFE6F1F2")


def write_template(
    activities: Iterable[Activity] = (), columns: Sequence[TemplateColumn] = COLUMNS
) -> IO[bytes]:
    """The workbook, open for reading from its start; `activities` are offered in the order given."""
    book = Workbook(write_only=True)
    rows = book.create_sheet(ROWS)
    asks_for_activity = any(column.choices == "activities" for column in columns)
    offered = _write_activities(book.create_sheet(ACTIVITIES), activities) if asks_for_activity else 0
    named = {column.choices for column in columns}
    lists = {name: values for name, values in _LISTS.items() if name in named}
    _write_lists(book.create_sheet(LISTS), lists)
    _name_range(book, "activities", ACTIVITIES, column=1, rows=offered)
    for column, (name, values) in enumerate(lists.items(), start=1):
        _name_range(book, name, LISTS, column=column, rows=len(values))
    _write_columns(rows, columns, empty_lists=frozenset() if offered else frozenset({"activities"}))
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    book.save(file)
    file.seek(0)
    return file


def _write_columns(
    sheet: WriteOnlyWorksheet, columns: Sequence[TemplateColumn], *, empty_lists: frozenset[str]
) -> None:
    sheet.freeze_panes = f"A{FIRST_ROW}"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(14, len(column.heading) + 3)
        dimension.number_format = column.format
        if column.choices and column.choices not in empty_lists:
            choice = DataValidation(type="list", formula1=f"={column.choices}", allow_blank=True)
            # What is not listed (a state's two letters) is asked about, not forbidden: the upload decides.
            choice.errorStyle = "warning"
            choice.errorTitle = column.heading
            choice.error = "This is not in the list. Keep it all the same?"
            choice.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
            sheet.data_validations.append(choice)
    sheet.append([_cell(sheet, column.guidance, _SOFT) for column in columns])
    sheet.append([_cell(sheet, column.heading, _BOLD, _TINT) for column in columns])


def _write_activities(sheet: WriteOnlyWorksheet, activities: Iterable[Activity]) -> int:
    """Writes the sheet and says how many there are."""
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDE", (14, 60, 14, 14, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    headings = ("Activity ID", "Title", "Starts", "Ends", "Credits")
    sheet.append([_cell(sheet, heading, _BOLD, _TINT) for heading in headings])
    count = 0
    for count, activity in enumerate(activities, start=1):  # noqa: B007  the last number is the answer
        starts, ends = (_dated(sheet, day) for day in (activity.start_on, activity.end_on))
        title = _cell(sheet, neutral(activity.title))
        sheet.append([_cell(sheet, activity.activity_id), title, starts, ends, activity.credits])
    return count


def _write_lists(sheet: WriteOnlyWorksheet, lists: Mapping[str, Sequence[str]]) -> None:
    sheet.sheet_state = "hidden"
    sheet.append([name.capitalize() for name in lists])
    longest = max(len(values) for values in lists.values())
    for at in range(longest):
        sheet.append([values[at] if at < len(values) else None for values in lists.values()])


def _name_range(book: Workbook, name: str, sheet: str, *, column: int, rows: int) -> None:
    """Names the values below a heading, so that drop-downs can be about another sheet in every program."""
    if rows:
        letter = get_column_letter(column)
        book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet}'!${letter}$2:${letter}${rows + 1}")


def _cell(
    sheet: WriteOnlyWorksheet, text: str, font: Font | None = None, fill: PatternFill | None = None
) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.number_format = TEXT
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    return cell


def _dated(sheet: WriteOnlyWorksheet, day: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = DATE
    return cell


@require_safe
@requires(Permission.REPORT)
def learner_template(request: ActorRequest) -> FileResponse:
    """The workbook with the provider's own activities that credit can be reported for."""
    activities = list(
        Activity.objects.visible_to(request.actor).filter(is_complete=True, closed_at=None).newest_first()
    )
    asked = REMS_COLUMNS if any(activity.rems_type for activity in activities) else ()
    file = write_template(activities, (*COLUMNS, *asked))
    record("learners.template_downloaded", by=request.actor)
    return FileResponse(file, as_attachment=True, filename="learners.xlsx")


@require_safe
@requires(Permission.REPORT)
def check_template(request: ActorRequest) -> FileResponse:
    """The workbook for learners who are to be checked before they have credit."""
    file = write_template(columns=PERSON_COLUMNS)
    record("learners.check_template_downloaded", by=request.actor)
    return FileResponse(file, as_attachment=True, filename="learners-to-check.xlsx")
