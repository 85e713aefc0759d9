"""What a physician types."""

import calendar
from datetime import date
from typing import Any

from django import forms

from learners.numbers import license_key
from learners.states import STATES

from .claims import Details

_MONTHS = [("", "Month"), *((f"{number:02d}", calendar.month_name[number]) for number in range(1, 13))]
_DAYS = [("", "Day"), *((f"{number:02d}", str(number)) for number in range(1, 32))]
_ANY_LEAP_YEAR = 2000


class ClaimForm(forms.Form):
    """Who the person is, as their license says it. The year of birth is not asked for."""

    first_name = forms.CharField(
        label="First name",
        max_length=100,
        error_messages={"required": "Enter your first name as your license has it."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=100,
        error_messages={"required": "Enter your last name as your license has it."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    month = forms.ChoiceField(
        label="Month of birth",
        choices=_MONTHS,
        error_messages={"required": "Choose the month you were born in."},
    )
    day = forms.ChoiceField(
        label="Day of birth",
        choices=_DAYS,
        help_text="The year is not asked for and not kept.",
        error_messages={"required": "Choose the day you were born on."},
    )
    state = forms.ChoiceField(
        label="State or territory of your license",
        choices=[("", "Choose one"), *sorted(STATES.items(), key=lambda item: item[1])],
        error_messages={"required": "Choose the state or territory that licensed you."},
    )
    number = forms.CharField(
        label="License number",
        max_length=40,
        help_text="Any license you hold or held as an MD or DO. Hyphens and leading zeros may be left out.",
        error_messages={"required": "Enter your license number."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not license_key(number):
            raise forms.ValidationError("Enter the number as your license has it, with letters or digits.")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("month") and cleaned.get("day"):
            try:
                date(_ANY_LEAP_YEAR, int(cleaned["month"]), int(cleaned["day"]))
            except ValueError:
                self.add_error("day", "That month has no such day. Choose the day again.")
        return cleaned

    @staticmethod
    def initial_of(details: Details) -> dict[str, str]:
        """What was said before, so that a person can compare it with their license."""
        return {
            "first_name": details.first_name,
            "last_name": details.last_name,
            "month": details.month_day[:2],
            "day": details.month_day[2:],
            "state": details.state,
            "number": details.number,
        }

    def details(self) -> Details:
        """What was typed, once the form is valid."""
        cleaned = self.cleaned_data
        return Details(
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            month_day=cleaned["month"] + cleaned["day"],
            state=cleaned["state"],
            number=cleaned["number"],
        )


class PeriodForm(forms.Form):
    """Which days of completion a transcript covers; both may be left open."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", "This day is before the first one. Enter a later day.")
        return cleaned
