"""Scheduled work on the audit trail."""

from celery import shared_task
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.scope import acting_as

from .sealer import BLOCK, seal


@shared_task
def seal_events() -> None:
    """Chain what has been written since the last second."""
    with acting_as(Actor.system_job("sealer")):
        while seal(at=now()) == BLOCK:
            pass
