"""The match rule on labelled pairs: a wording as a CME office writes it, and the physician it is about, or nobody.

    make bench ARGS=matching
    make bench ARGS="matching --pairs 200000"

Every wording goes the whole way of a file: upload, check, SQL. Names are drawn so that many people of a state share
one; one license in twenty bears the number of another degree's. Prints precision (of those matched, how many rightly),
recall (of the wordings that name their physician without a mistake, how many were matched), false matches in 10,000,
and the same for each way of writing. Exits 1 when a bar is missed.
"""

import argparse
import csv
import os
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_worker"
django.setup()

from django.db import connection
from django.utils.timezone import now

from bench.cast import FIRST_ACTIVITY, START, STATE_NAMES, STATES, SYLLABLES, connect
from bench.worker import Worker
from learners import birthday
from learners.names import fold
from learners.numbers import license_key, npi_is_valid
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.actions import receive
from pars.batches.kinds import kind_named

SEED = 20261126
FREQUENT = 0.25
PRECISION, RECALL, FALSE_IN_10_000 = 0.999, 0.97, 1.0
HEADINGS = (
    "Record Action", "ACCME Activity ID", "Completion Date", "First Name", "Last Name", "Date of Birth",
    "Licensing State", "Licensing ID or NPI", "NPI", "Number of CME Credits",
)  # fmt: skip


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "James Mary John Patricia Robert Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Wei "
    "Priya José Zoë Renée Björn Amara Nguyễn Chloé Siobhán Ahmed Fatima Noël Ian Mei Ana Luis Olga Ravi Jean-Luc "
    "Anne-Marie Seán Łukasz Søren Mónica"
)
LAST = _words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodríguez Martínez Hernández López González Wilson "
    "Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark Ramírez Lewis Robinson "
    "Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell "
    "Mitchell Carter Roberts O'Connor O'Brien D'Angelo Smith-Jones García-Márquez Hopper-Lee Núñez Müller Østergaard "
    "Kowalski Strauß Fañez Patel Shah Kim Park Chen Wang Singh Kaur Cohen Khan Ali Okafor Osei Mensah Ivanov Rossi"
)
_PLAIN = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss"}

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    id bigint, board_id bigint, state text, degree text, number text, number_key text, npi text, first_name text,
    last_name text, first_key text, last_key text, birthday bytea)
"""
_ENROLL = """
INSERT INTO learners_physician (
    id, npi, degree, first_name, last_name, first_key, last_key, birthday, source, created_at)
SELECT id, npi, degree, first_name, last_name, first_key, last_key, birthday, 'roster', now() FROM incoming;
INSERT INTO learners_license (
    physician_id, board_id, state, degree, number, number_key, first_key, last_key, status)
