"""The operator adds a board: the organization, whom it licenses, and its first administrator's invitation."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from learners.states import STATES
from pars.access.actor import Actor
from pars.access.doors import ActorRequest, requires
from pars.access.roles import OrganizationKind, Permission, Role
from pars.people.actions import CodeTaken, Sent, found, invite
from pars.people.forms import OrganizationForm
from pars.people.views.members import mail

from .models import Board
from .nppes.importing import place_aside


class BoardForm(OrganizationForm):
    """A board as the operator enters it. Its code is its state and whom it licenses, unless one is given."""

    code = forms.RegexField(
        r"^[A-Z]{2}(-[A-Z]{2,6})?$",
        label="Board code",
        max_length=20,
        help_text="The state, and whom it licenses where the state has two boards: NC-MD, ME-DO.",
        widget=forms.TextInput(attrs={"class": "usa-input--short", "autocapitalize": "characters"}),
        error_messages={
            "required": "Enter the board’s code.",
            "invalid": "A board code looks like NC-MD: the state, a hyphen, whom the board licenses.",
        },
    )
    state = forms.ChoiceField(
        choices=[("", "Choose a state"), *sorted(STATES.items(), key=lambda item: item[1])]
    )
    licenses = forms.MultipleChoiceField(
        label="Licenses",
        choices=[("md", "MDs"), ("do", "DOs")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    participates_since = forms.DateField(
        label="Takes part since",
        required=False,
        help_text="Leave empty until the day is settled; the public list then leaves the board out.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    recognises_for_renewal = forms.BooleanField(
        label="Recognizes reported credit for renewal", required=False
    )
    website = forms.URLField(required=False, assume_scheme="https")
    field_order = (
        "code",
        "name",
        "state",
        "licenses",
        "participates_since",
        "recognises_for_renewal",
        "website",
        "time_zone",
        "admin_email",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        code, state = cleaned.get("code"), cleaned.get("state")
        if code and state and not code.startswith(state):
            self.add_error("code", f"The code begins with the state: {state}.")
        return cleaned


@transaction.atomic
def add_board(
    *,
    code: str,
    name: str,
    time_zone: str,
    state: str,
    licenses: list[str],
    participates_since: date | None,
    recognises_for_renewal: bool,
    website: str,
    admin_email: str,
    by: Actor,
    at: datetime,
) -> Sent:
    """Make the board and invite its first administrator. Raises CodeTaken."""
    organization = found(kind=OrganizationKind.BOARD, code=code, name=name, time_zone=time_zone, by=by, at=at)
    Board.objects.create(
        organization=organization,
        state=state,
        licenses_md="md" in licenses,
        licenses_do="do" in licenses,
        participates_since=participates_since,
        recognises_for_renewal=recognises_for_renewal,
        website=website,
    )
    place_aside(at=at)
    return invite(organization=organization, email=admin_email, role=Role.ADMIN, by=by, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE)
def board_new(request: ActorRequest) -> HttpResponse:
    """The form, and what it makes."""
    form = BoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = add_board(**form.cleaned_data, by=request.actor, at=now())
        except CodeTaken:
            form.add_error("code", "This code is in use already. Look for it under Organizations.")
        else:
            mail(request, sent)
            return redirect("organization", sent.invitation.organization.code)
    context = {"form": form, "kind": "board"}
    return render(request, "operator/organization_new.html", context, status=422 if form.errors else 200)
