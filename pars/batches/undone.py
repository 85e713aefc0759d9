"""What undoing a batch would do, or has done: in counted sentences, with each row that is left as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from .kinds import Kind, kind_named
from .models import Batch, Issue, Row
from .sentences import sentence_of
from .undoing import turning_back, whole

NAMED = 100  # rows left as they are that one page names

_COUNT = """
SELECT count(*) FILTER (WHERE u.outcome = 'withdrawn'), count(*) FILTER (WHERE u.outcome = 'updated'),
    count(*) FILTER (WHERE u.outcome = 'added'), count(*) FILTER (WHERE u.was = 'failed'),
    count(*) FILTER (WHERE u.code IS NOT NULL)
FROM undoable u
"""
_KEPT = "SELECT u.row, u.code, u.target FROM undoable u WHERE u.code IS NOT NULL ORDER BY u.row LIMIT %s"


@dataclass(frozen=True)
class Kept:
    """A row that is left as it is, why, and the page of what it landed in."""

    row: int
    code: str
    message: str
    target: int | None
    name: str
    url: str

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "code": self.code, "message": self.message, "record": self.target}


@dataclass(frozen=True)
class Account:
    """The counts of an undo that is asked about (`by` None), or of one that is finished.

    `withdrawn` the batch had added, `put_back` it had changed, `restored` it had withdrawn; `to_fix` rows were never
    in, `turning_back` rows of earlier batches it had fixed. Of `left` rows that stay as they are, `kept` are named.
    """

    kind: Kind
    withdrawn: int
    put_back: int
    restored: int
    left: int
    kept: Sequence[Kept]
    to_fix: int = 0
    turning_back: int = 0
    by: str | None = None
    at: datetime | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Row", "What it became", "Why")

    @property
    def sentences(self) -> list[str]:
        """One for each count that is not 0, at least one; in the past tense of what is done."""
        assert self.kind.undo is not None
        said = [
            self._sentence(self.withdrawn, self.kind.undo.noun, "that it added {} withdrawn"),
            self._sentence(self.put_back, self.kind.undo.noun, "that it corrected {} put back as before"),
            self._sentence(self.restored, self.kind.undo.noun, "that it withdrew {} put on record again"),
            self._sentence(
                self.turning_back, ("row", "rows"), "of earlier uploads that it fixed {} to fix again"
            ),
            self._sentence(self.to_fix, ("row", "rows"), "still to fix {} not asked for any more"),
            self._sentence(
                self.left,
                ("row", "rows"),
                "{} left unchanged, because of later changes, which are named below",
            ),
        ]
        return [one for one in said if one] or ["The upload itself changed nothing, so nothing else changes."]

    def _sentence(self, count: int, noun: tuple[str, str], rest: str) -> str:
        one = count == 1
        is_or_was = ("was" if one else "were") if self.at else ("is" if one else "are")
        return f"{count:,} {noun[0 if one else 1]} {rest.format(is_or_was)}." if count else ""


def foreseen(batch: Batch, at: datetime) -> Account:
    """What undoing a batch would do now, asked of the same SQL that does it. Changes nothing."""
    kind, stretch = kind_named(batch.kind), whole(batch, at)
    assert kind.undo is not None  # or it cannot be undone (`undoing.why_not`)
    kind.undo.judge(stretch)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        withdrawn, put_back, restored, to_fix, left = cursor.fetchone()
        cursor.execute(_KEPT, [NAMED])
        kept = [_kept(kind, *one) for one in cursor.fetchall()]
        again = turning_back(stretch)
        cursor.execute("DROP TABLE undoable")
    return Account(kind, withdrawn, put_back, restored, left, kept, to_fix=to_fix, turning_back=again)


def undo_of(batch: Batch) -> Batch | None:
    """The batch that undoes this one, finished or not."""
    return Batch.objects.filter(undoes=batch).select_related("uploaded_by").first()


def done(undo: Batch, *, named: int | None = NAMED) -> Account:
    """What a finished undo has done."""
    kind = kind_named(undo.kind)
    issues = Issue.objects.filter(batch=undo)
    return Account(
        kind,
        undo.withdrawn,
        undo.updated,
        undo.added,
        issues.count(),
        list(_left(undo, kind, issues.order_by("row")[:named])),
        by=str(undo.uploaded_by or ""),
        at=undo.finished_at,
    )


def as_json(batch: Batch) -> dict[str, Any]:
    """For programs: nothing where the batch was not undone."""
    undo = undo_of(batch)
    if undo is None or undo.finished_at is None:
        return {}
    account = done(undo, named=None)
    said = {
        "at": undo.finished_at.isoformat(),
        "rows": batch.undone,
        "withdrawn": account.withdrawn,
        "put_back": account.put_back,
        "restored": account.restored,
        "kept": [one.as_json() for one in account.kept],
    }
    return {"undone": said}


def _left(undo: Batch, kind: Kind, issues: Iterable[Issue]) -> Iterable[Kept]:
    found = list(issues)
    landed_in = Row.objects.filter(batch=undo, number__in=[one.row for one in found])
    targets: dict[int, int | None] = dict(landed_in.values_list("number", "target"))
    return (_kept(kind, one.row, one.code, targets.get(one.row)) for one in found)


def _kept(kind: Kind, row: int, code: str, target: int | None) -> Kept:
    assert kind.undo is not None
    name, url = (f"{kind.undo.noun[0]} {target}".capitalize(), kind.undo.url(target)) if target else ("", "")
    return Kept(row, code, sentence_of(kind, code).text, target, name, url)
