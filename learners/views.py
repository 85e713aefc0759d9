"""A provider's pages about credit: what is due, what is reported, one credit. Reading credits is an event."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.models import Activity
from pars.access.doors import ActorRequest, requires
from pars.access.models import Organization
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.batches.models import Batch, Level, Row
from pars.batches.report import Finding, Report
from pars.web.listing import Column, Listing

from . import actions, rems, waiting
from .batch import usual_consent
from .checking import look
from .forms import BOARD_CREDIT, CorrectForm, CreditForm, FindLearner, PersonForm, WithdrawForm
from .history import history, waits_for
from .models import Credit, Hold
from .names import fold
from .reporting import overview
from .standing import State, in_state

MOST_ACTIVITIES = 200  # in the one-credit form's list; an older one is reached from its own page
MOST_FOUND = 100  # by a name; a page of a posted search cannot be linked to

_CREDIT_COLUMNS = [
    Column("learner", "Learner"),
    Column("activity", "Activity", sort="activity__title"),
    Column("completed", "Completed", sort="completed_on"),
    Column("credits", "Credits", sort="amount", numeric=True),
    Column("state", "State"),
    Column("reported", "Reported", sort="first_reported_at"),
]


@require_safe
@requires(Permission.PROVIDER_LOOK)
def dashboard(request: ActorRequest) -> HttpResponse:
    """What is due and what needs fixing."""
    return render(
        request,
        "providers/dashboard.html",
        {
            "overview": overview(request.actor, localtime()),
            "organization": _organization(request),
            "may_report": request.actor.may(Permission.REPORT),
        },
    )


@require_POST
@requires(Permission.REPORT)
def found_read(request: ActorRequest) -> HttpResponse:
    """Takes note of the waiting credits that found their physicians; the dashboard says it no more."""
    waiting.mark_read(by=request.actor, at=now())
    return redirect("provider-dashboard")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PROVIDER_LOOK, agreement=True)
def credit_list(request: ActorRequest) -> HttpResponse:
    """The credits the provider reported. Filters stand in the address; a learner's name is posted."""
    if request.method == "POST":
        return _credits_of_a_name(request)
    found = _credits(request)
    state, activity_id = (request.GET.get("state", ""), request.GET.get("activity", ""))
    if state in State.values:
        found = in_state(found, State(state))
    if activity_id:
        found = found.filter(activity__activity_id=activity_id)
    listing = Listing(
        request.GET,
        found,
        path=request.path,
        columns=_CREDIT_COLUMNS,
        search=("activity__title__icontains", "activity__activity_id"),
        default="-reported",
        keep=("state", "activity"),
    )
    _note_read(request, "credit.listed", listing.rows)
    activity = Activity.objects.visible_to(request.actor).filter(activity_id=activity_id).first()
    context = {"listing": listing, "state": state, "activity": activity, "find": FindLearner()}
    return _show_credits(request, context)


def _credits_of_a_name(request: ActorRequest) -> HttpResponse:
    find = FindLearner(request.POST)
    if not find.is_valid():
        return _show_credits(request, {"find": find}, status=422)
    last_key = fold(find.cleaned_data["name"])
    found = _credits(request).filter(learner__last_key__startswith=last_key).order_by("-completed_on", "-pk")
    shown = list(found[:MOST_FOUND])
    _note_read(request, "credit.searched", shown)
    headings = [column.label for column in _CREDIT_COLUMNS]
    return _show_credits(request, {"find": find, "found": shown, "headings": headings, "most": MOST_FOUND})


