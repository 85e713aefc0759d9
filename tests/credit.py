"""Credit that stands, without the way there: for tests of those who read it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from activities import clock
from activities.models import Activity
from learners import birthday
from learners.models import Credit, CreditPoints, Learner, License, Physician
from tests.roles import as_role

REPORTED_AT = datetime(2026, 9, 20, 15, tzinfo=UTC)


def a_learner(physician: Physician, organization_id: int, /, **fields: Any) -> Learner:
    """The physician in one provider's words, matched; by the first license where there is one."""
    with as_role("pars_owner"):
        held = License.objects.filter(physician=physician).order_by("pk").first()
        defaults: dict[str, Any] = {
            "fingerprint": uuid4().bytes,
            "first_name": physician.first_name,
            "last_name": physician.last_name,
            "first_key": physician.first_key,
            "last_key": physician.last_key,
            "state": held.state if held else "NC",
            "number": held.number if held else "",
            "number_key": held.number_key if held else "",
            "birthday": physician.birthday or birthday.encrypt("1013"),
            "physician": physician,
            "verdict": "matched",
            "created_at": REPORTED_AT,
        }
        return Learner.objects.create(organization_id=organization_id, **(defaults | fields))


def a_credit(physician: Physician, activity: Activity, **fields: Any) -> Credit:
    """4 credits for the activity, completed on its last day and reported a week later."""
    learner = a_learner(physician, activity.organization_id)
    defaults: dict[str, Any] = {
        "amount": Decimal(4),
        "completed_on": activity.end_on,
        "consent": "written",
        "row": 1,
        "due_on": _due_on(activity, fields.get("completed_on", activity.end_on)),
        "first_reported_at": REPORTED_AT,
        "changed_at": REPORTED_AT,
    }
    with as_role("pars_owner"):
        return Credit.objects.create(
            organization_id=activity.organization_id,
            learner=learner,
            physician=physician,
            activity=activity,
            batch_id=uuid4(),
            **(defaults | fields),
        )


def _due_on(activity: Activity, completed_on: date) -> date:
    return clock.due_on(completed_on=completed_on, end_on=activity.end_on, self_paced=activity.self_paced)


def some_points(credit: Credit, **fields: Any) -> CreditPoints:
    """4 ABIM points for medical knowledge on this credit."""
    defaults = {
        "board": "ABIM",
        "member_number": "189966",
        "credit_type": "Medical Knowledge",
        "points": Decimal(4),
    }
    with as_role("pars_owner"):
        return CreditPoints.objects.create(
            credit=credit,
            organization_id=credit.organization_id,
            physician_id=credit.physician_id,
            **(defaults | fields),
        )
