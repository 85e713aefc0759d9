"""The accreditor's pages: what needs attention, the organizations, the audit trail."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.models import Organization
from pars.access.roles import OrganizationKind, Permission
from pars.audit.models import Event
from pars.web.listing import Column, Listing

from .. import acts, overview, trail
from ..forms import InvitationForm, TrailForm
from .members import invited

LATEST = 8
NAMED = 5
_BY_TERMS = {"accepted": overview.with_agreement, "missing": overview.without_agreement}


@require_safe
@requires(Permission.OVERSEE)
def overview_page(request: ActorRequest) -> HttpResponse:
    """What needs attention, and what happened last."""
    at = now()
    everyone = overview.organizations(request.actor)
    context = {
        **everyone.aggregate(
            providers=Count("pk", filter=Q(kind=OrganizationKind.PROVIDER)),
            boards=Count("pk", filter=Q(kind=OrganizationKind.BOARD)),
        ),
        "unagreed": overview.without_agreement(request.actor).by_name()[:NAMED],
        "unagreed_count": overview.without_agreement(request.actor).count(),
        "unmanaged": overview.without_manager(request.actor).by_name()[:NAMED],
        "invitations": overview.open_invitations()[:NAMED],
        "invitation_count": overview.open_invitations().count(),
        "chain": overview.chain(request.actor, at),
        "undelivered": overview.undelivered(request.actor, at),
        "chart": overview.events_by_day(request.actor, at),
        "events": _worded(trail.described(trail.events(request.actor).newest_first())[:LATEST]),
        "now": at,
        "may_operate": request.actor.may(Permission.OPERATE),
    }
    return render(request, "operator/overview.html", context)


@require_safe
@requires(Permission.OVERSEE)
def organization_list(request: ActorRequest) -> HttpResponse:
    """Every organization, by kind and by whether it has accepted the terms."""
    kind, terms = request.GET.get("kind", ""), request.GET.get("terms", "")
    found = _BY_TERMS.get(terms, overview.organizations)(request.actor)
    if kind in OrganizationKind.values:
        found = found.filter(kind=kind)
    listing = Listing(
        request.GET,
        found,
        path=request.path,
        columns=[
            Column("name", "Name", sort="name"),
            Column("kind", "Kind", sort="kind"),
            Column("code", "ID or code", sort="code"),
            Column("terms", "Terms"),
            Column("since", "Added", sort="created_at"),
        ],
        search=("name__icontains", "code__icontains"),
        default="name",
        keep=("kind", "terms"),
    )
    context = {
        "listing": listing,
        "kinds": OrganizationKind.choices,
        "kind": kind,
        "terms": terms,
        "may_operate": request.actor.may(Permission.OPERATE),
    }
    return render(request, "operator/organizations.html", context)


@require_safe
@requires(Permission.OPERATE)
def organization_new(request: ActorRequest) -> HttpResponse:
    """Which kind of organization to add; the kinds' own apps have the forms."""
    return render(request, "operator/organization_kind.html")


@require_safe
@requires(Permission.OVERSEE)
def organization(request: ActorRequest, code: str) -> HttpResponse:
    """One organization: its people, what it accepted, its invitations."""
    found = get_object_or_404(Organization.objects.visible_to(request.actor), code=code)
    return _organization(request, found, InvitationForm(organization=found))


@require_POST
@requires(Permission.OPERATE)
def organization_invite(request: ActorRequest, code: str) -> HttpResponse:
    """Invite somebody to any organization: the first administrator, or one more when the last has left."""
    found = get_object_or_404(Organization.objects.visible_to(request.actor), code=code)
    form = InvitationForm(request.POST, organization=found)
    if invited(request, form, found):
        return redirect("organization", code)
    return _organization(request, found, form, status=422)


@require_safe
@requires(Permission.OVERSEE)
def audit_trail(request: ActorRequest) -> HttpResponse:
    """Who did or saw what, and when: counts and ids, no names of physicians."""
    form = TrailForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    listing = Listing(
        request.GET,
        trail.described(trail.events(request.actor, **filters)),
        path=request.path,
        columns=[
            Column("at", "When", sort="at"),
            Column("who", "Who"),
            Column("what", "What"),
            Column("organization", "Organization"),
            Column("subjects", "Physicians", numeric=True),
            Column("sealed", "Chain"),
        ],
        search=("verb__istartswith",),
        default="-at",
        keep=("organization", "since", "until"),
    )
    _worded(listing.rows)
    context = {"listing": listing, "form": form, "chain": overview.chain(request.actor, now())}
    context["acts"] = acts.choices()
    return render(request, "operator/trail.html", context, status=200 if form.is_valid() else 422)


def _worded(events: Iterable[Event]) -> list[Event]:
    """The same events, each with its act in `words` and, in `whose`, for whom it was done."""
    found = list(events)
    for event in found:
        event.words = acts.words(event.verb)  # type: ignore[attr-defined]
        event.whose = acts.ACTORS.get(event.actor_kind, event.actor_kind)  # type: ignore[attr-defined]
    return found


def _organization(
    request: ActorRequest, found: Organization, form: InvitationForm, status: int = 200
) -> HttpResponse:
    context = {
        "organization": found,
        "members": found.memberships.select_related("user").order_by("user__name", "pk"),
        "agreements": found.agreements.select_related("accepted_by").order_by("-dated"),
        "invitations": found.invitations.filter(accepted_at=None).order_by("-created_at", "pk"),
        "form": form if request.actor.may(Permission.OPERATE) else None,
        "accepts_terms": found.kind != OrganizationKind.ACCREDITOR,
        "now": now(),
    }
    return render(request, "operator/organization.html", context, status=status)
