"""What an upload gives back as files, and what its page shows when there is more than fits."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils.timezone import now

from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from pars.batches.corrections import row_key
from pars.batches.models import Batch
from pars.batches.result import ON_ONE_PAGE, Result
from pars.demo.world import load
from tests.factories import a_member, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import a_row, findings, see_through, send, send_file, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture
def northlake() -> Organization:
    """The demo's provider, in the demo's world."""
    with as_role("pars_owner"):
        load(at=now())
    return Organization.objects.get(code="0008273")


@pytest.fixture
def with_errors(northlake: Organization, samples: Path) -> Batch:
    return send_file(northlake, samples / "learners-with-errors.xlsx")


def get(client_as: SignIn, batch: Batch, name: str) -> Any:
    """A download by a viewer of the batch's organization."""
    response = client_as(a_member(batch.organization, Role.VIEWER)).get(f"/uploads/{batch.pk}/{name}")
    assert response.status_code == 200
    return response


def content(response: Any) -> bytes:
    return b"".join(response)


def verbs(batch: Batch) -> list[str]:
    with as_role("pars_owner"):
        return list(Event.objects.filter(object_id=str(batch.pk)).values_list("verb", flat=True))


def test_the_error_workbook_is_their_own_with_only_the_rows_to_fix(
    with_errors: Batch, client_as: SignIn
) -> None:
    response = get(client_as, with_errors, "errors.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    sheet = book["Sheet1"]
    to_fix = {finding.row for finding in findings(with_errors) if finding.level == "fix"}
    kept = {row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 2).value}
    assert (
        response.headers["Content-Disposition"] == 'attachment; filename="learners-with-errors to fix.xlsx"'
    )
    assert book.sheetnames == ["Sheet1", "ValidValues", "Reference"]
    assert kept == to_fix
    assert sheet.cell(2, 17).value == "What to fix"
    assert all(sheet.cell(row, 17).value for row in kept)
    assert "batch.errors_downloaded" in verbs(with_errors)


def test_each_row_to_fix_carries_a_key_that_only_we_can_sign(with_errors: Batch, client_as: SignIn) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(content(get(client_as, with_errors, "errors.xlsx"))))["Sheet1"]

    row = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 18).value)
    key = sheet.cell(row, 18).value
    assert key == row_key(with_errors.pk, row, with_errors.organization_id)
    assert key != row_key(with_errors.pk, row, with_errors.organization_id + 1)
    assert sheet.column_dimensions["R"].hidden


def test_the_fixed_workbook_lands_what_was_to_fix(client_as: SignIn, northlake: Organization) -> None:
    activity = an_activity(northlake)
    batch = send(
        northlake, a_row(activity.activity_id, amount="many"), a_row(activity.activity_id, birthday="13/45")
    )
    book = openpyxl.load_workbook(io.BytesIO(content(get(client_as, batch, "errors.xlsx"))))
    headings = [cell.value for cell in book.active[1]]
    book.active.cell(2, headings.index("Number of CME Credits") + 1).value = 4
    book.active.delete_rows(3)
    fixed = io.BytesIO()
    book.save(fixed)

    again = see_through(take_in(northlake, fixed.getvalue(), "fixed.xlsx"))

    assert (again.rows, again.failed) == (1, 0)


def test_a_csv_comes_back_as_a_workbook_with_harmless_text(client_as: SignIn) -> None:
    provider = a_provider()
    batch = send(provider, a_row("400000001", first_name='=HYPERLINK("http://bad.example")'))

    sheet = openpyxl.load_workbook(io.BytesIO(content(get(client_as, batch, "errors.xlsx")))).active

    cell = sheet.cell(2, 4)
    assert cell.data_type == "s"
    assert str(cell.value).startswith("=HYPERLINK")


def test_the_result_for_programs_is_what_the_command_line_gives(
    with_errors: Batch, client_as: SignIn
) -> None:
    told = json.loads(content(get(client_as, with_errors, "result.json")))

    assert (told["status"], told["rows"], told["added"]) == ("done", 60, 40)
    assert {"row", "column", "value", "code", "level", "message"} == set(told["issues"][0])
    assert "batch.result_downloaded" in verbs(with_errors)


def test_the_original_comes_back_byte_for_byte(with_errors: Batch, client_as: SignIn, samples: Path) -> None:
    response = get(client_as, with_errors, "original")

    assert content(response) == (samples / "learners-with-errors.xlsx").read_bytes()
    assert "batch.original_downloaded" in verbs(with_errors)


def test_without_rows_to_fix_there_is_no_error_workbook(
    client_as: SignIn, northlake: Organization, samples: Path
) -> None:
    batch = send_file(northlake, samples / "learners.xlsx")

    response = client_as(a_member(northlake, Role.VIEWER)).get(f"/uploads/{batch.pk}/errors.xlsx")

    assert response.status_code == 404


def test_a_file_that_is_no_longer_kept_cannot_be_had(client_as: SignIn, with_errors: Batch) -> None:
    with as_role("pars_owner"):
        Batch.objects.filter(pk=with_errors.pk).update(stored_as="")
    viewer = client_as(a_member(with_errors.organization, Role.VIEWER))

    page = viewer.get(f"/uploads/{with_errors.pk}/")
    gone = [
        viewer.get(f"/uploads/{with_errors.pk}/{name}").status_code for name in ("errors.xlsx", "original")
    ]

    assert b"no longer kept" in page.content
    assert gone == [404, 404]


def test_the_page_opens_with_what_to_do_first(with_errors: Batch, client_as: SignIn) -> None:
    with as_role("pars_owner"):
        result = Result(with_errors, {})

        levels = [one.instruction.level for one in result.to_do]

    assert levels == sorted(levels, key=["fix", "wait", "note"].index)
    assert result.headline.startswith("41 rows are in. 1 row waits.")


def test_a_long_list_is_cut_between_rows_and_goes_on(client_as: SignIn) -> None:
    provider = a_provider()
    # Three findings a row: the hundredth stands in the middle of the thirty-fourth row.
    batch = send(provider, *(a_row("x", amount="y", birthday="z") for _ in range(70)))
    with as_role("pars_owner"):
        first = Result(batch, {}).sections[0]
        second = Result(batch, {"fix": str(first.last_row)}).sections[0]
        third = Result(batch, {"fix": str(second.last_row)}).sections[0]

    assert len(first.findings) == 99 <= ON_ONE_PAGE
    assert first.next_url == f"?fix={first.last_row}#fix"
    assert first.last_row + 1 == second.first_row
    assert second.first_url == "?#fix"
    assert sum(len(section.findings) for section in (first, second, third)) == first.total == 210
    assert not third.next_url


def test_the_page_says_where_it_was_cut_off(client_as: SignIn) -> None:
    batch = send(a_provider(), *(a_row("x", amount="y", birthday="z") for _ in range(70)))
    viewer = client_as(a_member(batch.organization, Role.VIEWER))

    page = viewer.get(f"/uploads/{batch.pk}/").content.decode()
    beyond = viewer.get(f"/uploads/{batch.pk}/?fix=9999")

    assert "Shown are 99 of 210, from row 2 to row 34." in page
    assert b"No row follows." in beyond.content


@pytest.mark.parametrize("asked", ["-1", "x", "²", "9" * 40])
def test_a_strange_place_to_go_on_from_is_ignored(asked: str, client_as: SignIn) -> None:
    batch = send(a_provider(), a_row("x"))

    response = client_as(a_member(batch.organization, Role.VIEWER)).get(
        f"/uploads/{batch.pk}/", {"fix": asked}
    )

    assert response.status_code == 200
    assert b"1 row needs a fix" in response.content