SELECT id, board_id, state, degree, number, number_key, first_key, last_key, 'active' FROM incoming;
"""
_BECAME = """
SELECT r.number, c.physician_id FROM batches_row r
LEFT JOIN learners_credit c ON c.id = r.target WHERE r.batch_id = %s
"""


@dataclass(frozen=True)
class Doctor:
    """Somebody in the registry, or who could be; `month_day` is MMDD, `known` whether the registry has it."""

    id: int
    first: str
    last: str
    month_day: str
    state: str
    degree: str
    number: str
    npi: str
    known: bool


@dataclass(frozen=True)
class Pair:
    """A wording and its label. `fair` says that it names its physician without a mistake, and one alone."""

    way: str
    wording: Doctor
    about: int | None
    fair: bool = True


Way = Callable[[Doctor, random.Random], Doctor]


def _rare(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize()


def npi_of(number: int) -> str:
    """A valid NPI that begins with these nine digits."""
    return next(npi for digit in range(10) if npi_is_valid(npi := f"{number}{digit}"))


def doctors(count: int, rng: random.Random) -> list[Doctor]:
    """Seeded licensees; few last names are frequent and many rare: a hundred of them name a sixth of the country."""
    made: list[Doctor] = []
    weights = [1 / (n + 3) for n in range(len(LAST))]
    for n in range(count):
        state = rng.choice(STATES)
        shared = made[-1] if n % 20 == 19 and made[-1].degree == "MD" else None
        number = f"{rng.randint(1990, 2025)}-{n:06d}" if n % 3 else f"{n:07d}"
        made.append(
            Doctor(
                n + 1,
                rng.choice(FIRST),
                rng.choices(LAST, weights)[0] if rng.random() < FREQUENT else _rare(rng),
                f"{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}",
                shared.state if shared else state,
                "DO" if shared else "MD",
                shared.number if shared else number,
                npi_of(120_000_000 + n) if rng.random() < 0.7 else "",
                rng.random() < 0.97,
            )
        )
    return made


def _spelled(change: Callable[[str], str]) -> Way:
    return lambda doctor, _: replace(doctor, first=change(doctor.first), last=change(doctor.last), npi="")


def _numbered(change: Callable[[str], str]) -> Way:
    return lambda doctor, _: replace(doctor, number=change(doctor.number), npi="")


def _typo(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _plain(name: str) -> str:
    letters = "".join(_PLAIN.get(letter, letter) for letter in name)
    return "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))


def _suffixed(doctor: Doctor, rng: random.Random) -> Doctor:
    return replace(doctor, last=f"{doctor.last}, {rng.choice(['Jr.', 'III', 'MD'])}", npi="")


def _born(doctor: Doctor, rng: random.Random) -> Doctor:
    return replace(doctor, month_day=f"{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}", npi="")


WAYS: dict[str, tuple[float, Way]] = {
    "as on the license": (38, _spelled(str)),
    "in capitals": (10, _spelled(str.upper)),
    "without accents": (8, _spelled(_plain)),
    "without hyphen or apostrophe": (6, _spelled(lambda name: name.replace("-", " ").replace("'", ""))),
    "with a suffix": (4, _suffixed),
    "another first name": (3, lambda doctor, rng: replace(doctor, first=rng.choice(FIRST), npi="")),
    "zeros lost": (6, _numbered(lambda number: number.lstrip("0"))),
    "punctuation lost": (6, _numbered(lambda number: number.replace("-", ""))),
    "punctuation other": (3, _numbered(lambda number: number.replace("-", " / "))),
    "license and NPI": (4, lambda doctor, _: doctor),
    "NPI alone": (7, lambda doctor, _: replace(doctor, number="" if doctor.npi else doctor.number)),
    "name and state alone": (5, lambda doctor, _: replace(doctor, number="", npi="")),
}
MISTAKES: dict[str, tuple[float, Way]] = {
    "last name mistyped": (30, lambda doctor, rng: replace(doctor, last=_typo(doctor.last, rng), npi="")),
    "birthday wrong": (30, _born),
    "number mistyped": (40, lambda doctor, rng: replace(doctor, number=_typo(doctor.number, rng), npi="")),
}
MISTAKEN, STRANGERS = 0.03, 0.03


def pairs(
    registered: Sequence[Doctor], strangers: Sequence[Doctor], count: int, rng: random.Random
) -> list[Pair]:
    """Labelled wordings, each about another person. A stranger is in no registry, but has the names of many who are."""
    alike = Counter((one.state, fold(one.first), fold(one.last)) for one in registered)
    made: list[Pair] = []
    for doctor, stranger in zip(rng.sample(registered, count), strangers, strict=False):
        chance = rng.random()
        if chance < STRANGERS:
            how = rng.choice(["a number of their own", "no number", "somebody's number"])
            number = {"no number": "", "somebody's number": doctor.number}.get(how, stranger.number)
            state = doctor.state if number == doctor.number else stranger.state
            wording = replace(stranger, number=number, state=state, npi="")
            made.append(Pair(f"a stranger, {how}", wording, None, fair=False))
            continue
        ways = MISTAKES if chance < STRANGERS + MISTAKEN else WAYS
        way = rng.choices(list(ways), [weight for weight, _ in ways.values()])[0]
        wording = ways[way][1](doctor, rng)
        alone = alike[doctor.state, fold(doctor.first), fold(doctor.last)] == 1
        fair = ways is WAYS and doctor.known and bool(wording.number or wording.npi or alone)
        made.append(Pair(way, wording, doctor.id, fair))
    return made


def enroll(owner: object, registered: Sequence[Doctor]) -> Organization:
    """The registry, and a provider with one activity."""
    provider = Organization.objects.create(
        kind=OrganizationKind.PROVIDER, code="0009998", name="Bench Provider"
    )
    boards = {
        (state, degree): Organization.objects.create(
            kind=OrganizationKind.BOARD, code=f"{state}-{degree}", name=state
        ).pk
        for state in STATES
        for degree in ("MD", "DO")
    }
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE pars_owner")
        cursor.execute(_INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for one in registered:
                copy.write_row(
                    (
                        one.id, boards[one.state, one.degree], one.state, one.degree, one.number,
                        license_key(one.number), one.npi or None, one.first, one.last, fold(one.first),
                        fold(one.last), birthday.encrypt(one.month_day) if one.known else None,
                    )
                )  # fmt: skip
        cursor.execute(_ENROLL)
        cursor.execute(
            "INSERT INTO activities_activity (organization_id, activity_id, provider_activity_id, title, description, "
            "format, delivery, start_on, end_on, city, state, country, credits, listed, tags, providership, "
            "created_at, updated_at) VALUES (%s, %s, '', 'Session', 'Measured.', 'Enduring Material', "
            "'{Online}', '2025-01-01', '2026-12-31', '', '', '', 16, false, '{}', 'direct', now(), now())",
            [provider.pk, str(FIRST_ACTIVITY)],
        )
        cursor.execute("VACUUM (ANALYZE) learners_physician, learners_license, activities_activity")
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE pars_worker")
    return provider


def write(path: Path, made: Sequence[Pair]) -> None:
    """The wordings as a CSV file, the first in row 2."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for pair in made:
            one = pair.wording
            born = f"{one.month_day[:2]}/{one.month_day[2:]}"
            out.writerow(
                (
                    "Add", FIRST_ACTIVITY, date.isoformat(START), one.first, one.last, born,
                    STATE_NAMES[one.state], one.number, one.npi, 1,
                )
            )  # fmt: skip


