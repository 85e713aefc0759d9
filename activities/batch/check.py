"""One row of an activity file, checked by itself: cells → what the row says, or every Issue (no database, no clock).

What the row says is not judged here: `rules` does that for every door, once the row stands beside what is on record.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from activities.codes import code_list
from activities.formats import Format
from pars.batches.cells import Reading
from pars.batches.kinds import Checked, Checker, Staging
from pars.batches.readers import Header, Row
from pars.web.exports import plain

from .columns import BOARDS, COUNTS, FIELDS, OUTCOMES, PART_FIELDS, SUPPORT, numbered, parts_of
from .values import PART_READERS, READERS, Unreadable, count, in_kind, is_none, measured

STAGING = Staging(
    table="activities_stagedactivity",
    columns=(
        ("action", "text"),
        ("activity_id", "text"),
        ("own_id", "text"),
        ("whole", "boolean"),
        ("said", "jsonb"),
        ("places", "jsonb"),
    ),
)

# What is to be done with a row: enter or change it, change what is there, delete, and close after either.
PUT, UPDATE, DELETE, CLOSE, UPDATE_AND_CLOSE = "put", "update", "delete", "close", "update and close"
EXAMPLE = "EXAMPLE"  # how the own ID of the template's example begins

_ACTIONS = {"": PUT, "add": PUT, "update": UPDATE, "delete": DELETE, "close": CLOSE}


class Group(NamedTuple):
    """The columns of one supporter or board: part → where it stands; the number behind its headings, if any."""

    number: int | None
    columns: dict[str, list[int]]


def checker(header: Header) -> Checker:
    """A check for the rows under `header`."""
    supporters = _groups(header, SUPPORT)
    boards = _groups(header, BOARDS)
    ends_with_start = "ends" not in header.keys

    def check(row: Row) -> Checked:
        reading = Reading(row, header.keys)
        action = _action(reading)
        own_id, activity_id = (plain(reading.text("own_id")), reading.text("activity_id"))
        if own_id.upper().startswith(EXAMPLE):
            reading.wrong("own_id", own_id, "example_row")
        said, places = ({}, {})
        if action != DELETE:
            said = dict(_said(reading))
            _imply(said, ends_with_start=ends_with_start)
            for name, first, groups in (
                ("support", "supporter", supporters),
                ("registrations", "board", boards),
            ):
                found, at = _entries(reading, groups, first)
                if found is not None:
                    said[name], places[name] = (found, at)
        if reading.found:
            return Checked(None, reading.found)
        return Checked(staged(action, activity_id, own_id, said, places), [])

    return check


def counts_checker(header: Header) -> Checker:
    """A check for the rows of a file that only says how many learners took part."""

    def check(row: Row) -> Checked:
        reading = Reading(row, header.keys)
        counts = _counts(reading)
        own_id = plain(reading.text("own_id"))
        values = staged(UPDATE, reading.text("activity_id"), own_id, {"counts": counts})
        return Checked(None if reading.found else values, reading.found)

    return check


def staged(
    action: str,
    activity_id: str,
    own_id: str,
    said: Mapping[str, Any],
    places: Mapping[str, list[int | None]] | None = None,
    *,
    whole: bool = False,
) -> tuple[Any, ...]:
    """The values of a staged row, in the order of its columns."""
    return (action, activity_id, own_id, whole, _json(said), _json(places or {}))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _action(reading: Reading) -> str:
    text = reading.text("action")
    action = _ACTIONS.get(text.casefold())
    if action is None:
        reading.wrong("action", text, "action_unknown")
    return action or PUT


def _said(reading: Reading) -> Iterator[tuple[str, Any]]:
    """Field of the record → what its cell says, for every cell that says something."""
    for key, read in READERS.items():
        text = reading.text(key)
        if text:
            value = _read(reading, key, text, read)
            yield FIELDS.get(key, key), value
    rems = {
        part: "" if is_none(text) else plain(text)
        for part, key in (("type", "rems_type"), ("identifier", "rems_identifier"))
        if (text := reading.text(key))
    }
    if rems:
        yield "rems", rems
    if outcomes := _outcomes(reading):
        yield "outcomes", outcomes
    if counts := _counts(reading):
        yield "counts", counts


def _read(reading: Reading, key: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except Unreadable as fault:
        reading.wrong(key, text, fault.code)
        return None


def _imply(said: dict[str, Any], *, ends_with_start: bool) -> None:
    """What a row of an old template means by the way: its code names the delivery, its one day is the last, too."""
    delivery = _implied_delivery(said.get("format", ""))
    if delivery and "delivery" not in said:
        said["delivery"] = [delivery]
    if ends_with_start and said.get("start_on") and _names(said, "format", Format.LIVE):
        said["end_on"] = said["start_on"]


@lru_cache(maxsize=256)
def _implied_delivery(said: str) -> str:
    """ "IL" of the old templates is a live course that is streamed (code list `format`, old codes)."""
    formats = code_list("format")
    found = formats.find(said) if said else None
    for old in found.several("old_codes") if found else ():
        code, _, delivery = old.partition(": ")
        if code.casefold() == said.casefold():
            return delivery
    return ""


def _names(said: Mapping[str, Any], field: str, code: str) -> bool:
    found = code_list(field).find(said.get(field) or "")
    return found is not None and found.code == code


def _outcomes(reading: Reading) -> list[dict[str, Any]]:
    """What was measured, and how; a how of None takes it off the record."""
    return [
        {"what": code, "how": _read(reading, key, text, measured)}
        for key, code in OUTCOMES.items()
        if (text := reading.text(key))
    ]


def _counts(reading: Reading) -> dict[str, int | None]:
    """Category → number of learners; None takes it off the record."""
    said: dict[str, int | None] = {}
    for key, code in COUNTS.items():
        if text := reading.text(key):
            said[code] = _read(reading, key, text, count)
    return said


def _groups(header: Header, parts: Mapping[str, tuple[str, ...]]) -> list[Group]:
    """The supporters or boards that the headings have room for, in the order of the columns.

    Headings with the same number belong together; without numbers a group begins with its first part, as in the
    templates to 2020.
    """
    first = next(iter(parts))
    groups: dict[int, Group] = {}
    opened = 0
    for place, key in enumerate(header.keys):
        part, number = parts_of(key or "")
        if part not in parts:
            continue
        if number is None:
            opened += part == first or not opened
        group = groups.setdefault(-opened if number is None else number, Group(number, {}))
        group.columns.setdefault(part, []).append(place)
    return list(groups.values())


def _entries(
    reading: Reading, groups: list[Group], first: str
) -> tuple[list[dict[str, Any]] | None, list[int | None]]:
    """The groups that say something, and the number of each; None where none says anything."""
    entries: list[dict[str, Any]] = []
    numbers: list[int | None] = []
    emptied = False
    for number, columns in groups:
        entry: dict[str, Any] = {}
        for part, places in columns.items():
            key = numbered(part, number)
            texts = [text for place in places if (text := reading.at(place, key))]
            if texts:
                entry[PART_FIELDS.get(part, part)] = _read_part(reading, key, part, texts)
        name = entry.get(PART_FIELDS.get(first, first), "")
        if is_none(name):
            emptied = True
        elif any(value not in (None, False, "") for value in entry.values()):
            entries.append(entry)
            numbers.append(number)
    return (entries if entries or emptied else None), numbers


def _read_part(reading: Reading, key: str, part: str, texts: list[str]) -> Any:
    if part == "in_kind":  # of the old template's six kinds any
        return in_kind(texts)
    return _read(reading, key, texts[0], PART_READERS[part])
