"""A Record as the cells of one row: the way back from `values`, for workbooks that are sent filled in."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from activities.codes import code_list
from activities.record import Record, Registration, Support
from pars.web.exports import neutral

from .columns import COUNT_KEYS, OUTCOMES, numbered
from .values import held, joined

Cell = str | Decimal | int | date | None

_PLAIN = ("description", "city", "fee", "registration", "url")


def cells_of(record: Record) -> dict[str, Cell]:
    """Column key → what stands there; texts are neutral, so that no spreadsheet takes one for a formula."""
    cells = dict(_single(record)) | dict(_measured(record))
    for number, one in enumerate(record.support, 1):
        cells |= {numbered(part, number): value for part, value in _supporter(one)}
    for number, registered in enumerate(record.registrations, 1):
        cells |= {numbered(part, number): value for part, value in _board(registered)}
    cells |= {COUNT_KEYS[category]: number for category, number in record.counts.items()}
    return {
        key: neutral(value) if isinstance(value, str) else value
        for key, value in cells.items()
        if value not in (None, "")
    }


def _single(record: Record) -> Iterator[tuple[str, Cell]]:
    yield "own_id", record.provider_activity_id
    yield "activity_id", record.activity_id
    yield "title", record.title
    yield "format", record.format
    yield "delivery", joined(record.delivery)
    yield "starts", record.start_on
    yield "ends", record.end_on
    yield "reviewed", record.reviewed_on
    yield from ((name, getattr(record, name)) for name in _PLAIN)
    usa = record.country == "USA"
    yield "state", code_list("state").label(record.state) if usa else record.state
    yield "country", code_list("country").label(record.country)
    yield "credits", record.credits
    yield "session_credits", record.credits_per_session
    yield "other_credits", "; ".join(_offered(one.category, one.amount) for one in record.other_credits)
    yield "providership", record.providership.capitalize()
    yield "partners", joined(record.joint_providers)
    yield "tags", joined(record.tags, ";,")
    yield "listed", _answer(record.listed or None)
    yield "professions", joined(record.professions)
    yield "specialties", joined(record.specialties)
    yield "interprofessional", _answer(record.interprofessional)
    yield "commendations", joined(code_list("commendation").label(one) for one in record.commendations)
    yield "mips", _answer(record.mips)
    yield "rems_type", record.rems.type if record.rems else ""
    yield "rems_identifier", record.rems.identifier if record.rems else ""
    yield "topics", "; ".join(_topic(one.domain, one.topic) for one in record.state_topics)
    yield "supported", _answer(record.commercial_support)


def _measured(record: Record) -> Iterator[tuple[str, Cell]]:
    how = {one.what: one.how for one in record.outcomes}
    for key, what in OUTCOMES.items():
        if what in how:
            yield key, "; ".join(how[what]) or "Yes"


def _supporter(one: Support) -> Iterator[tuple[str, Cell]]:
    yield "supporter", one.source
    yield "support_amount", one.amount
    yield "in_kind", _answer(one.in_kind or None)


def _board(one: Registration) -> Iterator[tuple[str, Cell]]:
    yield "board", one.board
    yield "points", one.points
    yield "credit_types", joined(one.credit_types)
    yield "practice_areas", joined(one.practice_areas)
    yield "content_areas", joined(one.content_areas)
    yield "claim_by", one.claim_by
    yield "attested", _answer(one.attested or None)
    yield "internal_id", one.internal_id
    yield "board_fee", one.fee
    yield "board_registration", one.registration
    yield "board_url", one.url


def _answer(said: bool | None) -> str:
    return "" if said is None else "Yes" if said else "No"


def _offered(category: str, amount: Decimal | None) -> str:
    return category if amount is None else f"{category}: {amount.normalize():f}"


def _topic(domain: str, topic: str) -> str:
    return f"{held(domain, ':;')}: {held(topic, ';')}"
