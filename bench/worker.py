"""A worker of its own, as in production: it is named batches, takes each from file to credits, and says what that took.

One batch id a line in; one line of JSON out: seconds of `scan` and `process`, and the most memory it ever had, in MiB.
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
    """The process, seen from the bench. To be closed, or used in a `with`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
        assert self._process.stdin is not None
        print(batch_id, file=self._process.stdin, flush=True)
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
    from pars.batches import processing, scanning  # noqa: PLC0415

    print("{}", flush=True)
    for line in sys.stdin:
        batch_id = UUID(line.strip())
        start = time.perf_counter()
        scanning.scan(batch_id)
        scanned = time.perf_counter()
        processing.process(batch_id)
        done = time.perf_counter()
        print(
            json.dumps(
                {
                    "scan": scanned - start,
                    "process": done - scanned,
                    "worker": most_memory(),
                    # What the child took over from the worker while it started counts as its own: at most this much.
                    "reader": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
