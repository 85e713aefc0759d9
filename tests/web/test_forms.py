import pytest
from django import forms
from lxml import html

from pars.web.gallery import ExampleForm
from tests.pages import faults_in


def tree(form: forms.Form) -> html.HtmlElement:
    return html.fromstring(f"<form>{form}</form>")


def test_every_kind_of_field_is_labelled() -> None:
    form = ExampleForm()

    faults = faults_in(str(form), whole=False)

    assert faults == []


def test_a_form_without_errors_has_no_summary() -> None:
    form = tree(ExampleForm())

    assert form.find_class("error-summary") == []


def test_the_summary_links_to_something_that_is_there() -> None:
    form = tree(ExampleForm({}))

    links = [link.get("href") for link in form.find_class("error-summary")[0].iter("a")]

    assert links == ["#id_title", "#id_kind", "#id_starts", "#id_credits", "#id_place"]
    assert all(form.get_element_by_id(link[1:]) is not None for link in links)


def test_a_wrong_field_says_so_to_a_screen_reader() -> None:
    form = tree(ExampleForm({}))

    field = form.get_element_by_id("id_title")

    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "id_title_helptext id_title_error"
    assert form.get_element_by_id("id_title_error").text_content().strip()


def test_optional_fields_are_marked() -> None:
    form = tree(ExampleForm())

    marked = [mark.getparent().text.strip() for mark in form.find_class("optional")]

    assert marked == ["Counts for certification", "Notes"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", "usa-input"),
        ("kind", "usa-select"),
        ("notes", "usa-textarea"),
        ("listed", "usa-checkbox__input"),
    ],
)
def test_inputs_carry_their_class(name: str, expected: str) -> None:
    form = tree(ExampleForm())

    assert form.get_element_by_id(f"id_{name}").get("class") == expected


def test_a_class_that_a_form_asks_for_stays() -> None:
    class Short(forms.Form):
        number = forms.CharField(widget=forms.TextInput(attrs={"class": "usa-input--short"}))

    form = tree(Short())

    assert form.get_element_by_id("id_number").get("class") == "usa-input usa-input--short"
