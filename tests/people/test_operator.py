"""The accreditor's pages, and onboarding."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from boards.models import Board
from pars.access.actor import Actor
from pars.access.models import Invitation, Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.audit.models import Event
from pars.audit.sealer import seal
from pars.people import acts, overview, trail
from providers.models import Provider
from tests.factories import a_board, a_member, a_provider, an_accreditor
from tests.pages import PageClient
from tests.roles import as_role

ClientAs = Callable[[User | None], PageClient]

pytestmark = pytest.mark.django_db

JOB = Actor.system_job("test")
PROVIDER = {
    "code": "0004711",
    "name": "Lakeside Clinic",
    "accredited_by": "ACCME",
    "time_zone": "America/New_York",
    "admin_email": "admin@lakeside.example",
}
BOARD = {
    "code": "ND-MD",
    "name": "North Dakota Board of Medicine",
    "state": "ND",
    "licenses": ["md", "do"],
    "time_zone": "America/Chicago",
    "admin_email": "admin@ndbom.example",
}


@pytest.fixture(autouse=True)
def _no_second_factor(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


@pytest.fixture
def operator(client_as: ClientAs) -> PageClient:
    return client_as(a_member(an_accreditor(), Role.OPERATOR))


@pytest.fixture
def auditor(client_as: ClientAs) -> PageClient:
    return client_as(a_member(an_accreditor(), Role.AUDITOR))


def an_event(verb: str, organization: Organization | None = None, at: datetime | None = None) -> None:
    with acting_as(JOB):
        record(verb, by=JOB, at=at, organization_id=organization.pk if organization else None)


def sealed() -> None:
    with as_role("pars_worker"), acting_as(JOB):
        seal(at=now())


READ = ["operator-overview", "organization-list", "audit-trail"]


@pytest.mark.parametrize("name", READ)
def test_operators_and_auditors_read_everything(operator: PageClient, auditor: PageClient, name: str) -> None:
    a_provider(agreed=False)
    a_board()
    an_event("batch.done", a_provider())

    answers = [operator.get(reverse(name)), auditor.get(reverse(name))]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("name", [*READ, "organization-new", "provider-new", "board-new"])
@pytest.mark.parametrize("who", ["provider", "board"])
def test_organizations_do_not_see_the_operators_pages(client_as: ClientAs, name: str, who: str) -> None:
    ours = a_provider() if who == "provider" else a_board()

    answer = client_as(a_member(ours, Role.ADMIN)).get(reverse(name))

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["organization-new", "provider-new", "board-new"])
def test_auditors_add_nothing(auditor: PageClient, name: str) -> None:
    answer = auditor.get(reverse(name))

    assert answer.status_code == 403


def test_auditors_invite_nobody(auditor: PageClient) -> None:
    theirs = a_provider()

    page = auditor.get(reverse("organization", args=[theirs.code])).content.decode()
    answer = auditor.post(
        reverse("organization-invite", args=[theirs.code]), {"email": "x@y.example", "role": "admin"}
    )

    assert "Send invitation" not in page
    assert answer.status_code == 403


def test_the_operator_adds_a_provider_whose_administrator_is_invited(operator: PageClient) -> None:
    operator.get(reverse("organization-new"))
    operator.get(reverse("provider-new"))
    answer = operator.post(reverse("provider-new"), PROVIDER)

    provider = Provider.objects.get(organization__code="0004711")
    assert answer["Location"] == reverse("organization", args=["0004711"])
    assert provider.accredited_by == "ACCME"
    assert Invitation.objects.get().role == "admin"
    assert mail.outbox[0].to == ["admin@lakeside.example"]
    assert operator.get(answer["Location"]).status_code == 200


def test_the_operator_adds_a_board_with_whom_it_licenses(operator: PageClient) -> None:
    operator.get(reverse("board-new"))
    operator.post(reverse("board-new"), BOARD)

    board = Board.objects.get(organization__code="ND-MD")
    assert (board.state, board.licenses_md, board.licenses_do) == ("ND", True, True)
    assert board.participates_since is None
    assert Invitation.objects.get().organization_id == board.pk


@pytest.mark.parametrize(
    ("name", "given", "wrong"),
    [
        ("provider-new", PROVIDER, {"code": "4711"}),
        ("provider-new", PROVIDER, {"code": "٠٠٠٤٧١١"}),
        ("provider-new", PROVIDER, {"time_zone": "Mars/Base"}),
        ("provider-new", PROVIDER, {"admin_email": "nobody"}),
        ("board-new", BOARD, {"code": "nd-md"}),
        ("board-new", BOARD, {"state": "NC"}),
        ("board-new", BOARD, {"licenses": []}),
        ("board-new", BOARD, {"participates_since": "soon"}),
    ],
)
def test_a_wrong_entry_adds_nothing(
    operator: PageClient, name: str, given: dict[str, object], wrong: dict[str, object]
) -> None:
    before = Organization.objects.count()

    answer = operator.post(reverse(name), given | wrong)

    assert answer.status_code == 422
    assert Organization.objects.count() == before


def test_a_code_is_given_once(operator: PageClient) -> None:
    operator.post(reverse("provider-new"), PROVIDER)

    answer = operator.post(reverse("provider-new"), PROVIDER | {"name": "Another"})

    assert answer.status_code == 422
    assert "in use already" in answer.content.decode()
    assert not Organization.objects.filter(name="Another").exists()


def test_the_operator_invites_an_administrator_where_nobody_manages(operator: PageClient) -> None:
    theirs = a_provider("Empty Hospital")
    overview_before = operator.get(reverse("operator-overview")).content.decode()

    operator.post(
        reverse("organization-invite", args=[theirs.code]), {"email": "x@hospital.example", "role": "admin"}
    )
    operator.post(reverse("invitation-renew", args=[Invitation.objects.get().pk]))

    assert "Empty Hospital" in overview_before
    assert [message.to for message in mail.outbox] == [["x@hospital.example"]] * 2


def test_the_organizations_page_shows_what_was_accepted_and_how_learners_consent(
    operator: PageClient,
) -> None:
    theirs = a_provider()

    page = operator.get(reverse("organization", args=[theirs.code])).content.decode()

    assert "Ada Admin" in page
    assert "Jan 1, 2026" in page
    assert "Written" in page


def test_an_organization_that_is_not_there_is_a_404(operator: PageClient) -> None:
    assert operator.get(reverse("organization", args=["9999999"])).status_code == 404


def test_organizations_are_found_by_name_code_kind_and_terms(operator: PageClient) -> None:
    a_provider("Alpha Hospital", code="0000001")
    a_provider("Beta Hospital", code="0000002", agreed=False)
    a_board(name="Gamma Board")

    def names(query: str) -> set[str]:
        page = operator.get(reverse("organization-list") + query).content.decode()
        return {name for name in ("Alpha Hospital", "Beta Hospital", "Gamma Board") if name in page}

    assert names("?q=alpha") == {"Alpha Hospital"}
    assert names("?q=0000002") == {"Beta Hospital"}
    assert names("?kind=board") == {"Gamma Board"}
    assert names("?kind=provider&terms=missing") == {"Beta Hospital"}
    assert names("?terms=accepted") == {"Alpha Hospital", "Gamma Board"}
    assert names("?kind=nonsense&terms=nonsense") == {"Alpha Hospital", "Beta Hospital", "Gamma Board"}


def test_the_overview_names_organizations_without_terms(operator: PageClient) -> None:
    a_provider("Ready Hospital")
    a_provider("Waiting Hospital", agreed=False)

    with acting_as(JOB):
        found = [organization.name for organization in overview.without_agreement(JOB)]

    assert found == ["Waiting Hospital"]


def test_a_sealer_that_stands_still_shows(operator: PageClient) -> None:
    an_event("batch.done", at=now() - timedelta(minutes=5))

    page = operator.get(reverse("operator-overview")).content.decode()

    assert "Events wait to be chained" in page


def test_events_sealed_in_time_raise_no_alarm(operator: PageClient) -> None:
    an_event("batch.done", at=now() - timedelta(minutes=5))
    sealed()

    page = operator.get(reverse("operator-overview")).content.decode()

    assert "Events wait to be chained" not in page


def test_the_trail_is_narrowed_by_organization_act_and_day(operator: PageClient) -> None:
    ours, theirs = a_provider("Our Hospital"), a_provider("Their Hospital")
    an_event("batch.done", ours, datetime(2026, 3, 5, 12, tzinfo=UTC))
    an_event("batch.refused", theirs, datetime(2026, 3, 7, 12, tzinfo=UTC))

    def shown(query: str) -> set[str]:
        page = operator.get(f"{reverse('audit-trail')}?{query}").content.decode().partition("<tbody>")[2]
        return {words for words in ("Finished a file", "Refused a file") if words in page}

    assert shown(f"organization={ours.code}") == {"Finished a file"}
    assert shown("q=batch.refused") == {"Refused a file"}
    assert shown("since=2026-03-06") == {"Refused a file"}
    assert shown("until=2026-03-05") == {"Finished a file"}
    assert shown("since=2026-03-05&until=2026-03-07") == {"Finished a file", "Refused a file"}


def test_a_day_that_is_none_is_said(operator: PageClient) -> None:
    answer = operator.get(f"{reverse('audit-trail')}?since=soon")

    assert answer.status_code == 422


def test_the_trail_counts_physicians_and_names_none() -> None:
    with acting_as(JOB):
        record("board.licensee_viewed", by=JOB, subjects=[4711, 4712])
        found = trail.described(trail.events(JOB)).get()

    assert found.subject_count == 2  # type: ignore[attr-defined]
    assert not found.sealed  # type: ignore[attr-defined]


def test_an_act_that_is_recorded_no_longer_is_spelled_out() -> None:
    assert acts.words("board.licensee_viewed") == "Board: licensee viewed"


def test_a_page_of_the_trail_takes_as_many_queries_for_many_events_as_for_one(operator: PageClient) -> None:
    ours = a_provider()
    an_event("batch.done", ours)
    operator.get(reverse("audit-trail"))

    def queries() -> int:
        with connection.execute_wrapper(count := Counted()):
            operator.get(reverse("audit-trail"))
        return count.number

    one = queries()
    for _ in range(10):
        an_event("batch.done", ours)

    assert queries() == one


class Counted:
    """Counts what is sent to the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        self.number += 1
        return execute(*args)


def test_verifying_a_sound_trail_says_so_and_is_noted(operator: PageClient) -> None:
    an_event("batch.done")
    sealed()

    call_command("verify_audit", stdout=(said := StringIO()))

    assert "1 links checked" in said.getvalue()
    assert "all of them held" in operator.get(reverse("audit-trail")).content.decode()


def test_an_altered_event_breaks_its_chain_and_the_overview_says_so(operator: PageClient) -> None:
    an_event("batch.done")
    sealed()
    with as_role("pars_owner"):
        Event.objects.filter(verb="batch.done").update(verb="batch.refused")

    with pytest.raises(CommandError) as stopped:
        call_command("verify_audit", stdout=(said := StringIO()))

    assert stopped.value.returncode == 1
    assert "its event was altered" in said.getvalue()
    assert "does not hold" in operator.get(reverse("operator-overview")).content.decode()
