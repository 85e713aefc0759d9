"""A provider's list of activities."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pars.access.models import Organization
from tests import factories as make
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


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
