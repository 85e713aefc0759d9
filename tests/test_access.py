"""Every address, as every caller, with ours, another's and no one's: against the table in `access_table`."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as project
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pars.access.doors import door_of
from pars.access.models import User
from pars.access.roles import PERMISSIONS, PHYSICIAN_PERMISSIONS, OrganizationKind, Permission, Role
from pars.audit.models import Event
from tests import factories
from tests.access_table import (
    FOREIGN,
    OVERSEERS,
    RECORD_PAGES,
    RECORDS,
    ROLE_OF,
    ROUTES,
    SEEN_BY_OVERSEERS,
    SIGNED_IN,
    Caller,
    Route,
)
from tests.access_world import CANARIES, OURS, THEIRS, Tenant, a_tenant, canary
from tests.pages import PageClient, without_token
from tests.roles import as_role

pytestmark = pytest.mark.django_db(databases=["default", "counters"])

SignIn = Callable[[User | None], PageClient]
BY_NAME = [pytest.param(name, id=name) for name in ROUTES]
BY_CALLER = [pytest.param(caller, id=caller.replace(" ", "-")) for caller in Caller]
# A browser's form is never quite empty: it carries the token.
NOTHING = {"csrfmiddlewaretoken": "x" * 64}
NO_ONES: dict[str, Any] = {
    "activity": "999999999",
    "section": ("999999999", "basics"),
    "batch": UUID(int=0),
    "batch row": (UUID(int=0), 1),
    "roster": UUID(int=0),
    "pair": (999_999_998, 999_999_999),
    "organization": "9999999",
    "link": "no-such-link",
    "text": ("provider", "1999-01-01"),
    "key": "no-such-key",
    "reset key": ("zz", "no-such-key"),
}
CSP = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def addresses() -> dict[str, URLPattern]:
    """Every address in the URLconf by its name, behind its namespace."""
    return dict(_patterns(get_resolver()))


def _patterns(resolver: URLResolver, within: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, within + (f"{entry.namespace}:" if entry.namespace else ""))
        else:
            yield f"{within}{entry.name}", entry


@pytest.fixture
def ours() -> Tenant:
    return a_tenant(OURS)


@pytest.fixture
def theirs() -> Tenant:
    return a_tenant(THEIRS)


def kind_of(caller: Caller) -> OrganizationKind | None:
    return ROLE_OF[caller][0] if caller in ROLE_OF else None


def address(name: str, of: str, tenant: Tenant | None, caller: Caller) -> str:
    """The route's address for `tenant`'s object, for no one's where `tenant` is None."""
    if not of:
        return reverse(name)
    if of == "text":
        return reverse(name, args=("provider", "2026-01-01") if tenant else NO_ONES[of])
    found = tenant.id_of(of, kind_of(caller)) if tenant else NO_ONES.get(of, 999_999_999)
    return reverse(name, args=found if isinstance(found, tuple) else (found,))


class Asker:
    """Asks as one caller; whatever an answer changed is undone before the next."""

    def __init__(self, client: PageClient, *, never: tuple[str, ...] = ()) -> None:
        self.client, self.never = client, never
        self.signed_in = project.SESSION_COOKIE_NAME in client.cookies
        self.cookies = client.cookies.output(header="", sep=";")

    def ask(self, method: str, where: str, data: dict[str, str] | None = None) -> HttpResponse:
        """The answer, its body read; AssertionError where it tells what is another's, or lacks a security header."""
        mail.outbox.clear()
        with transaction.atomic():
            self.client.cookies = SimpleCookie(self.cookies)
            answer: HttpResponse = getattr(self.client, method)(where, data)
            answer.body = body_of(answer)  # type: ignore[attr-defined]
            answer.events = self._events()  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        told = f"{answer.headers} {answer.body!r} {[vars(sent) for sent in mail.outbox]}".lower()  # type: ignore[attr-defined]
        leaks = [word for word in self.never if word.lower() in told]
        assert not leaks, f"{method} {where} tells {leaks}"
        headers_stand(answer, f"{method} {where}", signed_in=self.signed_in)
        return answer

    @staticmethod
    def _events() -> list[str]:
        """The events that this request has left; those from before were counted by none."""
        with as_role("pars_owner"):
            return list(Event.objects.order_by("at").values_list("verb", flat=True))


