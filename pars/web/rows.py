"""Small forms under each other, as many as a person needs: supporters, joint providers, dates to repeat on.

A row in which nothing is said counts for nothing, so that one is taken away by emptying it. A script adds and removes
rows in the page; without it two submit buttons do (see `Section`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

BLANK = "__n__"  # where a script puts the number of a row it adds


class Rows:
    """Rows of one kind of form. Bound ones are numbered as the request numbers them, in that order.

    `most` rows are read at most, and one more, so that the rules can say there are too many.
    """

    def __init__(
        self,
        form: type[forms.Form],
        prefix: str,
        *,
        most: int,
        data: Mapping[str, Any] | None = None,
        initial: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.form, self.prefix, self.data = (form, prefix, data)
        self.forms: list[forms.Form] = []
        if data is not None:
            numbers = _numbers(data, prefix)[: most + 1]
            self.forms = [
                form(data, prefix=f"{prefix}-{number}", empty_permitted=True, use_required_attribute=False)
                for number in numbers
            ]
        else:
            self.forms = [form(initial=said, prefix=f"{prefix}-{at}") for at, said in enumerate(initial)]
        if not self.forms:
            self.add()

    def add(self) -> None:
        """One more row, empty."""
        number = int(str(self.forms[-1].prefix).rpartition("-")[2]) + 1 if self.forms else 0
        self.forms.append(self.form(prefix=f"{self.prefix}-{number}"))

    @property
    def add_value(self) -> str:
        """What the button sends that asks for one more."""
        return f"add {self.prefix}"

    @property
    def blank(self) -> forms.Form:
        """The row that a script copies."""
        return self.form(prefix=f"{self.prefix}-{BLANK}")

    @property
    def filled(self) -> list[forms.Form]:
        """The rows in which something is said."""
        return [form for form in self.forms if form.is_bound and form.has_changed()]

    def __iter__(self) -> Iterator[forms.Form]:
        return iter(self.forms)

    def row(self, place: str) -> forms.Form | None:
        """The row that holds the entry at this place of the record: of what is shown, or of what was filled in."""
        rows = self.filled if self.data is not None else self.forms
        return rows[int(place)] if place.isdecimal() and int(place) < len(rows) else None


def rows_as_typed(form: type[forms.Form], prefix: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a request holds for each row, as it was typed: to show it again without judging it."""
    return [as_typed(form(prefix=f"{prefix}-{number}"), data) for number in _numbers(data, prefix)]


def as_typed(form: forms.Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a request holds for a form's fields, as it was typed."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _numbers(data: Mapping[str, Any], prefix: str) -> list[int]:
    named = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-\w+")
    return sorted({int(found[1]) for key in data if (found := named.fullmatch(key))})
