"""A section of the record's form: one page, saved by itself, that speaks of some fields of the record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html

from activities import rules
from activities.record import Record
from activities.status import Status
from pars.web.rows import Rows, as_typed

Line = tuple[str, str]  # of an error summary: where it leads ("#id_city", or nowhere), and what it says


@dataclass(frozen=True)
class Setting:
    """What a section knows beside the record: the provider's date, and what the provider is."""

    today: date
    jointly_accredited: bool = False


class Section(forms.Form):
    """Reads what was typed into a Record and shows its problems beside the fields. It never saves, and has no rules.

    `owns` are the fields of Record that it replaces; all others stay as they are in `kept`. Unbound it shows `kept`,
    or with `echo` what a request holds, unjudged.
    """

    name: ClassVar[str]
    heading: ClassVar[str]
    lead: ClassVar[str] = ""
    owns: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kept: Record,
        setting: Setting,
        echo: Mapping[str, Any] | None = None,
    ) -> None:
        self.kept, self.setting, self.echo = (kept, setting, echo)
        self.elsewhere: list[rules.Problem] = []
        super().__init__(data)
        self.initial = self.shown()
        self.prepare()
        if echo is not None:
            self.initial = as_typed(self, echo)
        self.rows: dict[str, Rows] = {}
        self.lay_out()

    @classmethod
    def with_rows(cls, data: QueryDict, *, kept: Record, setting: Setting) -> Self:
        """As it was typed, with the rows that a submit button asks for: "add support", "remove support-2".

        Any other word in `rows` only shows the section again, with the questions that now apply.
        """
        asked, _, name = str(data["rows"]).partition(" ")
        echo = data.copy()
        if asked == "remove":
            for key in [key for key in echo if key.startswith(f"{name}-")]:
                del echo[key]
        form = cls(kept=kept, setting=setting, echo=echo)
        if asked == "add" and name in form.rows:
            form.rows[name].add()
        return form

    # What a section says of itself

    def shown(self) -> dict[str, Any]:
        """The record's words, as the fields show them."""
        return {name: getattr(self.kept, name) for name in self.base_fields}

    def prepare(self) -> None:
        """Take away questions that do not apply, and offer what may be chosen."""

    def lay_out(self) -> None:
        """Build the rows."""

    def said(self) -> dict[str, Any]:
        """Fields of the record as they were typed; what could not be read is empty. Only after cleaning."""
        return {name: self.typed(name) for name in self.owns if name in self.fields}

    def typed(self, name: str) -> Any:
        """What was typed into a field that has a record's name; as in an empty record where it could not be read."""
        return self.cleaned_data.get(name, getattr(Record(), name))

    def place(self, path: str) -> BoundField | None:
        """The field that a problem's path means; None where it stands on another page."""
        top, _, rest = path.partition(".")
        if top in self.rows:
            place, _, part = rest.partition(".")
            row = self.rows[top].row(place) or self.rows[top].forms[0]
            return row[part if part in row.fields else next(iter(row.fields))]
        return self[top] if top in self.fields else None

    # What every section does

    @property
    def smaller(self) -> Iterator[forms.Form]:
        """The forms within this one."""
        for rows in self.rows.values():
            yield from rows.forms

    def record(self) -> Record:
        """The record with what was typed here, tidied."""
        return rules.tidied(replace(self.kept, **self.said()))

    def holds(self, step: Status) -> bool:
        """Whether it can be read, nothing is wrong with it, and it has what this step asks for."""
        unreadable = [form for form in (self, *self.smaller) if form.is_bound and not form.is_valid()]
        record = self.record()
        today = self.setting.today
        found = rules.problems(record, today=today) + list(rules.needs(record, step, today=today))
        self.say(found)
        return not unreadable and not found

    def say(self, problems: Iterable[rules.Problem]) -> None:
        """Each problem at its field, once; what belongs to another section goes to `elsewhere`."""
        for problem in problems:
            field = self.place(problem.field) if problem.top in self.owns else None
            if field is None:
                self.elsewhere.append(problem)
            elif not field.errors:
                field.form.add_error(field.name, problem.message)

    def remind(self, problems: Iterable[rules.Problem]) -> None:
        """Say beside each field what a later step will ask of it."""
        for problem in problems:
            if problem.top in self.owns and (place := self.place(problem.field)):
                reminder = format_html('<span class="needed">{}</span>', problem.message)
                place.help_text = format_html("{} {}", place.help_text, reminder)

    @property
    def faults(self) -> list[Line]:
        """What to mend on this page, in the order of its fields."""
        return [("", str(sentence)) for sentence in self.non_field_errors()] + faults_of(self, *self.smaller)


def faults_of(*several: forms.Form) -> list[Line]:
    """Each error of these forms' fields, with the address of its field on the page."""
    return [
        (f"#{field.auto_id}", f"{field.label}: {sentence}")
        for form in several
        for field in form
        for sentence in field.errors
    ]
