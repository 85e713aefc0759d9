"""The page of one activity."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities import dependents
from activities.clock import kept_until
from activities.outlook import contents, outlook
from activities.stored import record_of
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission

from .finding import find, setting_of


@require_safe
@requires(Permission.PROVIDER_LOOK)
def show(request: ActorRequest, activity_id: str) -> HttpResponse:
    """What is on record, where it stands, what is missing for the next step, and what was reported for it."""
    activity = find(request, activity_id)
    record, setting = record_of(activity), setting_of(request)
    return render(
        request,
        "activities/show.html",
        {
            "activity": activity,
            "record": record,
            "outlook": outlook(activity, record, setting),
            "contents": contents(record, setting, activity=activity, current=""),
            "kept_until": kept_until(end_on=activity.end_on),
            "figures": dependents.figures(activity, setting.today),
            "may_report": request.actor.may(Permission.REPORT),
            "may_edit": request.actor.may(Permission.REPORT) and not activity.closed_at,
            "may_reopen": request.actor.may(Permission.PROVIDER_MANAGE),
        },
    )
