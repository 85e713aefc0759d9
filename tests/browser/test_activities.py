"""A CME office enters, repeats and closes activities, in a real browser."""

import time
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from pars.access.models import Organization
from tests.browser.keyboard import Keyboard
from tests.browser.person import Person, Visitor
from tests.uploads import send_file

pytestmark = pytest.mark.browser

MOST_INTERACTIONS = 40
MOST_SECONDS = 180


class Hand:
    """What a person does at a page, counted: each click, each field filled, each key."""

    def __init__(self, person: Person) -> None:
        self.page = person.page
        self.interactions = 0

    def clicks(self, role: Literal["button", "link"], name: str) -> None:
        self._one(self.page.get_by_role(role, name=name, exact=True)).click()

    def fills(self, label: str, text: str) -> None:
        self._one(self.page.get_by_label(label, exact=True)).fill(text)

    def chooses(self, label: str, value: str) -> None:
        self._one(self.page.get_by_label(label, exact=True)).select_option(value)

    def ticks(self, label: str) -> None:
        """A box or a button of a group: people click its label."""
        self._one(self.page.locator("label:visible", has_text=label)).click()

    def presses(self, key: str) -> None:
        self.interactions += 1
        self.page.keyboard.press(key)

    def goes_on(self) -> None:
        self.clicks("button", "Save and continue")
        self.page.wait_for_load_state()

    def _one(self, found: Any) -> Any:
        self.interactions += 1
        return found.first


def test_a_live_course_with_moc_takes_under_forty_interactions(visitor: Visitor) -> None:
    person = visitor("reporter@northlake.example")
    hand, page, began = Hand(person), person.page, time.monotonic()

    page.goto("/activities/")
    hand.clicks("link", "New activity")
    hand.fills("Title", "Advances in Cardiac Care 2027")
    hand.chooses("Format", "Live Course")
    hand.fills("First day", "2027-01-14")
    hand.ticks("In-Person")
    hand.fills("City", "Raleigh")
    hand.chooses("State or territory", "NC")
    hand.goes_on()
    hand.fills("AMA PRA Category 1 Credits™", "6.5")
    hand.goes_on()
    hand.fills("Description", "New evidence on heart failure, for internists and cardiologists.")
    hand.fills("Search in: Specialties", "cardio")
    hand.presses("Enter")
    hand.goes_on()
    hand.ticks("Show this activity in the public list")
    hand.ticks("No, it’s free")
    hand.ticks("Open to all")
    hand.fills("Web address", "https://cme.northlake.example/cardiac")
    hand.goes_on()
    hand.ticks("American Board of Internal Medicine")
    hand.ticks("Medical Knowledge")
    hand.ticks(
        "We attest that this activity meets the requirements of the American Board of Internal Medicine"
    )
    hand.goes_on()
    hand.clicks("button", "Save and leave")

    page.get_by_role("heading", name="Credit can be reported").wait_for()
    assert hand.interactions < MOST_INTERACTIONS
    assert time.monotonic() - began < MOST_SECONDS
    assert person.reads("American Board of Internal Medicine")
    assert person.reads("Feb 13, 2027")  # claimed while credit is due
    person.looks_over()


def test_a_course_without_javascript(visitor: Visitor) -> None:
    person = visitor("reporter@northlake.example", java_script_enabled=False)
    hand, page = Hand(person), person.page

    page.goto("/activities/new/")
    _goes_on(page)
    assert page.locator("[aria-invalid=true]").count() == 4  # title, format, first and last day
    page.get_by_label("Title").fill("Ethics at the End of Life")
    page.get_by_label("Format").select_option("Live Course")
    page.get_by_label("First day").fill("2027-01-14")
    hand.ticks("Live-Streamed")
    page.get_by_label("City").fill("")
    page.get_by_label("State or territory").select_option("")
    _goes_on(page)
    page.get_by_label("AMA PRA Category 1 Credits™").fill("1.5")
    _goes_on(page)
    page.get_by_label("Description").fill("For everybody who talks with the dying.")
    hand.ticks("Hospice and Palliative Medicine")
    _goes_on(page)
    _goes_on(page)  # not listed
    hand.ticks("American Board of Pediatrics")
    page.get_by_role("button", name="Show the questions of these boards").click()
    assert page.get_by_label("Points").input_value() == "1.50"
    _goes_on(page)
    hand.ticks("Joint: together")
    page.get_by_label("Name of the partner").fill("County Hospice")
    page.get_by_role("button", name="Add another partner").click()
    page.get_by_label("Name of the partner").nth(1).fill("Orbit")
    page.get_by_role("button", name="Remove Partner 2").click()
    assert page.get_by_label("Name of the partner").count() == 1
    page.get_by_role("button", name="Save and leave").click()

    assert person.reads("County Hospice")
    assert person.reads("Lifelong Learning and Self-Assessment")
    page.get_by_role("link", name="Say whether taking part costs a fee; ABP publishes it.").click()
    assert page.url.endswith("/edit/boards/#id_board-ABP-fee")


