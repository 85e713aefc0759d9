"""A board finds its licensees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from boards import search
from learners.models import License
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event, Subject
from tests import factories
from tests.credit import REPORTED_AT, a_credit
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db
SEARCH = "/board/"


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC")


@pytest.fixture
def reviewer(board: Organization, client_as: Callable[..., PageClient]) -> PageClient:
    return client_as(factories.a_member(board, Role.REVIEWER))


@pytest.mark.parametrize(
    "text",
    [
        "Núñez", "nunez", "NUN", "Núñez, José", "nunez jo", "José Núñez", "Jose Nunez Jr.", "2003-96221",
        "200396221", "2003-96", "1407933799", "1407 933 799",
    ],
)  # fmt: skip
def test_a_licensee_is_found_by_what_the_board_has_at_hand(
    text: str, board: Organization, reviewer: PageClient
) -> None:
    factories.a_physician(board, "2003-96221", first_name="José", last_name="Núñez", npi="1407933799")
    factories.a_physician(board, "1999-1", last_name="Zhang")

    page = reviewer.post(SEARCH, {"text": text}).content.decode()

    assert "Núñez, José" in page
    assert "Zhang" not in page


@pytest.mark.parametrize("text", ["06124", "6124", "ND 6124"])
def test_leading_zeros_that_excel_lost_do_not_matter(
    text: str, board: Organization, reviewer: PageClient
) -> None:
    factories.a_physician(board, "06124", last_name="Lan")

    page = reviewer.post(SEARCH, {"text": text.removeprefix("ND ")}).content.decode()

    assert "Lan, Amara" in page


@pytest.mark.parametrize("text", ["Thị Lan", "Thi Lan Nguyen", "Lan, Nguyễn Thị"])
def test_a_name_of_several_words_is_parted_in_every_way(
    text: str, board: Organization, reviewer: PageClient
) -> None:
    names = ("Nguyễn Thị", "Lan") if "," in text else ("Nguyễn", "Thị Lan")
    factories.a_physician(board, first_name=names[0], last_name=names[1])

    page = reviewer.post(SEARCH, {"text": text}).content.decode()

    assert "1 licensee found" in page


def test_before_a_comma_stands_the_last_name(board: Organization, reviewer: PageClient) -> None:
    factories.a_physician(board, first_name="Amara", last_name="Osei")

    pages = {
        text: reviewer.post(SEARCH, {"text": text}).content.decode()
        for text in ("Osei, Amara", "Osei,", "Amara, Osei", ", Amara")
    }

    assert [text for text, page in pages.items() if "Osei, Amara</a>" in page] == ["Osei, Amara", "Osei,"]


def test_very_many_words_are_one_last_name(board: Organization) -> None:
    """Otherwise every way to part sixty words would be tried."""
    factories.a_physician(board, first_name="A", last_name="B C D E F G")

    found = [_found(board, text) for text in ("A B C D E F G", "B C D E F G", "A B C D E")]

    assert found == [0, 1, 1]


@pytest.mark.parametrize("text", ["", "--", ",", ", -", "٫"])
def test_what_has_no_letter_and_no_digit_means_nobody(text: str, board: Organization) -> None:
    factories.a_physician(board)

    assert _found(board, text) == 0


def _found(board: Organization, text: str) -> int:
    actor = Actor(kind="board", organization_id=board.pk)
    with acting_as(actor):
        return License.objects.visible_to(actor).filter(search.condition(text)).count()


def test_another_boards_licensee_is_not_found(reviewer: PageClient) -> None:
    theirs = factories.a_board("CA")
    factories.a_physician(theirs, "A15923", last_name="Zhang", npi="1336549443")

    pages = [reviewer.post(SEARCH, {"text": text}) for text in ("Zhang", "A15923", "1336549443")]

    assert all("No licensee of yours matches" in page.content.decode() for page in pages)


def test_a_found_licensee_comes_with_their_credit_in_short(board: Organization, reviewer: PageClient) -> None:
    physician = factories.a_physician(board, last_name="Osei")
    provider = factories.a_provider()
    a_credit(physician, factories.an_activity(provider), amount="3.25")
    a_credit(physician, factories.an_activity(provider))
    a_credit(physician, factories.an_activity(provider), withdrawn_at=REPORTED_AT)

    page = reviewer.post(SEARCH, {"text": "Osei"}).content.decode()

    assert "7.25" in page
    assert "Sep 12, 2026" in page


def test_no_more_than_fifty_are_shown_and_the_page_says_so(board: Organization, reviewer: PageClient) -> None:
    for number in range(51):
        factories.a_physician(board, first_name=f"Ann{number:02d}", last_name="Smith")

    page = reviewer.post(SEARCH, {"text": "smith"}).content.decode()

    assert "The first 50 licensees by name" in page
    assert "Smith, Ann49" in page
    assert "Smith, Ann50" not in page
    with as_role("pars_owner"):
        assert Subject.objects.filter(event__verb="licensee.searched").count() == 50


def test_a_search_is_one_event_about_everyone_it_showed(board: Organization, reviewer: PageClient) -> None:
    shown = {factories.a_physician(board, last_name="Osei").pk for _ in range(2)}
    factories.a_physician(board, last_name="Zhang")

    reviewer.post(SEARCH, {"text": "Osei"})

    with as_role("pars_owner"):
        event = Event.objects.get(verb="licensee.searched")
        subjects = set(Subject.objects.filter(event=event).values_list("physician_id", flat=True))
    assert event.organization_id == board.pk
    assert subjects == shown
    assert "Osei" not in str(event.detail)


@pytest.mark.parametrize("text", ["", "  ", "--,"])
def test_a_search_for_nothing_is_refused(text: str, reviewer: PageClient) -> None:
    response = reviewer.post(SEARCH, {"text": text})

    assert response.status_code == 422


def test_how_much_is_found_takes_no_more_queries(
    board: Organization, reviewer: PageClient, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        factories.a_physician(board, last_name="Osei")

    with django_assert_max_num_queries(24):
        reviewer.post(SEARCH, {"text": "Osei"})


@pytest.mark.parametrize(
    ("text", "index"),
    [("Osei", "license_of_board_by_name"), ("Osei, Am", "license_of_board_by_name"),
     ("2003-96", "license_of_board_by_number")],
)  # fmt: skip
def test_a_search_runs_inside_an_index_behind_row_security(
    text: str, index: str, board: Organization
) -> None:
    _many_licenses(board)
    actor = Actor(kind="board", organization_id=board.pk)
    found = License.objects.visible_to(actor).filter(search.condition(text))

    with acting_as(actor):
        plan = found.explain()

    assert index in plan
    assert "~>=~" in next(line for line in plan.splitlines() if "Index Cond" in line)


def test_a_board_without_agreement_is_sent_to_it_first(client_as: Callable[..., PageClient]) -> None:
    board = factories.a_board("ND", agreed=False)
    client = client_as(factories.a_member(board, Role.REVIEWER))

    response = client.get(SEARCH)

    assert response.status_code == 302


def test_a_provider_may_not_search(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_member(factories.a_provider(), Role.ADMIN))

    response = client.get(SEARCH)

    assert response.status_code == 403


def _many_licenses(board: Organization) -> None:
    """5,000 licensees of the board, and statistics that know of them."""
    physician = factories.a_physician()
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO learners_license
                (physician_id, board_id, state, degree, number, number_key, first_key, last_key, status)
            SELECT %s, %s, 'NC', 'MD', n::text, n::text, md5('first' || n), md5('last' || n), 'active'
            FROM generate_series(1, 5000) n
            """,
            [physician.pk, board.pk],
        )
        cursor.execute("ANALYZE learners_license")
