"""A provider finds its activities, and takes the list away as a file."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from activities.models import Activity
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event
from pars.web.listing import PAGE_SIZE
from tests import factories as make
from tests.credit import a_credit
from tests.pages import PageClient, words_of
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


def titles(reporter: PageClient, **query: str) -> list[str]:
    return [row.title for row in reporter.get("/activities/", query).context["listing"].rows]


def file_of(reporter: PageClient, address: str) -> str:
    """The text of a downloaded file."""
    return b"".join(reporter.get(address).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def ended(days: int, ours: Organization, **said: Any) -> Activity:
    """An activity whose last day was so many days ago."""
    last = localdate() - timedelta(days=days)
    return make.an_activity(ours, start_on=last, end_on=last, **said)


@pytest.mark.parametrize("words", ["heart", "HEART failure", "300000777", "CARD-"])
def test_an_activity_is_found_by_words_of_its_title_and_by_either_id(
    reporter: PageClient, ours: Organization, words: str
) -> None:
    make.an_activity(
        ours, title="Heart failure today", activity_id="300000777", provider_activity_id="CARD-7"
    )
    make.an_activity(ours, title="Skin", activity_id="300000778", provider_activity_id="DERM-1")

    found = titles(reporter, q=words)

    assert found == ["Heart failure today"]


def test_each_status_says_how_many_there_are_under_the_other_filters(
    reporter: PageClient, ours: Organization
) -> None:
    ended(3, ours, title="Over")
    ended(-3, ours, title="Ahead")
    ended(3, ours, title="Closed", closed_at=datetime(2026, 1, 1, tzinfo=UTC))
    ended(3, ours, title="Unfinished", credits=None)
    ended(3, ours, title="A series", format="Regularly Scheduled Series")

    tabs = reporter.get("/activities/", {"format": "Live Course", "status": "ready"}).context["tabs"]

    assert [(name, current, count) for name, _, current, count in tabs] == [
        ("All", False, "4"),
        ("Draft", False, "1"),
        ("Active", False, "1"),
        ("Ready to close", True, "1"),
        ("Closed", False, "1"),
    ]
    assert titles(reporter, status="ready", format="Live Course") == ["Over"]


def test_the_counts_are_of_what_the_words_find(reporter: PageClient, ours: Organization) -> None:
    ended(3, ours, title="Heart")
    ended(3, ours, title="Skin")

    tabs = reporter.get("/activities/", {"q": "heart"}).context["tabs"]

    assert tabs[0][3] == "1"


def test_a_year_narrows_to_what_begins_in_it(reporter: PageClient, ours: Organization) -> None:
    make.an_activity(ours, title="Earlier", start_on=date(2025, 12, 31), end_on=date(2026, 1, 2))
    make.an_activity(ours, title="Later", start_on=date(2026, 1, 1), end_on=date(2026, 1, 2))

    answer = reporter.get("/activities/", {"year": "2026"})

    assert [row.title for row in answer.context["listing"].rows] == ["Later"]
    assert answer.context["years"] == [2026, 2025]


def test_what_has_no_learner_reported_can_be_asked_for(reporter: PageClient, ours: Organization) -> None:
    reported, silent = ended(3, ours, title="Reported"), ended(3, ours, title="Silent")
    a_credit(make.a_physician(make.a_board("NC")), reported)

    found = titles(reporter, learners="none")

    assert found == [silent.title]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "30 days left"),
        (29, "1 day left"),
        (30, "0 days left"),
        (31, "1 day late"),
        (400, "370 days late"),
    ],
)
def test_the_list_says_how_long_there_is_to_report(
    reporter: PageClient, ours: Organization, days: int, said: str
) -> None:
    ended(days, ours)

    answer = reporter.get("/activities/")

    assert said in answer.content.decode()


def test_past_its_due_day_a_reported_activity_is_not_called_late(
    reporter: PageClient, ours: Organization
) -> None:
    a_credit(make.a_physician(make.a_board("NC")), ended(60, ours))

    page = reporter.get("/activities/").content.decode()

    assert "Reported" in page
    assert "late" not in words_of(page)


@pytest.mark.parametrize(
    "query",
    ["status=gone", "format=Talk", "year=20x6", "year=0000", "year=٢٠٢٦", "learners=all", "page=99999999999"],
)
def test_what_an_address_asks_that_is_not_on_offer_is_ignored(
    reporter: PageClient, ours: Organization, query: str
) -> None:
    ended(3, ours)

    answer = reporter.get(f"/activities/?{query}")

    assert answer.status_code == 200
    assert len(answer.context["listing"].rows) == 1


def test_the_file_holds_every_page_of_the_list_as_it_is_narrowed_and_sorted(
    reporter: PageClient, ours: Organization
) -> None:
    for _ in range(PAGE_SIZE):
        make.an_activity(ours, title="B", format="Live Course")
    make.an_activity(ours, title="=A", format="Live Course")
    make.an_activity(ours, title="C", format="Regularly Scheduled Series")

    text = file_of(reporter, "/activities/activities.csv?format=Live+Course&sort=title&page=2")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Activity Title"] for row in rows] == ["'=A", *["B"] * PAGE_SIZE]
    assert rows[0]["Credit Due"] == (date.fromisoformat(rows[0]["End Date"]) + timedelta(days=30)).isoformat()


def test_the_page_leads_to_the_files_of_the_same_list(reporter: PageClient, ours: Organization) -> None:
    ended(3, ours)

    page = reporter.get("/activities/?status=ready&page=1").content.decode()

    assert 'href="/activities/activities.xlsx?status=ready"' in page


def test_taking_the_list_away_is_an_event(reporter: PageClient, ours: Organization) -> None:
    ended(3, ours)

    file_of(reporter, "/activities/activities.csv")

    with as_role("pars_owner"):
        assert Event.objects.get(verb="activity.exported").detail == {"activities": 1}


def test_the_file_holds_ours_alone(reporter: PageClient, ours: Organization) -> None:
    make.an_activity(ours, title="Ours")
    make.an_activity(make.a_provider("Tidewater"), title="Theirs")

    text = file_of(reporter, "/activities/activities.csv")

    assert "Ours" in text
    assert "Theirs" not in text
