"""What happened to one credit, newest first, from its versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.dateformat import format as format_day

from pars.batches.models import Outcome, Row
from pars.web.numbers import trimmed

from .models import Credit, CreditVersion, Verdict

WAITS_FOR = {
    Verdict.NOT_FOUND: "No board has listed this license yet. The credit keeps its report date and lands "
    "by itself when the board’s roster arrives.",
    Verdict.UNCONFIRMED: "It shows when the physician or the board confirms the birthday. "
    "The report date stays.",
    Verdict.REVIEW: "Details for this license were tried too often. The accreditor looks at it; "
    "the report date stays.",
}


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
    steps = [Step(credit.first_reported_at, f"Reported with {_credits(said[0].amount)}", "success")]
    for place, version in enumerate(versions):
        before = {earlier.batch_id for earlier in versions[:place]}
        steps += _steps(version, said[place + 1], before)
    return sorted(steps, key=lambda step: step.at)[::-1]


def _steps(version: CreditVersion, after: CreditVersion | Credit, before: set[UUID]) -> Iterator[Step]:
    """What changed from one version to the next; `before` are the batches that had the word before it."""
    at = version.replaced_at
    changes = list(_changes(version, after, put_back=after.batch_id in before))
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
        yield f"{verb} from {trimmed(version.amount)} to {_credits(after.amount)}"
    if version.completed_on != after.completed_on:
        was, now_is = (format_day(day, "M j, Y") for day in (version.completed_on, after.completed_on))
        yield f"Completion date corrected from {was} to {now_is}"
    if version.rems != after.rems:
        yield "What was said for the REMS was changed"


def _credits(amount: Decimal) -> str:
    return f"{trimmed(amount)} credit{'' if amount == 1 else 's'}"


def waits_for(credit: Credit) -> str:
    """What a parked credit waits for, in a sentence; "" where it does not wait."""
    return WAITS_FOR.get(Verdict(credit.learner.verdict), "") if credit.is_parked else ""
