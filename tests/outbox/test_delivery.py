"""From the outbox to the mail server: once, with an end, and only what still is to be said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.models import Membership, Organization, User
from pars.access.roles import OrganizationKind, Permission, Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.outbox import delivery, kinds
from pars.outbox.actions import choose, post, try_again
from pars.outbox.delivery import TRIES, deliver, forget
from pars.outbox.kinds import Kind, Letter
from pars.outbox.models import Message, State
from tests import factories as make
from tests.roles import as_role

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")
NOTE = Kind(
    name="note",
    title="Notes",
    hint="for tests",
    permissions=(Permission.REPORT,),
    compose=lambda message, at: (
        Letter(f"Note {message.context['of']}", "Look: there") if message.context["of"] else None
    ),
)


class Server(EmailBackend):
    """A mail server that answers as it is told to."""

    down: Exception | None = None
    answer: Exception | None = None

    def open(self) -> None:
        if Server.down:
            raise Server.down

    def send_messages(self, messages: Any) -> int:
        if Server.answer:
            raise Server.answer
        return int(super().send_messages(messages))


@pytest.fixture(autouse=True)
def _server(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = "tests.outbox.test_delivery.Server"
    kinds._KINDS[NOTE.name] = NOTE
    yield
    del kinds._KINDS[NOTE.name]
    Server.down = Server.answer = None


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def reporter(ours: Organization) -> User:
    return make.a_member(ours, Role.REPORTER)


def a_post(organization: Organization, key: str = "first", of: int = 17, **fields: Any) -> None:
    with acting_as(SYSTEM):
        post(
            kind=NOTE,
            organization_id=organization.pk,
            key=key,
            by=SYSTEM,
            at=now() - timedelta(minutes=1),  # the database's now is this transaction's beginning
            context={"of": of},
            **fields,
        )


def run() -> int:
    """The worker's task."""
    with as_role("pars_worker"):
        return deliver()


def the_message() -> Message:
    with acting_as(SYSTEM):
        return Message.objects.get()


def make_due() -> None:
    """As if the wait between two tries, and any lease, were over."""
    long_ago = now() - timedelta(hours=1)
    with as_role("pars_owner"):
        Message.objects.update(due_at=long_ago)
        Message.objects.filter(leased_until__isnull=False).update(leased_until=long_ago)


def test_those_who_may_report_get_it_and_nobody_else(ours: Organization, reporter: User) -> None:
    administrator = make.a_member(ours, Role.ADMIN)
    make.a_member(ours, Role.VIEWER)
    make.a_member(ours, Role.REPORTER, is_active=False)
    make.a_member(make.a_provider(), Role.REPORTER)
    a_post(ours)

    assert run() == 2

    assert {tuple(sent.to) for sent in mail.outbox} == {(reporter.email,), (administrator.email,)}
    assert {(sent.subject, sent.body) for sent in mail.outbox} == {("Note 17", "Look: there")}


def test_it_can_be_for_one_person(ours: Organization, reporter: User) -> None:
    make.a_member(ours, Role.ADMIN)
    a_post(ours, to_user=reporter.pk)

    run()

    assert [sent.to for sent in mail.outbox] == [[reporter.email]]


def test_under_one_key_it_goes_out_once(ours: Organization, reporter: User) -> None:
    a_post(ours)
    a_post(ours)
    assert run() == 1

    a_post(ours)

    assert run() == 0
    a_post(ours, key="second")
    assert run() == 1


def test_posted_in_an_act_that_is_undone_it_never_was(ours: Organization, reporter: User) -> None:
    with acting_as(SYSTEM):
        a_post(ours)
        transaction.set_rollback(True)

    assert run() == 0


def test_a_server_that_is_down_is_asked_again_and_at_last_given_up(
    ours: Organization, reporter: User
) -> None:
    a_post(ours)
    Server.down = ConnectionRefusedError()

    for _ in range(TRIES + 3):
        run()
        make_due()

    message = the_message()
    assert (message.state, message.attempts, message.error) == ("given_up", TRIES, "ConnectionRefusedError")
    assert mail.outbox == []
    with acting_as(SYSTEM):
        assert Event.objects.filter(verb="mail.given_up").count() == 1


def test_between_two_tries_it_waits(ours: Organization, reporter: User) -> None:
    a_post(ours)
    Server.down = ConnectionRefusedError()
    run()
    Server.down = None

    assert run() == 0
    make_due()
    assert run() == 1


def test_a_server_that_says_no_is_asked_again(ours: Organization, reporter: User) -> None:
    a_post(ours)
    Server.answer = SMTPRecipientsRefused({})
    run()
    Server.answer = None
    make_due()

    assert run() == 1
    assert the_message().state == State.SENT


