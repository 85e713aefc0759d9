"""The workbook to fill in is read by our own readers as it stands."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from openpyxl.workbook import Workbook

from learners.columns import LAYOUT
from learners.template import COLUMNS, write_template
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.batches.readers import Refused, read
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.uploads import see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


def template_for(client_as: SignIn, organization: Organization) -> Workbook:
    response = client_as(a_member(organization, Role.REPORTER)).get("/templates/learners.xlsx")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_our_own_activities_stand_beside_the_columns_and_nobody_elses(client_as: SignIn) -> None:
    ours, theirs = a_provider(), a_provider()
    shown = an_activity(ours, title="=SUM(1) Grand Rounds")
    an_activity(theirs)
    an_activity(ours, credits=None)

    book = template_for(client_as, ours)

    listed = list(book["Your activities"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1]) for row in listed] == [(shown.activity_id, "'=SUM(1) Grand Rounds")]
    assert listed[0][2].date() == date(2026, 9, 12)


def test_the_columns_are_the_accreditors_in_their_order(samples: Path) -> None:
    theirs = openpyxl.load_workbook(samples / "learners.xlsx")["Sheet1"]

    assert [column.heading for column in COLUMNS] == [str(cell.value).strip() for cell in theirs[2]]


def test_actions_activities_states_and_boards_are_chosen_from_lists(client_as: SignIn) -> None:
    ours = a_provider()
    an_activity(ours)

    book = template_for(client_as, ours)

    choices = {
        str(choice.sqref).partition(":")[0]: choice.formula1
        for choice in book["Learners"].data_validations.dataValidation
    }
    assert choices == {"A3": "=actions", "B3": "=activities", "G3": "=states", "J3": "=boards"}
    assert book.defined_names["activities"].attr_text == "'Your activities'!$A$2:$A$2"


def test_without_an_activity_nothing_is_offered(client_as: SignIn) -> None:
    book = template_for(client_as, a_provider())

    assert "activities" not in book.defined_names
    offered = [choice.formula1 for choice in book["Learners"].data_validations.dataValidation]
    assert offered == ["=actions", "=states", "=boards"]


def test_numbers_and_birthdays_are_text_so_that_zeros_stay(client_as: SignIn) -> None:
    sheet = template_for(client_as, a_provider())["Learners"]

    formats = {letter: sheet.column_dimensions[letter].number_format for letter in "BCFHI"}
    assert formats == {"B": "@", "C": "mm/dd/yyyy", "F": "@", "H": "@", "I": "0.00"}


def test_an_empty_template_names_every_column_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "learners.xlsx"
    with write_template([]) as file:
        path.write_bytes(file.read())

    with read(path, layout=LAYOUT, name=path.name) as reading, pytest.raises(Refused, match="no_rows"):
        list(reading)

    assert reading.header.sheet == "Learners"
    assert None not in reading.header.keys


def test_a_filled_template_lands(client_as: SignIn) -> None:
    ours = a_provider()
    activity = an_activity(ours)
    a_physician(a_board("NC"), "00123")
    book = template_for(client_as, ours)
    book["Learners"].append(
        [
            "Add",
            activity.activity_id,
            date(2026, 9, 12),
            "Amara",
            "Osei",
            "10/13",
            "North Carolina",
            "00123",
            4,
        ]
    )

    batch = see_through(take_in(ours, saved(book), "learners.xlsx"))

    assert (batch.rows, batch.added) == (1, 1)


def test_who_only_looks_gets_no_template(client_as: SignIn) -> None:
    viewer = client_as(a_member(a_provider(), Role.VIEWER))

    assert viewer.get("/templates/learners.xlsx").status_code == 403
