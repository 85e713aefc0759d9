"""What a person can do with a batch: hand one in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.access.secrets import key_for
from pars.audit.actions import record

from . import vault
from .kinds import Kind
from .models import Batch, Source, Status
from .readers import LIMITS
from .readers.limits import MIB

KEPT_FOR = timedelta(days=30)  # design section 5: the stored upload is gone after 30 days
FORGET_AT_ONCE = 500


@dataclass(frozen=True)
class Received:
    """A batch as it was taken in, and the same file's earlier batch where there was one."""

    batch: Batch
    seen_before: Batch | None


def stored_path(batch: Batch) -> Path:
    """Where the encrypted upload lies."""
    return Path(settings.UPLOADS_DIR) / batch.stored_as


def receive(
    *,
    kind: Kind,
    upload: BinaryIO,
    name: str,
    organization_id: int,
    by: Actor,
    at: datetime,
    source: Source = Source.FILE,
    check_only: bool = False,
    options: dict[str, str] | None = None,
) -> Received:
    """Store an upload, encrypted, and make its batch. The file is safe on disk before the row exists.

    Too large a file is not an error: its batch is made and refused at once, so that it can be looked up.
    """
    batch = Batch(
        id=uuid4(),
        organization_id=organization_id,
        kind=kind.name,
        source=source,
        uploaded_by_id=by.user_id,
        file_name=Path(name).name[:200],
        check_only=check_only or kind.checks_only,
        options=options or {},
        created_at=at,
    )
    batch.stored_as = batch.id.hex
    stored_path(batch).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    limit = _largest(name)
    try:
        stored = vault.seal(upload, stored_path(batch), key_for("upload"), limit=limit)
    except vault.TooLarge:
        batch.stored_as = ""
        batch.status, batch.refusal_code, batch.refusal = Status.REFUSED, "too_large", _too_large(limit)
        batch.finished_at = at
    else:
        batch.size, batch.sha256 = stored.size, stored.sha256
    with transaction.atomic():
        seen_before = Batch.objects.same_file_as(batch).newest_first().first()
        batch.save(force_insert=True)
        record("batch.received", by=by, of=batch, at=at, organization_id=organization_id, size=batch.size)
    return Received(batch, seen_before)


def forget_uploads(*, by: Actor, at: datetime) -> int:
    """Remove the files of batches older than KEPT_FOR, finished or not; how many. Rows and digests stay."""
    with acting_as(by):
        old = list(Batch.objects.exclude(stored_as="").filter(created_at__lt=at - KEPT_FOR)[:FORGET_AT_ONCE])
    for batch in old:
        stored_path(batch).unlink(missing_ok=True)
        with acting_as(by):
            Batch.objects.filter(pk=batch.pk).update(stored_as="", question={})
            record("batch.forgotten", by=by, of=batch, at=at, organization_id=batch.organization_id)
    return len(old)


def _largest(name: str) -> int:
    """The gate by the name's ending; the guard looks at the content."""
    text = Path(name).suffix.lower() in {".csv", ".tab", ".tsv", ".txt", ".xml", ".json"}
    return LIMITS.text_bytes if text else LIMITS.workbook_bytes


def _too_large(limit: int) -> str:
    return (
        f"This file is larger than {limit // MIB} MB, the most that can be sent at once. "
        "Split its rows over several files and send them one after another."
    )
