"""How a board takes part, and the public page that says so."""

from collections.abc import Callable
from datetime import date

import pytest

from boards.models import Board
from pars.access.roles import Role
from pars.audit.models import Event
from tests import factories
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db


def test_anyone_sees_which_boards_take_part(client: PageClient) -> None:
    factories.a_board("ND", name="North Dakota Board of Medicine")

    page = client.get("/boards/").content.decode()

    assert "North Dakota Board of Medicine" in page
    assert "Jan 1, 2024" in page


def test_boards_stand_by_the_name_of_their_state(client: PageClient) -> None:
    for state in ("ND", "AK", "AL"):  # codes sort otherwise than names
        factories.a_board(state)

    page = client.get("/boards/").content.decode()

    assert page.index("Alabama") < page.index("Alaska") < page.index("North Dakota")


def test_a_board_that_joins_later_is_not_shown_yet(client: PageClient) -> None:
    board = factories.a_board("ND", name="North Dakota Board of Medicine")
    with as_role("pars_owner"):
        Board.objects.filter(pk=board.pk).update(participates_since=date(2999, 1, 1))

    page = client.get("/boards/").content.decode()

    assert "North Dakota Board of Medicine" not in page


def test_an_administrator_says_how_the_board_takes_part(client_as: Callable[..., PageClient]) -> None:
    board = factories.a_board("ND")
    client = client_as(factories.a_member(board, Role.ADMIN))

    response = client.post(
        "/board/profile/",
        {
            "participates_since": "2025-03-01",
            "recognises_for_renewal": "on",
            "website": "https://nd.example/cme",
        },
    )

    with as_role("pars_owner"):
        profile = Board.objects.get(pk=board.pk)
        event = Event.objects.get(verb="board.profile_changed")
    assert response.status_code == 302
    assert (profile.participates_since, profile.recognises_for_renewal) == (date(2025, 3, 1), True)
    assert profile.website == "https://nd.example/cme"
    assert event.organization_id == board.pk


def test_a_web_address_that_is_none_is_refused(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_member(factories.a_board("ND"), Role.ADMIN))

    response = client.post("/board/profile/", {"website": "ask the front desk"})

    assert response.status_code == 422


def test_a_reviewer_may_not_change_the_profile(client_as: Callable[..., PageClient]) -> None:
    client = client_as(factories.a_member(factories.a_board("ND"), Role.REVIEWER))

    response = client.get("/board/profile/")

    assert response.status_code == 403
