"""What a provider does with a year: agree, say its income and its learners, close it, open it again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from activities.models import Activity
from pars.access.actor import Actor
from pars.access.errors import DomainError
from pars.access.models import User
from pars.audit.actions import record

from . import work
from .models import LearnersOfYear, Year

STATEMENT = date(2026, 1, 1)  # of the agreement's text in templates/year_end/statement.html


class YearIsClosed(DomainError):
    """Closing froze the year."""

    def __init__(self) -> None:
        super().__init__("This year is closed. An administrator can open it again.")


class YearRunsStill(DomainError):
    """A year is closed once it is over."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} is not over yet. It can be closed from January 1, {year + 1}.")


class NotComplete(DomainError):
    """Something is to be done before the year can be closed."""

    def __init__(self, missing: Iterable[work.Step]) -> None:
        self.missing = tuple(missing)
        names = ", ".join(step.title for step in self.missing)
        super().__init__(f"This year cannot be closed yet. Still to do: {names}.")


@dataclass(frozen=True)
class Income:
    """The program summary: whole US dollars of the most recent program period of twelve months (pars-facts 2.11)."""

    advertising: Decimal
    registration: Decimal
    government: Decimal
    donations: Decimal


@dataclass(frozen=True)
class Count:
    """Learners of one enduring material from its beginning to 31 December."""

    activity: Activity
    physicians: int
    others: int


def agree(*, year: int, name: str, person: User, by: Actor, at: datetime) -> Year:
    """The annual agreement, signed by name. Raises YearIsClosed."""
    with transaction.atomic():
        report = _open(year, by)
        if report.agreed_at is None:
            report.statement, report.agreed_by, report.agreed_name, report.agreed_at = (
                STATEMENT,
                person,
                name,
                at,
            )
            report.save()
            record("year.agreed", by=by, of=report, at=at, year=year)
    return report


def summarize(*, year: int, income: Income, by: Actor, at: datetime) -> Year:
    """Keep the income lines. Raises YearIsClosed."""
    with transaction.atomic():
        report = _open(year, by)
        changed = [name for name, value in asdict(income).items() if getattr(report, name) != value]
        for name in changed:
            setattr(report, name, getattr(income, name))
        if changed:
            report.save()
            record("year.summarized", by=by, of=report, at=at, year=year, fields=" ".join(changed))
    return report


def count(*, year: int, counts: Iterable[Count], by: Actor, at: datetime) -> int:
    """Keep the learners of enduring materials as of 31 December; how many were said. Raises YearIsClosed."""
    with transaction.atomic():
        report = _open(year, by)
        rows = [
            LearnersOfYear(
                activity=one.activity,
                organization_id=one.activity.organization_id,
                year=year,
                physicians=one.physicians,
                others=one.others,
                said_at=at,
            )
            for one in counts
        ]
        LearnersOfYear.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["organization", "year", "activity"],
            update_fields=["physicians", "others", "said_at"],
        )
        if rows:
            record("year.counted", by=by, of=report, at=at, year=year, activities=len(rows))
    return len(rows)


def close(*, year: int, name: str, person: User, by: Actor, at: datetime, today: date) -> Year:
    """Attest by name that the year is complete, and freeze it. Raises YearRunsStill, NotComplete, YearIsClosed."""
    with transaction.atomic():
        report = _open(year, by)
        if year >= today.year:
            raise YearRunsStill(year)
        missing = work.work(actor=by, year=year, today=today).missing
        if missing:
            raise NotComplete(missing)
        report.closed_by, report.closed_name, report.closed_at = (person, name, at)
        report.save()
        record("year.closed", by=by, of=report, at=at, year=year)
    return report


def reopen(*, year: int, by: Actor, at: datetime) -> Year:
    """The year as it was before it was closed; nothing happens to one that is open."""
    with transaction.atomic():
        report = _held(year, by)
        if report.closed_at:
            report.closed_by, report.closed_name, report.closed_at = (None, "", None)
            report.save()
            record("year.reopened", by=by, of=report, at=at, year=year)
    return report


def _open(year: int, by: Actor) -> Year:
    report = _held(year, by)
    if report.closed_at:
        raise YearIsClosed
    return report


def _held(year: int, by: Actor) -> Year:
    """The provider's report on the year, made where there is none, and locked until the act is over."""
    assert by.organization_id is not None  # only an organization's people report
    Year.objects.bulk_create([Year(organization_id=by.organization_id, year=year)], ignore_conflicts=True)
    return Year.objects.select_for_update().get(organization_id=by.organization_id, year=year)