def body_of(answer: HttpResponse) -> bytes:
    """What stands in it, files too, without the token that is new each time."""
    return without_token(b"".join(answer.streaming_content) if answer.streaming else answer.content)  # type: ignore[attr-defined]


def offered(route: Route, caller: Caller) -> list[tuple[str, int]]:
    """The methods that the caller may use on a route, each with its status."""
    get, post = route.answers(caller)
    return [(name, status) for name, status in (("get", get), ("post", post)) if status is not None]


def methods(route: Route) -> list[str]:
    return [name for name, status in (("get", route.get), ("post", route.post)) if status is not None]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    in_table = set(ROUTES) | set(FOREIGN) | record_addresses()

    assert set(addresses()) == in_table


def record_addresses() -> set[str]:
    return {f"admin:{kind}_{page}" for kind in RECORDS for page in RECORD_PAGES}


def test_every_record_page_stands_behind_the_one_door_of_overseers() -> None:
    others = [
        name
        for name, address in addresses().items()
        if name.startswith("admin:")
        and ((door := door_of(address.callback)) is None or door.permissions != (Permission.OVERSEE,))
    ]

    assert others == []


@pytest.mark.parametrize("caller", BY_CALLER)
def test_every_kind_of_record_shows_itself_to_overseers_alone(
    caller: Caller, ours: Tenant, client_as: SignIn
) -> None:
    asker = Asker(client_as(ours.people[caller]))
    wanted = 302 if caller == Caller.VISITOR else 200 if caller in OVERSEERS else 403

    statuses = {kind: asker.ask("get", reverse(f"admin:{kind}_changelist")).status_code for kind in RECORDS}

    assert statuses == dict.fromkeys(RECORDS, wanted)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_door_asks_for_what_the_table_says(name: str) -> None:
    door = door_of(addresses()[name].callback)

    assert door is not None
    assert (door.permissions, door.agreement, door.second_factor) == (
        ROUTES[name].door,
        ROUTES[name].agreement,
        ROUTES[name].second_factor,
    )


@pytest.mark.parametrize("name", [name for name in BY_NAME if ROUTES[str(name.values[0])].door])
def test_the_callers_in_the_table_are_those_whose_role_may(name: str) -> None:
    def held(caller: Caller) -> frozenset[Permission]:
        return PERMISSIONS[ROLE_OF[caller]] if caller in ROLE_OF else PHYSICIAN_PERMISSIONS

    may = {caller for caller in SIGNED_IN if held(caller).intersection(ROUTES[name].door)}

    assert may == ROUTES[name].who


@pytest.mark.parametrize("caller", BY_CALLER)
def test_each_address_answers_its_callers_and_leaves_events_as_the_table_says_and_tells_nothing_of_others(
    caller: Caller, ours: Tenant, theirs: Tenant, client_as: SignIn
) -> None:
    never = () if caller in OVERSEERS else tuple(canary(THEIRS, thing) for thing in CANARIES)
    asker = Asker(client_as(ours.people[caller]), never=never)
    before = len(Asker._events())
    wrong = []

    for name, route in ROUTES.items():
        where = address(name, route.of, ours, caller)
        for method in ("get", "post"):
            answer = asker.ask(method, where, NOTHING if method == "post" else None)
            wanted = expected(route, caller, method)
            if answer.status_code != wanted:
                wrong.append(f"{method} {name}: {answer.status_code} instead of {wanted}")
            if wanted == 302 and caller == Caller.VISITOR and route.door:
                assert answer.headers["Location"].startswith(reverse("account_login"))
            events = answer.events[before:]  # type: ignore[attr-defined]
            reads = route.event and caller in route.who and wanted == 200
            if method == "get" and events != ([route.event] if reads else []):
                wrong.append(f"{name} leaves {events}")

    assert not wrong, "\n".join(wrong)


def expected(route: Route, caller: Caller, method: str) -> int:
    """What the table promises `caller` who asks for their own object."""
    if route.door and caller == Caller.VISITOR:
        return 302
    if method not in methods(route):
        return 405
    if caller not in route.who:
        return 403
    return dict(offered(route, caller)).get(method, 405)


