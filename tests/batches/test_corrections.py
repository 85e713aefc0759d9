"""Rows to fix that come back: known by their hidden key wherever they stand, counted once, never refused for it."""

import csv
import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from activities.models import Activity
from boards.rosters import absent
from boards.rosters.columns import HEADINGS as ROSTER
from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.batches.corrections import row_key, row_of
from pars.batches.models import Batch, Correction, Row
from tests.activities import rows as activities
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import (
    COLUMNS,
    a_row,
    as_table,
    codes,
    rows_to_fix,
    saved,
    see_through,
    send,
    take_in,
    told,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
AMOUNT, LAST_NAME, REASON, KEY = ("Number of CME Credits", "Last Name", "What to fix", "PARS row key")
NAMES = ("Abara", "Bello", "Chike", "Diallo", "Eze", "Fofana")


@pytest.fixture
def ours() -> Organization:
    return a_provider("Ours")


@pytest.fixture
def rows(ours: Organization) -> list[dict[str, str]]:
    """Six physicians' completions, one of which can be read."""
    board, course = a_board("NC"), an_activity(ours)
    rows = []
    for number, name in enumerate(NAMES):
        a_physician(board, f"N-{number}", last_name=name)
        rows.append(a_row(course.activity_id, last_name=name, number=f"N-{number}", amount="many"))
    return [rows[0] | {"amount": "4"}, *rows[1:]]


@pytest.fixture
def earlier(ours: Organization, rows: list[dict[str, str]]) -> Batch:
    """One row is in, five are to fix."""
    return send(ours, *rows)


def column(sheet: Worksheet, heading: str) -> int:
    return 1 + [cell.value for cell in sheet[1]].index(heading)


def fix(book: Workbook, *names: str) -> Workbook:
    """Enter the credits in the rows of these people; without names, in all of them."""
    sheet = book.active
    for row in range(2, sheet.max_row + 1):
        if not names or sheet.cell(row, column(sheet, LAST_NAME)).value in names:
            sheet.cell(row, column(sheet, AMOUNT)).value = 4
    return book


def keys_of(book: Workbook) -> list[str]:
    sheet = book.active
    return [sheet.cell(row, column(sheet, KEY)).value for row in range(2, sheet.max_row + 1)]


def come_back(organization: Organization, book: Workbook, **options: Any) -> Batch:
    return see_through(take_in(organization, saved(book), "learners to fix.xlsx", **options))


def reload(batch: Batch) -> Batch:
    with acting_as(Actor.system_job("test")):
        batch.refresh_from_db()
    return batch


def counts(batch: Batch) -> tuple[int, int]:
    """How many rows are to fix, and how many of them were fixed since."""
    reload(batch)
    return batch.failed, batch.fixed


def credits() -> int:
    with as_role("pars_owner"):
        return Credit.objects.count()


def test_a_fixed_workbook_brings_its_rows_in_and_the_earlier_upload_knows(
    ours: Organization, earlier: Batch
) -> None:
    again = come_back(ours, fix(rows_to_fix(earlier)))

    assert (again.rows, again.added, again.failed) == (5, 5, 0)
    assert counts(earlier) == (0, 5)
    assert credits() == 6


def test_sorted_deleted_and_inserted_rows_find_their_earlier_ones(
    ours: Organization, rows: list[dict[str, str]], earlier: Batch
) -> None:
    book = fix(rows_to_fix(earlier), "Bello", "Diallo", "Eze")
    sheet = book.active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    random.Random(5).shuffle(lines)
    lines = [line for line in lines if "Fofana" not in line]
    inserted: list[Any] = [None] * len(lines[0])
    for key, value in rows[0].items():
        inserted[list(COLUMNS).index(key)] = value
    sheet.delete_rows(2, sheet.max_row)
    for line in [*lines[:2], inserted, *lines[2:]]:
        sheet.append(line)

    again = come_back(ours, book)

    assert (again.rows, again.added, again.unchanged, again.failed) == (5, 3, 1, 1)
    assert counts(earlier) == (2, 3)
    assert told(again)["corrects"] == [
        {
            "batch": str(earlier.pk),
            "file": "learners.csv",
            "sent": earlier.created_at.isoformat(),
            "rows_to_fix": 5,
            "fixed": 3,
            "to_fix": 1,
            "left_out": 1,
        }
    ]
    assert told(earlier)["fixed_by"] == [{"batch": str(again.pk), "file": "learners to fix.xlsx", "rows": 3}]


def test_a_third_send_adds_nothing_and_counts_nothing_twice(ours: Organization, earlier: Batch) -> None:
    book = fix(rows_to_fix(earlier))
    second = come_back(ours, book)

    third = come_back(ours, book)

    assert (third.added, third.unchanged, third.failed) == (0, 5, 0)
    assert counts(earlier) == (0, 5)
    assert [by["batch"] for by in told(earlier)["fixed_by"]] == [str(second.pk)]
    assert credits() == 6


def test_a_csv_made_of_the_workbook_reconciles_whatever_the_case_of_our_headings(
    ours: Organization, earlier: Batch
) -> None:
    text = io.StringIO()
    lines = [
        ["" if cell is None else cell for cell in row] for row in fix(rows_to_fix(earlier)).active.values
    ]
    lines[0] = [str(heading).upper() for heading in lines[0]]
    csv.writer(text).writerows(lines)

    again = see_through(take_in(ours, text.getvalue().encode(), "to fix.csv"))

    assert (again.added, again.failed) == (5, 0)
    assert counts(earlier) == (0, 5)


def test_rows_that_fail_again_come_back_with_one_pair_of_our_columns(
    ours: Organization, earlier: Batch
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows_to_fix(earlier).active.values)

    again = see_through(take_in(ours, text.getvalue().encode(), "to fix.csv"))

    headings = [cell.value for cell in rows_to_fix(again).active[1]]
    assert (headings.count(REASON), headings.count(KEY)) == (1, 1)
    assert row_of(keys_of(rows_to_fix(again))[0], ours.pk) == (again.pk, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda key, batch: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key, batch: key.replace(".3.", ".4.", 1),
        lambda key, batch: row_key(batch.pk, 3, batch.organization_id + 1),
        lambda key, batch: row_key(
            batch.pk, 2, batch.organization_id
        ),  # signed, but that row was never to fix
        lambda key, batch: "x",
        lambda key, batch: "…",
    ],
    ids=["signature", "row", "organization", "landed", "word", "mark"],
)
def test_a_key_that_does_not_count_makes_a_new_row_with_a_note_and_no_error(
    change: Callable[[str, Batch], str], ours: Organization, earlier: Batch
) -> None:
    book = fix(rows_to_fix(earlier), "Bello")
    sheet = book.active
    sheet.delete_rows(3, sheet.max_row)
    sheet.cell(2, column(sheet, KEY)).value = change(keys_of(book)[0], earlier)

    again = come_back(ours, book)

    assert (again.added, again.failed) == (1, 0)
    assert codes(again) == [(2, "row_key_unknown")]
    assert counts(earlier) == (5, 0)


