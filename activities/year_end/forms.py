"""The year-end's forms: shape only."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from activities.models import Activity

from .actions import Count, Income
from .models import Year

MOST = 999_999_999_999
MOST_LEARNERS = 9_999_999
_DOLLARS = "Enter whole US dollars, without cents. 0 where there was none."
_LEARNERS = "Enter a whole number; 0 where there was none."


def _dollars(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST,
        max_digits=12,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--short"}),
        error_messages=dict.fromkeys(
            (
                "required",
                "invalid",
                "min_value",
                "max_value",
                "max_digits",
                "max_decimal_places",
                "max_whole_digits",
            ),
            _DOLLARS,
        ),
    )


class SummaryForm(forms.Form):
    """Income of the most recent program period of twelve months (pars-facts 2.11)."""

    advertising = _dollars("Advertising and exhibits")
    registration = _dollars("Registration fees", "With subscription and publication fees.")
    government = _dollars("Government grants", "Money alone.")
    donations = _dollars("Private donations", "Money alone; commercial support stands with its activities.")

    @classmethod
    def of(cls, report: Year) -> "SummaryForm":
        return cls(initial={name: getattr(report, name) for name in cls.base_fields})

    def income(self) -> Income:
        return Income(**self.cleaned_data)


def _name(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Your full name",
        max_length=150,
        help_text=help_text,
        error_messages={"required": "Enter your full name: it is kept with the date and time."},
    )


class AgreementForm(forms.Form):
    """The annual agreement, signed by name."""

    agree = forms.BooleanField(
        label="I agree for my organization, and I am entitled to.",
        error_messages={"required": "Tick the box if your organization agrees."},
    )
    name = _name("As a signature.")


class CloseForm(forms.Form):
    """The attestation that a year is complete."""

    contacts = forms.BooleanField(
        label="The people of my organization are up to date here.",
        error_messages={"required": "Look at People, correct what has changed, and tick the box."},
    )
    attest = forms.BooleanField(
        label="Everything reported for the year is complete and true to the best of my knowledge.",
        error_messages={"required": "Tick the box if it is so."},
    )
    name = _name("As a signature. It is kept with the date and time.")


class LearnersForm(forms.Form):
    """Physicians and other learners of each enduring material; a row left empty is not said yet."""

    prefix = "count"

    def __init__(self, data: Mapping[str, Any] | None = None, *, activities: Iterable[Activity]) -> None:
        super().__init__(data)
        self.activities = list(activities)
        for activity in self.activities:
            for who in ("physicians", "others"):
                self.fields[f"{activity.activity_id}-{who}"] = forms.IntegerField(
                    label=f"{who.capitalize()}, {activity.title}",
                    required=False,
                    min_value=0,
                    max_value=MOST_LEARNERS,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--short"}),
                    error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _LEARNERS),
                )

    def rows(self) -> list[tuple[Activity, forms.BoundField, forms.BoundField]]:
        return [
            (one, self[f"{one.activity_id}-physicians"], self[f"{one.activity_id}-others"])
            for one in self.activities
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for one in self.activities:
            names = [f"{one.activity_id}-{who}" for who in ("physicians", "others")]
            empty = [name for name in names if said.get(name) is None and name not in self.errors]
            if len(empty) == 1:
                self.add_error(empty[0], "Enter this number, too; 0 where there was none.")
        return said

    def counts(self) -> list[Count]:
        return [
            Count(one, physicians, others)
            for one in self.activities
            if (physicians := self.cleaned_data[f"{one.activity_id}-physicians"]) is not None
            and (others := self.cleaned_data[f"{one.activity_id}-others"]) is not None
        ]
