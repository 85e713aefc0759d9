"""Scheduled work on learners."""

from celery import shared_task
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.turns import try_turn

from .landing import look_again
from .models import Learner


@shared_task
def retry_waiting() -> None:
    """Look again at everyone who waits for a roster, a license or a claim: one provider after another."""
    with acting_as(Actor.system_job("matching")):
        waiting = Learner.objects.waiting().values_list("organization_id", flat=True).distinct()
        organizations = list(waiting.order_by("organization_id"))
    for organization_id in organizations:
        matcher = Actor.matcher(organization_id)
        with acting_as(matcher):
            if not try_turn(organization_id):
                continue  # its own chunk is being landed; the next run comes soon
            matched = look_again(organization_id=organization_id, at=now())
            if matched:
                record("learner.matched_later", by=matcher, learners=matched)
