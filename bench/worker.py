"""A worker of its own, as in production: it is named batches, takes each from file to credits, and says what that took.

"scan", "process" or "help" and a batch id a line in; one line of JSON out: seconds of `scan` and `process`, and the
most memory it ever had, in MiB.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID


class Worker:
    """Two processes, as `celery worker -c 2` has them, seen from the bench. To be closed, or used in a `with`."""

    def __init__(self) -> None:
        self._first, self._second = _Process(), _Process()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._first.close()
        self._second.close()

    def run(self, batch_id: UUID) -> dict[str, float]:
        """See one batch through; what the worker says of it."""
        self._first.say(f"scan {batch_id}")
        said = self._first.hear()
        if said["chunks"] > 1:
            self._second.say(f"help {batch_id}")
        self._first.say(f"process {batch_id}")
        said |= self._first.hear()
        if said["chunks"] > 1:
            helped = self._second.hear()
            said["process"] = max(said["process"], helped["process"])
            said["worker"] = max(said["worker"], helped["worker"])
        return said


class _Process:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.hear()  # it is up

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def hear(self) -> dict[str, float]:
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
    from pars.batches import engine, processing, scanning  # noqa: PLC0415

    print("{}", flush=True)
    for line in sys.stdin:
        what, batch_id = line.split()
        start = time.perf_counter()
        said: dict[str, float] = {}
        if what == "scan":
            said["chunks"] = scanning.scan(UUID(batch_id))
        elif what == "process":
            processing.process(UUID(batch_id))
        else:
            while engine.help_along(UUID(batch_id)):
                pass
        said[what if what == "scan" else "process"] = time.perf_counter() - start
        said["worker"] = most_memory()
        # What the child took over from the worker while it started counts as its own: at most this much.
        said["reader"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
