"""Between a Record and the rows that hold it: reading both ways, for many activities at once."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from .models import Activity, BoardRegistration, CreditOffered, Figures, Support
from .record import CreditOffered as Offered
from .record import Outcome, Record, Registration, Rems, StateTopic
from .record import Support as Supported

# Fields of a Record that are columns of the activity under the same name; LISTS are tuples in a Record.
PLAIN = (
    "provider_activity_id", "title", "description", "format", "start_on", "end_on", "reviewed_on", "city", "state",
    "country", "credits", "credits_per_session", "providership", "listed", "fee", "registration", "url",
    "interprofessional", "mips",
)  # fmt: skip
LISTS = ("delivery", "tags", "joint_providers", "professions", "specialties", "commendations")
# Columns that hold what the record nests.
NESTED = ("outcomes", "state_topics", "rems_type", "rems_identifier")
COLUMNS = (*PLAIN, *LISTS, *NESTED)

# Fields of a Record that the activity's own row does not hold.
APART = ("registrations", "other_credits", "support", "commercial_support", "counts", "wording")
IN_FIGURES = ("commercial_support", "counts", "wording")

_OF_REGISTRATION = tuple(field.name for field in fields(Registration))
_LISTS_OF_REGISTRATION = ("credit_types", "practice_areas", "content_areas")


def columns(record: Record) -> dict[str, Any]:
    """The activity's own columns, as the record says them."""
    return (
        {name: getattr(record, name) for name in PLAIN}
        | {name: list(getattr(record, name)) for name in LISTS}
        | {
            "outcomes": [{"what": one.what, "how": list(one.how)} for one in record.outcomes],
            "state_topics": [{"domain": one.domain, "topic": one.topic} for one in record.state_topics],
            "rems_type": record.rems.type if record.rems else "",
            "rems_identifier": record.rems.identifier if record.rems else "",
        }
    )


def registration_rows(activity: Activity, record: Record) -> list[BoardRegistration]:
    return [
        BoardRegistration(activity=activity, organization_id=activity.organization_id, **_row_of(one))
        for one in record.registrations
    ]


def offered_rows(activity: Activity, record: Record) -> list[CreditOffered]:
    return [
        CreditOffered(
            activity=activity,
            organization_id=activity.organization_id,
            category=one.category,
            amount=one.amount,
        )
        for one in record.other_credits
    ]


def support_rows(activity: Activity, record: Record) -> list[Support]:
    return [
        Support(
            activity=activity,
            organization_id=activity.organization_id,
            source=one.source,
            amount=one.amount,
            in_kind=one.in_kind,
        )
        for one in record.support
    ]


def figures_row(activity: Activity, record: Record) -> Figures:
    return Figures(
        activity=activity,
        organization_id=activity.organization_id,
        commercial_support=record.commercial_support,
        counts=dict(record.counts),
        wording=list(record.wording),
    )


def record_of(activity: Activity) -> Record:
    """What is on record of one activity, as far as the actor may read it."""
    return records_of([activity])[activity.pk]


def records_of(activities: Iterable[Activity]) -> dict[int, Record]:
    """What is on record of each, by primary key. Four queries, however many there are."""
    known = {activity.pk: activity for activity in activities}
    keys = list(known)
    registrations = _grouped(BoardRegistration.objects.filter(activity__in=keys).order_by("pk"))
    offered = _grouped(CreditOffered.objects.filter(activity__in=keys).order_by("pk"))
    support = _grouped(Support.objects.filter(activity__in=keys).order_by("pk"))
    figures = {row.pk: row for row in Figures.objects.filter(activity__in=keys)}
    return {
        key: _record(activity, registrations.get(key, ()), offered.get(key, ()), support.get(key, ()), figures.get(key))
        for key, activity in known.items()
    }  # fmt: skip


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.activity_id, []).append(row)
    return groups


def _record(
    activity: Activity,
    registrations: Iterable[BoardRegistration],
    offered: Iterable[CreditOffered],
    support: Iterable[Support],
    figures: Figures | None,
) -> Record:
    said: dict[str, Any] = {name: getattr(activity, name) for name in ("activity_id", *PLAIN)}
    said |= {name: tuple(getattr(activity, name)) for name in LISTS}
    if figures:
        said |= {
            "commercial_support": figures.commercial_support,
            "counts": figures.counts,
            "wording": tuple(figures.wording),
        }
    return Record(
        **said,
        outcomes=tuple(Outcome(one["what"], tuple(one["how"])) for one in activity.outcomes),
        state_topics=tuple(StateTopic(one["domain"], one["topic"]) for one in activity.state_topics),
        rems=Rems(activity.rems_type, activity.rems_identifier) if activity.rems_type else None,
        registrations=tuple(_registration(row) for row in registrations),
        other_credits=tuple(Offered(row.category, row.amount) for row in offered),
        support=tuple(Supported(row.source, row.amount, row.in_kind) for row in support),
    )


def _registration(row: BoardRegistration) -> Registration:
    values = {name: getattr(row, name) for name in _OF_REGISTRATION}
    return Registration(**values | {name: tuple(values[name]) for name in _LISTS_OF_REGISTRATION})


def _row_of(one: Registration) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _OF_REGISTRATION}
    return values | {name: list(values[name]) for name in _LISTS_OF_REGISTRATION}
