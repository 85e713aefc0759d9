"""manage.py demo: load the demo world; loading again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from pars.demo import world


class Command(BaseCommand):
    help = "Load the demo world (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        users = world.load(at=now())
        self.stdout.write(f"The demo world is loaded: {len(users)} people can sign in.")
