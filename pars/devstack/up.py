"""`up`: the demo, served on loopback until Ctrl-C."""

import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pars.devstack.errors import StackError
from pars.devstack.home import ROOT, Home, held
from pars.devstack.keys import write_private
from pars.devstack.processes import Crew, end_strays, say
from pars.devstack.services import WEB, WORKER, prepare, start_services

PORTS = range(8000, 8011)
ANSWER_SECONDS = 60
WORLD = ROOT / "pars" / "demo" / "world.json"


def up() -> None:
    """Start everything, say READY, and watch until a signal or until one process ends (StackError)."""
    folder = Path(os.environ.get("PARS_LOCAL") or ROOT / ".local")
    with held(folder) as lock:
        home = Home.at(folder)
        end_strays(home.marker)  # of a run whose supervisor was killed
        port = free_port()
        address = f"http://localhost:{port}/"
        lock.say(f"pid {os.getpid()}, {address}")
        with Crew(home.marker) as crew:
            say("Starting PostgreSQL and the broker …")
            environment = start_services(crew, home, kept=True) | {
                "PARS_DEMO": "1",
                "PARS_SITE": address.rstrip("/"),
            }
            say("Preparing the database and the demo …")
            prepare(crew, home, environment, "--demo")
            say("Starting web, worker and clock …")
            start_web(crew, environment, port)
            crew.until(lambda: answers(port), seconds=ANSWER_SECONDS, what="The web server")
            start_workers(crew, home, environment)
            with published(environment, folder / "environment"):
                print(f"\nREADY {address}\n{who_to_sign_in_as()}Stop with Ctrl-C.\n", flush=True)
                while True:
                    crew.watch(seconds=0.5)


def free_port() -> int:
    """PORT, or the first free one from 8000 to 8010. Raises StackError where that is taken."""
    if wanted := os.environ.get("PORT"):
        if not wanted.isdecimal() or not is_free(int(wanted)):
            raise StackError(f"Port {wanted} is taken or no port. Unset PORT to have a free one chosen.")
        return int(wanted)
    for port in PORTS:
        if is_free(port):
            if port != PORTS[0]:
                say(f"Port {PORTS[0]} is taken; using {port}.")
            return port
    raise StackError(f"Ports {PORTS[0]} to {PORTS[-1]} are all taken. Set PORT to a free one.")


def is_free(port: int) -> bool:
    """Whether nobody listens on it, at either address that a browser may take `localhost` for."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            if probe.connect_ex((host, port)) == 0:
                return False
    return True


@contextmanager
def published(environment: Mapping[str, str], file: Path) -> Iterator[None]:
    """While the stack runs, leave word of it for `manage.py` in another terminal; the keys are in it."""
    names = (
        "DATABASE_URL",
        "REDIS_URL",
        "PARS_SECRET_KEY",
        "PARS_FIELD_KEY",
        "PARS_LOCAL",
        "PARS_SITE",
        "PARS_DEMO",
    )
    lines = [f"{name}={environment[name]}\n" for name in names] + [f"PARS_DB_ROLE={WEB}\n"]
    write_private(file, "".join(lines))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def start_web(crew: Crew, environment: dict[str, str], port: int) -> None:
    memory = Path("/dev/shm")
    crew.start(
        "web",
        [
            *(sys.executable, "-m", "gunicorn", "pars.wsgi:application", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
            # Its control socket has one name for all projects of a user.
            *("--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"),
            *(("--worker-tmp-dir", memory) if os.access(memory, os.W_OK) else ()),
        ],
        env={**environment, "PARS_DB_ROLE": WEB},
        cwd=ROOT,
    )


def start_workers(crew: Crew, home: Home, environment: dict[str, str]) -> None:
    """The worker for files, and the clock: beat in a small worker of its own, which waits behind no file."""
    start_worker(crew, environment)
    start_clock(crew, home, environment)


def start_worker(
    crew: Crew, environment: dict[str, str], *, app: str = "pars.celery", log: Path | None = None
) -> None:
    _start_celery(crew, "worker", ["-Q", "work", "-c", "2", "-n", "work@%h"], environment, app=app, log=log)


def start_clock(crew: Crew, home: Home, environment: dict[str, str], *, log: Path | None = None) -> None:
    beat = ["-B", "-s", str(home.folder / "beat-schedule")]
    _start_celery(crew, "clock", [*beat, "-Q", "clock", "-c", "1", "-n", "clock@%h"], environment, log=log)


def _start_celery(
    crew: Crew,
    name: str,
    options: list[str],
    environment: dict[str, str],
    *,
    app: str = "pars.celery",
    log: Path | None = None,
) -> None:
    # Celery fears root because of pickle; here it reads JSON only.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    env = {**environment, **quiet, "PARS_DB_ROLE": WORKER}
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", app, "worker", "-lwarning"]
    crew.start(name, [*celery, *options], env=env, cwd=ROOT, log=log)


def answers(port: int) -> bool:
    """Whether /healthz says 200. Straight to loopback, past any proxy in the environment."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def who_to_sign_in_as() -> str:
    """The demo's people and their one password, as lines."""
    if not WORLD.exists():
        return ""
    world = json.loads(WORLD.read_text())
    people = [f"  {user['email']:<34} {user.get('role', 'physician')}" for user in world["users"]]
    return "\n".join([f"Sign in, password {world['password_for_everyone']}, as", *people, ""])
