"""The same activity again, on many days and in many places: entered once, looked at, then made one each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from activities import actions
from activities.forms import RepeatForm
from activities.models import Activity
from activities.stored import record_of
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission

from .finding import find


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def repeat(request: ActorRequest, activity_id: str) -> HttpResponse:
    """A grid of dates and places; then what would be made; then, when that was agreed to, the activities."""
    activity = find(request, activity_id)
    record = record_of(activity)
    asked = request.POST.get("rows", "")
    if request.method != "POST":
        return _page(request, activity, RepeatForm(record=record))
    if asked:
        return _page(request, activity, RepeatForm.with_rows(request.POST, record=record))
    form = RepeatForm(request.POST, record=record)
    if not form.holds():
        return _page(request, activity, form, status=422)
    agreed = "make" in request.POST
    puts = actions.repeat(
        record=form.beginning(),
        instances=form.instances(),
        by=request.actor,
        at=now(),
        check_only=not agreed,
    )
    for at, put in enumerate(puts):
        form.say(at, put.problems)
    if form.faults:
        return _page(request, activity, form, status=422)
    if not agreed:
        return render(
            request, "activities/repeat_preview.html", {"activity": activity, "form": form, "puts": puts}
        )
    messages.success(request, f"{len(puts)} activities are entered, each under an ID of its own.")
    return redirect("activity-list")


def _page(request: ActorRequest, activity: Activity, form: RepeatForm, *, status: int = 200) -> HttpResponse:
    return render(request, "activities/repeat.html", {"activity": activity, "form": form}, status=status)