def test_what_may_have_gone_out_is_not_sent_again(ours: Organization, reporter: User) -> None:
    a_post(ours)
    Server.answer = SMTPServerDisconnected("Connection unexpectedly closed")
    run()
    Server.answer = None
    make_due()

    assert run() == 0
    assert the_message().state == State.UNKNOWN


@pytest.mark.parametrize(("handed", "state"), [(False, State.SENT), (True, State.UNKNOWN)])
def test_of_a_worker_that_died_only_what_was_not_handed_over_is_taken_up(
    ours: Organization, reporter: User, handed: bool, state: State
) -> None:
    a_post(ours)
    with as_role("pars_owner"):
        Message.objects.update(
            attempts=1,
            leased_until=now() - timedelta(seconds=1),
            handed_at=now() - timedelta(minutes=2) if handed else None,
        )

    run()

    assert the_message().state == state


def test_nobody_claims_what_was_handed_over(ours: Organization, reporter: User) -> None:
    a_post(ours)
    with as_role("pars_owner"):
        Message.objects.update(handed_at=now(), leased_until=now() - timedelta(seconds=1))

    assert delivery._claim() is None


def test_what_another_worker_holds_is_left_to_it(ours: Organization, reporter: User) -> None:
    a_post(ours)
    with as_role("pars_owner"):
        Message.objects.update(attempts=1, leased_until=now() + timedelta(minutes=1))

    assert run() == 0


def test_a_holder_that_comes_too_late_hands_nothing_over(ours: Organization, reporter: User) -> None:
    a_post(ours)
    claim = delivery._claim()
    assert claim
    with as_role("pars_owner"):
        Message.objects.update(attempts=2)

    assert not delivery._send(claim, mail.get_connection())
    assert mail.outbox == []


def test_what_kills_every_worker_ends_too(ours: Organization, reporter: User) -> None:
    a_post(ours)
    with as_role("pars_owner"):
        Message.objects.update(attempts=TRIES)

    run()

    assert the_message().state == State.GIVEN_UP


def test_it_lapses_when_nothing_is_left_to_say_or_its_reader_has_left_or_wants_none(
    ours: Organization,
) -> None:
    left, moved, mute = (make.a_member(ours, Role.REPORTER) for _ in range(3))
    a_post(ours)
    Membership.objects.filter(user=left).delete()
    Membership.objects.filter(user=moved).update(role=Role.VIEWER)
    member = Membership.objects.select_related("organization").get(user=mute).actor()
    with acting_as(member):
        choose(wanted=[], offered=[NOTE], by=member, at=now())
    silent = make.a_member(ours, Role.REPORTER)
    a_post(ours, of=0, key="nothing", to_user=silent.pk)

    assert run() == 0

    with acting_as(SYSTEM):
        assert set(Message.objects.values_list("state", flat=True)) == {State.LAPSED}


def test_wanting_it_again_ends_the_silence(ours: Organization, reporter: User) -> None:
    member = Membership.objects.select_related("organization").get(user=reporter).actor()
    with acting_as(member):
        choose(wanted=[], offered=[NOTE], by=member, at=now())
        choose(wanted=[NOTE.name], offered=[NOTE], by=member, at=now())
    a_post(ours)

    assert run() == 1


def test_the_operator_may_have_it_tried_anew(ours: Organization, reporter: User) -> None:
    a_post(ours)
    with as_role("pars_owner"):
        Message.objects.update(state=State.GIVEN_UP, attempts=TRIES, finished_at=now())

    with acting_as(SYSTEM):
        assert try_again(by=SYSTEM, at=now() - timedelta(minutes=1)) == 1

    assert run() == 1


def test_what_was_finished_long_ago_is_forgotten(ours: Organization, reporter: User) -> None:
    a_post(ours)
    run()

    with as_role("pars_worker"):
        assert forget(now() + timedelta(days=399)) == 0
        assert forget(now() + timedelta(days=401)) == 1


def test_the_log_names_no_reader(ours: Organization, reporter: User, caplog: Any) -> None:
    a_post(ours)
    Server.answer = SMTPRecipientsRefused({reporter.email: (550, b"no such person")})

    run()

    assert "SMTPRecipientsRefused" in caplog.text
    assert reporter.email not in caplog.text


def test_another_organization_sees_none_of_it(ours: Organization, reporter: User) -> None:
    a_post(ours)
    theirs = make.a_provider()

    with acting_as(Actor.organization(theirs.pk, OrganizationKind.PROVIDER)):
        assert not Message.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Message.objects.create(
                organization=ours, user=reporter, kind="note", key="x", created_at=AT, due_at=AT
            )


AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
