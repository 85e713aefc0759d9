"""The outbox's scheduled work."""

from celery import shared_task
from django.utils.timezone import now

from . import delivery


@shared_task
def deliver() -> None:
    """Send what is due."""
    delivery.deliver()


@shared_task
def forget() -> None:
    """Remove what was finished long ago."""
    delivery.forget(now())
