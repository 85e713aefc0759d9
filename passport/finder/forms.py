"""What an address of the finder may ask for: the same for page and JSON."""

from typing import Any, Self, get_args

from django import forms

from activities.codes import code_list
from activities.finder import LONGEST_WORDS, Sort, Wish

from .widgets import Boxes, Menu

SORTS = {
    "relevance": "Best match",
    "ending": "Ending soon",
    "starting": "Starting soon",
    "newest": "Newest",
    "title": "Title",
}
WHEN = {"now": "Available now", "later": "Begins later"}
assert set(SORTS) == set(get_args(Sort))


def _choices(name: str, blank: str = "") -> list[tuple[str, str]]:
    choices = (
        sorted(code_list(name).choices(), key=lambda one: one[1]) if blank else code_list(name).choices()
    )
    return [("", blank), *choices] if blank else choices


def _credit_types() -> list[Any]:
    """By board; one that several boards give stands under each."""
    types = code_list("moc_credit_type")
    groups = [
        (board.code, [(f"{board.code} {one.code}", one.label) for one in types.where(board=board.code).codes])
        for board in code_list("certifying_board").codes
    ]
    return [("", "Any credit type"), *((board, group) for board, group in groups if group)]


class _Fixed(forms.ChoiceField):
    """Its choices never change: every form's copy has the same ones."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return super(forms.ChoiceField, self).__deepcopy__(memo)


class _Choice(_Fixed):
    widget = Menu

    def __init__(self, *, label: str, choices: Any) -> None:
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            error_messages={
                "invalid_choice": f"This is not one of the choices for {label.lower()}. Choose one of them."
            },
        )


class _Several(_Fixed, forms.MultipleChoiceField):
    widget = Boxes

    def __init__(self, *, label: str, choices: Any) -> None:
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            error_messages={
                "invalid_choice": f"This is not one of the choices for {label.lower()}. Choose some of them.",
                "invalid_list": f"This is not one of the choices for {label.lower()}. Choose some of them.",
            },
        )


class _Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            error_messages={"invalid": "Enter a day as year-month-day, like 2027-03-31."},
        )


class _Words(forms.CharField):
    def __init__(self, *, label: str, longest: int) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=longest,
            error_messages={"max_length": f"Enter at most {longest} characters."},
        )


class FinderForm(forms.Form):
    """Words and filters. Whatever is left out does not matter."""

    q = _Words(label="Words", longest=LONGEST_WORDS)
    when = _Choice(label="When", choices=[("", "Any time from today"), *WHEN.items()])
    delivery = _Several(label="How it is delivered", choices=_choices("delivery"))
    free = forms.BooleanField(label="Free of charge only", required=False)
    format = _Several(label="Format", choices=_choices("format"))
    specialty = _Choice(label="Specialty", choices=_choices("specialty", "Any specialty"))
    board = _Choice(
        label="Counts for a certifying board (MOC)", choices=_choices("certifying_board", "Any or none")
    )
    type = _Choice(label="MOC credit type", choices=_credit_types())
    credit = _Choice(label="Credit", choices=_choices("credit_category", "Any credit"))
    state = _Choice(label="State", choices=_choices("state", "Any state"))
    country = _Choice(label="Country", choices=_choices("country", "Any country"))
    since = _Day(label="On or after")
    until = _Day(label="On or before")
    provider = _Words(label="Provider’s name", longest=LONGEST_WORDS)
    sort = _Choice(label="Sort by", choices=list(SORTS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Filters stand beside the results, outside the form element that has the search box.
        for field in self.filters:
            field.field.widget.attrs["form"] = "finder"

    @property
    def filters(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in ("q", "sort")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This day is before the other one. Enter a later day.")
        board, credit_type = cleaned.get("board"), cleaned.get("type")
        if board and credit_type and not credit_type.startswith(f"{board} "):
            self.add_error(
                "type", f"{board} does not give this type of credit. Choose another type or board."
            )
        return cleaned

    def wish(self) -> Wish:
        """What is looked for, once the form is valid."""
        said = self.cleaned_data
        board, _, credit_type = said["type"].partition(" ")
        return Wish(
            words=said["q"],
            formats=tuple(said["format"]),
            deliveries=tuple(said["delivery"]),
            credit=said["credit"],
            specialty=said["specialty"],
            board=board or said["board"],
            credit_type=credit_type,
            state=said["state"],
            country=said["country"],
            when=said["when"],
            since=said["since"],
            until=said["until"],
            free=said["free"],
            provider=said["provider"],
            sort=said["sort"] or "relevance",
        )

    def asked(self) -> list[tuple[str, str]]:
        """What the address asks for, as (name, value) pairs, in the form's order and without what is empty."""
        pairs = []
        for name in self.fields:
            said = self.cleaned_data.get(name)
            values = said if isinstance(said, list) else [said]
            pairs += [(name, "on" if value is True else str(value)) for value in values if value]
        return pairs