def test_pickers_rows_and_a_country_by_keyboard(visitor: Visitor) -> None:
    person = visitor("reporter@northlake.example")
    keys, page = Keyboard(person), person.page

    page.goto("/activities/202600101/edit/basics/")
    keys.reaches("Country", "text")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("united k")
    assert page.locator("[role=listbox] > [role=option]").all_inner_texts() == ["United Kingdom"]
    page.keyboard.press("Enter")
    keys.types("Province or region", "Wales")
    keys.presses("Save and continue", "submit")
    page.goto("/activities/202600101/edit/content/")
    keys.types("Search in: Specialties", "kids")
    assert page.locator(".picker").first.get_by_role("checkbox").count() == 0
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("heart")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen]").first).to_contain_text("Advanced Heart Failure")
    keys.presses("Save and continue", "submit")
    page.goto("/activities/202600101/edit/support/")
    keys.picks("Yes", "No")
    keys.types("Supporter", "Acme")
    keys.types("US dollars", "2,500")
    keys.presses("Add another supporter", "submit", stays=True)
    assert keys.where() == keys.reaches("Supporter", "text")  # the new row has the focus
    page.keyboard.type("Orbit")
    keys.ticks("In kind")
    keys.presses("Save and leave", "submit")

    for words in ("Raleigh, Wales, United Kingdom", "Advanced Heart Failure", "$2,500", "in kind"):
        assert person.reads(words), words


def test_what_is_not_asked_is_not_sent(visitor: Visitor) -> None:
    person = visitor("reporter@northlake.example")
    hand, page = Hand(person), person.page

    page.goto("/activities/202600101/edit/support/")
    hand.ticks("Joint: together")
    hand.fills("Name of the partner", "County Hospice")
    hand.ticks("Direct: you plan")
    expect(page.get_by_label("Name of the partner")).to_be_hidden()
    hand.clicks("button", "Save and leave")

    page.get_by_role("heading", name="Opioid Prescribing: 2026 Update").wait_for()
    assert person.reads("Direct")
    assert not person.reads("County Hospice")


def test_the_way_to_a_field_opens_what_it_lies_in(visitor: Visitor) -> None:
    page = visitor("reporter@northlake.example").page

    page.goto("/activities/202600101/edit/learners/#id_counts_dentist")

    expect(page.get_by_label("Dentists")).to_be_focused()


def test_room_left_in_a_description_is_counted(visitor: Visitor) -> None:
    page = visitor("reporter@northlake.example").page

    page.goto("/activities/202600101/edit/content/")
    page.get_by_label("Description").fill("x" * 3000)

    expect(page.get_by_role("status").filter(has_text="500 characters too many")).to_be_attached()


def test_a_change_that_touches_credit_is_asked_about_first(visitor: Visitor, samples: Path) -> None:
    person = visitor("reporter@northlake.example")
    hand, page = Hand(person), person.page
    send_file(Organization.objects.get(code="0008273"), samples / "learners.xlsx")

    page.goto("/activities/202600101/edit/basics/")
    hand.fills("First day", "2026-09-20")
    hand.fills("Last day", "2026-09-21")
    hand.clicks("button", "Save and continue")
    expect(page.get_by_role("group", name="What this change would do")).to_be_focused()
    assert person.reads("10 credits with a completion date outside 09/20/2026 to 09/21/2026")
    person.looks_over()
    hand.clicks("button", "Save it nevertheless")

    page.wait_for_url("**/edit/credit/")


def _goes_on(page: Any) -> None:
    page.get_by_role("button", name="Save and continue", exact=True).click()
