"""What the page of one batch shows: how far it is, or what became of its rows, in words and one picture."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime

from pars.web.charts import Chart, stacked

from .models import Batch, Issue, Level, Status
from .report import Finding, Instruction, Report, count_rows
from .rounds import Corrected, FixedBy, corrected_by, fixed_by

ON_ONE_PAGE = 100

_HEADINGS = {
    Level.FIX: "Rows to fix",
    Level.WAIT: "Rows that wait",
    Level.NOTE: "Good to know",
}
_LEADS = {
    Level.FIX: "These did not land. Change what is named here in your own file, then send it again: "
    "rows that are in already come back unchanged.",
    Level.WAIT: "These are kept with today's report date. There is nothing for you to do now.",
    Level.NOTE: "These landed, were there already, or are nothing to report.",
}
_LEADS_OF_A_CHECK = {
    Level.FIX: "Change what is named here in your own file, then send it again.",
    Level.WAIT: "Their credit would be kept with the day of its report, and land by itself later.",
    Level.NOTE: "There is nothing to do about these.",
}
_TONES = {Level.FIX: "error", Level.WAIT: "warning", Level.NOTE: "info"}
_STAGES = {
    Status.RECEIVED: "Waiting to be read",
    Status.SCANNING: "Reading your file",
    Status.STAGED: "Read; the rows are next",
    Status.PROCESSING: "Working through the rows",
}


def stage(batch: Batch) -> str:
    """An unfinished batch's status in words."""
    if batch.undoes_id:
        return "Undoing this upload"
    return _STAGES[Status(batch.status)]


def sent(batch: Batch) -> str:
    """When it came, from whom, how large: "Sent Nov 23, 2026, 5:44 PM CST by Pat Person · 60 rows"."""
    at = date_format(localtime(batch.created_at), "M j, Y, g:i A e")
    who = f"by {batch.uploaded_by}" if batch.uploaded_by else "from the command line"
    rows = [count_rows(batch.rows)] if batch.rows else []
    return " · ".join([f"Sent {at} {who}", *rows, *(["Check only"] if batch.check_only else [])])


@dataclass(frozen=True)
class Tile:
    """A number that matters; `tone` only where there is something to look at."""

    label: str
    value: int
    tone: str = ""
    url: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """The findings of one level that fit on the page, and where they were cut off.

    `next_url` shows those that follow; `first_url` is there when some go before.
    """

    level: Level
    findings: list[Finding]
    total: int
    next_url: str
    first_url: str
    check_only: bool = False

    @property
    def heading(self) -> str:
        return _HEADINGS[self.level]

    @property
    def lead(self) -> str:
        return (_LEADS_OF_A_CHECK if self.check_only else _LEADS)[self.level]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("Row", "Column", "Value", "What to do" if self.level == Level.FIX else "What it means")

    @property
    def is_cut(self) -> bool:
        return len(self.findings) < self.total

    @property
    def first_row(self) -> int:
        return self.findings[0].row

    @property
    def last_row(self) -> int:
        return self.findings[-1].row


@dataclass(frozen=True)
class ToDo:
    """A counted instruction as the page shows it."""

    instruction: Instruction
    tone: str
    url: str

    @property
    def text(self) -> str:
        return self.instruction.text


