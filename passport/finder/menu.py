"""A select with hundreds of choices, drawn at once: Django renders a template for each of them, which is most of the
time that a page of the finder would take.
"""

from functools import cache
from typing import Any

from django import forms
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

Choices = tuple[tuple[str, Any], ...]


class Menu(forms.Select):
    """As Select looks; `value` may be one of the choices or something else, which selects nothing."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _options(_frozen(self.choices))
        if value:
            said = f'value="{escape(value)}"'
            options = options.replace(f"{said}>", f"{said} selected>", 1)
        context = self.build_attrs(self.attrs, attrs) | {"name": name, "class": "usa-select"}
        marks = "".join(format_html(' {}="{}"', *pair) for pair in context.items() if pair[1] is not None)
        return mark_safe(f"<select{marks}>{options}</select>")  # noqa: S308  (every part is escaped)


def _frozen(choices: Any) -> Choices:
    return tuple((value, tuple(label) if isinstance(label, list) else label) for value, label in choices)


@cache
def _options(choices: Choices) -> str:
    drawn = []
    for value, label in choices:
        if isinstance(label, tuple):
            drawn.append(format_html('<optgroup label="{}">{}</optgroup>', value, mark_safe(_options(label))))  # noqa: S308
        else:
            drawn.append(format_html('<option value="{}">{}</option>', value, label))
    return "".join(drawn)
