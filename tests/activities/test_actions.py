"""What the actions refuse whoever calls them, form or not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from activities import actions
from activities.models import Activity
from pars.access.actor import Actor
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
DRAFT = actions.Fields("Grand Rounds", "Live Course", date(2026, 12, 1), date(2026, 12, 1))


def acting_for(activity: Activity) -> Actor:
    return Actor.organization(activity.organization_id, OrganizationKind.PROVIDER)


def test_what_was_complete_does_not_lose_what_makes_it_so() -> None:
    activity = make.an_activity(make.a_provider())

    with acting_as(acting_for(activity)), pytest.raises(actions.BackToDraft) as refusal:
        actions.change(activity=activity, fields=DRAFT, by=acting_for(activity), at=NOW)

    assert refusal.value.field == "delivery"


def test_what_is_closed_stays_as_it_is() -> None:
    activity = make.an_activity(make.a_provider(), closed_at=NOW)

    with acting_as(acting_for(activity)), pytest.raises(actions.ActivityIsClosed):
        actions.change(
            activity=activity, fields=replace(DRAFT, title="Other"), by=acting_for(activity), at=NOW
        )
