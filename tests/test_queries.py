"""A list asks the database as often for thirty rows as for three."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from learners import birthday
from learners.models import Credit, Physician
from pars.access.actor import Actor
from pars.access.models import Invitation, Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.audit.actions import record
from pars.batches.models import Batch, Issue, Level, Source, Status
from pars.web.models import Mail
from passport.models import Claim
from tests import factories
from tests.credit import a_credit, a_learner, some_points
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 30
MOST = 25  # statements of one page, those that set the scope included
SENT_AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Who the lists are about."""

    provider: Organization
    board: Organization
    accreditor: Organization
    physician: Physician
    batch: Batch
    roster: Batch


@pytest.fixture
def cast() -> Cast:
    provider, board = factories.a_provider(), factories.a_board("NC")
    return Cast(
        provider,
        board,
        factories.an_accreditor(),
        factories.a_physician(board),
        an_upload(provider),
        a_full_roster(board),
    )


def a_full_roster(board: Organization) -> Batch:
    """All licenses of the board, none in it."""
    with as_role("pars_owner"):
        return Batch.objects.create(
            organization=board,
            kind="rosters",
            source=Source.FILE,
            file_name="all.csv",
            options={"coverage": "full"},
            status=Status.DONE,
            created_at=SENT_AT,
            finished_at=SENT_AT,
        )


def an_upload(organization: Organization) -> Batch:
    with as_role("pars_owner"):
        return Batch.objects.create(
            organization=organization,
            kind="learners",
            source=Source.FILE,
            uploaded_by=factories.a_user(),
            file_name="learners.csv",
            status=Status.DONE,
            rows=40,
            failed=40,
            created_at=SENT_AT,
            finished_at=SENT_AT,
        )


def activities(cast: Cast, number: int) -> None:
    for _ in range(number):
        factories.an_activity(cast.provider)


def credits_of_many(cast: Cast, number: int) -> None:
    for _ in range(number):
        a_credit(factories.a_physician(cast.board), factories.an_activity(cast.provider))


def waiting_credits(cast: Cast, number: int) -> None:
    """Each of its own activity, and as many rows that disagree."""
    for at in range(number):
        learner = a_learner(cast.physician, cast.provider.pk, physician=None, verdict="not_found")
        waiting = a_credit(cast.physician, factories.an_activity(cast.provider))
        with as_role("pars_owner"):
            Credit.objects.filter(pk=waiting.pk).update(physician=None, learner=learner)
            Issue.objects.create(
                batch=cast.batch,
                organization=cast.provider,
                row=at + 2,
                column="number",
                code="several",
                level=Level.FIX,
            )
    with as_role("pars_owner"):
        Batch.objects.filter(pk=cast.batch.pk).update(created_at=now())


def credits_of_one(cast: Cast, number: int) -> None:
    """Each by a provider of its own, with points: every join has work."""
    for _ in range(number):
        some_points(a_credit(cast.physician, factories.an_activity(factories.a_provider())))


def licensees(cast: Cast, number: int) -> None:
    for _ in range(number):
        physician = factories.a_physician(cast.board)
        a_credit(physician, factories.an_activity(factories.a_provider()))


def uploads(cast: Cast, number: int) -> None:
    for _ in range(number):
        an_upload(cast.provider)


def uploads_of_all(cast: Cast, number: int) -> None:
    for _ in range(number):
        an_upload(factories.a_provider())


def issues(cast: Cast, number: int) -> None:
    taken = Issue.objects.filter(batch=cast.batch)
    with as_role("pars_owner"):
        first = taken.count() + 1
        Issue.objects.bulk_create(
            Issue(
                batch=cast.batch,
                organization=cast.provider,
                row=row,
                column="completed",
                value="soon",
                code="date_unreadable",
                level=Level.FIX,
            )
            for row in range(first, first + number)
        )


def organizations(cast: Cast, number: int) -> None:
    for _ in range(number):
        factories.a_provider()


def events(cast: Cast, number: int) -> None:
    for _ in range(number):
        organization, user = factories.a_provider(), factories.a_user()
        actor = Actor.member(
            user_id=user.pk, organization_id=organization.pk, kind=OrganizationKind.PROVIDER, role=Role.ADMIN
        )
        with as_role("pars_owner"):
            record("credit.read", by=actor, subjects=[cast.physician.pk])


