"""What happens to an activity as a whole: closing, reopening, deleting, copying."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import TextChoices

from activities import dependents, rules
from activities.models import Activity
from activities.record import as_new
from activities.rules.problem import problem
from activities.status import Status
from activities.stored import record_of, records_of
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.audit.actions import record as write_event
from pars.batches.models import Outcome

from .keeping import Put, put, today_of


class Reason(TextChoices):
    """Why a closed activity is opened again. A choice, not free text: nobody's story ends up in the record."""

    MISTAKE = "mistake", "It was closed by mistake, or too early"
    DETAILS = "details", "Its details are wrong"
    COUNTS = "counts", "The numbers of learners have changed"
    SUPPORT = "support", "Commercial support was left out or is wrong"


class NotReadyToClose(DomainError):
    """Something is missing before the activity can be closed. `fields`: field of the record → what to do."""

    def __init__(self, problems: Sequence[rules.Problem]) -> None:
        self.problems = tuple(problems)
        self.fields: dict[str, str] = {}
        for one in problems:
            self.fields.setdefault(one.top, one.message)
        super().__init__("This activity cannot be closed yet. " + " ".join(self.fields.values()))


class ActivityIsClosed(DomainError):
    """Closing froze the activity."""

    def __init__(self) -> None:
        super().__init__("This activity is closed, so its details can no longer be changed.")


class NotClosed(DomainError):
    """There is nothing to reopen."""

    def __init__(self) -> None:
        super().__init__("This activity is not closed. Its details can be changed.")


class CreditsHang(DomainError):
    """Credits, withdrawn ones too, keep the activity they were earned for."""

    def __init__(self) -> None:
        super().__init__(
            "Credits are reported for this activity, so it stays. Credit that was withdrawn counts, too."
        )


def close(*, activity: Activity, by: Actor, at: datetime) -> Activity:
    """The activity, closed: frozen, while credit for it can still be reported and corrected.

    An activity that is closed already stays as it is. Raises NotReadyToClose.
    """
    (done,) = close_many(activities=[activity], by=by, at=at)
    if done.problems:
        raise NotReadyToClose(done.problems)
    assert done.activity is not None
    return done.activity


def close_many(*, activities: Sequence[Activity], by: Actor, at: datetime) -> list[Put]:
    """Close each, in the order given: UPDATED, UNCHANGED where it was closed, or FAILED with what is missing."""
    with transaction.atomic():
        locked = _locked(activities)
        today = today_of(by.tenant, at)
        records = records_of(locked.values())
        puts = []
        for key, current in locked.items():
            record = records[key]
            if current.closed_at:
                puts.append(Put(record, Outcome.UNCHANGED, current))
                continue
            wrong = tuple(rules.problems(record, today=today))
            found = wrong or tuple(rules.needs(record, Status.CLOSED, today=today))
            if found:
                puts.append(Put(record, Outcome.FAILED, current, found))
            else:
                current.closed_at = at
                puts.append(Put(record, Outcome.UPDATED, current, (), ("closed_at",)))
        closed = [one.activity.pk for one in puts if one.outcome == Outcome.UPDATED and one.activity]
        Activity.objects.filter(pk__in=closed).update(closed_at=at, updated_at=at)
        _tell("activity.closed", locked, closed, by, at)
    return puts


def reopen(*, activity: Activity, reason: Reason, by: Actor, at: datetime) -> Activity:
    """The activity as it was before it was closed. Raises NotClosed. For administrators of the provider."""
    with transaction.atomic():
        current = _locked([activity])[activity.pk]
        if not current.closed_at:
            raise NotClosed
        current.closed_at = None
        current.save(update_fields=["closed_at", "updated_at"])
        write_event("activity.reopened", by=by, of=current, at=at, reason=reason.value)
    return current


def delete(*, activity: Activity, by: Actor, at: datetime) -> None:
    """Remove an activity on which nothing hangs. Raises CreditsHang, ActivityIsClosed."""
    (done,) = delete_many(activities=[activity], by=by, at=at)
    if done.problems:
        raise ActivityIsClosed if done.problems[0].code == "activity_closed" else CreditsHang


def delete_many(*, activities: Sequence[Activity], by: Actor, at: datetime) -> list[Put]:
    """Remove each that can go, in the order given: WITHDRAWN, or FAILED with why it stays."""
    with transaction.atomic():
        locked = _locked(activities, against_credits=True)
        fixed = dependents.hanging(list(locked)) | dependents.kept(list(locked))
        records = records_of(locked.values())
        puts = []
        for key, current in locked.items():
            if current.closed_at:
                said = problem("activity_closed", "activity_id", current.activity_id)
            elif key in fixed:
                said = problem("credits_hang_on_activity", "activity_id", current.activity_id)
            else:
                puts.append(Put(records[key], Outcome.WITHDRAWN, current))
                continue
            puts.append(Put(records[key], Outcome.FAILED, current, (said,)))
        gone = [one.activity.pk for one in puts if one.outcome == Outcome.WITHDRAWN and one.activity]
        _tell("activity.deleted", locked, gone, by, at)
        Activity.objects.filter(pk__in=gone).delete()
    return puts


def copy(
    *,
    activity: Activity,
    start_on: date,
    end_on: date,
    provider_activity_id: str = "",
    by: Actor,
    at: datetime,
) -> Put:
    """A new activity like this one on other days. IDs, support, counts and attestations stay behind."""
    record = replace(
        as_new(record_of(activity)),
        start_on=start_on,
        end_on=end_on,
        provider_activity_id=provider_activity_id,
    )
    return put(records=[record], by=by, at=at, new=True)[0]


def _locked(activities: Sequence[Activity], *, against_credits: bool = False) -> dict[int, Activity]:
    """The rows as they stand, by primary key in the order given, locked; with `against_credits` no credit lands now."""
    keys = [activity.pk for activity in activities]
    rows = Activity.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=not against_credits)
    found = {row.pk: row for row in rows}
    return {key: found[key] for key in keys}


def _tell(verb: str, locked: dict[int, Activity], done: Sequence[int], by: Actor, at: datetime) -> None:
    """One event: of the activity where it is one, else with how many."""
    if len(locked) == 1 and done:
        write_event(verb, by=by, of=locked[done[0]], at=at)
    elif done:
        write_event(verb, by=by, at=at, activities=len(done))
