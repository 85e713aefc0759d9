"""A part of one activity, as a section of the form says it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from activities.models import Activity
from activities.stored import record_of
from pars.access.actor import Actor

from .keeping import Put, put


def amend(*, activity: Activity, fields: Mapping[str, Any], by: Actor, at: datetime) -> Put:
    """The activity with these fields of its record changed; all others stay as they stand now.

    So two people who save different sections at once undo nothing of each other's.
    """
    with transaction.atomic():
        current = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
        (changed,) = put(records=[replace(record_of(current), **fields)], by=by, at=at)
    return changed
