"""Documents of the accreditor's published schema go in and come out as they were sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from activities import actions
from activities.documents import NoActivities, accept, place, read, show
from activities.documents.wording import respelled, same, worded
from activities.documents.writing import write
from activities.models import Activity
from activities.record import CreditOffered, Record, Rems, Support
from activities.rules import problems
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.models import Outcome
from tests import factories as make
from tests.activities.records import WHOLE
from tests.activities.valid_documents import documents

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SCHEMA = json.loads(
    (Path(settings.BASE_DIR) / "activities/documents/schema.json").read_text(encoding="utf-8")
)
VALID = Draft202012Validator(SCHEMA)

COURSE: dict[str, Any] = {
    "ReportDescription": {"ReportingStartDate": "2026-09-12", "ReportingEndDate": "2026-09-12"},
    "ActivityDescription": {},
    "Lom": {
        "general": {
            "identifier": [{"catalog": "Provider Activity ID", "entry": "C-1"}],
            "title": "Opioids",
            "description": "What is new.",
        }
    },
    "healthcareMetadata": {
        "healthcareEducation": {
            "credits": {"activityCertification": "AMA PRA Category 1", "numberOfCredits": 1.5},
            "startDateTime": "2026-09-12T00:00:00",
            "endDateTime": "2026-09-12T00:00:00",
            "activitySponsorship": "direct",
            "activityFormat": "Live Course",
        }
    },
    "ParticipationMetrics": {},
    "XtensibleInfo": {"ForPublicList": False, "DeliveryMethods": {"DeliveryMethod": ["Live-Streamed"]}},
}


def at(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The document with another value at a path of keys."""
    changed = deepcopy(document)
    *parents, last = path.split(".")
    inner = changed
    for key in parents:
        inner = inner.setdefault(key, {})
    inner[last] = value
    return changed


def enclosed(*documents: object) -> dict[str, Any]:
    return {"ACCMEActivities": {"MedicalEducationMetrics": list(documents)}}


def respelling(document: dict[str, Any]) -> dict[str, Any]:
    """The draft's other spellings."""
    other = deepcopy(document)
    other["participationMetrics"] = other.pop("ParticipationMetrics")
    if "isInterprofessional" in other["XtensibleInfo"]:
        other["XtensibleInfo"]["isInterprofessional "] = other["XtensibleInfo"].pop("isInterprofessional")
    return other


def said_again(document: dict[str, Any]) -> dict[str, Any]:
    record = read(document).record
    return respelled(worded(write(record), record.wording), record.wording)


@given(documents())
@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_valid_document_is_read_and_said_again_as_it_was(document: dict[str, Any]) -> None:
    VALID.validate(enclosed(document))

    reading = read(document)

    assert [(one.field, one.message) for one in reading.problems] == []
    assert [(one.field, one.message) for one in problems(reading.record, today=TODAY)] == []
    assert said_again(document) == document
    assert said_again(respelling(document)) == respelling(document)


@given(documents())
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_as_the_same_record(document: dict[str, Any]) -> None:
    record = replace(read(document).record, wording=())

    assert replace(read(write(record)).record, wording=()) == record


def test_the_whole_record_survives_a_document() -> None:
    record = replace(WHOLE, wording=(), credits_per_session=None, reviewed_on=None)

    document = write(record)

    VALID.validate(enclosed(document))
    assert read(document).record == record


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake", code="0008273")


@pytest.fixture
def us(ours: Organization) -> Iterator[Actor]:
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)
    with acting_as(actor):
        yield actor


def send(actor: Actor, *documents: object) -> list[actions.Put]:
    return accept(document=enclosed(*documents), by=actor, at=NOW)


def shown(put: actions.Put) -> dict[str, Any]:
    assert put.activity, put.problems
    (document,) = show([Activity.objects.get(pk=put.activity.pk)])["ACCMEActivities"][
        "MedicalEducationMetrics"
    ]
    return dict(document)


