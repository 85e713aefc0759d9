"""What an organization's own headings mean: the page that lists what is remembered and forgets it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from pars.access.doors import ActorRequest, requires
from pars.web.listing import Column, Listing

from .answers import forget_heading
from .kinds import kind_named
from .models import RememberedHeading
from .views import UPLOADERS


@dataclass(frozen=True)
class Line:
    """One remembered heading for the page; `means` is our column's own heading, empty where it is left out."""

    row: RememberedHeading
    means: str
    kind: str
    may_forget: bool


@require_safe
@requires(*UPLOADERS)
def remembered(request: ActorRequest) -> HttpResponse:
    """The headings somebody has explained, each with a button to forget it for whoever may send such files."""
    listing = Listing(
        request.GET,
        RememberedHeading.objects.visible_to(request.actor).select_related("decided_by"),
        path=request.path,
        columns=[
            Column("heading", "Your heading", sort="heading"),
            Column("means", "Is read as"),
            Column("kind", "In files of", sort="kind"),
            Column("by", "Said by"),
            Column("since", "Since", sort="decided_at"),
            Column("forget", "Forget"),
        ],
        search=("heading__icontains",),
        default="heading",
    )
    lines = [_line(request, row) for row in listing.rows]
    return render(request, "batches/headings.html", {"listing": listing, "lines": lines})


def _line(request: ActorRequest, row: RememberedHeading) -> Line:
    kind = kind_named(row.kind)
    means = kind.layout.headings[row.column][0].strip() if row.column in kind.layout.headings else ""
    return Line(row, means, kind.title, request.actor.may(kind.permission))


@require_POST
@requires(*UPLOADERS)
def forget(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget one heading: the next file that has it asks again."""
    heading = get_object_or_404(RememberedHeading.objects.visible_to(request.actor), pk=pk)
    if not request.actor.may(kind_named(heading.kind).permission):
        raise PermissionDenied
    forget_heading(heading=heading, by=request.actor, at=now())
    return redirect("heading-list")
