"""What is asked when an activity is copied or opened again."""

from collections.abc import Iterable
from typing import Any

from django import forms

from activities import rules
from activities.actions import Reason

from .fields import Day, Text


class CopyForm(forms.Form):
    """The days of the copy, and its own ID."""

    start_on = Day("First day", required=True)
    end_on = Day("Last day", help_text="The same as the first, if you leave it empty.")
    provider_activity_id = Text("Your own ID", help_text="A new one, if you use your own IDs.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("end_on") is None and "end_on" not in self.errors:
            said["end_on"] = said.get("start_on")
        return said

    def say(self, problems: Iterable[rules.Problem]) -> None:
        """Each problem at its field; what the activity itself breaks stands above the form."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


class ReopenForm(forms.Form):
    """Why a closed activity is opened again."""

    reason = forms.ChoiceField(
        label="Why?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the activity is opened again."},
    )
