"""A provider reports one credit by form, checks a learner, reads its credits, takes one back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity
from learners.models import Credit, Guess
from learners.sentences import SENTENCES
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.audit.models import Event, Subject
from tests import factories as make
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]

AMARA = {
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday_month": "10",
    "birthday_day": "13",
    "state": "NC",
    "number": "2008-95323",
}


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


@pytest.fixture
def course(ours: Organization) -> Activity:
    return make.an_activity(ours)


@pytest.fixture
def amara() -> int:
    """A physician on the roster of North Carolina's board; her id."""
    return make.a_physician(make.a_board("NC"), "2008-95323").pk


def of(activity: Activity, /, **changes: Any) -> dict[str, Any]:
    """The one-credit form, filled in for Amara Osei."""
    said = {
        "activity": activity.activity_id,
        "completed_on": activity.end_on.isoformat(),
        "amount": "3.5",
        "consent": "written",
    }
    return AMARA | said | changes


def the_only_credit() -> Credit:
    with as_role("pars_owner"):
        return Credit.objects.get()


def credits() -> int:
    with as_role("pars_owner"):
        return Credit.objects.count()


def guesses() -> int:
    with as_role("pars_owner"):
        return Guess.objects.count()


def subjects_of(verb: str) -> list[list[int]]:
    """For each event of a verb, the physicians it is about."""
    with as_role("pars_owner"):
        return [
            list(Subject.objects.filter(event=event).values_list("physician_id", flat=True))
            for event in Event.objects.filter(verb=verb).order_by("at")
        ]


def test_a_credit_lands_and_its_page_says_so(reporter: PageClient, course: Activity, amara: int) -> None:
    answer = reporter.post("/credits/new/", of(course), follow=True)

    credit = the_only_credit()
    assert (credit.physician_id, credit.amount) == (amara, Decimal("3.50"))
    assert answer.redirect_chain[-1][0] == f"/credits/{credit.pk}/"
    assert "On record. The physician and their boards can see this credit now." in answer.content.decode()


def test_a_late_credit_is_taken_and_said_to_be_late(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    page = reporter.post("/credits/new/", of(course), follow=True).content.decode()

    assert "marked late" in page


def test_a_learner_in_no_roster_waits_and_the_page_says_why(reporter: PageClient, course: Activity) -> None:
    page = reporter.post("/credits/new/", of(course), follow=True).content.decode()

    assert the_only_credit().is_parked
    assert "Kept, and waiting." in page
    assert "No board has listed this license yet." in page
    assert "This credit waits" in page


def test_another_amount_is_a_correction_and_the_history_keeps_both(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))

    page = reporter.post("/credits/new/", of(course, amount="2"), follow=True).content.decode()

    assert the_only_credit().amount == Decimal("2.00")
    assert "Corrected." in page
    assert "Corrected from 3.5 to 2 credits" in page


def test_the_same_credit_again_changes_nothing(reporter: PageClient, course: Activity, amara: int) -> None:
    reporter.post("/credits/new/", of(course))

    page = reporter.post("/credits/new/", of(course), follow=True).content.decode()

    assert credits() == 1
    assert "This credit was on record already. Nothing changed." in page


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"completed_on": ""}, "completed_on", "date_missing"),
        ({"completed_on": "2031-01-01"}, "completed_on", "date_in_future"),
        ({"amount": "1.3"}, "amount", "amount_unreadable"),
        ({"first_name": "=1+1"}, "first_name", "name_unreadable"),
        ({"birthday_month": "02", "birthday_day": "30"}, "birthday", "birthday_unreadable"),
        ({"state": ""}, "state", "state_missing"),
    ],
)
def test_what_is_wrong_stands_at_its_field_in_the_words_of_a_file(
    reporter: PageClient, course: Activity, said: dict[str, str], field: str, code: str
) -> None:
    answer = reporter.post("/credits/new/", of(course, **said))

    assert answer.status_code == 422
    assert SENTENCES[code].text in answer.context["form"].errors[field]
    assert credits() == 0


