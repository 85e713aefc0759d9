"""Which mail a member wants."""

from collections.abc import Iterable
from typing import Any

from django import forms

from .kinds import Kind


class ChoiceForm(forms.Form):
    """One tick for each kind of mail offered."""

    wanted = forms.MultipleChoiceField(label="Send me", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: Iterable[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self.fields["wanted"]
        assert isinstance(wanted, forms.MultipleChoiceField)
        wanted.asked = True  # type: ignore[attr-defined]  # no tick is an answer
        wanted.choices = [(kind.name, f"{kind.title}: {kind.hint}") for kind in offered]
