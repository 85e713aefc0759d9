"""A provider enters and changes activities."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from tests import factories as make
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]

COURSE = {
    "title": "Advances in Cardiac Care",
    "format": "Live Course",
    "start_on": "2026-12-01",
    "end_on": "2026-12-02",
    "delivery": ["In-Person"],
    "city": "Raleigh",
    "state": "NC",
    "country": "USA",
    "credits": "6.5",
    "provider_activity_id": "CARD-1",
    "tags": "Opioid Prescribing, Ethics",
    "providership": "direct",
    "description": "What is new for the heart.",
    "save": "activity",
}
DRAFT = {name: COURSE[name] for name in ("title", "format", "start_on", "end_on")} | {"save": "draft"}


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


def the_only_activity() -> Activity:
    with as_role("pars_owner"):
        return Activity.objects.get()


def events(verb: str) -> list[Event]:
    with as_role("pars_owner"):
        return list(Event.objects.filter(verb=verb))


def test_a_complete_activity_is_entered_under_an_id_of_nine_digits(reporter: PageClient) -> None:
    answer = reporter.post("/activities/new/", COURSE, follow=True)

    activity = the_only_activity()
    assert activity.is_complete
    assert len(activity.activity_id) == 9
    assert activity.credits == Decimal("6.50")
    assert activity.tags == ["Opioid Prescribing", "Ethics"]
    assert answer.redirect_chain[-1][0] == f"/activities/{activity.activity_id}/"
    assert "AMA PRA Category 1 Credits" in answer.content.decode()
    assert [event.object_id for event in events("activity.entered")] == [str(activity.pk)]


def test_a_draft_needs_title_format_and_dates_and_its_page_says_what_is_missing(reporter: PageClient) -> None:
    page = reporter.post("/activities/new/", DRAFT, follow=True).content.decode()

    assert not the_only_activity().is_complete
    assert "Choose how the activity reaches its learners." in page
    assert "Enter the number of credits" in page


def test_a_draft_without_title_is_not_saved(reporter: PageClient) -> None:
    answer = reporter.post("/activities/new/", DRAFT | {"title": ""})

    assert answer.status_code == 422
    assert "Enter the title." in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end_on": "2026-11-30"}, "The last day is before the first day."),
        ({"end_on": "2027-12-02"}, "covers at most 12 months, here until 12/01/2027"),
        ({"format": "Enduring Material", "end_on": "2029-12-02"}, "covers at most 36 months"),
        ({"credits": "6.3"}, "steps of 0.25"),
        ({"credits": "0"}, "steps of 0.25"),
        ({"credits": ""}, "Enter the number of credits"),
        ({"delivery": []}, "Choose how the activity reaches its learners."),
        ({"city": ""}, "Enter the city"),
        ({"country": "", "state": ""}, "Choose the country"),
        ({"state": ""}, "Choose the state"),
        ({"country": "CAN"}, "Leave the state empty"),
        ({"delivery": ["Online"]}, "A place belongs to activities held in person"),
        ({"start_on": "soon"}, "This is no date."),
        ({"tags": "x" * 61}, "at most 20 tags"),
        ({"description": ""}, "Describe what the activity teaches"),
        ({"providership": ""}, "Say whether you provided it alone"),
        ({"listed": "on"}, "Enter the web address of the activity."),
    ],
)
def test_each_rule_speaks_at_its_field(reporter: PageClient, change: dict[str, Any], sentence: str) -> None:
    answer = reporter.post("/activities/new/", COURSE | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with as_role("pars_owner"):
        assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("start_on", "end_on", "kind"),
    [
        ("2026-01-01", "2026-12-31", "Regularly Scheduled Series"),
        ("2024-02-29", "2027-02-28", "Enduring Material"),
    ],
)
def test_the_longest_time_is_allowed(reporter: PageClient, start_on: str, end_on: str, kind: str) -> None:
    online = {
        "delivery": ["Online" if kind == "Enduring Material" else "Live-Streamed"],
        "city": "",
        "state": "",
    }
    said = COURSE | online | {"start_on": start_on, "end_on": end_on, "format": kind}

    answer = reporter.post("/activities/new/", said)

    assert answer.status_code == 302


def test_an_own_id_is_used_once_by_a_provider_but_freely_by_another(
    ours: Organization, reporter: PageClient
) -> None:
    make.an_activity(make.a_provider("Tidewater"), provider_activity_id="CARD-1")
    first = reporter.post("/activities/new/", COURSE)

    second = reporter.post("/activities/new/", COURSE)

    assert first.status_code == 302
    assert second.status_code == 422
    assert "Another of your activities has this ID." in second.content.decode()


def test_a_change_is_saved_and_recorded(ours: Organization, reporter: PageClient) -> None:
    activity = make.an_activity(ours)

    answer = reporter.post(f"/activities/{activity.activity_id}/edit/", COURSE)

    assert answer.status_code == 302
    assert the_only_activity().title == COURSE["title"]
    (event,) = events("activity.changed")
    assert "title" in event.detail["fields"]


def test_saving_the_form_as_it_was_shown_changes_and_records_nothing(
    ours: Organization, reporter: PageClient
) -> None:
    activity = make.an_activity(ours, tags=["Ethics"])
    shown = reporter.get(f"/activities/{activity.activity_id}/edit/").context["form"]
    said = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None}
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}

    answer = reporter.post(f"/activities/{activity.activity_id}/edit/", said)

    assert answer.status_code == 302
    assert events("activity.changed") == []


def test_a_complete_activity_does_not_go_back_to_draft(ours: Organization, reporter: PageClient) -> None:
    activity = make.an_activity(ours)

    answer = reporter.post(f"/activities/{activity.activity_id}/edit/", DRAFT)

    assert answer.status_code == 422
    assert the_only_activity().is_complete


def test_a_closed_activity_is_not_changed(ours: Organization, reporter: PageClient) -> None:
    activity = make.an_activity(ours, closed_at=datetime(2026, 11, 1, tzinfo=UTC))

    answer = reporter.post(f"/activities/{activity.activity_id}/edit/", COURSE, follow=True)

    assert "This activity is closed" in answer.content.decode()
    assert the_only_activity().title == activity.title


@pytest.mark.parametrize("address", ["/activities/{}/", "/activities/{}/edit/"])
def test_anothers_activity_is_not_there(address: str, reporter: PageClient) -> None:
    theirs = make.an_activity(make.a_provider("Tidewater"), listed=True)

    answer = reporter.get(address.format(theirs.activity_id))

    assert answer.status_code == 404


def test_a_viewer_looks_and_changes_nothing(ours: Organization, client_as: SignIn) -> None:
    activity = make.an_activity(ours)
    viewer = client_as(make.a_member(ours, Role.VIEWER))

    page = viewer.get(f"/activities/{activity.activity_id}/")

    assert page.status_code == 200
    assert "Edit" not in page.content.decode()
    assert viewer.post("/activities/new/", COURSE).status_code == 403
    assert viewer.get(f"/activities/{activity.activity_id}/edit/").status_code == 403


def test_the_list_is_searched_filtered_and_sorted(ours: Organization, reporter: PageClient) -> None:
    make.an_activity(ours, title="Sepsis", format="Regularly Scheduled Series", provider_activity_id="S-1")
    make.an_activity(ours, title="Ethics", delivery=[], credits=None)
    make.an_activity(make.a_provider("Tidewater"), title="Sepsis of theirs", listed=True)

    def titles(query: str) -> list[str]:
        return [row.title for row in reporter.get(f"/activities/?{query}").context["listing"].rows]

    assert titles("sort=title") == ["Ethics", "Sepsis"]
    assert titles("q=sep") == ["Sepsis"]
    assert titles("q=s-1") == ["Sepsis"]
    assert titles("status=draft") == ["Ethics"]
    assert titles("status=ready") == ["Sepsis"]
    assert titles("format=Regularly+Scheduled+Series") == ["Sepsis"]
    assert titles("q=nothing") == []


def test_an_empty_list_says_what_to_do_next(reporter: PageClient) -> None:
    page = reporter.get("/activities/").content.decode()

    assert "No activities yet" in page
    assert "/activities/new/" in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    ours: Organization, reporter: PageClient
) -> None:
    make.an_activity(ours)
    reporter.get("/activities/")
    with CaptureQueriesContext(connection) as for_one:
        reporter.get("/activities/")
    for _ in range(8):
        make.an_activity(ours)

    with CaptureQueriesContext(connection) as for_many:
        reporter.get("/activities/")

    assert len(for_many) == len(for_one)
