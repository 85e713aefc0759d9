from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from lxml import html

from pars.access.doors import ActorRequest, public
from pars.access.models import Membership
from pars.access.roles import Role
from pars.urls import handler400, handler403, handler404, handler500
from pars.urls import urlpatterns as ours
from pars.web import views
from pars.web.models import Mail
from tests.factories import a_board, a_member, a_passport, a_physician, a_provider, a_user, an_accreditor
from tests.pages import PageClient, check

pytestmark = pytest.mark.django_db
COMPONENTS = Path(django_settings.BASE_DIR) / "templates/components"


@public
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [path("breaks/", breaks), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


def test_visitors_get_the_front_page(client: PageClient) -> None:
    page = client.get("/").content.decode()

    assert all(f">{door}<" in page for door in ("Accredited provider", "State medical board", "Physician"))


@pytest.mark.parametrize(
    ("who", "start"),
    [
        (lambda: a_member(a_provider(), Role.VIEWER), "/provider/"),
        (lambda: a_member(a_board(), Role.REVIEWER), "/board/"),
        (lambda: a_member(an_accreditor(), Role.AUDITOR), "/operator/"),
        (lambda: a_passport(a_physician(a_board())), "/passport/"),
    ],
)
def test_people_start_where_they_work(
    client_as: Callable[..., PageClient], who: Callable[[], Any], start: str
) -> None:
    answer = client_as(who()).get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith(start)


def test_the_gallery_shows_every_component(client: PageClient) -> None:
    answer = client.get("/gallery/")

    shown = {str(template.name) for template in answer.templates}
    wanted = {f"components/{file.name}" for file in COMPONENTS.glob("*.html")}
    assert wanted - shown == {"components/account_menu.html"}


def test_the_menu_offers_every_organization_the_person_may_act_for(
    client_as: Callable[..., PageClient],
) -> None:
    user = a_member(a_provider("Lakeshore"), Role.ADMIN)
    Membership.objects.create(user=user, organization=a_board(name="Our board"), role=Role.REVIEWER)
    a_member(a_board(name="Their board"), Role.REVIEWER)

    page = client_as(user).get("/gallery/").content.decode()

    assert "Act for" in page
    assert ">Our board</button>" in page
    assert "Their board" not in page


def test_who_has_one_organization_and_acts_for_it_has_nothing_to_switch(
    client_as: Callable[..., PageClient],
) -> None:
    user = a_member(a_provider("Lakeshore"), Role.ADMIN)

    page = client_as(user).get("/gallery/").content.decode()

    assert "Lakeshore" in page
    assert "Act for" not in page


def test_a_living_process_says_so_without_asking_the_database(
    client: PageClient, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_ready_process_has_asked_the_database(client: PageClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize("view", [views.bad_request, views.forbidden, views.not_found])
def test_error_pages_query_nothing(view: Callable[..., Any], django_assert_num_queries: Any) -> None:
    request = cast("ActorRequest", RequestFactory().get("/"))
    request.user = a_member(a_provider("Lakeshore"), Role.ADMIN)
    request.membership = Membership.objects.select_related("organization").get(user=request.user)
    request.actor = request.membership.actor()

    with django_assert_num_queries(0):
        answer = view(request, Exception())

    check(answer.content.decode())
    assert b"Lakeshore" in answer.content


def test_a_failure_answers_with_a_page_that_promises_nothing_was_saved(
    client: PageClient, settings: Any
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False

    answer = client.get("/breaks/")

    assert answer.status_code == 500
    assert b"What you sent was not saved." in answer.content


def test_an_address_that_is_not_there_answers_with_the_404_page(client: PageClient) -> None:
    answer = client.get("/no-such-page/")

    assert answer.status_code == 404
    assert b"Nothing here for you" in answer.content


def test_a_form_without_its_token_is_told_to_load_again() -> None:
    client = PageClient(enforce_csrf_checks=True)

    answer = client.post("/accounts/logout/")

    assert answer.status_code == 403
    assert b"This page was open too long" in answer.content


def test_one_can_sign_out_from_a_page_that_is_not_there() -> None:
    client = PageClient(enforce_csrf_checks=True)
    client.force_login(a_user(), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page: Any = html.document_fromstring(client.get("/no-such-page/").content)
    [token] = set(page.xpath("//*[@name='csrfmiddlewaretoken']/@value"))

    answer = client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})

    assert answer.status_code == 302


def test_the_demo_keeps_mail_for_the_operator(client_as: Callable[..., PageClient], settings: Any) -> None:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "pars.web.mail.SinkBackend"
    send_mail("Welcome", "Go to http://localhost/i/abc", None, ["dana@test.example", "lee@test.example"])

    page = client_as(a_member(an_accreditor(), Role.AUDITOR)).get("/operator/mail/").content.decode()

    assert Mail.objects.count() == 2
    assert '<a href="http://localhost/i/abc"' in page


def test_there_is_no_mail_page_outside_the_demo(client_as: Callable[..., PageClient], settings: Any) -> None:
    settings.DEMO = False
    user = a_member(an_accreditor(), Role.OPERATOR)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    answer = client_as(user).get("/operator/mail/")

    assert answer.status_code == 404


def test_nobody_but_the_operator_reads_the_mail(client_as: Callable[..., PageClient], settings: Any) -> None:
    settings.DEMO = True

    answer = client_as(a_user()).get("/operator/mail/")

    assert answer.status_code == 403
