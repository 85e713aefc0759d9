"""A page of results as people read it: cards, chips to take a filter off again, page links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from activities.codes import code_list
from activities.finder import FREE, MOST_FOUND, Found, find
from activities.formats import SELF_PACED, Delivery
from activities.models import ListedActivity
from activities.places import USA
from pars.web.listing import Pages

from .forms import SORTS, WHEN, FinderForm

PAGE_SIZE = 20
_ICONS = ("school", "event", "location_on")


@cache
def icons() -> dict[str, SafeString]:
    """Those of a card, drawn once: sixty a page."""
    return {name: render_to_string("components/icon.html", {"name": name}) for name in _ICONS}


@dataclass(frozen=True)
class Card:
    """What decides whether somebody opens it."""

    title: str
    url: str
    provider: str
    kind: str
    when: str
    place: str
    credits: Decimal
    boards: tuple[str, ...]
    fee: str
    free: bool
    summary: str


@dataclass(frozen=True)
class Chip:
    """A filter that is on; `url` is the same search without it."""

    name: str
    value: str
    url: str


class Results(Pages):
    """What an address found."""

    page_size = PAGE_SIZE
    cap = MOST_FOUND

    def __init__(self, form: FinderForm, *, asked_page: str, path: str, today: date) -> None:
        self.form, self.path, self.today = form, path, today
        self.asked_page = asked_page
        self.asked = form.asked()
        self.wish = form.wish()

    @cached_property
    def found(self) -> Found:
        asked = self._asked_number
        found = find(self.wish, page=asked, size=self.page_size, today=self.today)
        last = -(-found.count // self.page_size)
        if found.count and asked > last:
            found = find(self.wish, page=last, size=self.page_size, today=self.today)
        return found

    @property
    def _asked_number(self) -> int:
        asked = int(self.asked_page) if self.asked_page.isdecimal() and len(self.asked_page) < 9 else 1
        return min(max(asked, 1), self.cap // self.page_size)

    @property
    def count(self) -> int:
        return self.found.count + self.found.capped

    @cached_property
    def cards(self) -> list[Card]:
        return [card(row, self.today) for row in self.found.rows]

    @property
    def chips(self) -> list[Chip]:
        """Filters that are on, without words and order: those stand in fields of their own."""
        return [
            Chip(
                self._label(name), self._reads(name, value), self._address(_without(self.asked, name, value))
            )
            for name, value in self.asked
            if name not in ("q", "sort")
        ]

    @property
    def correction(self) -> str:
        return f"Nothing has “{self.wish.words}”. Showing what has “{self.found.corrected}” instead."

    @property
    def narrowed(self) -> bool:
        return any(name != "sort" for name, _ in self.asked)

    @property
    def without_filters(self) -> str:
        """The same words without any filter."""
        return self._address([pair for pair in self.asked if pair[0] in ("q", "sort")])

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """(label, address, current) of each order there is; without words nothing is a best match."""
        others = [pair for pair in self.asked if pair[0] != "sort"]
        return [
            (label, self._address([*others, ("sort", sort)]), sort == self.wish.order)
            for sort, label in SORTS.items()
            if self.wish.words or sort != "relevance"
        ]

    def url(self, **changes: object) -> str:
        pairs = [*self.asked, *((name, str(value)) for name, value in changes.items() if value)]
        return self._address(pairs)

    @property
    def json_url(self) -> str:
        return f"{reverse('find-json')}?{urlencode(self.asked)}" if self.asked else reverse("find-json")

    def _address(self, pairs: Sequence[tuple[str, str]]) -> str:
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def _label(self, name: str) -> str:
        short = {"delivery": "Delivery", "board": "MOC", "free": "Fee", "provider": "Provider"}
        return short.get(name) or str(self.form.fields[name].label)

    @staticmethod
    def _reads(name: str, value: str) -> str:
        lists = {
            "board": "certifying_board",
            "credit": "credit_category",
            "state": "state",
            "country": "country",
        }
        if name in lists:
            return code_list(lists[name]).label(value)
        return "Free" if name == "free" else WHEN.get(value, value)


def _without(pairs: Sequence[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair != (name, value)]


def card(row: ListedActivity, today: date) -> Card:
    return Card(
        title=row.title,
        url=reverse("find-activity", args=(row.number,)),
        provider=row.provider_name,
        kind=" · ".join([row.format, ", ".join(row.delivery)] if row.delivery else [row.format]),
        when=days(row.start_on, row.end_on, self_paced=row.format in SELF_PACED, today=today),
        place=place(row.delivery, row.city, row.state, row.country),
        credits=row.credits,
        boards=tuple(row.boards),
        fee=fee(row.fee),
        free=row.fee == FREE,
        summary=row.summary if len(row.summary) < 300 else f"{row.summary.rsplit(' ', 1)[0]} …",
    )


def fee(code: str) -> str:
    return {FREE: "Free", "Yes": "Fee", "Variable": "Fee varies"}.get(code, code)


def place(delivery: Sequence[str], city: str, state: str, country: str) -> str:
    """Where people meet; empty where they do not."""
    if Delivery.IN_PERSON not in delivery:
        return ""
    parts = [city, state if country == USA else code_list("country").label(country)]
    return ", ".join(part for part in parts if part)


def days(start_on: date, end_on: date, *, self_paced: bool, today: date) -> str:
    """When, in as few words as say it: "Sep 12, 2026", "Oct 19 – 23, 2026", "Until Jan 31, 2029"."""
    if self_paced and start_on <= today <= end_on:
        return f"Any time until {_day(end_on)}"
    if start_on == end_on:
        return _day(start_on)
    if start_on.year != end_on.year:
        return f"{_day(start_on)} – {_day(end_on)}"
    if start_on.month != end_on.month:
        return f"{start_on:%b} {start_on.day} – {_day(end_on)}"
    return f"{start_on:%b} {start_on.day} – {end_on.day}, {end_on.year}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
