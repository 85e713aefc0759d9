"""What a batch asks its sender: the forms of the answers, and the page with the rows that raise the question."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from pars.access.actor import Actor
from pars.access.doors import ActorRequest

from . import downloads
from .answers import DAY_FIRST, MONTH_FIRST, answer_dates, answer_headings
from .kinds import kind_named
from .models import Batch
from .readers.headings import UNKNOWN
from .result import sent

_HOW = {
    "open": "both ways",
    "day_first": "only with the day first",
    "month_first": "only with the month first",
}


class DatesForm(forms.Form):
    """Which comes first, month or day, in the words of one date of the file."""

    template = "batches/question_dates.html"
    HEADINGS = ("Row", "Column", "Value", "Can be read")
    order = forms.ChoiceField(
        widget=forms.RadioSelect,
        help_text="Your answer holds for this file. It is not remembered for others.",
        error_messages={"required": "Choose what this date means."},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, batch: Batch) -> None:
        super().__init__(data)
        self.batch = batch
        readings = batch.question["readings"]
        order = self.fields["order"]
        assert isinstance(order, forms.ChoiceField)
        order.label = f"{batch.question['example']} is"
        order.choices = [
            (MONTH_FIRST, f"{readings[MONTH_FIRST]} (the month comes first)"),
            (DAY_FIRST, f"{readings[DAY_FIRST]} (the day comes first)"),
        ]

    def evidence(self) -> Iterator[tuple[str, ...]]:
        """Rows for the page: the file's row, the column, the date as written, how it can be read."""
        for which, how in _HOW.items():
            for one in self.batch.question[which]:
                yield one["row"], one["heading"], one["value"], how

    def answer(self, *, by: Actor, at: datetime) -> None:
        """Read the file on. Raises NothingToAnswer."""
        answer_dates(batch=self.batch, order=self.cleaned_data["order"], by=by, at=at)


class HeadingsForm(forms.Form):
    """For each heading that nobody knows, which column of ours it is."""

    template = "batches/question_headings.html"

    def __init__(self, data: Mapping[str, Any] | None, *, batch: Batch) -> None:
        super().__init__(data)
        self.batch = batch
        self._layout = kind_named(batch.kind).layout
        question = batch.question
        free = [
            key
            for key in sorted(self._layout.headings, key=lambda key: key not in question["missing"])
            if key not in question["found"] or key in self._layout.repeated
        ]
        choices = [("", "Leave out"), *((key, self._name(key)) for key in free)]
        for number, column in enumerate(question["columns"]):
            values = ", ".join(column["values"])
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column["heading"],
                help_text=f"First values: {values}" if values else "No values in the first rows",
                choices=choices,
                required=False,
            )

    def _name(self, key: str) -> str:
        needed = " (needed)" if key in self.batch.question["missing"] else ""
        return f"{self._layout.headings[key][0].strip()}{needed}"

    def clean(self) -> dict[str, Any]:
        said: dict[str, str] = {}
        for name, key in list(self.cleaned_data.items()):
            if key and key in said and key not in self._layout.repeated:
                self.add_error(
                    name, f"“{self.fields[said[key]].label}” is this column already. Leave one of them out."
                )
            said.setdefault(key, name)
        missing = [key for key in self.batch.question["missing"] if key not in said]
        if missing and not self.errors:
            names = ", ".join(f"“{self._layout.headings[key][0]}”" for key in missing)
            raise forms.ValidationError(
                f"Say which column is {names}. If your file has no such column, add it there and send the file again."
            )
        return self.cleaned_data

    def answer(self, *, by: Actor, at: datetime) -> None:
        """Remember the answers and read the file. Raises NothingToAnswer."""
        columns = {
            column["heading"]: self.cleaned_data[f"column_{number}"]
            for number, column in enumerate(self.batch.question["columns"])
        }
        answer_headings(batch=self.batch, columns=columns, by=by, at=at)


def answer_form(batch: Batch, data: Mapping[str, Any] | None = None) -> DatesForm | HeadingsForm:
    """The form for what the batch asks."""
    form = HeadingsForm if batch.refusal_code == UNKNOWN else DatesForm
    return form(data, batch=batch)


def question_page(
    request: ActorRequest, batch: Batch, form: DatesForm | HeadingsForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The question; its form only for whoever may answer."""
    form = form or answer_form(batch)
    context = {
        "batch": batch,
        "kind": kind_named(batch.kind),
        "sent": sent(batch),
        "question": form,
        "may_answer": request.actor.may(kind_named(batch.kind).permission),
        "original": downloads.has_original(batch),
    }
    return render(request, form.template, context, status=status)
