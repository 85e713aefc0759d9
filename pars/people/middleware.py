"""Keeps the name `site` ours on allauth's entrance pages."""

from collections.abc import Callable

from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class OurSite:
    """allauth hands its pages the host name as `site`, over what base.html draws under that name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        context = response.context_data
        if context is not None and isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response
