"""Sending files in tests, by the very steps of the web and the workers."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl import Workbook

from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches import engine
from pars.batches.actions import receive
from pars.batches.downloads import error_workbook
from pars.batches.kinds import kind_named
from pars.batches.models import Batch
from pars.batches.report import Finding, Report
from tests.roles import as_role

COLUMNS = {
    "action": "Record Action",
    "activity": "ACCME Activity ID",
    "completed": "Completion Date",
    "first_name": "First Name",
    "last_name": "Last Name",
    "birthday": "Date of Birth",
    "state": "Licensing State",
    "number": "Licensing ID or NPI",
    "amount": "Number of CME Credits",
    "board": "Certifying Board",
    "member": "Certifying Board ID",
    "points": "Total Board Credits",
    "points_type": "Credit Type ",
    "points_amount": "Credits Awarded for Credit Type",
}
OF_REMS = {
    "local_id": "Local Identifier",
    "local_domain": "Local Identifier Domain",
    "practice_state": "State of Primary Practice",
    "dea": "DEA Registration",
    "practice_area": "Practice Area",
    "surgical": "Surgical Procedures",
    "in_practice": "Time in Practice",
    "regulation": "Compliant to Regulation",
}


def a_row(activity_id: str, **cells: Any) -> dict[str, str]:
    """Amara Osei's completion on 12 September 2026, as a provider would write it."""
    row = {
        "action": "Add",
        "activity": activity_id,
        "completed": "09/12/2026",
        "first_name": "Amara",
        "last_name": "Osei",
        "birthday": "10/13",
        "state": "North Carolina",
        "number": "2008-95323",
        "amount": "4",
    }
    return row | {key: str(value) for key, value in cells.items()}


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows under the template's headings."""
    return as_table(COLUMNS, rows)


def as_table(columns: dict[str, str], rows: list[dict[str, str]]) -> bytes:
    """The rows as CSV, `columns` being their keys and headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    writer.writerows([row.get(key, "") for key in columns] for row in rows)
    return text.getvalue().encode()


def take_in(organization: Organization, content: bytes, name: str, **options: Any) -> Batch:
    """Store a file for an organization; nobody has read it yet."""
    actor = Actor.organization(organization.pk, OrganizationKind(organization.kind))
    with acting_as(actor):
        return receive(
            kind=kind_named(options.pop("kind", "learners")),
            upload=io.BytesIO(content),
            name=name,
            organization_id=organization.pk,
            by=actor,
            at=options.pop("at", datetime.now(UTC)),
            **options,
        ).batch


def send_file(organization: Organization, path: Path, **options: Any) -> Batch:
    """Upload a file and see it through; the finished batch."""
    return see_through(take_in(organization, path.read_bytes(), path.name, **options))


def send(organization: Organization, *rows: dict[str, str], **options: Any) -> Batch:
    """Upload rows as CSV and see them through; the finished batch."""
    return see_through(take_in(organization, as_csv(list(rows)), "learners.csv", **options))


def see_through(batch: Batch) -> Batch:
    """Run every step of the batch as the worker would."""
    with as_role("pars_worker"):
        engine.run(batch.pk)
    with acting_as(Actor.system_job("test")):
        batch.refresh_from_db()
    return batch


def findings(batch: Batch) -> list[Finding]:
    """What the batch's report says, row by row."""
    with acting_as(Actor.system_job("test")):
        return list(Report.of(batch).findings())


def codes(batch: Batch) -> list[tuple[int, str]]:
    """(row, code) of every issue but lateness, which depends on today."""
    return [(finding.row, finding.code) for finding in findings(batch) if finding.code != "late"]


def rows_to_fix(batch: Batch) -> Workbook:
    """The workbook that a person downloads to fix the batch's rows."""
    actor = Actor.organization(batch.organization_id, OrganizationKind(batch.organization.kind))
    with acting_as(actor), error_workbook(batch=batch, by=actor, at=datetime.now(UTC)) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def saved(book: Workbook) -> bytes:
    """The workbook as a spreadsheet program saves it."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def told(batch: Batch) -> dict[str, Any]:
    """The batch's result for programs."""
    with acting_as(Actor.system_job("test")):
        batch.refresh_from_db()
        return Report.of(batch).as_json()
