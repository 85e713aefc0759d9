"""What happened to one credit, newest first, from its versions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.dateformat import format as format_day

from pars.batches.models import Outcome, Row
from pars.web.numbers import trimmed

from .models import Credit, CreditPoints, CreditVersion, Verdict

WAITS_FOR = {
    Verdict.NOT_FOUND: "No board has listed this license yet. The credit keeps its report date and lands "
    "by itself when the board’s roster arrives.",
    Verdict.UNCONFIRMED: "It shows when the physician or the board confirms the birthday. "
    "The report date stays.",
    Verdict.REVIEW: "Details for this license were tried too often. The accreditor looks at it; "
    "the report date stays.",
}
BOARD_NUMBER = (
    "No physician on record has this number with {board}. With the licensing state and license number it can be "
    "found; the report date stays."
)


@dataclass(frozen=True)
class Step:
    """One happening. `tone` is a timeline entry's."""

    at: datetime
    text: str
    tone: str


def history(credit: Credit) -> list[Step]:
    """Reported, corrected, found its physician, withdrawn, put back."""
    versions = sorted(credit.versions.all(), key=lambda version: (version.replaced_at, version.pk))
    said: list[CreditVersion | Credit] = [*versions, credit]
    points = _points(versions, credit)
    steps = [Step(credit.first_reported_at, f"Reported with {_credits(said[0].amount)}", "success")]
    for place, version in enumerate(versions):
        before = {earlier.batch_id for earlier in versions[:place]}
        steps += _steps(version, said[place + 1], before, points[place : place + 2])
    return sorted(steps, key=lambda step: step.at)[::-1]


def _points(versions: list[CreditVersion], credit: Credit) -> list[str]:
    """What each version, and the credit itself, says of board points; where one does not say it, what the next says."""
    said = [_in_words([(one.points, one.board, one.credit_type) for one in _standing(credit)])]
    for version in reversed(versions):
        told = version.points
        said.append(
            said[-1]
            if told is None
            else _in_words([(Decimal(str(one["points"])), one["board"], one["type"]) for one in told])
        )
    return said[::-1]


def _standing(credit: Credit) -> Iterable[CreditPoints]:
    return credit.points.standing().order_by("board", "credit_type")


def _in_words(points: Sequence[tuple[Decimal, str, str]]) -> str:
    return ", ".join(f"{trimmed(amount)} {board} {kind}" for amount, board, kind in points) or "none"


def _steps(
    version: CreditVersion, after: CreditVersion | Credit, before: set[UUID], points: Sequence[str]
) -> Iterator[Step]:
    """What changed from one version to the next; `before` are the batches that had the word before it.

    `points` are the board points of the two, in words.
    """
    at = version.replaced_at
    changes = list(_changes(version, after, put_back=after.batch_id in before))
    if points[0] != points[1]:
        changes.append(f"Board credit changed from {points[0]} to {points[1]}")
    yield from (Step(at, change, "info") for change in changes)
    if version.physician_id is None and after.physician_id is not None:
        yield Step(at, "Found its physician; the report date stays", "success")
    if after.withdrawn_at and not version.withdrawn_at:
        undone = Row.objects.filter(batch=after.batch_id, number=after.row, outcome=Outcome.UNDONE)
        text = "Withdrawn: the upload it came with was undone" if undone.exists() else "Withdrawn"
        yield Step(after.withdrawn_at, text, "error")
    elif version.withdrawn_at and not after.withdrawn_at:
        yield Step(at, "On record again; the report date stays", "success")
    elif not changes and version.physician_id is None and after.physician_id is None:
        yield Step(at, "The learner’s details were corrected", "info")


def _changes(version: CreditVersion, after: CreditVersion | Credit, *, put_back: bool) -> Iterator[str]:
    """What it says otherwise now. Only an undo puts back: it gives the word to a batch that had it before."""
    if version.amount != after.amount:
        verb = "Put back" if put_back else "Corrected"
        was = trimmed(version.amount) if version.amount and after.amount else _credits(version.amount)
        yield f"{verb} from {was} to {_credits(after.amount)}"
    if version.completed_on != after.completed_on:
        was, now_is = (format_day(day, "M j, Y") for day in (version.completed_on, after.completed_on))
        yield f"Completion date corrected from {was} to {now_is}"
    if version.rems != after.rems:
        yield "What was said for the REMS was changed"


def _credits(amount: Decimal) -> str:
    if not amount:
        return "board credit alone"
    return f"{trimmed(amount)} credit{'' if amount == 1 else 's'}"


def waits_for(credit: Credit) -> str:
    """What a parked credit waits for, in a sentence; "" where it does not wait."""
    if credit.is_parked and credit.learner.board and credit.learner.verdict == Verdict.NOT_FOUND:
        return BOARD_NUMBER.format(board=credit.learner.board)
    return WAITS_FOR.get(Verdict(credit.learner.verdict), "") if credit.is_parked else ""
