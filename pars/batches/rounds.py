"""What a batch has to do with those before and after it: whose rows to fix it brings back, and who fixed its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .models import IN_LANDED, Batch, Source

# Of the earlier rows that came back with this batch: what became of them here, where they are not in by now.
_BROUGHT_BACK = """
SELECT b.first_batch_id, count(*) FILTER (WHERE b.ready), count(*) FILTER (WHERE NOT b.ready)
FROM (
    SELECT c.first_batch_id, c.first_number, bool_or(r.outcome NOT IN ('failed', 'undone')) AS ready
    FROM batches_correction c
    JOIN batches_row r ON r.batch_id = c.batch_id AND r.number = c.number
    JOIN batches_row f ON f.batch_id = c.first_batch_id AND f.number = c.first_number AND f.outcome = 'failed'
    WHERE c.batch_id = %s
    GROUP BY c.first_batch_id, c.first_number
) b GROUP BY b.first_batch_id
"""
_FIRST = "SELECT DISTINCT c.first_batch_id FROM batches_correction c WHERE c.batch_id = %s"
_BROUGHT_IN = f"""
FROM batches_row r
LEFT JOIN batches_correction m ON m.batch_id = r.batch_id AND m.number = r.number
JOIN batches_correction l ON l.first_batch_id = coalesce(m.first_batch_id, r.batch_id)
    AND l.first_number = coalesce(m.first_number, r.number)
JOIN batches_row v ON v.batch_id = l.batch_id AND v.number = l.number
    AND v.outcome {IN_LANDED}
JOIN batches_batch b ON b.id = l.batch_id AND NOT b.check_only
WHERE r.batch_id = %s AND r.outcome = 'fixed'
"""
# Each fixed row counts for the first batch that brought it in; sent once more it is unchanged and adds nothing.
_FIXED_BY = f"""
SELECT DISTINCT ON (l.first_batch_id, l.first_number) b.id {_BROUGHT_IN}
ORDER BY l.first_batch_id, l.first_number, b.created_at, b.id
"""
_FIXED_IN = f"SELECT b.id {_BROUGHT_IN} AND r.number = %s ORDER BY b.created_at, b.id LIMIT 1"


@dataclass(frozen=True)
class Corrected:
    """An earlier batch whose rows to fix this one brings back.

    Of its `to_fix` rows `fixed` are in now, whoever brought them; `ready` passed a check only, `open` did not pass here
    either, and `left_out` did not come back.
    """

    batch: Batch
    to_fix: int
    fixed: int
    ready: int
    open: int

    @property
    def left_out(self) -> int:
        return self.to_fix - self.fixed - self.ready - self.open

    @property
    def sentence(self) -> str:
        """ "387 of its 400 rows to fix are in now, 11 are still to fix, 2 were left out." """
        parts = [f"{self.fixed:,} of its {_rows(self.to_fix)} to fix {_is(self.fixed)} in now"]
        if self.ready:
            parts.append(f"{self.ready:,} {_is(self.ready)} ready")
        parts.append(f"{self.open or 'none'} {_is(self.open)} still to fix")
        parts.append(f"{self.left_out or 'none'} {'was' if self.left_out in (0, 1) else 'were'} left out")
        return f"{', '.join(parts)}."

    def as_json(self) -> dict[str, Any]:
        return {
            "batch": str(self.batch.pk),
            "file": self.batch.file_name,
            "sent": self.batch.created_at.isoformat(),
            "rows_to_fix": self.to_fix,
            "fixed": self.fixed,
            **({"ready": self.ready} if self.ready else {}),
            "to_fix": self.open,
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class FixedBy:
    """How many rows to fix a later upload brought in; `batch` None: they were fixed on screen, one by one."""

    batch: Batch | None
    rows: int

    def as_json(self) -> dict[str, Any]:
        if self.batch is None:
            return {"batch": None, "rows": self.rows}
        return {"batch": str(self.batch.pk), "file": self.batch.file_name, "rows": self.rows}


def corrected_by(batch: Batch) -> list[Corrected]:
    """The batches whose rows this one brings back, as far as the scope sees them, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [batch.pk])
        first = [key for (key,) in cursor.fetchall()]
        if not first:
            return []
        cursor.execute(_BROUGHT_BACK, [batch.pk])
        left = {key: (ready, still) for key, ready, still in cursor.fetchall()}
    return [
        Corrected(one, one.failed + one.fixed, one.fixed, *left.get(one.pk, (0, 0)))
        for one in Batch.objects.filter(pk__in=first).newest_first()
    ]


def fixed_by(batch: Batch) -> list[FixedBy]:
    """The uploads that brought rows of this one in, oldest first, then those fixed on screen together."""
    if not batch.fixed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FIXED_BY, [batch.pk])
        counted = Counter(key for (key,) in cursor.fetchall())
    return list(_told(counted, Batch.objects.filter(pk__in=counted).order_by("created_at", "pk")))


def fixed_in(batch: Batch, number: int) -> Batch | None:
    """The batch that first brought this row to fix in; None while it is not."""
    with connection.cursor() as cursor:
        cursor.execute(_FIXED_IN, [batch.pk, number])
        found = cursor.fetchone()
    return Batch.objects.select_related("uploaded_by").get(pk=found[0]) if found else None


def _told(counted: Counter[Any], batches: Iterable[Batch]) -> Iterator[FixedBy]:
    on_screen = 0
    for one in batches:
        if one.source == Source.FORM:
            on_screen += counted[one.pk]
        else:
            yield FixedBy(one, counted[one.pk])
    if on_screen:
        yield FixedBy(None, on_screen)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _is(count: int) -> str:
    return "is" if count in (0, 1) else "are"
