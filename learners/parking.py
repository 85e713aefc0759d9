"""A provider's page of credit that waits for its physician, how long and why, and the form for other words."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.batches.models import Batch, Issue, Level, Row
from pars.batches.report import Report
from pars.web.listing import Column, Listing

from . import actions, birthday, waiting
from .checking import organization_of
from .forms import PersonForm
from .history import waits_for
from .models import Credit, Learner
from .reporting import FILES_KEPT
from .sentences import SENTENCES

MOST_ACTIVITIES, MOST_ROWS = 10, 50


@require_safe
@requires(Permission.PROVIDER_LOOK, agreement=True)
def waiting_list(request: ActorRequest) -> HttpResponse:
    """What waits, the longest first, and the rows of uploads whose details disagree or fit several."""
    at = localtime()
    listing = Listing(
        request.GET,
        _of_activity(request),
        path=request.path,
        columns=[
            Column("learner", "Learner"),
            Column("activity", "Activity", sort="activity__title"),
            Column("credits", "Credits", sort="amount", numeric=True),
            Column("reported", "First reported", sort="first_reported_at"),
            Column("why", "Why it waits"),
            Column("do", "What to do", hidden_label=True),
        ],
        search=("activity__title__icontains", "activity__activity_id"),
        default="reported",
        keep=("activity",),
    )
    may_report = request.actor.may(Permission.REPORT)
    for one in listing.rows:
        one.age = _age(one.first_reported_at, at)  # type: ignore[attr-defined]
        one.why = waits_for(one)  # type: ignore[attr-defined]
        one.may_reword = may_report  # type: ignore[attr-defined]
    record("credit.listed", by=request.actor)
    disagreeing = list(waiting.disagreeing(request.actor, since=at - FILES_KEPT)[: MOST_ROWS + 1])
    activities = list(waiting.by_activity(request.actor)[: MOST_ACTIVITIES + 1])
    context = {
        "listing": listing,
        "activities": [(one, _age(one.since, at)) for one in activities[:MOST_ACTIVITIES]],  # type: ignore[attr-defined]
        "more_activities": len(activities) > MOST_ACTIVITIES,
        "disagreeing": _worded(disagreeing[:MOST_ROWS]),
        "more_rows": len(disagreeing) > MOST_ROWS,
        "may_report": may_report,
    }
    return render(request, "learners/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT, agreement=True)
def reword(request: ActorRequest, credit_id: int) -> HttpResponse:
    """The learner of one waiting credit in other words, through the check of every row."""
    credit = get_object_or_404(waiting.waiting_credits(request.actor), pk=credit_id)
    if request.method != "POST":
        return _show_form(request, credit, PersonForm(initial=_said_of(credit.learner)))
    form = PersonForm(request.POST)
    if form.is_valid():
        batch = actions.reword(
            credit=credit,
            cells=form.cells(),
            organization=organization_of(request),
            by=request.actor,
            at=localtime(),
        )
        if not batch.failed:
            return _moved_on(request, batch)
        form.add_findings(Report.of(batch).findings(Level.FIX))
    return _show_form(request, credit, form, status=422)


def _moved_on(request: ActorRequest, batch: Batch) -> HttpResponse:
    landed_in = Row.objects.filter(batch=batch).values("target")
    credit = Credit.objects.visible_to(request.actor).select_related("learner").get(pk__in=landed_in)
    if credit.is_parked:
        messages.info(request, f"The details were taken. The credit still waits. {waits_for(credit)}")
    else:
        messages.success(request, "Matched. The credit is on record, with the day of its first report.")
    return redirect("credit", credit.pk)


def _show_form(request: ActorRequest, credit: Credit, form: PersonForm, *, status: int = 200) -> HttpResponse:
    record("credit.read", by=request.actor, of=credit)
    context = {"credit": credit, "form": form, "why": waits_for(credit)}
    return render(request, "learners/reword.html", context, status=status)


def _of_activity(request: ActorRequest) -> QuerySet[Credit]:
    asked = request.GET.get("activity", "")
    found = waiting.waiting_credits(request.actor)
    return found.filter(activity__activity_id=asked) if asked else found


def _said_of(learner: Learner) -> dict[str, str]:
    """What the provider itself said of the learner, as the form asks for it."""
    month_day = birthday.decrypt(bytes(learner.birthday))
    return {
        "first_name": learner.first_name,
        "last_name": learner.last_name,
        "birthday": f"{month_day[:2]}/{month_day[2:]}",
        "state": learner.state,
        "number": (not learner.board and learner.number) or learner.npi or "",
    }


def _age(since: datetime, at: datetime) -> str:
    """ "today", "1 day", "12 days", in the provider's own days."""
    days = (at.date() - localtime(since).date()).days
    return "today" if days < 1 else "1 day" if days == 1 else f"{days:,} days"


def _worded(issues: Iterable[Issue]) -> list[tuple[Issue, str]]:
    """Each issue with its sentence."""
    return [(one, SENTENCES[one.code].text.format(**one.params)) for one in issues]
