"""The public finder: what anyone may search among listed activities, and the page of one.

    page = find(Wish(words="opioid", formats=("Live Course",)), page=1, size=20, today=today_anywhere(now()))
    page.rows, page.count, page.capped, page.corrected

The table it searches holds only what is public (docs/adr/0020), and what it costs does not grow with the number of
activities that match: counting and ranking stop at MOST_FOUND.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import connection

from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as

from .codes import code_list
from .models import Activity, ListedActivity
from .record import Record
from .seeking import CONFIGURATION, Sought, Span, as_query, best, in_order
from .stored import record_of

MOST_FOUND = 1_000  # so many are counted, ranked and paged through; the rest asks for a narrower search
MOST_PROVIDERS = 200
LONGEST_WORDS = 200

Sort = Literal["relevance", "ending", "starting", "newest", "title"]
When = Literal["", "now", "later"]

FREE = next(each.code for each in code_list("fee").codes if "Free" in each.aliases)
_ANYONE = Actor.anonymous()
# Where a day ends last: an activity is over when its last day is over everywhere.
_LAST_ZONE = ZoneInfo("Etc/GMT+12")


@dataclass(frozen=True)
class Wish:
    """What somebody looks for. What is left out does not matter; several formats or deliveries mean any of them.

    `words` as people type them: "quoted together", OR and -not are understood. Codes are those of the code lists.
    `since` and `until` ask for activities with at least a day between them, both included; `when` for those that
    one can take part in today ("now"), or that begin after today ("later"). `provider` is a part of its name.
    """

    words: str = ""
    formats: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    credit: str = ""
    specialty: str = ""
    board: str = ""
    credit_type: str = ""
    state: str = ""
    country: str = ""
    when: When = ""
    since: date | None = None
    until: date | None = None
    free: bool = False
    provider: str = ""
    sort: Sort = "relevance"

    @property
    def order(self) -> Sort:
        """The order that results come in: without words nothing is more relevant, and the newest come first."""
        return "newest" if self.sort == "relevance" and not self.words else self.sort


@dataclass(frozen=True)
class Found:
    """One page of what was found. `count` stops at MOST_FOUND; `capped` says that there is more.

    `corrected`: nothing had the words that were asked for, and these are what was found instead. `unsearchable`: the
    words are of the kind that stands everywhere, like "the".
    """

    rows: list[ListedActivity]
    count: int
    capped: bool = False
    corrected: str = ""
    unsearchable: bool = False


@dataclass(frozen=True)
class PublicActivity:
    """The public page of one activity: its record as anyone may read it, and whose it is."""

    activity: Activity
    record: Record
    provider: Organization
    over: bool


def today_anywhere(at: datetime) -> date:
    """The day it still is somewhere: nothing is over before its last day has ended for everyone."""
    return at.astimezone(_LAST_ZONE).date()


def find(wish: Wish, *, page: int, size: int, today: date) -> Found:
    """Page `page`, from 1, of what is listed, not over, and as wished. At most MOST_FOUND can be paged through."""
    found = _find(wish, page=page, size=size, today=today)
    if found.count or not wish.words:
        return found
    if not _means_something(wish.words):
        return replace(found, unsearchable=True)
    corrected = _corrected(wish.words)
    if corrected == wish.words:
        return found
    instead = _find(replace(wish, words=corrected), page=page, size=size, today=today)
    return replace(instead, corrected=corrected) if instead.count else found


def public_activity(number: str, *, today: date) -> PublicActivity | None:
    """The activity of this nine-digit number as everyone sees it, whoever asks; None if it is not listed.

    One that is over or closed is still there, and says so.
    """
    with acting_as(_ANYONE):
        listed = Activity.objects.visible_to(_ANYONE).select_related("organization")
        activity = listed.filter(activity_id=number).first()
        if activity is None:
            return None
        over = activity.closed_at is not None or activity.end_on < today
        return PublicActivity(activity, record_of(activity), activity.organization, over)


def _find(wish: Wish, *, page: int, size: int, today: date) -> Found:
    first = (page - 1) * size
    span = Span(first, min(first + size, MOST_FOUND))
    sought = _sought(wish, today)
    if wish.order == "relevance":
        count, rows = best(sought, wish.words, span, most=MOST_FOUND + 1)
    else:
        if wish.words:
            sought = sought.having(words=as_query(wish.words), conditions=len(wish.words.split()))
        count, rows = in_order(sought, wish.order, span, most=MOST_FOUND + 1, today=today)
    return Found(rows, min(count, MOST_FOUND), count > MOST_FOUND)


def _sought(wish: Wish, today: date) -> Sought:
    sought = Sought(
        ListedActivity.objects.visible_to(_ANYONE),
        ends_from=max(today, wish.since or today),
        starts_from=today + timedelta(days=1) if wish.when == "later" else date.min,
        starts_to=min(wish.until or date.max, today if wish.when == "now" else date.max),
        format=wish.formats[0] if len(wish.formats) == 1 else "",
    )
    if facets := _facets(wish):
        sought = sought.having(facets__contains=facets, conditions=len(facets))
    for name, values in (("format", wish.formats), ("delivery", wish.deliveries)):
        if len(values) > 1:
            sought = sought.having(facets__overlap=[f"{name}={value}" for value in values])
    if wish.provider:
        # By their keys, not by facets: two hundred words to compare with each row's. Nothing has the key 0.
        sought = sought.having(organization__in=_providers(wish.provider) or [0])
    return sought


def _facets(wish: Wish) -> list[str]:
    """What every result must have, as it stands in the listing."""
    by_board = " ".join(part for part in (wish.board, wish.credit_type) if part)
    wanted = {
        "format": wish.formats[0] if len(wish.formats) == 1 else "",
        "delivery": wish.deliveries[0] if len(wish.deliveries) == 1 else "",
        "credit": wish.credit,
        "specialty": wish.specialty,
        "board": "" if wish.credit_type else wish.board,
        "type": by_board if wish.credit_type else "",
        "state": wish.state,
        "country": wish.country,
        "fee": FREE if wish.free else "",
    }
    return [f"{name}={value}" for name, value in wanted.items() if value]


def _providers(name: str) -> list[int]:
    providers = Organization.objects.filter(kind=OrganizationKind.PROVIDER, name__icontains=name)
    return list(providers.by_name().values_list("pk", flat=True)[:MOST_PROVIDERS])


def _means_something(words: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(websearch_to_tsquery(%s, %s))", [CONFIGURATION, words])
        return bool(cursor.fetchone()[0])


_NEAREST = """
SELECT given, nullif((
    SELECT known.word FROM activities_listedword known WHERE known.word %% unaccent(lower(given))
    ORDER BY similarity(known.word, unaccent(lower(given))) DESC, known.word LIMIT 1), unaccent(lower(given)))
FROM unnest(%s::text[]) given
"""
_A_WORD = re.compile(r"[^\W\d_]{4,30}")


def _corrected(words: str) -> str:
    """The same words, each that no public title has replaced by the most similar one that some has."""
    given = sorted(set(_A_WORD.findall(words)))
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [given])
        nearest = dict(cursor.fetchall())
    return _A_WORD.sub(lambda one: nearest.get(one[0]) or one[0], words)
