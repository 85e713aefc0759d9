"""The workbooks of activities: read by our own readers as they stand, and the same again when they are sent back."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from activities.batch.columns import COUNTS_LAYOUT, LAYOUT
from activities.batch.template import FIRST_ROW, HEADINGS_ROW, fits, write_activities
from activities.record import Record, Registration, Support
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.batches.readers import Refused, read
from pars.batches.readers.headings import fold
from tests.activities.rows import a_row, closable, codes, own_ids, send, the_record
from tests.factories import a_member, a_provider, an_activity
from tests.pages import PageClient
from tests.uploads import see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
TODAY = date(2026, 11, 23)
TEMPLATE, FILLED = "/templates/activities.xlsx", "/activities/files/activities.xlsx"


def got(client: PageClient, where: str) -> bytes:
    response = client.get(where)
    assert response.status_code == 200
    return b"".join(response)


def written(*records: Record) -> bytes:
    """The workbook with these records filled in."""
    with write_activities(records, today=TODAY) as file:
        return file.read()


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def ours() -> Organization:
    return a_provider()


@pytest.fixture
def office(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def test_the_empty_template_names_columns_we_know_and_holds_no_row(tmp_path: Path) -> None:
    path = tmp_path / "activities.xlsx"
    path.write_bytes(written())

    with read(path, layout=LAYOUT, name=path.name) as reading, pytest.raises(Refused, match="no_rows"):
        list(reading)

    assert (reading.header.sheet, reading.header.row) == ("Activities", HEADINGS_ROW)
    assert None not in reading.header.keys


def test_every_heading_means_one_column_only() -> None:
    for layout in (LAYOUT, COUNTS_LAYOUT):
        named = [(fold(name), key) for key, names in layout.headings.items() for name in dict.fromkeys(names)]
        twice = {name for name, key in named if len({other for said, other in named if said == name}) > 1}
        assert twice == set()


def test_the_template_lands_with_rows_added_and_nothing_else_touched(
    ours: Organization, office: PageClient
) -> None:
    book = opened(got(office, TEMPLATE))
    sheet = book["Activities"]
    at = {str(cell.value): cell.column for cell in sheet[HEADINGS_ROW]}
    row = {"Provider Activity ID": "GR-1", "Activity Title": "=1+1 is two", "Activity Format": "Live Course"}
    days = {"Start Date": date(2026, 9, 12), "End Date": date(2026, 9, 12)}
    for heading, value in {**row, **days, "AMA PRA Category 1 Credits": 1.25, "Tags": "Sums"}.items():
        cell = sheet.cell(FIRST_ROW, at[heading], value)
        cell.data_type = "s" if isinstance(value, str) else cell.data_type

    batch = see_through(take_in(ours, saved(book), "activities.xlsx", kind="activities"))

    assert (batch.rows, batch.added) == (1, 1)
    record = the_record(ours)
    assert (record.title, record.end_on, record.credits) == (
        "=1+1 is two",
        date(2026, 9, 12),
        Decimal("1.25"),
    )


def test_the_example_is_above_the_headings_and_refused_kindly_below_them(ours: Organization) -> None:
    book = opened(written())
    sheet = book["Activities"]
    for cell in sheet[HEADINGS_ROW - 1]:
        sheet.cell(FIRST_ROW, cell.column, cell.value)

    batch = see_through(take_in(ours, saved(book), "activities.xlsx", kind="activities"))

    assert codes(batch) == [(FIRST_ROW, "own_id", "example_row")]


def test_the_example_would_land_under_an_id_of_its_own(ours: Organization) -> None:
    book = opened(written())
    sheet = book["Activities"]
    for cell in sheet[HEADINGS_ROW - 1]:
        value = "GR-1" if str(cell.value).startswith("EXAMPLE") else cell.value
        sheet.cell(FIRST_ROW, cell.column, value)

    batch = see_through(take_in(ours, saved(book), "activities.xlsx", kind="activities"))

    assert (batch.added, codes(batch)) == (1, [])


def test_drop_downs_come_from_the_sheet_of_valid_values_with_its_sources() -> None:
    book = opened(written())
    sheet, values = book["Activities"], book["Valid values"]

    by_heading = {}
    for choice in sheet.data_validations.dataValidation:
        first = next(iter(choice.sqref.ranges))
        by_heading[sheet.cell(HEADINGS_ROW, first.min_col).value] = choice.formula1[1:]
    offered = {name: defined.attr_text for name, defined in book.defined_names.items()}

    assert by_heading["Activity Format"] == "formats"
    assert by_heading["Certifying Board 1"] == "boards"
    column = offered["formats"].split("$")[1]
    assert offered["formats"] == f"'Valid values'!${column}$3:${column}$13"
    assert values[f"{column}3"].value == "Live Course"
    assert str(values[f"{column}2"].value).startswith("As of 11/01/2021. ")
    assert set(by_heading.values()) <= set(offered)


def test_what_is_on_record_comes_filled_in_and_changes_nothing_when_it_is_sent_back(
    ours: Organization, office: PageClient
) -> None:
    board = {
        "board_1": "ABIM",
        "points_1": 1,
        "credit_types_1": "Medical Knowledge",
        "content_areas_1": "Sepsis",
    }
    awkward = {
        "title": "=HYPERLINK(1)",
        "partners": "A; B",
        "tags": "none",
        "topics": "Opioids: Safe; Ethics",
    }
    send(
        ours,
        closable("GR-1", **board, supporter_1="Acme", support_amount_1=5, supported="Yes", count_nurse=3),
    )
    send(ours, closable("GR-2", providership="Joint", **awkward), a_row("+GR-3", description="", state=""))
    an_activity(a_provider(), provider_activity_id="THEIRS")

    batch = see_through(take_in(ours, got(office, FILLED), "ours.xlsx", kind="activities"))

    assert codes(batch) == []
    assert (batch.rows, batch.unchanged) == (3, 3)
    assert own_ids(ours) == ["+GR-3", "GR-1", "GR-2"]


def test_no_text_of_ours_is_a_formula_to_a_spreadsheet() -> None:
    record = Record(title="=HYPERLINK(1)", joint_providers=("+1 Group",), city="@home")

    row = opened(written(record))["Activities"][FIRST_ROW]

    told = {cell.value: cell.data_type for cell in row if cell.value is not None}
    assert told == {"'=HYPERLINK(1)": "s", "'+1 Group": "s", "'@home": "s"}


def test_what_is_closed_is_left_out_where_that_is_asked_for(ours: Organization, office: PageClient) -> None:
    send(ours, a_row("GR-1"), closable("GR-2", action="Close"))

    told = [
        [
            row[1]
            for row in opened(got(office, where))["Activities"].iter_rows(min_row=FIRST_ROW, values_only=True)
        ]
        for where in (FILLED, f"{FILLED}?which=open")
    ]

    assert [set(ids) for ids in told] == [{"GR-1", "GR-2"}, {"GR-1"}]


def test_a_filled_workbook_has_room_for_every_supporter_and_board() -> None:
    record = Record(
        provider_activity_id="GR-1",
        support=tuple(Support(f"Supporter {number}", Decimal(1)) for number in range(7)),
        registrations=tuple(Registration(board, url="https://x.example") for board in ("ABA", "ABIM", "ABP")),
        counts={"physician": 1, "dentist": 2},
    )

    book = opened(written(record))

    headings = [cell.value for cell in book["Activities"][HEADINGS_ROW]]
    assert {"Commercial Supporter 7", "Certifying Board 3", "MOC URL 3", "Dentists"} <= set(headings)
    assert len(headings) <= LAYOUT.columns
    assert fits(record)


def test_a_record_beyond_all_room_is_known_to_be_one() -> None:
    many = tuple(Support(f"Supporter {number}", Decimal(1), in_kind=True) for number in range(40))

    assert not fits(Record(support=many))


def test_the_workbook_of_learner_counts_is_sent_back_with_new_counts(
    ours: Organization, office: PageClient
) -> None:
    send(ours, a_row("GR-1"), closable("GR-2"))
    book = opened(got(office, "/activities/files/learner-counts.xlsx"))
    sheet = book["Learner counts"]
    at = {str(cell.value): cell.column for cell in sheet[HEADINGS_ROW]}
    (row,) = [row[0].row for row in sheet.iter_rows(min_row=FIRST_ROW) if row[0].value == "GR-1"]
    sheet.cell(row, at["Physicians"], 25)

    batch = see_through(take_in(ours, saved(book), "counts.xlsx", kind="activity-counts"))

    assert (batch.rows, batch.updated, batch.unchanged, codes(batch)) == (2, 1, 1, [])
    assert the_record(ours, "GR-1").counts == {"physician": 25}


def test_the_page_of_files_says_how_many_there_are(
    ours: Organization, office: PageClient, client_as: SignIn
) -> None:
    send(ours, a_row("GR-1"), closable("GR-2", action="Close"))

    page = office.get("/activities/files/").content.decode()
    looked = client_as(a_member(ours, Role.VIEWER)).get("/activities/files/").content.decode()

    assert "Activities that are not closed, 1" in page
    assert "All activities, 2" in page
    assert ("/templates/activities.xlsx" in page, "/templates/activities.xlsx" in looked) == (True, False)
