"""As whom the servers run: PostgreSQL refuses root, so for root it is `postgres`, or else `nobody`."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pars.devstack.errors import StackError


@dataclass(frozen=True)
class Account:
    """The account that the servers run as when root starts them."""

    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether the account may search (a folder) or run (a file) this path, through all its parents."""
        test = subprocess.run(
            ["test", "-x", str(path)], user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False
        )
        return test.returncode == 0


def service_account() -> Account | None:
    """Who runs the servers; None where it is simply the caller. Never root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise StackError(
        "PostgreSQL does not run as root. Add a user named postgres, or run this as another user."
    )
