"""Undoing an upload: what it would do is said first, counted."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from pars.access.doors import ActorRequest, requires

from . import undoing
from .kinds import kind_named
from .models import Batch
from .tasks import advance, wake
from .undone import foreseen
from .views import UPLOADERS, find


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*UPLOADERS, agreement=True)
def undo(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Asks before it undoes; then the upload's page says how far it is."""
    batch = find(request, batch_id)
    if not request.actor.may(kind_named(batch.kind).permission):
        raise PermissionDenied
    if request.method != "POST":
        return _ask(request, batch, undoing.why_not(batch, now()))
    try:
        work = undoing.undo(batch=batch, by=request.actor, at=now())
    except undoing.NotUndone as refusal:
        return _ask(request, batch, str(refusal), status=409)
    wake(advance, batch_id=str(work.pk))
    return redirect("batch", batch.pk)


def _ask(request: ActorRequest, batch: Batch, refusal: str, *, status: int = 200) -> HttpResponse:
    account = None if refusal else foreseen(batch, now())
    context = {"batch": batch, "kind": kind_named(batch.kind), "refusal": refusal, "account": account}
    return render(request, "batches/undo.html", context, status=status)
