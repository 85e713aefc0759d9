"""The engine's promises: each step once, whatever is killed, lost or sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils.timezone import now

from learners.models import Credit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches import engine, processing, scanning
from pars.batches.actions import stored_path
from pars.batches.models import Batch, Chunk, Issue, Outcome, Row, Status
from pars.batches.readers import reading
from pars.batches.tasks import advance, forget_uploads, wake
from pars.demo import world
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import a_row, as_csv, codes, see_through, send_file, take_in

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SUICIDE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def ours() -> Organization:
    return a_provider()


@pytest.fixture
def rows(ours: Organization) -> list[dict[str, str]]:
    """Twelve physicians, one row each."""
    board = a_board("NC")
    course = an_activity(ours)
    rows = []
    for number in range(12):
        name = "abcdefghijkl"[number] * 4
        a_physician(board, f"N-{number}", last_name=name)
        rows.append(a_row(course.activity_id, last_name=name, number=f"N-{number}"))
    return rows


@contextmanager
def _as_worker() -> Iterator[None]:
    with as_role("pars_worker"), acting_as(SYSTEM):
        yield


def _reload(batch: Batch) -> Batch:
    with acting_as(SYSTEM):
        batch.refresh_from_db()
    return batch


def _count(model: Any, **filters: Any) -> int:
    with acting_as(SYSTEM):
        return int(model.objects.filter(**filters).count())


def _leases_run_out() -> None:
    with acting_as(SYSTEM):
        Chunk.objects.update(leased_until=LONG_AGO)


def test_small_chunks_land_the_same_rows(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS_A_CHUNK", 5)

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert (batch.status, batch.added) == (Status.DONE, 12)
    assert _count(Chunk, batch=batch, status=Chunk.Status.DONE) == 3


def test_rows_to_be_judged_together_share_a_chunk(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS_A_CHUNK", 5)
    rows.append(rows[0] | {"amount": "2"})

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert codes(batch) == [(2, "differs_in_file"), (14, "differs_in_file")]


def test_running_a_finished_batch_again_does_nothing(ours: Organization, rows: list[dict[str, str]]) -> None:
    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))
    finished_at = batch.finished_at

    see_through(batch)

    assert _reload(batch).finished_at == finished_at
    assert _count(Credit) == 12


def test_a_chunk_that_always_fails_is_set_aside_and_its_rows_named(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS_A_CHUNK", 5)
    honest = processing.take_staged

    def poisoned(kind: Any, batch_id: Any, chunk: int) -> None:
        if chunk == 1:
            raise ZeroDivisionError
        honest(kind, batch_id, chunk)

    monkeypatch.setattr(processing, "take_staged", poisoned)

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert (batch.status, batch.added, batch.failed) == (Status.DONE, 7, 5)
    assert codes(batch) == [(row, "set_aside") for row in range(7, 12)]
    assert _count(Chunk, batch=batch, status=Chunk.Status.QUARANTINED) == 1


def test_a_scan_that_was_killed_is_taken_over_when_its_lease_has_run_out(
    ours: Organization, rows: list[dict[str, str]]
) -> None:
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with acting_as(SYSTEM):
        Batch.objects.filter(pk=batch.pk).update(status=Status.SCANNING, attempts=1, leased_until=LONG_AGO)

    assert see_through(batch).added == 12


def test_a_scan_under_lease_is_left_alone(ours: Organization, rows: list[dict[str, str]]) -> None:
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with as_role("pars_worker"), acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE batches_batch SET status = 'scanning', attempts = 1, leased_until = now() + interval '1 hour'"
        )

    assert see_through(batch).status == Status.SCANNING
    assert _count(Row) == 0


def test_an_older_holder_of_a_scan_cannot_stage(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While this worker reads, another claims the batch: what this one read is rolled back."""
    batch = take_in(ours, as_csv(rows), "learners.csv")
    honest = scanning._copy

    def overtaken(*args: Any) -> Any:
        read = honest(*args)
        with _as_worker():
            Batch.objects.filter(pk=batch.pk).update(attempts=2)
        return read

    monkeypatch.setattr(scanning, "_copy", overtaken)

    assert see_through(batch).status == Status.SCANNING
    assert _count(Chunk) == 0


def test_a_file_that_took_its_worker_down_again_and_again_is_refused(
    ours: Organization, rows: list[dict[str, str]]
) -> None:
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with acting_as(SYSTEM):
        Batch.objects.filter(pk=batch.pk).update(
            status=Status.SCANNING, attempts=processing.LIVES, leased_until=LONG_AGO
        )

    refused = see_through(batch)

    assert (refused.status, refused.refusal_code) == (Status.REFUSED, "unreadable")


