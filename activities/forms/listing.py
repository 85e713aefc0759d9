"""How it stands in the public list."""

from django import forms

from activities.codes import code_list

from .fields import Code, Text
from .section import Section

FEES = code_list("fee").choices()
REGISTRATIONS = code_list("registration").choices()
URL_HINT = "Where people read about it and register. It begins with https:// or http://."


class Listing(Section):
    """Listed or not, and what people want to know before they go there."""

    name, heading = ("listing", "Public listing")
    lead = "Anybody can find listed activities, by words, format, specialty, state and date."
    owns = ("listed", "fee", "registration", "url")

    listed = forms.BooleanField(label="Show this activity in the public list", required=False)
    fee = Code("Does taking part cost a fee?", asked=True, choices=FEES, widget=forms.RadioSelect)
    registration = Code(
        "Who may register?",
        asked=True,
        choices=REGISTRATIONS,
        widget=forms.RadioSelect,
        help_text="Limited only informs. Who gets in is up to you.",
    )
    url = Text(
        "Web address", asked=True, help_text=URL_HINT, widget=forms.TextInput(attrs={"inputmode": "url"})
    )

    @property
    def needed_anyway(self) -> bool:
        """Certifying boards publish the same, listed or not."""
        return bool(self.kept.registrations)
