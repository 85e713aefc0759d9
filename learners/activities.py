"""A provider's list of its activities, with how many learners were reported and how long there is to report them."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from django.db.models import Count, Exists, Max, Min, OuterRef
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from activities.clock import all_due_on
from activities.formats import Format
from activities.models import Activity, ActivityQuerySet, in_status
from activities.status import Status
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.web.exports import Cell, write_csv, write_xlsx
from pars.web.listing import Column, Listing, matching

from .models import Credit
from .reporting import with_learners

SEARCH = ("searched__contains",)  # title and both IDs, in small letters
MOST_EXPORTED = 100_000

_COLUMNS = [
    Column("title", "Activity", sort="searched"),
    Column("dates", "Dates", sort="start_on"),
    Column("format", "Format", sort="format"),
    Column("credits", "Credits", sort="credits", numeric=True),
    Column("status", "Status"),
    Column("learners", "Learners", numeric=True),
    Column("due", "Time to report", sort="end_on"),
]
_SHOWN = (
    "activity_id", "provider_activity_id", "title", "start_on", "end_on", "format", "credits", "is_complete",
    "closed_at",
)  # fmt: skip
_WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
_HEADINGS = (
    "ACCME Activity ID", "Provider Activity ID", "Activity Title", "Activity Format", "Delivery Methods", "Start Date",
    "End Date", "City", "State", "Country", "AMA PRA Category 1 Credits", "Status", "Learners Reported", "Credit Due",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the address narrows the list to; anything it says that is not on offer is ignored.

    `year` is the year of the first day. `unreported`: no credit stands.
    """

    status: Status | None
    format: Format | None
    year: int | None
    unreported: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        status, format_, year = (query.get("status"), query.get("format"), query.get("year", ""))
        return cls(
            status=Status(status) if status in Status.values else None,
            format=Format(format_) if format_ in Format.values else None,
            year=int(year)
            if len(year) == 4 and year.isascii() and year.isdigit() and year != "0000"
            else None,
            unreported=query.get("learners") == "none",
        )

    def apply(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """All filters but the status, which `with_status` adds: the counts beside the statuses are taken before it."""
        if self.format:
            activities = activities.filter(format=self.format)
        if self.year:
            activities = activities.filter(
                start_on__gte=date(self.year, 1, 1), start_on__lte=date(self.year, 12, 31)
            )
        if self.unreported:
            standing = Credit.objects.filter(activity=OuterRef("pk"), withdrawn_at=None)
            activities = activities.filter(~Exists(standing))
        return activities


@require_safe
@requires(Permission.PROVIDER_LOOK)
def activity_list(request: ActorRequest) -> HttpResponse:
    """The provider's activities: found by words or ID, narrowed by status, format and year."""
    filters = Filters.of(request.GET)
    ours = Activity.objects.visible_to(request.actor)
    counts = _counts(filters.apply(ours), request.GET.get("q", "").strip().lower())
    listing = _listing(request, ours.only(*_SHOWN), filters, counts)
    return render(
        request,
        "activities/list.html",
        {
            "listing": listing,
            "tabs": _tabs(listing, counts, filters),
            "formats": Format.choices,
            "years": _years(ours),
            "filters": filters,
            "query": _without_page(request),
            "may_report": request.actor.may(Permission.REPORT),
        },
    )


@require_safe
@requires(Permission.PROVIDER_LOOK)
def activity_export(request: ActorRequest, kind: str) -> FileResponse:
    """What the list shows, on all its pages, as a file for a spreadsheet."""
    listing = _listing(request, Activity.objects.visible_to(request.actor), Filters.of(request.GET))
    rows = list(_exported(listing))
    record("activity.exported", by=request.actor, activities=len(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activities"
        _WRITERS[kind](path, _HEADINGS, rows)
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"activities.{kind}")


def _listing(
    request: ActorRequest, ours: ActivityQuerySet, filters: Filters, counts: Mapping[str, int] | None = None
) -> Listing[Activity]:
    found = filters.apply(ours)
    if filters.status:
        found = found.with_status(filters.status, localdate())
    return Listing(
        request.GET,
        found,
        path=request.path,
        columns=_COLUMNS,
        search=SEARCH,
        default="-dates",
        keep=("status", "format", "year", "learners"),
        fold=str.lower,
        enrich=with_learners,
        count=counts[filters.status or "all"] if counts else None,
    )


def _counts(activities: ActivityQuerySet, words: str) -> dict[str, int]:
    """How many activities are found, in "all" and in each status: in one query."""
    today = localdate()
    found = activities.filter(matching(SEARCH, words))
    # Each question is put to every row: that most activities are ready to close is what is left.
    asked = [one for one in Status if one != Status.READY]
    counts = found.aggregate(
        all=Count("pk"), **{one.value: Count("pk", filter=in_status(one, today)) for one in asked}
    )
    return counts | {Status.READY.value: counts["all"] - sum(counts[one.value] for one in asked)}


def _tabs(
    listing: Listing[Activity], counts: Mapping[str, int], filters: Filters
) -> list[tuple[str, str, bool, str]]:
    """All and each status as (name, address, whether it is chosen, how many)."""
    return [
        ("All", listing.url(status=""), filters.status is None, f"{counts['all']:,}"),
        *(
            (
                str(status.label),
                listing.url(status=status.value),
                filters.status == status,
                f"{counts[status.value]:,}",
            )
            for status in Status
        ),
    ]


def _years(ours: ActivityQuerySet) -> list[int]:
    span = ours.aggregate(first=Min("start_on"), last=Max("start_on"))
    return list(range(span["last"].year, span["first"].year - 1, -1)) if span["first"] else []


def _without_page(request: ActorRequest) -> str:
    """The address's own question, for the files of the same list: "?status=draft", or nothing."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


def _exported(listing: Listing[Activity]) -> Iterator[list[Cell]]:
    today = localdate()
    for activity in listing.everything(MOST_EXPORTED):
        yield [
            activity.activity_id,
            activity.provider_activity_id,
            activity.title,
            activity.format,
            "; ".join(activity.delivery),
            activity.start_on,
            activity.end_on,
            activity.city,
            activity.state,
            activity.country,
            activity.credits,
            str(activity.status(today).label),
            activity.learners,  # type: ignore[attr-defined]  # annotated
            all_due_on(activity.end_on),
        ]
