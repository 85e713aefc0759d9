"""How a provider's pages say what became of a credit."""

from datetime import date
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from activities.clock import all_due_on
from activities.models import Activity
from activities.templatetags.activities import days, status_chip
from learners.models import Credit
from learners.standing import State, state_of
from pars.web.numbers import counted
from pars.web.templatetags.components import chip

register = template.Library()

SOON = 15  # days; half the time there is

TONES = {
    State.ACCEPTED: "success",
    State.LATE: "warning",
    State.PARKED: "info",
    State.WITHDRAWN: "neutral",
}


@register.simple_tag
def credit_state(credit: Credit) -> SafeString:
    """The state as a chip."""
    state = state_of(credit)
    return chip(str(state.label), TONES[state])


@register.simple_tag
def activity_cells(activity: Activity) -> dict[str, Decimal | str | None]:
    """All that a long list says of an activity, as it is written there: the template looks up each in one step.

    Needs `learners` (see `with_learners`).
    """
    today = localdate()
    learners: int = activity.learners  # type: ignore[attr-defined]  # annotated
    return {
        "url": reverse("activity", args=(activity.activity_id,)),
        "title": activity.title,
        "ids": " · ".join(filter(None, (activity.activity_id, activity.provider_activity_id))),
        "days": days(activity.start_on, activity.end_on),
        "format": activity.format,
        "credits": activity.credits,
        "status": status_chip(activity.status(today)),
        "learners": f"{learners:,}",
        "time": _time_to_report(activity, learners, today),
    }


def _time_to_report(activity: Activity, learners: int, today: date) -> SafeString:
    """The days left until credit is due, as a chip.

    Past the due day it says whether anything was reported: only the provider knows whether that was everybody.
    """
    if not activity.is_complete:
        return chip("–")
    left = (all_due_on(activity.end_on) - today).days
    if left >= 0:
        return chip(f"{counted(left, 'days')} left", "info" if left < SOON else "neutral")
    return chip("Reported", "success") if learners else chip(f"{counted(-left, 'days')} late", "error")
