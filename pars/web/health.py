"""Whether this process is alive, answered ahead of everything that would ask the database or the host's name.

A probe that failed with the database would have every healthy process restarted at once; whether the database
answers is the other question, `/readyz`.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PATH = "/healthz"


def liveness(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """First of the middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            return HttpResponse("ok", content_type="text/plain")
        return get_response(request)

    return middleware
