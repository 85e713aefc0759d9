"""Files of the published schema, JSON and XML: in by batch, out as they were sent, the same as every other way in."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from activities import actions
from activities.batch.cells import cells_of
from activities.batch.columns import HEADINGS
from activities.batch.template import fits, write_activities
from activities.batch.values import is_none
from activities.codes import code_list
from activities.documents import from_xml, read, write, write_xml
from activities.record import Record
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.activities.rows import codes, own_ids, send, the_activity, the_record
from tests.activities.test_documents import COURSE, SCHEMA, at, enclosed
from tests.activities.valid_documents import documents
from tests.factories import a_member, a_provider
from tests.pages import PageClient, words_of
from tests.uploads import findings, see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FILES = "/activities/files/activities"
VALID = Draft202012Validator(SCHEMA)
Document = dict[str, Any]


def as_json(*documents: object) -> bytes:
    return json.dumps(enclosed(*documents), ensure_ascii=False).encode()


def as_xml(*documents: Document) -> bytes:
    file = io.BytesIO()
    write_xml(file, documents)
    return file.getvalue()


def send_json(ours: Organization, *documents: object, **options: Any) -> Batch:
    return see_through(take_in(ours, as_json(*documents), "activities.json", kind="activities", **options))


def send_xml(ours: Organization, *documents: Document) -> Batch:
    return see_through(take_in(ours, as_xml(*documents), "activities.xml", kind="activities"))


def got(office: PageClient, ending: str) -> bytes:
    response = office.get(f"{FILES}.{ending}")
    assert response.status_code == 200
    return b"".join(response)


def known_as(own_id: str, document: Document = COURSE) -> Document:
    return at(document, "Lom.general.identifier", [{"catalog": "Provider Activity ID", "entry": own_id}])


def without_our_number(document: Document) -> Document:
    changed = deepcopy(document)
    general = changed["Lom"]["general"]
    general["identifier"] = [one for one in general["identifier"] if one["catalog"] != "ACCME Activity ID"]
    return changed


@pytest.fixture
def ours() -> Organization:
    return a_provider()


@pytest.fixture
def office(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever one example has done is undone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- in, and out again ---


def test_a_document_lands_by_its_own_id_and_changes_nothing_when_it_is_sent_again(ours: Organization) -> None:
    first = send_json(ours, known_as("C-1"), known_as("C-2"))
    again = send_json(ours, known_as("C-1"), known_as("C-2"))

    assert (first.rows, first.added, codes(first)) == (2, 2, [])
    assert (again.unchanged, again.added, again.updated) == (2, 0, 0)
    assert own_ids(ours) == ["C-1", "C-2"]


@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=st.lists(documents(), min_size=1, max_size=4))
def test_valid_documents_go_in_by_batch_and_come_out_equal(
    ours: Organization, office: PageClient, sent: list[Document]
) -> None:
    named = [known_as(f"C-{number}", one) for number, one in enumerate(sent)]
    VALID.validate(enclosed(*named))

    with undone():
        batch = send_json(ours, *named)
        out = json.loads(got(office, "json"))

    assert (batch.added, [code for _, _, code in codes(batch) if code != "draft"]) == (len(named), [])
    VALID.validate(out)
    told = [without_our_number(one) for one in out["ACCMEActivities"]["MedicalEducationMetrics"]]
    assert sorted(told, key=_own_id) == sorted(named, key=_own_id)


def _own_id(document: Document) -> str:
    return str(document["Lom"]["general"]["identifier"][0]["entry"])


def test_both_spellings_of_the_drafts_keys_are_taken_and_come_back_as_they_were(
    ours: Organization, office: PageClient
) -> None:
    odd = at(COURSE, "XtensibleInfo.isInterprofessional ", True)
    odd["participationMetrics"] = {
        "participantsByCategory": [{"category": "nurse", "numberOfParticipants": 3}]
    }
    del odd["ParticipationMetrics"]

    batch = send_json(ours, odd)

    assert codes(batch) == []
    assert (the_record(ours, "C-1").interprofessional, the_record(ours, "C-1").counts) == (True, {"nurse": 3})
    (told,) = json.loads(got(office, "json"))["ACCMEActivities"]["MedicalEducationMetrics"]
    assert without_our_number(told) == odd


# --- every way in means the same ---


def _tables(record: Record) -> tuple[bytes, bytes]:
    """The record as a workbook and as CSV."""
    with write_activities([record], today=TODAY) as file:
        workbook = file.read()
    cells = cells_of(record)
    keys = dict.fromkeys(["title", "format", "starts", *cells])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([HEADINGS[key][0] for key in keys])
    writer.writerow([cells.get(key, "") for key in keys])
    return workbook, text.getvalue().encode()


def _same(record: Record) -> Record:
    """The record without what only tells how it came: our number, a document's words, the order of outcomes."""
    order = [one.code for one in code_list("outcome").codes]
    outcomes = sorted(record.outcomes, key=lambda one: order.index(one.what))
    return replace(record, activity_id="", wording=(), outcomes=tuple(outcomes))


