"""What a sender answers about a file that could not be read on by itself, and the layout that the answers make.

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
from .models import Batch, Status
from .readers import Layout

DATES = "dates"  # the option that holds the answer about days and months
MONTH_FIRST, DAY_FIRST = "month-first", "day-first"
ORDERS = (MONTH_FIRST, DAY_FIRST)


class NothingToAnswer(DomainError):
    """The batch asks nothing (any more): it was answered elsewhere, or its file is no longer kept."""


def layout_for(batch: Batch) -> Layout:
    """The kind's layout with what was answered about this file."""
    layout = kind_named(batch.kind).layout
    said = batch.options.get(DATES)
    return replace(layout, day_first=said == DAY_FIRST) if said else layout


@transaction.atomic
def answer_dates(*, batch: Batch, order: str, by: Actor, at: datetime) -> None:
    """Read the batch on with `order` (of ORDERS) for its dates, this file's only. Raises NothingToAnswer."""
    _read_on(batch, {DATES: order}, by=by, at=at)


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
