"""A large file lands in two lanes at once: the same rows as one lane after the other, by the same rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import Barrier, Thread
from threading import local as a_thread_s_own
from time import sleep
from typing import Any
from zlib import crc32

import pytest
from django.db import IntegrityError, connection, connections

from activities.formats import Format
from learners.models import Credit, Guess
from learners.names import fold
from learners.staging import StagedCredit
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches import copying, engine, processing, scanning
from pars.batches.models import Batch, Chunk, Status
from pars.batches.tasks import advance, help_along
from pars.batches.turns import LANES, try_turn, wait_turn
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import a_row, as_csv, codes, see_through, take_in

SYSTEM = Actor.system_job("test")
NAMES = [
    "Abiola",
    "Bauer",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fontaine",
    "Gupta",
    "Hansen",
    "Ito",
    "Jansen",
    "Kaya",
]

Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_UNPARTED", 0)
    monkeypatch.setattr(scanning, "ROWS_A_CHUNK", 3)


@pytest.fixture
def ours(committed: dict[str, str]) -> Organization:
    return a_provider()


@pytest.fixture
def rows(ours: Organization) -> Rows:
    """Eleven physicians, a row each."""
    board, course = a_board("NC"), an_activity(ours)
    for at, name in enumerate(NAMES):
        a_physician(board, f"N-{at}", last_name=name)
    return [a_row(course.activity_id, last_name=name, number=f"N-{at}") for at, name in enumerate(NAMES)]


@contextmanager
def _as_worker() -> Iterator[None]:
    with as_role("pars_worker"), acting_as(SYSTEM):
        yield


def _a_name_of(lane: int) -> str:
    return next(name for name in NAMES if crc32(fold(name).encode()) % LANES == lane)


def _one_physician_of_both_lanes() -> list[str]:
    """The last names that a physician with license N-1 goes by, one of each lane."""
    first, second = names = [_a_name_of(lane) for lane in range(LANES)]
    physician = a_physician(a_board("NC"), "N-1", last_name=first)
    with as_role("pars_owner"):
        physician.aliases.create(
            first_name="Amara",
            last_name=second,
            first_key=fold("Amara"),
            last_key=fold(second),
            source="roster",
        )
    return names


def _both_at_once(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """See the batch through by two workers, each of which has a chunk before either lands one."""
    honest, both, mine = processing.take_staged, Barrier(2), a_thread_s_own()

    def together(kind: Any, batch_id: Any, chunk: int) -> None:
        if not hasattr(mine, "met"):
            mine.met = both.wait(20)
        honest(kind, batch_id, chunk)

    def help_along() -> None:
        with as_role("pars_worker"):
            while engine.help_along(batch.pk):
                pass
        connections.close_all()

    helper = Thread(target=help_along)
    monkeypatch.setattr(processing, "take_staged", together)
    with as_role("pars_worker"):
        engine.run(batch.pk, call=helper.start)
    helper.join(30)
    monkeypatch.undo()
    return see_through(batch)


def test_no_person_is_in_two_lanes(ours: Organization, rows: Rows) -> None:
    course = rows[0]["activity"]
    rows += [row | {"number": "1186620112", "activity": course} for row in rows]
    batch = take_in(ours, as_csv(rows), "learners.csv")

    with _as_worker():
        scanning.scan(batch.pk)
    with _as_worker():
        lanes = dict(Chunk.objects.values_list("number", "lane"))
        people: dict[str, set[int | None]] = {}
        for name, chunk in StagedCredit.objects.values_list("last_key", "chunk"):
            people.setdefault(name, set()).add(lanes[chunk])

    assert {frozenset(found) for found in people.values()} == {frozenset([lane]) for lane in range(LANES)}


def test_a_small_file_is_one_chunk(ours: Organization, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    see_through(take_in(ours, as_csv(rows), "learners.csv"))

    with acting_as(SYSTEM):
        assert list(Chunk.objects.values_list("lane", "rows")) == [(None, len(rows))]


def test_two_workers_land_a_file_at_once(
    ours: Organization, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = _both_at_once(take_in(ours, as_csv(rows), "learners.csv"), monkeypatch)

    assert (batch.status, batch.added) == (Status.DONE, len(rows))
    with acting_as(SYSTEM):
        assert Credit.objects.count() == len(rows)


def test_a_second_worker_is_called_once_and_comes_again_as_long_as_it_finds_chunks(
    ours: Organization, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(help_along, "apply_async", lambda kwargs, **_: sent.append(kwargs))
    first, second = (take_in(ours, as_csv(rows), "learners.csv") for _ in range(2))

    with as_role("pars_worker"):
        advance(batch_id=str(first.pk))
        assert sent == [{"batch_id": str(first.pk)}]
        help_along(batch_id=str(first.pk))
        assert sent == [{"batch_id": str(first.pk)}]

        scanning.scan(second.pk)
        help_along(batch_id=str(second.pk))
    assert sent == [{"batch_id": str(first.pk)}, {"batch_id": str(second.pk)}]
    with acting_as(SYSTEM):
        assert Chunk.objects.filter(batch=second, status=Chunk.Status.DONE).count() == 1


def test_a_series_is_added_up_over_both_lanes(ours: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    """One physician under two names, which are in different lanes: 1.5 credits each of a series of 2."""
    names = _one_physician_of_both_lanes()
    series = an_activity(
        ours, format=Format.SERIES, start_on=date(2026, 1, 7), end_on=date(2026, 12, 16), credits=2,
        credits_per_session=None,
    )  # fmt: skip
    rows = [
        a_row(series.activity_id, last_name=name, number="N-1", completed=f"09/{day}/2026", amount="1.5")
        for name, day in zip(names, (15, 16), strict=True)
    ]

    batch = _both_at_once(take_in(ours, as_csv(rows), "learners.csv"), monkeypatch)

    assert [code for _, code in codes(batch)] == ["amount_over_series"]
    assert (batch.added, batch.failed) == (1, 1)


def test_both_lanes_share_one_guess_budget(ours: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    a_physician(a_board("NC"), "N-1", last_name="Osei", month_day="1231")
    course = an_activity(ours)
    rows = [
        a_row(course.activity_id, last_name=_a_name_of(lane), number="N-1", birthday=f"01/0{day}")
        for day in range(1, 4)
        for lane in range(LANES)
    ]

    batch = _both_at_once(take_in(ours, as_csv(rows), "learners.csv"), monkeypatch)

    found = [code for _, code in codes(batch)]
    assert (found.count("identity"), found.count("kept_for_review")) == (5, 1)
    with acting_as(SYSTEM):
        assert Guess.objects.count() == 5


def test_one_physicians_credit_in_both_lanes_is_one_credit(
    ours: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second runs into the first one's row, and is tried again by itself."""
    names = _one_physician_of_both_lanes()
    course = an_activity(ours)
    rows = [a_row(course.activity_id, last_name=name, number="N-1") for name in names]

    batch = _both_at_once(take_in(ours, as_csv(rows), "learners.csv"), monkeypatch)

    assert (batch.status, batch.added, batch.unchanged, batch.failed) == (Status.DONE, 1, 1, 0)
    with acting_as(SYSTEM):
        assert Credit.objects.count() == 1
        assert not Chunk.objects.exclude(status=Chunk.Status.DONE).exists()


