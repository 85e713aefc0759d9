"""Choosing one's mail, and the operator's look at what became of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.outbox.models import Message, Mute, State
from tests import factories as make
from tests.pages import PageClient
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


def a_message(organization: Organization, **fields: object) -> Message:
    user = make.a_member(organization, Role.REPORTER)
    defaults = {"kind": "credit-due", "key": "2026-W48", "created_at": now(), "due_at": now()}
    with as_role("pars_owner"):
        return Message.objects.create(organization=organization, user=user, **(defaults | fields))


def given_up(organization: Organization) -> Message:
    return a_message(
        organization, state=State.GIVEN_UP, attempts=8, finished_at=now(), error="ConnectionRefusedError"
    )


def test_a_reporter_unticks_and_ticks_a_kind_of_mail(ours: Organization, client_as: SignIn) -> None:
    user = make.a_member(ours, Role.REPORTER)
    reporter = client_as(user)
    assert " checked" in reporter.get("/mail/").content.decode()

    reporter.post("/mail/", {})

    with as_role("pars_owner"):
        assert set(Mute.objects.values_list("user", "organization", "kind")) == {
            (user.pk, ours.pk, kind) for kind in ("credit-due", "upload-done")
        }
    assert " checked" not in reporter.get("/mail/").content.decode()

    reporter.post("/mail/", {"wanted": "credit-due"})

    assert " checked" in reporter.get("/mail/").content.decode()


def test_a_viewer_has_nothing_to_choose(ours: Organization, client_as: SignIn) -> None:
    viewer = client_as(make.a_member(ours, Role.VIEWER))

    assert "Nothing to choose" in viewer.get("/mail/").content.decode()
    assert viewer.post("/mail/", {"wanted": "credit-due"}).status_code == 422


def test_the_operator_sees_what_was_given_up_and_why_and_has_it_tried_anew(
    ours: Organization, client_as: SignIn
) -> None:
    message = given_up(ours)
    a_message(ours, key="2026-W47", state=State.SENT, finished_at=now())
    operator = client_as(make.a_member(make.an_accreditor(), Role.OPERATOR))

    page = operator.get("/operator/outbox/?state=given_up")

    assert [row.pk for row in page.context["listing"].rows] == [message.pk]
    assert "ConnectionRefusedError" in page.content.decode()
    assert "had not taken 1 message." in " ".join(page.content.decode().split())

    operator.post("/operator/outbox/again/")

    with as_role("pars_owner"):
        assert Message.objects.get(pk=message.pk).state == State.WAITING
    assert "had not taken" not in operator.get("/operator/outbox/").content.decode()


def test_the_overview_names_what_was_not_delivered_lately(ours: Organization, client_as: SignIn) -> None:
    operator = client_as(make.a_member(make.an_accreditor(), Role.OPERATOR))
    assert "could not be delivered" not in operator.get("/operator/").content.decode()

    given_up(ours)

    assert "1 mail could not be delivered" in " ".join(operator.get("/operator/").content.decode().split())
    with as_role("pars_owner"):
        Message.objects.update(finished_at=now() - timedelta(days=31))
    assert "could not be delivered" not in operator.get("/operator/").content.decode()


def test_an_auditor_looks_and_has_nothing_tried(ours: Organization, client_as: SignIn) -> None:
    given_up(ours)
    auditor = client_as(make.a_member(make.an_accreditor(), Role.AUDITOR))

    assert "Try again" not in auditor.get("/operator/outbox/").content.decode()
    assert auditor.post("/operator/outbox/again/").status_code == 403
