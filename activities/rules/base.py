"""Title, format, days, place and credits."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from activities.codes import code_list
from activities.formats import LONGEST_MONTHS, Delivery, Format, latest_end
from activities.places import USA
from activities.record import AMA, Record

from .problem import UNPRINTABLE, Problem, hint, problem

LONGEST_TITLE, LONGEST_DESCRIPTION = 250, 2_500
LONGEST_ID, LONGEST_CITY, LONGEST_PROVINCE = 60, 100, 60
LARGEST_AMOUNT = Decimal("9999.75")
MOST_CREDITS = 20
_QUARTER = Decimal("0.25")
_EARLIEST = date(1990, 1, 1)
_AHEAD = timedelta(days=5 * 366)

_TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|iframe|img|input|li|link|meta|ol|p|pre|"
    "script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
_HTML = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:[a-z]{{2,8}}|#\d{{2,5}}|#x[0-9a-f]{{2,5}});", re.IGNORECASE
)


def unreadable(text: str) -> bool:
    """Whether the text holds characters that cannot be shown."""
    return UNPRINTABLE.search(text) is not None


def in_quarters(amount: Decimal | None) -> bool:
    """Nothing, or a number above 0 in steps of 0.25 that fits its column."""
    return amount is None or (amount.is_finite() and 0 < amount <= LARGEST_AMOUNT and amount % _QUARTER == 0)


def short(field: str, text: str, longest: int) -> Iterator[Problem]:
    """A short text is readable and no longer than `longest`."""
    if unreadable(text) or "\n" in text or "\t" in text:
        yield problem("text_unreadable", field, text)
    elif len(text) > longest:
        yield problem("text_too_long", field, text, longest=longest, length=len(text))


def several(field: str, texts: tuple[str, ...], *, most: int, longest: int) -> Iterator[Problem]:
    """A list of short texts is no longer than `most`, and each of them is a short text."""
    if len(texts) > most:
        yield problem("too_many", field, most=most, number=len(texts))
        return
    for place, text in enumerate(texts):
        yield from short(f"{field}.{place}", text, longest)


def titles(record: Record) -> Iterator[Problem]:
    title = record.title
    if unreadable(title):
        yield problem("title_unreadable", "title", title)
    elif found := _HTML.search(title):
        yield problem("title_html", "title", title, tag=found[0][:40])
    elif len(title) > LONGEST_TITLE:
        yield problem("title_too_long", "title", title, longest=LONGEST_TITLE, length=len(title))


def descriptions(record: Record) -> Iterator[Problem]:
    text = record.description
    if unreadable(text):
        yield problem("text_unreadable", "description", text)
    elif found := _HTML.search(text):
        yield problem("description_html", "description", text, tag=found[0][:40])
    elif len(text) > LONGEST_DESCRIPTION:
        yield problem(
            "description_too_long", "description", text, longest=LONGEST_DESCRIPTION, length=len(text)
        )


def identifiers(record: Record) -> Iterator[Problem]:
    if record.activity_id and not re.fullmatch(r"[0-9]{9}", record.activity_id):
        yield problem("activity_unknown", "activity_id", record.activity_id)
    yield from short("provider_activity_id", record.provider_activity_id, LONGEST_ID)


def formats(record: Record) -> Iterator[Problem]:
    if record.format and record.format not in Format.values:
        yield problem(
            "format_unknown", "format", record.format, hint=hint(code_list("format"), record.format)
        )


def dates(record: Record) -> Iterator[Problem]:
    start_on, end_on = record.start_on, record.end_on
    if start_on and end_on and end_on < start_on:
        yield problem("end_before_start", "end_on", f"{end_on:%m/%d/%Y}")
        return
    if reviewed_on := record.reviewed_on:
        within = (start_on or reviewed_on) <= reviewed_on <= (end_on or reviewed_on)
        if record.format != Format.ENDURING or not within:
            yield problem("review_date", "reviewed_on", f"{reviewed_on:%m/%d/%Y}")
            return
    if start_on and end_on and record.format in Format.values:
        latest = latest_end(record.format, reviewed_on or start_on)
        if end_on > latest:
            yield problem(
                "too_long",
                "end_on",
                f"{end_on:%m/%d/%Y}",
                months=LONGEST_MONTHS[Format(record.format)],
                latest=f"{latest:%m/%d/%Y}",
            )


def plausible(record: Record, today: date) -> Iterator[Problem]:
    """A year that was mistyped: long before the program, or years ahead."""
    if (start_on := record.start_on) and not _EARLIEST <= start_on <= today + _AHEAD:
        said = f"{start_on:%m/%d}/{start_on.year:04d}"
        yield problem("start_implausible", "start_on", said, start=said)


def deliveries(record: Record) -> Iterator[Problem]:
    known = code_list("delivery")
    for place, said in enumerate(record.delivery):
        if said not in Delivery.values:
            yield problem("delivery_unknown", f"delivery.{place}", said, hint=hint(known, said))
            return
    if chosen := code_list("format").get(record.format):
        fitting = chosen.several("delivery")
        if not set(record.delivery) <= set(fitting):
            yield problem(
                "delivery_of_format",
                "delivery",
                ", ".join(record.delivery),
                format=chosen.label,
                fitting=" or ".join(fitting),
            )


def places(record: Record) -> Iterator[Problem]:
    city, state, country = record.city, record.state, record.country
    yield from short("city", city, LONGEST_CITY)
    if country and not code_list("country").get(country):
        yield problem("country_unknown", "country", country, hint=hint(code_list("country"), country))
    elif state and not country:
        yield problem("state_without_country", "country", state)
    elif state and country == USA and not code_list("state").get(state):
        yield problem("state_unknown", "state", state, hint=hint(code_list("state"), state))
    elif record.delivery and Delivery.IN_PERSON not in record.delivery and (city or state):
        yield problem("place_not_in_person", "city", city or state)
    else:
        yield from short("state", state, LONGEST_PROVINCE)


def amounts(record: Record) -> Iterator[Problem]:
    if not in_quarters(record.credits):
        yield problem("credits_unreadable", "credits", record.credits)
    per_session = record.credits_per_session
    if not in_quarters(per_session):
        yield problem("credits_unreadable", "credits_per_session", per_session)
    elif per_session and (
        record.format != Format.SERIES or (record.credits is not None and per_session > record.credits)
    ):
        yield problem("session_credits", "credits_per_session", per_session)


def other_credits(record: Record) -> Iterator[Problem]:
    if len(record.other_credits) > MOST_CREDITS:
        yield problem("too_many", "other_credits", most=MOST_CREDITS, number=len(record.other_credits))
        return
    known, seen = code_list("credit_category"), {AMA}
    for place, one in enumerate(record.other_credits):
        field = f"other_credits.{place}"
        if not known.get(one.category):
            yield problem(
                "category_unknown", f"{field}.category", one.category, hint=hint(known, one.category)
            )
        elif one.category in seen:
            yield problem("category_twice", f"{field}.category", one.category)
        if not in_quarters(one.amount):
            yield problem("credits_unreadable", f"{field}.amount", one.amount)
        seen.add(one.category)