@pytest.mark.parametrize("caller", BY_CALLER)
def test_anothers_object_answers_to_the_letter_like_one_that_never_was(
    caller: Caller, ours: Tenant, theirs: Tenant, client_as: SignIn
) -> None:
    asker = Asker(client_as(ours.people[caller]))
    wrong = []

    for name, route in ROUTES.items():
        hidden = not (caller in OVERSEERS and route.of in SEEN_BY_OVERSEERS)
        if not route.of or not route.door or caller not in route.who:
            continue
        for method, _ in offered(route, caller):
            data = NOTHING if method == "post" else None
            foreign = asker.ask(method, address(name, route.of, theirs, caller), data)
            nobodys = asker.ask(method, address(name, route.of, None, caller), data)
            if nobodys.status_code != 404:
                wrong.append(f"{method} {name}: {nobodys.status_code} for what is not there")
            if hidden and seen(foreign) != seen(nobodys):
                wrong.append(f"{method} {name}: another's shows ({foreign.status_code})")

    assert not wrong, "\n".join(wrong)


def seen(answer: HttpResponse) -> tuple[int, dict[str, str], bytes]:
    """All that the asker can see of an answer."""
    return answer.status_code, dict(answer.headers), answer.body  # type: ignore[attr-defined]


@pytest.mark.parametrize("caller", [Caller.VIEWER, Caller.REVIEWER, Caller.PHYSICIAN, Caller.OPERATOR])
def test_the_wrong_role_is_refused_before_anything_is_looked_for(
    caller: Caller, ours: Tenant, theirs: Tenant, client_as: SignIn
) -> None:
    asker = Asker(client_as(ours.people[caller]))
    wrong = []

    for name, route in ROUTES.items():
        if not route.of or not route.door or caller in route.who:
            continue
        for method in methods(route):
            answers = {
                str(seen(asker.ask(method, address(name, route.of, whose, _owner(route)))))
                for whose in (ours, theirs, None)
            }
            if len(answers) != 1 or "403" not in next(iter(answers))[:6]:
                wrong.append(f"{method} {name}")

    assert not wrong, "\n".join(wrong)


def _owner(route: Route) -> Caller:
    """Somebody for whom such an object exists."""
    return min(route.who)


@pytest.mark.parametrize(
    ("caller", "method", "name", "field"),
    [
        (Caller.REPORTER, "get", "credit-list", "activity"),
        (Caller.REPORTER, "get", "credit-new", "activity"),
        (Caller.REPORTER, "post", "credit-new", "activity"),
        (Caller.REPORTER, "post", "credit-check", "activity"),
        (Caller.REPORTER, "get", "activity-list", "q"),
        (Caller.OPERATOR, "post", "switch", "organization"),
        (Caller.REPORTER, "post", "switch", "organization"),
    ],
)
def test_an_id_of_anothers_in_a_form_or_a_query_answers_like_one_that_never_was(
    ours: Tenant, theirs: Tenant, client_as: SignIn, *, caller: Caller, method: str, name: str, field: str
) -> None:
    asker = Asker(client_as(ours.people[caller]))
    if field == "organization":
        another, nobodys = str(theirs.organizations[OrganizationKind.PROVIDER].pk), "999999999999"
    else:
        another, nobodys = str(theirs.id_of("activity", None)), "999999999"

    answers = [seen(asker.ask(method, reverse(name), {field: said}))[::2] for said in (another, nobodys)]

    assert _without(answers[0], another) == _without(answers[1], nobodys)


def _without(answer: tuple[Any, ...], said: str) -> tuple[Any, ...]:
    return answer[0], answer[1].replace(said.encode(), b"")


@pytest.mark.parametrize(
    "said", [canary(THEIRS, "physician"), f"Osei, {canary(THEIRS, 'physician')}", "77601", "1234567893"]
)
def test_a_board_that_looks_for_anothers_licensee_finds_nobody(
    said: str, ours: Tenant, theirs: Tenant, client_as: SignIn
) -> None:
    asker = Asker(client_as(ours.people[Caller.REVIEWER]))

    found, nobody = (
        seen(asker.ask("post", reverse("board-search"), {"text": text}))[::2] for text in (said, "Nemo")
    )

    assert _without(found, said) == _without(nobody, "Nemo")


