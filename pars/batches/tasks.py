"""Celery's side of the engine: ids in, one call. A redelivered message finds nothing to claim."""

import logging
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.db import transaction
from django.utils.timezone import now

from . import actions, engine
from .job import SYSTEM

log = logging.getLogger(__name__)

EXPIRES = 120  # seconds; the dispatcher sends again what was not taken


@shared_task
def advance(*, batch_id: str) -> None:
    """Take one batch as far as it can be claimed."""
    engine.run(UUID(batch_id), call=lambda: _publish(help_along, {"batch_id": batch_id}))


@shared_task
def help_along(*, batch_id: str) -> None:
    """Process one chunk of a batch that another worker is at, and come again behind whoever waits by then."""
    if engine.help_along(UUID(batch_id)):
        _publish(help_along, {"batch_id": batch_id})


@shared_task
def dispatch() -> None:
    """Wake a worker for each batch that should be moving and is not."""
    for batch_id in engine.lease_due():
        _publish(advance, {"batch_id": str(batch_id)})


@shared_task
def forget_uploads() -> None:
    """Remove stored uploads older than 30 days; their rows and digests stay."""
    actions.forget_uploads(by=SYSTEM, at=now())


def wake(task: Task[Any, Any], **ids: str) -> None:
    """Publish after commit, once. A broker that is down is logged: the dispatcher will find the work."""
    transaction.on_commit(lambda: _publish(task, ids))


def _publish(task: Task[Any, Any], ids: dict[str, str]) -> None:
    try:
        task.apply_async(kwargs=ids, expires=EXPIRES, ignore_result=True)
    except Exception as error:  # noqa: BLE001 (kombu, redis and socket each raise their own)
        log.warning("%s was not published: %s", task.name, type(error).__name__)