def claims(cast: Cast, number: int) -> None:
    for _ in range(number):
        user = factories.a_user()
        with as_role("pars_owner"):
            Claim.objects.create(
                user=user,
                first_name="Amy",
                last_name="Osei",
                birthday=birthday.encrypt("0102"),
                state="NC",
                number="1",
                physician=cast.physician,
                status=Claim.Status.DISAGREES,
                made_at=SENT_AT,
            )


def people(cast: Cast, number: int) -> None:
    for _ in range(number):
        user = factories.a_member(cast.provider, Role.VIEWER)
        Invitation.objects.create(
            organization=cast.provider,
            email=f"invited.{user.email}",
            role=Role.VIEWER,
            digest=Invitation.digest_of(user.email),
            invited_by=user,
            expires_at=now(),
        )


def boards(cast: Cast, number: int) -> None:
    for _ in range(number):
        factories.a_board()


def mails(cast: Cast, number: int) -> None:
    for _ in range(number):
        Mail.objects.create(to="a@test.example", subject="Hello", body="Hello", sent_at=SENT_AT)


def _reporter(cast: Cast) -> User:
    return factories.a_member(cast.provider, Role.ADMIN)


def _reviewer(cast: Cast) -> User:
    return factories.a_member(cast.board, Role.REVIEWER)


def _board_admin(cast: Cast) -> User:
    return factories.a_member(cast.board, Role.ADMIN)


def _operator(cast: Cast) -> User:
    return factories.a_member(cast.accreditor, Role.OPERATOR)


def _physician(cast: Cast) -> User:
    return factories.a_passport(cast.physician)


def _license(cast: Cast) -> tuple[int]:
    return (factories.a_license_of(cast.physician).pk,)


Rows = Callable[[Cast, int], None]
Reader = Callable[[Cast], User]


@pytest.mark.parametrize(
    ("name", "reader", "rows"),
    [
        ("activity-list", _reporter, activities),
        ("credit-list", _reporter, credits_of_many),
        ("credit-waiting", _reporter, waiting_credits),
        ("batch-list", _reporter, uploads),
        ("batch", _reporter, issues),
        ("provider-dashboard", _reporter, credits_of_many),
        ("people", _reporter, people),
        ("board-search", _reviewer, licensees),
        ("board-licensee", _reviewer, credits_of_one),
        ("participating-boards", _reviewer, boards),
        ("passport", _physician, credits_of_one),
        ("operator-overview", _operator, events),
        ("organization-list", _operator, organizations),
        ("operator-batches", _operator, uploads_of_all),
        ("audit-trail", _operator, events),
        ("claim-list", _operator, claims),
        ("physician-list", _operator, licensees),
        ("physician", _operator, credits_of_one),
        ("roster-absent", _board_admin, licensees),
        ("mail-sink", _operator, mails),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_list_asks_no_more_for_many_rows_than_for_few(
    cast: Cast,
    client_as: Callable[..., PageClient],
    settings: object,
    *,
    name: str,
    reader: Reader,
    rows: Rows,
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # for the mail page
    client = client_as(reader(cast))
    rows(cast, FEW)
    statements_of(client, name, cast)  # the session and what Django keeps are set up once

    few = statements_of(client, name, cast)
    rows(cast, MANY - FEW)
    many = statements_of(client, name, cast)

    assert len(many) == len(few), "\n".join(many)
    assert len(few) <= MOST, "\n".join(few)


def statements_of(client: PageClient, name: str, cast: Cast) -> list[str]:
    """The SQL that one look at the page runs."""
    with CaptureQueriesContext(connection) as captured:
        if name in ("board-search", "physician-list"):
            answer = client.post(reverse(name), {"text": "Osei"})
        else:
            arguments = {
                "batch": (cast.batch.pk,),
                "board-licensee": _license(cast),
                "physician": (cast.physician.pk,),
                "roster-absent": (cast.roster.pk,),
            }.get(name, ())
            answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return [query["sql"] for query in captured.captured_queries]
