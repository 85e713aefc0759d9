"""Every page of the access table, as everyone who may see it, in the demo's world: read by axe, tabbed through, and
held beside the screen's edges, wide and narrow."""

import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from lxml import html
from playwright.sync_api import Response

from pars.access.models import Organization
from pars.people.adapter import SIGNED_IN_AT
from tests.access_table import FOREIGN, ROUTES, Caller
from tests.access_world import OURS, Tenant, a_tenant
from tests.browser.keyboard import Keyboard
from tests.browser.person import Person, Visitor
from tests.test_access import address
from tests.uploads import send_file

pytestmark = pytest.mark.browser

GROUPS = {
    "providers": (Caller.PROVIDER_ADMIN, Caller.REPORTER, Caller.VIEWER),
    "boards and physicians": (Caller.BOARD_ADMIN, Caller.REVIEWER, Caller.PHYSICIAN, Caller.NEWCOMER),
    "the accreditor and visitors": (Caller.OPERATOR, Caller.AUDITOR, Caller.VISITOR),
}


@pytest.fixture
def tenant(site: str, samples: Any) -> Tenant:
    """The demo's provider, board and accreditor, with one of everything that an address can name."""
    northlake = Organization.objects.get(code="0008273")
    board, accreditor = (Organization.objects.get(code=code) for code in ("NC-MD", "ACCREDITOR"))
    for name in ("learners.xlsx", "learners-with-errors.xlsx"):
        send_file(northlake, samples / name)
    return a_tenant(OURS, organizations=(northlake, board, accreditor))


def test_everybody_is_in_a_group() -> None:
    assert {caller for group in GROUPS.values() for caller in group} == set(Caller)


@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_accessible_to_eye_ear_and_keyboard(
    group: str, tenant: Tenant, visitor: Visitor
) -> None:
    looked = Looked()

    for caller in GROUPS[group]:
        person = visitor()
        if (user := tenant.people[caller]) is not None:
            stay_signed_in(person, user)
        for name, of in {name: row.of for name, row in (ROUTES | FOREIGN).items()}.items():
            looked.at(person, address(name, of, tenant if name in ROUTES else None, caller))
        looked.at(person, "/not/there/")

    assert looked.pages > 20


class Looked:
    """What was looked at: a page built like one before is not looked at twice, whatever its words are."""

    def __init__(self) -> None:
        self.built: set[str] = set()
        self.pages = 0

    def at(self, person: Person, path: str) -> None:
        """Open a page, and then send the first form on it without filling anything in."""
        answer = person.page.context.request.get(path)
        a_page = answer.text() if "text/html" in answer.headers.get("content-type", "") else ""
        if not a_page or not self._is_new(a_page):
            return
        person.page.goto(path)
        self._over(person)
        form = person.page.locator("main form[method=post]").first
        if urlsplit(person.page.url).path.startswith("/accounts/") or not form.count():
            return
        with person.page.expect_navigation() as sent:
            form.evaluate("form => form.submit()")
        refusal: Response | None = sent.value
        if refusal and refusal.status == 422 and self._is_new(person.page.content()):
            self._over(person)

    def _over(self, person: Person) -> None:
        self.pages += 1
        person.looks_over()
        Keyboard(person).gets_round()

    def _is_new(self, page: str) -> bool:
        parts = html.document_fromstring(page).iter("header", "main")
        new = {_build_of(part) for part in parts} - self.built
        self.built |= new
        return bool(new)


def _build_of(part: html.HtmlElement) -> str:
    """Its tags and what decides how they look and what they are for, without their words."""
    digest = hashlib.sha256()
    for element in part.iter():
        if isinstance(element.tag, str):
            kept = [element.get(name, "") for name in ("class", "type", "role", "disabled", "aria-current")]
            digest.update(" ".join([element.tag, *kept]).encode())
    return digest.hexdigest()


def stay_signed_in(person: Person, user: Any) -> None:
    """The person has signed in a moment ago."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[SIGNED_IN_AT] = int(time.time())
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": person.site}
    person.page.context.add_cookies([cookie])  # type: ignore[list-item]
