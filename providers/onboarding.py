"""The operator adds a provider: organization, accreditation, and its first administrator's invitation."""

from datetime import datetime

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from pars.access.actor import Actor
from pars.access.doors import ActorRequest, requires
from pars.access.roles import OrganizationKind, Permission, Role
from pars.people.actions import CodeTaken, Sent, found, invite
from pars.people.forms import OrganizationForm
from pars.people.views.members import mail

from .models import Provider


class ProviderForm(OrganizationForm):
    """A provider as the operator enters it."""

    code = forms.RegexField(
        r"^[0-9]{7}$",
        label="Provider ID",
        help_text="Seven digits, leading zeros included.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--short"}),
        error_messages={
            "required": "Enter the seven-digit provider ID.",
            "invalid": "A provider ID has seven digits, such as 0008273.",
        },
    )
    accredited_by = forms.ChoiceField(
        choices=[
            ("ACCME", "ACCME"),
            ("Joint Accreditation", "Joint Accreditation"),
            ("State medical society", "A state medical society"),
        ]
    )
    field_order = ("code", "name", "accredited_by", "time_zone", "admin_email")


@transaction.atomic
def add_provider(
    *, code: str, name: str, time_zone: str, accredited_by: str, admin_email: str, by: Actor, at: datetime
) -> Sent:
    """Make the provider and invite its first administrator. Raises CodeTaken."""
    organization = found(
        kind=OrganizationKind.PROVIDER, code=code, name=name, time_zone=time_zone, by=by, at=at
    )
    Provider.objects.create(organization=organization, accredited_by=accredited_by)
    return invite(organization=organization, email=admin_email, role=Role.ADMIN, by=by, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE)
def provider_new(request: ActorRequest) -> HttpResponse:
    """The form, and what it makes."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = add_provider(**form.cleaned_data, by=request.actor, at=now())
        except CodeTaken:
            form.add_error("code", "This provider ID is in use already. Look for it under Organizations.")
        else:
            mail(request, sent)
            return redirect("organization", sent.invitation.organization.code)
    context = {"form": form, "kind": "provider"}
    return render(request, "operator/organization_new.html", context, status=422 if form.errors else 200)
