"""A physician's transcript, as the board that reads it and the physician who shows it see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from activities.clock import day_of
from pars.access.actor import Actor
from pars.web import charts
from pars.web.listing import Heading

from .models import Credit, License, Physician

LEAST_YEARS = 5  # in the picture: a single bar says nothing

HEADINGS = (
    Heading("Completed", numeric=False, hidden_label=False),
    Heading("Activity", numeric=False, hidden_label=False),
    Heading("Reported", numeric=False, hidden_label=False),
    Heading("Board points", numeric=False, hidden_label=False),
    Heading("Credits", numeric=True, hidden_label=False),
)


@dataclass(frozen=True)
class BoardPoints:
    """Points of a certifying board (MOC / continuing certification) on one completion."""

    board: str
    credit_type: str
    points: Decimal


@dataclass(frozen=True)
class Entry:
    """One completion. `amount` is in credits of `credit_type`.

    `reported_at` is the instant of the first report, `reported_on` its day in the provider's time zone;
    `late` compares that day with the day the report was due (design section 8). `rems` is the REMS that the activity
    belongs to.
    """

    completed_on: date
    title: str
    activity_id: str
    format: str
    provider: str
    credit_type: str
    amount: Decimal
    points: tuple[BoardPoints, ...]
    reported_at: datetime
    reported_on: date
    late: bool
    rems: str = ""


@dataclass(frozen=True)
class HeldLicense:
    """A license of the physician, as its board lists it."""

    board: str
    state: str
    degree: str
    number: str
    status: str
    expires_on: date | None


@dataclass(frozen=True)
class Total:
    """A sum over entries; `of` is a credit type, or a certifying board with its credit type."""

    of: str
    amount: Decimal


@dataclass(frozen=True)
class Transcript:
    """A physician's standing credit, newest first, within `since` and `until` (both included; None: open)."""

    name: str
    degree: str
    npi: str | None
    licenses: tuple[HeldLicense, ...]
    certifications: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    since: date | None = None
    until: date | None = None

    def between(self, since: date | None, until: date | None) -> "Transcript":
        """The same transcript, only with what was completed in these days."""
        kept = tuple(
            entry
            for entry in self.entries
            if (since is None or entry.completed_on >= since)
            and (until is None or entry.completed_on <= until)
        )
        return replace(self, entries=kept, since=since, until=until)

    @cached_property
    def credits(self) -> Decimal:
        """Credits of every type together."""
        return sum((entry.amount for entry in self.entries), Decimal(0))

    @cached_property
    def by_type(self) -> tuple[Total, ...]:
        return _totals((entry.credit_type, entry.amount) for entry in self.entries)

    @cached_property
    def points(self) -> tuple[Total, ...]:
        """Certifying boards' points, by board and credit type."""
        return _totals(
            (f"{points.board} {points.credit_type}", points.points)
            for entry in self.entries
            for points in entry.points
        )

    @cached_property
    def by_year(self) -> tuple[tuple[int, Decimal], ...]:
        """(year, credits) from the first year with credit to the last, without gaps."""
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            sums[entry.completed_on.year] += entry.amount
        return tuple((year, sums[year]) for year in range(min(sums), max(sums) + 1)) if sums else ()

    @property
    def years(self) -> tuple[int, ...]:
        """Years with credit, newest first."""
        return tuple(year for year, amount in reversed(self.by_year) if amount)

    @property
    def late(self) -> int:
        """How many entries were reported late."""
        return sum(entry.late for entry in self.entries)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns of templates/transcript/row.html."""
        return HEADINGS

    @property
    def chart(self) -> charts.Chart:
        amounts = dict(self.by_year)
        first, last = min(amounts, default=0), max(amounts, default=-1)
        shown = range(min(first, last - LEAST_YEARS + 1), last + 1) if amounts else ()
        points = [(str(year), float(amounts.get(year, 0))) for year in shown]
        return charts.bars("Credits by year", points, unit="credits", by="Year")


def transcript_of(physician: Physician, *, seen_by: Actor) -> Transcript:
    """What `seen_by` may see of this physician's record. Four queries, however much credit there is."""
    licenses = License.objects.visible_to(seen_by).filter(physician=physician).select_related("board")
    entries = Credit.objects.visible_to(seen_by).filter(physician=physician).for_transcript()
    return Transcript(
        name=str(physician),
        degree=physician.degree,
        npi=physician.npi,
        licenses=tuple(_license(held) for held in licenses.order_by("state", "degree", "number")),
        certifications=tuple(
            physician.certifications.order_by("board", "number").values_list("board", "number")
        ),
        entries=tuple(_entry(credit) for credit in entries),
    )


def _license(held: License) -> HeldLicense:
    return HeldLicense(
        board=held.board.name,
        state=held.state,
        degree=held.degree,
        number=held.number,
        status=held.get_status_display(),
        expires_on=held.expires_on,
    )


def _entry(credit: Credit) -> Entry:
    activity, provider = credit.activity, credit.organization
    return Entry(
        completed_on=credit.completed_on,
        title=activity.title,
        activity_id=activity.activity_id,
        format=activity.format,
        provider=provider.name,
        credit_type=credit.get_credit_type_display(),
        amount=credit.amount,
        points=tuple(
            sorted(
                (
                    BoardPoints(points.board, points.credit_type, points.points)
                    for points in credit.points.all()
                ),
                key=lambda points: (points.board, points.credit_type),
            )
        ),
        reported_at=credit.first_reported_at,
        reported_on=day_of(credit.first_reported_at, provider.time_zone),
        late=credit.is_late,
        rems=activity.rems_type,
    )


def _totals(amounts: Iterable[tuple[str, Decimal]]) -> tuple[Total, ...]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for of, amount in amounts:
        sums[of] += amount
    return tuple(Total(of, sums[of]) for of in sorted(sums))
