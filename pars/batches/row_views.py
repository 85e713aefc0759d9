"""One row to fix, on screen: its cells with what is wrong beside them, saved as the row's next version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, push_url

from pars.access.doors import ActorRequest, requires

from . import entry
from .fixing import (
    RowForm,
    RowToFix,
    can_be_fixed_here,
    findings_of,
    next_to_fix,
    read_row,
    row_to_enter,
)
from .kinds import kind_named
from .models import Batch, Level, Outcome, Row
from .report import Finding, Report
from .rounds import fixed_in
from .views import UPLOADERS, find

_GONE = "The file itself is no longer kept, so its rows cannot be fixed here. Send them again in a file of their own."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*UPLOADERS, agreement=True)
def row(request: ActorRequest, batch_id: UUID, number: int) -> HttpResponse:
    """A row to fix and its form; who it was fixed by, once it is in."""
    batch = find(request, batch_id)
    if not request.actor.may(kind_named(batch.kind).permission):
        raise PermissionDenied
    outcome = Row.objects.filter(batch=batch, number=number).values_list("outcome", flat=True).first()
    if outcome == Outcome.FIXED:
        return _show_fixed(request, batch, number)
    if outcome != Outcome.FAILED:
        raise Http404
    read = row_to_enter if request.method == "POST" else read_row
    found = read(batch, number, by=request.actor, at=now()) if can_be_fixed_here(batch) else None
    if found is None:
        messages.info(request, _GONE)
        return _to_result(request, batch)
    findings = findings_of(batch, number)
    if request.method == "POST":
        return _save(request, found, findings)
    form = RowForm(found, findings)
    form.add_findings(findings)
    form.begin_at_first()
    return _show(request, found, form)


def _save(request: ActorRequest, found: RowToFix, findings: Sequence[Finding]) -> HttpResponse:
    batch, number = found.batch, found.number
    form = RowForm(found, findings, request.POST.dict())
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        fixed = entry.correct(batch, number, form.header, form.cells(), by=request.actor, at=now())
    except entry.FixedMeanwhile as refusal:
        return _show_fixed(request, batch, number, refusal=str(refusal), status=409)
    told = list(Report.of(fixed).findings())
    if fixed.failed:
        form.add_findings(one for one in told if one.level == Level.FIX)
        return _show(request, found, form, status=422)
    _say_what_happened(request, number, fixed, told)
    following = next_to_fix(batch, number) if "next" in request.POST else None
    return redirect("batch-row", batch.pk, following) if following else _to_result(request, batch)


def _say_what_happened(request: ActorRequest, number: int, fixed: Batch, told: Sequence[Finding]) -> None:
    said = " ".join(one.message for one in told)
    if fixed.parked:
        messages.info(request, f"Row {number:,} is kept, and waits. {said}")
    elif fixed.unchanged:
        messages.info(request, f"Row {number:,} was on record already; nothing changed. {said}".strip())
    else:
        messages.success(request, f"Row {number:,} is in. {said}".strip())


def _show(request: ActorRequest, found: RowToFix, form: RowForm, *, status: int = 200) -> HttpResponse:
    batch = found.batch
    context = {"row": found, "form": form, "more": batch.failed - 1, "again": status != 200}
    return _answer(request, "batches/row.html", status, batch=batch, number=found.number, **context)


def _show_fixed(
    request: ActorRequest, batch: Batch, number: int, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "by": fixed_in(batch, number),
        "refusal": refusal,
        "following": next_to_fix(batch, number),
    }
    return _answer(request, "batches/row_fixed.html", status, batch=batch, number=number, **context)


def _answer(
    request: ActorRequest, template: str, status: int, *, batch: Batch, **context: Any
) -> HttpResponse:
    context |= {"batch": batch, "kind": kind_named(batch.kind)}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, template, context, status=status)
    # htmx takes only a good answer, and shows the address of a redirect only when told to.
    return push_url(render(request, template, context), request.path)


def _to_result(request: ActorRequest, batch: Batch) -> HttpResponse:
    address = f"{reverse('batch', args=[batch.pk])}#fix"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
