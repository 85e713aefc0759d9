"""Our provider, its people at a checked client, and what they see of an activity."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from activities import actions
from activities.models import Activity
from activities.record import Record
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from tests import factories as make
from tests.pages import PageClient

SignIn = Callable[[User | None], PageClient]
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.REPORTER))


@pytest.fixture
def admin(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(make.a_member(ours, Role.ADMIN))


@pytest.fixture
def enter(ours: Organization) -> Callable[[Record], Activity]:
    """Enters a record for our provider."""

    def entered(record: Record) -> Activity:
        with _us(ours):
            (put,) = actions.put(records=[record], by=_actor(ours), at=AT)
            assert put.activity is not None, [problem.message for problem in put.problems]
            return put.activity

    return entered


@pytest.fixture
def kept(ours: Organization) -> Callable[[Activity], Record]:
    """Reads what is on record."""

    def read(activity: Activity) -> Record:
        with _us(ours):
            return record_of(Activity.objects.get(pk=activity.pk))

    return read


def _actor(ours: Organization) -> Actor:
    return Actor.organization(ours.pk, OrganizationKind.PROVIDER)


def _us(ours: Organization):  # type: ignore[no-untyped-def]
    return acting_as(_actor(ours))
