"""An activity's page, and the pages that close, reopen, delete, copy and repeat it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from activities.models import Activity
from activities.record import Outcome, Record
from learners.models import Credit
from pars.access.models import Organization
from pars.access.roles import Role
from pars.audit.models import Event
from tests import factories as make
from tests.activities.conftest import SignIn
from tests.activities.records import ACTIVE, DRAFT, WHOLE
from tests.credit import a_credit
from tests.pages import PageClient, form_in
from tests.roles import as_role

pytestmark = pytest.mark.django_db

Enter = Callable[[Record], Activity]
Kept = Callable[[Activity], Record]

ENDED = replace(ACTIVE, start_on=date(2026, 9, 12), end_on=date(2026, 9, 12))
CLOSABLE = replace(
    ENDED,
    outcomes=(Outcome("Learner Knowledge", ("Objective",)),),
    commercial_support=False,
    counts={"physician": 12, "other": 0},
)
DAY = "01/14/2027"


def page_of(activity: Activity, name: str = "") -> str:
    return f"/activities/{activity.activity_id}/{name}"


def events(verb: str) -> list[Event]:
    with as_role("pars_owner"):
        return list(Event.objects.filter(verb=verb))


def all_activities() -> list[Activity]:
    with as_role("pars_owner"):
        return list(Activity.objects.order_by("start_on", "activity_id"))


def close(activity: Activity) -> None:
    with as_role("pars_owner"):
        Activity.objects.filter(pk=activity.pk).update(closed_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_a_drafts_page_names_what_it_lacks_with_the_way_to_each_field(
    enter: Enter, reporter: PageClient
) -> None:
    activity = enter(replace(DRAFT, delivery=("In-Person",), city="Raleigh"))

    page = reporter.get(page_of(activity)).content.decode()

    assert f'href="{page_of(activity, "edit/basics/")}#id_country"' in page
    assert f'href="{page_of(activity, "edit/credit/")}#id_credits"' in page
    assert "To make it active: 4 things to fill in" in page


def test_an_active_one_says_until_when_it_stays_open(enter: Enter, reporter: PageClient) -> None:
    tomorrow = localdate() + timedelta(days=1)
    activity = enter(replace(ACTIVE, start_on=tomorrow, end_on=tomorrow))

    page = reporter.get(page_of(activity)).content.decode()

    assert "Credit can be reported" in page
    assert "It can be closed from the day after" in page


def test_one_that_has_ended_names_what_closing_asks_for(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ENDED)

    page = reporter.get(page_of(activity)).content.decode()

    assert f'href="{page_of(activity, "edit/content/")}#id_outcomes"' in page
    assert f'href="{page_of(activity, "edit/support/")}#id_commercial_support"' in page
    assert f'href="{page_of(activity, "edit/learners/")}#id_counts_physician"' in page


def test_a_page_shows_everything_on_record(enter: Enter, reporter: PageClient) -> None:
    activity = enter(WHOLE)

    page = reporter.get(page_of(activity)).content.decode()

    for words in (
        "County Hospital", "Acme", "$2,500", "American Board of Internal Medicine", "EG-123456-001", "Engages Teams",
        "https://cme.example.org/gr", "Learner Knowledge (objective, subjective)", "Nurses", "Ethics",
    ):  # fmt: skip
        assert words in page, words


def test_html_that_came_in_before_the_rules_is_shown_as_text(
    ours: Organization, reporter: PageClient
) -> None:
    activity = make.an_activity(ours, title="<script>alert(1)</script>", description="<b>bold</b>")

    page = reporter.get(page_of(activity)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_page_counts_learners_and_says_when_credit_is_due(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ENDED)
    a_credit(make.a_physician(), activity)
    waiting = a_credit(make.a_physician(), activity)
    with as_role("pars_owner"):
        Credit.objects.filter(pk=waiting.pk).update(physician=None)

    figures = reporter.get(page_of(activity)).context["figures"]

    assert [(one.label, one.value) for one in figures] == [
        ("Learners reported", "2"),
        ("Credits waiting", "1"),
        ("Credit was due", "Oct 12, 2026"),
    ]


def test_a_viewer_looks_and_changes_nothing(enter: Enter, ours: Organization, client_as: SignIn) -> None:
    activity = enter(DRAFT)
    viewer = client_as(make.a_member(ours, Role.VIEWER))

    page = viewer.get(page_of(activity))

    assert page.status_code == 200
    assert "/edit/" not in page.content.decode()
    for name in ("edit/", "edit/credit/", "close/", "delete/", "copy/", "repeat/", "reopen/"):
        assert viewer.get(page_of(activity, name)).status_code == 403
    assert viewer.post("/activities/new/", {}).status_code == 403


@pytest.mark.parametrize("name", ["", "edit/", "close/", "reopen/", "delete/", "copy/", "repeat/"])
def test_anothers_activity_is_not_there(name: str, admin: PageClient) -> None:
    theirs = make.an_activity(make.a_provider("Tidewater"), listed=True)

    assert admin.get(page_of(theirs, name)).status_code == 404


def test_a_page_asks_the_database_as_often_for_a_full_record_as_for_a_draft(
    enter: Enter, reporter: PageClient
) -> None:
    active, whole = enter(ENDED), enter(replace(WHOLE, provider_activity_id="GR-2"))
    reporter.get(page_of(active))

    with CaptureQueriesContext(connection) as for_active:
        reporter.get(page_of(active))
    with CaptureQueriesContext(connection) as for_whole:
        reporter.get(page_of(whole))

    assert len(for_whole) == len(for_active)


def test_closing_checks_everything_and_names_what_is_missing(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ENDED)

    shown, refused = reporter.get(page_of(activity, "close/")), reporter.post(page_of(activity, "close/"))

    assert refused.status_code == 422
    for page in (shown.content.decode(), refused.content.decode()):
        assert "Say what was measured: at least one outcome." in page
        assert f'href="{page_of(activity, "edit/learners/")}#id_counts_other"' in page
    assert events("activity.closed") == []


def test_one_that_runs_still_is_not_closed(enter: Enter, reporter: PageClient) -> None:
    tomorrow = localdate() + timedelta(days=1)
    activity = enter(replace(CLOSABLE, start_on=tomorrow, end_on=tomorrow))

    answer = reporter.post(page_of(activity, "close/"))

    assert answer.status_code == 422
    assert "It can be closed from the day after." in answer.content.decode()


def test_a_closed_activity_is_frozen_until_an_administrator_says_why(
    enter: Enter, reporter: PageClient, admin: PageClient
) -> None:
    activity = enter(CLOSABLE)
    reporter.post(page_of(activity, "close/"))
    (closed,) = all_activities()

    by_reporter = reporter.post(page_of(activity, "reopen/"), {"reason": "details"})
    without_reason = admin.post(page_of(activity, "reopen/"), {})
    with_reason = admin.post(page_of(activity, "reopen/"), {"reason": "details"})

    assert closed.closed_at
    assert by_reporter.status_code == 403
    assert without_reason.status_code == 422
    assert with_reason.status_code == 302
    assert all_activities()[0].closed_at is None
    (event,) = events("activity.reopened")
    assert event.detail == {"reason": "details"}


def test_a_closed_activitys_page_offers_no_change(
    enter: Enter, reporter: PageClient, admin: PageClient
) -> None:
    activity = enter(CLOSABLE)
    close(activity)

    page = reporter.get(page_of(activity)).content.decode()

    assert "/edit/" not in page
    assert "/reopen/" not in page
    assert "/reopen/" in admin.get(page_of(activity)).content.decode()


def test_an_activity_on_which_nothing_hangs_is_deleted(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)

    asked = reporter.get(page_of(activity, "delete/"))
    answer = reporter.post(page_of(activity, "delete/"))

    assert "Delete it for good?" in asked.content.decode()
    assert answer["Location"] == "/activities/"
    assert all_activities() == []
    assert len(events("activity.deleted")) == 1


def test_an_activity_with_credit_stays_withdrawn_credit_too(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)
    a_credit(make.a_physician(), activity, withdrawn_at=datetime(2026, 11, 20, tzinfo=UTC))

    shown, answer = reporter.get(page_of(activity, "delete/")), reporter.post(page_of(activity, "delete/"))

    assert answer.status_code == 422
    for page in (shown.content.decode(), answer.content.decode()):
        assert "Credits are reported for this activity, so it stays." in page
    assert len(all_activities()) == 1


def test_a_copy_is_a_new_activity_on_other_days(enter: Enter, kept: Kept, reporter: PageClient) -> None:
    activity = enter(WHOLE)

    answer = reporter.post(page_of(activity, "copy/"), {"start_on": "2027-05-03"})

    copied = next(one for one in all_activities() if one.pk != activity.pk)
    assert answer["Location"] == page_of(copied, "edit/basics/")
    record = kept(copied)
    assert (record.start_on, record.end_on) == (date(2027, 5, 3), date(2027, 5, 3))
    assert (record.title, record.specialties) == (WHOLE.title, WHOLE.specialties)
    assert (record.support, record.counts, record.provider_activity_id) == ((), {}, "")


def test_a_copy_never_changes_the_activity_that_has_its_id(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)

    answer = reporter.post(
        page_of(activity, "copy/"), {"start_on": "2027-05-03", "provider_activity_id": "GR-1"}
    )

    assert answer.status_code == 422
    assert "Another of your activities has this ID." in answer.content.decode()
    assert kept(activity).start_on == ACTIVE.start_on


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Enter the first day."),
        ({"start_on": "soon"}, "This is no date."),
        ({"start_on": "2027-05-03", "end_on": "2027-05-02"}, "The last day is before the first day."),
        ({"start_on": "2099-05-03"}, "Check the year."),
    ],
)
def test_a_copy_with_bad_days_is_not_made(
    said: dict[str, str], sentence: str, enter: Enter, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)

    answer = reporter.post(page_of(activity, "copy/"), said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert len(all_activities()) == 1


def test_many_dates_become_one_activity_each_once_they_were_looked_at(
    enter: Enter, reporter: PageClient
) -> None:
    activity = enter(replace(WHOLE, end_on=date(2026, 11, 3)))
    said = {
        "occasion-0-start_on": "2027-01-14",
        "occasion-1-start_on": "2027-02-11",
        "occasion-1-city": "Durham",
        "occasion-2-city": "",
        "lines": f"03/11/2027\tAsheville\tNorth Carolina\n\n04/08/2027, 04/08/2027, Toronto, , CAN\n{DAY}",
        "own_ids": "GR-27",
    }

    looked = reporter.post(page_of(activity, "repeat/"), said)

    assert looked.status_code == 200
    assert len(all_activities()) == 1
    assert "5 activities will be entered" in looked.content.decode()
    again = form_in(looked.content.decode()) | {"make": "yes"}
    assert reporter.post(page_of(activity, "repeat/"), again)["Location"] == "/activities/"
    made = [one for one in all_activities() if one.pk != activity.pk]
    assert [(one.start_on, one.end_on, one.city, one.state, one.country) for one in made] == [
        (date(2027, 1, 14), date(2027, 1, 15), "Raleigh", "NC", "USA"),
        (date(2027, 1, 14), date(2027, 1, 15), "Raleigh", "NC", "USA"),
        (date(2027, 2, 11), date(2027, 2, 12), "Durham", "NC", "USA"),
        (date(2027, 3, 11), date(2027, 3, 12), "Asheville", "NC", "USA"),
        (date(2027, 4, 8), date(2027, 4, 8), "Toronto", "", "CAN"),
    ]
    assert sorted(one.provider_activity_id for one in made) == [f"GR-27-{number}" for number in range(1, 6)]
    assert {one.title for one in made} == {WHOLE.title}
    assert [event.detail["added"] for event in events("activity.repeated")] == [5]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Enter at least one date."),
        ({"occasion-0-city": "Durham"}, "Enter the first day."),
        ({"occasion-3-start_on": "soon"}, "This is no date."),
        ({"occasion-3-start_on": "2027-01-14", "occasion-3-end_on": "2027-01-13"}, "before the first day"),
        ({"lines": f"{DAY}, Raleigh\nsoon, Durham"}, "Line 2: This is no date."),
        ({"lines": f"{DAY}, Durham, Nowhere"}, "This is no US state or territory."),
        ({"lines": f"{DAY}\n" * 201}, "At most 200 activities are made at once; here are 201."),
        ({"lines": "x" * 20_001}, "Paste fewer lines at a time."),
        ({"lines": DAY, "own_ids": "x" * 60}, "at most 60 characters"),
        ({"occasion-0-start_on": "2027-01-14", "occasion-0-provider_activity_id": "GR-1"}, "has this ID"),
    ],
)
def test_a_bad_date_or_place_is_named_and_nothing_is_made(
    said: dict[str, Any], sentence: str, enter: Enter, reporter: PageClient
) -> None:
    activity = enter(replace(ACTIVE, delivery=("In-Person",), city="Raleigh", state="NC", country="USA"))

    answer = reporter.post(page_of(activity, "repeat/"), said | {"make": "yes"})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert len(all_activities()) == 1


def test_a_row_more_is_asked_for_without_a_script(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)
    said = {"occasion-0-start_on": "soon", "occasion-7-city": "Durham", "lines": "x"}

    page = reporter.post(page_of(activity, "repeat/"), said | {"rows": "add occasion"}).content.decode()

    sent = form_in(page)
    assert sent["lines"] == ["\nx"] or sent["lines"] == ["x"]
    assert "Durham" in page
    assert "This is no date." not in page


def test_credit_of_the_original_is_not_touched_by_repeating_it(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(replace(ENDED, credits=Decimal(4)))
    a_credit(make.a_physician(), activity)
    before = kept(activity)

    reporter.post(page_of(activity, "repeat/"), {"lines": DAY, "make": "yes"})

    assert kept(activity) == before
    assert len(all_activities()) == 2
