"""What is left to do before a year can be closed. Nothing here is stored: it follows from the activities and the clock.

Source of the steps and of the deadline: the accreditor's year-end instructions (pars-facts 8, read 2026-11).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum

from activities.formats import Format
from activities.models import Activity, ActivityQuerySet, Support, in_status
from activities.status import Status
from pars.access.actor import Actor

from .models import LearnersOfYear, Year

EARLIEST = 2021  # the program's present form began in November 2021
SHOWN = 100  # enduring materials on one page; the next ones follow when these are said


@dataclass(frozen=True)
class Step:
    """One thing to do: `done`, or `left` with how much."""

    key: str
    title: str
    done: bool
    left: str = ""


@dataclass(frozen=True)
class Work:
    """A year as far as it has come. `counts` are the enduring materials whose learners are still to be said."""

    year: int
    report: Year
    deadline: date
    started: int
    drafts: int
    unclosed: int
    enduring: int
    counts: list[Activity]
    counts_left: int
    support: Decimal

    @property
    def steps(self) -> list[Step]:
        """In the order in which the program asks for them; the last is closing the year."""
        open_activities = self.drafts + self.unclosed
        return [
            Step("agreement", "Annual agreement", self.report.agreed_at is not None),
            Step(
                "activities",
                "Activities",
                open_activities == 0,
                _of(open_activities, "activity", "activities"),
            ),
            Step(
                "learners",
                "Enduring materials",
                self.counts_left == 0,
                _of(self.counts_left, "count", "counts"),
            ),
            Step("summary", "Program summary", self.report.has_summary),
            Step("close", "Close the year", self.report.closed_at is not None),
        ]

    @property
    def missing(self) -> list[Step]:
        """What is to be done before closing."""
        return [step for step in self.steps[:-1] if not step.done]


def _of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many} left" if number else ""


def deadline(year: int) -> date:
    """31 March of the year after; a state's accreditor may ask for it earlier."""
    return date(year + 1, 3, 31)


def default_year(today: date) -> int:
    """The year to report on: last year's, which opens in January and is worked on until it is closed."""
    return max(today.year - 1, EARLIEST)


def is_reportable(year: int, today: date) -> bool:
    """Whether there is a report on this year: the past ones since the beginning, and the one that runs."""
    return EARLIEST <= year <= today.year


def started_in(actor: Actor, year: int) -> ActivityQuerySet:
    """Activities that began in the year: those it asks to be entered and closed."""
    return Activity.objects.visible_to(actor).filter(
        organization_id=actor.tenant, start_on__gte=date(year, 1, 1), start_on__lte=date(year, 12, 31)
    )


def enduring_at_end_of(actor: Actor, year: int) -> ActivityQuerySet:
    """Complete enduring materials that were on offer on some day of the year."""
    return Activity.objects.visible_to(actor).filter(
        organization_id=actor.tenant,
        format=Format.ENDURING,
        is_complete=True,
        start_on__lte=date(year, 12, 31),
        end_on__gte=date(year, 1, 1),
    )


def unsaid(actor: Actor, year: int) -> ActivityQuerySet:
    """Those of them whose learners as of 31 December are not said yet."""
    said = LearnersOfYear.objects.filter(organization_id=actor.tenant, year=year, activity=OuterRef("pk"))
    return enduring_at_end_of(actor, year).filter(~Exists(said)).order_by("title", "pk")


def work(*, actor: Actor, year: int, today: date) -> Work:
    """How far the actor's provider has come with a year."""
    report = Year.objects.visible_to(actor).filter(year=year).first()
    started = started_in(actor, year)
    left = unsaid(actor, year)
    shown = list(left[: SHOWN + 1])
    return Work(
        year=year,
        report=report or Year(organization_id=actor.tenant, year=year),
        deadline=deadline(year),
        started=started.count(),
        drafts=started.filter(in_status(Status.DRAFT, today)).count(),
        unclosed=started.filter(in_status(Status.READY, today)).count(),
        enduring=enduring_at_end_of(actor, year).count(),
        counts=shown[:SHOWN],
        counts_left=left.count() if len(shown) > SHOWN else len(shown),
        support=_support(actor, year),
    )


def _support(actor: Actor, year: int) -> Decimal:
    """Commercial support of the activities that began in the year, in US dollars: no income line of its own."""
    ours = Q(organization_id=actor.tenant, activity__in=started_in(actor, year))
    return Support.objects.filter(ours).aggregate(total=Sum("amount"))["total"] or Decimal(0)
