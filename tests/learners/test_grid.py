"""Several credits in one table: typed, pasted, checked, reported; what cannot land stays with its reason."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from activities.formats import Delivery, Format
from activities.models import Activity
from learners.grid import OF_LEARNERS, pasted
from learners.models import Credit, CreditVersion, Guess
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient, words_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
GRID = "/credits/grid/"
OSEI = {
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday": "10/13",
    "state": "NC",
    "number": "2008-95323",
}
NOLAN = OSEI | {"last_name": "Nolan", "number": "2001-1"}


@pytest.fixture
def ours() -> Organization:
    board = a_board("NC")
    a_physician(board, "2008-95323")
    a_physician(board, "2001-1", last_name="Nolan")
    return a_provider()


@pytest.fixture
def course(ours: Organization) -> Activity:
    return an_activity(ours)


@pytest.fixture
def reporter(client_as: SignIn, ours: Organization) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def grid_of(*rows: dict[str, str]) -> dict[str, str]:
    return {f"row-{at}-{key}": value for at, row in enumerate(rows, start=1) for key, value in row.items()}


def of(course: Activity, **said: str) -> dict[str, str]:
    shared = {"activity": course.activity_id, "completed": "2026-09-12", "amount": "4", "consent": "written"}
    return shared | {"do": "report"} | said


def credits() -> list[Credit]:
    with acting_as(SYSTEM):
        return list(Credit.objects.select_related("learner", "activity").order_by("pk"))


def test_many_learners_of_one_activity_land_as_one_batch(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(GRID, of(course) | grid_of(OSEI, NOLAN, {}))

    assert answer.status_code == 302
    assert [one.learner.last_name for one in credits()] == ["Osei", "Nolan"]
    with acting_as(SYSTEM):
        [batch] = Batch.objects.all()
    assert (batch.rows, batch.added, batch.source) == (2, 2, "form")


def test_a_row_may_name_its_own_day_and_amount(reporter: PageClient, course: Activity) -> None:
    reporter.post(
        GRID,
        of(course, completed="", amount="") | grid_of(OSEI | {"completed": "9/12/2026", "amount": "2.5"}),
    )

    assert [one.amount for one in credits()] == [Decimal("2.5")]


def test_one_learners_activities_land_together(
    reporter: PageClient, ours: Organization, course: Activity
) -> None:
    other = an_activity(ours)
    person = {
        "by": "learner",
        "do": "report",
        "first_name": "Amara",
        "last_name": "Osei",
        "birthday_month": "10",
        "birthday_day": "13",
        "state": "NC",
        "number": "2008-95323",
        "consent": "written",
    }
    rows = [
        {"activity": one.activity_id, "completed": "09/12/2026", "amount": "4"} for one in (course, other)
    ]

    answer = reporter.post(GRID, person | grid_of(*rows))

    assert answer.status_code == 302
    assert {one.activity for one in credits()} == {course, other}


def test_good_rows_land_and_the_others_stay_with_their_reason(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(GRID, of(course) | grid_of(OSEI, NOLAN | {"birthday": "10/14"}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert [one.learner.last_name for one in credits()] == ["Osei"]
    assert 'value="Nolan"' in page
    assert 'value="Osei"' not in page
    assert "Name, birthday and number do not belong together." in page


def test_a_waiting_row_lands_and_the_message_says_so(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(GRID, of(course) | grid_of(OSEI | {"number": "ZZ-1"}), follow=True)

    assert "1 row waits." in answer.content.decode()
    assert credits()[0].is_parked


def test_checking_lands_nothing_and_keeps_every_row(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(GRID, of(course, do="check") | grid_of(OSEI, NOLAN | {"number": "ZZ-1"}))

    page = answer.content.decode()
    assert credits() == []
    assert "Nothing was reported. 1 row ready. 1 row waits." in page
    assert 'value="Nolan"' in page


def test_pasted_rows_fill_the_table_after_those_that_are_there(
    reporter: PageClient, course: Activity
) -> None:
    copied = "Nia\tNolan\t10/13/1978\tNC\t2001-1\t9/12/2026\t4"

    page = reporter.post(GRID, of(course, do="paste", pasted=copied) | grid_of(OSEI)).content.decode()

    assert 'name="row-1-last_name" value="Osei"' in page
    assert 'name="row-2-last_name" value="Nolan"' in page
    assert "1978" not in words_of(page)
    assert 'name="row-2-birthday" value="10/13"' in page
    assert credits() == []


def test_pasted_headings_say_which_column_is_which() -> None:
    said = pasted("Credits\tLast Name\tNotes\n4\tOsei\tlate\n2\tNolan\t", OF_LEARNERS)

    assert said == [{"amount": "4", "last_name": "Osei"}, {"amount": "2", "last_name": "Nolan"}]


def test_what_was_pasted_with_a_year_is_reported_without_it(reporter: PageClient, course: Activity) -> None:
    reporter.post(GRID, of(course) | grid_of(OSEI | {"birthday": "1978-10-13"}))

    assert not credits()[0].is_parked


def test_a_hundred_rows_are_the_most(reporter: PageClient, course: Activity) -> None:
    copied = "\n".join(f"Amara\tOsei{at}" for at in range(120))

    page = reporter.post(GRID, of(course, do="paste", pasted=copied)).content.decode()

    assert "Only the first hundred rows were taken" in page
    assert "row-100-last_name" in page
    assert "row-101-last_name" not in page


def test_more_rows_come_without_a_script(reporter: PageClient, course: Activity) -> None:
    page = reporter.post(GRID, of(course, do="more") | grid_of(OSEI)).content.decode()

    assert "row-6-last_name" in page
    assert 'value="Osei"' in page


def test_an_empty_table_is_asked_to_be_filled(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(GRID, of(course))

    assert answer.status_code == 422
    assert "There is no row yet" in answer.content.decode()


def test_a_row_is_checked_by_itself_while_it_is_typed_and_nobody_is_looked_for(
    reporter: PageClient, course: Activity
) -> None:
    row = OSEI | {"birthday": "10/14", "completed": "soon"}

    answer = reporter.post(f"{GRID}row/", of(course, row="1") | grid_of(row), headers={"HX-Request": "true"})

    assert "This is no date." in answer.content.decode()
    with acting_as(SYSTEM):
        assert not Guess.objects.exists()
        assert not Batch.objects.exists()


def test_a_half_typed_row_is_not_complained_of(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(
        f"{GRID}row/", of(course, row="1") | grid_of({"first_name": "Amara"}), headers={"HX-Request": "true"}
    )

    assert "<p" not in answer.content.decode()


def test_another_amount_from_the_credits_page_is_a_correction_with_history(
    reporter: PageClient, course: Activity
) -> None:
    reporter.post(GRID, of(course) | grid_of(OSEI))
    [credit] = credits()

    reporter.post(f"/credits/{credit.pk}/correct/", {"amount": "3.5", "completed_on": credit.completed_on})

    [corrected] = credits()
    assert (corrected.pk, corrected.amount) == (credit.pk, Decimal("3.5"))
    assert corrected.first_reported_at == credit.first_reported_at
    with acting_as(SYSTEM):
        assert CreditVersion.objects.get().amount == Decimal(4)


def test_an_amount_over_the_activitys_maximum_is_refused_at_its_field(
    reporter: PageClient, course: Activity
) -> None:
    reporter.post(GRID, of(course) | grid_of(OSEI))
    [credit] = credits()

    answer = reporter.post(
        f"/credits/{credit.pk}/correct/", {"amount": "9", "completed_on": credit.completed_on}
    )

    assert answer.status_code == 422
    assert "maximum of 4 credits" in answer.content.decode()
    assert credits()[0].amount == Decimal(4)


def test_another_day_from_the_credits_page_moves_neither_report_nor_due_day(
    reporter: PageClient, ours: Organization
) -> None:
    online = an_activity(ours, format=Format.ENDURING, delivery=[Delivery.ONLINE], start_on=date(2026, 1, 1))
    reporter.post(GRID, of(online, completed="2026-03-01") | grid_of(OSEI))
    [credit] = credits()

    reporter.post(f"/credits/{credit.pk}/correct/", {"amount": "4", "completed_on": "2026-09-11"})

    [corrected] = credits()
    page = reporter.get(f"/credits/{credit.pk}/").content.decode()
    assert (corrected.pk, corrected.completed_on) == (credit.pk, date(2026, 9, 11))
    assert (corrected.first_reported_at, corrected.due_on) == (credit.first_reported_at, date(2026, 3, 31))
    assert "Completion date corrected from Mar 1, 2026 to Sep 11, 2026" in page
    assert "Accepted late" in page


def test_a_day_on_which_another_credit_stands_is_refused_at_its_field(
    reporter: PageClient, ours: Organization
) -> None:
    rounds = an_activity(ours, format=Format.SERIES, start_on=date(2026, 1, 1), credits=Decimal(40))
    days = [{**OSEI, "completed": day} for day in ("05/05/2026", "05/12/2026")]
    reporter.post(GRID, of(rounds, completed="", amount="1") | grid_of(*days))
    first, second = credits()

    taken = reporter.post(f"/credits/{first.pk}/correct/", {"amount": "1", "completed_on": "2026-05-12"})
    free = reporter.post(f"/credits/{first.pk}/correct/", {"amount": "1", "completed_on": "2026-05-19"})

    moved, stayed = credits()
    assert (taken.status_code, free.status_code) == (422, 302)
    assert "has another credit of this activity on that day" in taken.content.decode()
    assert (moved.pk, moved.completed_on, moved.occasion_on) == (
        first.pk,
        date(2026, 5, 19),
        date(2026, 5, 19),
    )
    assert (stayed.pk, stayed.completed_on) == (second.pk, second.completed_on)


def test_a_day_outside_the_activity_is_refused(reporter: PageClient, course: Activity) -> None:
    reporter.post(GRID, of(course) | grid_of(OSEI))
    [credit] = credits()

    answer = reporter.post(f"/credits/{credit.pk}/correct/", {"amount": "4", "completed_on": "2026-09-11"})

    assert answer.status_code == 422
    assert "Enter a day between the two" in answer.content.decode()
    assert credits()[0].completed_on == credit.completed_on
