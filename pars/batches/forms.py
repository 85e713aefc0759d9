"""What the upload pages ask."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q

from .kinds import Kind, kind_named
from .models import Status

ACCEPT = ".xlsx,.xls,.ods,.csv,.tab,.tsv,.txt,.xml,.json"


class UploadForm(forms.Form):
    """A file to send, of one of `kinds`, with what its kind asks once for all its rows. `usual` is chosen at first."""

    file = forms.FileField(
        label="File",
        help_text="The Excel file you already keep (up to 25 MB and 100,000 rows), "
        "or CSV, XML or JSON (up to 200 MB).",
        # An empty file is taken and refused with its reason, like any other that cannot be read.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choose the file to send.", "missing": "Choose the file to send."},
    )
    kind = forms.ChoiceField(
        label="What is in it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is in the file."},
    )
    check_only = forms.BooleanField(
        label="Check only: change nothing",
        help_text="You see what would happen to each row. Send the file again to have it done.",
        required=False,
    )

    def __init__(
        self, *args: Any, kinds: Sequence[Kind], organization_id: int, usual: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._options = {kind.name: kind.options(organization_id) for kind in kinds}
        kind_field = cast("forms.ChoiceField", self.fields["kind"])
        kind_field.choices = [(kind.name, kind.title) for kind in kinds]
        kind_field.initial = usual
        if kinds and all(kind.checks_only for kind in kinds):
            del self.fields["check_only"]
        if len(kinds) == 1:
            kind_field.initial = kinds[0].name
            kind_field.widget = forms.HiddenInput()
        for option in dict.fromkeys(option for options in self._options.values() for option in options):
            asking = [kind for kind in kinds if option in self._options[kind.name]]
            only = f"Only for {' and '.join(kind.title.lower() for kind in asking)}. "
            self.fields[option.name] = forms.ChoiceField(
                label=option.label,
                help_text=f"{only if len(asking) < len(kinds) else ''}{option.hint}",
                choices=option.choices,
                initial=option.usual,
                widget=forms.RadioSelect,
                # What the chosen kind does not ask for need not be answered.
                required=not self.is_bound or self.data.get("kind") in [kind.name for kind in asking],
                error_messages={"required": "Choose one of these."},
            )

    @property
    def chosen_kind(self) -> Kind:
        return kind_named(self.cleaned_data["kind"])

    @property
    def chosen_options(self) -> dict[str, str]:
        """What was chosen of what the kind asks for."""
        return {
            option.name: self.cleaned_data[option.name] for option in self._options[self.cleaned_data["kind"]]
        }


# Filters of the history: address value → words and condition.
STATES: dict[str, tuple[str, Q]] = {
    "open": ("In progress", ~Q(status__in=[Status.DONE, Status.REFUSED])),
    "fix": ("With rows to fix", Q(status=Status.DONE, failed__gt=0)),
    "wait": ("With rows waiting", Q(status=Status.DONE, parked__gt=0)),
    "done": ("Done, nothing to fix", Q(status=Status.DONE, failed=0)),
    "asks": ("With a question", Q(status=Status.REFUSED) & ~Q(question={}) & ~Q(stored_as="")),
    "refused": ("Refused", Q(status=Status.REFUSED) & (Q(question={}) | Q(stored_as=""))),
}


class StateFilter(forms.Form):
    """The history's one filter, inside its search form."""

    state = forms.ChoiceField(
        label="Status",
        choices=[("", "All"), *((value, words) for value, (words, _) in STATES.items())],
    )
