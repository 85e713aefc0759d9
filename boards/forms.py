"""What board staff type."""

from typing import Any

from django import forms


class SearchForm(forms.Form):
    """One box: a name, a license number or an NPI."""

    text = forms.CharField(
        label="Name, license number or NPI",
        max_length=120,
        error_messages={"required": "Enter a name, a license number or an NPI."},
        help_text="“Osei, Amara”, “Amara Osei”, or the first letters of a last name. "
        "A license number with or without its hyphens and leading zeros.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not any(character.isalnum() for character in text):
            raise forms.ValidationError("Enter at least one letter or digit.")
        return text


class ProfileForm(forms.Form):
    """How the board takes part; shown on the public page of participating boards."""

    participates_since = forms.DateField(
        label="Takes part since",
        required=False,
        help_text="From this day on the board is on the public page. Empty: it is not shown there.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    recognises_for_renewal = forms.BooleanField(
        label="Credit reported here counts toward license renewal", required=False
    )
    website = forms.URLField(
        label="Web address for licensees",
        required=False,
        assume_scheme="https",
        help_text="Where licensees read what your board asks of them.",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].error_messages["invalid"] = (
            "Enter a web address, such as https://board.example/cme."
        )
