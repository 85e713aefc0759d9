"""How a provider's pages say what became of a credit."""

from django import template
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from activities.clock import all_due_on
from activities.models import Activity
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
def time_to_report(activity: Activity) -> SafeString:
    """The days left until credit is due for an activity, as a chip; needs `learners` (see `with_learners`).

    Past the due day it says whether anything was reported: only the provider knows whether that was everybody.
    """
    if not activity.is_complete:
        return chip("–")
    days = (all_due_on(activity.end_on) - localdate()).days
    if days >= 0:
        return chip(f"{counted(days, 'days')} left", "info" if days < SOON else "neutral")
    if activity.learners:  # type: ignore[attr-defined]  # annotated
        return chip("Reported", "success")
    return chip(f"{counted(-days, 'days')} late", "error")