def _texts(record: Record) -> Iterable[str]:
    """The texts that stand in a cell of their own, in which `none` would take something out."""
    for field in fields(record):
        if isinstance(value := getattr(record, field.name), str):
            yield value
    for one in record.registrations:
        yield from (one.board, one.internal_id, one.fee, one.registration, one.url)
    yield from (one.source for one in record.support)


@hypothesis_settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(document=documents())
def test_a_record_is_the_same_by_workbook_csv_json_xml_and_by_hand(
    ours: Organization, document: Document
) -> None:
    record = replace(read(known_as("C-1", document)).record, wording=())
    assume(fits(record) and not any(is_none(text) for text in _texts(record)))
    workbook, table = _tables(record)
    files = {
        "a.xlsx": workbook,
        "a.csv": table,
        "a.json": as_json(write(record)),
        "a.xml": as_xml(write(record)),
    }
    came: dict[str, Record] = {}

    for name, content in files.items():
        with undone():
            batch = see_through(take_in(ours, content, name, kind="activities"))
            assert [code for _, _, code in codes(batch) if code != "draft"] == [], name
            came[name] = _same(the_record(ours, "C-1"))
    with undone():
        actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)
        with acting_as(actor):
            actions.put(records=[record], by=actor, at=NOW)
        by_hand = _same(the_record(ours, "C-1"))

    assert came == dict.fromkeys(files, by_hand)


# --- XML ---


def test_xml_has_no_types_and_means_the_same(ours: Organization) -> None:
    typed = at(COURSE, "XtensibleInfo.closeActivityRecord", False)
    typed["ActivityDescription"] = {
        "commercialSupportAmount": [{"currency": "USD", "supportSource": "Acme", "value": 2500}]
    }
    typed["healthcareMetadata"]["healthcareEducation"]["commercialSupport"] = True

    records = [etree.fromstring(as_xml(typed))[0]]

    assert from_xml(_tree(records[0])) == typed


