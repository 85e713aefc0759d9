"""What an operator types about physicians' records."""

from django import forms

from learners.models import Merger


class OtherRecordForm(forms.Form):
    """The number of the record to join with this one."""

    other = forms.IntegerField(
        label="Number of the other record",
        min_value=1,
        max_value=2**63 - 1,
        help_text="It stands on the other record’s page.",
        widget=forms.NumberInput(attrs={"class": "usa-input--short"}),
        error_messages={
            "required": "Enter the number of the other record.",
            "invalid": "A record’s number has digits only.",
        },
    )


class MergeForm(forms.Form):
    """Why two records are one person's."""

    reason = forms.ChoiceField(
        label="How do you know?",
        choices=Merger.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you know that they are one person."},
    )


class SplitForm(forms.Form):
    """Why a merger is undone."""

    reason = forms.ChoiceField(
        label="Why?",
        choices=Merger.SplitReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the records are parted."},
    )
