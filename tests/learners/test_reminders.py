"""Mail about credit that is due: what it counts, how often it comes, and when it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from activities.models import Activity
from learners.reminders import owed
from learners.tasks import remind
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.outbox.delivery import deliver
from pars.outbox.models import Message
from tests import factories as make
from tests.credit import a_credit
from tests.roles import as_role

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, in Chicago
TODAY = date(2026, 11, 23)
SYSTEM = Actor.system_job("test")


@pytest.fixture
def ours() -> Organization:
    ours = make.a_provider("Northlake")
    make.a_member(ours, Role.REPORTER, email="reporter@northlake.example")
    return ours


def ended(organization: Organization, end_on: date, **fields: object) -> Activity:
    return make.an_activity(organization, start_on=end_on, end_on=end_on, **fields)


def remind_at(at: datetime) -> int:
    """The clock's task at a moment; how many messages there are now."""
    with time_machine.travel(at, tick=False), as_role("pars_worker"):
        remind()
    with acting_as(SYSTEM):
        return Message.objects.count()


@pytest.mark.parametrize(
    ("days_to_go", "soon_and_late"),
    [(8, (0, 0)), (7, (1, 0)), (0, (1, 0)), (-1, (0, 1)), (-60, (0, 1)), (-61, (0, 0))],
)
def test_an_activity_counts_from_a_week_before_its_due_day_to_sixty_days_after(
    ours: Organization, days_to_go: int, soon_and_late: tuple[int, int]
) -> None:
    ended(ours, TODAY + timedelta(days=days_to_go - 30))

    with acting_as(SYSTEM):
        found = owed(Activity.objects.all(), TODAY)
    assert (found.soon, found.late) == soon_and_late


def test_what_is_reported_or_closed_or_a_draft_does_not_count(ours: Organization) -> None:
    end_on = TODAY - timedelta(days=40)
    a_credit(make.a_physician(), ended(ours, end_on))
    ended(ours, end_on, closed_at=NOON)
    ended(ours, end_on, credits=None)
    a_credit(make.a_physician(), ended(ours, end_on, title="Asked about again"), withdrawn_at=NOON)

    with acting_as(SYSTEM):
        found = owed(Activity.objects.all(), TODAY)
    assert (found.soon, found.late) == (0, 1)


def test_the_mail_counts_and_links_and_names_no_activity_and_no_person(ours: Organization) -> None:
    ended(ours, TODAY - timedelta(days=25), title="Confidential course")
    ended(ours, TODAY - timedelta(days=40))
    remind_at(NOON)

    with time_machine.travel(NOON, tick=False), as_role("pars_worker"):
        deliver()

    [sent] = mail.outbox
    words = " ".join(sent.body.split())
    assert (sent.to, sent.subject) == (["reporter@northlake.example"], "Credit to report for 2 activities")
    assert "Northlake: 2 activities have ended, and no credit is reported for them." in words
    assert "1 is past the due day. Late credit is accepted too. 1 is due within seven days." in words
    assert "http://localhost:8000/provider/#due" in words
    assert "http://localhost:8000/mail/" in words
    assert "Confidential" not in f"{sent.subject} {sent.body}"


def test_it_comes_once_a_week_at_most(ours: Organization) -> None:
    ended(ours, TODAY - timedelta(days=29))
    sunday = NOON - timedelta(days=1)

    assert remind_at(sunday) == 1
    assert remind_at(sunday) == 1
    assert remind_at(NOON) == 1  # another week of the calendar, and a day later
    assert remind_at(sunday + timedelta(days=7) - timedelta(minutes=1)) == 1
    assert remind_at(sunday + timedelta(days=7)) == 2


def test_it_ends_of_itself(ours: Organization) -> None:
    ended(ours, TODAY)
    days = (NOON + timedelta(days=day) for day in range(365))

    counts = [remind_at(at) for at in days if at.weekday() == 0]

    assert counts[-1] == 9  # the Mondays from 16 December to 21 February


def test_nobody_hears_of_what_was_reported_while_the_mail_waited(ours: Organization) -> None:
    course = ended(ours, TODAY - timedelta(days=40))
    remind_at(NOON)
    a_credit(make.a_physician(), course)

    with time_machine.travel(NOON, tick=False), as_role("pars_worker"):
        assert deliver() == 0
    assert mail.outbox == []


def test_each_provider_hears_of_its_own_alone(ours: Organization) -> None:
    theirs = make.a_provider("Lakeside")
    make.a_member(theirs, Role.REPORTER)
    ended(theirs, TODAY - timedelta(days=40))

    remind_at(NOON)

    with acting_as(SYSTEM):
        assert [message.organization for message in Message.objects.select_related("organization")] == [
            theirs
        ]


def test_the_due_day_is_counted_where_the_provider_is() -> None:
    guam = make.a_provider(time_zone="Pacific/Guam")
    make.a_member(guam, Role.REPORTER)
    ended(guam, date(2026, 11, 1))  # due on 1 December; a week before is 24 November

    assert remind_at(datetime(2026, 11, 23, 13, 59, tzinfo=UTC)) == 0
    assert remind_at(datetime(2026, 11, 23, 14, 0, tzinfo=UTC)) == 1
