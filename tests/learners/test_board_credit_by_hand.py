"""Board credit typed in: by the one-credit form, and in the table of several."""

from datetime import date

import pytest

from activities.models import Activity
from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from tests.factories import a_board, a_member, a_physician, a_provider, a_registration, an_activity
from tests.learners.test_grid import GRID, NOLAN, OSEI, SignIn, grid_of, of
from tests.pages import PageClient, words_of
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")
FORM = "/credits/new/"
ABIM = {"board": "ABIM", "member": "344667"}
IN_A_ROW = ABIM | {"points_type": "Medical Knowledge", "points_amount": "2"}


@pytest.fixture
def ours() -> Organization:
    board = a_board("NC")
    a_physician(board, "2008-95323")
    a_physician(board, "2001-1", last_name="Nolan")
    return a_provider()


@pytest.fixture
def course(ours: Organization) -> Activity:
    course = an_activity(ours, start_on=date(2026, 9, 1), end_on=date(2026, 9, 12))
    a_registration(course, "ABIM", "Medical Knowledge", "Practice Assessment")
    return course


@pytest.fixture
def reporter(client_as: SignIn, ours: Organization) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER))


def told(course: Activity, **said: str) -> dict[str, str]:
    return {
        "activity": course.activity_id, "completed_on": "2026-09-12", "amount": "4", "first_name": "Amara",
        "last_name": "Osei", "birthday_month": "10", "birthday_day": "13", "state": "NC", "number": "2008-95323",
        "consent": "written",
    } | said  # fmt: skip


def standing() -> list[tuple[float, dict[str, float]]]:
    with acting_as(SYSTEM):
        return [
            (float(credit.amount), {one.credit_type: float(one.points) for one in credit.points.all()})
            for credit in Credit.objects.prefetch_related("points").order_by("pk")
        ]


def test_the_form_asks_only_where_an_activity_counts_for_a_board(
    reporter: PageClient, ours: Organization, course: Activity
) -> None:
    plain = an_activity(ours)
    page = reporter.get(FORM).content.decode()

    assert f'data-when="activity" data-is="{course.activity_id}"' in page
    assert "American Board of Internal Medicine" in page
    with as_role("pars_owner"):
        course.registrations.all().delete()
    assert plain.activity_id in (without := reporter.get(FORM).content.decode())
    assert "Certifying board" not in without


def test_a_credit_and_two_types_of_board_credit_are_one_completion(
    reporter: PageClient, course: Activity
) -> None:
    said = ABIM | {
        "points_type_1": "Medical Knowledge", "points_amount_1": "2",
        "points_type_3": "Practice Assessment", "points_amount_3": "1.5",
    }  # fmt: skip

    answer = reporter.post(FORM, told(course, **said), follow=True)

    assert "On record." in words_of(answer.content.decode())
    assert standing() == [(4, {"Medical Knowledge": 2, "Practice Assessment": 1.5})]


def test_board_credit_alone_needs_neither_credits_nor_license(reporter: PageClient, course: Activity) -> None:
    said = ABIM | {"points_type_1": "Medical Knowledge", "points_amount_1": "2"}

    answer = reporter.post(FORM, told(course, amount="", state="", number="", **said), follow=True)

    assert "Kept, and waiting." in words_of(answer.content.decode())
    assert standing() == [(0, {"Medical Knowledge": 2})]


def test_what_is_true_of_each_type_is_said_once(reporter: PageClient, course: Activity) -> None:
    said = ABIM | {
        "points_type_1": "Medical Knowledge", "points_amount_1": "2",
        "points_type_2": "Practice Assessment", "points_amount_2": "1",
    }  # fmt: skip

    answer = reporter.post(FORM, told(course, number="ZZ-1", **said), follow=True)

    assert words_of(answer.content.decode()).count("Kept, and waiting.") == 1
    [[message]] = [[str(one) for one in answer.context["messages"]]]
    sentences = message.split(". ")
    assert len(sentences) == len(set(sentences))
    assert standing() == [(4, {"Medical Knowledge": 2, "Practice Assessment": 1})]


