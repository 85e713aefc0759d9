"""An organization's people, seen by those who manage them; and switching between organizations."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.middleware import ACTING_FOR
from pars.access.models import Invitation, Membership, Organization
from pars.access.roles import Permission, Role
from pars.audit.actions import record

from .. import actions, invitations
from ..forms import InvitationForm, RoleForm

_LAST = "Somebody has to manage people. Make another member {role} first."


@require_POST
@requires(Permission.SIGNED_IN, second_factor=False)
def switch(request: ActorRequest) -> HttpResponse:
    """Act for another of one's organizations from now on, or for oneself."""
    asked = request.POST.get("organization", "")
    if asked != "self":
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        get_object_or_404(Membership, user=request.person, organization_id=int(asked))
    request.session[ACTING_FOR] = asked
    record("acting.switched", by=request.actor, to_organization=None if asked == "self" else int(asked))
    return redirect("home")


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people(request: ActorRequest) -> HttpResponse:
    """Members, open invitations and the form to invite."""
    return _people(request, InvitationForm(organization=_own(request)))


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def invite(request: ActorRequest) -> HttpResponse:
    """Invite somebody to one's own organization."""
    organization = _own(request)
    form = InvitationForm(request.POST, organization=organization)
    if invited(request, form, organization):
        return redirect("people")
    return _people(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def member(request: ActorRequest, member_id: int) -> HttpResponse:
    """One member: their role, and the way out."""
    found = get_object_or_404(_members(request), pk=member_id)
    form = RoleForm(request.POST or None, organization=found.organization, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(member=found, role=form.chosen_role, by=request.actor, at=now())
        except actions.LastAdministrator:
            form.add_error("role", _last(found))
        else:
            messages.success(request, f"{found.user} is now {Role(found.role).label.lower()}.")
            return _after_change(request, found)
    return render(
        request, "people/member.html", {"member": found, "form": form}, status=422 if form.errors else 200
    )


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def remove(request: ActorRequest, member_id: int) -> HttpResponse:
    """End a membership."""
    found = get_object_or_404(_members(request), pk=member_id)
    name = str(found.user)
    try:
        actions.remove(member=found, by=request.actor, at=now())
    except actions.LastAdministrator:
        messages.error(request, _last(found))
        return redirect("member", member_id)
    messages.success(request, f"{name} no longer belongs to {found.organization}.")
    return _after_change(request, found)


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def renew(request: ActorRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitation = get_object_or_404(_invitations(request), pk=invitation_id)
    try:
        sent = actions.renew(invitation=invitation, by=request.actor, at=now())
    except actions.InvitationGone:
        raise Http404 from None
    mail(request, sent)
    return _back(request, invitation)


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def revoke(request: ActorRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(_invitations(request), pk=invitation_id)
    try:
        actions.revoke(invitation=invitation, by=request.actor, at=now())
    except actions.InvitationGone:
        raise Http404 from None
    messages.success(
        request, f"The invitation of {invitation.email} was taken back. Its link no longer works."
    )
    return _back(request, invitation)


def invited(request: ActorRequest, form: InvitationForm, organization: Organization) -> bool:
    """Invite whom a form names, and mail the link. False: the form says why not."""
    if not form.is_valid():
        return False
    try:
        sent = actions.invite(
            organization=organization,
            email=form.cleaned_data["email"],
            role=form.chosen_role,
            by=request.actor,
            at=now(),
        )
    except actions.AlreadyMember:
        form.add_error("email", "This person belongs to the organization already. Change their role instead.")
        return False
    mail(request, sent)
    return True


def mail(request: ActorRequest, sent: actions.Sent) -> None:
    """Mail an invitation's link, and say on the next page whether it went out."""
    email = sent.invitation.email
    try:
        invitations.send(request, sent)
    except OSError:
        messages.error(
            request,
            f"The invitation of {email} is made, but could not be mailed. Send it again in a few minutes.",
        )
    else:
        messages.success(request, f"An invitation is on its way to {email}.")


def _own(request: ActorRequest) -> Organization:
    """The organization acted for: whoever manages people belongs to one."""
    assert request.membership is not None
    return request.membership.organization


def _members(request: ActorRequest) -> QuerySet[Membership]:
    return Membership.objects.select_related("user", "organization").filter(organization=_own(request))


def _invitations(request: ActorRequest) -> QuerySet[Invitation]:
    """Open invitations of one's own organization; an operator's are everybody's."""
    return Invitation.objects.filter(
        organization__in=Organization.objects.visible_to(request.actor), accepted_at=None
    )


def _people(request: ActorRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    open_invitations = _own(request).invitations.filter(accepted_at=None)
    context = {
        "members": _members(request).order_by("user__name", "pk"),
        "invitations": open_invitations.order_by("-created_at", "pk"),
        "form": form,
        "now": now(),
    }
    return render(request, "people/people.html", context, status=status)


def _back(request: ActorRequest, invitation: Invitation) -> HttpResponse:
    if invitation.organization_id == request.actor.organization_id:
        return redirect("people")
    return redirect("organization", Organization.objects.get(pk=invitation.organization_id).code)


def _after_change(request: ActorRequest, changed: Membership) -> HttpResponse:
    """Back to the list, or home for those who have just lost their own way in."""
    return redirect("home" if changed.user_id == request.actor.user_id else "people")


def _last(found: Membership) -> str:
    roles = " or ".join(role.label.lower() for role in actions.managing_roles(found.organization.kind))
    return _LAST.format(role=roles)
