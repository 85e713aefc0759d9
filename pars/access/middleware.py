"""Says who acts, opens their scope round view and template, and turns away who lacks sign-in, factor or agreement."""

import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.utils.timezone import override

from .actor import Actor
from .doors import ActorRequest, door_of
from .models import Agreement, Membership, User
from .scope import acting_as

ACTING_FOR = "acting_for"  # session key: an organization's id, or "self"
SEEN_AT = "seen_at"


class ActorMiddleware:
    """Last of the middleware. A 5xx rolls back, everything else commits: refusals and guesses stay counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        if isinstance(request.user, User):
            request.person = request.user
        request.memberships = memberships_of(request)
        request.membership = membership_of(request)
        request.actor = actor_of(request)
        if self._idle_too_long(request):
            logout(request)
            return redirect_to_login(request.get_full_path())
        with acting_as(request.actor), override(zone_of(request)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        # Whoever has just signed in or out was, or is, somebody.
        if request.actor.user_id or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: ActorRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        door = door_of(view)
        if door is None:
            if view.__module__.startswith(settings.FOREIGN_VIEWS):
                return None
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} names nobody who may use it.")
        if not door.permissions:
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if door.second_factor and lacks_second_factor(request):
            return redirect("mfa_index")
        # Whom the page will refuse anyway is not asked to agree first.
        if door.agreement and door.admits(request.actor) and lacks_agreement(request):
            return redirect("agreement")
        return None

    @staticmethod
    def _idle_too_long(request: ActorRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        kind = request.membership.organization.kind if request.membership else "physician"
        now = int(time.time())
        seen_at = request.session.get(SEEN_AT, now)
        if now - seen_at > settings.IDLE_MINUTES[kind] * 60:
            return True
        if now - seen_at >= 60 or SEEN_AT not in request.session:
            request.session[SEEN_AT] = now
        return False


def memberships_of(request: HttpRequest) -> list[Membership]:
    """Whom the person may act for, by name: asked once, for the actor and for the menu that switches."""
    if not isinstance(request.user, User):
        return []
    memberships = Membership.objects.filter(user=request.user).select_related("organization")
    return list(memberships.order_by("organization__name", "pk"))


def membership_of(request: ActorRequest) -> Membership | None:
    """The membership the person acts under: the one they switched to, else their first; None for themselves."""
    chosen = request.session.get(ACTING_FOR) if request.memberships else "self"
    if chosen == "self":
        return None
    if chosen is None:
        return min(request.memberships, key=lambda one: one.pk)
    return next((one for one in request.memberships if str(one.organization_id) == str(chosen)), None)


def zone_of(request: ActorRequest) -> ZoneInfo | None:
    """Where the organization's days begin and end, for the times its pages show; None: as the server has it."""
    return ZoneInfo(request.membership.organization.time_zone) if request.membership else None


def actor_of(request: ActorRequest) -> Actor:
    """Who acts in this request."""
    if request.membership:
        return request.membership.actor()
    if isinstance(request.user, User):
        physician_of = import_string(settings.PHYSICIAN_OF)
        return Actor.person(user_id=request.user.pk, physician_id=physician_of(request.user.pk))
    return Actor.anonymous()


def lacks_second_factor(request: ActorRequest) -> bool:
    """True for an organization's member without passkey or TOTP, but in the demo."""
    if settings.DEMO or request.membership is None:
        return False
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 (its models need Django to be set up)

    return not is_mfa_enabled(request.person)


def lacks_agreement(request: ActorRequest) -> bool:
    """True while the organization's administrator has not accepted the collaboration's terms."""
    if request.membership is None:
        return False
    return not Agreement.objects.filter(organization_id=request.membership.organization_id).exists()
