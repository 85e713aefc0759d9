"""Claiming a record, and what the operator decides where the registry could not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from boards.models import Board
from learners.models import Degree, License, Physician
from learners.registry import LicenseEntry, PhysicianEntry, enroll
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.scope import acting_as
from pars.audit.actions import record

from . import claims
from .claims import Details
from .models import Claim, Passport


class AlreadyClaimed(DomainError):
    """The user holds a record, or somebody else holds this one."""

    def __str__(self) -> str:
        return "Another account holds this record, or this account holds another. Clear that up first."


class ListedMeanwhile(DomainError):
    """The license is on record: whose it is must be looked at first."""

    def __str__(self) -> str:
        return "This license has come on record meanwhile. Look at who holds it before you decide."


@transaction.atomic
def claim(*, details: Details, by: Actor, at: datetime) -> Claim:
    """Take the person's word, ask the registry, and hand over the record where it agrees.

    The claim's status says what became of it; to the person all but CONFIRMED read the same. Saying the same
    wrong thing again is not counted again. Raises AlreadyClaimed where the user holds a record.
    """
    user_id = _user_of(by)
    _one_at_a_time(f"claims of user {user_id}")
    if Passport.objects.filter(user_id=user_id).exists():
        raise AlreadyClaimed
    holders = claims.pointed_at(details)
    for holder in holders:
        _one_at_a_time(f"claims of physician {holder.pk}")
    verdict = claims.decide(details, holders, user_id=user_id, at=at)
    made = _known(details, verdict.status, user_id=user_id, at=at) or Claim.objects.create(
        user_id=user_id,
        first_name=details.first_name,
        last_name=details.last_name,
        birthday=details.birthday,
        state=details.state,
        number=details.number,
        physician=verdict.physician,
        status=verdict.status,
        made_at=at,
    )
    subjects = [verdict.physician.pk] if verdict.physician else []
    record(f"claim.{verdict.status}", by=by, at=at, of=made, subjects=subjects)
    if verdict.status == Claim.Status.CONFIRMED and verdict.physician:
        _hand_over(verdict.physician, made, at=at)
    return made


def see(*, claims: Sequence[Claim], by: Actor, at: datetime) -> None:
    """Note that an operator looked at these claims, and so at the physicians they are about."""
    about = {claim.physician_id for claim in claims if claim.physician_id is not None}
    record("claim.seen", by=by, at=at, subjects=sorted(about), claims=[claim.pk for claim in claims])


@transaction.atomic
def confirm(*, waiting: Claim, physician: Physician, by: Actor, at: datetime) -> None:
    """The operator has seen a document: the record is the claimant's. May raise AlreadyClaimed."""
    _one_at_a_time(f"claims of user {waiting.user_id}")
    _one_at_a_time(f"claims of physician {physician.pk}")
    if (
        Passport.objects.filter(physician=physician).exists()
        or Passport.objects.filter(user_id=waiting.user_id).exists()
    ):
        raise AlreadyClaimed
    waiting.status, waiting.physician = Claim.Status.CONFIRMED, physician
    waiting.save(update_fields=["status", "physician"])
    record("claim.confirmed", by=by, at=at, of=waiting, subjects=[physician.pk])
    _hand_over(physician, waiting, at=at)


@transaction.atomic
def enroll_claimant(*, waiting: Claim, board: Board, degree: Degree, by: Actor, at: datetime) -> Physician:
    """The operator has seen the document of a license that nobody has listed: the claimant enters the registry by it.

    Raises ListedMeanwhile where the license is on record by now, and AlreadyClaimed.
    """
    details = Details.of(waiting)
    if claims.pointed_at(details):
        raise ListedMeanwhile
    license_ = LicenseEntry(
        board=board.organization,
        state=board.state,
        degree=degree,
        number=details.number,
        status=License.Status.UNCONFIRMED,
    )
    physician = enroll(
        PhysicianEntry(
            first_name=details.first_name,
            last_name=details.last_name,
            degree=degree,
            month_day=details.month_day,
            npi=None,
            source=Physician.Source.CLAIM,
            licenses=(license_,),
        )
    )
    record("physician.enrolled", by=by, at=at, of=physician, subjects=[physician.pk])
    confirm(waiting=waiting, physician=physician, by=by, at=at)
    return physician


@transaction.atomic
def refuse(*, waiting: Claim, by: Actor, at: datetime) -> None:
    """The operator could not confirm it; the person may claim again."""
    waiting.status = Claim.Status.REFUSED
    waiting.save(update_fields=["status"])
    record("claim.refused", by=by, at=at, of=waiting)


def _hand_over(physician: Physician, made: Claim, *, at: datetime) -> None:
    """A birthday that no authority has said is filled from the confirmed claim; a known one stands."""
    Passport.objects.create(user_id=made.user_id, physician=physician, confirmed_at=at)
    with acting_as(Actor.system_job("claims")):
        Physician.objects.filter(pk=physician.pk, birthday=None).update(birthday=made.birthday)


def _known(details: Details, status: Claim.Status, *, user_id: int, at: datetime) -> Claim | None:
    """The user's claim of the same words with the same outcome, if it still counts."""
    if status == Claim.Status.CONFIRMED:
        return None
    earlier = Claim.objects.filter(user_id=user_id, status=status, made_at__gt=at - claims.GUESSES_COUNT_FOR)
    return next((known for known in earlier.order_by("pk") if details.same_as(known)), None)


def _user_of(by: Actor) -> int:
    if by.user_id is None:
        raise ValueError("A claim is made by a person who is signed in.")
    return by.user_id


def _one_at_a_time(what: str) -> None:
    """Wait for whoever does the same to commit: guesses sent together are counted one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
