"""The terms: read by anyone, accepted once by an administrator, asked for before the first look-up."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from pars.access.models import Agreement, User
from pars.access.roles import Role
from pars.people import texts
from tests.factories import a_board, a_member, a_provider, a_user, agree, an_accreditor
from tests.pages import PageClient

ClientAs = Callable[[User | None], PageClient]

pytestmark = pytest.mark.django_db

SIGNED = {"signed_name": "Ada Admin", "authority": "on"}
PROVIDER = SIGNED | {"consent": "implied", "consent_wording": "We report your credit."}


@pytest.fixture(autouse=True)
def _no_second_factor(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


def test_a_providers_administrator_accepts_and_declares_consent(client_as: ClientAs) -> None:
    ours = a_provider(agreed=False)
    client = client_as(a_member(ours, Role.ADMIN))

    client.get(reverse("agreement"))
    answer = client.post(reverse("agreement"), PROVIDER, follow=True)

    accepted = Agreement.objects.get(organization=ours)
    assert (accepted.edition, accepted.dated) == ("provider", date(2026, 1, 1))
    assert (accepted.consent, accepted.consent_wording) == ("implied", "We report your credit.")
    assert "Ada Admin" in answer.content.decode()
    assert "We report your credit." in answer.content.decode()


def test_a_board_accepts_its_own_edition_and_declares_no_consent(client_as: ClientAs) -> None:
    ours = a_board(agreed=False)

    client_as(a_member(ours, Role.ADMIN)).post(reverse("agreement"), SIGNED)

    accepted = Agreement.objects.get(organization=ours)
    assert (accepted.edition, accepted.consent) == ("board", "")


@pytest.mark.parametrize("missing", ["signed_name", "authority", "consent"])
def test_an_acceptance_without_name_authority_or_consent_is_refused(
    client_as: ClientAs, missing: str
) -> None:
    ours = a_provider(agreed=False)
    given = {name: value for name, value in PROVIDER.items() if name != missing}

    answer = client_as(a_member(ours, Role.ADMIN)).post(reverse("agreement"), given)

    assert answer.status_code == 422
    assert not Agreement.objects.filter(organization=ours).exists()


def test_the_first_acceptance_stands(client_as: ClientAs) -> None:
    ours = a_provider(agreed=False)
    client_as(a_member(ours, Role.ADMIN)).post(reverse("agreement"), PROVIDER)

    client_as(a_member(ours, Role.ADMIN)).post(reverse("agreement"), PROVIDER | {"signed_name": "Second"})

    assert Agreement.objects.get(organization=ours).signed_name == "Ada Admin"


def test_others_see_who_has_to_accept_and_cannot(client_as: ClientAs) -> None:
    ours = a_provider(agreed=False)
    a_member(ours, Role.ADMIN, name="Ada Admin")
    reporter = client_as(a_member(ours, Role.REPORTER))

    page = reporter.get(reverse("agreement")).content.decode()
    answer = reporter.post(reverse("agreement"), PROVIDER)

    assert "Ask Ada Admin" in page
    assert answer.status_code == 403
    assert not Agreement.objects.filter(organization=ours).exists()


def test_before_the_terms_a_board_looks_up_nobody(client_as: ClientAs) -> None:
    client = client_as(a_member(a_board(agreed=False), Role.REVIEWER))

    answer = client.get(reverse("board-search"))

    assert answer["Location"] == reverse("agreement")


@pytest.mark.parametrize("nobody", [True, False])
def test_physicians_and_the_accreditor_have_nothing_to_accept(client_as: ClientAs, nobody: bool) -> None:
    user = a_user() if nobody else a_member(an_accreditor(), Role.OPERATOR)

    answer = client_as(user).get(reverse("agreement"))

    assert answer.status_code == 404


def test_an_agreement_is_the_organizations_own(client_as: ClientAs) -> None:
    theirs = a_provider(agreed=False)
    agree(theirs)

    page = (
        client_as(a_member(a_provider(agreed=False), Role.ADMIN)).get(reverse("agreement")).content.decode()
    )

    assert "To be accepted" in page


@pytest.mark.parametrize("text", texts.all_texts(), ids=lambda text: f"{text.edition}-{text.dated}")
def test_anyone_can_read_every_text(client: PageClient, text: texts.Text) -> None:
    page = client.get(reverse("terms", args=[text.edition, text.dated.isoformat()])).content.decode()

    assert text.title in page
    assert all(section.heading in page for section in text.sections)


@pytest.mark.parametrize(
    ("edition", "dated"), [("provider", "2025-01-01"), ("physician", "2026-01-01"), ("provider", "x")]
)
def test_a_text_that_never_was_is_not_there(client: PageClient, edition: str, dated: str) -> None:
    answer = client.get(reverse("terms", args=[edition, dated]))

    assert answer.status_code == 404


def test_a_text_counts_from_its_date_on() -> None:
    before, after = texts.current("provider", date(2025, 12, 31)), texts.current("provider", date(2026, 1, 1))

    assert before is None
    assert after
    assert after.dated == date(2026, 1, 1)


@pytest.mark.parametrize("edition", ["provider", "board"])
def test_a_text_has_a_title_and_points_under_every_heading(edition: str) -> None:
    text = texts.current(edition, date(2026, 11, 23))

    assert text
    assert text.title
    assert text.sections
    assert all(section.points for section in text.sections)
