"""A board administrator's pages about rosters: send one, and decide about licenses a full one leaves out."""

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from learners.models import License
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.batches.models import Batch
from pars.batches.views import find, upload_form
from pars.web.exports import write_xlsx
from pars.web.listing import Column, Listing

from . import absent
from .batch import ROSTERS
from .columns import HEADINGS

_RECENT = 5
_RECENT_COLUMNS = ("File", "Sent", "By", Column("rows", "Rows", numeric=True), "Outcome")
# What each column is for, in the order of the template.
_MEANINGS = {
    "number": "As issued, with its letters and hyphens",
    "degree": "MD or DO; other kinds of license are passed over",
    "first_name": "As on the license",
    "middle_name": "Tells people apart on a page; decides nothing",
    "last_name": "As on the license",
    "suffix": "Jr., III",
    "birthday": "Month and day; a year is dropped unread",
    "npi": "Ten digits",
    "status": "Active, Lapsed, Suspended or Revoked, or your own word for it",
    "issued": "The day it was first, or anew, issued",
    "expires": "The day it runs out",
    "corrects": "Yes where the row corrects a name, birthday or NPI on record",
}


@require_safe
@requires(Permission.BOARD_MANAGE)
def overview(request: ActorRequest) -> HttpResponse:
    """How the board's licenses stand here, its last rosters, and the form to send another."""
    recent = list(absent.rosters(request.actor).select_related("uploaded_by")[:_RECENT])
    decide = next((step for batch in recent[:1] if (step := absent.next_step(batch))), None)
    context = {
        "counts": License.objects.visible_to(request.actor).counted(),
        "recent": recent,
        "recent_columns": _RECENT_COLUMNS,
        "decide": decide,
        "form": upload_form(request),
        "templates": [ROSTERS],
        "column_headings": ("Column", "What it holds", "Also read under"),
        "columns": [
            (HEADINGS[key][0], meaning, "; ".join(HEADINGS[key][1:])) for key, meaning in _MEANINGS.items()
        ],
    }
    return render(request, "boards/rosters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BOARD_MANAGE, agreement=True)
def missing(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Who is on record and not in a full roster; the board says whether those licenses have lapsed."""
    batch = find(request, batch_id)
    if batch.kind != ROSTERS.name:
        raise Http404
    try:
        if request.method == "POST":
            return _lapse(request, batch)
        return _show(request, batch)
    except absent.NotDecidable as refusal:
        status = 422 if request.method == "POST" else 200
        return render(
            request, "boards/missing.html", {"batch": batch, "refusal": str(refusal)}, status=status
        )


def _lapse(request: ActorRequest, batch: Batch) -> HttpResponse:
    said = request.POST.get("count", "")
    count = int(said) if said.isdecimal() and said.isascii() and len(said) < 9 else -1
    try:
        lapsed = absent.lapse(batch=batch, count=count, by=request.actor, at=now())
    except absent.CountChanged as refusal:
        return _show(request, batch, problem=str(refusal))
    messages.success(request, f"{lapsed:,} licenses have lapsed. What they said before is kept.")
    return redirect("board-rosters")


def _show(request: ActorRequest, batch: Batch, *, problem: str = "") -> HttpResponse:
    found = absent.absent_from(batch, request.actor)
    listing = Listing(
        request.GET,
        found.licenses,
        path=request.path,
        columns=[
            Column("name", "Name", sort="last_key"),
            Column("number", "License", sort="number"),
            Column("status", "Status", sort="status"),
            Column("expires", "Expires", sort="expires_on"),
            Column("changed", "Last changed", sort="changed_at"),
        ],
        default="name",
    )
    subjects = sorted({license_.physician_id for license_ in listing.rows})
    record("roster.absent_seen", by=request.actor, of=batch, subjects=subjects, licenses=found.count)
    context = {"batch": batch, "listing": listing, "count": found.count, "problem": problem}
    return render(request, "boards/missing.html", context, status=422 if problem else 200)


@require_safe
@requires(Permission.BOARD_MANAGE)
def template(request: ActorRequest) -> FileResponse:
    """An empty roster with the headings."""
    record("roster.template_downloaded", by=request.actor)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_xlsx(path, [HEADINGS[key][0] for key in _MEANINGS], [], sheet="Roster")
        # The open file stays readable once the folder is gone.
        return FileResponse(path.open("rb"), as_attachment=True, filename="roster.xlsx")
