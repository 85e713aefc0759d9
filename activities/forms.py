"""The form for an activity's core fields: shape and dates. What must be unique or stay, `actions` refuses."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator

from .actions import Fields
from .codes import code_list
from .formats import LONGEST_MONTHS, Delivery, Format, latest_end
from .missing import CREDITS_MISSING, DELIVERY_MISSING, missing
from .models import Activity
from .places import USA

LARGEST = Decimal("9999.75")
MOST_TAGS, LONGEST_TAG = 20, 60
_NUMBER_FAULTS = (
    "invalid",
    "step_size",
    "min_value",
    "max_value",
    "max_digits",
    "max_decimal_places",
    "max_whole_digits",
)
_CREDITS = "Credits are a number above 0 in steps of 0.25, like 1.5."


def _day(label: str, missing_day: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing_day, "invalid": "This is no date. Write it as MM/DD/YYYY."},
    )


class ActivityForm(forms.Form):
    """Core fields of an activity. With `draft`, only title, format and dates are asked for."""

    title = forms.CharField(
        label="Title",
        max_length=250,
        error_messages={"required": "Enter the title."},
        help_text="As participants, physicians and boards will read it.",
    )
    format = forms.ChoiceField(
        label="Format",
        choices=[("", "Choose a format"), *Format.choices],
        error_messages={"required": "Choose a format."},
    )
    delivery = forms.MultipleChoiceField(
        label="Delivery",
        error_messages={"required": DELIVERY_MISSING},
        choices=Delivery.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="How it reaches its learners. Choose all that apply.",
    )
    start_on = _day("First day", "Enter the first day.")
    end_on = _day("Last day", "Enter the last day. For a single day it is the same as the first.")
    city = forms.CharField(label="City", required=False, max_length=100)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Choose a state"), *code_list("state").choices()],
        help_text="In the United States only.",
    )
    country = forms.ChoiceField(
        label="Country",
        required=False,
        choices=[("", "Choose a country"), *code_list("country").choices()],
    )
    credits = forms.DecimalField(
        label="Credits",
        max_digits=6,
        decimal_places=2,
        max_value=LARGEST,
        step_size=0.25,
        validators=[MinValueValidator(Decimal("0.25"))],
        help_text="AMA PRA Category 1 Credits™ it is designated for, in steps of 0.25. "
        "For a series: the whole series.",
        error_messages=dict.fromkeys(_NUMBER_FAULTS, _CREDITS) | {"required": CREDITS_MISSING},
    )
    provider_activity_id = forms.CharField(
        label="Your own ID",
        required=False,
        max_length=60,
        help_text="The ID it has in your own system. Each of your activities needs a different one.",
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=2500,
        widget=forms.Textarea,
        help_text="What it teaches and for whom, up to 2,500 characters.",
    )
    tags = forms.CharField(
        label="Content tags",
        required=False,
        help_text="State topics it covers, separated by commas, like Opioid Prescribing, Ethics.",
    )
    listed = forms.BooleanField(label="Show this activity in the public list", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.draft = draft
        for name in ("delivery", "credits"):
            self.fields[name].required = not draft

    @classmethod
    def of(cls, activity: Activity) -> "ActivityForm":
        """The form filled in with what is on record."""
        initial = {name: getattr(activity, name) for name in cls.base_fields}
        return cls(initial=initial | {"tags": ", ".join(activity.tags)})

    def clean_tags(self) -> list[str]:
        tags = list(dict.fromkeys(tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                f"Enter at most {MOST_TAGS} tags of up to {LONGEST_TAG} characters, separated by commas."
            )
        return tags

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._clean_dates(said)
        self._clean_place(said)
        if not self.draft and not self.errors:
            for field, sentence in missing(self.fields_said()).items():
                self.add_error(field, sentence)
        return said

    def _clean_dates(self, said: dict[str, Any]) -> None:
        start_on, end_on, chosen = (said.get("start_on"), said.get("end_on"), said.get("format"))
        if not start_on or not end_on:
            return
        if end_on < start_on:
            self.add_error("end_on", "The last day is before the first day. Enter the same or a later day.")
        elif chosen and end_on > (latest := latest_end(chosen, start_on)):
            months = LONGEST_MONTHS[Format(chosen)]
            self.add_error(
                "end_on",
                f"An activity of this format covers at most {months} months, here until {latest:%m/%d/%Y}. "
                "Enter an earlier day, and a further activity for the time after it.",
            )

    def _clean_place(self, said: dict[str, Any]) -> None:
        delivery = said.get("delivery")
        if delivery and Delivery.IN_PERSON not in delivery and (said.get("city") or said.get("state")):
            self.add_error(
                "city", "A place belongs to activities held in person. Choose In-Person, or leave it empty."
            )
        if said.get("state") and said.get("country") not in (USA, ""):
            self.add_error("state", "Leave the state empty for a place outside the United States.")

    def fields_said(self) -> Fields:
        """What was entered, for `actions`."""
        return Fields(**{name: self.cleaned_data[name] for name in self.fields})
