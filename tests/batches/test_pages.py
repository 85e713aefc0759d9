"""The upload pages: sending, watching, reading what became of each row, for the four kinds of reader."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now
from lxml import html

from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from pars.batches import vault
from pars.batches.models import Batch, Status
from pars.demo.world import load
from tests.factories import a_member, a_provider, an_accreditor
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import findings, see_through

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
CSV = b"Activity ID,Date Completed,First Name,Last Name,Birthday,State,License Number,Credits\n"
LIST = "/uploads/"


@pytest.fixture
def ours() -> Organization:
    return a_provider("Ours")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


@pytest.fixture
def northlake() -> Organization:
    """The demo's provider, in the demo's world."""
    with as_role("pars_owner"):
        load(at=now())
    return Organization.objects.get(code="0008273")


@pytest.fixture
def office(northlake: Organization, client_as: SignIn) -> PageClient:
    """The provider's CME office."""
    return client_as(a_member(northlake, Role.REPORTER))


def send(client: PageClient, content: bytes, name: str = "credits.csv", **fields: Any) -> Any:
    data = {"kind": "learners", "consent": "written", "file": SimpleUploadedFile(name, content), **fields}
    return client.post(LIST, data)


def send_and_run(client: PageClient, path: Path, **fields: Any) -> Batch:
    """Send a sample and let the engine take it to its end, as a worker would."""
    response = send(client, path.read_bytes(), path.name, **fields)
    assert response.status_code == 302, response.content.decode()
    return see_through(newest())


def newest() -> Batch:
    with as_role("pars_owner"):
        return Batch.objects.newest_first()[0]


def page_of(client: PageClient, batch: Batch, query: str = "") -> str:
    response = client.get(f"{reverse('batch', args=[batch.pk])}{query}")
    assert response.status_code == 200
    return words(response)


def words(response: Any) -> str:
    """The page's text with single blanks."""
    return " ".join(str(html.document_fromstring(response.content.decode()).xpath("string()")).split())


def events(verb: str) -> int:
    with as_role("pars_owner"):
        return Event.objects.filter(verb=verb).count()


def test_a_sent_file_becomes_a_batch_and_the_answer_leads_to_its_page(reporter: PageClient) -> None:
    response = send(reporter, CSV)

    batch = newest()
    assert response.status_code == 302
    assert response["Location"] == f"/uploads/{batch.pk}/"
    assert (batch.status, batch.file_name, batch.options) == (
        "received",
        "credits.csv",
        {"consent": "written"},
    )
    assert events("batch.received") == 1


def test_the_organizations_declared_consent_is_chosen_already(reporter: PageClient) -> None:
    page = html.document_fromstring(reporter.get(LIST).content.decode())

    assert page.xpath("//input[@name='consent'][@checked]/@value") == ["written"]


def test_check_only_is_kept_with_the_batch(reporter: PageClient) -> None:
    send(reporter, CSV, check_only="on")

    assert newest().check_only


def test_without_a_file_the_form_says_what_to_do(reporter: PageClient) -> None:
    response = reporter.post(LIST, {"kind": "learners", "consent": "written"})

    assert response.status_code == 422
    assert "Choose the file to send." in words(response)
    assert not Batch.objects.exists()


def test_an_unknown_kind_is_refused(reporter: PageClient) -> None:
    response = send(reporter, CSV, kind="rosters")

    assert response.status_code == 422


def test_an_empty_file_is_refused_with_its_reason_and_kept(reporter: PageClient) -> None:
    send(reporter, b"", "empty.xlsx")

    batch = see_through(newest())

    page = page_of(reporter, batch)
    assert batch.status == Status.REFUSED
    assert "This file was refused; none of it was taken" in page
    assert "This file is empty." in page
    assert "Send the file" in page


