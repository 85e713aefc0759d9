"""The form for an activity's core fields. Rules and sentences are those of `rules`; `actions` keeps the record."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from . import rules
from .codes import code_list
from .formats import Delivery, Format
from .places import USA
from .record import Record
from .rules.listing import DIRECT, JOINT
from .sentences import SENTENCES
from .status import Status

_NUMBER_FAULTS = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date. Write it as MM/DD/YYYY."},
    )


def _choices(first: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", first), *choices]


class ActivityForm(forms.Form):
    """Core fields of an activity. With `draft`, only title, format and dates are asked for.

    What it does not show stays as it is in `kept`, the record the form began with.
    """

    title = forms.CharField(
        label="Title",
        required=False,
        help_text="As participants, physicians and boards will read it.",
    )
    format = forms.ChoiceField(
        label="Format", required=False, choices=_choices("Choose a format", Format.choices)
    )
    delivery = forms.MultipleChoiceField(
        label="Delivery",
        required=False,
        choices=Delivery.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="How it reaches its learners. Choose all that apply.",
    )
    start_on = _day("First day")
    end_on = _day("Last day")
    city = forms.CharField(label="City", required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=_choices("Choose a state", code_list("state").choices()),
        help_text="In the United States only.",
    )
    country = forms.ChoiceField(
        label="Country", required=False, choices=_choices("Choose a country", code_list("country").choices())
    )
    credits = forms.DecimalField(
        label="Credits",
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text="AMA PRA Category 1 Credits™ it is designated for, in steps of 0.25. "
        "For a series: the whole series.",
        error_messages=dict.fromkeys(_NUMBER_FAULTS, SENTENCES["credits_unreadable"].text),
    )
    provider_activity_id = forms.CharField(
        label="Your own ID",
        required=False,
        help_text="The ID it has in your own system. Each of your activities needs a different one.",
    )
    providership = forms.ChoiceField(
        label="Providership",
        required=False,
        choices=[(DIRECT, "Direct"), (JOINT, "Joint")],
        widget=forms.RadioSelect,
        help_text="Joint: planned with an organization that is not accredited.",
    )
    description = forms.CharField(
        label="Description",
        required=False,
        widget=forms.Textarea,
        help_text="What it teaches and for whom, up to 2,500 characters.",
    )
    tags = forms.CharField(
        label="Content tags",
        required=False,
        help_text="State topics it covers, separated by commas, like Opioid Prescribing, Ethics.",
    )
    listed = forms.BooleanField(label="Show this activity in the public list", required=False)
    fee = forms.ChoiceField(
        label="Fee", required=False, choices=_choices("Choose", code_list("fee").choices())
    )
    registration = forms.ChoiceField(
        label="Registration", required=False, choices=_choices("Choose", code_list("registration").choices())
    )
    url = forms.CharField(label="Web address", required=False, help_text="Where people read about it.")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kept: Record | None = None,
        today: date,
        draft: bool = False,
    ) -> None:
        self.kept, self.today, self.draft = (kept or Record(), today, draft)
        initial = {name: getattr(self.kept, name) for name in self.base_fields}
        super().__init__(data, initial=initial | {"tags": ", ".join(self.kept.tags)} if kept else None)

    def clean_tags(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["tags"].split(","))

    def clean_delivery(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["delivery"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("state") and said.get("country") not in (USA, ""):
            self.add_error("state", "Leave the state empty for a place outside the United States.")
        if not self.errors:
            record = self.record()
            step = Status.DRAFT if self.draft else Status.ACTIVE
            self.say(rules.problems(record, today=self.today))
            self.say(rules.needs(record, step, today=self.today))
        return said

    def record(self) -> Record:
        """What was entered, tidied, with what the form does not show."""
        return rules.tidied(replace(self.kept, **{name: self.cleaned_data[name] for name in self.fields}))

    def say(self, problems: Iterable[rules.Problem]) -> None:
        """Each problem at its field, or at the top of the form."""
        for problem in problems:
            self.add_error(problem.top if problem.top in self.fields else None, problem.message)
