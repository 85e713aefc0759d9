"""The facts on an activity's page, in the order and under the labels of the program's own search (pars-facts 7.4).

Commercial support is not among them: only the provider and the operator read it.
"""

from activities.codes import code_list
from activities.finder import PublicActivity
from activities.record import CreditOffered, Record, Registration
from pars.web.numbers import trimmed

from .results import days, place

_PROVIDERSHIP = {"direct": "Direct", "joint": "Joint"}


def facts_of(public: PublicActivity) -> list[tuple[str, str]]:
    """(label, value) of what is said; what is not said is left out."""
    record, row = public.record, public.activity
    delivery = ", ".join(record.delivery)
    facts = [
        ("Accredited Provider", public.provider.name),
        ("Registration", record.registration),
        ("Fee to Participate", record.fee),
        ("Activity Type", " · ".join(part for part in (record.format, delivery) if part)),
        ("Start and End Dates", days(row.start_on, row.end_on, self_paced=False, today=row.start_on)),
        ("Location", place(record.delivery, record.city, record.state, record.country)),
        ("AMA PRA Category 1 Credit™", trimmed(row.credits) if row.credits else ""),
        *(_other_credit(one) for one in record.other_credits),
        ("Specialties", ", ".join(record.specialties)),
        ("Registered for MOC", "; ".join(_registered(one) for one in record.registrations)),
        ("FDA REMS", record.rems.type if record.rems else ""),
        ("Qualifies for MIPS", {True: "Yes", False: "No", None: ""}[record.mips]),
        ("Content Outlines", ", ".join(_content(record))),
        ("Meant for", ", ".join(record.professions)),
        ("Providership", _providership(record)),
        ("Measured Outcomes", ", ".join(one.what for one in record.outcomes)),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def _other_credit(one: CreditOffered) -> tuple[str, str]:
    return code_list("credit_category").label(
        one.category
    ), f"{one.amount.normalize():f}" if one.amount else "Offered"


def _registered(one: Registration) -> str:
    points = f", {one.points.normalize():f} points" if one.points else ""
    types = f" ({', '.join(one.credit_types)})" if one.credit_types else ""
    return f"{code_list('certifying_board').label(one.board)}{points}{types}"


def _content(record: Record) -> list[str]:
    """Tags, and the topics that states ask for, once each."""
    topics = [one.topic or one.domain for one in record.state_topics]
    return list(dict.fromkeys([*record.tags, *topics]))


def _providership(record: Record) -> str:
    said = _PROVIDERSHIP.get(record.providership, record.providership)
    return f"{said}, with {', '.join(record.joint_providers)}" if record.joint_providers else said
