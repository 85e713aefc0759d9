"""Choices drawn at once. Django renders a template for each of five hundred of them, and copies them all for each form,
which is most of the time that a page of the finder would take.
"""

from copy import copy
from functools import cache
from typing import Any

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.choices import normalize_choices
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Choices = tuple[tuple[str, Any], ...]


class _Fixed(ChoiceWidget):
    """Its choices never change: every copy has the same ones."""

    @property  # type: ignore[override]  # the stubs call it an attribute
    def choices(self) -> Choices:
        return self._fixed

    @choices.setter
    def choices(self, value: Any) -> None:
        self._fixed = _frozen(normalize_choices(value))

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Fixed":
        same = copy(self)
        same.attrs = self.attrs.copy()
        memo[id(self)] = same
        return same


class Menu(_Fixed, forms.Select):
    """Looks as Select does. A value that is none of the choices selects nothing."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _options(self.choices)
        said = f'<option value="{escape(value or "")}"'
        options = mark_safe(options.replace(f"{said}>", f"{said} selected>", 1))  # noqa: S308  (escaped)
        marks = {**self.build_attrs(self.attrs, attrs), "name": name, "class": "usa-select"}
        return format_html("<select{}>{}</select>", _marks(marks), options)


class Boxes(_Fixed, forms.CheckboxSelectMultiple):
    """Looks as our CheckboxSelectMultiple does (templates/django/forms/widgets)."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        marks = self.build_attrs(self.attrs, attrs)
        own_id = marks.pop("id", name)
        drawn, chosen = _marks(marks), value or ()
        boxes = format_html_join(
            "",
            '<div class="usa-checkbox"><input class="usa-checkbox__input" type="checkbox" name="{}" value="{}" '
            'id="{}"{}{}><label class="usa-checkbox__label" for="{}">{}</label></div>',
            (
                (name, code, f"{own_id}_{at}", drawn, _CHECKED if code in chosen else "", f"{own_id}_{at}", label)
                for at, (code, label) in enumerate(self.choices)
            ),
        )  # fmt: skip
        return format_html('<div id="{}" class="choices">{}</div>', own_id, boxes)


_CHECKED = mark_safe(" checked")


def _marks(marks: dict[str, Any]) -> SafeString:
    """As attributes of an element; True stands alone, None and False are left out."""
    said = [(name, value) for name, value in marks.items() if value is not None and value is not False]
    return format_html_join(
        "", ' {}="{}"', [(name, name if value is True else value) for name, value in said]
    )


def _frozen(choices: Any) -> Choices:
    return tuple((value, tuple(label) if isinstance(label, list) else label) for value, label in choices)


@cache
def _options(choices: Choices) -> SafeString:
    drawn = [
        format_html('<optgroup label="{}">{}</optgroup>', value, _options(label))
        if isinstance(label, tuple)
        else format_html('<option value="{}">{}</option>', value, label)
        for value, label in choices
    ]
    return mark_safe("".join(drawn))  # noqa: S308  (every part is escaped)