def test_a_form_without_an_activity_asks_to_choose_one(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post("/credits/new/", of(course, activity=""))

    assert answer.status_code == 422
    assert answer.context["form"].errors["activity"] == ["Choose the activity."]
    assert credits() == 0


def test_more_than_the_maximum_is_refused_at_the_amount(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    answer = reporter.post("/credits/new/", of(course, amount="4.25"))

    assert answer.status_code == 422
    assert "maximum of 4 credits" in answer.context["form"].errors["amount"][0]


@pytest.mark.parametrize(
    "change", [{"last_name": "Mensah"}, {"birthday_day": "14"}, {"last_name": "Mensah", "birthday_day": "14"}]
)
def test_a_disagreement_stands_on_the_number_whatever_disagrees(
    reporter: PageClient, course: Activity, amara: int, change: dict[str, str]
) -> None:
    answer = reporter.post("/credits/new/", of(course, **change))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["number"]
    assert "do not belong together" in answer.context["form"].errors["number"][0]
    assert credits() == 0


def test_the_form_offers_our_complete_activities_and_no_others(
    ours: Organization, reporter: PageClient, course: Activity
) -> None:
    make.an_activity(ours, title="A draft", credits=None)
    make.an_activity(make.a_provider("Tidewater"), title="Theirs", listed=True)

    form = reporter.get("/credits/new/").context["form"]

    assert [value for value, _ in form.fields["activity"].choices] == ["", course.activity_id]


def test_anothers_activity_cannot_be_reported_for(reporter: PageClient, amara: int) -> None:
    theirs = make.an_activity(make.a_provider("Tidewater"), listed=True)

    answer = reporter.post("/credits/new/", of(theirs))

    assert answer.status_code == 422
    assert credits() == 0


def test_the_form_comes_with_the_activity_and_the_usual_consent(
    reporter: PageClient, course: Activity
) -> None:
    form = reporter.get(f"/credits/new/?activity={course.activity_id}").context["form"]

    assert form["activity"].value() == course.activity_id
    assert form["consent"].value() == "written"


def test_the_form_says_what_an_npi_costs(reporter: PageClient) -> None:
    page = reporter.get("/credits/new/").content.decode()

    assert "gives more errors" in page


def test_a_learner_is_checked_before_anything_else_is_filled_in(reporter: PageClient, amara: int) -> None:
    answer = reporter.post("/credits/check/", AMARA)

    assert answer.status_code == 200
    assert "These details belong to one physician." in answer.content.decode()
    assert answer.context["form"]["first_name"].value() == "Amara"
    assert answer.context["form"]["birthday"].value() == "10/13"
    assert credits() == 0


def test_htmx_gets_the_region_alone(reporter: PageClient, amara: int) -> None:
    answer = reporter.post("/credits/check/", AMARA, headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith('<div id="check"')


def test_a_wrong_check_counts_as_one_guess_however_often_it_is_repeated(
    reporter: PageClient, amara: int
) -> None:
    wrong = AMARA | {"birthday_day": "14"}

    for _ in range(3):
        page = reporter.post("/credits/check/", wrong).content.decode()

    assert "These details do not agree" in page
    assert guesses() == 1


def test_checks_and_reports_spend_one_budget(reporter: PageClient, course: Activity, amara: int) -> None:
    for day in range(1, 6):
        reporter.post("/credits/check/", AMARA | {"birthday_day": f"{day:02d}"})

    right = reporter.post("/credits/check/", AMARA).content.decode()

    assert guesses() == 5
    assert "This credit would wait" in right
    assert "Kept for review" in right


def test_a_check_of_a_learner_in_no_roster_says_the_credit_would_wait(reporter: PageClient) -> None:
    page = reporter.post("/credits/check/", AMARA).content.decode()

    assert "This credit would wait" in page


def test_a_check_without_a_birthday_says_what_to_fill_in(reporter: PageClient, amara: int) -> None:
    answer = reporter.post("/credits/check/", AMARA | {"birthday_day": ""})

    assert answer.status_code == 422
    assert "Choose the month and the day of birth." in answer.content.decode()


def test_the_list_shows_ours_and_reading_it_is_an_event(
    reporter: PageClient, course: Activity, amara: int, client_as: SignIn
) -> None:
    reporter.post("/credits/new/", of(course))
    others = client_as(make.a_member(make.a_provider("Tidewater"), Role.REPORTER))

    page = reporter.get("/credits/").content.decode()

    assert "Osei, Amara" in page
    assert "Osei" not in others.get("/credits/").content.decode()
    assert subjects_of("credit.listed") == [[amara], []]


def test_credits_are_filtered_by_activity_and_state(
    ours: Organization, reporter: PageClient, course: Activity, amara: int
) -> None:
    other = make.an_activity(ours, title="Other course")
    reporter.post("/credits/new/", of(course))
    reporter.post("/credits/new/", of(other, last_name="Núñez", number="77"))

    def found(query: str) -> list[str]:
        return [row.activity.title for row in reporter.get(f"/credits/?{query}").context["listing"].rows]

    assert len(found("")) == 2
    assert found("state=parked") == ["Other course"]
    assert found("state=late") == [course.title]
    assert found("state=accepted") == []
    assert found("state=withdrawn") == []
    assert found(f"activity={other.activity_id}") == ["Other course"]
    assert found("q=other") == ["Other course"]


def test_a_learner_is_found_by_a_posted_name_and_never_by_an_address(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))

    assert "Osei, Amara" in reporter.post("/credits/", {"name": "OSE"}).content.decode()
    assert "No credit of a learner" in reporter.post("/credits/", {"name": "Mensah"}).content.decode()
    assert reporter.post("/credits/", {"name": ""}).status_code == 422
    assert reporter.get("/credits/?q=Osei").context["listing"].rows == []
    assert subjects_of("credit.searched") == [[amara], []]


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    ours: Organization, reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))
    reporter.get("/credits/")
    with CaptureQueriesContext(connection) as for_one:
        reporter.get("/credits/")
    for _ in range(5):
        reporter.post("/credits/new/", of(make.an_activity(ours)))

    with CaptureQueriesContext(connection) as for_many:
        reporter.get("/credits/")

    assert len(for_many) == len(for_one)


