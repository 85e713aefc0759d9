"""How a provider's pages say what became of a credit."""

from django import template
from django.utils.timezone import localdate

from activities.clock import all_due_on
from activities.models import Activity
from learners.models import Credit
from learners.standing import State, state_of

register = template.Library()

SOON = 15  # days; half the time there is

TONES = {
    State.ACCEPTED: "success",
    State.LATE: "warning",
    State.PARKED: "info",
    State.WITHDRAWN: "neutral",
}


@register.inclusion_tag("components/tag.html")
def credit_state(credit: Credit) -> dict[str, str]:
    """The state as a chip."""
    state = state_of(credit)
    return {"text": str(state.label), "tone": TONES[state]}


@register.inclusion_tag("components/tag.html")
def time_to_report(activity: Activity) -> dict[str, str]:
    """The days left until credit is due for an activity, as a chip; needs `learners` (see `with_learners`).

    Past the due day it says whether anything was reported: only the provider knows whether that was everybody.
    """
    if not activity.is_complete:
        return {"text": "–", "tone": "neutral"}
    days = (all_due_on(activity.end_on) - localdate()).days
    if days >= 0:
        return {
            "text": f"{days:,} {'day' if days == 1 else 'days'} left",
            "tone": "info" if days < SOON else "neutral",
        }
    if activity.learners:  # type: ignore[attr-defined]  # annotated
        return {"text": "Reported", "tone": "success"}
    return {"text": f"{-days:,} {'day' if days == -1 else 'days'} late", "tone": "error"}
