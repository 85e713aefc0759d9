"""Dates and places of an activity that is held again: typed into a grid, or pasted as lines."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from activities import rules
from activities.actions import Instance
from activities.codes import code_list
from activities.places import USA
from activities.record import Record, as_new
from pars.web.rows import Rows, as_typed, rows_as_typed

from .fields import Code, Day, Text, chooser
from .section import Line, faults_of

FEW = 4  # empty rows to begin with
MOST = 200  # activities made at once; a whole program comes as a file
_LONGEST_PASTE = 20_000
_DAY = Day("First day", required=True)


class Occasion(forms.Form):
    """Once more: when and where."""

    start_on = Day("First day", required=True)
    end_on = Day("Last day", asked=True)
    city = Text("City", asked=True)
    state = Code("State", asked=True, choices=chooser("", code_list("state").choices()))
    provider_activity_id = Text("Your own ID", asked=True)


class RepeatForm(forms.Form):
    """As many occasions as are typed and pasted. Where nothing is said, the record that is repeated speaks."""

    lines = forms.CharField(
        label="Or paste lines",
        required=False,
        max_length=_LONGEST_PASTE,
        widget=forms.Textarea(attrs={"placeholder": "01/14/2027, Raleigh, NC"}),
        help_text="One line for each time: first day, city and state, with commas or as copied from a spreadsheet. "
        "A second date is the last day.",
        error_messages={
            "max_length": f"Paste fewer lines at a time. At most {MOST} activities are made at once."
        },
    )
    own_ids = Text(
        "Your own IDs begin with",
        help_text="CARD-2027 gives CARD-2027-1, CARD-2027-2 and so on. Leave it empty if you use none.",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, record: Record, echo: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.record = record
        typed = [] if echo is None else rows_as_typed(Occasion, "occasion", echo)
        if echo is not None:
            self.initial = as_typed(self, echo)
        self.occasions = Rows(Occasion, "occasion", most=MOST, data=data, initial=typed)
        while data is None and len(self.occasions.forms) < FEW:
            self.occasions.add()
        self.pasted: list[Instance] = []

    @classmethod
    def with_rows(cls, data: QueryDict, *, record: Record) -> Self:
        """As it was typed, with a row more where a button asks for one."""
        form = cls(record=record, echo=data)
        if str(data["rows"]).startswith("add"):
            form.occasions.add()
        return form

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Everything that was typed, to send it once more."""
        fields = [self["lines"], self["own_ids"], *(field for row in self.occasions.filled for field in row)]
        return [(field.html_name, value) for field in fields if (value := field.data)]

    def beginning(self) -> Record:
        """The record that every occasion begins from."""
        return replace(as_new(self.record), provider_activity_id=self.cleaned_data["own_ids"])

    def clean_lines(self) -> str:
        said = str(self.cleaned_data["lines"])
        wrong = []
        for number, line in enumerate(said.splitlines(), 1):
            if not line.strip():
                continue
            try:
                self.pasted.append(self._read(line))
            except ValidationError as error:
                wrong.append(f"Line {number}: {error.message}")
        if wrong:
            self.pasted = []
            raise ValidationError(wrong)
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        number = len(self.occasions.filled) + len(self.pasted)
        if number > MOST:
            raise ValidationError(f"At most {MOST} activities are made at once; here are {number}.")
        if not number and not self.errors:
            self.add_error("lines", "Enter at least one date.")
        return said

    def holds(self) -> bool:
        """Whether everything can be read."""
        return not [form for form in (self, *self.occasions) if form.is_bound and not form.is_valid()]

    def instances(self) -> list[Instance]:
        """Every occasion, those of the grid first. Only after `holds`."""
        return [self._instance(**row.cleaned_data) for row in self.occasions.filled] + self.pasted

    def say(self, at: int, problems: Iterable[rules.Problem]) -> None:
        """The problems of one occasion, at its row; what the activity itself breaks stands above, once."""
        row = self.occasions.row(str(at))
        for problem in problems:
            if row is not None and problem.field in row.fields:
                row.add_error(problem.field, problem.message)
            elif problem.message not in self.non_field_errors():
                self.add_error(None, problem.message)

    @property
    def faults(self) -> list[Line]:
        """What to mend, row after row."""
        return [("", str(sentence)) for sentence in self.non_field_errors()] + faults_of(
            *self.occasions, self
        )

    def _read(self, line: str) -> Instance:
        """A pasted line. ValidationError where it has no date."""
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ",")]
        start_on = _DAY.clean(cells[0])
        rest = cells[1:]
        end_on = None
        if rest and rest[0][:1].isdigit():
            end_on = _DAY.clean(rest.pop(0))
        city, state, country, own_id = (*rest, "", "", "", "")[:4]
        return self._instance(start_on, end_on, city, state, country=country, provider_activity_id=own_id)

    def _instance(
        self,
        start_on: date,
        end_on: date | None,
        city: str,
        state: str,
        *,
        provider_activity_id: str,
        country: str = "",
    ) -> Instance:
        """Without a last day it lasts as long as the activity that is repeated."""
        found = code_list("state").find(state) if state else None
        return Instance(
            start_on=start_on,
            end_on=end_on or start_on + self._length,
            city=city,
            state=found.code if found else state,
            country=country or (USA if found else ""),
            provider_activity_id=provider_activity_id,
        )

    @property
    def _length(self) -> timedelta:
        start_on, end_on = self.record.start_on, self.record.end_on
        return end_on - start_on if start_on and end_on else timedelta()