def land(provider: Organization, path: Path) -> dict[int, int | None]:
    """Row number to the physician it was matched with, if it was."""
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    with Worker() as worker:
        with path.open("rb") as upload, acting_as(actor):
            batch = receive(
                kind=kind_named("learners"), upload=upload, name=path.name, organization_id=provider.pk, by=actor,
                at=now(), options={"consent": "written"},
            ).batch  # fmt: skip
        worker.run(batch.pk)
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(_BECAME, [batch.pk])
        return dict(cursor.fetchall())


def report(made: Sequence[Pair], became: dict[int, int | None]) -> bool:
    """Print the figures; whether every bar is reached."""
    tallies: dict[str, Counter[str]] = {}
    for number, pair in enumerate(made, 2):
        tally = tallies.setdefault(pair.way, Counter())
        physician = became.get(number)
        tally["pairs"] += 1
        tally["fair"] += pair.fair
        tally["right"] += physician is not None and physician == pair.about
        tally["wrong"] += physician is not None and physician != pair.about
        tally["found"] += pair.fair and physician == pair.about
    print(f"{'way of writing':<34}{'pairs':>8}{'matched':>9}{'falsely':>9}{'recall':>9}")
    for way, tally in sorted(tallies.items()):
        recall = f"{tally['found'] / tally['fair']:.2%}" if tally["fair"] else "–"
        print(
            f"{way:<34}{tally['pairs']:>8,}{tally['right'] + tally['wrong']:>9,}{tally['wrong']:>9,}{recall:>9}"
        )
    whole: Counter[str] = sum(tallies.values(), Counter())
    precision = whole["right"] / (whole["right"] + whole["wrong"])
    recall_of_all = whole["found"] / whole["fair"]
    false = whole["wrong"] / whole["pairs"] * 10_000
    print(
        f"precision {precision:.4%} (bar {PRECISION:.1%})   recall {recall_of_all:.3%} (bar {RECALL:.0%})   "
        f"false matches {false:.2f} in 10,000 (bar {FALSE_IN_10_000:.0f})"
    )
    return precision >= PRECISION and recall_of_all >= RECALL and false <= FALSE_IN_10_000


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=200_000)
    options = parser.parse_args(arguments)
    rng = random.Random(SEED)
    everyone = doctors(options.people + options.pairs, rng)
    registered, strangers = everyone[: options.people], everyone[options.people :]
    provider = enroll(connect(os.environ["DATABASE_URL"]), registered)
    made = pairs(registered, strangers, options.pairs, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.csv"
        write(path, made)
        start = time.perf_counter()
        became = land(provider, path)
    print(f"{len(made):,} pairs, registry of {len(registered):,}, {time.perf_counter() - start:.1f} s")
    sys.exit(0 if report(made, became) else 1)