def test_anothers_workbook_is_a_file_of_new_rows(ours: Organization, earlier: Batch) -> None:
    theirs = a_provider("Theirs")
    book = fix(rows_to_fix(earlier))
    for row in range(2, 7):
        book.active.cell(row, column(book.active, "ACCME Activity ID")).value = an_activity(
            theirs
        ).activity_id

    again = come_back(theirs, book)

    assert (again.added, again.failed) == (5, 0)
    assert {code for _, code in codes(again)} == {"row_key_unknown"}
    assert counts(earlier) == (5, 0)


def test_a_copied_row_counts_once_and_the_copy_is_new(
    ours: Organization, rows: list[dict[str, str]], earlier: Batch
) -> None:
    book = fix(rows_to_fix(earlier), "Bello")
    sheet = book.active
    copy = [cell.value for cell in sheet[2]]
    sheet.delete_rows(3, sheet.max_row)
    sheet.append(copy)
    sheet.cell(3, column(sheet, LAST_NAME)).value = NAMES[2]
    sheet.cell(3, column(sheet, "Licensing ID or NPI")).value = "N-2"

    again = come_back(ours, book)

    assert (again.added, again.failed) == (2, 0)
    assert codes(again) == [(3, "row_key_copied")]
    assert counts(earlier) == (4, 1)


def test_a_row_that_somebody_fixed_meanwhile_comes_back_unchanged(ours: Organization, earlier: Batch) -> None:
    away = rows_to_fix(earlier)
    come_back(ours, fix(rows_to_fix(earlier), "Bello"))

    again = come_back(ours, fix(away, "Chike"))

    assert (again.added, again.unchanged, again.failed) == (1, 1, 3)
    assert codes(again)[0] == (2, "fixed_meanwhile")
    assert counts(earlier) == (3, 2)
    assert credits() == 3


def test_a_row_fixed_in_two_rounds_is_fixed_in_every_upload_it_was_in(
    ours: Organization, earlier: Batch
) -> None:
    second = come_back(ours, fix(rows_to_fix(earlier), "Bello"))

    third = come_back(ours, fix(rows_to_fix(second), "Chike", "Diallo"))

    assert (third.added, third.failed) == (2, 2)
    assert counts(earlier) == (2, 3)
    assert counts(second) == (2, 2)
    assert [one["file"] for one in told(third)["corrects"]] == ["learners.csv"]


def test_the_workbook_of_an_earlier_upload_has_only_what_is_still_to_fix(
    ours: Organization, earlier: Batch
) -> None:
    come_back(ours, fix(rows_to_fix(earlier), "Bello", "Chike", "Diallo"))

    left = rows_to_fix(reload(earlier)).active

    assert [left.cell(row, column(left, LAST_NAME)).value for row in (2, 3)] == ["Eze", "Fofana"]
    assert left.max_row == 3
    assert codes(earlier) == [(6, "amount_unreadable"), (7, "amount_unreadable")]