def without_ours(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it was before we issued a number."""
    general = document["Lom"]["general"]
    ours = [one for one in general["identifier"] if one["catalog"] != "ACCME Activity ID"]
    return at(document, "Lom.general.identifier", ours)


@contextmanager
def undone() -> Iterator[None]:
    """One example's database, for each example the same."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.django_db
@given(documents())
@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_every_valid_document_comes_out_of_the_database_as_it_went_in(
    us: Actor, document: dict[str, Any]
) -> None:
    with undone():
        first, again = send(us, document) + send(us, document)
        out = shown(again)

    assert first.problems == again.problems == ()
    assert again.outcome == Outcome.UNCHANGED
    assert same(without_ours(out), document)


@pytest.mark.django_db
def test_the_number_we_issued_stands_among_the_identifiers_and_leads_back(us: Actor) -> None:
    (put,) = send(us, COURSE)

    out = shown(put)

    assert {"catalog": "ACCME Activity ID", "entry": put.record.activity_id} in out["Lom"]["general"][
        "identifier"
    ]
    (again,) = send(us, out)
    assert again.activity == put.activity


@pytest.mark.django_db
def test_what_is_changed_on_a_page_is_written_anew_and_the_rest_as_it_was(us: Actor) -> None:
    document = at(COURSE, "healthcareMetadata.healthcareEducation.startDateTime", "2026-09-12T08:00:00-05:00")
    document = at(document, "healthcareMetadata.healthcareEducation.activityFormat", "live course")
    document = at(document, "XtensibleInfo.PharmacyActivityType", "Knowledge")
    (put,) = send(us, document)
    assert put.activity
    changed = replace(record_of(put.activity), start_on=date(2026, 9, 11), title="Opioids, again")
    actions.put(records=[changed], by=us, at=NOW)

    out = shown(put)

    education = out["healthcareMetadata"]["healthcareEducation"]
    assert out["Lom"]["general"]["title"] == "Opioids, again"
    assert education["startDateTime"] == "2026-09-11T00:00:00"
    assert education["activityFormat"] == "live course"
    assert out["XtensibleInfo"]["PharmacyActivityType"] == "Knowledge"


@pytest.mark.django_db
def test_a_document_takes_nothing_away_that_staff_answered(us: Actor) -> None:
    board = {"boardName": "ABIM", "mocPoints": 1, "MOCCreditType": ["Medical Knowledge"]}
    document = at(COURSE, "XtensibleInfo.MOCRegistrations", {"MOCRegistration": [board]})
    (put,) = send(us, document)
    assert put.activity
    record = record_of(put.activity)
    attested = replace(record.registrations[0], attested=True)
    by_staff = replace(record, counts={"physician": 4}, commercial_support=False, registrations=(attested,))
    actions.put(records=[by_staff], by=us, at=NOW)

    (again,) = send(us, at(document, "Lom.general.title", "Opioids, again"))

    assert again.changed == ("title",)
    assert again.record.counts == {"physician": 4}
    assert again.record.commercial_support is False
    assert again.record.registrations[0].attested


@pytest.mark.django_db
def test_what_is_left_out_of_the_rest_is_cleared_and_an_empty_value_clears_everything(us: Actor) -> None:
    rems = {"REMSType": "Mycophenolate", "REMSRelatedIdentifier": "EG-1"}
    outcomes = [{"MeasuredOutcome": "Patient Health"}]
    send(us, at(at(COURSE, "XtensibleInfo.REMS", rems), "XtensibleInfo.MeasuredOutcomes", outcomes))

    (without,) = send(us, COURSE)
    (emptied,) = send(us, at(COURSE, "XtensibleInfo.MeasuredOutcomes", []))

    assert (without.record.rems, len(without.record.outcomes)) == (None, 1)
    assert emptied.record.outcomes == ()


@pytest.mark.django_db
def test_add_twice_update_delete_and_close_do_what_they_say(us: Actor) -> None:
    def does(action: str, own: str = "C-1", **more: object) -> actions.Put:
        document = at(COURSE, "XtensibleInfo.activityRecordAction", action)
        document = at(document, "Lom.general.identifier", [{"catalog": "Provider Activity ID", "entry": own}])
        for key, value in more.items():
            document = at(document, f"XtensibleInfo.{key}", value)
        return send(us, document)[0]

    assert [does(action).outcome for action in ("Add", "add", "Update")] == [
        Outcome.ADDED,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
    ]
    assert [one.code for one in does("Update", "C-2").problems] == ["activity_unknown"]
    closing = does("Update", closeActivityRecord=True)
    assert [one.code for one in closing.problems] == [
        "outcome_missing", "support_missing", "physicians_missing", "others_missing",
    ]  # fmt: skip
    assert does("Delete").outcome == Outcome.WITHDRAWN
    assert [one.code for one in does("Delete").problems] == ["activity_unknown"]
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_a_document_with_everything_closes_and_may_be_sent_again(us: Actor) -> None:
    document = at(COURSE, "XtensibleInfo.closeActivityRecord", True)
    document = at(document, "healthcareMetadata.healthcareEducation.commercialSupport", False)
    document = at(document, "XtensibleInfo.MeasuredOutcomes", [{"MeasuredOutcome": "Patient Health"}])
    counts = [{"category": name, "numberOfParticipants": 3} for name in ("physician", "nurse")]
    document = at(document, "ParticipationMetrics.participantsByCategory", counts)

    first, again = send(us, document) + send(us, document)
    (other,) = send(us, at(document, "Lom.general.title", "Other"))

    assert first.outcome == Outcome.ADDED
    assert first.activity
    assert first.activity.closed_at == NOW
    assert (again.outcome, again.problems) == (Outcome.UNCHANGED, ())
    assert [one.code for one in other.problems] == ["activity_closed"]


@pytest.mark.django_db
def test_the_good_ones_land_beside_the_bad(us: Actor) -> None:
    bad = at(COURSE, "XtensibleInfo.ProviderID", "0001041")

    puts = send(us, COURSE, bad, {"Lom": 1}, 7)

    assert [one.outcome for one in puts] == [Outcome.ADDED, Outcome.FAILED, Outcome.FAILED, Outcome.FAILED]
    assert puts[1].problems[0].message == "ProviderID names another provider. Yours is 0008273."
    (shape,) = puts[2].problems
    assert (shape.field, shape.message) == ("Lom", "Here stands something else than an object.")


def test_a_document_without_activities_is_refused() -> None:
    nothing: list[object] = [[], {}, {"ACCMEActivities": {}}, 7, None]

    for document in nothing:
        with pytest.raises(NoActivities):
            accept(document=document, by=Actor.anonymous(), at=NOW)


_EDUCATION = "healthcareMetadata.healthcareEducation"


def _support(currency: str) -> list[dict[str, object]]:
    return [{"currency": currency, "supportSource": "Acme", "value": 1}]


def _nurses(*numbers: float) -> list[dict[str, object]]:
    return [{"category": "nurse", "numberOfParticipants": number} for number in numbers]


AMOUNT, STARTS = (f"{_EDUCATION}.credits.numberOfCredits", f"{_EDUCATION}.startDateTime")
COMMERCIAL, SUPPORT = (f"{_EDUCATION}.commercialSupport", "ActivityDescription.commercialSupportAmount")
DELIVERY, ACTION = ("XtensibleInfo.DeliveryMethods.DeliveryMethod", "XtensibleInfo.activityRecordAction")
PEOPLE, REPORTED = ("ParticipationMetrics.participantsByCategory", "ReportDescription.ReportingStartDate")


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        ("Lom.general.title", ["x"], "Lom.general.title", "document_shape"),
        (AMOUNT, "many", AMOUNT, "document_shape"),
        (AMOUNT, True, AMOUNT, "document_shape"),
        (STARTS, "2026-13-01T00:00:00", STARTS, "document_shape"),
        (STARTS, 20260912, STARTS, "document_shape"),
        (COMMERCIAL, "maybe", COMMERCIAL, "document_shape"),
        (DELIVERY, [1], DELIVERY, "document_shape"),
        (ACTION, "Merge", ACTION, "action_unknown"),
        (REPORTED, "2025-09-12", REPORTED, "report_year"),
        (SUPPORT, _support("EUR"), f"{SUPPORT}.0.currency", "currency"),
        (PEOPLE, _nurses(1, 2), f"{PEOPLE}.1.category", "participant_twice"),
        (PEOPLE, _nurses(1.5), f"{PEOPLE}.0.numberOfParticipants", "document_shape"),
        ("participationMetrics", {}, "participationMetrics", "key_twice"),
        ("Vendor", "\x00", "", "text_unreadable"),
        ("Vendor", "\ud800", "", "text_unreadable"),
        ("Vendor", float("nan"), "", "document_shape"),
        ("Vendor", "x" * 300_000, "", "document_too_large"),
        ("Vendor", [1] * 30_000, "", "document_too_large"),
    ],
)
def test_what_cannot_be_read_is_named_where_it_stands(
    path: str, value: object, where: str, code: str
) -> None:
    (found,) = read(at(COURSE, path, value)).problems

    assert (place(found), found.code) == (where, code)
    assert found.message


