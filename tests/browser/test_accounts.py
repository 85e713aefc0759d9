"""How people come in: a physician on their own, an organization by invitation, anyone with a passkey."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

Visitor = Callable[..., Person]
NEW_PASSWORD = "seven calm herons by the lake"


def link_in_mail(operator: Person, to: str) -> str:
    """The link in the newest message to an address, as the demo's mail page shows it."""
    operator.page.goto(f"/operator/mail/?q={to}")
    operator.page.locator("details.mail summary").first.click()
    operator.looks_over()
    link = operator.page.locator("details.mail a").first.get_attribute("href")
    assert link
    return link


def test_a_newcomer_signs_up_confirms_and_claims_their_record(visitor: Visitor) -> None:
    operator, newcomer = visitor("operator@accreditor.example"), visitor()
    page = newcomer.page

    newcomer.goes_to("/accounts/signup/")
    page.get_by_label("Email").fill("jose.nunez@physician.example")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("h1")).to_have_text("Confirm your address")
    newcomer.looks_over()
    page.goto(link_in_mail(operator, "jose.nunez"))
    newcomer.looks_over()
    page.get_by_role("button", name="Yes, confirm it").click()
    if "/accounts/login" in page.url:
        page.get_by_label("Email").fill("jose.nunez@physician.example")
        page.get_by_label("Password").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/passport/claim/")
    newcomer.looks_over()

    claim(newcomer, day="2")  # not his day of birth
    assert newcomer.reads("We could not confirm your record")
    newcomer.looks_over()
    claim(newcomer, day="1")

    page.wait_for_url("**/passport/")
    expect(page.locator("h1")).to_have_text("José Núñez")
    newcomer.looks_over()


def claim(person: Person, *, day: str) -> None:
    """Fill in José Núñez's license, without the accents that he has long stopped typing."""
    page = person.page
    page.get_by_label("First name").fill("Jose")
    page.get_by_label("Last name").fill("Nunez")
    page.get_by_label("Month of birth").select_option("February")
    page.get_by_label("Day of birth").select_option(day)
    page.get_by_label("State or territory").select_option("North Carolina")
    page.get_by_label("License number").fill("2003-96221")
    page.get_by_role("button", name="Claim my record").click()


def test_the_operator_adds_a_provider_and_its_administrator_joins_and_accepts_the_terms(
    visitor: Visitor,
) -> None:
    operator, newcomer = visitor("operator@accreditor.example"), visitor()

    operator.goes_to("/operator/organizations/new/")
    operator.goes_to("/operator/organizations/new/provider/")
    page = operator.page
    page.get_by_label("Provider ID").fill("0099001")
    page.get_by_label("Name").fill("Cedar Valley Hospital")
    page.get_by_label("First administrator").fill("ada@cedar.example")
    page.get_by_role("button", name="Add and send the invitation").click()
    page.wait_for_url("**/operator/organizations/0099001/")
    operator.looks_over()

    page = newcomer.page
    page.goto(link_in_mail(operator, "ada@cedar.example"))
    newcomer.looks_over()
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Create account and join").click()
    page.wait_for_url("**/provider/")
    newcomer.looks_over()
    page.goto("/credits/new/")
    page.wait_for_url("**/agreement/")
    newcomer.looks_over()
    page.get_by_label("Your full name").fill("Ada Admin")
    page.locator("label[for=id_authority]").click()  # the box itself is drawn by its label
    page.locator("label", has_text="Written").first.click()
    page.locator("main form textarea").fill("By registering you agree that we report your credit.")
    page.locator("main form button[type=submit]").click()

    assert newcomer.reads("The terms are accepted for your organization.")
    newcomer.looks_over()
    newcomer.goes_to("/people/")


def test_a_passkey_once_added_signs_in_by_itself(visitor: Visitor) -> None:
    reporter = visitor("reporter@northlake.example")
    page = reporter.page
    with_a_security_chip(page)

    reporter.goes_to("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    reporter.looks_over()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    reporter.looks_over()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url("**/provider/")


def with_a_security_chip(page: Any) -> None:
    """The browser has a built-in authenticator whose owner always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
