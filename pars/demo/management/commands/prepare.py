"""manage.py prepare: everything between an empty database and the first request, in one start of Django."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, collect static files and, with --demo, load the demo world. Run as the database's owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        _collect_static_files()
        if options["demo"]:
            call_command("demo", verbosity=0, stdout=self.stderr)


def _collect_static_files() -> None:
    """Collect and compress, which takes seconds, only when a file has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = _fingerprint()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(wanted, encoding="ascii")


def _fingerprint() -> str:
    """Of every static file's name, size and time, and of the code that decides how it is stored."""
    digest = hashlib.sha256()
    files = [
        (name, Path(storage.path(name))) for finder in get_finders() for name, storage in finder.list(None)
    ]
    for name, path in [*sorted(files), ("assets", Path(settings.BASE_DIR, "pars/web/assets.py"))]:
        found = path.stat()
        digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
