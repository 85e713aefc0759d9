"""The upload pages: send a file, watch it, read what became of it. Downloads stand in `downloads`."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.web.listing import Column, Listing

from . import downloads
from .actions import receive
from .answers import NothingToAnswer
from .fixing import can_be_fixed_here, next_to_fix
from .forms import STATES, StateFilter, UploadForm
from .kinds import Kind, kind_named, known_kinds
from .models import Batch, BatchQuerySet, Status
from .questions import answer_form, question_page
from .report import Report
from .result import Result, sent, stage
from .tasks import advance, wake
from .undoing import why_not
from .undone import done, undo_of
from .upload_handler import found_no_room, means_no_room

# Whose pages these are: a provider's people, and those of a board who may send its roster.
UPLOADERS = (Permission.PROVIDER_LOOK, Permission.BOARD_MANAGE)
NO_ROOM = (
    "There is no room for this file at the moment. Nothing was taken. Try again in a few minutes; "
    "the operator can see that the disk is full."
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*UPLOADERS, agreement=True)
def uploads(request: ActorRequest) -> HttpResponse:
    """The organization's uploads, newest first, and the form to send another."""
    if request.method == "POST":
        return _send(request)
    return _history(request, upload_form(request, request.GET.get("kind", "")), status=200)


def upload_form(request: ActorRequest, usual: str = "") -> UploadForm | None:
    """A fresh form for whoever may upload anything; the kind `usual` is chosen."""
    kinds = _kinds_for(request)
    return _form(request, kinds, usual=usual) if kinds else None


