"""A worker of its own: it is named batches, takes each from file to credits, and says what that took.

One batch id a line in; one line of JSON out: seconds of `scan` and `process`, and the most memory it ever had, in MiB.
Like `make run` and docker-compose it has two processes: the second helps along where there is a lane for it.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

HELPS = "helps"


class Worker:
    """The process, seen from who started it. To be closed, or used in a `with`."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()  # it is up

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def run(self, batch_id: UUID) -> dict[str, float]:
        """See one batch through; what the worker says of it."""
        self.begin(batch_id)
        return self.end()

    def begin(self, batch_id: UUID) -> None:
        assert self._process.stdin is not None
        print(batch_id, file=self._process.stdin, flush=True)

    def end(self) -> dict[str, float]:
        """What it says of the batch it began."""
        return self._read()

    def _read(self) -> dict[str, float]:
        assert self._process.stdout is not None
        said: dict[str, float] = json.loads(self._process.stdout.readline())
        return said


def most_memory() -> float:
    """MiB this program has had at most; `ru_maxrss` would count what its parent had when it was started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Serve until standard input ends."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
    os.environ["PARS_DB_ROLE"] = "pars_worker"
    django.setup()

    if HELPS in sys.argv:
        _serve(_help_along)
        return
    with Worker(HELPS) as helper:
        _serve(partial(_see_through, helper=helper))


def _serve(do: Callable[[UUID], dict[str, float]]) -> None:
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(do(UUID(line.strip()))), flush=True)


def _see_through(batch_id: UUID, helper: Worker) -> dict[str, float]:
    from pars.batches import processing, scanning  # noqa: PLC0415

    called: list[UUID] = []

    def call() -> None:
        helper.begin(batch_id)
        called.append(batch_id)

    start = time.perf_counter()
    scanning.scan(batch_id)
    scanned = time.perf_counter()
    processing.process(batch_id, call=call)
    memory = helper.end() if called else {}
    done = time.perf_counter()
    return {
        "scan": scanned - start,
        "process": done - scanned,
        "worker": most_memory(),
        # What the child took over from the worker while it started counts as its own: at most this much.
        "reader": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    } | memory


def _help_along(batch_id: UUID) -> dict[str, float]:
    from pars.batches import engine  # noqa: PLC0415

    while engine.help_along(batch_id):
        pass
    return {"helper": most_memory()}


if __name__ == "__main__":
    main()
