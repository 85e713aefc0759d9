"""manage.py verify_audit: recompute every chain of the audit trail, and note that it was done."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.audit.models import Seal
from pars.audit.sealer import verify


class Command(BaseCommand):
    help = "Verify the audit trail. Prints each chain's first break; exit status 1 where there is any."

    def handle(self, *args: Any, **options: Any) -> None:
        job = Actor.system_job("verify_audit")
        with acting_as(job):
            links = Seal.objects.count()
            breaks = list(verify())
            record("audit.verified", by=job, at=now(), links=links, breaks=len(breaks))
        for found in breaks:
            self.stdout.write(f"chain {found.chain}, link {found.number}: {found.reason}")
        if breaks:
            raise CommandError(
                f"{len(breaks)} of the chains do not hold; {links} links checked.", returncode=1
            )
        self.stdout.write(f"The audit trail holds: {links} links checked.")
