"""The four statuses of an activity (pars-facts 2.1): derived from its fields and from the clock, never stored."""

from datetime import date, datetime

from django.db.models import TextChoices


class Status(TextChoices):
    """Draft → Active → Ready to close → Closed (design section 4)."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    READY = "ready", "Ready to close"
    CLOSED = "closed", "Closed"


def status_on(today: date, *, is_complete: bool, end_on: date, closed_at: datetime | None) -> Status:
    """The status on a day of the provider's calendar."""
    if closed_at:
        return Status.CLOSED
    if not is_complete:
        return Status.DRAFT
    return Status.ACTIVE if end_on >= today else Status.READY