class Result:
    """A finished batch for its page. `query` says after which row each level's table goes on (`?fix=140`).

    With `fix_here` each row to fix leads to where it can be changed on screen.
    """

    def __init__(self, batch: Batch, query: Mapping[str, str], *, fix_here: bool = False) -> None:
        self.batch = batch
        self._fix_here = fix_here
        self._report = Report.of(batch)
        self._query = query

    @property
    def checks_only(self) -> bool:
        """Rows of this kind are never landed."""
        return self._report.kind.checks_only

    @property
    def landed(self) -> int:
        """Rows that stand on record, whether this upload changed anything or not, or a later one brought them in."""
        batch = self.batch
        return batch.added + batch.updated + batch.unchanged + batch.withdrawn + batch.fixed

    @property
    def tone(self) -> str:
        batch = self.batch
        good = self.landed + batch.ready + batch.parked + batch.others
        if batch.failed:
            return "warning" if good else "error"
        return "success"

    @property
    def headline(self) -> str:
        """The outcome in one or two sentences."""
        batch = self.batch
        parts = []
        if self.checks_only:
            parts.append(
                f"{count_rows(batch.ready)} {'matches' if batch.ready == 1 else 'match'} a physician."
            )
        elif batch.check_only:
            parts.append("Nothing was changed.")
            if batch.ready or not batch.unchanged:
                parts.append(f"{_are(batch.ready, 'ready')}.")
            if batch.unchanged:
                parts.append(f"{_are(batch.unchanged, 'on record already')}.")
        elif self.landed == batch.rows:
            parts.append("The row is in." if batch.rows == 1 else f"All {batch.rows:,} rows are in.")
        else:
            parts.append(f"{_are(self.landed, 'in')}.")
        if batch.parked:
            parts.append(f"{count_rows(batch.parked)} {'waits' if batch.parked == 1 else 'wait'}.")
        if batch.others:
            parts.append(f"{_are(batch.others, 'about somebody who earns no credit of this type')}.")
        if batch.failed:
            parts.append(f"{count_rows(batch.failed)} {'needs' if batch.failed == 1 else 'need'} a fix.")
        return " ".join(parts)

    @cached_property
    def to_do(self) -> list[ToDo]:
        """Counted instructions: fix first, then wait, then note."""
        return [ToDo(one, _TONES[one.level], f"#{one.level}") for one in self._report.instructions()]

    @cached_property
    def corrects(self) -> list[Corrected]:
        """The earlier uploads whose rows this one brings back."""
        return corrected_by(self.batch)

    @cached_property
    def fixed_by(self) -> list[FixedBy]:
        """Who brought rows to fix of this upload in."""
        return fixed_by(self.batch)

    @property
    def to_fix_at_first(self) -> int:
        return self.batch.failed + self.batch.fixed

    @property
    def tiles(self) -> list[Tile]:
        batch = self.batch
        unchanged = Tile("Unchanged", batch.unchanged, hint="On record already")
        waiting = _tile("Waiting", batch.parked, "warning", "#wait")
        to_fix = _tile("To fix", batch.failed, "error", "#fix")
        fixed = (
            [Tile("Fixed since", batch.fixed, hint="In by a later file, or on screen")] if batch.fixed else []
        )
        undone = [Tile("Undone", batch.undone)] if batch.undone else []
        others = [Tile("Other learners", batch.others, hint="Not MD or DO")] if batch.others else []
        if self.checks_only:
            return [_tile("Match", batch.ready, "success"), waiting, to_fix]
        if batch.check_only:
            return [_tile("Ready", batch.ready, "success"), unchanged, *fixed, *others, waiting, to_fix]
        withdrawn = [Tile("Withdrawn", batch.withdrawn)] if batch.withdrawn else []
        added = _tile("Added", batch.added, "success")
        return [
            added,
            Tile("Corrected", batch.updated),
            unchanged,
            *withdrawn,
            *fixed,
            *undone,
            *others,
            waiting,
            to_fix,
        ]

    @property
    def chart(self) -> Chart:
        """Series keep their colors from upload to upload, so the parts that are empty stay in."""
        batch = self.batch
        first = ("Ready", batch.ready) if batch.check_only else ("Added", batch.added)
        words = "Corrected, withdrawn or fixed since" if batch.fixed else "Corrected or withdrawn"
        changed = (words, batch.updated + batch.withdrawn + batch.fixed)
        return stacked(
            "What became of the rows",
            [
                first,
                ("Waiting", batch.parked),
                ("To fix", batch.failed),
                changed,
                ("Unchanged", batch.unchanged),
                *([("Other learners", batch.others)] if batch.others else []),
            ],
            unit="rows",
            by="Outcome",
        )

    @cached_property
    def sections(self) -> list[Section]:
        """One for each level that has anything, in the order in which to act."""
        counted = Issue.objects.standing_in(self.batch).values_list("level").annotate(Count("pk"))
        totals = dict(counted)
        return [self._section(level, totals[level]) for level in Level if level in totals]

    def _section(self, level: Level, total: int) -> Section:
        after = self._after(level)
        found = list(self._report.findings(level, limit=ON_ONE_PAGE + 1, after_row=after))
        next_url = ""
        if len(found) > ON_ONE_PAGE:
            # A row's findings stay together: the row that the page's end would cut opens the next page.
            cut = found[ON_ONE_PAGE].row
            found = [finding for finding in found if finding.row < cut]
            next_url = self._url(level, found[-1].row)
        if self._fix_here and level == Level.FIX:
            found = [replace(one, url=reverse("batch-row", args=[self.batch.pk, one.row])) for one in found]
        first_url = self._url(level, 0) if after else ""
        return Section(level, found, total, next_url, first_url, self.batch.check_only)

    def _after(self, level: Level) -> int:
        asked = self._query.get(level.value, "")
        return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 9 else 0

    def _url(self, level: Level, after: int) -> str:
        wanted = {other.value: self._after(other) for other in Level} | {level.value: after}
        return f"?{urlencode({name: row for name, row in wanted.items() if row})}#{level}"


def _tile(label: str, value: int, tone: str, url: str = "") -> Tile:
    return Tile(label, value, tone, url) if value else Tile(label, value)


def _are(rows: int, what: str) -> str:
    if not rows:
        return f"No row is {what}"
    return f"{count_rows(rows)} {'is' if rows == 1 else 'are'} {what}"