def _send(request: ActorRequest) -> HttpResponse:
    kinds = _kinds_for(request)
    if not kinds:
        raise PermissionDenied
    form = _form(request, kinds, bound=True)
    if found_no_room(request):
        return _history(request, form, status=507, trouble=NO_ROOM)
    if not form.is_valid():
        return _history(request, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        batch = receive(
            kind=form.chosen_kind,
            upload=upload,
            name=upload.name,
            organization_id=_organization_id(request),
            by=request.actor,
            at=now(),
            check_only=form.cleaned_data["check_only"],
            options=form.chosen_options,
        ).batch
    except OSError as error:
        if not means_no_room(error):
            raise
        return _history(request, _form(request, kinds), status=507, trouble=NO_ROOM)
    wake(advance, batch_id=str(batch.pk))
    return redirect("batch", batch.pk)


def _history(
    request: ActorRequest, form: UploadForm | None, *, status: int, trouble: str = ""
) -> HttpResponse:
    batches = Batch.objects.visible_to(request.actor).uploads().select_related("uploaded_by")
    asked = request.GET.get("state", "")
    if asked in STATES:
        batches = batches.filter(STATES[asked][1])
    listing = Listing(
        request.GET,
        batches,
        path=request.path,
        columns=[
            Column("file", "File", sort="file_name"),
            Column("sent", "Sent", sort="created_at"),
            Column("by", "By"),
            Column("rows", "Rows", sort="rows", numeric=True),
            Column("outcome", "Outcome"),
        ],
        search=("file_name__icontains",),
        default="-sent",
        keep=("state",),
    )
    context = {
        "form": form,
        "trouble": trouble,
        "listing": listing,
        "filter": StateFilter(initial={"state": asked}, auto_id="filter_%s")["state"].as_field_group(),
        "templates": _templates(request),
    }
    return render(request, "batches/history.html", context, status=status)


@require_safe
@requires(*UPLOADERS)
def one(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """One upload: how far it is, why it was refused, or what became of its rows."""
    batch = find(request, batch_id)
    undo = undo_of(batch)
    # While it is undone the page says how far that is.
    at_work = batch if undo is None or undo.is_finished else undo
    if request.headers.get("HX-Request") == "true":
        return _answer_poll(request, batch, at_work)
    if batch.asks:
        return question_page(request, batch)
    earlier = Batch.objects.visible_to(request.actor).same_file_as(batch).newest_first().first()
    context = {
        "batch": batch,
        "kind": kind_named(batch.kind),
        "sent": sent(batch),
        "earlier": earlier,
        "earlier_heading": f"You {'checked' if batch.check_only else 'sent'} this same file before",
        "form": upload_form(request, "" if batch.refusal_code == "other_kind" else batch.kind),
        "templates": _templates(request),
        "original": downloads.has_original(batch),
        "errors": downloads.has_error_workbook(batch),
    }
    if batch.status == Status.REFUSED:
        template = "batches/refused.html"
    elif at_work.is_finished:
        template = "batches/result.html"
        context |= _result(request, batch, undo)
    else:
        template = "batches/under_way.html"
        context |= _progress(at_work)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _result(request: ActorRequest, batch: Batch, undo: Batch | None) -> dict[str, object]:
    kind = kind_named(batch.kind)
    may_change = request.actor.may(kind.permission)
    fix_here = can_be_fixed_here(batch) and may_change
    result = Result(batch, request.GET, fix_here=fix_here)
    not_undone = why_not(batch, now())
    return {
        "result": result,
        "first_to_fix": next_to_fix(batch) if fix_here else None,
        "next_step": kind.next_step(batch) if undo is None else None,
        "undone": done(undo) if undo else None,
        "may_undo": may_change and not not_undone,
        "not_undone": not_undone if may_change and result.landed and undo is None else "",
    }


@require_POST
@requires(*UPLOADERS, agreement=True)
def answer(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Take the answer to what a file asked and read it on; the question again where the answer is missing."""
    batch = find(request, batch_id)
    if not request.actor.may(kind_named(batch.kind).permission):
        raise PermissionDenied
    if batch.asks:
        form = answer_form(batch, request.POST)
        if not form.is_valid():
            return question_page(request, batch, form, status=422)
        # Answered in another window a moment ago: its page says how far it is.
        with suppress(NothingToAnswer):
            form.answer(by=request.actor, at=now())
            wake(advance, batch_id=str(batch.pk))
    return redirect("batch", batch.pk)


def _answer_poll(request: ActorRequest, batch: Batch, at_work: Batch) -> HttpResponse:
    """The progress alone, asked for by the page itself; once there is a result, the page as a whole again."""
    if at_work.is_finished:
        return HttpResponseClientRefresh()
    response = render(request, "batches/progress.html", {"batch": batch, **_progress(at_work)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _progress(batch: Batch) -> dict[str, object]:
    return {"progress": Report.of(batch).progress(), "stage": stage(batch)}


@require_safe
@requires(*UPLOADERS)
def errors(request: ActorRequest, batch_id: UUID) -> FileResponse:
    """The rows to fix, as a workbook to fix them in and send again."""
    batch = find(request, batch_id)
    if not downloads.has_error_workbook(batch):
        raise Http404
    file = downloads.error_workbook(batch=batch, by=request.actor, at=now())
    return FileResponse(file, as_attachment=True, filename=downloads.error_workbook_name(batch))


@require_safe
@requires(*UPLOADERS)
def result(request: ActorRequest, batch_id: UUID) -> FileResponse:
    """The result for programs."""
    batch = find(request, batch_id)
    if not batch.is_finished:
        raise Http404
    file = downloads.result_json(batch=batch, by=request.actor, at=now())
    return FileResponse(file, as_attachment=True, filename="result.json", content_type="application/json")


@require_safe
@requires(*UPLOADERS)
def original(request: ActorRequest, batch_id: UUID) -> FileResponse:
    """The file as it was sent, as long as it is kept."""
    batch = find(request, batch_id)
    if not downloads.has_original(batch):
        raise Http404
    file = downloads.original(batch=batch, by=request.actor, at=now())
    name = batch.file_name or "upload"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")


@require_safe
@requires(Permission.OVERSEE)
def everyones(request: ActorRequest) -> HttpResponse:
    """Recent uploads of all organizations, for who runs the system: state and counts, never a row."""
    batches = (
        Batch.objects.visible_to(request.actor)
        .uploads_and_undos()
        .with_standstill()
        .select_related("organization", "uploaded_by")
    )
    asked = request.GET.get("state", "")
    if asked in STATES:
        batches = batches.filter(STATES[asked][1])
    listing = Listing(
        request.GET,
        batches,
        path=request.path,
        columns=[
            Column("organization", "Organization", sort="organization__name"),
            Column("sent", "Sent", sort="created_at"),
            Column("by", "By"),
            Column("file", "File"),
            Column("rows", "Rows", sort="rows", numeric=True),
            Column("outcome", "Outcome"),
        ],
        search=("organization__name__icontains", "organization__code", "file_name__icontains"),
        default="-sent",
        keep=("state",),
    )
    context = {
        "listing": listing,
        "filter": StateFilter(initial={"state": asked}, auto_id="filter_%s")["state"].as_field_group(),
        "standing_still": _standing_still(Batch.objects.visible_to(request.actor)),
    }
    return render(request, "batches/everyones.html", context)


def _standing_still(batches: BatchQuerySet) -> str:
    stuck = batches.unfinished().with_standstill().filter(Q(stands_still=True)).count()
    if not stuck:
        return ""
    return "1 batch stands still" if stuck == 1 else f"{stuck:,} batches stand still"


def find(request: ActorRequest, batch_id: UUID) -> Batch:
    """The upload, if it is the actor's organization's; 404 otherwise, as for one that is not there."""
    return get_object_or_404(
        Batch.objects.visible_to(request.actor).uploads().select_related("uploaded_by"), pk=batch_id
    )


def _kinds_for(request: ActorRequest) -> list[Kind]:
    """What this person may upload."""
    kinds = [kind_named(name) for name in known_kinds()]
    return [kind for kind in kinds if request.actor.may(kind.permission)]


def _form(
    request: ActorRequest, kinds: Sequence[Kind], *, bound: bool = False, usual: str = ""
) -> UploadForm:
    sent = (request.POST, request.FILES) if bound else (None, None)
    return UploadForm(*sent, kinds=kinds, organization_id=_organization_id(request), usual=usual)


def _templates(request: ActorRequest) -> list[Kind]:
    """The kinds this person may upload that offer an empty workbook."""
    return [kind for kind in _kinds_for(request) if kind.template]


def _organization_id(request: ActorRequest) -> int:
    # Whoever holds a permission to upload acts for an organization.
    assert request.actor.organization_id is not None
    return request.actor.organization_id
