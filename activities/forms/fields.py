"""The kinds of questions in the record's form. They read shape; what may be said is for `rules`."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from activities.sentences import SENTENCES

Choices = list[tuple[str, str]]
_NUMBER_FAULTS = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")  # "1,040" is a number to people; "6,5" may be two things


def chooser(first: str, choices: Iterable[tuple[str, str]]) -> Choices:
    """Choices of a select that begins with an empty one."""
    return [("", first), *choices]


class Code(forms.ChoiceField):
    """One code of a list. One that the list does not have is for the rules to speak of: they name the nearest.

    `asked`, here and below: some status asks for it, so that the page does not call it optional.
    """

    def __init__(self, label: str, *, asked: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, **kwargs)
        self.asked = asked

    def valid_value(self, value: Any) -> bool:
        return True


class Codes(forms.MultipleChoiceField):
    """Several codes of a list, as a tuple."""

    def __init__(self, label: str, *, asked: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, **{"widget": forms.CheckboxSelectMultiple, **kwargs})
        self.asked = asked

    def valid_value(self, value: Any) -> bool:
        return True

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(super().clean(value))

    def offer(self, choices: Iterable[tuple[str, str]], kept: Iterable[str] = ()) -> None:
        """Offer these, and what is on record though no list has it: a file or a machine may have brought it."""
        known = list(choices)
        codes = {code for code, _ in known}
        self.choices = [*known, *((code, code) for code in kept if code not in codes)]


class Day(forms.DateField):
    """A date, by the browser's own calendar or typed as MM/DD/YYYY."""

    def __init__(self, label: str, *, asked: bool = False, required: bool = False, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=required,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "invalid": "This is no date. Write it as MM/DD/YYYY.",
                "required": SENTENCES["start_missing"].text,
            },
            **kwargs,
        )
        self.asked = asked


class Text(forms.CharField):
    """A line of text. How long it may be is in the rules."""

    def __init__(self, label: str, *, asked: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, **kwargs)
        self.asked = asked


class Number(forms.DecimalField):
    """A number, with or without thousands separators. `unreadable` is the code of the rule that speaks of it."""

    def __init__(
        self,
        label: str,
        unreadable: str,
        *,
        asked: bool = False,
        places: int = 2,
        digits: int = 6,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label=label,
            required=False,
            max_digits=digits,
            decimal_places=places,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal" if places else "numeric", "class": "usa-input--short"}
            ),
            error_messages=dict.fromkeys(_NUMBER_FAULTS, SENTENCES[unreadable].text),
            **kwargs,
        )
        self.asked = asked

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("$").strip()
            value = value.replace(",", "") if _GROUPED.fullmatch(value) else value
        return super().to_python(value)
