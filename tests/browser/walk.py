"""Every address of the access table, in the demo’s world, as everyone who is told apart: part of `make proof`."""

import hashlib
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from pars.access.models import Organization
from pars.people.adapter import SIGNED_IN_AT
from tests.access_table import FOREIGN, ROUTES, Caller
from tests.access_world import OURS, Tenant, a_tenant
from tests.browser.keyboard import Keyboard
from tests.browser.person import Person, Visitor
from tests.test_access import address
from tests.uploads import send_file

# Sends a form in which nothing is filled in, from a page that has the token.
_SEND = """(path) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def tenant(site: str, samples: Any) -> Tenant:
    """The demo's provider, board and accreditor, with one of everything that an address can name."""
    northlake = Organization.objects.get(code="0008273")
    board, accreditor = (Organization.objects.get(code=code) for code in ("NC-MD", "ACCREDITOR"))
    for name in ("learners.xlsx", "learners-with-errors.xlsx"):
        send_file(northlake, samples / name)
    return a_tenant(OURS, organizations=(northlake, board, accreditor))


def test_every_page_is_open_to_eye_ear_and_keyboard(tenant: Tenant, visitor: Visitor) -> None:
    walk = Walk()
    for caller in Caller:
        person = visitor()
        person.shots = person.shots and person.shots / caller.replace(" ", "-")
        if (user := tenant.people[caller]) is not None:
            stay_signed_in(person, user)
        for name, row in (ROUTES | FOREIGN).items():
            path = address(name, row.of, tenant if name in ROUTES else None, caller)
            walk.opens(person, path)
            if name in ROUTES and caller in ROUTES[name].who and ROUTES[name].answers(caller)[1] == 422:
                walk.sends_nothing(person, path)
        walk.opens(person, "/not/there/")
        say(f"pages: as {caller}; {walk.pages} looked at so far, {len(walk.wrong)} objections")

    for objection in walk.wrong:
        say(f"  {objection}")
    assert not walk.wrong
    assert walk.pages > 100


class Walk:
    """`wrong`: what to mend. A page built like one before is not looked at twice, whatever its words are."""

    def __init__(self) -> None:
        self.built: set[str] = set()
        self.pages = 0
        self.wrong: list[str] = []

    def opens(self, person: Person, path: str) -> None:
        answer = person.page.context.request.get(path)
        if "text/html" in answer.headers.get("content-type", "") and self._is_new(answer.text()):
            person.page.goto(path)
            self._looks(person)
        self._hears(person)

    def sends_nothing(self, person: Person, path: str) -> None:
        """A form that is refused for what it lacks: how the page says so."""
        if not person.page.locator("[name=csrfmiddlewaretoken]").count():
            person.page.goto("/")
        with person.page.expect_navigation():
            person.page.evaluate(_SEND, path)
        if self._is_new(person.page.content()):
            self._looks(person)
        self._hears(person)

    def _looks(self, person: Person) -> None:
        self.pages += 1
        self.wrong += person.objections()
        try:
            Keyboard(person).gets_round()
        except AssertionError as stuck:
            self.wrong.append(str(stuck))

    def _hears(self, person: Person) -> None:
        """What the browser complained of, but for the refusals that were looked for."""
        self.wrong += [fault for fault in person.faults if "with a status of 4" not in fault]
        person.faults.clear()

    def _is_new(self, page: str) -> bool:
        if not page.strip():  # of a method that is not offered
            return False
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


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  The walk takes minutes.


def stay_signed_in(person: Person, user: Any) -> None:
    """The person has signed in a moment ago."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[SIGNED_IN_AT] = int(time.time())
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": person.site}
    person.page.context.add_cookies([cookie])  # type: ignore[list-item]
