"""What a provider asks its learners for: a form to print, and a sheet to keep the answers in (docs/adr/0025)."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from activities.models import Activity
from pars.access.doors import ActorRequest, requires
from pars.access.models import Agreement, Consent
from pars.access.roles import Permission
from pars.audit.actions import record

from .checking import organization_of
from .template import COLLECTED_COLUMNS, write_template
from .views import reportable

# Where the provider gave no words of its own with the terms.
_WRITTEN = (
    "I agree that {provider} reports my completion of this activity to the Program and Activity Reporting System, so "
    "that the boards that license me and, where the activity is registered there, my certifying board can see it."
)
_IMPLIED = (
    "{provider} reports the completion of this activity to the Program and Activity Reporting System, so that the "
    "boards that license you and, where the activity is registered there, your certifying board can see it. By giving "
    "this information and taking part you agree to that."
)


@require_safe
@requires(Permission.PROVIDER_LOOK, agreement=True)
def collection_form(request: ActorRequest) -> HttpResponse:
    """A page to print and hand out, for one activity or for any."""
    provider = organization_of(request)
    asked = request.GET.get("activity", "")
    ours = Activity.objects.visible_to(request.actor)
    activity = get_object_or_404(ours, activity_id=asked) if asked else None
    terms = Agreement.objects.filter(organization=provider).order_by("-dated").first()
    implied = terms is not None and terms.consent == Consent.IMPLIED
    own_words = terms.consent_wording.strip() if terms else ""
    context = {
        "provider": provider,
        "activity": activity,
        "activities": reportable(request),
        "consent": own_words or (_IMPLIED if implied else _WRITTEN).format(provider=provider.name),
        "signed": not implied,
        "may_report": request.actor.may(Permission.REPORT),
    }
    return render(request, "learners/collection.html", context)


@require_safe
@requires(Permission.REPORT)
def collection_sheet(request: ActorRequest) -> FileResponse:
    """The answers as a workbook that can be sent as it is."""
    activities = Activity.objects.visible_to(request.actor).filter(is_complete=True, closed_at=None)
    file = write_template(activities.newest_first(), COLLECTED_COLUMNS)
    record("learners.collection_sheet_downloaded", by=request.actor)
    return FileResponse(file, as_attachment=True, filename="learners-collected.xlsx")
