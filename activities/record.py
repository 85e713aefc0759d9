"""The whole activity as a provider says it: the shape that form, file, document, copy and repeat all make.

Nothing here is checked (`rules` does that) and nothing is stored (`actions.put` does that). Text is "" where nothing
was said, numbers and yes/no are None.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

AMA = "AMA PRA Category 1"
PHYSICIAN = "physician"


@dataclass(frozen=True)
class CreditOffered:
    """Credit of another kind than AMA PRA Category 1 (jointly accredited providers), in steps of 0.25."""

    category: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Support:
    """What one commercial supporter gave: whole US dollars, things (in kind) or both."""

    source: str
    amount: Decimal | None = None
    in_kind: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was measured, and how: Objective, Subjective, both or not said."""

    what: str
    how: tuple[str, ...] = ()


@dataclass(frozen=True)
class StateTopic:
    """Content that a state asks for."""

    domain: str
    topic: str = ""


@dataclass(frozen=True)
class Rems:
    """A Risk Evaluation and Mitigation Strategy: its type and the identifier the program company gave."""

    type: str
    identifier: str = ""


@dataclass(frozen=True)
class Registration:
    """The activity counts for one certifying board (pars-facts 2.7).

    `points` are the most a diplomate can earn, in steps of 0.25; `claim_by` is the last day to claim them. Practice
    areas, fee, registration and address are the activity's own where they are left empty.
    """

    board: str
    points: Decimal | None = None
    credit_types: tuple[str, ...] = ()
    practice_areas: tuple[str, ...] = ()
    content_areas: tuple[str, ...] = ()
    claim_by: date | None = None
    internal_id: str = ""
    fee: str = ""
    registration: str = ""
    url: str = ""
    attested: bool = False


@dataclass(frozen=True)
class Record:
    """Every field of an activity (pars-facts 2.1 to 2.10).

    `activity_id` is the nine-digit number we issued, to say which activity is meant; `provider_activity_id` is the
    provider's own and says the same. `credits` are AMA PRA Category 1 Credits for the whole activity. `counts` are
    learners by category of the list `participant`. `wording` is how a document said it where our fields cannot tell
    (see `documents`).
    """

    title: str = ""
    format: str = ""
    start_on: date | None = None
    end_on: date | None = None
    activity_id: str = ""
    provider_activity_id: str = ""
    reviewed_on: date | None = None
    delivery: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    country: str = ""
    credits: Decimal | None = None
    credits_per_session: Decimal | None = None
    other_credits: tuple[CreditOffered, ...] = ()
    providership: str = ""
    joint_providers: tuple[str, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    listed: bool = False
    fee: str = ""
    registration: str = ""
    url: str = ""
    professions: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    interprofessional: bool | None = None
    outcomes: tuple[Outcome, ...] = ()
    commendations: tuple[str, ...] = ()
    mips: bool | None = None
    rems: Rems | None = None
    state_topics: tuple[StateTopic, ...] = ()
    registrations: tuple[Registration, ...] = ()
    commercial_support: bool | None = None
    support: tuple[Support, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    wording: tuple[Mapping[str, Any], ...] = ()

    @property
    def physicians(self) -> int | None:
        """How many physicians took part, as far as the provider said."""
        return self.counts.get(PHYSICIAN)

    @property
    def other_learners(self) -> int | None:
        """How many other learners took part, of whatever profession; None where nothing was said of them."""
        others = [number for profession, number in self.counts.items() if profession != PHYSICIAN]
        return sum(others) if others else None


def merged(stored: Record, record: Record, said: Collection[str] | None) -> Record:
    """The stored record with the fields that were said, by name, from another; None: all of them.

    Of a board that is registered already, what the new registration leaves empty stays, too: a document has no place
    for the attestation that somebody gave on a page.
    """
    if said is None:
        return record
    changes = {name: getattr(record, name) for name in said}
    if "registrations" in said:
        known = {one.board: one for one in stored.registrations}
        changes["registrations"] = tuple(_filled(one, known.get(one.board)) for one in record.registrations)
    return replace(stored, **changes)


def _filled(one: Registration, known: Registration | None) -> Registration:
    if known is None:
        return one
    empty = {field.name: getattr(known, field.name) for field in fields(one) if not getattr(one, field.name)}
    return replace(one, **empty)


def as_new(record: Record) -> Record:
    """The record to begin another activity from: without IDs, days, money, counts and what was attested for it."""
    return replace(
        record,
        activity_id="",
        provider_activity_id="",
        start_on=None,
        end_on=None,
        reviewed_on=None,
        commercial_support=None,
        support=(),
        counts={},
        wording=(),
        registrations=tuple(
            replace(one, claim_by=None, internal_id="", attested=False) for one in record.registrations
        ),
    )
