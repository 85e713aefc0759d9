"""Files of activities in tests: rows as an office would write them, sent by the engine's own steps."""

from typing import Any

from activities.batch.columns import HEADINGS
from activities.models import Activity
from activities.record import Record
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.uploads import as_table, findings, see_through, take_in


def a_row(own_id: str = "GR-1", **cells: Any) -> dict[str, str]:
    """Grand rounds on 12 September 2026 in Raleigh, complete."""
    row = {
        "own_id": own_id,
        "title": "Grand Rounds: Sepsis",
        "format": "Live Course",
        "delivery": "In-Person",
        "starts": "09/12/2026",
        "ends": "09/12/2026",
        "city": "Raleigh",
        "state": "North Carolina",
        "country": "USA",
        "credits": "1.5",
        "providership": "Direct",
        "description": "What changed in the bundle.",
    }
    return row | {key: str(value) for key, value in cells.items()}


def closable(own_id: str = "GR-1", **cells: Any) -> dict[str, str]:
    """The same with everything that closing asks for."""
    asked = {
        "outcome_learner_knowledge": "Objective",
        "supported": "No",
        "count_physician": 40,
        "count_other": 12,
    }
    return a_row(own_id, **(asked | cells))


def as_csv(*rows: dict[str, str], headings: dict[str, str] | None = None) -> bytes:
    """The rows as CSV under the template's headings, or under others."""
    keys = dict.fromkeys(
        ["action", "own_id", "title", "format", "starts", *(key for row in rows for key in row)]
    )
    return as_table({key: (headings or {}).get(key, HEADINGS[key][0]) for key in keys}, list(rows))


def send(organization: Organization, *rows: dict[str, str], **options: Any) -> Batch:
    """Upload rows of activities as CSV and see them through; the finished batch."""
    content = as_csv(*rows, headings=options.pop("headings", None))
    return see_through(take_in(organization, content, "activities.csv", **({"kind": "activities"} | options)))


def codes(batch: Batch) -> list[tuple[int, str, str]]:
    """(row, column key, code) of every issue."""
    return [(finding.row, finding.key, finding.code) for finding in findings(batch)]


def the_activity(organization: Organization, own_id: str = "GR-1") -> Activity:
    with acting_as(Actor.system_job("test")):
        return Activity.objects.get(organization=organization, provider_activity_id=own_id)


def the_record(organization: Organization, own_id: str = "GR-1") -> Record:
    """What is on record under an own ID."""
    activity = the_activity(organization, own_id)
    with acting_as(Actor.system_job("test")):
        return record_of(activity)


def own_ids(organization: Organization) -> list[str]:
    """The own IDs of everything a provider has, sorted."""
    with acting_as(Actor.system_job("test")):
        found = Activity.objects.filter(organization=organization).values_list(
            "provider_activity_id", flat=True
        )
        return sorted(found)
