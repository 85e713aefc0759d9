"""The operator's records: looked at, found by ids, taken away as files; never written, and never without a trace."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from learners.models import Physician
from pars.access.models import User
from pars.access.roles import Role
from pars.audit.models import Event, Subject
from pars.records.registered import site
from pars.records.site import UNSEEN
from tests import factories
from tests.credit import a_credit, a_learner
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client_as: Callable[[User | None], PageClient]) -> PageClient:
    return client_as(factories.a_member(factories.an_accreditor(), Role.AUDITOR))


@pytest.fixture
def physician() -> Physician:
    return factories.a_physician(factories.a_board("NC"), "2008-95323")


def the_last_event() -> tuple[str, dict[str, Any], list[int]]:
    with as_role("pars_owner"):
        event = Event.objects.newest_first()[0]
        subjects = Subject.objects.filter(event=event).values_list("physician_id", flat=True)
        return event.verb, event.detail, sorted(subjects)


def test_the_index_leads_to_every_kind_of_record(auditor: PageClient) -> None:
    page = auditor.get(reverse("admin:index")).content.decode()

    kinds = [f"{one._meta.app_label}_{one._meta.model_name}" for one in site._registry]
    assert [kind for kind in kinds if reverse(f"admin:{kind}_changelist") not in page] == []


@pytest.mark.parametrize("page", ["changelist", "csv", "change"])
def test_a_look_at_a_physicians_record_is_an_event_about_them(
    auditor: PageClient, physician: Physician, page: str
) -> None:
    args = (physician.pk,) if page == "change" else ()

    auditor.get(reverse(f"admin:learners_physician_{page}", args=args))

    verb = {"changelist": "record.listed", "csv": "record.exported", "change": "record.seen"}[page]
    assert the_last_event() == (verb, {"records": 1, "kind": "learners.physician"}, [physician.pk])


def test_a_record_shows_its_fields_and_leads_to_what_it_names(
    auditor: PageClient, physician: Physician
) -> None:
    credit = a_credit(physician, factories.an_activity(factories.a_provider("Northlake")))

    page = auditor.get(reverse("admin:learners_credit_change", args=(credit.pk,))).content.decode()

    assert "4.00" in page
    assert "Northlake" in page
    assert reverse("admin:learners_physician_change", args=(physician.pk,)) in page


@pytest.mark.parametrize("name", ["learners_physician", "access_user", "access_invitation"])
def test_birthdays_and_secrets_are_not_among_the_fields(name: str) -> None:
    (kind,) = (
        one
        for model, one in site._registry.items()
        if f"{model._meta.app_label}_{model._meta.model_name}" == name
    )

    shown = {field.name for field in kind.shown()}  # type: ignore[attr-defined]

    assert shown
    assert shown.isdisjoint(UNSEEN | {"birthday"})


def test_a_record_is_found_by_its_whole_id_or_code_and_not_by_a_part(
    auditor: PageClient, physician: Physician
) -> None:
    factories.a_physician(factories.a_board("CA"), "A-1", first_name="Someone")
    where = reverse("admin:learners_license_changelist")

    pages = [auditor.get(where, {"q": said}).content.decode() for said in ("2008-95323", "2008-9532", "Osei")]

    assert ["1 found" in page for page in pages] == [True, False, False]


@pytest.mark.parametrize("query", ["last_name=Osei", "last_name__startswith=O", "physician__last_name=Osei"])
def test_an_address_that_filters_by_a_name_is_refused(auditor: PageClient, query: str) -> None:
    assert auditor.get(f"{reverse('admin:learners_learner_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["p=x", "p=9999", "verdict=nonsense", "o=1.2.3", "e=1&p=x", "q=%00"])
def test_an_odd_address_is_answered_calmly(auditor: PageClient, query: str) -> None:
    answer = auditor.get(f"{reverse('admin:learners_learner_changelist')}?{query}")

    assert answer.status_code in (200, 404)


@pytest.mark.parametrize("said", ["x", "999999999", "1_2", "99999999999999999999999"])
@pytest.mark.parametrize("kind", ["learners_credit", "batches_batch", "audit_event"])
def test_what_is_not_there_is_not_found(auditor: PageClient, kind: str, said: str) -> None:
    assert auditor.get(reverse(f"admin:{kind}_change", args=(said,))).status_code == 404


def test_no_address_takes_what_somebody_sends(auditor: PageClient, physician: Physician) -> None:
    where = [
        reverse("admin:index"),
        reverse("admin:learners_physician_changelist"),
        reverse("admin:learners_physician_change", args=(physician.pk,)),
        reverse("admin:learners_physician_csv"),
    ]

    assert {auditor.post(one, {"last_name": "Other", "_save": "1"}).status_code for one in where} == {405}
    assert {auditor.get(f"{one}add/").status_code for one in where[:2]} == {404}
    assert {auditor.get(f"{where[2]}{last}/").status_code for last in ("delete", "history", "change")} == {
        404
    }
    assert auditor.get(reverse("admin:index") + "login/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_the_filtered_list_with_formulas_made_plain(
    auditor: PageClient, physician: Physician, kind: str
) -> None:
    provider = factories.a_provider(code="0004711")
    a_learner(physician, provider.pk, first_name="=2+3", last_name="Osei")
    a_learner(physician, provider.pk, verdict="not_found", physician=None, first_name="Other")
    where = reverse(f"admin:learners_learner_{kind}")

    answer = auditor.get(f"{where}?verdict__exact=matched")

    headings, *rows = _read(kind, b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "birthday" not in headings
    said = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(row["organization"], row["first_name"], row["verdict"]) for row in said] == [
        ("0004711", "'=2+3", "matched")
    ]


def _read(kind: str, content: bytes) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(content)).active
    return [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_a_list_asks_as_often_for_many_records_as_for_few(auditor: PageClient, physician: Physician) -> None:
    activity = factories.an_activity(factories.a_provider(), format="regularly scheduled series")
    where = reverse("admin:learners_credit_changelist")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert auditor.get(where).status_code == 200
        return len(asked)

    auditor.get(where)
    few = statements()
    for day in range(1, 20):
        said = activity.start_on.replace(day=day)
        a_credit(physician, activity, completed_on=said, occasion_on=said)

    assert statements() - few <= 2  # the joined row, and the subjects of its event
