"""How many of the public listing match, and which of them a page shows: what the finder asks of PostgreSQL.

    sought = Sought(ListedActivity.objects.all(), ends_from=today).having(words=as_query("opioid"))
    count, rows = in_order(sought, "ending", Span(0, 20), most=1_001, today=today)

There are two ways to answer. To look up all that match and put them in order is dear where much matches. To walk along
an order and leave out what does not match is dear where little does, or where what matches stands far back. The planner
knows how often one word or facet is met; of several together, or of days beside them, it guesses as if they had nothing
to do with each other, and can be wrong by all of the table. So where there are several, what matches is looked up
first, until it is too much for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models.functions import Greatest, Least

from .models import ListedActivity, ListedActivityQuerySet

CONFIGURATION = "pars_english"

Page = tuple[int, list[ListedActivity]]
"""How many there are, up to as many as were asked about, and the rows of one page in their order."""
_Keys = tuple[int, list[int]]

# What is still to begin, the soonest first; then what has begun, the latest first.
_STARTING = "start_on < %s, abs(start_on - %s), CASE WHEN start_on < %s THEN -key ELSE key END"
_ORDERS = {"ending": "end_on, key", "newest": "key DESC", "title": "title_key, key", "starting": _STARTING}
_INDEXED = {
    "ending": ("end_on", "activity"),
    "newest": ("-activity",),
    "title": ("title_key", "activity"),
}
_UNSHOWN = ("facets", "head", "words")
_BEST = "ts_rank(head, websearch_to_tsquery(%s::regconfig, %s)) DESC, key DESC"

# A materialized part is planned as if all of it were wanted, and still is read only as far as it is.
_LOOKED_UP = """
WITH found (key, start_on, end_on, title_key, head) AS MATERIALIZED ({matching}),
    few AS MATERIALIZED (SELECT * FROM found LIMIT %s)
"""
_NEWEST = "WITH few (key, head) AS MATERIALIZED ({matching})"
_PAGE = "SELECT (SELECT count(*) FROM few), ARRAY(SELECT key FROM few ORDER BY {order} OFFSET %s LIMIT %s)"


@dataclass(frozen=True)
class Span:
    """Places in an order, from 0: `first` to before `last`."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return max(self.last - self.first, 0)

    def after(self, count: int) -> "Span":
        """What of it lies behind the first `count` places, counted from there."""
        return Span(max(self.first - count, 0), max(self.last - count, 0))


@dataclass(frozen=True)
class Sought:
    """A question to the listing: words and facets, `conditions` of them in `listed`, and days.

    What is sought ends on `ends_from` or later and begins from `starts_from` to `starts_to`. `format` repeats the one
    that a facet asks for: how long an activity lasts hangs on it, and an index of last days begins with it.
    """

    listed: ListedActivityQuerySet
    ends_from: date
    starts_from: date = date.min
    starts_to: date = date.max
    format: str = ""
    conditions: int = 0

    def having(self, *, conditions: int = 1, **lookups: Any) -> "Sought":
        """The same, and more."""
        return replace(self, listed=self.listed.filter(**lookups), conditions=self.conditions + conditions)

    def without(self, **lookups: Any) -> "Sought":
        return replace(self, listed=self.listed.exclude(**lookups))

    @property
    def is_guesswork(self) -> bool:
        """Whether the planner has to guess how much matches."""
        by_days = self.starts_from > date.min or self.starts_to < date.max
        return self.conditions > 1 or (self.conditions == 1 and by_days)

    @property
    def in_days(self) -> ListedActivityQuerySet:
        """All that is sought. Beside words and facets, days are asked about in a way that no index knows: the planner
        would join one to the other, which means to read half of it, and takes that for cheap.
        """
        if not self.conditions:
            listed, ends, starts = self.listed, "end_on", "start_on"
        else:
            listed = self.listed.alias(last=Greatest("start_on", "end_on"), day=Least("start_on", "end_on"))
            ends, starts = "last", "day"
        asked = {f"{ends}__gte": self.ends_from}
        if self.starts_from > date.min:
            asked[f"{starts}__gte"] = self.starts_from
        if self.starts_to < date.max:
            asked[f"{starts}__lte"] = self.starts_to
        return listed.filter(**asked)

    def count(self, most: int) -> int:
        return self.in_days.values("pk")[:most].count()


