"""Find a physician, see the record, join two, part them again. What is typed is posted, never in an address."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from learners.merging import actions
from learners.models import Merger, Physician
from learners.tasks import match_after_change
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.batches.tasks import wake

from ..forms import SearchForm
from . import records
from .forms import MergeForm, OtherRecordForm, SplitForm

_FOUND = ("Name", "Licenses", "NPI", "Birthday", "Source")
_LICENSES = ("License", "Board", "Status", "Expires", "Said by")
_REPORTED = ("Provider", "Credits", "Latest report")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OVERSEE)
def find(request: ActorRequest) -> HttpResponse:
    """Find a physician by name, license number or NPI."""
    if request.method != "POST":
        return render(request, "boards/physicians.html", {"form": SearchForm()})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "boards/physicians.html", {"form": form}, status=422)
    found = records.find(text=form.cleaned_data["text"], by=request.actor, at=now())
    context = {"form": form, "found": found, "most": records.MOST_FOUND, "columns": _FOUND}
    return render(request, "boards/physicians.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OVERSEE)
def physician(request: ActorRequest, physician_id: int) -> HttpResponse:
    """One physician's record: names, licenses, where each word is from, what changed. A POST names the other record."""
    someone = _physician(request, physician_id)
    form = OtherRecordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = Physician.objects.visible_to(request.actor).filter(pk=form.cleaned_data["other"]).first()
        if other is not None:
            return redirect("physician-merge", physician_id, other.pk)
        form.add_error("other", "There is no record of this number.")
    context = {
        "record": records.look_at(physician=someone, by=request.actor, at=now()),
        "form": form,
        "may_operate": request.actor.may(Permission.OPERATE),
        "license_columns": _LICENSES,
        "found_columns": _FOUND,
        "reported_columns": _REPORTED,
    }
    return render(request, "boards/physician.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE)
def merge(request: ActorRequest, physician_id: int, other_id: int) -> HttpResponse:
    """Two records side by side; joined into the first when the operator says how they know."""
    kept, absorbed = _physician(request, physician_id), _physician(request, other_id)
    form = MergeForm(request.POST if request.method == "POST" else None)
    refusal = actions.why_not(kept, absorbed)
    at = now()
    if form.is_valid() and not refusal:
        try:
            actions.merge(
                kept=kept,
                absorbed=absorbed,
                reason=Merger.Reason(form.cleaned_data["reason"]),
                by=request.actor,
                at=at,
            )
        except actions.CannotMerge as problem:
            refusal = str(problem)
        else:
            wake(match_after_change, physician_id=str(kept.pk))
            messages.success(request, "Joined. The two can be parted again on this page.")
            return redirect("physician", kept.pk)
    context = {
        "sides": [
            records.look_at(physician=one, by=request.actor, at=at) for one in dict.fromkeys((kept, absorbed))
        ],
        "kept": kept,
        "absorbed": absorbed,
        "form": form,
        "refusal": refusal,
        "license_columns": _LICENSES,
    }
    failed = request.method == "POST"
    return render(request, "boards/merge.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE)
def split(request: ActorRequest, merger_id: int) -> HttpResponse:
    """Part two records that were joined; everything goes back as it was."""
    merger = get_object_or_404(Merger.objects.select_related("kept", "absorbed"), pk=merger_id)
    form = SplitForm(request.POST if request.method == "POST" else None)
    refusal = actions.why_not_split(merger)
    if form.is_valid() and not refusal:
        reason = Merger.SplitReason(form.cleaned_data["reason"])
        try:
            actions.split(merger=merger, reason=reason, by=request.actor, at=now())
        except actions.CannotSplit as problem:
            refusal = str(problem)
        else:
            messages.success(request, "Parted. Both records are as they were.")
            return redirect("physician", merger.kept_id)
    context = {"merger": merger, "form": form, "refusal": refusal}
    failed = request.method == "POST"
    return render(request, "boards/split.html", context, status=422 if failed else 200)


def _physician(request: ActorRequest, physician_id: int) -> Physician:
    return get_object_or_404(Physician.objects.visible_to(request.actor), pk=physician_id)
