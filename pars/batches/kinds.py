"""What a subject tells the engine about its rows: a batch kind. Subjects register theirs in their `apps.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pars.access.roles import PERMISSIONS, OrganizationKind, Permission

from .models import Batch, Level, Outcome
from .readers import Header, Layout, Row


class Found(NamedTuple):
    """An issue found while checking one row; `column` is a column's key, `value` the person's own."""

    row: int
    column: str
    value: str
    code: str
    params: dict[str, Any] = {}


@dataclass(frozen=True)
class Sentence:
    """What a code says to a person: what is wrong and what to do, blaming nobody.

    `text` is a format string over the issue's params; `instruction` counts rows ("Fix the completion date in {rows}").
    `beside` are the keys of columns to look at together with the issue's own.
    """

    code: str
    level: Level
    text: str
    instruction: str
    beside: tuple[str, ...] = ()


class Checked(NamedTuple):
    """A row after its own check: the staged values in the order of the kind's staging columns, or None.

    A row without values ends with `outcome`: it is to be fixed, or there is nothing of it to land.
    """

    values: tuple[Any, ...] | None
    found: list[Found]
    outcome: Outcome = Outcome.FAILED


# Checks one row by itself: no database, no clock.
Checker = Callable[[Row], Checked]


@dataclass(frozen=True)
class Staging:
    """Where checked rows wait: a table, and its columns with their PostgreSQL types (after batch_id, chunk, row)."""

    table: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)


@dataclass(frozen=True)
class Landing:
    """What the set-based SQL needs to know besides the rows in `staged`.

    `reported_at` is when the batch was handed in and `reported_on` that moment's day where the organization is: a busy
    worker makes nobody late. `at` is now, `options` are the batch's.
    """

    batch_id: UUID
    organization_id: int
    at: datetime
    reported_at: datetime
    reported_on: date
    land: bool
    options: Mapping[str, str] = field(default_factory=dict)

    def params(self) -> dict[str, Any]:
        return {
            "batch": self.batch_id,
            "organization": self.organization_id,
            "now": self.at,
            "reported_at": self.reported_at,
            "reported_on": self.reported_on,
            "land": self.land,
        }


@dataclass(frozen=True)
class Option:
    """Something said once for all rows of an upload (consent, …); `usual` is what the organization usually says."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    usual: str = ""
    hint: str = ""


def no_options(organization_id: int) -> tuple[Option, ...]:
    return ()


@dataclass(frozen=True)
class NextStep:
    """What a finished batch leaves to decide beyond its rows, and the page on which that is done."""

    heading: str
    text: str
    label: str
    url: str


def no_next_step(batch: Batch) -> NextStep | None:
    return None


def nothing_more(batch: Batch) -> None:
    """Nobody waits for rows of this kind."""


@dataclass(frozen=True)
class Undo:
    """How to take back what rows of a kind landed in (docs/adr/0027).

    `judge` makes the temporary table `undoable (row, outcome, target, code)` of the rows `first` to before `end` of
    `batch`: what would become of each (`outcome` of the row that undoes it), or in `code` why it is left as it is.
    It changes nothing, and asks as whoever acts. `take_back` does what stands there. `url` is the page of a target;
    `noun` what one is called, and several.
    """

    judge: Callable[["Stretch"], None]
    take_back: Callable[["Stretch"], None]
    url: Callable[[int], str]
    noun: tuple[str, str]


@dataclass(frozen=True)
class Stretch:
    """Rows `first` to before `end` of a batch that is undone at `at`; it was handed in at `landed_since`."""

    batch_id: UUID
    organization_id: int
    landed_since: datetime
    first: int
    end: int
    at: datetime

    def params(self) -> dict[str, Any]:
        return {
            "batch": self.batch_id,
            "organization": self.organization_id,
            "since": self.landed_since,
            "first": self.first,
            "end": self.end,
            "now": self.at,
        }


def as_it_is(header: Header, rows: Iterable[Row]) -> tuple[Header, Iterable[Row]]:
    return header, rows


@dataclass(frozen=True)
class Kind:
    """One subject's rows: how to read, check, stage and land them.

    `checker` is given the batch, the file's header and today's date where the organization is. `gather`, if any, is SQL
    run once over the whole staged batch to bring rows that must be judged together into one chunk. `land` runs over
    `staged` inside one transaction and must write a Row for each staged row, and its Issues. `options` gives what is
    asked with an upload, for an organization's id; `template` is the address name of a workbook to fill in, `on_record`
    that of the page that gives as files what is on record already. `next_step` says what a finished batch leaves to
    decide; `done` is called once when a batch is finished, in that transaction, to wake who waits for it.
    With `checks_only` rows of the kind are looked at and never landed. `rows_a_chunk` is how many rows `land` takes in
    a second or so, if not the engine's usual number. `as_table` gives rows that came as whole records the columns of a
    table, for a workbook to fix them in. Without `undo` a batch of the kind cannot be undone. Rows that differ in the
    staging column `lane_by` are never about the same person or thing: two workers may land some of each at once.
    """

    name: str
    title: str
    layout: Layout
    sentences: Mapping[str, Sentence]
    staging: Staging
    checker: Callable[[Batch, Header, date], Checker]
    land: Callable[[Landing], None]
    permission: Permission
    gather: str = ""
    lane_by: str = ""
    options: Callable[[int], tuple[Option, ...]] = no_options
    template: str = ""
    on_record: str = ""
    next_step: Callable[[Batch], NextStep | None] = no_next_step
    done: Callable[[Batch], None] = nothing_more
    checks_only: bool = False
    rows_a_chunk: int = 0
    undo: Undo | None = None
    as_table: Callable[[Header, Iterable[Row]], tuple[Header, Iterable[Row]]] = as_it_is


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known, once, when Django starts."""
    if kind.name in _KINDS:
        raise ValueError(f"A batch kind named {kind.name} is registered already.")
    _KINDS[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The registered kind; KeyError for a name nobody registered."""
    return _KINDS[name]


def known_kinds() -> tuple[str, ...]:
    return tuple(sorted(_KINDS))


def kinds_of(organization: OrganizationKind) -> list[Kind]:
    """What people of such an organization may upload, by name."""
    allowed = set().union(*(may for (kind, _), may in PERMISSIONS.items() if kind == organization))
    return [kind for name in known_kinds() if (kind := _KINDS[name]).permission in allowed]
