"""Destroying records whose six years have passed: counted first, then, after a notice, in small batches.

What is to go is asked of the database anew for every batch, so that work that is cut off goes on where it stopped, and
a hold that is placed meanwhile holds. A batch has its organization's turn, so nothing lands beside it. Triggers refuse
whatever is early, should a query here ever be wrong.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf

from django.db import connection
from django.db.models import F
from django.utils.timezone import now

from activities.clock import day_of
from pars.access.actor import Actor
from pars.access.models import Organization, OrganizationQuerySet
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.turns import try_turn

from .models import Credit, CreditPoints, CreditVersion, Disposal, Hold

NOTICE = timedelta(days=7)  # between counting and destroying: time to place a hold
BATCH = 500
ROWS = 5_000

# These go with their credit; a hold's key is not enforced, and its history stays.
PARTS = (CreditVersion, CreditPoints)
_LEFT_BEHIND = (*PARTS, Hold)


@dataclass(frozen=True)
class Count:
    """Credits whose six years have passed: those that may be destroyed, and those that a hold keeps; and uploads."""

    found: int
    held: int
    uploads: int

    def __bool__(self) -> bool:
        return bool(self.found or self.uploads)


@dataclass(frozen=True)
class Gone:
    """What one batch destroyed. `learners` are those whose wording nothing may need any more."""

    credits: int
    versions: int
    points: int
    learners: tuple[int, ...] = ()


_EXPIRED = """
FROM activities_activity a JOIN learners_credit c ON c.activity_id = a.id
WHERE a.organization_id = %(organization)s AND c.organization_id = %(organization)s
    AND learners_kept_until(NULL, a.end_on) <= %(through)s
    AND learners_kept_until(c.completed_on, a.end_on) <= %(through)s
    AND c.changed_at <= %(counted_at)s
"""
_PICK = """
SELECT c.id, c.learner_id {expired}
    AND learners_credit_kept_until(c) <= %(through)s {free}
LIMIT %(size)s
"""
_COUNT = """
SELECT count(*) FILTER (WHERE e.kept <= %(through)s), count(*) FILTER (WHERE e.kept = 'infinity')
FROM (SELECT learners_credit_kept_until(c) AS kept {expired} {free}) e
"""
# A wording goes with its last credit. Whoever was asked about and never had one goes after six years too.
_LEARNERS = """
DELETE FROM learners_learner l
WHERE l.organization_id = %(organization)s
    AND (l.id = ANY(%(learners)s)
        OR learners_kept_until(NULL, learners_day_of(l.created_at, %(time_zone)s)) <= %(through)s)
    AND NOT EXISTS (
        SELECT FROM learners_credit c WHERE c.organization_id = %(organization)s AND c.learner_id = l.id
    )
    AND NOT EXISTS (
        SELECT FROM learners_hold h
        WHERE h.organization_id = %(organization)s AND h.released_at IS NULL
            AND h.credit_id IS NULL AND h.activity_id IS NULL
    )
"""
_OLD_BATCHES = """
FROM batches_batch b
WHERE b.organization_id = %(organization)s AND b.status IN ('done', 'refused') AND b.created_at <= %(counted_at)s
    AND learners_kept_until(NULL, learners_day_of(b.created_at, %(time_zone)s)) <= %(through)s
    AND learners_batch_kept_until(b) <= %(through)s
    AND NOT EXISTS (
        SELECT FROM batches_row r JOIN learners_credit c ON c.id = r.target
        WHERE r.batch_id = b.id AND b.kind = 'learners'
    )