def test_a_chunk_that_fails_is_tried_again_by_itself(
    ours: Organization, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[int] = []
    honest = processing.take_staged

    def once(kind: Any, batch_id: Any, chunk: int) -> None:
        if not failed:
            failed.append(chunk)
            raise IntegrityError
        honest(kind, batch_id, chunk)

    monkeypatch.setattr(processing, "take_staged", once)

    batch = see_through(take_in(ours, as_csv(rows), "learners.csv"))

    assert batch.added == len(rows)
    with acting_as(SYSTEM):
        assert [chunk.number for chunk in Chunk.objects.filter(lane=None)] == failed


def test_a_lane_leaves_the_other_free_but_not_the_whole_turn(ours: Organization) -> None:
    with acting_as(Actor.matcher(ours.pk)):
        assert try_turn(ours.pk, 0)

        assert [_elsewhere(ours, lane) for lane in (0, 1, None)] == [False, True, False]


def test_whoever_waits_for_the_whole_turn_goes_before_the_next_chunk(ours: Organization) -> None:
    def wait() -> None:
        with acting_as(Actor.matcher(ours.pk)):
            wait_turn(ours.pk)
        connections.close_all()

    waiting = Thread(target=wait)
    with acting_as(Actor.matcher(ours.pk)), connection.cursor() as cursor:
        assert try_turn(ours.pk, 0)
        waiting.start()
        for _ in range(1_000):
            # Of this database: other tests wait for theirs in the same cluster.
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
            )
            if cursor.fetchone()[0]:
                break
            sleep(0.01)

        assert not _elsewhere(ours, 1)
    waiting.join(10)


def _elsewhere(organization: Organization, lane: int | None) -> bool:
    """Whether another transaction gets that turn now."""
    may: list[bool] = []

    def look() -> None:
        with acting_as(Actor.matcher(organization.pk)):
            may.append(try_turn(organization.pk, lane))
        connections.close_all()

    thread = Thread(target=look)
    thread.start()
    thread.join(10)
    return may[0]
