"""A physician claims their record (design section 7)."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from learners import birthday
from learners.models import Credit, Degree, Learner, Physician
from pars.access.actor import Actor
from pars.access.models import User
from pars.access.scope import acting_as
from pars.audit.models import Event, Subject
from passport import actions
from passport.claims import Details
from passport.models import Claim, Passport
from tests import factories
from tests.credit import a_credit, a_learner
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

CLAIM = "/passport/claim/"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
RIGHT = Details("Amara", "Osei", "1013", "NC", "2008-95323")
WRONG = [replace(RIGHT, month_day=f"02{day:02d}") for day in range(1, 7)]
NOT_CONFIRMED = "We could not confirm your record from these details yet"


@pytest.fixture
def physician() -> Physician:
    return factories.a_physician(factories.a_board("NC"), "2008-95323")


@pytest.fixture
def user() -> User:
    return factories.a_user()


def claim(user: User, details: Details, at: datetime = AT) -> Claim:
    actor = Actor.person(user_id=user.pk, physician_id=None)
    with acting_as(actor):
        return actions.claim(details=details, by=actor, at=at)


def typed(details: Details, **changed: str) -> dict[str, str]:
    return {
        "first_name": details.first_name,
        "last_name": details.last_name,
        "month": details.month_day[:2],
        "day": details.month_day[2:],
        "state": details.state,
        "number": details.number,
    } | changed


@pytest.mark.parametrize(
    "details",
    [
        RIGHT,
        replace(RIGHT, last_name="OSEI Jr."),
        replace(RIGHT, first_name="Amy"),
        replace(RIGHT, number="200895323"),
    ],
)
def test_a_claim_that_agrees_with_the_roster_is_confirmed(
    details: Details, user: User, physician: Physician
) -> None:
    made = claim(user, details)

    assert made.status == Claim.Status.CONFIRMED
    assert Passport.objects.get(user=user).physician_id == physician.pk


@pytest.mark.parametrize(
    "details",
    [
        replace(RIGHT, month_day="1014"),
        replace(RIGHT, last_name="Osee"),
        replace(RIGHT, state="CA"),
        replace(RIGHT, number="2008-95324"),
    ],
)
def test_one_detail_that_does_not_agree_is_enough(details: Details, user: User, physician: Physician) -> None:
    made = claim(user, details)

    assert made.status == Claim.Status.DISAGREES
    assert not Passport.objects.exists()


@pytest.mark.parametrize("details", [replace(RIGHT, month_day="1014"), replace(RIGHT, number="NONE-1")])
def test_a_wrong_birthday_and_a_license_nobody_has_read_the_same(
    details: Details, user: User, physician: Physician, client_as: Callable[..., PageClient]
) -> None:
    client = client_as(user)

    page = client.post(CLAIM, typed(details), follow=True).content.decode()

    assert NOT_CONFIRMED in page
    assert "Amara Osei" not in page


def test_the_person_whose_claim_is_confirmed_lands_on_their_transcript(
    user: User, physician: Physician, client_as: Callable[..., PageClient]
) -> None:
    client = client_as(user)

    response = client.post(CLAIM, typed(RIGHT), follow=True)

    assert response.redirect_chain == [("/passport/", 302)]
    assert "Amara Osei" in response.content.decode()


def test_a_wrong_claim_of_a_number_that_two_have_is_counted_for_the_one_of_the_name(
    physician: Physician,
) -> None:
    osteopaths = factories.a_board("NC", degree=Degree.DO)
    other = factories.a_physician(osteopaths, RIGHT.number, last_name="Oster", degree=Degree.DO)

    made = claim(factories.a_user(), replace(WRONG[0], last_name="Oster"))

    assert (made.status, made.physician) == (Claim.Status.DISAGREES, other)


def test_five_different_wrong_guesses_of_a_user_and_the_right_one_waits(
    user: User, physician: Physician
) -> None:
    for guess in WRONG[:5]:
        claim(user, guess)

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.WAITING
    assert not Passport.objects.exists()


def test_four_wrong_guesses_leave_one_more_try(user: User, physician: Physician) -> None:
    for guess in WRONG[:4]:
        claim(user, guess)

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.CONFIRMED


def test_the_same_wrong_guess_again_is_no_new_guess(user: User, physician: Physician) -> None:
    for _ in range(9):
        claim(user, WRONG[0])

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.CONFIRMED


@pytest.mark.parametrize("part", ["first_name", "last_name", "state", "number"])
def test_guesses_that_differ_in_one_detail_are_different_guesses(
    part: str, user: User, physician: Physician
) -> None:
    states = ("CA", "CO", "CT", "DC", "DE")
    elsewhere = replace(RIGHT, number="NONE-1")  # nobody's license: the guesses are counted on the user alone
    for number, state in enumerate(states):
        said = {"state": state, "number": f"NONE-{number}"}.get(part, f"{'ABCDE'[number]}mara")
        claim(user, replace(elsewhere, **{part: said}))

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.WAITING


def test_guesses_at_one_physician_are_counted_over_all_users_and_licenses(physician: Physician) -> None:
    for guess in WRONG[:5]:
        claim(factories.a_user(), guess)

    made = claim(factories.a_user(), RIGHT)

    assert made.status == Claim.Status.WAITING


def test_guesses_are_forgotten_after_ninety_days(user: User, physician: Physician) -> None:
    for guess in WRONG[:5]:
        claim(user, guess)

    before = claim(factories.a_user(), RIGHT, at=AT + timedelta(days=90, seconds=-1))
    made = claim(user, RIGHT, at=AT + timedelta(days=90))

    assert before.status == Claim.Status.WAITING
    assert made.status == Claim.Status.CONFIRMED


def test_out_of_guesses_reads_the_same(
    user: User, physician: Physician, client_as: Callable[..., PageClient]
) -> None:
    client = client_as(user)

    pages = [client.post(CLAIM, typed(said), follow=True).content.decode() for said in (*WRONG, RIGHT)]

    assert NOT_CONFIRMED in pages[-1]
    assert len({page.partition('id="main"')[2].partition("<form")[0] for page in pages}) == 1


def test_a_record_that_another_account_holds_waits_for_the_operator(user: User, physician: Physician) -> None:
    factories.a_passport(physician)

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.WAITING


def test_who_holds_a_record_cannot_claim_another(user: User, physician: Physician) -> None:
    claim(user, RIGHT)

    with pytest.raises(actions.AlreadyClaimed):
        claim(user, replace(RIGHT, number="OTHER"))


def test_an_unknown_birthday_is_confirmed_by_one_providers_report_and_filled(user: User) -> None:
    physician = factories.a_physician(factories.a_board("NC"), "2008-95323", month_day=None)
    _reported(physician, "1013")

    made = claim(user, RIGHT)

    with as_role("pars_owner"):
        physician.refresh_from_db()
    assert made.status == Claim.Status.CONFIRMED
    assert birthday.decrypt(bytes(physician.birthday or b"")) == "1013"


@pytest.mark.parametrize("reported", [None, "0101"])
def test_an_unknown_birthday_is_not_taken_on_the_claimants_word(user: User, reported: str | None) -> None:
    physician = factories.a_physician(factories.a_board("NC"), "2008-95323", month_day=None)
    if reported:
        _reported(physician, reported)

    made = claim(user, RIGHT)

    with as_role("pars_owner"):
        physician.refresh_from_db()
    assert made.status == Claim.Status.DISAGREES
    assert physician.birthday is None


def test_an_unknown_birthday_is_not_taken_from_a_check_of_a_learner(user: User) -> None:
    """A provider that reports nothing stands for nothing."""
    physician = factories.a_physician(factories.a_board("NC"), "2008-95323", month_day=None)
    _checked(physician, "1013")

    assert claim(user, RIGHT).status == Claim.Status.DISAGREES


@pytest.mark.parametrize(
    "other",
    [{"state": "CA"}, {"number": "1", "number_key": "1"}, {"last_name": "Zhang", "last_key": "zhang"}],
)
def test_an_unknown_birthday_is_confirmed_only_by_a_report_of_that_name_and_license(
    other: dict[str, str], user: User
) -> None:
    physician = factories.a_physician(factories.a_board("NC"), "2008-95323", month_day=None)
    _reported(physician, "1013", **other)

    made = claim(user, RIGHT)

    assert made.status == Claim.Status.DISAGREES


def test_a_providers_report_does_not_overrule_a_known_birthday(user: User, physician: Physician) -> None:
    _reported(physician, "0101")

    made = claim(user, replace(RIGHT, month_day="0101"))

    assert made.status == Claim.Status.DISAGREES


def test_a_number_of_an_md_and_a_do_is_decided_by_name(user: User, physician: Physician) -> None:
    other = factories.a_board("NC", degree=Degree.DO)
    osteopath = factories.a_physician(
        other, "2008-95323", degree=Degree.DO, last_name="Zhang", month_day="0905"
    )

    made = claim(user, Details("Wei", "Zhang", "0905", "NC", "2008-95323"))

    assert made.status == Claim.Status.CONFIRMED
    assert made.physician_id == osteopath.pk


@pytest.mark.parametrize(
    ("first_name", "status"), [("Amara", Claim.Status.CONFIRMED), ("Amy", Claim.Status.WAITING)]
)
def test_two_holders_alike_are_told_apart_by_first_name_or_by_the_operator(
    first_name: str, status: str, user: User, physician: Physician
) -> None:
    factories.a_physician(
        factories.a_board("NC", degree=Degree.DO), "2008-95323", degree=Degree.DO, first_name="Abena"
    )

    made = claim(user, replace(RIGHT, first_name=first_name))

    assert made.status == status
    assert Passport.objects.filter(user=user, physician=physician).exists() == (status == "confirmed")


@pytest.mark.parametrize("of", ["user", "physician"])
def test_claims_of_one_user_or_about_one_physician_wait_for_each_other(
    of: str, user: User, physician: Physician
) -> None:
    held = {"user": user.pk, "physician": physician.pk}[of]
    with elsewhere() as other, transaction.atomic():
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"claims of {of} {held}"])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")

        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            claim(user, RIGHT)


def elsewhere() -> psycopg.Connection[Any]:
    """A connection besides Django's, as another process has it."""
    return psycopg.connect(
        os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"], autocommit=True
    )


