"""A provider's pages for one activity. The list of all counts credits and stands with the learners."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.errors import DomainError
from pars.access.roles import Permission

from . import actions
from .forms import ActivityForm
from .missing import missing
from .models import Activity, Status


@require_safe
@requires(Permission.PROVIDER_LOOK)
def show(request: ActorRequest, activity_id: str) -> HttpResponse:
    """One activity, and what it still needs."""
    activity = _find(request, activity_id)
    return render(
        request,
        "activities/show.html",
        {
            "activity": activity,
            "status": activity.status(localdate()),
            "missing": list(missing(activity).values()),
            "may_report": request.actor.may(Permission.REPORT),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def new(request: ActorRequest) -> HttpResponse:
    """A new activity, as a draft or complete."""
    if request.method != "POST":
        return render(request, "activities/form.html", {"form": ActivityForm(), "may_be_draft": True})
    form = ActivityForm(request.POST, draft=_as_draft(request))
    if form.is_valid():
        try:
            activity = actions.enter(fields=form.fields_said(), by=request.actor, at=now())
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            _say_saved(request, activity)
            return redirect("activity", activity.activity_id)
    return render(request, "activities/form.html", {"form": form, "may_be_draft": True}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def edit(request: ActorRequest, activity_id: str) -> HttpResponse:
    """Changes an activity that is not closed; one that was complete stays complete."""
    activity = _find(request, activity_id)
    if activity.closed_at:
        messages.warning(request, str(actions.ActivityIsClosed()))
        return redirect("activity", activity.activity_id)
    context = {"activity": activity, "may_be_draft": not activity.is_complete}
    if request.method != "POST":
        return render(request, "activities/form.html", context | {"form": ActivityForm.of(activity)})
    form = ActivityForm(request.POST, draft=_as_draft(request) and not activity.is_complete)
    if form.is_valid():
        try:
            changed = actions.change(activity=activity, fields=form.fields_said(), by=request.actor, at=now())
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            _say_saved(request, changed)
            return redirect("activity", changed.activity_id)
    return render(request, "activities/form.html", context | {"form": form}, status=422)


def _find(request: ActorRequest, activity_id: str) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.actor), activity_id=activity_id)


def _as_draft(request: ActorRequest) -> bool:
    return request.POST.get("save") == "draft"


def _say_saved(request: ActorRequest, activity: Activity) -> None:
    if activity.status(localdate()) == Status.DRAFT:
        messages.info(request, "Saved as a draft. Credits can be reported once it is complete.")
    else:
        messages.success(request, "Saved. Credits can be reported for this activity.")
