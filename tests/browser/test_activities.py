"""A CME office enters, repeats and closes activities, in a real browser."""

import time
from collections.abc import Callable
from typing import Any, Literal

import pytest

from tests.browser.person import Person

pytestmark = pytest.mark.browser

Visitor = Callable[..., Person]
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
