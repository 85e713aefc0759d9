"""manage.py upload FILE --organization ID --kind KIND: a batch from a shell, by the same steps as on the web."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.models import Agreement, Consent, Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches import engine
from pars.batches.actions import receive
from pars.batches.answers import DATES, ORDERS
from pars.batches.kinds import kind_named, known_kinds
from pars.batches.models import Batch, Source
from pars.batches.readers import days
from pars.batches.report import Report, count_rows, exit_code, not_received

PAUSE = 0.2  # seconds between two looks while a worker holds the batch


class Command(BaseCommand):
    help = (
        "Upload a file for an organization and wait for the result. Needs no worker and is harmless beside one. "
        "Exit status: 0 all rows are in, 1 some rows are to be fixed, 2 the file was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, metavar="ID", help="provider ID or board code")
        parser.add_argument("--kind", required=True, choices=known_kinds())
        parser.add_argument("--check-only", action="store_true", help="say what would happen; change nothing")
        parser.add_argument(
            "--consent", choices=Consent.values, help="default: the organization's declaration"
        )
        parser.add_argument(
            "--dates", choices=ORDERS, help="how to read dates like 03/04/2026 where the file leaves it open"
        )
        parser.add_argument("--json", action="store_true", help="one line of JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organization = self._organization(options["organization"])
            actor = Actor.organization(organization.pk, OrganizationKind(organization.kind))
            batch = self._received(options, organization, actor)
        except CommandError as refusal:
            if options["json"]:
                self.stdout.write(json.dumps(not_received(str(refusal)), ensure_ascii=False))
            raise
        while not batch.is_finished:
            engine.run(batch.pk)
            with acting_as(actor):
                batch.refresh_from_db()
            if not batch.is_finished:
                time.sleep(PAUSE)
        with acting_as(actor):
            report = Report.of(batch)
            if options["json"]:
                self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            else:
                self._tell(report)
        sys.exit(exit_code(batch))

    @staticmethod
    def _organization(code: str) -> Organization:
        organization = Organization.objects.filter(code=code).first()
        if organization is None:
            raise CommandError(f"There is no organization with the ID {code}.", returncode=2)
        if not Agreement.objects.filter(organization=organization).exists():
            raise CommandError(
                f"{organization.name} has not accepted the collaboration's terms yet. "
                "Its administrator does that on the page Agreement.",
                returncode=2,
            )
        return organization

    def _received(self, options: dict[str, Any], organization: Organization, actor: Actor) -> Batch:
        try:
            with options["file"].open("rb") as upload, acting_as(actor):
                return receive(
                    kind=kind_named(options["kind"]),
                    upload=upload,
                    name=options["file"].name,
                    organization_id=organization.pk,
                    by=actor,
                    at=now(),
                    source=Source.COMMAND,
                    check_only=options["check_only"],
                    options={name: options[name] for name in ("consent", DATES) if options[name]},
                ).batch
        except OSError as error:
            raise CommandError(f"The file could not be opened: {error.strerror}.", returncode=2) from error

    def _tell(self, report: Report) -> None:
        batch = report.batch
        if batch.refusal:
            self.stdout.write(f"Refused: {batch.refusal}{_how_to_answer(batch)}")
            return
        self.stdout.write(
            f"{count_rows(batch.rows)}: {batch.added} added, {batch.updated} corrected, {batch.unchanged} unchanged, "
            f"{batch.withdrawn} withdrawn, {batch.parked} waiting, {batch.failed} to fix."
        )
        for instruction in report.instructions():
            self.stdout.write(f"- {instruction.text}.")
        for finding in report.findings():
            self.stdout.write(f"Row {finding.row}, {finding.column} “{finding.value}”: {finding.message}")


def _how_to_answer(batch: Batch) -> str:
    if batch.refusal_code == days.CODE:
        return f" Answer on the upload's page, or send the file again with --dates {' or --dates '.join(ORDERS)}."
    return ""
