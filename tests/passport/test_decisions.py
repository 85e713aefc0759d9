"""The operator decides the claims that the registry could not."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from learners import birthday
from learners.models import License, Physician
from pars.access.actor import Actor
from pars.access.models import User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event, Subject
from passport import actions
from passport.models import Claim, Passport
from tests import factories
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db
CLAIMS = "/operator/claims/"


@pytest.fixture
def operator(client_as: Callable[..., PageClient]) -> PageClient:
    return client_as(factories.a_member(factories.an_accreditor(), Role.OPERATOR))


@pytest.fixture
def physician() -> Physician:
    return factories.a_physician(factories.a_board("NC"), "2008-95323")


def a_claim(user: User, physician: Physician | None, status: Claim.Status = Claim.Status.WAITING) -> Claim:
    with as_role("pars_owner"):
        return Claim.objects.create(
            user=user,
            first_name="Amy",
            last_name="Osei-Mensah",
            birthday=birthday.encrypt("1013"),
            state="NC",
            number="2008-95323",
            physician=physician,
            status=status,
            made_at=datetime(2026, 11, 20, tzinfo=UTC),
        )


def test_only_the_latest_claim_of_a_person_is_listed(operator: PageClient, physician: Physician) -> None:
    user = factories.a_user()
    earlier, latest = (a_claim(user, physician, Claim.Status.DISAGREES) for _ in range(2))

    page = operator.get(CLAIMS).content.decode()

    assert f"{CLAIMS}{latest.pk}/" in page
    assert f"{CLAIMS}{earlier.pk}/" not in page


@pytest.mark.parametrize("status", [Claim.Status.CONFIRMED, Claim.Status.REFUSED])
def test_a_decided_claim_is_not_listed(
    status: Claim.Status, operator: PageClient, physician: Physician
) -> None:
    a_claim(factories.a_user(), physician, status)

    page = operator.get(CLAIMS).content.decode()

    assert "No claim waits" in page


def test_a_look_at_a_claim_is_an_event_about_the_physician(
    operator: PageClient, physician: Physician
) -> None:
    waiting = a_claim(factories.a_user(), physician)

    page = operator.get(f"{CLAIMS}{waiting.pk}/").content.decode()

    with as_role("pars_owner"):
        event = Event.objects.get(verb="claim.seen")
        assert list(Subject.objects.filter(event=event).values_list("physician_id", flat=True)) == [
            physician.pk
        ]
    assert "Differs" in page
    assert "Agrees" in page


def test_a_confirmed_claim_hands_over_the_record(operator: PageClient, physician: Physician) -> None:
    user = factories.a_user()
    waiting = a_claim(user, physician)

    response = operator.post(f"{CLAIMS}{waiting.pk}/confirm/", {"physician": physician.pk})

    assert response["Location"] == CLAIMS
    assert Passport.objects.get(user=user).physician_id == physician.pk


def test_a_record_is_not_handed_over_twice(operator: PageClient, physician: Physician) -> None:
    factories.a_passport(physician)
    waiting = a_claim(factories.a_user(), physician)

    response = operator.post(f"{CLAIMS}{waiting.pk}/confirm/", {"physician": physician.pk})

    assert response.status_code == 422
    assert Passport.objects.count() == 1


def test_who_has_meanwhile_got_a_record_gets_no_second_one(physician: Physician) -> None:
    user = factories.a_passport(factories.a_physician())
    waiting = a_claim(user, physician)
    operator = Actor(kind="operator", organization_id=factories.an_accreditor().pk)

    with acting_as(operator), pytest.raises(actions.AlreadyClaimed):
        actions.confirm(waiting=waiting, physician=physician, by=operator, at=waiting.made_at)


def test_the_operators_word_does_not_change_a_birthday_that_the_board_has_said(
    operator: PageClient,
) -> None:
    physician = factories.a_physician(factories.a_board("NC"), "2008-95323", month_day="0101")
    waiting = a_claim(factories.a_user(), physician)

    operator.post(f"{CLAIMS}{waiting.pk}/confirm/", {"physician": physician.pk})

    with as_role("pars_owner"):
        physician.refresh_from_db()
    assert Passport.objects.get(user=waiting.user).physician_id == physician.pk
    assert birthday.decrypt(bytes(physician.birthday or b"")) == "0101"


def test_only_a_holder_of_the_claimed_license_can_be_chosen(
    operator: PageClient, physician: Physician
) -> None:
    somebody = factories.a_physician(factories.a_board("CA"))
    waiting = a_claim(factories.a_user(), physician)

    response = operator.post(f"{CLAIMS}{waiting.pk}/confirm/", {"physician": somebody.pk})

    assert response.status_code == 422
    assert not Passport.objects.exists()


def test_a_refused_person_is_told_and_may_claim_again(
    operator: PageClient, physician: Physician, client_as: Callable[..., PageClient]
) -> None:
    user = factories.a_user()
    waiting = a_claim(user, physician)

    operator.post(f"{CLAIMS}{waiting.pk}/refuse/")

    page = client_as(user).get("/passport/claim/").content.decode()
    assert "Your claim could not be confirmed" in page
    assert "Claim my record" in page


def test_an_auditor_looks_and_does_not_decide(
    physician: Physician, client_as: Callable[..., PageClient]
) -> None:
    auditor = client_as(factories.a_member(factories.an_accreditor(), Role.AUDITOR))
    waiting = a_claim(factories.a_user(), physician)

    page = auditor.get(f"{CLAIMS}{waiting.pk}/")
    response = auditor.post(f"{CLAIMS}{waiting.pk}/confirm/", {"physician": physician.pk})

    assert "Confirm as this physician" not in page.content.decode()
    assert response.status_code == 403


def test_a_record_may_begin_with_a_license_that_nobody_has_listed(operator: PageClient) -> None:
    board = factories.a_board("NC")
    claim = a_claim(factories.a_user(), None)
    page = operator.get(f"{CLAIMS}{claim.pk}/").content.decode()

    response = operator.post(f"{CLAIMS}{claim.pk}/confirm/", {"board": f"{board.pk}-MD"})

    assert board.name in page
    assert response.status_code == 302
    with as_role("pars_owner"):
        passport = Passport.objects.select_related("physician").get(user=claim.user)
        held = License.objects.get(physician=passport.physician)
    assert (held.board_id, held.number, held.source, held.status) == (
        board.pk,
        "2008-95323",
        "claim",
        "unconfirmed",
    )
    assert (passport.physician.source, passport.physician.last_name) == ("claim", "Osei-Mensah")
    assert bytes(passport.physician.birthday or b"") == birthday.encrypt("1013")


@pytest.mark.parametrize("board", ["", "999999-MD", "elsewhere"])
def test_no_board_of_another_state_can_have_issued_it(operator: PageClient, board: str) -> None:
    elsewhere = factories.a_board("CA")
    claim = a_claim(factories.a_user(), None)
    said = board.replace("elsewhere", f"{elsewhere.pk}-MD")

    assert operator.post(f"{CLAIMS}{claim.pk}/confirm/", {"board": said}).status_code == 422


def test_a_license_that_came_meanwhile_is_looked_at_first(operator: PageClient) -> None:
    board = factories.a_board("NC")
    claim = a_claim(factories.a_user(), None)
    factories.a_physician(board, "2008-95323")

    response = operator.post(f"{CLAIMS}{claim.pk}/confirm/", {"board": f"{board.pk}-MD"})

    assert response.status_code == 422
    assert "has come on record meanwhile" in response.content.decode()
