"""What each status asks for beyond the one before it (pars-facts 2.1).

`Activity.is_complete` says in SQL what Active asks for here.
"""

from collections.abc import Iterator
from datetime import date

from activities.formats import DELIVERED, Delivery
from activities.places import USA
from activities.record import Record, Registration
from activities.status import Status

from .listing import JOINT
from .problem import Problem, problem


def needs(record: Record, step: Status, *, today: date) -> Iterator[Problem]:
    """What the record still lacks for this status, step after step."""
    yield from _draft(record)
    if step == Status.DRAFT:
        return
    yield from _active(record)
    if step == Status.ACTIVE:
        return
    yield from _ended(record, today)
    if step == Status.CLOSED:
        yield from _closed(record)


def _draft(record: Record) -> Iterator[Problem]:
    if not record.title:
        yield problem("title_missing", "title")
    if not record.format:
        yield problem("format_missing", "format")
    if record.start_on is None:
        yield problem("start_missing", "start_on")
    if record.end_on is None:
        yield problem("end_missing", "end_on")


def _active(record: Record) -> Iterator[Problem]:
    if not record.delivery and record.format in DELIVERED:
        yield problem("delivery_missing", "delivery")
    if Delivery.IN_PERSON in record.delivery:
        yield from _place(record)
    if record.credits is None:
        yield problem("credits_missing", "credits")
    listed = ("fee", "registration", "url") if record.listed else ()
    for field in ("description", "providership", *listed):
        if not getattr(record, field):
            yield problem(f"{field}_missing", field)


def _place(record: Record) -> Iterator[Problem]:
    if not record.city:
        yield problem("city_missing", "city")
    if not record.country:
        yield problem("country_missing", "country")
    elif record.country == USA and not record.state:
        yield problem("state_missing", "state")


def _ended(record: Record, today: date) -> Iterator[Problem]:
    if record.end_on and record.end_on >= today:
        yield problem("not_ended", "end_on", end=f"{record.end_on:%m/%d/%Y}")


def _closed(record: Record) -> Iterator[Problem]:
    if record.providership == JOINT and not record.joint_providers:
        yield problem("joint_provider_missing", "joint_providers")
    if not record.outcomes:
        yield problem("outcome_missing", "outcomes")
    if record.commercial_support is None:
        yield problem("support_missing", "commercial_support")
    if record.commercial_support and not record.support:
        yield problem("supporter_missing", "support")
    for place, one in enumerate(record.support):
        if one.amount is None and not one.in_kind:
            yield problem("support_amount_missing", f"support.{place}.amount", source=one.source)
    if record.physicians is None:
        yield problem("physicians_missing", "counts.physician")
    if record.other_learners is None:
        yield problem("others_missing", "counts.other")
    for place, registration in enumerate(record.registrations):
        yield from _registered(f"registrations.{place}", registration, record)


def _registered(field: str, one: Registration, record: Record) -> Iterator[Problem]:
    """What a board asks for; the activity's own word serves where the registration says nothing else."""
    asked = (
        ("attestation_missing", "attested", one.attested),
        ("practice_area_missing", "practice_areas", one.practice_areas or record.specialties),
        ("credit_type_missing", "credit_types", one.credit_types),
        ("points_missing", "points", one.points),
        ("board_fee_missing", "fee", one.fee or record.fee),
        ("board_registration_missing", "registration", one.registration or record.registration),
        ("board_url_missing", "url", one.url or record.url),
        ("claim_by_missing", "claim_by", one.claim_by),
    )
    for code, part, said in asked:
        if not said:
            yield problem(code, f"{field}.{part}", board=one.board)
