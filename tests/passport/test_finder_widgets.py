"""Choices that are drawn at once look as those that Django draws one by one."""

import pytest
from django import forms
from django.forms.widgets import CheckboxSelectMultiple, Select
from lxml import html

from passport.finder.widgets import Boxes, Menu

GROUPED = [("", "Any"), ("a&b", "A & B <i>"), ("Board", [("Board one", "One"), ('"two"', "Two")])]
FLAT = [("a&b", "A & B <i>"), ("No, it’s free", "Free"), ('"two"', "Two")]


class AsDjango(forms.Form):
    menu = forms.ChoiceField(choices=GROUPED, widget=Select, required=False)
    boxes = forms.MultipleChoiceField(choices=FLAT, widget=CheckboxSelectMultiple, required=False)


class AsOurs(forms.Form):
    menu = forms.ChoiceField(choices=GROUPED, widget=Menu, required=False)
    boxes = forms.MultipleChoiceField(choices=FLAT, widget=Boxes, required=False)


def shape(form: forms.Form, name: str) -> list[tuple[str, dict[str, str], str]]:
    form.fields[name].widget.attrs["form"] = "finder"
    tree = html.fromstring(str(form[name]))
    return [
        (one.tag, {str(key): str(value) for key, value in one.attrib.items()}, (one.text or "").strip())
        for one in tree.iter()
    ]


@pytest.mark.parametrize("name", ["menu", "boxes"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"menu": "a&b", "boxes": ["a&b", '"two"']},
        {"menu": '"two"', "boxes": ["No, it’s free"]},
        {"menu": '"><script>', "boxes": ["<b>"]},
    ],
)
def test_they_look_alike(name: str, data: dict[str, list[str]]) -> None:
    ours, djangos = shape(AsOurs(data), name), shape(AsDjango(data), name)

    for (tag, marks, text), (same_tag, same_marks, same_text) in zip(ours, djangos, strict=True):
        assert (tag, text) == (same_tag, same_text)
        assert marks == same_marks
