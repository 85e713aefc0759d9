"""A provider's activities as files: to fill in, to change and send again, and to keep."""

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.audit.actions import record as write_event

from . import documents
from .batch.template import fits, write_activities, write_counts
from .models import Activity, ActivityQuerySet
from .record import Record
from .stored import records_of

MOST_IN_A_WORKBOOK = 5_000  # rows that a workbook is filled with while somebody waits

AT_ONCE = 1_000  # documents that are in memory together

OPEN, ALL = "open", "all"


@require_safe
@requires(Permission.REPORT)
def template(request: ActorRequest) -> FileResponse:
    """The empty workbook of activities."""
    write_event("activities.template_downloaded", by=request.actor)
    return _workbook(write_activities((), today=localdate()), "activities.xlsx")


@require_safe
@requires(Permission.PROVIDER_LOOK)
def offered(request: ActorRequest) -> HttpResponse:
    """What there is to download, and of how many activities."""
    every = _chosen(request, ALL).count()
    context = {
        "open_count": f"{_chosen(request, OPEN).count():,}",
        "all_count": f"{every:,}",
        "most": MOST_IN_A_WORKBOOK,
        "too_many": every > MOST_IN_A_WORKBOOK,
        "may_report": request.actor.may(Permission.REPORT),
    }
    return render(request, "activities/files.html", context)


@require_safe
@requires(Permission.PROVIDER_LOOK)
def workbook(request: ActorRequest) -> FileResponse:
    """The workbook with what is on record, to change and send again."""
    records = [one for one in _records(request, _asked(request), MOST_IN_A_WORKBOOK) if fits(one)]
    write_event("activities.downloaded", by=request.actor, rows=len(records))
    return _workbook(write_activities(records, today=localdate()), "our activities.xlsx")


@require_safe
@requires(Permission.REPORT)
def counts_workbook(request: ActorRequest) -> FileResponse:
    """The workbook of learner counts, of everything that can still be changed."""
    records = _records(request, OPEN, MOST_IN_A_WORKBOOK)
    write_event("activities.counts_downloaded", by=request.actor, rows=len(records))
    return _workbook(write_counts(records, today=localdate()), "learner counts.xlsx")


@require_safe
@requires(Permission.PROVIDER_LOOK)
def document(request: ActorRequest) -> FileResponse:
    """Everything on record as JSON of the published schema, in the words in which it was sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    file.write(b'{"%b":{"%b":[' % (documents.ROOT.encode(), documents.ELEMENTS.encode()))
    count = 0
    for count, one in enumerate(_documents(request), 1):
        file.write(b",\n" if count > 1 else b"\n")
        file.write(json.dumps(one, ensure_ascii=False).encode())
    file.write(b"\n]}}\n")
    return _written(request, file, count, "our activities.json", "application/json")


@require_safe
@requires(Permission.PROVIDER_LOOK)
def xml_document(request: ActorRequest) -> FileResponse:
    """The same as XML."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    count = documents.write_xml(file, _documents(request))
    return _written(request, file, count, "our activities.xml", "application/xml")


def _documents(request: ActorRequest) -> Iterator[dict[str, Any]]:
    """One MedicalEducationMetrics for each activity; the newest first."""
    keys = list(_chosen(request, _asked(request)).newest_first().values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        found = Activity.objects.in_bulk(keys[first : first + AT_ONCE])
        shown = documents.show([found[key] for key in keys[first : first + AT_ONCE]])
        yield from shown[documents.ROOT][documents.ELEMENTS]


def _written(request: ActorRequest, file: IO[bytes], rows: int, name: str, kind: str) -> FileResponse:
    write_event("activities.downloaded", by=request.actor, rows=rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _asked(request: ActorRequest) -> str:
    return OPEN if request.GET.get("which") == OPEN else ALL


def _chosen(request: ActorRequest, which: str) -> ActivityQuerySet:
    """The provider's own: what can still be changed, or everything."""
    ours = Activity.objects.visible_to(request.actor)
    return ours.filter(closed_at=None) if which == OPEN else ours


def _records(request: ActorRequest, which: str, most: int | None = None) -> list[Record]:
    activities = list(_chosen(request, which).newest_first()[:most])
    found = records_of(activities)
    return [found[activity.pk] for activity in activities]


def _workbook(file: IO[bytes], name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name)
