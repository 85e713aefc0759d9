"""The public finder: search, one activity, and both as JSON. Nobody has to sign in, and everyone sees the same."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from activities.finder import MOST_FOUND, PublicActivity, find, public_activity, today_anywhere
from activities.rules.listing import is_web_address
from pars.access.doors import ActorRequest, public
from pars.web.numbers import trimmed

from .detail import facts_of
from .forms import FinderForm
from .linked_data import as_json, as_schema_org, listed_as_json
from .results import Results, days, icons

MOST_PER_PAGE = 100
SHARED_SECONDS = 60
# Inside a script element only these could end it or begin another.
_HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@require_safe
@public
def search(request: ActorRequest) -> HttpResponse:
    """The search page. An address that asks for what there is not says so, and finds nothing."""
    form = FinderForm(request.GET)
    if not form.is_valid():
        return render(request, "finder/search.html", {"form": form}, status=422)
    results = Results(
        form, asked_page=request.GET.get("page", "1"), path=request.path, today=today_anywhere(now())
    )
    context = {"form": form, "results": results, "chips": results.chips, "icons": icons()}
    page = render(request, "finder/search.html", context)
    return _shared(request, page)


@require_safe
@public
def search_json(request: ActorRequest) -> HttpResponse:
    """The same search for programs: `page` from 1, `size` to MOST_PER_PAGE."""
    form = FinderForm(request.GET)
    valid = form.is_valid()
    errors = [
        {"parameter": name, "message": message}
        for name, messages in form.errors.items()
        for message in messages
    ]
    size, page = _number(request, "size", 20, MOST_PER_PAGE), _number(request, "page", 1, MOST_FOUND)
    for name, value, most in (("size", size, MOST_PER_PAGE), ("page", page, MOST_FOUND)):
        if value is None:
            errors.append({"parameter": name, "message": f"Send a whole number from 1 to {most}."})
    if not valid or size is None or page is None:
        return JsonResponse({"errors": errors}, status=422)
    found = find(form.wish(), page=page, size=size, today=today_anywhere(now()))
    answer = {
        "count": found.count,
        "more": found.capped,
        "page": page,
        "size": size,
        "corrected": found.corrected or None,
        "results": [listed_as_json(row, page=_page_of(request, row.number)) for row in found.rows],
    }
    return _shared(request, JsonResponse(answer))


@require_safe
@public
def activity(request: ActorRequest, number: str) -> HttpResponse:
    """One activity, at an address that stays when it is over."""
    found = _public(number)
    record, page = found.record, _page_of(request, number)
    link = record.url if not found.over and is_web_address(record.url) else ""
    context = {
        "found": found,
        "record": record,
        "when": days(
            found.activity.start_on, found.activity.end_on, self_paced=False, today=found.activity.start_on
        ),
        "facts": facts_of(found),
        "credits": trimmed(found.activity.credits) if found.activity.credits else "",
        "link": link,
        "host": urlsplit(link).hostname,
        "page_url": page,
        "linked_data": _data_block(as_schema_org(found, page=page)),
    }
    return _shared(request, render(request, "finder/activity.html", context))


@require_safe
@public
def activity_json(request: ActorRequest, number: str) -> HttpResponse:
    """The same for programs."""
    return _shared(request, JsonResponse(as_json(_public(number), page=_page_of(request, number))))


def _public(number: str) -> PublicActivity:
    found = public_activity(number, today=today_anywhere(now()))
    if found is None:
        raise Http404
    return found


def _page_of(request: ActorRequest, number: str) -> str:
    return request.build_absolute_uri(reverse("find-activity", args=(number,)))


def _number(request: ActorRequest, name: str, default: int, most: int) -> int | None:
    said = request.GET.get(name, "")
    if not said:
        return default
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0
    return number if 1 <= number <= most else None


def _data_block(data: dict[str, Any]) -> SafeString:
    """A script element of a type that browsers do not run: data, which the content security policy lets stand."""
    said = json.dumps(data, ensure_ascii=False).translate(_HARMLESS)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308


def _shared(request: ActorRequest, response: HttpResponse) -> HttpResponse:
    """Everyone's answer may be kept by whoever stands between, for a short time. Who brings a cookie gets their own."""
    if not request.COOKIES:
        response.headers["Cache-Control"] = f"public, max-age={SHARED_SECONDS}"
    return response
