"""The second fence: PostgreSQL itself shows an actor only what is theirs, whatever the query forgot."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from activities.models import Activity
from learners.models import Credit, Learner, License, Physician
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.audit.models import Event
from pars.batches.entry import enter
from pars.batches.kinds import kind_named
from pars.batches.models import Batch
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)

# They decide who the actor is, hold ids only, or belong to Django; each is named here with its reason.
OUTSIDE = {
    "access_user": "decides who the actor is",
    "access_organization": "decides who the actor is",
    "access_membership": "decides who the actor is",
    "access_invitation": "decides who the actor is",
    "access_agreement": "read at the door, before there is a scope",
    "access_counter": "counts attempts by keys of allauth's",
    "audit_unsealed": "ids of events, for the sealer",
    "activities_stagedactivity": "only the worker's role may touch it: COPY is refused on tables with row security",
    "activities_listedword": "words of public titles",
    "boards_stagedlicense": "only the worker's role may touch it: COPY is refused on tables with row security",
    "learners_stagedcredit": "only the worker's role may touch it: COPY is refused on tables with row security",
    "passport_passport": "decides who the actor is",
    "web_mail": "the demo's own mail",
}
FOREIGN = ("django_", "auth_", "account_", "mfa_", "socialaccount_")


def _tables() -> list[tuple[str, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"
        )
        return [row for row in cursor.fetchall() if not row[0].startswith(FOREIGN)]


def test_every_tenant_table_forces_row_security() -> None:
    unfenced = [name for name, enabled, forced in _tables() if not (enabled and forced)]

    assert sorted(unfenced) == sorted(OUTSIDE)


def test_the_app_owns_nothing_and_cannot_bypass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "pars_web"
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname IN ('pars_web', 'pars_worker') AND (rolsuper OR rolbypassrls)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner IN ('pars_web'::regrole, 'pars_worker'::regrole)"
        )
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    "table", ["learners_stagedcredit", "boards_stagedlicense", "activities_stagedactivity"]
)
def test_the_worker_may_analyze_what_it_stages(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('pars_worker', %s, 'MAINTAIN')", [table])
        assert cursor.fetchone()[0]


def test_views_materialized_views_and_definer_functions_do_not_exist() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef "
            "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        assert cursor.fetchall() == []


@pytest.fixture
def world() -> dict[str, Organization]:
    """A credit reported by ours for a physician licensed by our board; their provider and board have nothing of it."""
    ours, theirs = a_provider("Ours"), a_provider("Theirs")
    board, other_board = a_board("NC"), a_board("CA")
    a_physician(board, "2008-95323")
    activity = an_activity(ours)
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)
    cells = {
        "activity": activity.activity_id,
        "completed": "09/12/2026",
        "first_name": "Amara",
        "last_name": "Osei",
        "birthday": "10/13",
        "state": "NC",
        "number": "2008-95323",
        "amount": "4",
    }
    with acting_as(actor):
        batch = enter(kind_named("learners"), cells, organization=ours, by=actor, at=AT)
    assert batch.added == 1
    return {"ours": ours, "theirs": theirs, "board": board, "other_board": other_board}


def _counts() -> tuple[int, ...]:
    """Deliberately unscoped: what a forgotten filter would show."""
    return tuple(model.objects.count() for model in (Credit, Learner, Physician, License, Batch, Event))


def test_a_provider_sees_what_it_reported_and_no_registry_row(world: dict[str, Organization]) -> None:
    with acting_as(Actor.organization(world["ours"].pk, OrganizationKind.PROVIDER)):
        credits, learners, physicians, licenses, batches, events = _counts()

    assert (credits, learners, physicians, licenses, batches) == (1, 1, 0, 0, 1)
    assert events > 0


def test_another_provider_sees_none_of_it(world: dict[str, Organization]) -> None:
    with acting_as(Actor.organization(world["theirs"].pk, OrganizationKind.PROVIDER)):
        assert _counts() == (0, 0, 0, 0, 0, 0)
        assert not Activity.objects.exists()


def test_a_board_sees_its_own_licensees_and_their_credit(world: dict[str, Organization]) -> None:
    with acting_as(Actor.organization(world["board"].pk, OrganizationKind.BOARD)):
        assert _counts()[:4] == (1, 0, 1, 1)

    with acting_as(Actor.organization(world["other_board"].pk, OrganizationKind.BOARD)):
        assert _counts() == (0, 0, 0, 0, 0, 0)


def test_nobody_in_particular_sees_nothing(world: dict[str, Organization]) -> None:
    assert _counts() == (0, 0, 0, 0, 0, 0)

    with acting_as(Actor.anonymous()):
        assert _counts() == (0, 0, 0, 0, 0, 0)


def test_a_mass_change_by_another_provider_touches_nothing(world: dict[str, Organization]) -> None:
    with acting_as(Actor.organization(world["theirs"].pk, OrganizationKind.PROVIDER)):
        assert Activity.objects.update(title="Taken over") == 0
        assert Batch.objects.update(file_name="taken over") == 0


def test_a_row_cannot_be_planted_at_another_organization(world: dict[str, Organization]) -> None:
    theirs = Actor.organization(world["theirs"].pk, OrganizationKind.PROVIDER)

    with acting_as(theirs), pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.create(organization=world["ours"], kind="learners", source="file", created_at=AT)


@pytest.mark.parametrize("own", [True, False], ids=["as its own license", "as the board's"])
def test_a_providers_matcher_can_add_nobody_to_the_registry(
    world: dict[str, Organization], *, own: bool
) -> None:
    with as_role("pars_owner"):
        physician_id = Physician.objects.get().pk
    matcher = Actor.matcher(world["ours"].pk)
    license_ = {"physician_id": physician_id, "state": "NC", "degree": "MD", "number": "7", "number_key": "7"}

    with acting_as(matcher):
        with pytest.raises(DatabaseError), transaction.atomic():
            Physician.objects.create(
                first_name="A", last_name="B", first_key="a", last_key="b", source="roster"
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            License.objects.create(board=world["ours" if own else "board"], **license_)
        assert License.objects.update(status="revoked") == 0


def test_a_boards_matcher_writes_its_own_licenses_and_licensees_alone(world: dict[str, Organization]) -> None:
    with acting_as(Actor.matcher(world["other_board"].pk)):
        assert License.objects.update(status="revoked") == 0
        assert Physician.objects.update(last_name="Other") == 0

    with acting_as(Actor.matcher(world["board"].pk)):
        assert License.objects.update(status="lapsed") == 1
        assert Physician.objects.update(last_name="Other") == 1


def test_the_web_cannot_touch_staging_or_rewrite_the_audit_trail(world: dict[str, Organization]) -> None:
    for statement in (
        "SELECT count(*) FROM learners_stagedcredit",
        "UPDATE audit_event SET verb = 'nothing'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_unsealed",
        "INSERT INTO audit_seal SELECT",
        "TRUNCATE learners_credit",
        "ALTER TABLE learners_credit NO FORCE ROW LEVEL SECURITY",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_scope_is_put_back_after_an_inner_one(world: dict[str, Organization]) -> None:
    ours = Actor.organization(world["ours"].pk, OrganizationKind.PROVIDER)

    with acting_as(ours):
        with acting_as(Actor.anonymous()):
            assert not Credit.objects.exists()
        assert Credit.objects.count() == 1
        with pytest.raises(ZeroDivisionError), acting_as(Actor.anonymous()):
            raise ZeroDivisionError
        assert Credit.objects.count() == 1


def test_without_the_force_the_fence_would_be_open_to_the_owner(world: dict[str, Organization]) -> None:
    """The control: the owner's own policy lets it through, so a connection as owner must never serve a page."""
    with as_role("pars_owner"):
        assert Credit.objects.count() == 1


def test_an_event_joins_the_organization_of_its_actor(world: dict[str, Organization]) -> None:
    actor = Actor.organization(world["ours"].pk, OrganizationKind.PROVIDER)

    with acting_as(actor):
        event_id = record("test.looked", by=actor, subjects=[1])

        assert Event.objects.get(pk=event_id).organization_id == world["ours"].pk