def test_a_credit_is_withdrawn_with_a_reason_and_stays_on_record(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))
    credit = the_only_credit()

    page = reporter.post(
        f"/credits/{credit.pk}/withdraw/", {"reason": "mistake"}, follow=True
    ).content.decode()

    assert the_only_credit().withdrawn_at is not None
    assert "no longer see this credit" in page
    assert subjects_of("credit.withdrawn") == [[amara]]


def test_a_waiting_credit_is_withdrawn_too(reporter: PageClient, course: Activity) -> None:
    reporter.post("/credits/new/", of(course))

    reporter.post(f"/credits/{the_only_credit().pk}/withdraw/", {"reason": "no_consent"})

    assert the_only_credit().withdrawn_at is not None


def test_a_withdrawal_asks_for_its_reason(reporter: PageClient, course: Activity, amara: int) -> None:
    reporter.post("/credits/new/", of(course))
    credit = the_only_credit()

    answer = reporter.post(f"/credits/{credit.pk}/withdraw/", {})

    assert answer.status_code == 422
    assert "Choose why the credit is withdrawn." in answer.content.decode()
    assert the_only_credit().withdrawn_at is None


def test_what_is_withdrawn_cannot_be_withdrawn_again(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))
    address = f"/credits/{the_only_credit().pk}/withdraw/"
    reporter.post(address, {"reason": "mistake"})

    answer = reporter.post(address, {"reason": "mistake"})

    assert answer.status_code == 422
    assert len(subjects_of("credit.withdrawn")) == 1


def test_anothers_credit_is_not_there(
    reporter: PageClient, course: Activity, amara: int, client_as: SignIn
) -> None:
    reporter.post("/credits/new/", of(course))
    number = the_only_credit().pk
    stranger = client_as(make.a_member(make.a_provider("Tidewater"), Role.REPORTER))

    assert stranger.get(f"/credits/{number}/").status_code == 404
    assert stranger.post(f"/credits/{number}/withdraw/", {"reason": "mistake"}).status_code == 404


def test_a_viewer_reads_credits_and_reports_none(
    ours: Organization, reporter: PageClient, course: Activity, amara: int, client_as: SignIn
) -> None:
    reporter.post("/credits/new/", of(course))
    viewer = client_as(make.a_member(ours, Role.VIEWER))
    number = the_only_credit().pk

    page = viewer.get(f"/credits/{number}/")

    assert page.status_code == 200
    assert "Withdraw" not in page.content.decode()
    assert viewer.post("/credits/new/", of(course)).status_code == 403
    assert viewer.post("/credits/check/", AMARA).status_code == 403
    assert viewer.post(f"/credits/{number}/withdraw/", {"reason": "mistake"}).status_code == 403


def test_nothing_is_reported_before_the_agreement(client_as: SignIn) -> None:
    new = make.a_provider(agreed=False)
    client = client_as(make.a_member(new, Role.ADMIN))

    answer = client.post("/credits/new/", of(make.an_activity(new)))

    assert answer.status_code == 302
    assert credits() == 0


def test_a_format_cannot_move_to_the_other_group_once_there_is_credit(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))
    said = {
        "title": course.title,
        "start_on": "2026-09-12",
        "end_on": "2026-09-12",
        "delivery": ["In-Person"],
        "city": "Raleigh",
        "state": "NC",
        "country": "USA",
    }
    address = f"/activities/{course.activity_id}/edit/basics/"

    across = reporter.post(address, said | {"format": "Regularly Scheduled Series"})
    within = reporter.post(address, said | {"format": "Other/Blended Learning"})

    assert across.status_code == 422
    assert "Credits are reported for this activity" in across.context["form"].errors["format"][0]
    assert within.status_code == 302


def test_an_activitys_learners_are_counted_in_the_list(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    reporter.post("/credits/new/", of(course))
    reporter.post("/credits/new/", of(course, last_name="Núñez", number="77"))

    (row,) = reporter.get("/activities/").context["listing"].rows

    assert row.learners == 2


def test_completed_on_outside_the_activity_is_named(
    reporter: PageClient, course: Activity, amara: int
) -> None:
    answer = reporter.post("/credits/new/", of(course, completed_on=date(2026, 9, 13).isoformat()))

    assert "09/12/2026" in answer.context["form"].errors["completed_on"][0]
