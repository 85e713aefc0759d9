"""How every form looks: Django's form renderer on our own templates and USWDS's classes.

`{{ form }}` gives an error summary that links to the fields, then each field with label, hint and error.
Pages set `novalidate` on the form element, so that people read our sentences and not the browser's.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

_CLASS_OF = {
    "select.html": "usa-select",
    "textarea.html": "usa-textarea",
    "checkbox.html": "usa-checkbox__input",
    "file.html": "file-input",
    "clearable_file_input.html": "file-input",
    **dict.fromkeys(
        [
            "text.html",
            "number.html",
            "email.html",
            "url.html",
            "password.html",
            "search.html",
            "tel.html",
        ],
        "usa-input",
    ),
    **dict.fromkeys(["date.html", "datetime.html", "time.html", "input.html"], "usa-input"),
}


class Renderer(DjangoTemplates):
    """Finds widget templates in the project's folder before Django's own, and gives inputs their classes."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    @cached_property
    def engine(self) -> Any:
        ours = settings.BASE_DIR / "templates"
        djangos = Path(django.forms.__file__).parent / "templates"
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [ours, djangos],
                "NAME": "forms",
                "OPTIONS": {},
            }
        )

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> SafeString:
        if "widget" in context:
            _classify(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 (a template's output)


def _classify(widget: dict[str, Any]) -> None:
    """Add the class that its kind of input has; what a form asked for stays.

    No placeholder: it reads like something already entered, and says what the label says.
    """
    widget["attrs"].pop("placeholder", None)
    ours = _CLASS_OF.get(Path(widget["template_name"]).name)
    if ours:
        asked = widget["attrs"].get("class", "")
        widget["attrs"]["class"] = f"{ours} {asked}".strip()
    for part in widget.get("subwidgets", []):
        _classify(part)


class Picker(forms.CheckboxSelectMultiple):
    """A long list of checkboxes in a frame, what is chosen first; a script adds a box that narrows it.

    `words` are what else a choice is found by: value → text.
    """

    template_name = "components/picker.html"

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self.words = words

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if words := self.words.get(str(value)):
            option["attrs"]["data-words"] = words
        return option

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        chosen = [option for option in options if option["selected"]]
        context["widget"]["chosen"] = chosen
        return context


class ChoiceTable(forms.CheckboxSelectMultiple):
    """Checkboxes in a table: a row for each group of choices; the choices of every group are labelled alike."""

    template_name = "components/choice_table.html"
