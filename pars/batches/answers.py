"""What a sender answers about a file that could not be read by itself, and the layout that the answers make.

A question is a refusal that can be answered (docs/adr/0024): the same stored file is read again as the same batch,
with the report date of the day it was handed in.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.audit.actions import record

from .kinds import kind_named
from .models import Batch, RememberedHeading, Status
from .readers import Layout
from .readers.headings import fold

DATES = "dates"  # the option that holds the answer about days and months
MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)


class NothingToAnswer(DomainError):
    """The batch asks nothing (any more): it was answered elsewhere, or its file is no longer kept."""


def layout_for(batch: Batch) -> Layout:
    """The kind's layout with what was answered about this file, and what its organization's headings mean.

    A file that was read once is read again with the columns it had then, whatever was decided since.
    """
    layout = kind_named(batch.kind).layout
    if said := batch.options.get(DATES):
        layout = replace(layout, day_first=said == DAY_FIRST)
    if batch.header:
        named = zip(batch.header["headings"], batch.header["keys"], strict=True)
        return replace(layout, remembered={fold(heading): key or "" for heading, key in named})
    decided = RememberedHeading.objects.filter(organization_id=batch.organization_id, kind=batch.kind)
    return replace(layout, remembered=dict(decided.values_list("folded", "column")))


@transaction.atomic
def answer_dates(*, batch: Batch, order: str, by: Actor, at: datetime) -> None:
    """Read the batch on with `order` (of ORDERS) for its dates, this file's only. Raises NothingToAnswer."""
    _read_on(batch, {DATES: order}, by=by, at=at)


@transaction.atomic
def answer_headings(*, batch: Batch, columns: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Remember heading → column key ("" to leave it out) for the batch's organization and kind, and read it on.

    Raises NothingToAnswer.
    """
    _read_on(batch, {}, by=by, at=at)
    RememberedHeading.objects.bulk_create(
        [
            RememberedHeading(
                organization_id=batch.organization_id,
                kind=batch.kind,
                folded=fold(heading),
                heading=heading,
                column=column,
                decided_by_id=by.user_id,
                decided_at=at,
            )
            for heading, column in columns.items()
        ],
        update_conflicts=True,
        unique_fields=["organization", "kind", "folded"],
        update_fields=["heading", "column", "decided_by", "decided_at"],
    )
    record("headings.remembered", by=by, of=batch, at=at, headings=len(columns))


@transaction.atomic
def forget_heading(*, heading: RememberedHeading, by: Actor, at: datetime) -> None:
    """Ask again what this heading means, from the next file on."""
    record("headings.forgotten", by=by, of=heading, at=at)
    heading.delete()


def _read_on(batch: Batch, said: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    asked = (
        Batch.objects.filter(pk=batch.pk, status=Status.REFUSED).exclude(question={}).exclude(stored_as="")
    )
    answered = asked.update(
        status=Status.RECEIVED,
        options={**batch.options, **said},
        question={},
        refusal_code="",
        refusal="",
        attempts=0,
        dispatched_until=None,
        finished_at=None,
    )
    if not answered:
        raise NothingToAnswer
    record("batch.answered", by=by, of=batch, at=at, code=batch.refusal_code)