"""
_BATCH = f"SELECT b.id {_OLD_BATCHES} ORDER BY b.created_at LIMIT 1"
_BATCHES = f"SELECT count(*) {_OLD_BATCHES}"
_ROWS = """
DELETE FROM batches_row WHERE (batch_id, number) IN (
    SELECT r.batch_id, r.number FROM batches_row r WHERE r.batch_id = %s LIMIT %s
)
"""
_ISSUES = (
    "DELETE FROM batches_issue WHERE id IN (SELECT i.id FROM batches_issue i WHERE i.batch_id = %s LIMIT %s)"
)
_BATCH_ITSELF = (
    "DELETE FROM batches_correction WHERE batch_id = %(batch)s OR first_batch_id = %(batch)s; "
    "DELETE FROM batches_chunk WHERE batch_id = %(batch)s; DELETE FROM batches_batch WHERE id = %(batch)s"
)


def providers() -> OrganizationQuerySet:
    return Organization.objects.filter(kind=OrganizationKind.PROVIDER).order_by("pk")


def count(organization: Organization, at: datetime) -> Count:
    """The dry run: what could be destroyed at this moment."""
    asked = _asked(organization, at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(expired=_EXPIRED, free=_free()), asked)
        found, held = cursor.fetchone()
        cursor.execute(_BATCHES, asked)
        return Count(found, held, cursor.fetchone()[0])


def plan(
    organization: Organization, *, by: Actor, at: datetime, notice: timedelta = NOTICE
) -> Disposal | None:
    """Count, and put down what is to go after the notice; None where there is nothing, or a plan already."""
    if Disposal.objects.filter(organization=organization).open().exists():
        return None
    counted = count(organization, at)
    if not counted:
        return None
    made = Disposal.objects.create(
        organization=organization,
        through=day_of(at, organization.time_zone),
        counted_at=at,
        begins_at=at + notice,
        found=counted.found,
        held=counted.held,
        uploads=counted.uploads,
    )
    record(
        "disposal.planned",
        by=by,
        of=made,
        at=at,
        organization_id=organization.pk,
        found=counted.found,
        held=counted.held,
        uploads=counted.uploads,
    )
    return made


def hurry(organization: Organization, *, by: Actor, at: datetime) -> None:
    """End the notice of the open plan, where there is one."""
    waiting = Disposal.objects.filter(organization=organization, begins_at__gt=at).open().first()
    if waiting:
        Disposal.objects.filter(pk=waiting.pk).update(begins_at=at)
        record("disposal.hurried", by=by, of=waiting, at=at, organization_id=organization.pk)


def due(organization: Organization, at: datetime) -> Disposal | None:
    """The open plan whose notice is over."""
    plans = Disposal.objects.filter(organization=organization, begins_at__lte=at).open()
    return plans.select_related("organization").first()


def destroy(disposal: Disposal, *, by: Actor, at: datetime, size: int = BATCH) -> Gone:
    """One batch of the plan's credits with all their parts. Nothing left: nothing gone."""
    asked = _of(disposal) | {"size": size}
    with connection.cursor() as cursor:
        cursor.execute(_PICK.format(expired=_EXPIRED, free=_free()), asked)
        picked = cursor.fetchall()
        if not picked:
            return Gone(0, 0, 0)
        going = [credit_id for credit_id, _ in picked]
        parts = []
        for part in PARTS:
            cursor.execute(f"DELETE FROM {part._meta.db_table} WHERE credit_id = ANY(%s)", [going])
            parts.append(cursor.rowcount)
        cursor.execute("DELETE FROM learners_credit WHERE id = ANY(%s)", [going])
    versions, points = parts
    gone = Gone(len(going), versions, points, tuple({learner_id for _, learner_id in picked}))
    Disposal.objects.filter(pk=disposal.pk).update(disposed=F("disposed") + gone.credits)
    record(
        "disposal.destroyed",
        by=by,
        of=disposal,
        at=at,
        organization_id=disposal.organization_id,
        credits=gone.credits,
        versions=gone.versions,
        points=gone.points,
    )
    return gone


def destroy_wording(disposal: Disposal, learners: Iterable[int], *, by: Actor, at: datetime) -> int:
    """The wording of people that no credit needs, these ones first of all; how many.

    One pass over the organization's credits, which have no index by learner: once a run, not once a batch.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEARNERS, _of(disposal) | {"learners": list(learners)})
        gone: int = cursor.rowcount
    if gone:
        record(
            "disposal.wording_destroyed",
            by=by,
            of=disposal,
            at=at,
            organization_id=disposal.organization_id,
            learners=gone,
        )
    return gone


def destroy_batch(disposal: Disposal, *, by: Actor, at: datetime) -> bool:
    """One step with the oldest upload whose six years have passed and that no credit stands on; False: none is left."""
    with connection.cursor() as cursor:
        cursor.execute(_BATCH, _of(disposal))
        found = cursor.fetchone()
        if found is None:
            return False
        for some in (_ISSUES, _ROWS):
            cursor.execute(some, [found[0], ROWS])
            if cursor.rowcount == ROWS:
                return True  # more of them in the next step
        cursor.execute(_BATCH_ITSELF, {"batch": found[0]})
    record("disposal.batch_destroyed", by=by, of=disposal, at=at, organization_id=disposal.organization_id)
    return True


def finish(disposal: Disposal, *, by: Actor, at: datetime) -> None:
    """Nothing of the plan is left."""
    if Disposal.objects.filter(pk=disposal.pk).open().update(finished_at=at):
        record("disposal.finished", by=by, of=disposal, at=at, organization_id=disposal.organization_id)


def carry_out(disposal: Disposal, *, by: Actor, until: float = inf) -> bool:
    """Batch after batch, each in a transaction of its own, to the end or to a moment of `time.monotonic()`.

    True: the plan is finished. While an upload of the organization is landed it waits for the next run.
    """
    learners: set[int] = set()
    gone = Gone(1, 0, 0)
    while gone.credits and time.monotonic() < until:
        with acting_as(by):
            if not try_turn(disposal.organization_id):
                return False
            gone = destroy(disposal, by=by, at=now())
        learners.update(gone.learners)
    with acting_as(by):
        if not try_turn(disposal.organization_id):
            return False
        destroy_wording(disposal, learners, by=by, at=now())
    while not gone.credits and time.monotonic() < until:
        with acting_as(by):
            if not destroy_batch(disposal, by=by, at=now()):
                finish(disposal, by=by, at=now())
                return True
    return False


def _asked(organization: Organization, at: datetime) -> dict[str, int | date | datetime | str]:
    return {
        "organization": organization.pk,
        "through": day_of(at, organization.time_zone),
        "counted_at": at,
        "time_zone": organization.time_zone,
    }


def _of(disposal: Disposal) -> dict[str, int | date | datetime | str]:
    return {
        "organization": disposal.organization_id,
        "through": disposal.through,
        "counted_at": disposal.counted_at,
        "time_zone": disposal.organization.time_zone,
    }


def _free() -> str:
    """Nothing else refers to the credit: a table that came later, of this app or one above, keeps what it needs."""
    tables = [
        (relation.related_model._meta.db_table, relation.field.column)
        for relation in Credit._meta.related_objects
        if relation.related_model not in _LEFT_BEHIND
    ]
    return "".join(
        f" AND NOT EXISTS (SELECT FROM {table} x WHERE x.{column} = c.id)" for table, column in tables
    )
