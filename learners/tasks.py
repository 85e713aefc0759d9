"""Work on learners that a clock or an arrival sets off."""

import logging
import time
from collections.abc import Iterable
from uuid import UUID

from celery import shared_task
from django.db import OperationalError
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.batches.turns import try_turn, wait_turn

from . import disposal, reminders, waiting

log = logging.getLogger(__name__)

_SYSTEM = Actor.system_job("matching")
DISPOSE_FOR = 60.0  # seconds of one run; the next goes on from there


@shared_task
def retry_waiting() -> None:
    """Look again at everyone who waits for a roster, a license or a claim: one provider after another."""
    with acting_as(_SYSTEM):
        organizations = waiting.organizations_that_wait()
    for organization_id in organizations:
        matcher = Actor.matcher(organization_id)
        with acting_as(matcher):
            # While its own chunk is being landed the next run, which comes soon, will do.
            if try_turn(organization_id):
                waiting.match_again(organization_id=organization_id, by=matcher, at=now())


@shared_task
def match_after_roster(*, batch_id: str) -> None:
    """Look again at those who may wait for a roster that has just landed."""
    with acting_as(_SYSTEM):
        organizations = waiting.organizations_that_wait_for(waiting.physicians_of_batch(UUID(batch_id)))
    _match(organizations)


@shared_task
def match_after_change(*, physician_id: str) -> None:
    """Look again at those who may wait for what has just become known of a physician."""
    with acting_as(_SYSTEM):
        organizations = waiting.organizations_that_wait_for([int(physician_id)])
    _match(organizations)


def _match(organizations: Iterable[int]) -> None:
    for organization_id in organizations:
        matcher = Actor.matcher(organization_id)
        try:
            with acting_as(matcher):
                wait_turn(organization_id)
                waiting.match_again(organization_id=organization_id, by=matcher, at=now())
        except OperationalError as error:
            # Its own upload is landing for longer than that; the clock's next run finds them.
            log.warning("organization %s was not matched again: %s", organization_id, type(error).__name__)


@shared_task
def remind() -> None:
    """Post reminders of credit that is due: one provider after another."""
    job, at = Actor.system_job("reminders"), now()
    with acting_as(job):
        organizations = list(reminders.owing(at.date()))
    for organization in organizations:
        with acting_as(job):
            if try_turn(organization.pk):  # two clocks at once post one reminder
                reminders.remind(organization, by=job, at=at)


@shared_task
def dispose() -> None:
    """Plan what may be destroyed, and carry out plans whose notice is over: one provider after another."""
    job, until = Actor.system_job("retention"), time.monotonic() + DISPOSE_FOR
    with acting_as(job):
        organizations = list(disposal.providers())
    for organization in organizations:
        with acting_as(job):
            disposal.plan(organization, by=job, at=now())
            due = disposal.due(organization, now())
        if due is not None and time.monotonic() < until:
            disposal.carry_out(due, by=job, until=until)
