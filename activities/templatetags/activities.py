"""How pages say an activity's status, days and place."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.safestring import SafeString

from activities.codes import code_list
from activities.models import Activity
from activities.places import USA
from activities.record import Outcome
from activities.status import Status
from pars.web.templatetags.components import chip

register = template.Library()

TONES = {Status.DRAFT: "warning", Status.ACTIVE: "success", Status.READY: "info", Status.CLOSED: "neutral"}


def status_chip(status: Status) -> SafeString:
    return chip(str(status.label), TONES[status])


@register.simple_tag
def days(start_on: date, end_on: date) -> str:
    """ "Sep 12, 2026", "Oct 19–23, 2026", "Jan 7 – Dec 16, 2026" or "Nov 1, 2025 – Oct 31, 2028"."""
    last = f"{end_on:%b} {end_on.day}, {end_on.year}"
    if start_on == end_on:
        return last
    if (start_on.year, start_on.month) == (end_on.year, end_on.month):
        return f"{start_on:%b} {start_on.day}–{end_on.day}, {end_on.year}"
    first = f"{start_on:%b} {start_on.day}"
    return f"{first} – {last}" if start_on.year == end_on.year else f"{first}, {start_on.year} – {last}"


@register.filter
def place(activity: Activity) -> str:
    """ "Raleigh, NC", "Toronto, Canada" or nothing."""
    country = "" if activity.country == USA else code_list("country").label(activity.country)
    return ", ".join(part for part in (activity.city, activity.state, country) if part)


@register.filter
def reads(code: str, name: str) -> str:
    """How a code of the list of this name reads."""
    return code_list(name).label(code)


@register.filter
def outcome(one: Outcome) -> str:
    """ "Learner Knowledge (objective, subjective)"."""
    how = ", ".join(one.how).lower()
    return f"{one.what} ({how})" if how else one.what


@register.filter
def learners(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Who took part: how the category reads and how many, in the order of the list."""
    listed = code_list("participant").codes
    return [(one.label, counts[one.code]) for one in listed if one.code in counts]
