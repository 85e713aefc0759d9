"""One row to fix on screen: its own cells, read back from the stored upload, and a form to change them in.

Nothing of the row is kept but what is kept already: the encrypted upload, for 30 days. It is read in the child that
drops the year of birth.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.forms import BoundField

from pars.access.actor import Actor
from pars.access.secrets import key_for
from pars.audit.actions import record

from . import vault
from .actions import stored_path
from .answers import layout_for
from .downloads import has_original, header_of
from .kinds import kind_named
from .models import Batch, Level, Outcome, Row, Status
from .readers import LIMITS, Cell, Header, Refused, read
from .readers.birthday import YEAR, without_year
from .readers.headings import columns_of_ours, names_a_birthday
from .report import Finding, Report
from .sentences import sentence_of

_AT_A_GLANCE = 6
_LONG = 100  # characters from which on a cell is shown over several lines


@dataclass(frozen=True)
class RowToFix:
    """A row of an upload under its file's own headings, as it was sent but for the year of birth."""

    batch: Batch
    number: int
    header: Header
    cells: tuple[Cell, ...]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Heading and text of the columns that are not read, for who wants to know whose row it is."""
        ours = columns_of_ours(self.header.headings).values()
        return [
            (heading.strip(), _text(cell))
            for place, (heading, key, cell) in enumerate(
                zip(self.header.headings, self.header.keys, self.cells, strict=False)
            )
            if key is None and place not in ours and heading.strip() and cell is not None
        ]


def can_be_fixed_here(batch: Batch) -> bool:
    """Rows can be fixed on screen where some are to be fixed and their file is still kept; a check lands nothing."""
    return batch.status == Status.DONE and batch.failed > 0 and has_original(batch) and not batch.check_only


def next_to_fix(batch: Batch, after: int = 0) -> int | None:
    """The number of the next row to fix behind `after`, else of the first there is, else None."""
    to_fix = Row.objects.filter(batch=batch, outcome=Outcome.FAILED).order_by("number")
    numbers = to_fix.values_list("number", flat=True)
    return numbers.filter(number__gt=after).first() or numbers.exclude(number=after).first()


def read_row(batch: Batch, number: int, *, by: Actor, at: datetime) -> RowToFix | None:
    """The row as it stands in the stored upload; None where the file is no longer kept, or has no such row."""
    kind = kind_named(batch.kind)
    # The file may have been removed between the look and the reading.
    with (
        suppress(FileNotFoundError, Refused),
        vault.open_plain(stored_path(batch), key_for("upload")) as plain,
    ):
        with read(plain, layout=layout_for(batch), name=batch.file_name) as rows:
            found = next((row for row in rows if row.number >= number), None)
            if found is None or found.number != number:
                return None
            header, table = kind.as_table(rows.header, [found])
        record("batch.row_read", by=by, of=batch, at=at, row=number)
        return RowToFix(batch, number, header, next(iter(table)).cells)
    return None


def row_to_enter(batch: Batch, number: int, *, by: Actor, at: datetime) -> RowToFix | None:
    """The row without its cells, for who sends them all: the file is read only for records that became a table."""
    header = header_of(batch)
    if kind_named(batch.kind).as_table(header, ())[0] == header:
        return RowToFix(batch, number, header, ())
    return read_row(batch, number, by=by, at=at)


def findings_of(batch: Batch, number: int) -> list[Finding]:
    """What is to be fixed in one row."""
    return list(Report.of(batch).findings(Level.FIX, only_row=number))


class RowForm(forms.Form):
    """The cells of a row that mean something here, each under its own heading: text, checked as a file's row is.

    A column that an issue names and the file lacks is added under its usual heading. `data` None: the row as it was
    sent. Errors come from `add_findings`.
    """

    def __init__(
        self, row: RowToFix, findings: Iterable[Finding], data: Mapping[str, str] | None = None
    ) -> None:
        self._kind = kind_named(row.batch.kind)
        self._columns: dict[str, tuple[str, str]] = {}  # field → key and heading
        self._beside: set[str] = set()
        said: dict[str, str] = {}
        for place, (heading, key) in enumerate(zip(row.header.headings, row.header.keys, strict=True)):
            if key is not None:
                cell = row.cells[place] if place < len(row.cells) else None
                said[f"cell-{place}"] = _text(cell)
                self._columns[f"cell-{place}"] = (key, heading)
        lacking = {one.key for one in findings} | {name.removeprefix("more-") for name in data or ()}
        for key, headings in self._kind.layout.headings.items():
            if key in lacking and key not in row.header.keys:
                said[f"more-{key}"] = ""
                self._columns[f"more-{key}"] = (key, headings[0])
        super().__init__(self._without_years(said if data is None else data), auto_id="%s")
        for name, (_, heading) in self._columns.items():
            # Nothing is called optional: what a row needs is the check's to say.
            is_long = len(self.data.get(name, "")) > _LONG
            self.fields[name] = forms.CharField(
                label=heading.strip(),
                required=False,
                max_length=LIMITS.cell_characters,
                widget=forms.Textarea(attrs={"rows": 4}) if is_long else forms.TextInput(),
            )
            self.fields[name].asked = True  # type: ignore[attr-defined]
        self.full_clean()

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Put each sentence beside the first column it is about; what is about none stands above all."""
        fields = {key: name for name, (key, _) in reversed(self._columns.items())}
        for finding in findings:
            self.add_error(fields.get(finding.key), finding.message)
            for key in sentence_of(self._kind, finding.code).beside:
                if key in fields:
                    self._beside.add(fields[key])

    def begin_at_first(self) -> None:
        """Whoever opens the row is in the first cell to fix."""
        for field in self.wrong[:1]:
            field.field.widget.attrs["autofocus"] = True

    @property
    def wrong(self) -> list[BoundField]:
        """The cells with an error, then those to look at together with them."""
        named = [field for field in self if field.errors]
        return named + [field for field in self if field.name in self._beside and not field.errors]

    @property
    def rest(self) -> list[BoundField]:
        wrong = {field.name for field in self.wrong}
        return [field for field in self if field.name not in wrong]

    @property
    def glance(self) -> str:
        """The first of the other cells, by which a person knows the row."""
        said = [str(field.value()) for field in self.rest if field.value()]
        return ", ".join(said[:_AT_A_GLANCE])

    @property
    def header(self) -> Header:
        keys, headings = zip(*self._columns.values(), strict=True)
        return Header(sheet=None, row=0, headings=headings, keys=keys)

    def cells(self) -> tuple[Cell, ...]:
        """What was entered, in the order of `header`."""
        return tuple(self.cleaned_data[name] or None for name in self._columns)

    def _without_years(self, data: Mapping[str, str]) -> dict[str, str]:
        """What was typed, too, loses a year of birth as a file's does, before anything else looks at it."""
        return {
            name: _month_day(data.get(name, "")) if self._is_birthday(key, heading) else data.get(name, "")
            for name, (key, heading) in self._columns.items()
        }

    def _is_birthday(self, key: str, heading: str) -> bool:
        return key == self._kind.layout.birthday or names_a_birthday(heading)


def _month_day(text: str) -> str:
    """ "10/13" of "10/13/1980" and of "••••-10-13", as people write it."""
    left = str(without_year(text.strip()))
    return left.removeprefix(f"{YEAR}-").replace("-", "/") if left.startswith(YEAR) else left


def _text(cell: Cell) -> str:
    """A cell as the check reads it; a formula without its value is empty."""
    if cell is None or not isinstance(cell, (str, int, float)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
