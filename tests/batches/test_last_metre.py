"""The whole way of a large file: 5,000 rows, 400 to fix for 25 reasons, and nothing landed twice on the way back."""

import io
import random
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import COLUMNS, a_row, findings, rows_to_fix, saved, see_through, take_in, told

pytestmark = pytest.mark.django_db

PHYSICIANS, COURSES, EACH = 50, 100, 16
Row = dict[str, str]

# What is wrong in 16 rows each, and the code they come back with.
FAULTS: dict[str, Row] = {
    "action_unknown": {"action": "Change"},
    "nothing_to_delete": {"action": "Delete"},
    "activity_missing": {"activity": ""},
    "activity_unknown": {"activity": "999999999"},
    "activity_draft": {"activity": "DRAFT"},
    "date_missing": {"completed": ""},
    "date_unreadable": {"completed": "soon"},
    "date_in_future": {"completed": "01/01/2031"},
    "date_outside_activity": {"completed": "01/05/2026"},
    "name_missing": {"last_name": ""},
    "name_unreadable": {"last_name": "12345"},
    "formula": {"amount": "=1+1"},
    "birthday_missing": {"birthday": ""},
    "birthday_unreadable": {"birthday": "13/45"},
    "state_missing": {"state": ""},
    "state_unknown": {"state": "North Carolin"},
    "npi_invalid": {"state": "", "number": "1234567890"},
    "amount_missing": {"amount": ""},
    "amount_unreadable": {"amount": "many"},
    "amount_over_maximum": {"amount": "500"},
    "points_missing": {"board": "ABIM", "member": "1"},
    "points_unreadable": {
        "board": "ABIM",
        "member": "1",
        "points": "1",
        "points_type": "MOC",
        "points_amount": "x",
    },
    "board_not_registered": {
        "board": "ABIM",
        "member": "1",
        "points": "1",
        "points_type": "MOC",
        "points_amount": "1",
    },
    "identity": {"birthday": "01/02"},
    "differs_in_file": {"amount": "3"},
}


@pytest.fixture
def ours() -> Organization:
    return a_provider("Ours")


@pytest.fixture
def good(ours: Organization) -> list[Row]:
    """5,010 rows as they should be; the last ten are not in the first file."""
    board = a_board("NC")
    letters = "abcdefghij"
    names = [f"Name{letters[one // 10]}{letters[one % 10]}" for one in range(PHYSICIANS)]
    for number, name in enumerate(names):
        a_physician(board, f"N-{number}", last_name=name)
    courses = [an_activity(ours).activity_id for _ in range(COURSES + 1)]
    every = [
        a_row(course, last_name=name, number=f"N-{number}")
        for course in courses
        for number, name in enumerate(names)
    ]
    return every[: PHYSICIANS * COURSES + 10]


@pytest.fixture
def sent(ours: Organization, good: list[Row]) -> list[Row]:
    """The first 5,000 with 400 faults, every twelfth row or so."""
    draft = an_activity(ours, credits=None).activity_id
    rows = list(good[: PHYSICIANS * COURSES])
    for nth, code in enumerate(code for code in FAULTS for _ in range(EACH)):
        at = 12 * nth + 5
        rows[at] = rows[at] | FAULTS[code]
        if rows[at]["activity"] == "DRAFT":
            rows[at] = rows[at] | {"activity": draft}
        if code == "differs_in_file":
            # Two rows say the same credit, with different amounts.
            rows[at] = rows[at] | {"amount": str(3 + nth % 2)} | _whose(good[12 * (nth - nth % 2) + 5])
    return rows


def _whose(row: Row) -> Row:
    return {key: row[key] for key in ("activity", "last_name", "number")}


def workbook(rows: list[Row]) -> Workbook:
    book = Workbook()
    book.active.append(list(COLUMNS.values()))
    for row in rows:
        book.active.append([row.get(key) or None for key in COLUMNS])
    return book


