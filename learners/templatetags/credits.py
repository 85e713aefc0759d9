"""How a provider's pages say what became of a credit."""

from django import template
from django.utils.timezone import localdate

from learners.due import due_on
from learners.models import Credit
from learners.reporting import State, state_of

register = template.Library()

TONES = {State.ON_RECORD: "success", State.WAITING: "info", State.WITHDRAWN: "neutral"}


@register.inclusion_tag("components/tag.html")
def credit_state(credit: Credit) -> dict[str, str]:
    """The state as a chip."""
    state = state_of(credit)
    return {"text": str(state.label), "tone": TONES[state]}


@register.filter
def is_late(credit: Credit) -> bool:
    """It was first reported after its due date, in days of the provider whose page this is."""
    return localdate(credit.first_reported_at) > due_on(credit.activity, credit.completed_on)
