"""The mail to who sent a file: one for each end, with counts and a link, and nothing of anybody."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils.timezone import now

from learners import actions
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.batches import undoing
from pars.batches.actions import receive
from pars.batches.answers import MONTH_FIRST, answer_dates
from pars.batches.kinds import kind_named
from pars.batches.models import Batch, Source
from pars.outbox.delivery import deliver
from pars.outbox.models import Message
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import a_row, as_csv, see_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Organization:
    a_physician(a_board("NC"), "2008-95323")
    return a_provider("Northlake")


@pytest.fixture
def pat(ours: Organization) -> User:
    a_member(ours, Role.ADMIN)
    return a_member(ours, Role.REPORTER, email="pat@test.example")


def sent_by(
    person: User | None, organization: Organization, content: bytes, source: Source = Source.FILE
) -> Batch:
    """A file that a person handed in; nobody has read it yet."""
    actor = Actor.organization(
        organization.pk, OrganizationKind.PROVIDER, user_id=person.pk if person else None
    )
    with acting_as(actor):
        return receive(
            kind=kind_named("learners"),
            upload=io.BytesIO(content),
            name="Osei Amara.csv",
            organization_id=organization.pk,
            by=actor,
            at=now(),
            source=source,
        ).batch


def delivered() -> list[EmailMessage]:
    """What goes out now."""
    mail.outbox.clear()
    with as_role("pars_owner"):
        # The database's now is this transaction's beginning.
        Message.objects.update(due_at=now() - timedelta(hours=1))
    with as_role("pars_worker"):
        deliver()
    return list(mail.outbox)


def good(organization: Organization) -> dict[str, str]:
    return a_row(an_activity(organization).activity_id)


def test_the_sender_gets_one_mail_with_counts_and_a_link_and_nothing_of_anybody(
    ours: Organization, pat: User
) -> None:
    batch = see_through(sent_by(pat, ours, as_csv([good(ours), good(ours) | {"amount": "many"}])))
    see_through(batch)

    [letter] = delivered()

    assert letter.to == ["pat@test.example"]
    assert letter.subject == "Your file is done: 1 to fix"
    assert "1 row is in. 1 row needs a fix." in letter.body
    assert f"/uploads/{batch.pk}/" in letter.body
    assert "Osei" not in letter.body + letter.subject
    assert delivered() == []


def test_a_worker_that_dies_at_the_end_has_posted_nothing_and_the_next_posts_once(
    ours: Organization, pat: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent_by(pat, ours, as_csv([good(ours)]))
    with monkeypatch.context() as dying:
        dying.setattr("pars.batches.processing.tell", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            see_through(batch)
    assert delivered() == []

    assert see_through(batch).status == "done"

    assert len(delivered()) == 1


def test_a_refused_file_and_an_undone_one_are_told(ours: Organization, pat: User) -> None:
    see_through(sent_by(pat, ours, b""))
    refused = delivered()
    batch = see_through(sent_by(pat, ours, as_csv([good(ours)])))
    delivered()
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER, user_id=pat.pk)
    with acting_as(actor):
        work = undoing.undo(batch=batch, by=actor, at=now())
    see_through(work)

    [undone] = delivered()

    assert [one.subject for one in refused] == ["Your file was refused"]
    assert undone.subject == "Your upload is undone"
    assert "1 credit that it added was withdrawn." in undone.body
    assert f"/uploads/{batch.pk}/" in undone.body


def test_a_question_is_told_unless_it_is_answered_first_and_the_end_is_told_too(
    ours: Organization, pat: User
) -> None:
    course = an_activity(ours)
    asking = as_csv([a_row(course.activity_id, completed=day) for day in ("03/04/2026", "25/04/2026")])
    see_through(sent_by(pat, ours, asking))
    asked = [one.subject for one in delivered()]
    batch = see_through(sent_by(pat, ours, asking))
    assert batch.asks
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER, user_id=pat.pk)
    with acting_as(actor):
        answer_dates(batch=batch, order=MONTH_FIRST, by=actor, at=now())
    see_through(batch)

    assert asked == ["Your file asks one question"]
    assert [one.subject for one in delivered()] == ["Your file is done: 2 to fix"]


def test_nobody_is_told_of_an_entry_on_a_page_or_of_a_command_s_file(ours: Organization, pat: User) -> None:
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER, user_id=pat.pk)
    with acting_as(actor):
        actions.report_rows(rows=[good(ours)], consent="written", organization=ours, by=actor, at=now())
    see_through(sent_by(None, ours, as_csv([good(ours)]), source=Source.COMMAND))

    assert delivered() == []
