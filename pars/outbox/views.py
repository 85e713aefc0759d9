"""The choice of mail, for members; what could not be delivered, for the operator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.web.listing import Column, Listing

from . import actions
from .delivery import TRIES
from .forms import ChoiceForm
from .kinds import known_kinds, title_of
from .models import Message, Mute, State

_TONES = {
    State.WAITING: "info",
    State.SENT: "success",
    State.LAPSED: "neutral",
    State.GIVEN_UP: "error",
    State.UNKNOWN: "warning",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
def choice(request: ActorRequest) -> HttpResponse:
    """Which mail the person wants from the organization they act for."""
    offered = [kind for kind in known_kinds() if kind.is_for(request.actor.permissions)]
    muted = Mute.objects.filter(user=request.person, organization_id=request.actor.tenant)
    unwanted = set(muted.values_list("kind", flat=True))
    initial = {"wanted": [kind.name for kind in offered if kind.name not in unwanted]}
    sent = request.POST if request.method == "POST" else None
    form = ChoiceForm(sent, offered=offered, initial=initial)
    if offered and form.is_valid():
        actions.choose(wanted=form.cleaned_data["wanted"], offered=offered, by=request.actor, at=now())
        messages.success(request, "Saved.")
        return redirect("mail-choice")
    status = 200 if sent is None else 422
    return render(request, "outbox/choice.html", {"form": form, "offered": offered}, status=status)


@require_safe
@requires(Permission.OVERSEE)
def outbox(request: ActorRequest) -> HttpResponse:
    """What was posted and what became of it; never what it said."""
    state = request.GET.get("state", "")
    found = Message.objects.visible_to(request.actor).select_related("organization", "user")
    if state in State.values:
        found = found.filter(state=state)
    listing = Listing(
        request.GET,
        found,
        path=request.path,
        columns=[
            Column("organization", "Organization", sort="organization__name"),
            Column("kind", "About"),
            Column("state", "State"),
            Column("attempts", "Tries", numeric=True),
            Column("posted", "Posted", sort="created_at"),
        ],
        search=("organization__name__icontains", "kind__istartswith"),
        default="-posted",
        keep=("state",),
    )
    for message in listing.rows:
        message.title = title_of(message.kind)  # type: ignore[attr-defined]
        message.tone = _TONES[State(message.state)]  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "states": State.choices,
        "state": state,
        "given_up": Message.objects.visible_to(request.actor).filter(state=State.GIVEN_UP).count(),
        "tries": TRIES,
        "may_operate": request.actor.may(Permission.OPERATE),
    }
    return render(request, "outbox/outbox.html", context)


@require_POST
@requires(Permission.OPERATE)
def try_again(request: ActorRequest) -> HttpResponse:
    """Take up what was given up, once the mail server is back."""
    if actions.try_again(by=request.actor, at=now()):
        messages.success(request, "They are tried again within a minute.")
    return redirect("outbox")
