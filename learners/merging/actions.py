"""Join two records, and part them again. Both are an operator's acts, with a reason, and both histories stay."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.batches.turns import wait_turn

from ..models import Credit, Learner, MergedRow, Merger, Physician
from . import moves
from .holdings import holdings
from .moves import Changed


class CannotMerge(DomainError):
    """The two records contradict each other, or one of them is no record of its own any more."""


class CannotSplit(DomainError):
    """The merger was split before, or a later one stands in the way."""


@transaction.atomic
def merge(*, kept: Physician, absorbed: Physician, reason: Merger.Reason, by: Actor, at: datetime) -> Merger:
    """Everything `absorbed` holds goes to `kept`; of a credit on both, the one reported first stands.

    Raises CannotMerge.
    """
    kept, absorbed = _locked(kept, absorbed)
    refusal = why_not(kept, absorbed)
    if refusal:
        raise CannotMerge(refusal)
    merger = Merger.objects.create(
        kept=kept, absorbed=absorbed, reason=reason, merged_at=at, merged_by=by.user_id or 0
    )
    params: dict[str, Any] = {"kept": kept.pk, "absorbed": absorbed.pk, "now": at}
    ledger = _Ledger(merger)
    ledger.add(moves.add_alias(params))
    for holding in holdings():
        ledger.add(moves.move_holding(holding, params))
    for one in moves.fill_physician(params):
        ledger.add([one])
    ledger.add(moves.move_licenses(params))
    for organization_id in _organizations(absorbed):
        _move_for(organization_id, ledger, params, by=by)
    ledger.save()
    record(
        "physician.merged",
        by=by,
        at=at,
        of=merger,
        subjects=[kept.pk, absorbed.pk],
        reason=reason.value,
        rows=ledger.count,
    )
    return merger


@transaction.atomic
def split(*, merger: Merger, reason: Merger.SplitReason, by: Actor, at: datetime) -> None:
    """Give back what the merger took; what came for the absorbed record's people meanwhile goes with them.

    Raises CannotSplit.
    """
    kept, absorbed = _locked(merger.kept, merger.absorbed)
    merger = Merger.objects.select_for_update().get(pk=merger.pk)
    refusal = why_not_split(merger)
    if refusal:
        raise CannotSplit(refusal)
    params: dict[str, Any] = {"kept": kept.pk, "absorbed": absorbed.pk, "now": at}
    keys = {holding.table: holding.key for holding in holdings()}
    steps: dict[tuple[int, int | None, str], list[Changed]] = defaultdict(list)
    for row in MergedRow.objects.filter(merger=merger).order_by("-step", "pk"):
        changed = Changed(row.table, row.row_key, row.was, row.became)
        steps[row.step, row.organization_id, row.table].append(changed)
    for (_, organization_id, table), rows in steps.items():
        key = keys.get(table, "id")
        if organization_id is None:
            moves.restore(table, key, rows, params)
            continue
        with acting_as(Actor.matcher(organization_id, user_id=by.user_id)):
            ours = params | {"organization": organization_id}
            moves.restore(table, key, rows, ours)
            if table == "learners_learner":
                moves.follow_learners([row.row_key for row in rows], ours)
    merger.split_at, merger.split_by, merger.split_reason = at, by.user_id, reason
    merger.save(update_fields=["split_at", "split_by", "split_reason"])
    subjects = [kept.pk, absorbed.pk]
    record("physician.split", by=by, at=at, of=merger, subjects=subjects, reason=reason.value)


def why_not(kept: Physician, absorbed: Physician) -> str:
    """Why two records cannot be joined, in a sentence; "" where they can."""
    if kept.pk == absorbed.pk:
        return "This is one record. Enter the number of the other one."
    for one in (kept, absorbed):
        if Merger.objects.filter(absorbed=one, split_at=None).exists():
            return f"Record {one.pk} was joined to another already. Open that one."
    if kept.npi and absorbed.npi:
        return (
            "Each has an NPI of its own, which means two people. If one is wrong, a board corrects it first."
        )
    if kept.birthday and absorbed.birthday and bytes(kept.birthday) != bytes(absorbed.birthday):
        return "Their birthdays differ, which means two people. If one is wrong, a board corrects it first."
    for holding in holdings():
        if holding.once and _holds(holding.table, kept) and _holds(holding.table, absorbed):
            return holding.refusal
    return ""


def why_not_split(merger: Merger) -> str:
    """Why a merger cannot be undone now, in a sentence; "" where it can."""
    if merger.split_at:
        return "These two were parted again already."
    about = [merger.kept_id, merger.absorbed_id]
    later = Merger.objects.filter(split_at=None, pk__gt=merger.pk)
    if later.filter(Q(kept__in=about) | Q(absorbed__in=about)).exists():
        return "The record was joined with another one later. Part those first."
    return ""


def _holds(table: str, physician: Physician) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE physician_id = %s)", [physician.pk])
        return bool(cursor.fetchone()[0])


def _locked(one: Physician, other: Physician) -> tuple[Physician, Physician]:
    """Both records, read anew and held in the order of their numbers, so that two mergers wait for each other."""
    ids = sorted({one.pk, other.pk})
    found = {
        held.pk: held for held in Physician.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    return found[one.pk], found[other.pk]


def _organizations(absorbed: Physician) -> list[int]:
    """The providers that reported the absorbed record."""
    reported = Learner.objects.filter(physician=absorbed).values_list("organization_id", flat=True)
    credited = Credit.objects.filter(physician=absorbed).values_list("organization_id", flat=True)
    return sorted({*reported.distinct(), *credited.distinct()})


def _move_for(organization_id: int, ledger: "_Ledger", params: dict[str, Any], *, by: Actor) -> None:
    """One provider's rows move as its matcher moves them when a license arrives."""
    ours = params | {"organization": organization_id}
    matcher = Actor.matcher(organization_id, user_id=by.user_id)
    with acting_as(matcher):
        wait_turn(organization_id)
        ledger.add(moves.move_learners(ours), organization_id)
        withdrawn = moves.withdraw_later_twins(ours)
        ledger.add(withdrawn, organization_id)
        moved = moves.move_credits(ours)
        ledger.add(moved, organization_id)
        ledger.add(moves.move_points(ours), organization_id)
        joined = [row.row_key for row in withdrawn]
        ledger.add(moves.hand_on_points(joined, ours), organization_id)
        record("credit.moved", by=matcher, at=params["now"], credits=len(moved), joined=len(joined))


class _Ledger:
    """Collects what each step changed; saved by the operator, whose it is."""

    def __init__(self, merger: Merger) -> None:
        self._merger = merger
        self._rows: list[MergedRow] = []
        self._step = 0

    @property
    def count(self) -> int:
        return len(self._rows)

    def add(self, changed: list[Changed], organization_id: int | None = None) -> None:
        self._step += 1
        self._rows += [
            MergedRow(
                merger=self._merger,
                organization_id=organization_id,
                step=self._step,
                table=row.table,
                row_key=row.row_key,
                was=row.was,
                became=row.became,
            )
            for row in changed
        ]

    def save(self) -> None:
        MergedRow.objects.bulk_create(self._rows)
