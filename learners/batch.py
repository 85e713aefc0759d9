"""Learner credit as a batch kind."""

from datetime import date

from django.db.models import Count
from django.urls import reverse

from activities.models import Activity
from pars.access.models import Agreement, Consent
from pars.access.roles import Permission
from pars.batches.kinds import Checker, Kind, NextStep, Option
from pars.batches.models import Batch, Issue
from pars.batches.readers import Header

from .check import NOT_PHYSICIAN, STAGING, checker
from .columns import LAYOUT
from .landing import land, statement
from .sentences import SENTENCES
from .undoing import UNDO


def usual_consent(organization_id: int) -> str:
    """The consent the provider's administrator declared with the agreement; "" before there is one."""
    newest = Agreement.objects.filter(organization_id=organization_id).order_by("-dated").first()
    return newest.consent if newest else ""


def _options(organization_id: int) -> tuple[Option, ...]:
    consent = Option(
        name="consent",
        label="How did the learners consent?",
        choices=tuple(Consent.choices),
        usual=usual_consent(organization_id),
        hint="Your organization's own declaration is chosen. Change it only if this file is different.",
    )
    return (consent,)


def _checker(batch: Batch, header: Header, today: date) -> Checker:
    consent = batch.options.get("consent") or usual_consent(batch.organization_id)
    return checker(header, today=today, consent=consent)


_NAMED = 5  # activities whose other learners are counted out


def _next_step(batch: Batch) -> NextStep | None:
    """How many other learners the file names of which activity. Their counts on record are entered by a person."""
    if not batch.others:
        return None
    said = Issue.objects.filter(batch=batch, code=NOT_PHYSICIAN, params__has_key="activity")
    counted: dict[str, int] = dict(said.values_list("params__activity").annotate(Count("pk")))
    ours = Activity.objects.filter(organization_id=batch.organization_id, activity_id__in=list(counted))
    known = sorted(ours.values_list("activity_id", flat=True), key=lambda each: -counted[each])
    parts = [f"{counted[each]:,} of activity {each}" for each in known[:_NAMED]]
    if more := batch.others - sum(counted[each] for each in known[:_NAMED]):
        parts.append(f"{more:,} more")
    return NextStep(
        heading="Other learners in this file",
        text=f"Not MD or DO: {', '.join(parts)}. "
        "The learner counts on record were not changed; they are yours to enter.",
        label="Compare the counts",
        url=reverse("activity", args=[known[0]]) if len(known) == 1 else reverse("activity-list"),
    )


LEARNERS = Kind(
    name="learners",
    title="Learner credit",
    layout=LAYOUT,
    sentences=SENTENCES,
    staging=STAGING,
    checker=_checker,
    land=land,
    permission=Permission.REPORT,
    gather=statement("gather"),
    lane_by="last_key",
    options=_options,
    next_step=_next_step,
    template="learner-template",
    undo=UNDO,
)
