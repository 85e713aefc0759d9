"""Credit that waits: seen with its age and reason, and told in other words without losing its report date."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from activities.models import Activity
from learners.history import history
from learners.models import Credit, CreditVersion, Guess
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient, form_in
from tests.roles import as_role
from tests.uploads import a_row, send

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
WAITING = "/credits/waiting/"
EARLY = datetime(2026, 9, 14, 15, tzinfo=UTC)
RIGHT = {
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday_month": "10",
    "birthday_day": "13",
    "state": "NC",
    "number": "2008-95323",
}


@pytest.fixture
def ours() -> Organization:
    a_physician(a_board("NC"), "2008-95323")
    return a_provider()


@pytest.fixture
def course(ours: Organization) -> Activity:
    return an_activity(ours)


@pytest.fixture
def reporter(client_as: SignIn, ours: Organization) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def a_waiting_credit(course: Activity, number: str = "ZZ-1", *, at: datetime = EARLY) -> Credit:
    send(course.organization, a_row(course.activity_id, number=number), at=at)
    with acting_as(SYSTEM):
        return Credit.objects.get(learner__number=number)


def credits() -> list[Credit]:
    with acting_as(SYSTEM):
        return list(Credit.objects.select_related("learner").order_by("pk"))


def test_the_longest_waiting_stands_first_with_its_age_and_what_it_waits_for(
    reporter: PageClient, course: Activity
) -> None:
    late = a_waiting_credit(course, "ZZ-LATE", at=now() - timedelta(days=2))
    early = a_waiting_credit(course, "ZZ-EARLY", at=now() - timedelta(days=12))

    page = reporter.get(WAITING)

    assert [one.pk for one in page.context["listing"].rows] == [early.pk, late.pk]
    assert "12 days" in page.content.decode()
    assert "No board has listed this license yet." in page.content.decode()


def test_waiting_credit_is_counted_by_activity_and_the_list_narrows_to_one(
    reporter: PageClient, ours: Organization, course: Activity
) -> None:
    other = an_activity(ours, title="Other course")
    a_waiting_credit(course, "ZZ-1")
    a_waiting_credit(course, "ZZ-2")
    one = a_waiting_credit(other, "ZZ-3")

    everything = reporter.get(WAITING)
    narrowed = reporter.get(f"{WAITING}?activity={other.activity_id}")

    assert [activity.waiting for activity, _ in everything.context["activities"]] == [2, 1]
    assert [row.pk for row in narrowed.context["listing"].rows] == [one.pk]


def test_nobody_elses_waiting_credit_shows(reporter: PageClient) -> None:
    theirs = a_waiting_credit(an_activity(a_provider()))

    assert reporter.get(WAITING).context["listing"].count == 0
    assert reporter.get(f"/credits/{theirs.pk}/details/").status_code == 404


def test_without_anything_waiting_the_page_says_so(reporter: PageClient) -> None:
    assert "No credit waits" in reporter.get(WAITING).content.decode()


def test_rows_that_disagree_stand_on_the_page_and_lead_to_their_upload(
    reporter: PageClient, course: Activity
) -> None:
    batch = send(course.organization, a_row(course.activity_id, birthday="10/14"))

    page = reporter.get(WAITING).content.decode()

    assert f"/uploads/{batch.pk}/#fix" in page
    assert "Name, birthday and number do not belong together." in page


def test_a_row_that_disagrees_leads_to_its_own_page_and_is_gone_once_it_is_fixed_there(
    reporter: PageClient, course: Activity
) -> None:
    batch = send(course.organization, a_row(course.activity_id, birthday="10/14"))
    fix = f"/uploads/{batch.pk}/rows/2/"
    said = form_in(reporter.get(fix).content.decode())
    (birthday,) = (name for name, values in said.items() if values == ["10/14"])

    before = reporter.get(WAITING).content.decode()
    reporter.post(fix, said | {birthday: "10/13"})
    after = reporter.get(WAITING).content.decode()

    assert fix in before
    assert fix not in after
    assert "has details that do not agree" in after


def test_who_opened_a_waiting_credit_is_on_record_with_that_credit(
    reporter: PageClient, course: Activity
) -> None:
    credit = a_waiting_credit(course)

    reporter.get(f"/credits/{credit.pk}/")
    reporter.get(f"/credits/{credit.pk}/details/")

    with as_role("pars_owner"):
        read = Event.objects.filter(verb="credit.read").values_list("object_kind", "object_id")
        assert list(read) == [("learners.credit", str(credit.pk))] * 2


def test_the_form_holds_what_the_provider_said(reporter: PageClient, course: Activity) -> None:
    credit = a_waiting_credit(course)

    page = reporter.get(f"/credits/{credit.pk}/details/")

    said = page.context["form"].initial
    assert (said["last_name"], said["birthday"], said["number"]) == ("Osei", "10/13", "ZZ-1")


def test_right_details_bring_the_credit_to_its_physician_with_its_first_report_date(
    reporter: PageClient, course: Activity
) -> None:
    credit = a_waiting_credit(course)

    answer = reporter.post(f"/credits/{credit.pk}/details/", RIGHT)

    [found] = credits()
    assert answer.headers["Location"] == f"/credits/{credit.pk}/"
    assert (found.pk, found.is_parked, found.first_reported_at) == (credit.pk, False, EARLY)
    assert found.learner.number == "2008-95323"
    with acting_as(SYSTEM):
        assert CreditVersion.objects.get().physician_id is None
        assert Event.objects.filter(verb="credit.reworded").count() == 1


def test_other_details_that_nobody_knows_either_are_taken_and_wait(
    reporter: PageClient, course: Activity
) -> None:
    credit = a_waiting_credit(course)

    reporter.post(f"/credits/{credit.pk}/details/", RIGHT | {"number": "ZZ-2"})

    [found] = credits()
    assert (found.pk, found.is_parked, found.learner.number) == (credit.pk, True, "ZZ-2")
    assert found.first_reported_at == EARLY
    with acting_as(SYSTEM):
        assert history(found)[0].text == "The learner’s details were corrected"


def test_details_that_disagree_leave_the_credit_where_it_waits_and_count_as_a_guess(
    reporter: PageClient, course: Activity
) -> None:
    credit = a_waiting_credit(course)

    answer = reporter.post(f"/credits/{credit.pk}/details/", RIGHT | {"birthday_day": "14"})

    assert answer.status_code == 422
    assert "Name, birthday and number do not belong together." in answer.content.decode()
    [found] = credits()
    assert (found.is_parked, found.learner.number) == (True, "ZZ-1")
    with acting_as(SYSTEM):
        assert Guess.objects.count() == 1


def test_a_credit_that_stands_already_takes_the_waiting_one_in_and_its_earlier_date(
    reporter: PageClient, course: Activity
) -> None:
    waiting = a_waiting_credit(course)
    send(course.organization, a_row(course.activity_id), at=EARLY + timedelta(days=5))
    [standing] = [one for one in credits() if one.pk != waiting.pk]

    answer = reporter.post(f"/credits/{waiting.pk}/details/", RIGHT)

    assert answer.headers["Location"] == f"/credits/{standing.pk}/"
    joined, kept = sorted(credits(), key=lambda one: one.pk != waiting.pk)
    assert joined.withdrawn_at is not None
    assert (kept.pk, kept.first_reported_at) == (standing.pk, EARLY)


def test_the_same_details_again_change_nothing(reporter: PageClient, course: Activity) -> None:
    credit = a_waiting_credit(course)

    reporter.post(f"/credits/{credit.pk}/details/", RIGHT | {"number": "ZZ-1"})

    [found] = credits()
    assert found.changed_at == credit.changed_at
    with acting_as(SYSTEM):
        assert not CreditVersion.objects.exists()


@pytest.mark.parametrize("state", ["matched", "withdrawn"])
def test_only_waiting_credit_can_be_told_in_other_words(
    reporter: PageClient, course: Activity, state: str
) -> None:
    credit = a_waiting_credit(course)
    if state == "matched":
        reporter.post(f"/credits/{credit.pk}/details/", RIGHT)
    else:
        with as_role("pars_owner"):
            Credit.objects.update(withdrawn_at=now())

    assert reporter.get(f"/credits/{credit.pk}/details/").status_code == 404


def test_viewers_see_what_waits_and_cannot_correct_it(
    client_as: SignIn, ours: Organization, course: Activity
) -> None:
    credit = a_waiting_credit(course)
    viewer = client_as(a_member(ours, Role.VIEWER))

    send(ours, a_row(course.activity_id, birthday="10/14"))
    page = viewer.get(WAITING).content.decode()

    assert "Correct details" not in page
    assert "/rows/2/" not in page
    assert viewer.post(f"/credits/{credit.pk}/details/", RIGHT).status_code == 403
