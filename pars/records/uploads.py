"""What operators can look at: uploads, mail and events."""

from pars.audit.models import Event
from pars.batches.models import Batch, Chunk, Issue
from pars.outbox.models import Message, Mute

from .site import OWNER, register

_SENT = "Uploads, mail and the audit trail"
register(
    _SENT,
    Batch,
    "Uploads and entries",
    "files, and rows entered by hand",
    *("id", "organization", "kind", "source", "status", "rows", "failed", "created_at"),
    search_fields=("id", "kind", *OWNER),
    list_filter=("source", "status"),
    ordering=("-created_at", "-id"),
    hidden=("header", "stored_as"),
)
register(
    _SENT,
    Chunk,
    "Parts of files",
    "as they were processed",
    *("id", "batch_id", "number", "rows", "status", "attempts"),
    search_fields=("id", "batch_id"),
    list_filter=("status",),
)
# What a row said stands on the batch's own page, for its sender.
register(
    _SENT,
    Issue,
    "Issues",
    "one for each thing to know about a row",
    *("id", "organization", "batch_id", "row", "column", "code", "level"),
    search_fields=("id", "batch_id", "code"),
    list_filter=("level",),
    hidden=("value", "params"),
)
register(
    _SENT,
    Message,
    "Mail",
    "on its way or sent",
    *("id", "organization", "kind", "state", "attempts", "created_at", "finished_at"),
    search_fields=("id", *OWNER),
    list_filter=("state",),
    ordering=("-created_at", "-id"),
)
register(
    _SENT,
    Mute,
    "Mail not wanted",
    "by whom, of which kind",
    "id",
    "user",
    "organization",
    "kind",
    search_fields=("id", "user_id", *OWNER),
)
register(
    _SENT,
    Event,
    "Events",
    "who did or saw what",
    *("id", "at", "organization", "actor_kind", "user_id", "system", "verb"),
    search_fields=("id", "object_id", "user_id", "verb", *OWNER),
    ordering=("-at", "-id"),
)