def as_query(words: str) -> SearchQuery:
    """Words as people type them."""
    return SearchQuery(words, config=CONFIGURATION, search_type="websearch")


def in_order(sought: Sought, order: str, span: Span, *, most: int, today: date) -> Page:
    """A page in any order but that of relevance. Counting stops at `most`."""
    if not sought.is_guesswork:
        count = sought.count(most)
        return count, _walk(sought, order, span, today) if span.first < count else []
    said = [today] * 3 if order == "starting" else []
    count, keys = _looked_up(sought, most, _ORDERS[order], said, span)
    return count, _rows(keys) if count < most else _walk(sought, order, span, today)


def best(sought: Sought, words: str, span: Span, *, most: int) -> Page:
    """A page, the best first: what has all words in the title and its like, then what needs the description.

    Counting stops at `most`; of more, the newest are ranked.
    """
    query, number = as_query(words), len(words.split())
    count, rows = _tier(sought.having(head=query, conditions=number), words, most, span)
    if count == most:
        return count, rows
    others = sought.having(words=query, conditions=number).without(head=query)
    more, further = _tier(others, words, most - count, span.after(count))
    return count + more, rows + further


def _tier(sought: Sought, words: str, most: int, span: Span) -> Page:
    """The newest of what matches, `most` of them at the most, ranked."""
    said = [CONFIGURATION, words]
    if sought.is_guesswork:
        count, keys = _looked_up(sought, most, _BEST, said, span)
        if count < most or not span.size:
            return count, _rows(keys)
    if not span.size:
        return sought.count(most), []
    newest = sought.in_days.order_by("-activity").values_list("pk", "head")[:most]
    matching, asked = newest.query.sql_with_params()
    count, keys = _page(_NEWEST.format(matching=matching), asked, _BEST, said, span)
    return count, _rows(keys)


def _looked_up(sought: Sought, most: int, order: str, said: Sequence[Any], span: Span) -> _Keys:
    """How many match, up to `most`. Only if they are fewer is the page right: these are whichever were found first."""
    found = sought.in_days.values_list("pk", "start_on", "end_on", "title_key", "head")
    matching, asked = found.query.sql_with_params()
    return _page(_LOOKED_UP.format(matching=matching), [*asked, most], order, said, span)


def _page(few: str, asked: Sequence[Any], order: str, said: Sequence[Any], span: Span) -> _Keys:
    with connection.cursor() as cursor:
        cursor.execute(f"{few} {_PAGE.format(order=order)}", [*asked, *said, span.first, span.size])
        count, keys = cursor.fetchone()
        return count, keys


def _rows(keys: Sequence[int]) -> list[ListedActivity]:
    by_key = ListedActivity.objects.defer(*_UNSHOWN).in_bulk(keys)
    return [by_key[key] for key in keys]


def _walk(sought: Sought, order: str, span: Span, today: date) -> list[ListedActivity]:
    rows = sought.in_days.defer(*_UNSHOWN)
    if order == "ending":
        rows = rows.filter(end_on__gte=sought.ends_from)
        rows = rows.filter(format=sought.format) if sought.format else rows
    if order != "starting":
        return list(rows.order_by(*_INDEXED[order])[span.first : span.last])
    coming = rows.filter(start_on__gte=today).order_by("start_on", "activity")
    begun = rows.filter(start_on__lt=today).order_by("-start_on", "-activity")
    shown = list(coming[span.first : span.last])
    if len(shown) < span.size:
        rest = span.after(coming.order_by().values("pk")[: span.last].count())
        shown += begun[rest.first : rest.last]
    return shown