def test_a_file_over_the_limit_is_refused_in_one_sentence_and_kept(
    reporter: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pars.batches.actions._largest", lambda name: 1024 * 1024)

    response = send(reporter, b"x" * (1024 * 1024 + 1), "large.xlsx")

    assert response.status_code == 302
    assert "This file is larger than 1 MB" in page_of(reporter, newest())


def test_a_full_disk_is_said_plainly_and_takes_nothing(
    reporter: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vault, "seal", no_room)

    response = send(reporter, CSV)

    assert response.status_code == 507
    assert "There is no room for this file at the moment." in words(response)
    with as_role("pars_owner"):
        assert not Batch.objects.exists()


def test_a_disk_that_fills_while_the_file_comes_in_is_said_plainly(
    reporter: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", no_room
    )

    response = send(reporter, CSV)

    assert response.status_code == 507
    assert "There is no room for this file at the moment." in words(response)


def test_no_more_of_a_file_is_written_than_any_file_may_have(
    reporter: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pars.batches.upload_handler.KEEP_BYTES", 100_000)

    send(reporter, b"x" * 300_000)

    assert newest().size == 100_000


def test_a_viewer_sees_the_history_but_cannot_send(ours: Organization, client_as: SignIn) -> None:
    viewer = client_as(a_member(ours, Role.VIEWER))

    page = viewer.get(LIST)
    sent = send(viewer, CSV)

    assert page.status_code == 200
    assert b'type="file"' not in page.content
    assert sent.status_code == 403


def test_an_organization_without_agreement_is_led_to_it(client_as: SignIn) -> None:
    newcomer = client_as(a_member(a_provider(agreed=False), Role.REPORTER))

    response = send(newcomer, CSV)

    assert response.status_code == 302
    assert response["Location"] == reverse("agreement")
    assert not Batch.objects.exists()


@pytest.mark.parametrize("name", ["batch", "batch-errors", "batch-json", "batch-original"])
def test_anothers_upload_is_answered_like_one_that_is_not_there(
    name: str, reporter: PageClient, client_as: SignIn
) -> None:
    stranger = client_as(a_member(a_provider("Theirs"), Role.REPORTER))
    send(reporter, CSV)

    theirs = stranger.get(reverse(name, args=[newest().pk]))
    nobodys = stranger.get(reverse(name, args=[uuid4()]))

    assert theirs.status_code == nobodys.status_code == 404


def test_an_unfinished_upload_says_how_far_it_is_and_that_one_may_leave(reporter: PageClient) -> None:
    send(reporter, CSV)

    response = reporter.get(f"/uploads/{newest().pk}/")

    assert "Waiting to be read" in words(response)
    assert "You may leave this page." in words(response)
    assert "Look again" in words(response)


def test_the_page_asks_for_its_progress_and_for_itself_when_there_is_a_result(reporter: PageClient) -> None:
    send(reporter, CSV)
    address = f"/uploads/{newest().pk}/"

    watching = reporter.get(address, headers={"HX-Request": "true"})
    see_through(newest())
    over = reporter.get(address, headers={"HX-Request": "true"})

    assert b"<html" not in watching.content
    assert f'hx-get="{address}"'.encode() in watching.content
    assert over.headers["HX-Refresh"] == "true"


def test_every_row_of_the_accreditors_template_lands(office: PageClient, samples: Path) -> None:
    batch = send_and_run(office, samples / "learners.xlsx")

    page = page_of(office, batch)
    assert (batch.rows, batch.added) == (12, 12)
    assert "All 12 rows are in." in page
    assert "You sent this same file before" not in page


def test_the_same_file_again_is_said_so_and_changes_nothing(office: PageClient, samples: Path) -> None:
    send_and_run(office, samples / "learners.xlsx")

    again = send_and_run(office, samples / "learners.xlsx")

    page = page_of(office, again)
    assert (again.added, again.unchanged) == (0, 12)
    assert "You sent this same file before" in page


def test_check_only_says_that_nothing_was_changed(office: PageClient, samples: Path) -> None:
    batch = send_and_run(office, samples / "learners.xlsx", check_only="on")

    page = page_of(office, batch)
    assert (batch.added, batch.ready) == (0, 12)
    assert "Nothing was changed. 12 rows are ready." in page


def test_good_rows_land_and_each_bad_one_is_named(office: PageClient, samples: Path) -> None:
    batch = send_and_run(office, samples / "learners-with-errors.xlsx")

    page = page_of(office, batch)
    assert (batch.rows, batch.added) == (60, 40)
    assert "Rows to fix" in page
    assert "Date of Birth" in page
    named = [finding for finding in findings(batch) if finding.code != "late"]
    assert len({finding.row for finding in named}) == 20
    assert all(finding.message in page for finding in named)


def test_the_history_finds_by_name_and_by_status(reporter: PageClient) -> None:
    send(reporter, b"", "empty.csv")
    see_through(newest())
    send(reporter, CSV, "waiting.csv")

    by_name = words(reporter.get(LIST, {"q": "wait"}))
    refused = words(reporter.get(LIST, {"state": "refused"}))
    under_way = words(reporter.get(LIST, {"state": "open"}))

    assert "waiting.csv" in by_name
    assert "empty.csv" not in by_name
    assert "empty.csv" in refused
    assert "waiting.csv" not in refused
    assert "waiting.csv" in under_way


def test_the_history_takes_the_same_queries_for_any_number_of_uploads(
    reporter: PageClient, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        send(reporter, CSV, f"{number}.csv")

    with django_assert_max_num_queries(16):
        reporter.get(LIST)


def test_the_operator_sees_everyones_batches_and_none_of_their_pages(
    reporter: PageClient, client_as: SignIn
) -> None:
    operator = client_as(a_member(an_accreditor(), Role.OPERATOR))
    send(reporter, CSV)

    page = operator.get("/operator/batches/")
    inside = operator.get(f"/uploads/{newest().pk}/")

    assert "Ours" in words(page)
    assert "stands still" not in words(page)
    assert inside.status_code == 403


def test_a_batch_that_nobody_moves_is_marked_for_the_operator(
    reporter: PageClient, client_as: SignIn
) -> None:
    operator = client_as(a_member(an_accreditor(), Role.OPERATOR))
    send(reporter, CSV)
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE batches_batch SET created_at = created_at - interval '6 minutes'")

    page = words(operator.get("/operator/batches/"))

    assert "1 batch stands still" in page
    assert "Standing still" in page


def test_a_provider_does_not_see_everyones_batches(reporter: PageClient) -> None:
    assert reporter.get("/operator/batches/").status_code == 403


def kinds_on(page: Any) -> dict[str, bool]:
    """What a file may be, and whether that is chosen."""
    inputs = html.fromstring(page.content).iter("input")
    return {str(one.get("value")): "checked" in one.attrib for one in inputs if one.get("name") == "kind"}


def test_a_person_says_what_is_in_the_file(reporter: PageClient) -> None:
    page = reporter.get(LIST)
    refused = send(reporter, CSV, kind="")

    kinds = ("activities", "activity-counts", "learners", "validation")
    assert kinds_on(page) == dict.fromkeys(kinds, False)
    assert refused.status_code == 422
    assert "Choose what is in the file." in refused.content.decode()


def test_what_the_link_or_the_upload_before_was_about_is_chosen_already(reporter: PageClient) -> None:
    asked = reporter.get(f"{LIST}?kind=activities")
    send(reporter, CSV + b"1,2,3,4,5,6,7,8\n")
    again = reporter.get(reverse("batch", args=[see_through(newest()).pk]))

    chosen = [[kind for kind, is_chosen in kinds_on(page).items() if is_chosen] for page in (asked, again)]
    assert chosen == [["activities"], ["learners"]]


def test_consent_is_asked_of_learner_files_alone(reporter: PageClient) -> None:
    activities = send(
        reporter, b"Activity Title,Activity Format,Start Date\nA,B,C\n", kind="activities", consent=""
    )
    learners = send(reporter, CSV, consent="")

    assert (activities.status_code, learners.status_code) == (302, 422)
    assert "Choose one of these." in learners.content.decode()


def test_a_file_of_another_kind_is_told_so_in_one_sentence(ours: Organization, reporter: PageClient) -> None:
    send(reporter, CSV + b"1,2,3,4,5,6,7,8\n", kind="activities")

    batch = see_through(newest())

    assert (batch.status, batch.refusal_code) == (Status.REFUSED, "other_kind")
    told = "These are the columns of “Learner credit”, but the file was sent as “Activities”."
    assert told in page_of(reporter, batch)


def test_credit_under_headings_of_its_own_is_asked_about_and_not_taken_for_learners_to_check(
    reporter: PageClient,
) -> None:
    headings = b"Activity ID,When,First Name,Surname,Birth MM/DD,State,License Number,Hours earned\n"
    send(reporter, headings + b"1,2,3,4,5,6,7,8\n")

    batch = see_through(newest())

    assert (batch.refusal_code, bool(batch.question)) == ("headings_unknown", True)


def test_a_provider_is_not_told_of_files_that_only_boards_send(reporter: PageClient) -> None:
    roster = b"License Number,First Name,Last Name,Degree,Status,License Type\nA1,Amara,Osei,MD,Active,MD\n"
    send(reporter, roster, kind="activities")

    assert see_through(newest()).refusal_code == "no_columns"
