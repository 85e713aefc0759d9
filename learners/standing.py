"""What became of a credit, in one word: for pages, filters and answers to machines."""

from django.db.models import DateField, F, Func, QuerySet, TextChoices

from .models import Credit


class State(TextChoices):
    """Late is accepted as well: it counts like any other, and says that it came after its due day."""

    ACCEPTED = "accepted", "Accepted"
    LATE = "late", "Accepted late"
    PARKED = "parked", "Waiting"
    WITHDRAWN = "withdrawn", "Withdrawn"


def state_of(credit: Credit) -> State:
    """Asks the credit's organization for its time zone."""
    if credit.withdrawn_at:
        return State.WITHDRAWN
    if credit.is_parked:
        return State.PARKED
    return State.LATE if credit.is_late else State.ACCEPTED


def in_state(reported: QuerySet[Credit], state: State) -> QuerySet[Credit]:
    """The credits of which `state_of` would say this."""
    if state == State.WITHDRAWN:
        return reported.filter(withdrawn_at__isnull=False)
    standing = reported.filter(withdrawn_at=None)
    if state == State.PARKED:
        return standing.filter(physician=None)
    reported_on = Func(
        "first_reported_at", "organization__time_zone", function="learners_day_of", output_field=DateField()
    )
    accepted = standing.filter(physician__isnull=False).alias(reported_on=reported_on)
    in_time = accepted.filter(reported_on__lte=F("due_on"))
    return in_time if state == State.ACCEPTED else accepted.filter(reported_on__gt=F("due_on"))
