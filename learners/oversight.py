"""The operator's pages about keeping records: what is on hold, and what is to be destroyed when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from activities.models import Activity
from pars.access.doors import ActorRequest, requires
from pars.access.models import Organization
from pars.access.roles import OrganizationKind, Permission
from pars.web.listing import Column, Listing

from . import actions
from .forms import HoldForm
from .models import Credit, Disposal, Hold

LATEST = 10
_NOT_FOUND = {
    HoldForm.ORGANIZATION: "No provider has this ID. It stands under Organizations.",
    HoldForm.ACTIVITY: "No activity has this ID. It has nine digits, such as 300000001.",
    HoldForm.CREDIT: "No credit has this record number. Ask the provider: it stands on the credit’s page.",
}


@require_safe
@requires(Permission.OVERSEE)
def retention(request: ActorRequest) -> HttpResponse:
    """Holds, and the plans by which records are destroyed."""
    return _retention(request, HoldForm())


@require_POST
@requires(Permission.OPERATE)
def hold_place(request: ActorRequest) -> HttpResponse:
    """Places a hold."""
    form = HoldForm(request.POST)
    if form.is_valid():
        what = form.cleaned_data["what"]
        subject = _subject(request, what, form.cleaned_data["number"])
        if subject is None:
            form.add_error("number", _NOT_FOUND[what])
        else:
            actions.place_hold(
                on=subject,
                reason=Hold.Reason(form.cleaned_data["reason"]),
                reference=form.cleaned_data["reference"],
                by=request.actor,
                at=now(),
            )
            messages.success(request, "On hold. Nothing of it is destroyed until the hold is released.")
            return redirect("retention")
    return _retention(request, form, status=422)


@require_safe
@requires(Permission.OVERSEE)
def hold(request: ActorRequest, hold_id: int) -> HttpResponse:
    """One hold: what it keeps, why, since when."""
    found = _find(request, hold_id)
    may_release = request.actor.may(Permission.OPERATE) and not found.released_at
    return render(request, "retention/hold.html", {"hold": found, "may_release": may_release})


@require_POST
@requires(Permission.OPERATE)
def hold_release(request: ActorRequest, hold_id: int) -> HttpResponse:
    """Releases a hold."""
    try:
        actions.release_hold(hold=_find(request, hold_id), by=request.actor, at=now())
    except actions.HoldIsReleased as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, "Released. Its records are destroyed once their six years have passed.")
    return redirect("hold", hold_id)


def _retention(request: ActorRequest, form: HoldForm, *, status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    found = Hold.objects.visible_to(request.actor).select_related("organization", "activity")
    if state != "all":
        found = found.standing()
    listing = Listing(
        request.GET,
        found,
        path=request.path,
        columns=[
            Column("what", "On hold"),
            Column("organization", "Provider", sort="organization__name"),
            Column("reason", "Why"),
            Column("since", "Since", sort="placed_at"),
            Column("released", "Released", sort="released_at"),
        ],
        search=("organization__name__icontains", "organization__code", "reference__iexact"),
        default="-since",
        keep=("state",),
    )
    plans = Disposal.objects.visible_to(request.actor).select_related("organization")
    context = {
        "listing": listing,
        "state": state,
        "plans": plans.open().order_by("begins_at", "pk")[:LATEST],
        "finished": plans.exclude(finished_at=None).order_by("-finished_at", "-pk")[:LATEST],
        "form": form if request.actor.may(Permission.OPERATE) else None,
        "now": now(),
    }
    return render(request, "retention/retention.html", context, status=status)


def _subject(request: ActorRequest, what: str, number: str) -> Organization | Activity | Credit | None:
    if what == HoldForm.ORGANIZATION:
        providers = Organization.objects.visible_to(request.actor).filter(kind=OrganizationKind.PROVIDER)
        return providers.filter(code=number).first()
    if what == HoldForm.ACTIVITY:
        return Activity.objects.visible_to(request.actor).filter(activity_id=number).first()
    return Credit.objects.visible_to(request.actor).filter(pk=int(number)).first()


def _find(request: ActorRequest, hold_id: int) -> Hold:
    holds = Hold.objects.visible_to(request.actor)
    return get_object_or_404(
        holds.select_related("organization", "activity", "placed_by", "released_by"), pk=hold_id
    )
