"""What a person, or a program, reads of a batch."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, TextField
from django.db.models.functions import Cast

from . import rounds, undone
from .kinds import Kind, Sentence, kind_named
from .models import Batch, Chunk, Issue, Level, Status
from .sentences import sentence_of

_COUNTS = ("rows", "added", "updated", "unchanged", "withdrawn", "parked")


@dataclass(frozen=True)
class Finding:
    """One issue in a person's words: the file's row, the column's own heading, the value, what to do.

    `url` is where its row can be fixed on screen, for who may.
    """

    row: int
    column: str
    key: str
    value: str
    code: str
    level: Level
    message: str
    url: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "level": self.level.value,
            "message": self.message,
        }


class ToFix(NamedTuple):
    """A column's key ("": the whole row), and the sentence that says what to do."""

    column: str
    sentence: str


@dataclass(frozen=True)
class Instruction:
    """One thing to do, or to know, and in how many rows: "Fix the completion date in 3 rows"."""

    code: str
    level: Level
    rows: int
    text: str


@dataclass(frozen=True)
class Progress:
    """How far a batch is, in rows."""

    done: int
    rows: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.rows if self.rows else 0


@dataclass(frozen=True)
class Report:
    """The counts of a batch and its issues. Read inside a scope that sees the batch."""

    batch: Batch
    kind: Kind

    @classmethod
    def of(cls, batch: Batch) -> "Report":
        return cls(batch, kind_named(batch.kind))

    def progress(self) -> Progress:
        done = Chunk.objects.filter(batch=self.batch).exclude(status=Chunk.Status.WAITING)
        return Progress(sum(done.values_list("rows", flat=True)), self.batch.rows)

    def instructions(self) -> list[Instruction]:
        """Counted, what must be done first, then by how often."""
        counted = (
            Issue.objects.standing_in(self.batch)
            .values("code", "level")
            .annotate(rows=Count("row", distinct=True))
        )
        order = list(Level)
        instructions = [
            Instruction(
                code=one["code"],
                level=Level(one["level"]),
                rows=one["rows"],
                text=self._sentence(one["code"]).instruction.format(rows=count_rows(one["rows"])),
            )
            for one in counted
        ]
        return sorted(instructions, key=lambda one: (order.index(one.level), -one.rows, one.code))

    def findings(
        self, *levels: Level, limit: int | None = None, after_row: int = 0, only_row: int = 0
    ) -> Iterator[Finding]:
        """Issues in row order, of one row where it is named; all levels where none is."""
        issues = Issue.objects.standing_in(self.batch).filter(row__gt=after_row)
        issues = issues.order_by("row", "column", "code")
        if only_row:
            issues = issues.filter(row=only_row)
        if levels:
            issues = issues.filter(level__in=levels)
        headings = self._headings()
        for issue in issues[:limit] if limit else issues.iterator(chunk_size=2_000):
            yield Finding(
                row=issue.row,
                column=headings.get(issue.column, issue.column),
                key=issue.column,
                value=issue.value,
                code=issue.code,
                level=Level(issue.level),
                message=self._sentence(issue.code).text.format(**issue.params),
            )

    def to_fix(self) -> dict[int, tuple[ToFix, ...]]:
        """Row → what is to be fixed in it, in row order; light enough for all rows of a large file."""
        issues = (
            Issue.objects.filter(batch=self.batch)
            .to_fix()
            .order_by("row", "column", "code")
            .annotate(said=Cast("params", TextField()))
            .values_list("row", "column", "code", "said")
        )
        # A file has few different mistakes: each stands in memory once.
        known: dict[tuple[str, str, str], ToFix] = {}
        found: dict[int, tuple[ToFix, ...]] = {}
        for row, column, code, said in issues.iterator(chunk_size=10_000):
            one = known.get((column, code, said))
            if one is None:
                sentence = self._sentence(code).text.format(**json.loads(said))
                one = known[column, code, said] = ToFix(column, sentence)
            found[row] = (*found[row], one) if row in found else (one,)
        return found

    def as_json(self) -> dict[str, Any]:
        """The whole result, as the command line and web services give it."""
        batch = self.batch
        ready = {"ready": batch.ready} if batch.check_only else {}
        refusal = {"refusal": {"code": batch.refusal_code, "message": batch.refusal}} if batch.refusal else {}
        return {
            "batch": str(batch.pk),
            "status": batch.status,
            **{name: getattr(batch, name) for name in _COUNTS},
            **ready,
            **({"others": batch.others} if batch.others else {}),
            **refusal,
            **self._rounds(),
            **undone.as_json(self.batch),
            "issues": [finding.as_json() for finding in self.findings()],
        }

    def _rounds(self) -> dict[str, Any]:
        corrects = [one.as_json() for one in rounds.corrected_by(self.batch)]
        fixed = [one.as_json() for one in rounds.fixed_by(self.batch)]
        return ({"corrects": corrects} if corrects else {}) | (
            {"fixed": self.batch.fixed, "fixed_by": fixed} if fixed else {}
        )

    def _headings(self) -> dict[str, str]:
        keys, headings = (self.batch.header.get("keys", ()), self.batch.header.get("headings", ()))
        named: dict[str, str] = {}
        usual = {key: names[0] for key, names in self.kind.layout.headings.items()}
        for key, heading in zip(keys, headings, strict=False):
            if key:
                named.setdefault(key, heading.strip())
        return usual | named

    def _sentence(self, code: str) -> Sentence:
        return sentence_of(self.kind, code)


def not_received(sentence: str) -> dict[str, Any]:
    """A result for what never became a batch: no such file, organization or agreement."""
    return {
        "batch": None,
        "status": Status.REFUSED.value,
        **dict.fromkeys(_COUNTS, 0),
        "refusal": {"code": "not_received", "message": sentence},
        "issues": [],
    }


def count_rows(rows: int) -> str:
    """ "1 row", "3 rows", "12,345 rows"."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


def exit_code(batch: Batch) -> int:
    """2 when the file was refused, 1 when rows are to be fixed, else 0."""
    if batch.status == Status.REFUSED:
        return 2
    return 1 if batch.failed else 0
