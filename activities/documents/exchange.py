"""Documents in and out of the database: what web services and JSON files do with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from activities.actions import Put, close_many, delete_many, put
from activities.models import Activity
from activities.record import Record
from activities.rules.problem import problem
from activities.stored import records_of
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.models import Organization
from pars.batches.models import Outcome

from .reading import Reading, read
from .wording import respelled, worded
from .writing import identified, write

ROOT, ELEMENTS = "ACCMEActivities", "MedicalEducationMetrics"


class NoActivities(DomainError):
    """The document is not one of the published schema."""

    def __init__(self) -> None:
        super().__init__(f"This holds no activities. They stand in a list: {ROOT}.{ELEMENTS}.")


def elements(document: object) -> list[object]:
    """The activities of a document, still to be read. Raises NoActivities."""
    root = document.get(ROOT) if isinstance(document, dict) else None
    found = root.get(ELEMENTS) if isinstance(root, dict) else None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise NoActivities
    return found


def accept(*, document: object, by: Actor, at: datetime) -> list[Put]:
    """Do what each activity of the document asks, in one transaction; what became of each, in their order.

    What has problems is left as it was, and the others land. An activity that was to be closed and lacks something
    stands as the document says and is open; what it lacks are the problems of its Put. Raises NoActivities.
    """
    readings = [read(one) for one in elements(document)]
    with transaction.atomic():
        puts = _refused(readings, by)
        _put(readings, puts, by, at)
        _delete(readings, puts, by, at)
        _close(readings, puts, by, at)
    return [puts[place] for place in range(len(readings))]


def show(activities: Sequence[Activity]) -> dict[str, Any]:
    """The document of these activities, in the words in which they were sent, with the number we issued."""
    records = records_of(activities)
    return {ROOT: {ELEMENTS: [_shown(records[one.pk], one.activity_id) for one in activities]}}


def _shown(record: Record, activity_id: str) -> dict[str, Any]:
    document = worded(write(record), record.wording)
    return respelled(identified(document, activity_id), record.wording)


def _refused(readings: Sequence[Reading], by: Actor) -> dict[int, Put]:
    """What cannot be read, or is of another provider."""
    code = Organization.objects.values_list("code", flat=True).get(pk=by.tenant)
    puts = {}
    for place, one in enumerate(readings):
        found = one.problems
        if not found and one.provider and one.provider.lstrip("0") != code.lstrip("0"):
            found = (problem("other_provider", "XtensibleInfo.ProviderID", one.provider, own=code),)
        if found:
            puts[place] = Put(one.record, Outcome.FAILED, None, found)
    return puts


def _put(readings: Sequence[Reading], puts: dict[int, Put], by: Actor, at: datetime) -> None:
    places = [place for place, one in enumerate(readings) if place not in puts and one.action != "delete"]
    known = [order for order, place in enumerate(places) if readings[place].action == "update"]
    done = put(
        records=[readings[place].record for place in places],
        said=[readings[place].said for place in places],
        known=known,
        numbers=[place + 1 for place in places],
        keyed=True,
        by=by,
        at=at,
    )
    puts.update(zip(places, done, strict=True))


def _delete(readings: Sequence[Reading], puts: dict[int, Put], by: Actor, at: datetime) -> None:
    places = [place for place, one in enumerate(readings) if place not in puts]
    records = [readings[place].record for place in places]
    found = named(records, by)
    for place, activity in zip(places, found, strict=True):
        if activity is None:
            said = problem("activity_unknown", "activity_id", readings[place].record.activity_id)
            puts[place] = Put(readings[place].record, Outcome.FAILED, None, (said,))
    there = {one.pk: one for one in found if one}
    done = {
        one.activity.pk: one
        for one in delete_many(activities=list(there.values()), by=by, at=at)
        if one.activity
    }
    for place, activity in zip(places, found, strict=True):
        if activity:
            puts[place] = done[activity.pk]


def _close(readings: Sequence[Reading], puts: dict[int, Put], by: Actor, at: datetime) -> None:
    wanted = {
        kept.activity.pk: place
        for place, one in enumerate(readings)
        if one.close
        and (kept := puts[place]).activity
        and kept.outcome not in (Outcome.FAILED, Outcome.WITHDRAWN)
    }
    activities = [activity for place in wanted.values() if (activity := puts[place].activity)]
    for done in close_many(activities=activities, by=by, at=at):
        assert done.activity is not None
        place = wanted[done.activity.pk]
        before = puts[place]
        outcome = (
            done.outcome if before.outcome == Outcome.UNCHANGED and not done.problems else before.outcome
        )
        puts[place] = Put(before.record, outcome, done.activity, done.problems, before.changed)


def named(records: Iterable[Record], by: Actor) -> list[Activity | None]:
    """The actor's activity that each record's IDs name: the nine digits, else the own ID; None where there is none."""
    wanted = list(records)
    found = Activity.objects.filter(organization_id=by.tenant).filter(
        Q(activity_id__in=[one.activity_id for one in wanted if one.activity_id])
        | Q(provider_activity_id__in=[one.provider_activity_id for one in wanted if one.provider_activity_id])
    )
    by_id = {one.activity_id: one for one in found}
    by_own = {one.provider_activity_id: one for one in found}
    return [
        by_id.get(one.activity_id) if one.activity_id else by_own.get(one.provider_activity_id or "-")
        for one in wanted
    ]
