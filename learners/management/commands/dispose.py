"""manage.py dispose: what may be destroyed now, counted; with --carry-out it is destroyed at once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from learners import disposal
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as


class Command(BaseCommand):
    help = (
        "Count the records whose six years have passed, for each provider. Nothing is changed (a dry run) unless "
        "--carry-out is given; then they are destroyed, without the notice that the scheduled work gives."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--dry-run", action="store_true", help="only count; the default")
        mode.add_argument("--carry-out", action="store_true", help="destroy what was counted")
        parser.add_argument("--organization", metavar="CODE", help="one provider, by its ID")

    def handle(self, *args: Any, organization: str | None, carry_out: bool, **options: Any) -> None:
        job = Actor.system_job("dispose")
        for provider in _asked_for(organization, job):
            with acting_as(job):
                counted = disposal.count(provider, now())
            if counted or counted.held:
                self.stdout.write(
                    f"{provider.code}: {counted.found:,} credits and {counted.uploads:,} uploads may be destroyed, "
                    f"{counted.held:,} credits are on hold"
                )
            if carry_out and counted:
                self._carry_out(provider, job)
        if not carry_out:
            self.stdout.write("This was a dry run: nothing was destroyed.")

    def _carry_out(self, provider: Organization, job: Actor) -> None:
        with acting_as(job):
            disposal.hurry(provider, by=job, at=now())
            disposal.plan(provider, by=job, at=now(), notice=timedelta(0))
            due = disposal.due(provider, now())
        if due is None or not disposal.carry_out(due, by=job):
            raise CommandError(f"{provider.code}: an upload is being landed. Run this again in a minute.")
        with acting_as(job):
            due.refresh_from_db()
        self.stdout.write(f"{provider.code}: {due.disposed:,} credits destroyed")


def _asked_for(code: str | None, job: Actor) -> list[Organization]:
    with acting_as(job):
        found = disposal.providers()
        chosen = list(found if code is None else found.filter(code=code))
    if code is not None and not chosen:
        raise CommandError(f"No provider has the ID {code}.")
    return chosen
