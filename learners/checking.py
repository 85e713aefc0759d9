"""The page that says whether learners will match: one by form, many as a file. Nothing is reported on it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from pars.access.doors import ActorRequest, requires
from pars.access.models import Organization
from pars.access.roles import Permission
from pars.batches.forms import UploadForm
from pars.batches.report import Finding, Report

from . import actions
from .forms import PersonForm
from .validation import VALIDATION


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT, agreement=True)
def check_learners(request: ActorRequest) -> HttpResponse:
    """One learner by form, or a file of them. Answers htmx with what was found alone."""
    person = PersonForm(request.POST if request.method == "POST" else None)
    found = look(request, person) if person.is_valid() else None
    context: dict[str, object] = {"person": person if person.is_bound else None, "found": found}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "learners/check.html", context)
    context |= {
        "form": person,
        "upload": UploadForm(kinds=[VALIDATION], organization_id=request.actor.tenant),
    }
    return render(request, "learners/checking.html", context, status=422 if person.errors else 200)


def look(request: ActorRequest, person: PersonForm) -> list[Finding]:
    """What matching says of the learner in a valid form."""
    batch = actions.look(
        cells=person.cells(), organization=organization_of(request), by=request.actor, at=now()
    )
    return list(Report.of(batch).findings())


def organization_of(request: ActorRequest) -> Organization:
    """The provider in whose name the person acts."""
    assert request.membership is not None  # a provider's permissions come with a membership
    return request.membership.organization