def test_what_is_wrong_of_board_credit_stands_at_its_own_field(
    reporter: PageClient, course: Activity
) -> None:
    said = ABIM | {
        "points_type_1": "Medical Knowledge", "points_amount_1": "2",
        "points_type_2": "Practice Assessment", "points_amount_2": "1.3",
    }  # fmt: skip

    answer = reporter.post(FORM, told(course, **said))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["points_amount_2", "__all__"]
    assert standing() == [(4, {"Medical Knowledge": 2})]

    mended = reporter.post(FORM, told(course, **said) | {"points_amount_2": "1.25"}, follow=True)
    assert mended.status_code == 200
    assert standing() == [(4, {"Medical Knowledge": 2, "Practice Assessment": 1.25})]


def test_without_board_credit_the_form_wants_credits_and_a_state(
    reporter: PageClient, course: Activity
) -> None:
    answer = reporter.post(FORM, told(course, amount="", state=""))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"amount", "state"}


def test_credits_beside_board_credit_want_a_state(reporter: PageClient, course: Activity) -> None:
    said = ABIM | {"points_type_1": "Medical Knowledge", "points_amount_1": "2"}

    answer = reporter.post(FORM, told(course, state="", **said))

    assert list(answer.context["form"].errors) == ["state"]
    assert standing() == []


def test_a_board_without_points_is_said_at_the_first_of_them(reporter: PageClient, course: Activity) -> None:
    answer = reporter.post(FORM, told(course, **ABIM))

    assert list(answer.context["form"].errors) == ["points_type_1"]
    assert standing() == []


def test_checking_a_learner_without_a_script_keeps_what_was_said_of_the_board(
    reporter: PageClient, course: Activity
) -> None:
    said = ABIM | {"points_type_1": "Medical Knowledge", "points_amount_1": "2"}

    answer = reporter.post("/credits/check/", told(course, **said))

    assert answer.context["form"]["member"].value() == "344667"
    assert answer.context["form"]["points_amount_1"].value() == "2"


def test_the_table_has_columns_for_board_credit_when_asked_and_keeps_its_rows(
    reporter: PageClient, course: Activity
) -> None:
    assert "row-1-points_type" not in reporter.get(GRID).content.decode()

    page = reporter.post(GRID, of(course, do="boards") | grid_of(OSEI)).content.decode()

    assert 'name="row-1-points_type"' in page
    assert 'name="row-1-last_name" value="Osei"' in page


def test_rows_with_board_credit_land_from_the_table(reporter: PageClient, course: Activity) -> None:
    rows = grid_of(OSEI | IN_A_ROW, NOLAN)

    answer = reporter.post(GRID, of(course, boards="1") | rows, follow=True)

    assert "2 rows on record." in words_of(answer.content.decode())
    assert standing() == [(4, {"Medical Knowledge": 2}), (4, {})]


def test_what_is_wrong_of_board_credit_stands_in_its_row_under_its_column(
    reporter: PageClient, course: Activity
) -> None:
    rows = grid_of(OSEI, NOLAN | IN_A_ROW | {"board": "ABA"})

    answer = reporter.post(GRID, of(course, boards="1") | rows)

    [(line, _)] = answer.context["lines"]
    assert [label for label, _, _ in line.says] == ["Certifying board"]
    assert standing() == [(4, {})]


def test_pasting_board_credit_brings_its_columns(reporter: PageClient, course: Activity) -> None:
    headings = "Last Name\tFirst Name\tCertifying Board\tCertifying Board ID\tCredit Type\tPoints"
    pasted = f"{headings}\nOsei\tAmara\tABIM\t344667\tMedical Knowledge\t2"

    page = reporter.post(GRID, of(course, do="paste", pasted=pasted)).content.decode()

    assert 'name="row-1-member" value="344667"' in page
    assert 'name="boards" value="1"' in page