def test_a_file_whose_reading_ends_in_an_error_three_times_is_refused(
    ours: Organization,
    rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(*_: Any) -> None:
        raise ValueError("Osei")

    monkeypatch.setattr(scanning, "_copy", failing)

    refused = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert (refused.refusal_code, refused.attempts) == ("unreadable", 4)
    assert "Osei" not in caplog.text


def test_a_child_killed_from_outside_says_nothing_about_its_file(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = iter([SUICIDE] * 5 + [reading._START])
    honest = reading.read

    def dangerous(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(reading, "_START", next(starts))
        return honest(*args, **options)

    monkeypatch.setattr(scanning, "read", dangerous)

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert (batch.status, batch.attempts, batch.added) == (Status.DONE, 6, 12)


def test_a_chunk_whose_worker_was_killed_waits_behind_the_others_and_lands(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS_A_CHUNK", 5)
    honest, order = processing.take_staged, []

    def watched(kind: Any, batch_id: Any, chunk: int) -> None:
        order.append(chunk)
        honest(kind, batch_id, chunk)

    monkeypatch.setattr(processing, "take_staged", watched)
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with as_role("pars_worker"):
        scanning.scan(batch.pk)
    with acting_as(SYSTEM):
        Chunk.objects.filter(batch=batch, number=0).update(attempts=20, leased_until=LONG_AGO)

    assert see_through(batch).added == 12
    assert order == [1, 2, 0]


def test_a_database_that_goes_away_is_nobodys_fault(
    ours: Organization,
    rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("COPY staged, line 1: Osei")

    batch = take_in(ours, as_csv(rows), "learners.csv")
    with monkeypatch.context() as patched:
        patched.setattr(processing, "take_staged", away)
        for _ in range(5):
            see_through(batch)
            _leases_run_out()

    assert see_through(batch).added == 12
    assert "Osei" not in caplog.text


def test_the_dispatcher_finds_what_nobody_works_on_once_in_half_a_minute(
    ours: Organization, rows: list[dict[str, str]]
) -> None:
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE batches_batch SET created_at = now() - interval '10 seconds'")

    with as_role("pars_worker"):
        assert engine.lease_due() == [batch.pk]
        assert engine.lease_due() == []


def test_a_batch_whose_worker_died_is_found_again_as_soon_as_its_lease_has_run_out(
    ours: Organization, rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message for it was taken; nobody waits for half a minute."""
    batch = take_in(ours, as_csv(rows), "learners.csv")
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE batches_batch SET created_at = now() - interval '10 seconds'")
    monkeypatch.setattr(engine, "process", lambda *_, **__: None)

    with as_role("pars_worker"):
        assert engine.lease_due() == [batch.pk]
        engine.run(batch.pk)
        assert engine.lease_due() == [batch.pk]


def test_the_dispatcher_leaves_finished_batches_alone(ours: Organization, rows: list[dict[str, str]]) -> None:
    see_through(take_in(ours, as_csv(rows), "learners.csv"))
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute("UPDATE batches_batch SET created_at = now() - interval '10 seconds'")

    with as_role("pars_worker"):
        assert engine.lease_due() == []


def test_a_dead_broker_is_logged_and_forgotten(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(advance, "apply_async", down)

    with django_capture_on_commit_callbacks(execute=True):
        wake(advance, batch_id="0")

    assert "was not published: ConnectionError" in caplog.text


def test_the_accreditors_template_lands_unedited(samples: Any) -> None:
    with as_role("pars_owner"):
        world.load(at=now())
    northlake = Organization.objects.get(code="0008273")

    first = send_file(northlake, samples / "learners.xlsx")
    again = send_file(northlake, samples / "learners.xlsx")
    errors = send_file(northlake, samples / "learners-with-errors.xlsx")
    errors_again = send_file(northlake, samples / "learners-with-errors.xlsx")

    assert (first.added, again.added, again.unchanged) == (12, 0, 12)
    assert (errors.rows, errors.added, errors.parked, errors.failed) == (60, 40, 1, 18)
    assert (errors_again.added, errors_again.unchanged, errors_again.failed) == (0, 41, 18)
    assert {row for row, _ in codes(errors)} == set(range(43, 63))
    assert _count(Credit) == 53


def test_every_row_of_a_file_has_one_outcome(ours: Organization, rows: list[dict[str, str]]) -> None:
    rows[3]["amount"] = "four"

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert _count(Row, batch=batch) == 12
    assert _count(Row, batch=batch, outcome=Outcome.FAILED) == _count(Issue, batch=batch, level="fix") == 1


def test_an_upload_is_forgotten_after_thirty_days_and_its_rows_are_not(
    ours: Organization, rows: list[dict[str, str]]
) -> None:
    old = see_through(take_in(ours, as_csv(rows), "learners.csv", at=now() - timedelta(days=30, minutes=1)))
    recent = see_through(take_in(ours, as_csv(rows), "learners.csv", at=now() - timedelta(days=29)))
    old_path = stored_path(old)

    with as_role("pars_worker"):
        forget_uploads()

    assert (_reload(old).stored_as, old_path.exists()) == ("", False)
    assert stored_path(_reload(recent)).exists()
    assert _count(Row, batch=old) == 12
