"""Licenses that a full roster leaves out: counted and shown first, and lapsed only when the board says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from learners.models import License, LicenseQuerySet
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.kinds import NextStep
from pars.batches.models import Batch, BatchQuerySet, Row, Status
from pars.batches.turns import wait_turn

FULL = "full"
_STANDING = (License.Status.ACTIVE, License.Status.UNCONFIRMED, License.Status.SUSPENDED)

_LAPSE = """
WITH lapsed AS (
    UPDATE learners_license x SET status = 'lapsed', source = 'roster', changed_at = %(now)s
    WHERE x.board_id = %(organization)s AND x.status IN ('active', 'unconfirmed', 'suspended')
        AND NOT EXISTS (SELECT FROM batches_row r WHERE r.batch_id = %(batch)s AND r.target = x.id)
    RETURNING x.id, old.physician_id, old.number, old.degree, old.first_key, old.last_key, old.status, old.issued_on,
        old.expires_on, old.changed_at AS said_at
), versions AS (
    INSERT INTO learners_licenseversion (
        license_id, board_id, physician_id, number, degree, first_key, last_key, status, issued_on, expires_on, said_at,
        replaced_at, change, source
    )
    SELECT l.id, %(organization)s, l.physician_id, l.number, l.degree, l.first_key, l.last_key, l.status, l.issued_on,
        l.expires_on, l.said_at, %(now)s, 'lapsed', 'roster'
    FROM lapsed l
)
SELECT count(*) FROM lapsed
"""


class CountChanged(DomainError):
    """Another number of licenses is absent now than the one that was shown."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count

    def __str__(self) -> str:
        return (
            f"The number has changed: {self.count:,} licenses are not on the roster now. "
            "Look at the list again before you decide."
        )


class NotDecidable(DomainError):
    """This roster is not, or no longer, one to lapse licenses by."""


@dataclass(frozen=True)
class Absent:
    """The licenses that stand, by a board's word or another's, and that a full roster leaves out."""

    batch: Batch
    licenses: LicenseQuerySet
    count: int


def rosters(actor: Actor) -> BatchQuerySet:
    """The board's rosters that changed something, newest first."""
    sent = Batch.objects.visible_to(actor).uploads().for_themselves()
    return sent.filter(kind="rosters", check_only=False).newest_first()


def why_not(batch: Batch) -> str:
    """Why nothing may be lapsed by this roster, in a sentence; "" where it may."""
    if batch.options.get("coverage") != FULL or batch.check_only or batch.status != Status.DONE:
        return "Only a full list that was taken in says which licenses are missing from it."
    if batch.failed:
        return (
            "Some rows of this list are still to be fixed, and their licenses would count as missing. "
            "Fix them here, or send them again."
        )
    if batch.corrections.exists():
        return "This file only corrects rows of an earlier roster. Decide by that one."
    newer = Batch.objects.for_themselves().filter(
        organization_id=batch.organization_id,
        kind=batch.kind,
        check_only=False,
        created_at__gt=batch.created_at,
    )
    if newer.exclude(status=Status.REFUSED).exists():
        return "A newer roster has come since. Decide by that one."
    return ""


def absent_from(batch: Batch, actor: Actor) -> Absent:
    """What the roster leaves out, by name. Raises NotDecidable."""
    refusal = why_not(batch)
    if refusal:
        raise NotDecidable(refusal)
    listed = Row.objects.filter(batch=batch, target=OuterRef("pk"))
    left_out = (
        License.objects.visible_to(actor)
        .filter(~Exists(listed), status__in=_STANDING)
        .select_related("physician")
        .order_by("last_key", "first_key", "number")
    )
    return Absent(batch, left_out, left_out.count())


@transaction.atomic
def lapse(*, batch: Batch, count: int, by: Actor, at: datetime) -> int:
    """Lapse what the full roster leaves out, if it is still the number that was shown; how many.

    Raises NotDecidable and CountChanged.
    """
    organization_id = batch.organization_id
    wait_turn(organization_id)  # no roster lands between the look and the change
    found = absent_from(batch, by)
    if found.count != count:
        raise CountChanged(found.count)
    params: dict[str, Any] = {"batch": batch.pk, "organization": organization_id, "now": at}
    matcher = Actor.matcher(organization_id, user_id=by.user_id)
    with acting_as(matcher), connection.cursor() as cursor:
        cursor.execute(_LAPSE, params)
        lapsed = int(cursor.fetchone()[0])
    record("roster.absent_lapsed", by=by, at=at, of=batch, licenses=lapsed)
    return lapsed


def next_step(batch: Batch) -> NextStep | None:
    """After a full roster: how many licenses it leaves out, and where to decide about them."""
    if why_not(batch):
        return None
    actor = Actor(kind="board", organization_id=batch.organization_id)
    found = absent_from(batch, actor)
    if not found.count:
        return None
    licenses = "1 license is" if found.count == 1 else f"{found.count:,} licenses are"
    return NextStep(
        heading=f"{licenses} on record and not in this full list",
        text="Nothing has happened to them. Look at who they are, then say whether they have lapsed.",
        label="Look at the missing licenses",
        url=reverse("roster-absent", args=(batch.pk,)),
    )
