#!/usr/bin/env python3
"""Django's command line for PARS.

Beside a running `make run` it talks to that; inside `devstack exec`, or with DATABASE_URL set, to what it is given.
"""

import os
import sys
from pathlib import Path

# Written by the launcher while `make run` is up.
RUNNING = Path(__file__).resolve().parent / ".local" / "environment"
# Development takes one of the three database roles; most commands are content with the web's.
ROLES = {
    "import_nppes": "pars_worker",
    "migrate": "pars_owner",
    "prepare": "pars_owner",
    "upload": "pars_worker",
    "verify_audit": "pars_worker",
    "dispose": "pars_worker",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
    if "DATABASE_URL" not in os.environ and RUNNING.exists():
        for line in RUNNING.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            os.environ[name] = value
    if os.environ.get("PARS_DB_ROLE"):
        os.environ["PARS_DB_ROLE"] = ROLES.get(sys.argv[1] if sys.argv[1:] else "", "pars_web")

    from django.core.management import execute_from_command_line  # noqa: PLC0415 (after the environment)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