@pytest.mark.parametrize("caller", BY_CALLER)
def test_the_sign_in_librarys_pages_answer_as_the_table_says(
    caller: Caller, ours: Tenant, theirs: Tenant, client_as: SignIn
) -> None:
    asker = Asker(client_as(ours.people[caller]))
    wrong = []

    for name, row in FOREIGN.items():
        where = address(name, row.of, None, caller)
        wanted = row.visitor if caller == Caller.VISITOR else row.person
        got = asker.ask("get", where).status_code
        posted = asker.ask("post", where, NOTHING).status_code
        if got != wanted:
            wrong.append(f"get {name}: {got} instead of {wanted}")
        if posted >= 500:
            wrong.append(f"post {name}: {posted}")

    assert not wrong, "\n".join(wrong)


def test_what_has_no_second_factor_is_sent_to_set_one_up(ours: Tenant, client: PageClient) -> None:
    wrong = []

    for caller in (Caller.REPORTER, Caller.REVIEWER, Caller.OPERATOR):
        user = ours.people[caller]
        assert user is not None
        client.force_login(user, backend=project.AUTHENTICATION_BACKENDS[0])
        for name, route in ROUTES.items():
            answer = client.get(address(name, route.of, ours, _owner(route)))
            sent = answer.status_code == 302 and answer.headers["Location"] == reverse("mfa_index")
            if sent != route.second_factor:
                wrong.append(f"{caller}, {name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_an_organization_without_the_terms_is_sent_to_them_where_the_table_says(client_as: SignIn) -> None:
    provider, board = factories.a_provider(agreed=False), factories.a_board(agreed=False)
    wrong = []

    for organization in (provider, board):
        asker = Asker(client_as(factories.a_member(organization, Role.ADMIN)))
        for name, route in ROUTES.items():
            if route.of or kind_of(_owner(route)) != organization.kind:
                continue
            answer = asker.ask(methods(route)[0], reverse(name))
            sent = answer.status_code == 302 and answer.headers["Location"] == reverse("agreement")
            if sent != route.agreement:
                wrong.append(f"{name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_a_post_without_the_forms_token_is_refused_everywhere(ours: Tenant, client_as: SignIn) -> None:
    wrong = []
    owners = {_owner(route) for route in ROUTES.values()} | {Caller.REPORTER}
    clients = {caller: client_as(ours.people[caller]) for caller in owners}

    for name in (*ROUTES, *FOREIGN):
        of = ROUTES[name].of if name in ROUTES else FOREIGN[name].of
        caller = _owner(ROUTES[name]) if name in ROUTES else Caller.REPORTER
        client = clients[caller]
        client.handler.enforce_csrf_checks = True
        whose = ours if name in ROUTES else None
        if (answer := client.post(address(name, of, whose, caller))).status_code != 403:
            wrong.append(f"{name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_error_pages_carry_the_security_headers(ours: Tenant, client_as: SignIn) -> None:
    client = client_as(ours.people[Caller.VIEWER])
    client.handler.enforce_csrf_checks = True

    bad, token, forbidden, missing = (
        client.get("/", headers={"host": "evil.example"}),
        client.post(reverse("switch")),
        client.get(reverse("credit-new")),
        client.get("/not/there/"),
    )

    assert [one.status_code for one in (bad, token, forbidden, missing)] == [400, 403, 403, 404]
    for answer in (bad, token, forbidden, missing):
        headers_stand(answer, str(answer.status_code), signed_in=answer is not bad)


def headers_stand(answer: Any, what: str, *, signed_in: bool) -> None:
    """Assert each header, to the letter."""
    found = {name: answer.headers.get(name) for name in HEADERS}
    assert found == HEADERS, what
    directives = sorted(part.strip() for part in answer.headers["Content-Security-Policy"].split(";"))
    assert directives == sorted(part.strip() for part in CSP.split(";")), what
    if signed_in:
        assert "no-store" in answer.headers.get("Cache-Control", ""), what
