"""What happens to an activity as a whole, each on a page of its own that says first what will happen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from activities import actions, dependents
from activities.forms import CopyForm, ReopenForm
from activities.models import Activity
from activities.outlook import outlook
from activities.stored import record_of
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission

from .finding import find, setting_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def close(request: ActorRequest, activity_id: str) -> HttpResponse:
    """Checks everything that closing asks for, names what is missing, and closes."""
    activity = find(request, activity_id)
    if request.method == "POST":
        try:
            actions.close(activity=activity, by=request.actor, at=now())
        except actions.NotReadyToClose:
            return _close_page(request, activity, status=422)
        messages.success(request, "Closed. Credit can still be reported and corrected.")
        return redirect("activity", activity.activity_id)
    if activity.closed_at:
        return redirect("activity", activity.activity_id)
    return _close_page(request, activity)


def _close_page(request: ActorRequest, activity: Activity, *, status: int = 200) -> HttpResponse:
    record = record_of(activity)
    context = {
        "activity": activity,
        "record": record,
        "outlook": outlook(activity, record, setting_of(request)),
    }
    return render(request, "activities/close.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PROVIDER_MANAGE)
def reopen(request: ActorRequest, activity_id: str) -> HttpResponse:
    """Opens a closed activity again, with the reason."""
    activity = find(request, activity_id)
    if not activity.closed_at:
        messages.info(request, str(actions.NotClosed()))
        return redirect("activity", activity.activity_id)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = actions.Reason(form.cleaned_data["reason"])
        actions.reopen(activity=activity, reason=reason, by=request.actor, at=now())
        messages.success(request, "Open again. Close it once its details are right.")
        return redirect("activity", activity.activity_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "activities/reopen.html", {"activity": activity, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def delete(request: ActorRequest, activity_id: str) -> HttpResponse:
    """Removes an activity on which nothing hangs; else says why it stays."""
    activity = find(request, activity_id)
    if request.method == "POST":
        try:
            actions.delete(activity=activity, by=request.actor, at=now())
        except (actions.CreditsHang, actions.ActivityIsClosed) as refusal:
            return _delete_page(request, activity, str(refusal), status=422)
        messages.success(request, f"{activity.title} is deleted.")
        return redirect("activity-list")
    return _delete_page(request, activity, _stays(activity))


def _stays(activity: Activity) -> str:
    """Why it cannot be deleted; empty where it can."""
    if activity.closed_at:
        return str(actions.ActivityIsClosed())
    return str(actions.CreditsHang()) if dependents.hanging([activity.pk]) else ""


def _delete_page(request: ActorRequest, activity: Activity, stays: str, *, status: int = 200) -> HttpResponse:
    return render(request, "activities/delete.html", {"activity": activity, "stays": stays}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def copy(request: ActorRequest, activity_id: str) -> HttpResponse:
    """A new activity like this one on other days; then its form, to change what differs."""
    activity = find(request, activity_id)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        put = actions.copy(activity=activity, **form.cleaned_data, by=request.actor, at=now())
        if put.activity and not put.problems:
            messages.success(request, "Copied. This is the new activity: change what differs.")
            return redirect("activity-section", put.activity.activity_id, "basics")
        form.say(put.problems)
    status = 422 if request.method == "POST" else 200
    return render(request, "activities/copy.html", {"activity": activity, "form": form}, status=status)
