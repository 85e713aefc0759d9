"""How a provider's pages say what became of a credit."""

from django import template

from learners.models import Credit
from learners.standing import State, state_of

register = template.Library()

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
