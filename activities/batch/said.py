"""What a row says, put beside what is on record: together they are the Record that the row means."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

from activities.codes import code_list
from activities.formats import Delivery, Format
from activities.record import CreditOffered, Outcome, Record, Registration, Rems, StateTopic, Support
from activities.rules.listing import DIRECT

Said = Mapping[str, Any]

_DAYS = frozenset({"start_on", "end_on", "reviewed_on", "claim_by"})
_AMOUNTS = frozenset({"credits", "credits_per_session", "amount", "points"})


def whole(record: Record) -> Said:
    """The record as plain JSON values; `record_of` is the way back."""
    return {name: _plain(value) for name, value in asdict(record).items()}


def record_of(said: Said, stored: Record | None = None) -> Record:
    """What the row means: what it says, and of what it does not say what is on record.

    Supporters, boards and lists are said as a whole. A supporter or board that is on record keeps what the row leaves
    empty; outcomes and categories of learners that the row leaves empty stay.
    """
    before = stored or Record()
    fields = {name: _field(name, value, before) for name, value in said.items()}
    return replace(before, **(_no_longer(fields, before) | fields))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _field(name: str, value: Any, before: Record) -> Any:  # noqa: PLR0911
    match name:
        case "outcomes":
            return _outcomes(value, before)
        case "counts":
            merged = {**before.counts, **value}
            return {category: number for category, number in merged.items() if number is not None}
        case "rems":
            return _rems(value, before)
        case "support":
            return _support(value, before)
        case "registrations":
            return _registrations(value, before)
        case "other_credits":
            return tuple(CreditOffered(**_values(one)) for one in value)
        case "state_topics":
            return tuple(StateTopic(**one) for one in value)
        case "wording":
            return tuple(value)
    return _value(name, value)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _AMOUNTS:
        return Decimal(value)
    return tuple(value) if isinstance(value, list) else value


def _values(said: Said) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in said.items()}


def _outcomes(said: Any, before: Record) -> tuple[Outcome, ...]:
    kept = [one for one in before.outcomes if one.what not in {new["what"] for new in said}]
    return (*kept, *(Outcome(one["what"], tuple(one["how"])) for one in said if one["how"] is not None))


def _rems(said: Any, before: Record) -> Rems | None:
    if said is None or (said.get("type") == "" and not said.get("identifier")):
        return None
    return replace(before.rems or Rems(""), **said)


def _support(said: Any, before: Record) -> tuple[Support, ...]:
    known = {one.source.casefold(): one for one in before.support}
    return tuple(
        replace(known.get(one.get("source", "").casefold(), Support("")), **_values(one)) for one in said
    )


def _registrations(said: Any, before: Record) -> tuple[Registration, ...]:
    known = {one.board: one for one in before.registrations}
    boards = code_list("certifying_board")
    found = []
    for one in said:
        named = boards.find(one.get("board", ""))
        base = known.get(named.code) if named else None
        found.append(replace(base or Registration(""), **_values(one)))
    return tuple(found)


def _no_longer(fields: Mapping[str, Any], before: Record) -> dict[str, Any]:
    """What is on record and no longer applies, given what the row says: nobody has to take it out by hand."""
    gone: dict[str, Any] = {}
    delivery = fields.get("delivery")
    if delivery and Delivery.IN_PERSON in before.delivery:
        known = [code_list("delivery").find(one) for one in delivery]
        if all(known) and Delivery.IN_PERSON not in [one.code for one in known if one]:
            gone |= {"city": "", "state": "", "country": ""}
    if fields.get("commercial_support") is False:
        gone["support"] = ()
    if str(fields.get("providership", "")).casefold() == DIRECT:
        gone["joint_providers"] = ()
    if named := code_list("format").find(fields.get("format") or ""):
        if named.code != Format.SERIES:
            gone["credits_per_session"] = None
        if named.code != Format.ENDURING:
            gone["reviewed_on"] = None
    return gone
