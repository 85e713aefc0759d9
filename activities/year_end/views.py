"""The year-end on one page, each of its steps with a form of its own. `year` stands in the address."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.errors import DomainError
from pars.access.roles import Permission

from . import actions
from .forms import AgreementForm, CloseForm, LearnersForm, SummaryForm
from .work import EARLIEST, Work, default_year, is_reportable, work


@require_safe
@requires(Permission.PROVIDER_LOOK)
def year_end(request: ActorRequest) -> HttpResponse:
    """What a year still asks for."""
    return _page(request, _work(request))


@require_POST
@requires(Permission.PROVIDER_MANAGE)
def agree(request: ActorRequest) -> HttpResponse:
    """The annual agreement."""
    found = _work(request)
    form = AgreementForm(request.POST)
    if form.is_valid() and not _refused(request, form, lambda: actions.agree(
        year=found.year, name=form.cleaned_data["name"], person=request.person, by=request.actor, at=now()
    )):  # fmt: skip
        return _back(request, found, "The annual agreement is signed.")
    return _page(request, found, agreement=form)


@require_POST
@requires(Permission.REPORT)
def summary(request: ActorRequest) -> HttpResponse:
    """The program summary."""
    found = _work(request)
    form = SummaryForm(request.POST)
    if form.is_valid() and not _refused(request, form, lambda: actions.summarize(
        year=found.year, income=form.income(), by=request.actor, at=now()
    )):  # fmt: skip
        return _back(request, found, "The program summary is saved.")
    return _page(request, found, summary=form)


@require_POST
@requires(Permission.REPORT)
def learners(request: ActorRequest) -> HttpResponse:
    """Learners of enduring materials as of 31 December."""
    found = _work(request)
    form = LearnersForm(request.POST, activities=found.counts)
    if form.is_valid() and not _refused(request, form, lambda: actions.count(
        year=found.year, counts=form.counts(), by=request.actor, at=now()
    )):  # fmt: skip
        return _back(request, found, "The learners are saved.")
    return _page(request, found, learners=form)


@require_POST
@requires(Permission.PROVIDER_MANAGE)
def close(request: ActorRequest) -> HttpResponse:
    """The attestation; or, for a closed year, opening it again."""
    found = _work(request)
    if found.report.closed_at:
        actions.reopen(year=found.year, by=request.actor, at=now())
        return _back(request, found, f"{found.year} is open again.")
    form = CloseForm(request.POST)
    if form.is_valid() and not _refused(request, form, lambda: actions.close(
        year=found.year, name=form.cleaned_data["name"], person=request.person, by=request.actor, at=now(),
        today=localdate(),
    )):  # fmt: skip
        return _back(request, found, f"{found.year} is closed.")
    return _page(request, found, closing=form)


def _work(request: ActorRequest) -> Work:
    """The year the address asks for, or the one to report on now."""
    today = localdate()
    asked = request.GET.get("year", str(default_year(today)))
    year = int(asked) if len(asked) == 4 and asked.isascii() and asked.isdigit() else 0
    if not is_reportable(year, today):
        raise Http404
    return work(actor=request.actor, year=year, today=today)


def _refused(request: ActorRequest, form: Form, act: Any) -> bool:
    """Whether the act was refused; its sentence then stands on the form."""
    try:
        act()
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return True
    return False


def _back(request: ActorRequest, found: Work, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(f"{reverse('year-end')}?year={found.year}")


def _page(request: ActorRequest, found: Work, **forms: Form) -> HttpResponse:
    today = localdate()
    current = next((step.key for step in found.steps if not step.done), "")
    context = {
        "work": found,
        "steps": [
            (step.title, "done" if step.done else "current" if step.key == current else "todo")
            for step in found.steps
        ],
        "years": [
            (str(year), f"{reverse('year-end')}?year={year}", year == found.year, "")
            for year in range(today.year, max(EARLIEST, today.year - 5) - 1, -1)
        ],
        "over": found.year < today.year,
        "agreement_form": forms.get("agreement") or AgreementForm(),
        "summary_form": forms.get("summary") or SummaryForm.of(found.report),
        "learners_form": forms.get("learners") or LearnersForm(activities=found.counts),
        "close_form": forms.get("closing") or CloseForm(),
        "may_report": request.actor.may(Permission.REPORT),
        "may_manage": request.actor.may(Permission.PROVIDER_MANAGE),
    }
    return render(request, "year_end/page.html", context, status=422 if forms else 200)
