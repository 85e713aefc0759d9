"""The mail to whoever sent a file, once it is done or asks something: counts and a link, never the file's name.

It is posted in the transaction that ends the batch, under the batch's id, so that it goes out once (docs/adr/0016).
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from pars.access.actor import Actor
from pars.access.roles import Permission
from pars.outbox.actions import post
from pars.outbox.kinds import Kind, Letter
from pars.outbox.models import Message

from .kinds import kind_named
from .models import Batch, Source, Status
from .result import Result
from .undone import done

_ASKS = "asks"


def tell(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Post mail to the person who sent a file, or undid an upload, about its end or its question.

    Nobody is told of a row entered on a page, which answers at once, nor of a file that a command sent.
    """
    if batch.uploaded_by_id is None or (batch.source != Source.FILE and batch.undoes_id is None):
        return
    key = f"{batch.pk} {_ASKS} {batch.refusal_code}" if batch.asks else str(batch.pk)
    post(
        kind=BATCH_DONE,
        organization_id=batch.organization_id,
        key=key,
        by=by,
        at=at,
        to_user=batch.uploaded_by_id,
    )


def _compose(message: Message, at: datetime) -> Letter | None:
    batch_id, asked, _ = message.key.partition(f" {_ASKS} ")
    batch = Batch.objects.select_related("undoes").filter(pk=UUID(batch_id)).first()
    if batch is None or (asked and not batch.asks):
        return None  # destroyed after its six years, or answered meanwhile
    subject, lines = _said(batch)
    context = {
        "organization": message.organization,
        "kind": kind_named(batch.kind).title.lower(),
        "lines": lines,
        "url": settings.SITE + reverse("batch", args=[batch.undoes_id or batch.pk]),
        "choice_url": settings.SITE + reverse("mail-choice"),
    }
    return Letter(subject=subject, body=render_to_string("batches/email/done.txt", context))


def _said(batch: Batch) -> tuple[str, list[str]]:
    if batch.undoes is not None:
        return "Your upload is undone", done(batch, named=0).sentences
    if batch.asks:
        return "Your file asks one question", [
            "Nothing of it was taken yet. It is read on once you have answered."
        ]
    if batch.status == Status.REFUSED:
        return "Your file was refused", ["Nothing of it was taken. The reason stands on its page."]
    subject = f"Your file is done: {batch.failed:,} to fix" if batch.failed else "Your file is done"
    return subject, [Result(batch, {}).headline]


BATCH_DONE = Kind(
    name="upload-done",
    title="Files you sent",
    hint="when one is done, was refused or asks something, and when an upload you undid is undone",
    permissions=(Permission.REPORT, Permission.BOARD_MANAGE),
    compose=_compose,
)
