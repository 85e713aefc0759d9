"""One workbook of learner credit while everything under it is killed: what was promised has to stand at the end.

    make proof ARGS=kills
    make proof ARGS="kills --rows 5000 --kills 5 --wipes 2 --stops 1"

Kills are SIGKILL: the worker whole, its main process alone, the processes that do its work, the child that reads. Wipes
empty the broker, or replace it by an empty one. Stops are PostgreSQL's “immediate” ones. Each waits for work that has
not been disturbed yet, a file being read or a chunk being landed, and counts only if it caught that work unfinished.
Then the same is done to a naive build (`proof.naive`), which must be found out.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.cast import ACTIVITIES, FIRST_ACTIVITY, START, STATE_NAMES, Person, people, write_workbook
from proof.stack import APP, Stack, stack

SEED = 20261127
ROWS, KILLS, WIPES, STOPS = 100_000, 50, 10, 5
ROWS_A_PERSON = 4
UNKNOWN_EVERY = 50  # one row in so many is about a license nobody knows; its credit waits
PATIENCE = 180  # seconds for the next undisturbed work, and for the end
UNDISTURBING = ("main", "wipe")  # the work goes on, and may be hit again
SOONER = 0.75
SETTLED = 0.1  # seconds after which what was cut off can commit no more
FIRST_ROW = 3  # in the workbook, below guidance and headings

_READING = "SELECT status, attempts FROM batches_batch WHERE id = %s AND status IN ('received', 'scanning')"
_CLAIMED = """
SELECT number, attempts FROM batches_chunk
WHERE batch_id = %s AND status = 'waiting' AND leased_until > now()
"""
_STILL = "SELECT 1 FROM batches_chunk WHERE batch_id = %s AND status = 'waiting' AND number = %s"
_END = "SELECT status FROM batches_batch WHERE id = %s AND status IN ('done', 'refused')"


class Told(NamedTuple):
    """What one row says of its credit."""

    number: str
    activity: str
    completed_on: date
    amount: Decimal


@dataclass
class Tally:
    """What was done, and what it caught."""

    hits: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    problems: list[str] = field(default_factory=list)


# Work that can be disturbed: ("read", attempt), or (chunk, attempt).
Work = tuple[object, object]


class Harness:
    """One batch in one stack, and the schedule of what happens to it."""

    def __init__(self, on: Stack, batch: str, rows: int, rng: random.Random) -> None:
        self.tally = Tally()
        self._stack = on
        self._batch = batch
        self._rng = rng
        self._seen: set[Work] = set()
        self._begun = time.monotonic()
        # Up to so many seconds into a piece of work: less than it takes, more than it takes to begin. Machines differ:
        # whenever it came too late it comes sooner from then on.
        self._into_reading = 1.5 * rows / ROWS
        self._into_landing = 0.4 * min(rows, 10_000) / 10_000

    def run(self, kills: int, wipes: int, stops: int) -> None:
        """All of it, in a seeded order: first what meets the file being read, then what meets rows being landed."""
        early = kills * 3 // 10
        reading = [("child", self._stack.kill_child)] * (early - early // 3)
        reading += [("worker", self._stack.kill_worker)] * (early // 3)
        reading += self._others(wipes // 4, stops // 4)
        landing = [
            (
                ("hands", self._stack.kill_hands),
                ("worker", self._stack.kill_worker),
                ("main", self._stack.kill_main),
            )[number % 3]
            for number in range(kills - early)
        ]
        landing += self._others(wipes - wipes // 4, stops - stops // 4)
        for phase in (reading, landing):
            self._rng.shuffle(phase)
        for phase, wanted in ((reading, self._work), (landing, self._claimed)):
            for name, act in phase:
                if not self._hit(name, act, wanted):
                    return
        if not self._stack.until(lambda: self._stack.ask(_END, self._batch), seconds=PATIENCE):
            self.tally.problems.append(f"The batch has not ended {PATIENCE} s after the last kill.")

    def _others(self, wipes: int, stops: int) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("wipe", self._stack.replace_broker if number % 3 == 2 else self._stack.wipe_broker)
            for number in range(wipes)
        ] + [("stop", self._stack.stop_database)] * stops

    def _hit(self, name: str, act: Callable[[], None], wanted: Callable[[], list[Work]]) -> bool:
        """Do it to wanted work until it caught some unfinished; False where none comes."""
        while True:
            self._stack.until(lambda: wanted() or self._ended(), seconds=PATIENCE)
            work = next(iter(wanted()), None)
            if work is None:
                self.tally.problems.append(f"No work is left, or none goes on, for a {name} to hit.")
                return False
            time.sleep(self._rng.uniform(0, self._into_reading if work[0] == "read" else self._into_landing))
            if not self._unfinished(work):
                self.tally.missed += 1
                self._seen.add(work)
                self._hurry(work)
                continue
            if name == "child" and work[0] != "read":
                name, act = "hands", self._stack.kill_hands  # reading was over before its time
            caught = {work, *self._work(), *self._claimed()}
            act()
            time.sleep(SETTLED)
            if name not in UNDISTURBING:
                self._seen |= caught
            if self._unfinished(work) or name in UNDISTURBING:
                at = f"{name} while {'reading' if work[0] == 'read' else 'landing'}"
                self.tally.hits[at] += 1
                what = f"try {work[1]}" if work[0] == "read" else f"chunk {work[0]}, try {work[1]}"
                print(f"  {time.monotonic() - self._begun:6.1f} s  {at} ({what})", flush=True)
                return True
            self.tally.missed += 1
            self._hurry(work)

    def _hurry(self, work: Work) -> None:
        if work[0] == "read":
            self._into_reading *= SOONER
        else:
            self._into_landing *= SOONER

    def _work(self) -> list[Work]:
        """What is being read or landed and was not disturbed yet."""
        tries = self._stack.ask(_READING, self._batch) if self._stack.reading() else []
        reading: list[Work] = [("read", attempt) for _, attempt in tries]
        return [work for work in reading if work not in self._seen] or self._claimed()

    def _claimed(self) -> list[Work]:
        claims: list[Work] = [(number, attempt) for number, attempt in self._stack.ask(_CLAIMED, self._batch)]
        return [claim for claim in claims if claim not in self._seen]

    def _unfinished(self, work: Work) -> bool:
        if work[0] == "read":
            return bool(self._stack.ask(_READING, self._batch))
        return bool(self._stack.ask(_STILL, self._batch, work[0]))

    def _ended(self) -> bool:
        return bool(self._stack.ask(_END, self._batch))


def told(everyone: list[Person], rows: int) -> list[Told]:
    """What the workbook says: each person with another activity in each row, so that every row is one credit."""
    return [
        Told(
            f"ZZ{n}" if n % UNKNOWN_EVERY == 0 else everyone[n % len(everyone)].number,
            str(FIRST_ACTIVITY + (n // len(everyone) * 7 + n) % ACTIVITIES),
            START + timedelta(days=n % 25),
            Decimal(1 + n % 16) / 4,
        )
        for n in range(rows)
    ]


def write(path: Path, everyone: list[Person], said: list[Told]) -> None:
    made: list[tuple[object, ...]] = []
    for n, row in enumerate(said):
        person = everyone[n % len(everyone)]
        born = f"{person.month_day[:2]}/{person.month_day[2:]}"
        made.append(
            (
                "Add", row.activity, row.completed_on, person.first, person.last, born, STATE_NAMES[person.state],
                row.number, float(row.amount), *("",) * 5,
            )
        )  # fmt: skip
    write_workbook(path, made)


def verdict(on: Stack, batch: str, said: list[Told]) -> list[str]:
    """What is not as it was promised, in sentences."""
    problems: list[str] = []

    def expect(what: str, found: object, right: object) -> None:
        if found != right:
            problems.append(f"{what}: {found}, not {right}.")

    waiting = len(range(0, len(said), UNKNOWN_EVERY))
    [counts] = on.ask(
        "SELECT status, rows, added, parked, updated, unchanged, withdrawn, failed FROM batches_batch WHERE id = %s",
        batch,
    )
    expect("The batch", counts, ("done", len(said), len(said) - waiting, waiting, 0, 0, 0, 0))
    stored = on.ask(
        "SELECT c.row, l.number, a.activity_id, c.completed_on, c.amount FROM learners_credit c "
        "JOIN learners_learner l ON l.id = c.learner_id JOIN activities_activity a ON a.id = c.activity_id "
        "WHERE c.withdrawn_at IS NULL"
    )
    expect("Credits", len(stored), len(said))
    times = Counter(credit[1:3] for credit in stored)
    expect("Credits that are there twice or more", sum(1 for several in times.values() if several > 1), 0)
    expect("Credits that are missing", sum(1 for row in said if row[:2] not in times), 0)
    right = {(FIRST_ROW + n, *row) for n, row in enumerate(said)}
    expect("Credits that say something else than their row", len(set(stored) - right), 0)
    outcomes = on.ask(
        "SELECT outcome, count(*), count(DISTINCT number) FROM batches_row GROUP BY outcome ORDER BY outcome"
    )
    expect(
        "Outcomes",
        outcomes,
        [("added", len(said) - waiting, len(said) - waiting), ("parked", waiting, waiting)],
    )
    expect("Staged rows left", on.ask("SELECT count(*) FROM learners_stagedcredit"), [(0,)])
    expect(
        "Chunks that are not done",
        on.ask("SELECT count(*) FROM batches_chunk WHERE status <> 'done'"),
        [(0,)],
    )
    [(chunks,)] = on.ask("SELECT count(*) FROM batches_chunk")
    events = "SELECT verb, count(*) FROM audit_event WHERE verb LIKE 'batch.%%' GROUP BY verb ORDER BY verb"
    expect("Events", on.ask(events), [("batch.chunk", chunks), ("batch.done", 1), ("batch.received", 1)])
    on.until(lambda: on.ask("SELECT count(*) FROM audit_unsealed") == [(0,)], seconds=30)
    expect("Events outside the audit chain", on.ask("SELECT count(*) FROM audit_unsealed"), [(0,)])
    problems.extend(f"The audit chain breaks: {one}." for one in broken_chains())
    return problems


def broken_chains() -> list[object]:
    from django.db import connection, transaction  # noqa: PLC0415

    from pars.audit import sealer  # noqa: PLC0415

    connection.close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE pars_owner")
        return list(sealer.verify())


def upload(everyone: list[Person], path: Path, owner: psycopg.Connection[tuple[object, ...]]) -> str:
    """Send the workbook to the upload page as a provider's reporter, as a browser does; the batch's id."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.world import registry  # noqa: PLC0415
    from pars.access.models import Agreement, Membership, User  # noqa: PLC0415
    from pars.access.roles import Role  # noqa: PLC0415

    provider = registry(owner, everyone)
    user = User.objects.create_user("reporter@proof.example", name="Pat Reporter")
    Membership.objects.create(user=user, organization=provider, role=Role.REPORTER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    Agreement.objects.create(
        organization=provider, edition=provider.kind, dated=date(2026, 1, 1), accepted_by=user,
        signed_name=user.name, accepted_at=datetime.now().astimezone(), consent="written",
    )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    with path.open("rb") as file:
        answer = client.post("/uploads/", {"kind": "learners", "consent": "written", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].strip("/").rpartition("/")[2])


def prove(options: argparse.Namespace, app: str) -> list[str]:
    """The whole of it on one build; what was wrong at the end."""
    naive = app != APP
    with stack() as on:
        _set_django_up(on.environment)
        everyone = people(max(options.rows // ROWS_A_PERSON, 1))
        said = told(everyone, options.rows)
        path = Path(on.environment["PARS_LOCAL"]) / "learners.xlsx"
        write(path, everyone, said)
        with psycopg.connect(on.environment["DATABASE_URL"], autocommit=True) as owner:
            owner.execute("SET ROLE pars_owner")
            if naive:
                owner.execute("DROP INDEX credit_once, parked_credit_once")
            batch = upload(everyone, path, owner)
        begun = time.monotonic()
        on.start(app)
        harness = Harness(on, batch, options.rows, random.Random(options.seed))
        harness.run(options.kills, options.wipes, options.stops)
        seconds = time.monotonic() - begun
        problems = harness.tally.problems + verdict(on, batch, said)
        _tell(on, batch, harness.tally, seconds, problems)
        return problems


def _tell(on: Stack, batch: str, tally: Tally, seconds: float, problems: Sequence[str]) -> None:
    [[attempts, rows, added, parked, failed]] = on.ask(
        "SELECT attempts, rows, added, parked, failed FROM batches_batch WHERE id = %s", batch
    )
    chunks = on.ask(
        "SELECT count(*), sum(attempts), max(attempts) FROM batches_chunk WHERE batch_id = %s", batch
    )[0]
    [[stored]] = on.ask("SELECT count(*) FROM learners_credit WHERE withdrawn_at IS NULL")
    for what, times in sorted(tally.hits.items()):
        print(f"  {times:3} × {what}")
    print(
        f"  {tally.missed} came too late to count; the supervisor restarted {on.restarts} on its own\n"
        f"  read in {attempts} tries; {chunks[0]} chunks in {chunks[1]} tries, {chunks[2]} at most for one\n"
        f"  {seconds:.0f} s: {rows:,} rows, {added:,} added, {parked:,} parked, {failed:,} to fix; {stored:,} credits",
        flush=True,
    )
    for problem in problems:
        print(f"  ! {problem}", flush=True)


def _set_django_up(environment: dict[str, str]) -> None:
    import django  # noqa: PLC0415

    os.environ.update(environment, DJANGO_SETTINGS_MODULE="pars.settings", PARS_DB_ROLE="pars_web")
    django.setup()
    import pars.celery  # noqa: F401, PLC0415  (uploads wake a worker)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--wipes", type=int, default=WIPES)
    parser.add_argument("--stops", type=int, default=STOPS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--app", default=APP, help="where the worker finds its Celery application")
    options = parser.parse_args(arguments)
    print(f"kills: {options.app}, {options.rows:,} rows, seed {options.seed}", flush=True)
    return 1 if prove(options, options.app) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
