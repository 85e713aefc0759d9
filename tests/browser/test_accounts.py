"""How people come in: a physician on their own, an organization by invitation, anyone with a passkey."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.person import Person, Serve, Visitor
from tests.people.test_sign_in import code_now

pytestmark = pytest.mark.browser

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


def test_a_member_adds_a_passkey_before_anything_else_and_then_needs_no_password(
    visitor: Visitor, strict: str
) -> None:
    reporter = visitor(at=strict)
    page = reporter.page
    with_a_security_chip(page)

    reporter.sign_in("reporter@northlake.example")
    page.goto("/activities/")
    assert reporter.reads("Set up a second step first")
    reporter.looks_over()
    page.get_by_role("link", name="Add a passkey").click()
    reporter.looks_over()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    reporter.looks_over()
    reporter.goes_to("/activities/")
    reporter.goes_to("/accounts/2fa/webauthn/")
    assert reporter.reads("Office laptop")
    reporter.signs_out()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url("**/provider/")


def test_a_password_alone_does_not_let_in_who_has_a_passkey(visitor: Visitor, strict: str) -> None:
    reporter = visitor(at=strict)
    page = reporter.page
    with_a_security_chip(page)
    reporter.sign_in("reporter@northlake.example")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    reporter.signs_out()

    reporter.sign_in("reporter@northlake.example")
    asked, asked_for_an_app = page.url, reporter.reads("authenticator app")
    reporter.looks_over()
    page.goto("/provider/")
    turned_away = page.url
    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url("**/provider/")
    assert asked.endswith("/accounts/2fa/authenticate/")
    assert not asked_for_an_app
    assert turned_away.endswith("/accounts/2fa/authenticate/")


def test_without_javascript_an_authenticator_app_is_the_way_in(visitor: Visitor, strict: str) -> None:
    reporter = visitor(at=strict, java_script_enabled=False)
    page = reporter.page

    reporter.sign_in("reporter@northlake.example")
    page.goto("/provider/")
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = page.locator("form code").inner_text()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.goto("/provider/")
    let_in = page.url
    reporter.signs_out()
    reporter.sign_in("reporter@northlake.example")
    cache.clear()  # a code is good only once, and the next one comes in half a minute
    asked, offered_a_passkey = page.url, page.get_by_role("button", name="Use your passkey").count()
    page.get_by_label("Code").fill(code_now(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/provider/")
    assert let_in.endswith("/provider/")
    assert not offered_a_passkey
    assert asked.endswith("/accounts/2fa/authenticate/")


@pytest.fixture
def strict(site: str, serve: Serve) -> Iterator[str]:
    """A server of the same world that is no demo: members of organizations need a second step."""
    with serve(demo=False) as address:
        yield address


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
