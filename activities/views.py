"""A provider's pages for one activity. The list of all counts credits and stands with the learners."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission

from . import actions
from .clock import kept_until
from .forms import ActivityForm
from .models import Activity
from .rules import missing
from .status import Status
from .stored import record_of


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
            "kept_until": kept_until(end_on=activity.end_on),
            "missing": list(missing(record_of(activity), Status.ACTIVE, today=localdate()).values()),
            "may_report": request.actor.may(Permission.REPORT),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def new(request: ActorRequest) -> HttpResponse:
    """A new activity, as a draft or complete."""
    context = {"may_be_draft": True}
    if request.method != "POST":
        return render(request, "activities/form.html", context | {"form": ActivityForm(today=localdate())})
    form = ActivityForm(request.POST, today=localdate(), draft=_as_draft(request))
    if kept := _keep(request, form):
        return redirect("activity", kept.activity_id)
    return render(request, "activities/form.html", context | {"form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def edit(request: ActorRequest, activity_id: str) -> HttpResponse:
    """Changes an activity that is not closed; one that was complete stays complete."""
    activity = _find(request, activity_id)
    if activity.closed_at:
        messages.warning(request, str(actions.ActivityIsClosed()))
        return redirect("activity", activity.activity_id)
    context = {"activity": activity, "may_be_draft": not activity.is_complete}
    stored = record_of(activity)
    if request.method != "POST":
        form = ActivityForm(kept=stored, today=localdate())
        return render(request, "activities/form.html", context | {"form": form})
    draft = _as_draft(request) and not activity.is_complete
    form = ActivityForm(request.POST, kept=stored, today=localdate(), draft=draft)
    if _keep(request, form):
        return redirect("activity", activity.activity_id)
    return render(request, "activities/form.html", context | {"form": form}, status=422)


def _keep(request: ActorRequest, form: ActivityForm) -> Activity | None:
    """The activity as the form says; None, with the reasons on the form, where it cannot be kept."""
    if not form.is_valid():
        return None
    record = form.record()
    (put,) = actions.put(records=[record], by=request.actor, at=now(), new=not record.activity_id)
    if put.problems or put.activity is None:
        form.say(put.problems)
        return None
    _say_saved(request, put.activity)
    return put.activity


def _find(request: ActorRequest, activity_id: str) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.actor), activity_id=activity_id)


def _as_draft(request: ActorRequest) -> bool:
    return request.POST.get("save") == "draft"


def _say_saved(request: ActorRequest, activity: Activity) -> None:
    if activity.status(localdate()) == Status.DRAFT:
        messages.info(request, "Saved as a draft. Credits can be reported once it is complete.")
    else:
        messages.success(request, "Saved. Credits can be reported for this activity.")
