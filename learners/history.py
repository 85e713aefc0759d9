"""What happened to one credit, newest first, from its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.dateformat import format as format_day

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
    """Reported, corrected, found its physician, withdrawn."""
    versions: Sequence[CreditVersion] = sorted(credit.versions.all(), key=lambda version: version.replaced_at)
    said: list[CreditVersion | Credit] = [*versions, credit]
    steps = [Step(credit.first_reported_at, f"Reported with {_credits(said[0].amount)}", "success")]
    for version, after in zip(versions, said[1:], strict=True):
        changes = []
        if version.amount != after.amount:
            changes.append(f"Corrected from {trimmed(version.amount)} to {_credits(after.amount)}")
        if version.completed_on != after.completed_on:
            was, now_is = (format_day(day, "M j, Y") for day in (version.completed_on, after.completed_on))
            changes.append(f"Completion date corrected from {was} to {now_is}")
        if version.rems != after.rems:
            changes.append("What was said for the REMS was changed")
        if not changes and _says_only_who(version, credit):
            changes.append("The learner’s details were corrected")
        steps += [Step(version.replaced_at, change, "info") for change in changes]
    holders = [*(version.physician_id for version in versions), credit.physician_id]
    for version, held_before, held_after in zip(versions, holders, holders[1:], strict=False):
        if held_before is None and held_after is not None:
            steps.append(Step(version.replaced_at, "Found its physician; the report date stays", "success"))
    steps.sort(key=lambda step: step.at)
    if credit.withdrawn_at:
        steps.append(Step(credit.withdrawn_at, "Withdrawn", "error"))
    return steps[::-1]


def _says_only_who(version: CreditVersion, credit: Credit) -> bool:
    """The change was in the learner's details: it neither found a physician nor withdrew the credit."""
    later = [one for one in credit.versions.all() if one.said_at >= version.replaced_at]
    holder = later[0].physician_id if later else credit.physician_id
    withdrew = credit.withdrawn_at is not None and not later
    return version.physician_id is None and holder is None and not withdrew


def _credits(amount: Decimal) -> str:
    return f"{trimmed(amount)} credit{'' if amount == 1 else 's'}"


def waits_for(credit: Credit) -> str:
    """What a parked credit waits for, in a sentence; "" where it does not wait."""
    return WAITS_FOR.get(Verdict(credit.learner.verdict), "") if credit.is_parked else ""
