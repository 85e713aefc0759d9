"""A provider with many activities: a workbook of 5,000 from upload to committed rows, and its list at 20,000.

    make bench ARGS=activities

The workbook stands beside a floor: the same file read by calamine and copied into one plain table, without a check, a
rule, an issue or a second table. The list is asked for as the provider's reporter, page, template and middleware
included, beside the naive way: icontains, counted and fetched by the same role under the same policies. Prints the
bars, and whether each is reached; exits 1 when one is not.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_web"
django.setup()

import psycopg
import xlsxwriter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils.timezone import now
from python_calamine import CalamineWorkbook

from activities.models import Activity
from bench.cast import connect
from bench.finder import told
from bench.worker import Worker
from pars.access.actor import Actor
from pars.access.models import Membership, Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.batches.actions import receive
from pars.batches.kinds import kind_named
from pars.batches.models import Batch

SEED = 20261127
ROWS, RUNS, LISTED = 5_000, 3, 20_000
PAGES, NAIVE = 300, 60
BAR_SECONDS, BAR_MS = 10, 50
CREDITS_EACH = 10
HEADINGS = (
    "Record Action", "Provider Activity ID", "Activity Title", "Activity Format", "Delivery Method", "Start Date",
    "End Date", "City", "State", "Country", "AMA PRA Category 1 Credits", "Providership", "Description",
    "List in CME Passport", "Fee", "Registration", "Activity URL", "Target Professions", "Specialties", "Tags",
    "Measured Learner Knowledge", "Commercial Support", "Physicians", "Other learners", "Certifying Board 1",
    "MOC Points 1", "MOC Credit Types 1", "MOC Attested 1",
)  # fmt: skip
_TOPICS = (
    "Sepsis",
    "Stroke",
    "Opioids",
    "Diabetes",
    "Asthma",
    "Heart Failure",
    "Dementia",
    "Melanoma",
    "Ethics",
)
_FRAMES = ("{} Grand Rounds {}", "{} Update {}", "Cases in {} {}", "{} in Primary Care {}")
_PLACES = (("Raleigh", "North Carolina"), ("Austin", "Texas"), ("Fresno", "California"))
_CREDITS = """
INSERT INTO learners_credit (
    organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, due_on, consent,
    batch_id, row, first_reported_at, changed_at
)
SELECT a.organization_id, n, n, a.id, 1, 1, a.end_on, a.end_on + 30, 'written', %s, n, now(), now()
FROM activities_activity a CROSS JOIN generate_series(1, %s) n WHERE a.organization_id = %s
"""  # fmt: skip


def rows(first: int, count: int) -> list[tuple[object, ...]]:
    """Seeded activities of the last three years: one in three is listed for all, one in four counts for a board."""
    rng = random.Random(SEED + first)
    today = datetime.now(UTC).date()
    made: list[tuple[object, ...]] = []
    for n in range(first, first + count):
        topic, (city, state) = (rng.choice(_TOPICS), rng.choice(_PLACES))
        day = today - timedelta(days=rng.randrange(1_000))
        board = (
            ("American Board of Internal Medicine", 1, "Medical Knowledge", "Yes")
            if n % 4 == 0
            else ("",) * 4
        )
        made.append(
            (
                "Add", f"OWN-{n}", rng.choice(_FRAMES).format(topic, n), "Live Course", "In-Person", day, day, city,
                state, "United States", 1 + rng.randrange(8) * 0.25, "Direct",
                f"What changed in {topic.lower()}. " * 12, "No" if n % 3 else "Yes", "No, it’s free", "Open to all",
                f"https://cme.example/{n}", "Physician; Nurse", "Internal Medicine", topic, "Objective", "No",
                rng.randrange(400), rng.randrange(90), *board,
            )
        )  # fmt: skip
    return made


def write(path: Path, made: Sequence[tuple[object, ...]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "mm/dd/yyyy"})
    sheet = book.add_worksheet("Activities")
    sheet.write_row(0, 0, HEADINGS)
    for at, row in enumerate(made, 1):
        sheet.write_row(at, 0, [None if cell == "" else cell for cell in row])
    book.close()
    return path


def floor(owner: psycopg.Connection[tuple[object, ...]], path: Path) -> float:
    """Seconds for reading the workbook and copying what it says into one table."""
    columns = ", ".join(f"c{n} text" for n in range(len(HEADINGS)))
    owner.execute(f"DROP TABLE IF EXISTS floor_activity; CREATE TABLE floor_activity ({columns})")
    start = time.perf_counter()
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    next(sheet)
    with owner.transaction(), owner.cursor().copy("COPY floor_activity FROM STDIN") as copy:
        for row in sheet:
            copy.write_row([str(cell) for cell in row])
    return time.perf_counter() - start


def send(provider: Organization, path: Path, worker: Worker) -> tuple[float, Batch]:
    """Seconds from the upload to committed activities; the finished batch."""
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    start = time.perf_counter()
    with path.open("rb") as upload, acting_as(actor):
        batch = receive(
            kind=kind_named("activities"), upload=upload, name=path.name, organization_id=provider.pk, by=actor,
            at=now(),
        ).batch  # fmt: skip
    worker.run(batch.pk)
    seconds = time.perf_counter() - start
    with acting_as(actor):
        batch.refresh_from_db()
    return seconds, batch


def a_provider(code: str) -> tuple[Organization, User]:
    """A provider and its reporter, who has a second factor."""
    user = User.objects.create_user(f"reporter{code}@bench.example", name="Pat Reporter")
    provider = Organization.objects.create(kind=OrganizationKind.PROVIDER, code=code, name=f"Bench {code}")
    Membership.objects.create(user=user, organization=provider, role=Role.REPORTER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return provider, user


def workbook(owner: psycopg.Connection[tuple[object, ...]], folder: Path, worker: Worker) -> bool:
    taken, lowest = [], []
    for run in range(RUNS):
        provider, _ = a_provider(f"700000{run}")
        path = write(folder / "activities.xlsx", rows(0, ROWS))
        lowest.append(floor(owner, path))
        seconds, batch = send(provider, path, worker)
        taken.append(seconds)
        print(
            f"floor {lowest[-1]:.2f} s   ours {seconds:.2f} s   {batch.added:,} added, {batch.failed:,} to fix",
            flush=True,
        )
    ours = statistics.median(taken)
    print(
        f"{ROWS:,} rows: {ours:.2f} s, {ours / statistics.median(lowest):.1f}x the floor; the bar is {BAR_SECONDS} s: "
        + ("reached" if ours < BAR_SECONDS else "MISSED")
    )  # fmt: skip
    return ours < BAR_SECONDS and batch.added == ROWS


def listing(owner: psycopg.Connection[tuple[object, ...]], folder: Path, worker: Worker) -> bool:
    provider, user = a_provider("7000009")
    for first in range(0, LISTED, ROWS):
        _, batch = send(provider, write(folder / f"{first}.xlsx", rows(first, ROWS)), worker)
    reported(owner, provider, batch.pk)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    rng = random.Random(SEED)
    wishes = [_wish(rng) for _ in range(PAGES)]
    for wish in wishes[:20]:
        _get(client, wish)
    ours = [_timed(lambda wish=wish: _get(client, wish)) for wish in wishes]  # type: ignore[misc]
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    naive = [_timed(lambda wish=wish: _naively(actor, wish)) for wish in wishes[:NAIVE]]  # type: ignore[misc]
    told(f"list of {LISTED:,}, {PAGES} pages", ours)
    told(f"icontains, the first {NAIVE}, rows only", naive)
    p95 = statistics.quantiles(ours, n=20)[-1]
    print(f"p95 {p95:.1f} ms, the bar is {BAR_MS}: {'reached' if p95 < BAR_MS else 'MISSED'}")
    return p95 < BAR_MS


def reported(owner: psycopg.Connection[tuple[object, ...]], provider: Organization, batch: UUID) -> None:
    """Give each activity some credit, and leave the tables as autovacuum would."""
    owner.execute(_CREDITS, [batch, CREDITS_EACH, provider.pk])
    owner.execute("VACUUM (ANALYZE) activities_activity, learners_credit")


def _wish(rng: random.Random) -> dict[str, Any]:
    """What somebody asks of the list: the first page, words, an ID, a filter, another order, a later page."""
    wish: dict[str, Any] = {}
    kind = rng.random()
    if kind < 0.3:
        wish["q"] = rng.choice(_TOPICS)
    elif kind < 0.5:
        wish["q"] = f"OWN-{rng.randrange(LISTED)}"
    if rng.random() < 0.3:
        wish["status"] = rng.choice(("active", "ready", "draft", "closed"))
    if rng.random() < 0.2:
        wish["year"] = datetime.now(UTC).year - rng.randrange(3)
    if rng.random() < 0.3:
        wish["sort"] = rng.choice(("title", "-title", "dates", "-dates"))
    if rng.random() < 0.3:
        wish["page"] = rng.randrange(2, 40)
    return wish


def _get(client: Client, wish: dict[str, Any]) -> None:
    answer = client.get("/activities/", wish)
    if answer.status_code != 200:
        raise SystemExit(f"/activities/ {wish}: {answer.status_code}")


def _naively(actor: Actor, wish: dict[str, Any]) -> None:
    words = wish.get("q", "")
    with acting_as(actor):
        found = Activity.objects.visible_to(actor).filter(
            Q(title__icontains=words)
            | Q(provider_activity_id__icontains=words)
            | Q(activity_id__icontains=words)
        )
        found.count()
        list(found.order_by("-start_on")[:25])


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    owner = connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with tempfile.TemporaryDirectory() as folder, Worker() as worker:
        reached = [part(owner, Path(folder), worker) for part in (workbook, listing)]
    sys.exit(0 if all(reached) else 1)
