"""What a provider does with one credit by form: report it, check its learner first, withdraw it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import models, transaction

from activities.models import Activity
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.models import Organization
from pars.audit.actions import record
from pars.batches import entry
from pars.batches.models import Batch, Level
from pars.batches.report import Report

from . import birthday
from .batch import LEARNERS
from .landing import CORRECTS, REWORD
from .models import Credit, Hold
from .validation import VALIDATION


class Reason(models.TextChoices):
    """Why a credit is withdrawn. A choice and no free text, so that nobody's story ends up in the record."""

    MISTAKE = "mistake", "It was reported by mistake"
    OTHER_PERSON = "other_person", "It belongs to another person"
    OTHER_DETAILS = "other_details", "The date or the activity is wrong; it will be reported again"
    NO_CONSENT = "no_consent", "The learner did not consent, or took the consent back"


class NotWithdrawn(DomainError):
    """The credit could not be withdrawn; the sentence is the row's own."""


def report_rows(
    *,
    rows: Sequence[dict[str, str]],
    consent: str,
    organization: Organization,
    by: Actor,
    at: datetime,
    check_only: bool = False,
) -> Batch:
    """Credits as one batch, each given as column key → text, through the same check and SQL as a file's rows.

    With `check_only` what would become of them.
    """
    return entry.enter_rows(
        LEARNERS,
        rows,
        organization=organization,
        by=by,
        at=at,
        check_only=check_only,
        options={"consent": consent},
    )


def look(*, cells: dict[str, str], organization: Organization, by: Actor, at: datetime) -> Batch:
    """What matching says of one learner, given as column key → text. It counts as a guess."""
    return entry.enter(VALIDATION, cells, organization=organization, by=by, at=at, check_only=True)


@transaction.atomic
def reword(
    *, credit: Credit, cells: dict[str, str], organization: Organization, by: Actor, at: datetime
) -> Batch:
    """Tell a waiting credit's learner in other words, given as column key → text: the same check, the same SQL.

    Words that do not agree leave the credit where it waits, and count as a guess. It keeps its report date.
    """
    told = cells | {
        "activity": credit.activity.activity_id,
        "completed": credit.completed_on.isoformat(),
        **_amount_of(credit),
    }
    options = {"consent": credit.consent, REWORD: str(credit.pk)}
    batch = entry.enter(LEARNERS, told, organization=organization, by=by, at=at, options=options)
    credit.refresh_from_db()
    subjects = [credit.physician_id] if credit.physician_id else []
    record("credit.reworded", by=by, of=credit, at=at, subjects=subjects)
    return batch


def correct(
    *, credit: Credit, amount: str, completed_on: date, organization: Organization, by: Actor, at: datetime
) -> Batch:
    """Give a standing credit another amount or day, as a row for its learner and activity: same check, same SQL.

    It keeps its report date and the day it was due. Board credit alone may stay without an amount.
    """
    said = _amount_of(credit) | ({"amount": amount} if amount else {})
    cells = _row_of(credit) | said | {"completed": completed_on.isoformat()}
    options = {"consent": credit.consent, CORRECTS: str(credit.pk)}
    return entry.enter(LEARNERS, cells, organization=organization, by=by, at=at, options=options)


def withdraw(*, credit: Credit, reason: Reason, organization: Organization, by: Actor, at: datetime) -> Batch:
    """Take one standing credit back, as a Delete row for its learner, activity and day.

    Raises NotWithdrawn, after what was tried is on record: it may be a guess, which counts.
    """
    cells = _row_of(credit) | {"action": "Delete"}
    with transaction.atomic():
        batch = entry.enter(
            LEARNERS, cells, organization=organization, by=by, at=at, options={"reason": reason.value}
        )
        if batch.withdrawn:
            subjects = [credit.physician_id] if credit.physician_id else []
            record("credit.withdrawn", by=by, of=credit, at=at, subjects=subjects, reason=reason.value)
    if not batch.withdrawn:
        raise NotWithdrawn(" ".join(finding.message for finding in Report.of(batch).findings(Level.FIX)))
    return batch


def _row_of(credit: Credit) -> dict[str, str]:
    """The row that names a credit: its learner in the provider's words, its activity and day."""
    learner = credit.learner
    month_day = birthday.decrypt(bytes(learner.birthday))
    return {
        "activity": credit.activity.activity_id,
        "completed": credit.completed_on.isoformat(),
        "first_name": learner.first_name,
        "last_name": learner.last_name,
        "birthday": f"{month_day[:2]}/{month_day[2:]}",
        "state": learner.state,
        "board": learner.board,
        "member" if learner.board else "number": learner.number,
        "npi": learner.npi or "",
    }


def _amount_of(credit: Credit) -> dict[str, str]:
    """What it is worth: its credits, or of board credit alone the first points, which say that and change nothing."""
    if credit.amount:
        return {"amount": str(credit.amount)}
    told = credit.points.standing().order_by("board", "credit_type")
    first = told.filter(board=credit.learner.board).first() if credit.learner.board else told.first()
    return (
        {
            "amount": "",
            "board": first.board,
            "member": first.member_number,
            "points_type": first.credit_type,
            "points_amount": str(first.points),
        }
        if first
        else {"amount": ""}
    )


class HoldIsReleased(DomainError):
    """Somebody released it before."""

    def __init__(self) -> None:
        super().__init__("This hold was released already.")


@transaction.atomic
def place_hold(
    *,
    on: Organization | Activity | Credit,
    reason: Hold.Reason,
    reference: str = "",
    by: Actor,
    at: datetime,
) -> Hold:
    """Keep a provider's records, an activity's or one credit from being destroyed until it is released."""
    hold = Hold(
        organization_id=on.pk if isinstance(on, Organization) else on.organization_id,
        activity=on if isinstance(on, Activity) else None,
        credit=on if isinstance(on, Credit) else None,
        reason=reason,
        reference=reference,
        placed_by_id=by.user_id,
        placed_at=at,
    )
    hold.save(force_insert=True)
    record(
        "hold.placed",
        by=by,
        of=hold,
        at=at,
        organization_id=hold.organization_id,
        reason=reason.value,
        activity=hold.activity_id,
        credit=hold.credit_id,
    )
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, by: Actor, at: datetime) -> None:
    """End a hold; what it kept may be destroyed as soon as its six years have passed. Raises HoldIsReleased."""
    released = Hold.objects.filter(pk=hold.pk).standing().update(released_by=by.user_id, released_at=at)
    if not released:
        raise HoldIsReleased
    record("hold.released", by=by, of=hold, at=at, organization_id=hold.organization_id)
