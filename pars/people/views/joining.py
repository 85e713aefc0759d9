"""Following an invitation's link."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pars.access.doors import ActorRequest, public
from pars.access.middleware import ACTING_FOR
from pars.access.models import Invitation, Membership, User

from .. import actions, invitations
from ..forms import NewcomerForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def invitation(request: ActorRequest, token: str) -> HttpResponse:
    """Whoever holds the link joins, with their account or a new one. A link that is no good says so."""
    found = invitations.find(token, now())
    if found is None:
        return _gone(request)
    account = invitations.account_behind(found)
    if account is None:
        return _newcomer(request, found)
    return _known(request, found, account)


def _newcomer(request: ActorRequest, found: Invitation) -> HttpResponse:
    form = NewcomerForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            membership = actions.accept_as_newcomer(
                invitation=found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                at=now(),
            )
        except actions.InvitationGone:
            return _gone(request)
        response: HttpResponse = perform_login(request, membership.user, email=found.email)
        return _arrived(request, membership, response)
    context = {"invitation": found, "form": form, "stranger": request.user.is_authenticated}
    return render(request, "people/newcomer.html", context, status=422 if form.errors else 200)


def _known(request: ActorRequest, found: Invitation, account: User) -> HttpResponse:
    signed_in = request.user.is_authenticated
    if request.method == "POST" and signed_in and request.person.pk == account.pk:
        try:
            membership = actions.accept(invitation=found, user=account, at=now())
        except actions.InvitationGone:
            return _gone(request)
        return _arrived(request, membership, redirect("home"))
    context = {"invitation": found, "mine": signed_in and request.person.pk == account.pk}
    return render(request, "people/known.html", context)


def _arrived(request: ActorRequest, membership: Membership, response: HttpResponse) -> HttpResponse:
    request.session[ACTING_FOR] = str(membership.organization_id)
    messages.success(request, f"You now belong to {membership.organization}.")
    return response


def _gone(request: ActorRequest) -> HttpResponse:
    return render(request, "people/gone.html", status=404)