def _show_credits(request: ActorRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    context |= {"states": State.choices, "may_report": request.actor.may(Permission.REPORT)}
    return render(request, "learners/credits.html", context, status=status)


@require_safe
@requires(Permission.PROVIDER_LOOK, agreement=True)
def credit(request: ActorRequest, credit_id: int) -> HttpResponse:
    """One credit: what was reported, when, and what it said before."""
    return _show_credit(request, _find(request, credit_id), WithdrawForm())


@require_POST
@requires(Permission.REPORT, agreement=True)
def withdraw(request: ActorRequest, credit_id: int) -> HttpResponse:
    """Takes one credit back."""
    found = _find(request, credit_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(
                credit=found,
                reason=actions.Reason(form.cleaned_data["reason"]),
                organization=_organization(request),
                by=request.actor,
                at=now(),
            )
        except actions.NotWithdrawn as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Withdrawn. The physician and the boards no longer see this credit.")
            return redirect("credit", credit_id)
    return _show_credit(request, found, form, status=422)


@require_POST
@requires(Permission.REPORT, agreement=True)
def correct(request: ActorRequest, credit_id: int) -> HttpResponse:
    """Gives one credit another amount or completion date."""
    found = _find(request, credit_id)
    form = CorrectForm(request.POST, of=found)
    if found.withdrawn_at:
        form.add_error(None, "This credit is withdrawn. Report it again instead.")
    if form.is_valid():
        batch = actions.correct(
            credit=found,
            amount=form.cleaned_data["amount"],
            completed_on=form.cleaned_data["completed_on"],
            organization=_organization(request),
            by=request.actor,
            at=now(),
        )
        findings = list(Report.of(batch).findings())
        if not batch.failed:
            _say_what_happened(request, batch, findings)
            return redirect("credit", credit_id)
        form.add_findings(finding for finding in findings if finding.level == Level.FIX)
    return _show_credit(request, found, WithdrawForm(), correct=form, status=422)


def _show_credit(
    request: ActorRequest,
    found: Credit,
    form: WithdrawForm,
    *,
    correct: CorrectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    physicians = [found.physician_id] if found.physician_id else []
    record("credit.read", by=request.actor, of=found, subjects=physicians)
    context = {
        "credit": found,
        "history": history(found),
        "points": found.points.standing().order_by("board", "credit_type"),
        "hold": Hold.objects.visible_to(request.actor).standing().on(found).order_by("placed_at").first(),
        "waits_for": waits_for(found),
        "upload": Batch.objects.visible_to(request.actor).uploads().filter(pk=found.batch_id).first(),
        "form": form,
        "correct": correct or CorrectForm(of=found),
        "may_withdraw": request.actor.may(Permission.REPORT) and not found.withdrawn_at,
    }
    return render(request, "learners/credit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT, agreement=True)
def credit_new(request: ActorRequest) -> HttpResponse:
    """Reports one credit."""
    organization = _organization(request)
    if request.method != "POST":
        usual = {"consent": usual_consent(organization.pk), "activity": request.GET.get("activity", "")}
        return _show_form(request, CreditForm(activities=reportable(request), initial=usual))
    form = CreditForm(request.POST, activities=reportable(request))
    if form.is_valid():
        batch = actions.report_rows(
            rows=form.rows(),
            consent=form.cleaned_data["consent"],
            organization=organization,
            by=request.actor,
            at=now(),
        )
        findings = list(Report.of(batch).findings())
        if not batch.failed:
            _say_what_happened(request, batch, findings)
            return redirect("credit", Row.objects.filter(batch=batch).earliest("number").target)
        form.add_findings(finding for finding in findings if finding.level == Level.FIX)
        if batch.failed < batch.rows:
            form.add_error(
                None, "What is not named here is on record already. Sending it again changes nothing."
            )
    return _show_form(request, form, status=422)


@require_POST
@requires(Permission.REPORT, agreement=True)
def credit_check(request: ActorRequest) -> HttpResponse:
    """Says whether the learner's details belong to one physician, before the rest of the form is filled in.

    Answers with the region alone when it was asked for by htmx, else with the whole form as it was sent.
    """
    person = PersonForm(request.POST)
    found = look(request, person) if person.is_valid() else None
    context = {"person": person, "found": found}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "learners/check.html", context)
    form = CreditForm(activities=reportable(request), initial=_said(request))
    return _show_form(request, form, status=422 if found is None else 200, **context)


def _said(request: ActorRequest) -> dict[str, object]:
    """What was posted, to fill a fresh form with: a check must not complain of what is not asked for yet."""
    asked = (*CreditForm.base_fields, *rems.LABELS, *BOARD_CREDIT)
    said: dict[str, object] = {name: request.POST.get(name, "") for name in asked}
    month, day = (request.POST.get(f"birthday_{part}", "") for part in ("month", "day"))
    return said | {"birthday": f"{month}/{day}"}


def _show_form(
    request: ActorRequest, form: CreditForm, *, status: int = 200, **context: object
) -> HttpResponse:
    return render(request, "learners/credit_new.html", context | {"form": form}, status=status)


def reportable(request: ActorRequest) -> Iterable[Activity]:
    """Complete activities, the newest first, and the one that was asked for."""
    ours = Activity.objects.visible_to(request.actor).filter(is_complete=True)
    newest = list(ours.order_by("-end_on", "-pk")[:MOST_ACTIVITIES])
    asked = request.POST.get("activity") or request.GET.get("activity")
    if asked and all(activity.activity_id != asked for activity in newest):
        newest += ours.filter(activity_id=asked)
    return newest


def _say_what_happened(request: ActorRequest, batch: Batch, findings: list[Finding]) -> None:
    said = " ".join(dict.fromkeys(finding.message for finding in findings))
    if batch.parked:
        messages.info(request, f"Kept, and waiting. {said}")
    elif batch.updated:
        messages.success(request, f"Corrected. {said}")
    elif batch.added:
        messages.success(
            request, f"On record. The physician and their boards can see this credit now. {said}".strip()
        )
    else:
        messages.info(request, f"This credit was on record already. Nothing changed. {said}".strip())


def _credits(request: ActorRequest) -> "QuerySet[Credit]":
    return Credit.objects.visible_to(request.actor).select_related("learner", "activity", "organization")


def _find(request: ActorRequest, credit_id: int) -> Credit:
    return get_object_or_404(_credits(request).prefetch_related("versions"), pk=credit_id)


def _note_read(request: ActorRequest, verb: str, read: Iterable[Credit]) -> None:
    physicians = {one.physician_id for one in read if one.physician_id}
    record(verb, by=request.actor, subjects=sorted(physicians))


def _organization(request: ActorRequest) -> Organization:
    assert request.membership is not None  # a provider's permissions come with a membership
    return request.membership.organization