def test_check_only_fixes_nothing_and_says_what_is_ready(ours: Organization, earlier: Batch) -> None:
    book = fix(rows_to_fix(earlier), "Bello", "Chike")

    checked = come_back(ours, book, check_only=True)

    assert counts(earlier) == (5, 0)
    said = told(checked)["corrects"][0]
    assert (said["fixed"], said["ready"], said["to_fix"], said["left_out"]) == (0, 2, 3, 0)


def test_the_rows_to_fix_of_a_check_can_be_sent_for_good(
    ours: Organization, rows: list[dict[str, str]]
) -> None:
    checked = send(ours, *rows, check_only=True)

    come_back(ours, fix(rows_to_fix(checked)))

    assert counts(checked) == (0, 5)


def test_a_row_of_which_only_our_words_are_left_is_left_out(ours: Organization, earlier: Batch) -> None:
    book = fix(rows_to_fix(earlier))
    for place in range(1, column(book.active, REASON)):
        book.active.cell(4, place).value = None

    again = come_back(ours, book)

    assert (again.rows, again.added, again.failed) == (4, 4, 0)
    assert counts(earlier) == (1, 4)


def test_both_pages_say_what_was_fixed_by_what(ours: Organization, earlier: Batch, client_as: SignIn) -> None:
    again = come_back(ours, fix(rows_to_fix(earlier), "Bello", "Chike", "Diallo", "Eze"))
    viewer = client_as(a_member(ours, Role.VIEWER))

    new = " ".join(viewer.get(f"/uploads/{again.pk}/").content.decode().split())
    old = " ".join(viewer.get(f"/uploads/{earlier.pk}/").content.decode().split())

    assert "4 of its 5 rows to fix are in now, 1 is still to fix, none was left out." in new
    assert f'<a href="/uploads/{earlier.pk}/">learners.csv</a>' in new
    assert "4 of 5 rows to fix are in now:" in old
    assert f'4 by <a href="/uploads/{again.pk}/">learners to fix.xlsx</a>' in old
    assert "5 rows are in. 1 row needs a fix." in old
    assert "Fix the number of credits in 1 row" in old


def test_activities_come_back_by_their_key_too(ours: Organization) -> None:
    earlier = activities.send(ours, *(activities.a_row(f"GR-{number}", starts="soon") for number in range(3)))
    book = rows_to_fix(earlier)
    for row in (2, 3):
        book.active.cell(row, column(book.active, "Start Date")).value = "09/12/2026"

    again = come_back(ours, book, kind="activities")

    assert (again.added, again.failed) == (2, 1)
    assert counts(earlier) == (1, 2)
    with acting_as(Actor.organization(ours.pk, OrganizationKind.PROVIDER)):
        assert Activity.objects.count() == 2


@pytest.fixture
def board() -> Organization:
    return a_board("NC")


def _roster(board: Organization, *lines: dict[str, str]) -> Batch:
    columns = {key: ROSTER[key][0] for key in ("number", "first_name", "last_name", "degree", "status")}
    content = as_table(columns, list(lines))
    return see_through(take_in(board, content, "roster.csv", kind="rosters", options={"coverage": "full"}))


def _line(number: str, last_name: str = "Osei") -> dict[str, str]:
    line = {"number": number, "first_name": "Amara", "last_name": last_name, "degree": "MD"}
    return line | {"status": "Active"}


def test_a_rosters_rows_come_back_and_the_full_list_is_decided_by_the_first_file(board: Organization) -> None:
    earlier = _roster(board, _line("A-1"), _line("", "Bello"))
    book = rows_to_fix(earlier)
    book.active.cell(2, 1).value = "A-2"

    again = come_back(board, book, kind="rosters", options={"coverage": "full"})

    assert (again.added, counts(earlier)) == (1, (0, 1))
    actor = Actor.organization(board.pk, OrganizationKind.BOARD)
    with acting_as(actor):
        assert absent.absent_from(earlier, actor).count == 0
        assert "only corrects rows" in absent.why_not(again)
        assert list(absent.rosters(actor)) == [earlier]


def test_nobody_else_sees_which_rows_were_corrected(ours: Organization, earlier: Batch) -> None:
    come_back(ours, fix(rows_to_fix(earlier)))
    theirs = a_provider("Theirs")

    with acting_as(Actor.organization(theirs.pk, OrganizationKind.PROVIDER)):
        seen_by_them = Correction.objects.count()
    with acting_as(Actor.organization(ours.pk, OrganizationKind.PROVIDER)):
        seen_by_us = Correction.objects.count()

    assert (seen_by_them, seen_by_us) == (0, 5)


def test_a_fixed_row_leads_to_what_it_became(ours: Organization, earlier: Batch) -> None:
    again = come_back(ours, fix(rows_to_fix(earlier), "Bello"))

    with as_role("pars_owner"):
        fixed = Row.objects.get(batch=earlier, number=3)
        landed = Row.objects.get(batch=again, number=2)

    assert fixed.target == landed.target is not None


def test_a_key_is_read_only_by_the_organization_it_was_signed_for(ours: Organization, earlier: Batch) -> None:
    key = row_key(earlier.pk, 7, ours.pk)

    assert row_of(key, ours.pk) == (earlier.pk, 7)
    assert row_of(key, ours.pk + 1) is None
    assert row_of("", ours.pk) is None
