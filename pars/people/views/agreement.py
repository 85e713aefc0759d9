"""The collaboration's terms: to read, to accept, to look up."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from pars.access.doors import ActorRequest, public, requires
from pars.access.models import Agreement, Membership, Organization
from pars.access.roles import Permission

from .. import actions, texts
from ..forms import terms_form


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
def agreement(request: ActorRequest) -> HttpResponse:
    """What the organization accepted; or the text, for its administrator to accept."""
    if request.membership is None:
        raise Http404
    organization = request.membership.organization
    text = texts.current(organization.kind, localdate())
    if text is None:
        raise Http404
    accepted = _accepted(organization, text)
    may_accept = request.actor.may(Permission.ACCEPT_AGREEMENT)
    form = None
    if accepted is None and may_accept:
        form = terms_form(text.edition)(request.POST or None)
    if request.method == "POST":
        if not may_accept:
            raise PermissionDenied
        if form is None:
            return redirect("agreement")
        if form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if name != "authority"}
            actions.accept_terms(
                organization=organization,
                text=text,
                by=request.actor,
                accepted_by=request.person,
                at=now(),
                **given,
            )
            messages.success(request, "The terms are accepted for your organization.")
            return redirect("agreement")
    context = {
        "organization": organization,
        "text": text,
        "accepted": accepted,
        "form": form,
        "administrators": [] if accepted or may_accept else _administrators(request.membership),
    }
    return render(request, "people/agreement.html", context, status=422 if form and form.errors else 200)


@require_safe
@public
def terms(request: ActorRequest, edition: str, dated: str) -> HttpResponse:
    """A text as it was on its date, for anyone to read."""
    try:
        text = texts.find(edition, date.fromisoformat(dated))
    except ValueError:
        text = None
    if text is None:
        raise Http404
    return render(request, "people/terms.html", {"text": text})


def _accepted(organization: Organization, text: texts.Text) -> Agreement | None:
    return (
        Agreement.objects.select_related("accepted_by")
        .filter(organization=organization, edition=text.edition, dated=text.dated)
        .first()
    )


def _administrators(membership: Membership) -> list[Membership]:
    """Who can accept: named to those who have to wait for them."""
    managing = actions.managing_roles(membership.organization.kind)
    return list(
        Membership.objects.select_related("user")
        .filter(organization_id=membership.organization_id, role__in=managing)
        .order_by("user__name", "pk")
    )
