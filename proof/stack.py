"""A stack of its own to be killed in: PostgreSQL and broker with a user's settings, worker and clock as `make run` has
them, and a supervisor that starts again what has died."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from pars.devstack.broker import Broker
from pars.devstack.home import Home, throw_away
from pars.devstack.postgres import START_SECONDS, Cluster
from pars.devstack.processes import Crew
from pars.devstack.services import prepare, start_services
from pars.devstack.up import start_clock, start_worker

READS = b"pars.batches.readers.child"
GLANCE = 0.02  # seconds
APP = "pars.celery"


class Stack:
    """The running stack. `restarts` counts what the supervisor started again without having been told."""

    def __init__(self, home: Home, crew: Crew, environment: dict[str, str]) -> None:
        self.environment = environment
        self.restarts = 0
        self._home = home
        self._crew = crew
        self._app = APP
        self._orphans: set[int] = set()  # of a main process that was killed alone
        self._owner: psycopg.Connection[tuple[object, ...]] | None = None

    def start(self, app: str = APP) -> None:
        """Worker and clock; `app` is where the worker finds its Celery application."""
        self._app = app
        self._start_worker()
        self._start_clock()

    def ask(self, query: str, *params: object) -> list[tuple[object, ...]]:
        """Rows of a query as the database's owner, who sees everything."""
        if self._owner is None or self._owner.closed:
            self._owner = psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)
            self._owner.execute("SET ROLE pars_owner")
        return self._owner.execute(query.encode(), params).fetchall()

    def kill_worker(self) -> None:
        """The whole of it: the process that Celery starts, those that do the work, and so the child that reads."""
        self.kill_hands()
        self._kill_group("worker")
        self._start_worker()

    def kill_main(self) -> None:
        """Only the process that Celery starts: what works goes on, beside the worker that takes its place."""
        self._orphans |= set(self._hands())
        self._crew.dismiss(self._crew.member("worker"), signal.SIGKILL)
        self._start_worker()

    def kill_hands(self) -> None:
        """Those that do the work; Celery starts others."""
        for pid in self._hands():
            _kill(pid)

    def kill_child(self) -> None:
        """The child that reads a file."""
        for pid in self.reading():
            _kill(pid)

    def reading(self) -> list[int]:
        """The children that read."""
        return [child for hand in self._hands() for child in _children(hand) if READS in _command(child)]

    def wipe_broker(self) -> None:
        import redis  # noqa: PLC0415

        redis.Redis(unix_socket_path=str(Broker(self._home, kept=False).socket)).flushall()

    def replace_broker(self) -> None:
        """Kill the broker and start an empty one."""
        broker = Broker(self._home, kept=False)
        self._crew.dismiss(self._crew.member("broker"), signal.SIGKILL)
        broker.start(self._crew)
        self.until(broker.ready, seconds=START_SECONDS)

    def stop_database(self) -> None:
        """PostgreSQL's “immediate” stop: no checkpoint, every session cut; then a start, which reads its log."""
        cluster = Cluster.of(self._home, kept=True)
        self._crew.dismiss(self._crew.member("postgres"), signal.SIGQUIT)
        if self._owner:
            self._owner.close()
        server = cluster.start(self._crew)
        self.until(lambda: cluster.ready(server), seconds=START_SECONDS)

    def supervise(self) -> None:
        """Start again what has ended by itself."""
        for name, start in (("worker", self._start_worker), ("clock", self._start_clock)):
            if not self._crew.member(name).running():
                self._kill_group(name)
                self.restarts += 1
                start()

    def until(self, ready: Callable[[], object], *, seconds: float) -> bool:
        """Wait for something to be so, supervising; False where it is not in time."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                return False
            self.supervise()
            time.sleep(GLANCE)
        return True

    def _hands(self) -> list[int]:
        self._orphans = {pid for pid in self._orphans if b"celery" in _command(pid)}
        return [*_children(self._crew.member("worker").popen.pid), *self._orphans]

    def _kill_group(self, name: str) -> None:
        process = self._crew.member(name)
        with suppress(ProcessLookupError):
            os.killpg(process.popen.pid, signal.SIGKILL)
        self._crew.dismiss(process, signal.SIGKILL)

    def _start_worker(self) -> None:
        start_worker(self._crew, self.environment, app=self._app, log=self._home.log("worker"))

    def _start_clock(self) -> None:
        start_clock(self._crew, self._home, self.environment, log=self._home.log("clock"))


@contextmanager
def stack() -> Iterator[Stack]:
    """A migrated stack, without worker and clock yet; gone when the block is left, whatever was killed in it."""
    # The caller's own services are not ours to kill.
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with throw_away() as home, Crew(home.marker) as crew:
        scratch = home.folder / "tmp"
        scratch.mkdir()
        os.environ["TMPDIR"] = str(scratch)  # killed processes leave plain files behind, which are to go too
        environment = start_services(crew, home, kept=True)
        prepare(crew, home, environment)
        yield Stack(home, crew, environment)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