def _tree(element: etree._Element) -> Any:
    """An element as the readers give it."""
    found: dict[str, Any] = {}
    for child in element:
        value = _tree(child)
        name = str(child.tag)
        found[name] = [*_listed(found[name]), value] if name in found else value
    return found or (element.text or "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_namespaces_attributes_and_comments_do_not_matter(ours: Organization) -> None:
    text = as_xml(COURSE).decode()
    schemas = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x y.xsd"'
    text = text.replace("<ACCMEActivities>", f'<m:ACCMEActivities xmlns:m="urn:x" xmlns="urn:x" {schemas}>')
    text = text.replace("</ACCMEActivities>", "</m:ACCMEActivities>")
    text = text.replace("<XtensibleInfo>", '<XtensibleInfo><FeeForParticipation xsi:nil="true"/>')
    text = text.replace("<title>Opioids</title>", '<title language="en">Opi<!-- sic -->oids</title>')

    batch = see_through(take_in(ours, text.encode(), "a.xml", kind="activities"))

    assert (batch.added, codes(batch)) == (1, [])
    assert the_record(ours, "C-1").title == "Opioids"


def test_what_came_as_xml_goes_out_as_either_and_changes_nothing_when_it_comes_back(
    ours: Organization, office: PageClient
) -> None:
    send_xml(ours, known_as("C-1"), known_as("C-2"))

    sent_back = [
        see_through(take_in(ours, got(office, ending), f"a.{ending}", kind="activities"))
        for ending in ("xml", "json")
    ]

    assert [(batch.rows, batch.unchanged, codes(batch)) for batch in sent_back] == [(2, 2, [])] * 2


def test_a_key_that_cannot_name_an_element_stays_out_of_xml() -> None:
    file = io.BytesIO()

    assert write_xml(file, [{"x y": 1, "isInterprofessional ": True, "none": None, "b": [[1], "two"]}]) == 1

    (one,) = etree.fromstring(file.getvalue())
    assert [(child.tag, child.text) for child in one] == [("isInterprofessional", "true"), ("b", "two")]


# --- what is wrong is named at its record and its key ---

BAD: list[tuple[str, object, str, str]] = [
    ("healthcareMetadata.healthcareEducation.endDateTime", "2026-09-11T00:00:00", "endDateTime", "end_before_start"),
    ("healthcareMetadata.healthcareEducation.credits.numberOfCredits", 0.3, "numberOfCredits", "credits_unreadable"),
    ("healthcareMetadata.healthcareEducation.credits.numberOfCredits", {}, "numberOfCredits", "document_shape"),
    ("healthcareMetadata.healthcareEducation.activityFormat", "Live Corse", "activityFormat", "format_unknown"),
    ("healthcareMetadata.healthcareEducation.startDateTime", "soon", "startDateTime", "document_shape"),
    ("Lom.general.title", "<b>Opioids</b>", "title", "title_html"),
    ("XtensibleInfo.ProviderID", "0000001", "ProviderID", "other_provider"),
    ("XtensibleInfo.activityRecordAction", "Upsert", "activityRecordAction", "action_unknown"),
    ("ReportDescription.ReportingStartDate", "2025", "ReportingStartDate", "report_year"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "column", "code"), BAD, ids=[f"{bad[3]}-{bad[2]}" for bad in BAD])
def test_what_cannot_be_is_named_and_the_others_land(
    ours: Organization, path: str, value: object, column: str, code: str
) -> None:
    batch = send_json(ours, known_as("C-1"), at(known_as("BAD"), path, value), known_as("C-2"))

    assert [(found.row, found.column.rpartition(".")[2], found.code) for found in findings(batch)] == [
        (2, column, code)
    ]
    assert own_ids(ours) == ["C-1", "C-2"]


def test_what_is_no_object_is_one_bad_record(ours: Organization) -> None:
    batch = send_json(ours, known_as("C-1"), "nothing", known_as("C-2"))

    assert (batch.added, [code for _, _, code in codes(batch)]) == (2, ["document_shape"])


def test_an_action_of_a_document_is_done(ours: Organization) -> None:
    send_json(ours, known_as("C-1"), known_as("C-2"))

    def asking(own_id: str, action: str) -> Document:
        return at(known_as(own_id), "XtensibleInfo.activityRecordAction", action)

    batch = send_json(ours, asking("C-1", "Delete"), asking("C-2", "Update"), asking("C-3", "Update"))

    assert (batch.withdrawn, batch.unchanged) == (1, 1)
    assert codes(batch) == [(3, "own_id", "activity_unknown")]
    assert own_ids(ours) == ["C-2"]


def test_closing_by_a_document_lands_whole_or_not_at_all(ours: Organization) -> None:
    closing = at(known_as("C-1"), "XtensibleInfo.closeActivityRecord", True)
    ready = at(closing, "XtensibleInfo.MeasuredOutcomes", [{"MeasuredOutcome": "Learner Knowledge"}])
    ready = at(ready, "healthcareMetadata.healthcareEducation.commercialSupport", False)
    counts = [
        {"category": "physician", "numberOfParticipants": 4},
        {"category": "other", "numberOfParticipants": 0},
    ]
    ready = at(ready, "ParticipationMetrics.participantsByCategory", counts)

    early = send_json(ours, closing)
    batch = send_json(ours, ready)

    assert (early.failed, {code for _, _, code in codes(early)}) == (
        1,
        {"outcome_missing", "support_missing", "physicians_missing", "others_missing"},
    )
    assert (batch.added, codes(batch)) == (1, [])
    assert the_activity(ours, "C-1").closed_at


def test_a_document_leaves_what_staff_answered_on_pages(ours: Organization) -> None:
    days = {"starts": "1/1/2026", "ends": "6/1/2026"}
    send(ours, {"own_id": "C-1", "title": "x", "format": "RSS", "count_nurse": "4", **days})

    send_json(ours, known_as("C-1"))

    assert (the_record(ours, "C-1").title, the_record(ours, "C-1").counts) == ("Opioids", {"nurse": 4})


def test_the_records_to_fix_come_back_as_a_workbook_that_can_be_sent(
    ours: Organization, office: PageClient
) -> None:
    bad = at(known_as("C-1"), "healthcareMetadata.healthcareEducation.credits.numberOfCredits", 0.3)
    batch = send_json(ours, known_as("C-0"), bad)

    book = openpyxl.load_workbook(io.BytesIO(b"".join(office.get(reverse("batch-errors", args=[batch.pk])))))
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    credits_at = headings.index("AMA PRA Category 1 Credits") + 1
    assert sheet.cell(2, credits_at).fill.fgColor.rgb not in (None, "00000000")
    sheet.cell(2, credits_at, 0.5)
    file = io.BytesIO()
    book.save(file)

    again = see_through(take_in(ours, file.getvalue(), "fixed.xlsx", kind="activities"))

    assert (again.rows, again.added, codes(again)) == (1, 1, [])
    assert own_ids(ours) == ["C-0", "C-1"]


def test_a_birth_year_never_comes_with_a_document(ours: Organization, office: PageClient) -> None:
    batch = send_json(
        ours, at(COURSE, "XtensibleInfo.Contact", {"BirthDate": "1979-03-04", "Date of birth": 1979})
    )

    assert batch.added == 1
    assert "1979" not in words_of(got(office, "json").decode())


def test_a_record_beyond_all_bounds_is_refused(ours: Organization) -> None:
    deep: object = 1
    for _ in range(80):
        deep = [deep]

    nested = send_json(ours, at(COURSE, "XtensibleInfo.more", deep))
    long = send_json(ours, at(COURSE, "XtensibleInfo.more", "x" * 1_100_000))
    large = send_json(ours, at(COURSE, "XtensibleInfo.more", "x" * 300_000))

    assert [batch.refusal_code for batch in (nested, long)] == ["bomb", "cell_too_long"]
    assert [code for _, _, code in codes(large)] == ["document_too_large"]


def test_a_learner_report_is_told_apart(ours: Organization, samples: Any) -> None:
    content = (samples / "learners.json").read_bytes()

    batch = see_through(take_in(ours, content, "learners.json", kind="activities"))

    assert batch.refusal_code == "other_kind"
