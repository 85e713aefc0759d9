"""The bench's people and files: seeded, synthetic, the same for us, the floor and the peers."""

import csv
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import xlsxwriter

SEED = 20261123
STATES = ("CA", "NY", "TX", "FL", "PA", "OH", "IL", "MI", "NJ", "NC")
STATE_NAMES = {
    "CA": "California",
    "NY": "New York",
    "TX": "Texas",
    "FL": "Florida",
    "PA": "Pennsylvania",
    "OH": "Ohio",
    "IL": "Illinois",
    "MI": "Michigan",
    "NJ": "New Jersey",
    "NC": "North Carolina",
}
HEADINGS = (
    "Record Action",
    "ACCME Activity ID",
    "Completion Date",
    "First Name",
    "Last Name",
    "Date of Birth",
    "Licensing State",
    "Licensing ID or NPI",
    "Number of CME Credits",
    "Certifying Board",
    "Certifying Board ID",
    "Total Board Credits",
    "Credit Type ",
    "Credits Awarded for Credit Type",
)
FIRST_ACTIVITY = 600_000_001
ACTIVITIES = 2_000
START = datetime.now(UTC).date() - timedelta(days=25)
SYLLABLES = [c + v for c in "bcdfghklmnprstvwz" for v in "aeio"]


@dataclass(frozen=True)
class Person:
    """A licensee; `month_day` is MMDD."""

    first: str
    last: str
    month_day: str
    state: str
    number: str


def people(count: int) -> list[Person]:
    """Seeded licensees of the ten states."""
    rng = random.Random(SEED)

    def name() -> str:
        return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize()

    return [
        Person(
            name(),
            name(),
            f"{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}",
            rng.choice(STATES),
            f"A{10_000 + n}",
        )
        for n in range(count)
    ]


def rows(everyone: list[Person], count: int, *, seed: int = SEED + 1) -> list[tuple[object, ...]]:
    """A provider's rows: 94 % land, 4 % carry a wrong last name, 2 % an unknown license."""
    rng = random.Random(seed)
    made: list[tuple[object, ...]] = []
    for n in range(count):
        person = everyone[rng.randrange(len(everyone))]
        chance = rng.random()
        last = "Zz" + person.last if chance < 0.04 else person.last
        number = f"ZZ{n}" if 0.04 <= chance < 0.06 else person.number
        made.append(
            (
                "Add",
                str(FIRST_ACTIVITY + rng.randrange(ACTIVITIES)),
                START + timedelta(days=rng.randrange(25)),
                person.first,
                last.upper() if n % 5 == 0 else last,
                f"{person.month_day[:2]}/{person.month_day[2:]}",
                STATE_NAMES[person.state],
                number,
                (1 + rng.randrange(16)) * 0.25,
                *("",) * 5,
            )
        )
    return made


def write_workbook(path: Path, made: list[tuple[object, ...]]) -> None:
    """The rows as Excel saves them: shared strings, real dates, guidance row above the headings."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    sheet.write_row(0, 0, ["Add or Delete", "9 digits", "MM/DD/YYYY"])
    sheet.write_row(1, 0, HEADINGS)
    for at, row in enumerate(made, 2):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value)
            else:
                sheet.write_number(at, column, float(value))  # type: ignore[arg-type]
    book.close()


def write_csv(path: Path, made: list[tuple[object, ...]]) -> None:
    """The rows as Excel saves them as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for row in made:
            writer.writerow([f"{cell:%m/%d/%Y}" if isinstance(cell, date) else cell for cell in row])


def connect(dsn: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as the database's owner, outside Django."""
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("SET ROLE pars_owner")
    return connection
