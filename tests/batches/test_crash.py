"""Real workers, killed for real: no credit is lost and none is doubled."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.utils.timezone import now

from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.audit.models import Seal
from pars.batches.models import Batch, Chunk, Row, Status
from pars.demo import world
from tests.roles import as_role
from tests.uploads import take_in

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = Actor.system_job("test")
PATIENCE = 60  # seconds

# A worker whose chunks are small and slow, so that it can be killed between two of them.
SLOW_WORKER = """
import sys, time, uuid, django
django.setup()
from pars.batches import engine, processing, scanning
scanning.ROWS_A_CHUNK = 10
honest = processing.take_staged
def slow(*args):
    time.sleep(0.3)
    honest(*args)
processing.take_staged = slow
engine.run(uuid.UUID(sys.argv[1]))
"""


@pytest.fixture
def northlake(committed: dict[str, str]) -> Organization:
    with as_role("pars_owner"):
        world.load(at=now())
    return Organization.objects.get(code="0008273")


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def _count(model: type, **filters: object) -> int:
    with acting_as(SYSTEM):
        return int(model.objects.filter(**filters).count())  # type: ignore[attr-defined]


def _status(batch: Batch) -> str:
    with acting_as(SYSTEM):
        batch.refresh_from_db()
    return batch.status


def _leases_run_out() -> None:
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE batches_chunk SET leased_until = now() - interval '1 second'")


def _slow_worker(batch: Batch, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", SLOW_WORKER, str(batch.pk)], env=environment, cwd=ROOT)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    northlake: Organization, committed: dict[str, str], samples: Path
) -> None:
    batch = take_in(northlake, (samples / "learners-with-errors.xlsx").read_bytes(), "learners.xlsx")
    for landed in (1, 2, 3):
        worker = _slow_worker(batch, committed)
        _wait_for(lambda at_least=landed: _count(Chunk, batch=batch, status=Chunk.Status.DONE) >= at_least)  # type: ignore[misc]
        worker.kill()
        worker.wait()
        _leases_run_out()

    _slow_worker(batch, committed).wait(PATIENCE)

    assert _status(batch) == Status.DONE
    assert _count(Row, batch=batch) == 60
    assert (batch.added, batch.parked, batch.failed) == (40, 1, 18)
    assert _count(Credit) == 41


def test_two_workers_on_one_batch_share_it(
    northlake: Organization, committed: dict[str, str], samples: Path
) -> None:
    batch = take_in(northlake, (samples / "learners-with-errors.xlsx").read_bytes(), "learners.xlsx")

    workers = [_slow_worker(batch, committed) for _ in range(2)]
    for worker in workers:
        worker.wait(PATIENCE)
    _slow_worker(batch, committed).wait(PATIENCE)

    assert _status(batch) == Status.DONE
    assert (batch.added, batch.parked, batch.failed) == (40, 1, 18)


@contextmanager
def _celery(environment: dict[str, str], *arguments: str) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "pars.celery",
        "worker",
        "-c",
        "1",
        "-l",
        "warning",
        *arguments,
    ]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_a_batch_nobody_announced_is_found_though_the_broker_is_wiped(
    northlake: Organization, committed: dict[str, str], samples: Path, tmp_path: Path
) -> None:
    broker = redis.Redis.from_url(
        committed["REDIS_URL"].replace("redis+socket", "unix").replace("virtual_host", "db")
    )
    clock = ("-Q", "clock", "-B", "-n", "clock@test", "-s", str(tmp_path / "beat"))
    with _celery(committed, *clock), _celery(committed, "-Q", "work", "-n", "work@test"):
        batch = take_in(northlake, (samples / "learners.xlsx").read_bytes(), "learners.xlsx")
        broker.flushdb()

        _wait_for(lambda: _status(batch) == Status.DONE)

        assert batch.added == 12
        _wait_for(lambda: _count(Seal) >= 3)
