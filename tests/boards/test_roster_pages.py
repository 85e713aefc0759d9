"""A board administrator sends rosters and decides about what they leave out."""

import io
from collections.abc import Callable
from zipfile import ZipFile

import pytest

from boards.rosters.columns import HEADINGS
from learners.models import License
from pars.access.models import Organization
from pars.access.roles import Role
from pars.batches.models import Batch
from tests import factories
from tests.boards.test_rosters import a_line, send_roster
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import as_table, see_through

pytestmark = pytest.mark.django_db

SignIn = Callable[..., PageClient]


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC")


@pytest.fixture
def admin(board: Organization, client_as: SignIn) -> PageClient:
    return client_as(factories.a_member(board, Role.ADMIN))


def _upload(client: PageClient, *lines: dict[str, str], **fields: str) -> Batch:
    content = as_table({key: names[0] for key, names in HEADINGS.items()}, list(lines))
    file = io.BytesIO(content)
    file.name = "roster.csv"
    response = client.post("/uploads/", {"file": file, "kind": "rosters", "coverage": "part"} | fields)
    assert response.status_code == 302, response.content.decode()
    with as_role("pars_owner"):
        batch = Batch.objects.order_by("-created_at")[0]
    return see_through(batch)


def test_an_administrator_sends_a_roster_and_reads_what_became_of_it(admin: PageClient) -> None:
    batch = _upload(admin, a_line(), a_line(number=""))

    page = admin.get(f"/uploads/{batch.pk}/").content.decode()

    assert "1 row needs a fix" in page
    assert "Enter the license number." in page
    assert "roster.csv" in admin.get("/board/rosters/").content.decode()
    errors = b"".join(admin.get(f"/uploads/{batch.pk}/errors.xlsx").streaming_content)  # type: ignore[attr-defined]
    assert ZipFile(io.BytesIO(errors)).testzip() is None


def test_the_page_counts_licenses_and_those_without_a_birthday(
    board: Organization, admin: PageClient
) -> None:
    send_roster(board, a_line(birthday=""), a_line(number="7", last_name="Ito", npi="", status="Lapsed"))

    response = admin.get("/board/rosters/")

    assert response.context["counts"] == {"active": 1, "others": 1, "without_birthday": 1}


def test_what_a_full_list_leaves_out_is_shown_and_then_lapsed(board: Organization, admin: PageClient) -> None:
    send_roster(board, a_line(), a_line(number="7", last_name="Ito", npi=""))
    batch = _upload(admin, a_line(), coverage="full")
    here = f"/board/rosters/{batch.pk}/missing/"

    assert here in admin.get(f"/uploads/{batch.pk}/").content.decode()
    assert here in admin.get("/board/rosters/").content.decode()
    shown = admin.get(here).content.decode()
    assert "Ito" in shown
    assert "Osei" not in shown
    assert admin.post(here, {"count": "2"}).status_code == 422
    assert admin.post(here, {"count": "1"}).status_code == 302

    with as_role("pars_owner"):
        assert dict(License.objects.values_list("number", "status")) == {
            "2008-95323": "active",
            "7": "lapsed",
        }
    assert here not in admin.get(f"/uploads/{batch.pk}/").content.decode()


def test_a_partial_list_offers_nothing_to_decide(board: Organization, admin: PageClient) -> None:
    batch = send_roster(board, a_line())

    page = admin.get(f"/board/rosters/{batch.pk}/missing/")

    assert "Nothing to decide here" in page.content.decode()
    assert admin.post(f"/board/rosters/{batch.pk}/missing/", {"count": "0"}).status_code == 422


def test_a_reviewer_sends_no_roster(board: Organization, client_as: SignIn) -> None:
    reviewer = client_as(factories.a_member(board, Role.REVIEWER))

    assert [reviewer.get(path).status_code for path in ("/board/rosters/", "/uploads/")] == [403, 403]
    assert reviewer.post("/uploads/", {"kind": "rosters"}).status_code == 403


def test_a_provider_cannot_send_a_roster(client_as: SignIn) -> None:
    reporter = client_as(factories.a_member(factories.a_provider(), Role.REPORTER))

    answer = reporter.post("/uploads/", {"file": io.BytesIO(b"x"), "kind": "rosters", "coverage": "part"})

    assert answer.status_code == 422


def test_the_template_is_a_roster_to_fill_in(admin: PageClient) -> None:
    answer = admin.get("/board/rosters/template.xlsx")

    book = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert b"License Number" in b"".join(book.read(name) for name in book.namelist())
