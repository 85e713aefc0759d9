"""The provider's dashboard: what is due and what needs fixing, in few queries."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.batches.models import Batch, Source, Status
from tests import factories as make
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


def an_upload(organization: Organization, **fields: object) -> Batch:
    defaults = {
        "kind": "learners",
        "source": Source.FILE,
        "file_name": "november.xlsx",
        "status": Status.DONE,
        "rows": 60,
        "added": 40,
        "failed": 20,
        "created_at": NOW,
        "finished_at": NOW,
    }
    with as_role("pars_owner"):
        return Batch.objects.create(organization=organization, **(defaults | fields))


def test_an_empty_dashboard_says_that_nothing_is_due_and_what_to_do(reporter: PageClient) -> None:
    page = reporter.get("/provider/").content.decode()

    assert "Nothing is due." in page
    assert "Upload credits" in page
    assert "New activity" in page


@pytest.mark.parametrize(
    ("end_on", "said"),
    [
        (date(2026, 10, 23), "was due Nov 22, 2026"),
        (date(2026, 10, 24), "due Nov 23, 2026, today"),
        (date(2026, 11, 22), "due Dec 22, 2026, in 29 days"),
    ],
)
def test_an_ended_activity_without_credit_is_due_thirty_days_after(
    ours: Organization, reporter: PageClient, end_on: date, said: str
) -> None:
    make.an_activity(ours, start_on=end_on, end_on=end_on)

    with time_machine.travel(NOW, tick=False):
        page = reporter.get("/provider/").content.decode()

    assert said in " ".join(page.split())


def test_days_are_counted_where_the_provider_is(client_as: SignIn) -> None:
    honolulu = make.a_provider(time_zone="Pacific/Honolulu")
    make.an_activity(honolulu, start_on=date(2026, 10, 23), end_on=date(2026, 10, 23))
    reporter = client_as(make.a_member(honolulu, Role.REPORTER))

    with time_machine.travel(datetime(2026, 11, 23, 5, 0, tzinfo=UTC), tick=False):
        page = reporter.get("/provider/").content.decode()

    assert "due Nov 22, 2026, today" in " ".join(page.split())


def test_what_has_credit_or_is_running_or_is_theirs_is_not_due(
    ours: Organization, reporter: PageClient
) -> None:
    reported = make.an_activity(ours, title="Reported")
    make.an_activity(ours, title="Running", end_on=date(2027, 3, 1))
    make.an_activity(ours, title="A draft", credits=None)
    make.an_activity(make.a_provider(), title="Theirs", listed=True)
    reporter.post(
        "/credits/new/",
        {
            "activity": reported.activity_id,
            "completed_on": "2026-09-12",
            "amount": "1",
            "consent": "written",
            "first_name": "Amara",
            "last_name": "Osei",
            "birthday_month": "10",
            "birthday_day": "13",
            "state": "NC",
            "number": "1",
        },
    )

    overview = reporter.get("/provider/").context["overview"]

    assert overview.due == []
    assert [draft.title for draft in overview.drafts] == ["A draft"]
    assert overview.parked == 1
    assert overview.months.rows[-1][1] == 1


def test_uploads_with_rows_to_fix_are_shown_for_thirty_days(ours: Organization, reporter: PageClient) -> None:
    an_upload(ours)
    an_upload(ours, file_name="running.xlsx", status=Status.PROCESSING, failed=0, finished_at=None)
    an_upload(ours, file_name="good.xlsx", failed=0)
    an_upload(ours, file_name="old.xlsx", created_at=datetime(2026, 10, 1, tzinfo=UTC))
    an_upload(ours, file_name="checked.xlsx", check_only=True)
    an_upload(make.a_provider(), file_name="theirs.xlsx")

    with time_machine.travel(NOW, tick=False):
        overview = reporter.get("/provider/").context["overview"]

    assert {batch.file_name for batch in overview.uploads} == {"november.xlsx", "running.xlsx"}
    assert overview.rows_to_fix == 20


def test_more_than_fit_are_counted(ours: Organization, reporter: PageClient) -> None:
    for _ in range(8):
        make.an_activity(ours)
        make.an_activity(ours, credits=None)

    overview = reporter.get("/provider/").context["overview"]

    assert (len(overview.due), overview.due_more, overview.owed.count) == (6, 2, 8)
    assert overview.draft_count == 8


def test_the_dashboard_takes_a_fixed_number_of_queries(ours: Organization, reporter: PageClient) -> None:
    for _ in range(3):
        make.an_activity(ours)
        an_upload(ours)
    reporter.get("/provider/")

    with CaptureQueriesContext(connection) as queries:
        reporter.get("/provider/")

    assert len(queries) <= 17


def test_a_viewer_is_not_offered_what_only_reporters_do(ours: Organization, client_as: SignIn) -> None:
    page = client_as(make.a_member(ours, Role.VIEWER)).get("/provider/").content.decode()

    assert "New activity" not in page


def test_what_is_late_and_what_is_due_is_drawn_by_days(ours: Organization, reporter: PageClient) -> None:
    for days_to_go in (29, 14, 8, 7, 0, -1, -7, -8, -60, -61, -300):
        end_on = NOW.date() + timedelta(days=days_to_go - 30)
        make.an_activity(ours, start_on=end_on, end_on=end_on)

    with time_machine.travel(NOW, tick=False):
        answer = reporter.get("/provider/")

    chart = answer.context["overview"].owed.chart
    assert [value for _, value in chart.rows] == [2, 1, 1, 2, 2, 2, 1]
    assert [(part.label, part.value) for part in chart.legend] == [("Late, by days", 6), ("Due, in days", 5)]
    page = " ".join(answer.content.decode().split())
    assert "6 past their due day" in page
    assert '<th scope="row">Late by more than 60 days</th>' in page