def test_the_twenty_ninth_of_february_is_a_birthday(user: User, client_as: Callable[..., PageClient]) -> None:
    response = client_as(user).post(CLAIM, typed(RIGHT, month="02", day="29"))

    assert response.status_code == 302


def test_a_claim_is_an_event_about_the_physician_without_a_word_of_theirs(
    user: User, physician: Physician
) -> None:
    claim(user, WRONG[0])

    with as_role("pars_owner"):
        event = Event.objects.get(verb="claim.disagrees")
        subjects = list(Subject.objects.filter(event=event).values_list("physician_id", flat=True))
    assert subjects == [physician.pk]
    assert event.user_id == user.pk
    assert event.detail == {}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"month": "02", "day": "30"}, "That month has no such day"),
        ({"number": "--"}, "Enter the number as your license has it"),
        ({"last_name": ""}, "Enter your last name"),
        ({"state": "XX"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    changed: dict[str, str], sentence: str, user: User, client_as: Callable[..., PageClient]
) -> None:
    client = client_as(user)

    response = client.post(CLAIM, typed(RIGHT, **changed))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Claim.objects.exists()


def test_a_claim_of_another_user_is_out_of_reach_even_unscoped(user: User, physician: Physician) -> None:
    claim(factories.a_user(), WRONG[0])

    with acting_as(Actor.person(user_id=user.pk, physician_id=None)):
        seen = Claim.objects.count()

    assert seen == 0


def test_the_registry_is_out_of_the_claimants_reach_before_and_after(
    user: User, physician: Physician
) -> None:
    actor = Actor.person(user_id=user.pk, physician_id=None)

    with acting_as(actor):
        actions.claim(details=WRONG[0], by=actor, at=AT)
        seen = Physician.objects.count()

    assert seen == 0


def _reported(physician: Physician, month_day: str, **other: str) -> None:
    credit = a_credit(physician, factories.an_activity(factories.a_provider()))
    said = {"birthday": birthday.encrypt(month_day), "physician": None, "verdict": "unconfirmed"}
    with as_role("pars_owner"):
        Learner.objects.filter(pk=credit.learner_id).update(**said, **other)
        Credit.objects.filter(pk=credit.pk).update(physician=None)


def _checked(physician: Physician, month_day: str) -> None:
    a_learner(
        physician,
        factories.a_provider().pk,
        birthday=birthday.encrypt(month_day),
        physician=None,
        verdict="unconfirmed",
    )
