"""Rosters as a batch kind."""

from datetime import date

from learners.tasks import match_after_roster
from pars.access.roles import Permission
from pars.batches.kinds import Checker, Kind, Option
from pars.batches.models import Batch
from pars.batches.readers import Header
from pars.batches.tasks import wake

from ..models import Board
from .absent import next_step
from .check import checker
from .columns import LAYOUT
from .landing import land, statement
from .sentences import SENTENCES
from .staging import STAGING

COVERAGE = Option(
    name="coverage",
    label="What does this file hold?",
    choices=(("part", "New or changed licenses"), ("full", "All licenses of our board")),
    usual="part",
    hint="Nothing happens to licenses that a full list leaves out until you have seen them and decided.",
)


def _options(organization_id: int) -> tuple[Option, ...]:
    return (COVERAGE,)


def _checker(batch: Batch, header: Header, today: date) -> Checker:
    board = Board.objects.get(pk=batch.organization_id)
    return checker(header, licensed=board.degrees)


def _wake_matching(batch: Batch) -> None:
    """Credit that waits for these people joins them at once; the clock's own look comes minutes later."""
    wake(match_after_roster, batch_id=str(batch.pk))


ROSTERS = Kind(
    name="rosters",
    title="Roster",
    layout=LAYOUT,
    sentences=SENTENCES,
    staging=STAGING,
    checker=_checker,
    land=land,
    permission=Permission.BOARD_MANAGE,
    gather=statement("gather"),
    options=_options,
    template="roster-template",
    next_step=next_step,
    done=_wake_matching,
)