def mended(book: Workbook, of: Callable[[int], Row | None]) -> list[list[Any]]:
    """The lines of a workbook of rows to fix, with the cells that `of` gives for a row of the first file."""
    lines = []
    for line in book.active.iter_rows(min_row=2, values_only=True):
        if not line[-1]:
            continue  # Rows that landed leave gaps.
        row = of(int(line[-1].split(".")[1]))
        lines.append(
            list(line) if row is None else [row.get(key) or None for key in COLUMNS] + list(line[-2:])
        )
    return lines


def filled(book: Workbook, lines: list[list[Any]]) -> bytes:
    book.active.delete_rows(2, book.active.max_row)
    for line in lines:
        book.active.append(line)
    return saved(book)


def sends(ours: Organization, content: bytes, name: str) -> Batch:
    return see_through(take_in(ours, content, name))


def reload(batch: Batch) -> Batch:
    with acting_as(Actor.system_job("test")):
        batch.refresh_from_db()
    return batch


def test_five_thousand_rows_come_back_until_all_are_in_and_none_is_in_twice(
    ours: Organization, good: list[Row], sent: list[Row]
) -> None:
    # The first send: 4,600 land at once, and each of the others says why it did not.
    first = sends(ours, saved(workbook(sent)), "learners.xlsx")
    said = {(one.row, one.code) for one in findings(first) if one.level == "fix"}
    assert (first.rows, first.added, first.failed) == (5_000, 4_600, 400)
    assert {code for _, code in said} == set(FAULTS)
    assert len({row for row, _ in said}) == 400

    # It comes back shuffled: 387 mended, 3 untouched, 10 left out, 10 new ones between them.
    book = rows_to_fix(first)
    lines = mended(book, lambda row: good[row - 2])
    untouched = mended(rows_to_fix(first), lambda row: None)
    unread = [line for line in untouched if line[9 - 1] == "many"][:3]
    keys = {line[-1] for line in unread}
    lines = [line for line in lines if line[-1] not in keys]
    shuffle = random.Random(400)
    shuffle.shuffle(lines)
    left_out, lines = lines[:10], lines[10:] + unread
    lines += [[row.get(key) or None for key in COLUMNS] for row in good[5_000:]]
    shuffle.shuffle(lines)
    content = filled(book, lines)
    second = sends(ours, content, "learners to fix.xlsx")

    assert (second.rows, second.added, second.failed) == (400, 397, 3)
    assert (reload(first).failed, first.fixed) == (13, 387)
    corrects = told(second)["corrects"]
    assert [(one["rows_to_fix"], one["fixed"], one["to_fix"], one["left_out"]) for one in corrects] == [
        (400, 387, 3, 10)
    ]

    # A third send adds nothing.
    third = sends(ours, content, "learners to fix.xlsx")
    assert (third.added, third.updated, third.unchanged, third.failed) == (0, 0, 397, 3)
    assert told(first)["fixed_by"] == [{"batch": str(second.pk), "file": "learners to fix.xlsx", "rows": 387}]

    # What was left out and what was not mended is all that the first file still has to fix; then it has nothing.
    rest = rows_to_fix(reload(first))
    lines = mended(rest, lambda row: good[row - 2])
    assert {line[-1] for line in lines} == keys | {line[-1] for line in left_out}
    last = sends(ours, filled(rest, lines), "the rest.xlsx")
    assert (last.rows, last.added, last.failed) == (13, 13, 0)
    assert [(one.failed, one.fixed) for one in map(reload, (first, second, third))] == [
        (0, 400),
        (0, 3),
        (0, 3),
    ]
    with as_role("pars_owner"):
        assert Credit.objects.filter(withdrawn_at=None).count() == 5_010


def test_the_returned_workbook_opens_as_it_was_with_gaps_where_rows_landed(
    ours: Organization, sent: list[Row]
) -> None:
    first = sends(ours, saved(workbook(sent[:60])), "learners.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(saved(rows_to_fix(first)))).active

    held = {row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value}
    assert held == {one.row for one in findings(first) if one.level == "fix"}
