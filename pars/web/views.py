"""The pages that belong to nobody: the front door, the component gallery, health, errors, the demo's mail."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from pars.access.doors import ActorRequest, public, requires
from pars.access.roles import Permission

from . import gallery as examples
from .context import frame
from .listing import Column, Listing
from .models import Mail

_START = {
    "provider": "provider-dashboard",
    "board": "board-search",
    "operator": "operator-overview",
    "physician": "passport",
}


@require_safe
@public
def home(request: ActorRequest) -> HttpResponse:
    """What this is, for visitors; for everyone else the page they work from."""
    if request.actor.kind in _START:
        return redirect(_START[request.actor.kind])
    return render(request, "home.html")


@require_safe
@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with example arguments."""
    return render(request, "gallery.html", examples.arguments())


@require_safe
@public
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer; 500 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@requires(Permission.OVERSEE)
def mail_sink(request: ActorRequest) -> HttpResponse:
    """The mail that the demo kept instead of sending it."""
    if not settings.DEMO:
        raise Http404
    listing = Listing(
        request.GET,
        Mail.objects.all(),
        path=request.path,
        columns=[
            Column("to", "To"),
            Column("subject", "Subject"),
            Column("sent", "Sent", sort="sent_at"),
        ],
        search=("to__icontains", "subject__icontains"),
        default="-sent",
    )
    return render(request, "mail_sink.html", {"listing": listing})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, "csrf", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The one answer to «not there» and «not yours»."""
    return _error(request, "404", 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _error(request, "500", 500)


def _error(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """Rendered without context processors: an error page must not query."""
    context = frame(request) | {"csrf_token": get_token(request)}  # signing out works from here, too
    return HttpResponse(render_to_string(f"errors/{name}.html", context), status=status)