def test_deep_nesting_is_refused_and_breaks_nothing() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]

    (found,) = read(at(COURSE, "Vendor", deep)).problems

    assert found.code == "document_too_large"


_hostile = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@hypothesis_settings(max_examples=100, deadline=None)
def test_a_document_with_anything_anywhere_never_breaks_the_reader(data: st.DataObject) -> None:
    lists = ["MOCRegistrations", "MeasuredOutcomes", "REMS", "AdditionalCredits"]
    paths = [*dict(_leaves(COURSE)), SUPPORT, PEOPLE, *(f"XtensibleInfo.{key}" for key in lists)]
    document = at(COURSE, data.draw(st.sampled_from(paths)), data.draw(_hostile))

    reading = read(document)
    if not reading.problems:
        problems(reading.record, today=TODAY)
        assert same(said_again(document), document)


def _leaves(document: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        here = f"{path}.{key}" if path else key
        yield here, value
        if isinstance(value, dict):
            yield from _leaves(value, here)


def test_numbers_and_truths_may_come_as_text() -> None:
    document = at(COURSE, f"{_EDUCATION}.credits.numberOfCredits", "1.50")
    document = at(document, f"{_EDUCATION}.commercialSupport", "Yes")

    record = read(document).record

    assert (record.credits, record.commercial_support) == (Decimal("1.5"), True)
    assert said_again(document) == document


def test_credit_of_several_categories_comes_as_a_list_too() -> None:
    credits = [
        {"activityCertification": "Nursing", "numberOfCredits": 2},
        {"activityCertification": "AMA PRA Category 1", "numberOfCredits": 1.25},
    ]
    document = at(COURSE, f"{_EDUCATION}.credits", credits)

    record = read(document).record

    assert (record.credits, record.other_credits) == (
        Decimal("1.25"),
        (CreditOffered("Nursing", Decimal(2)),),
    )
    assert said_again(document) == document


def test_support_in_money_and_in_kind_is_one_supporter() -> None:
    document = at(COURSE, "ActivityDescription.commercialSupportAmount", [
        {"currency": "USD", "supportSource": "Acme", "value": 500},
        {"currency": "USD", "supportSource": "Acme", "value": 250},
    ])  # fmt: skip
    document = at(
        document, "XtensibleInfo.InKindSupports", {"InKindSupport": [{"source": "Orbit"}, {"source": "Acme"}]}
    )

    record = read(document).record

    assert record.support == (Support("Acme", Decimal(750), True), Support("Orbit", None, True))
    assert said_again(document) == document


def test_an_own_record_is_written_in_the_schemas_spelling() -> None:
    document = write(Record(**{**_plain(), "rems": Rems("Mycophenolate", "EG-1"), "commendations": ("C36",)}))

    VALID.validate(enclosed(document))
    assert document["XtensibleInfo"]["CommendationTags"] == {"CommendationTag": ["Improves Performance"]}


def _plain() -> dict[str, Any]:
    return {
        "title": "T", "format": "Live Course", "start_on": TODAY, "end_on": TODAY, "credits": Decimal("1.5"),
        "providership": "direct", "description": "D",
    }  # fmt: skip
