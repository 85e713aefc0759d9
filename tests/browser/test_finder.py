"""A physician looks for an activity, without an account, on a desk and on a telephone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

Visitor = Callable[..., Person]


def test_finding_an_activity_from_the_front_page(visitor: Visitor) -> None:
    physician = visitor()
    page = physician.page
    page.goto("/")
    page.locator("main").get_by_role("link", name="Find activities").click()
    expect(page.locator(".found__one")).not_to_have_count(0)
    physician.looks_over()

    page.get_by_role("searchbox").fill("implicit biass")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing has “implicit biass”.")).to_be_visible()
    physician.looks_over()

    # Filters stand open on a desk, and behind a button on a telephone.
    page.get_by_text("Free of charge only").click()
    page.get_by_role("button", name="Show results").click()
    expect(page.get_by_role("link", name="Take off Fee: Free")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_label("State", exact=True)).to_be_hidden()
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("State", exact=True).select_option("WY")
    page.get_by_role("button", name="Show results").click()
    expect(page.get_by_text("Nothing matches all of this")).to_be_visible()
    physician.looks_over()

    page.get_by_role("link", name="Take off State: Wyoming").click()
    page.get_by_role("link", name="Implicit Bias in Clinical Care").click()
    expect(page.locator("h1")).to_have_text("Implicit Bias in Clinical Care")
    expect(page.get_by_role("link", name="Register with the provider")).to_be_visible()
    physician.looks_over()

    page.goto("/find/202600101/")
    expect(page.get_by_text("This activity is over")).to_be_visible()
    physician.looks_over()
    page.goto("/find/?since=2027-02-01&until=2027-01-01")
    expect(page.get_by_text("Check one thing before you go on")).to_be_visible()
    physician.looks_over()
