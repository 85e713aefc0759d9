"""The provider's profile."""

from collections.abc import Callable

import pytest

from pars.access.models import User
from pars.access.roles import Role
from tests import factories as make
from tests.pages import PageClient

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]


def test_the_profile_says_who_the_provider_is_and_what_it_agreed_to(client_as: SignIn) -> None:
    ours = make.a_provider("Northlake", time_zone="America/New_York")

    page = client_as(make.a_member(ours, Role.VIEWER)).get("/provider/profile/").content.decode()

    assert ours.code in page
    assert "ACCME" in page
    assert "America/New_York" in page
    assert "Written" in page


def test_before_the_agreement_the_profile_says_where_to_accept_it(client_as: SignIn) -> None:
    ours = make.a_provider(agreed=False)

    page = client_as(make.a_member(ours, Role.ADMIN)).get("/provider/profile/").content.decode()

    assert "have not been accepted yet" in page


def test_a_board_has_no_provider_profile(client_as: SignIn) -> None:
    reviewer = make.a_member(make.a_board(), Role.REVIEWER)

    answer = client_as(reviewer).get("/provider/profile/")

    assert answer.status_code == 403
