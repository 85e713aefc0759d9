"""An organization's people: inviting, changing, removing, switching."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from pars.access.middleware import ACTING_FOR
from pars.access.models import Invitation, Membership, User
from pars.access.roles import Role
from pars.audit.models import Event
from tests.factories import a_board, a_member, a_provider, a_user, an_accreditor
from tests.pages import PageClient, words_of
from tests.roles import as_role

ClientAs = Callable[[User | None], PageClient]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


def verbs() -> list[str]:
    with as_role("pars_owner"):
        return list(Event.objects.order_by("at").values_list("verb", flat=True))


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_an_administrator_invites_and_the_link_is_kept_only_as_a_digest(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))

    answer = client.post(reverse("invite"), {"email": "New@hospital.example", "role": "reporter"})

    invitation = Invitation.objects.get(organization=ours)
    token = link_in_mail().split("/")[2]
    assert answer.status_code == 302
    assert invitation.email == "new@hospital.example"
    assert invitation.digest == Invitation.digest_of(token)
    assert token not in str(Invitation.objects.values())
    assert verbs() == ["invitation.made"]


def test_the_message_names_the_organization_and_nobody_in_it(client_as: ClientAs) -> None:
    ours = a_provider("Northlake Medical Center")
    client = client_as(a_member(ours, Role.ADMIN, name="Ada Admin"))

    client.post(reverse("invite"), {"email": "new@hospital.example", "role": "reporter"})

    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert "Northlake Medical Center" in text
    assert "Ada" not in words_of(text)
    assert "new@hospital.example" not in text


@pytest.mark.parametrize("role", ["reviewer", "operator", "owner", ""])
def test_a_role_of_another_kind_of_organization_is_refused(client_as: ClientAs, role: str) -> None:
    client = client_as(a_member(a_provider(), Role.ADMIN))

    answer = client.post(reverse("invite"), {"email": "new@hospital.example", "role": role})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_inviting_an_address_again_replaces_its_invitation(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    client.post(reverse("invite"), {"email": "new@hospital.example", "role": "reporter"})
    first = link_in_mail()

    client.post(reverse("invite"), {"email": "new@hospital.example", "role": "viewer"})

    assert Invitation.objects.get(organization=ours).role == "viewer"
    assert PageClient().get(first).status_code == 404
    assert PageClient().get(link_in_mail()).status_code == 200


def test_a_member_is_not_invited_again(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    a_member(ours, Role.VIEWER, email="here@hospital.example")

    answer = client.post(reverse("invite"), {"email": "Here@hospital.example", "role": "viewer"})

    assert answer.status_code == 422
    assert "belongs to the organization already" in answer.content.decode()


def test_a_newcomer_sets_name_and_password_and_acts_for_the_organization(client_as: ClientAs) -> None:
    ours = a_provider()
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "new@hospital.example", "role": "reporter"}
    )
    visitor = PageClient()

    visitor.get(link_in_mail())
    answer = visitor.post(link_in_mail(), {"name": "Nora New", "password": "three plain words"})

    user = User.objects.get(email="new@hospital.example")
    assert answer.status_code == 302
    assert user.check_password("three plain words")
    assert EmailAddress.objects.get(user=user).verified
    assert Membership.objects.get(user=user, organization=ours).role == "reporter"
    assert visitor.session[ACTING_FOR] == str(ours.pk)
    assert visitor.session["_auth_user_id"] == str(user.pk)
    assert verbs() == ["invitation.made", "invitation.accepted"]


@pytest.mark.parametrize("password", ["short", "new@hospital.example", "1q2w3e4r5t6y7u8i9o0p", ""])
def test_a_newcomers_weak_password_is_refused(client_as: ClientAs, password: str) -> None:
    ours = a_provider()
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "new@hospital.example", "role": "reporter"}
    )

    answer = PageClient().post(link_in_mail(), {"name": "Nora New", "password": password})

    assert answer.status_code == 422
    assert not User.objects.filter(email="new@hospital.example").exists()


def test_a_link_works_once(client_as: ClientAs) -> None:
    ours = a_provider()
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "new@hospital.example", "role": "reporter"}
    )
    PageClient().post(link_in_mail(), {"name": "Nora New", "password": "three plain words"})

    answer = PageClient().get(link_in_mail())

    assert answer.status_code == 404


def test_expired_revoked_and_unknown_links_look_the_same(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    client.post(reverse("invite"), {"email": "old@hospital.example", "role": "reporter"})
    expired = link_in_mail()
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    client.post(reverse("invite"), {"email": "back@hospital.example", "role": "reporter"})
    revoked = link_in_mail()
    taken_back = Invitation.objects.get(email="back@hospital.example")
    client.post(reverse("invitation-revoke", args=[taken_back.pk]))

    answers = [PageClient().get(path) for path in (expired, revoked, "/invitations/unknown/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in answers}) == 1


def test_somebody_with_an_account_signs_in_and_joins(client_as: ClientAs) -> None:
    ours = a_board()
    known = a_user("known@board.example")
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "known@board.example", "role": "reviewer"}
    )

    asked = PageClient().get(link_in_mail())
    unsigned = PageClient().post(link_in_mail(), {"name": "Eve", "password": "another long password"})
    client_as(known).post(link_in_mail())

    known.refresh_from_db()
    assert "?next=/invitations/" in asked.content.decode()
    assert unsigned.status_code == 200
    assert known.name == "Pat Person"
    assert Membership.objects.get(user=known).role == "reviewer"


def test_an_invitation_cannot_be_accepted_with_another_account(client_as: ClientAs) -> None:
    ours = a_board()
    a_user("known@board.example")
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "known@board.example", "role": "reviewer"}
    )
    theirs = a_user("other@board.example")

    answer = client_as(theirs).post(link_in_mail())

    assert "signed in with another account" in answer.content.decode()
    assert not Membership.objects.filter(user=theirs).exists()


def test_an_account_begun_with_somebody_elses_address_does_not_keep_its_password(client_as: ClientAs) -> None:
    ours = a_provider()
    begun = User.objects.create_user("new@hospital.example", "the squatter's password")
    EmailAddress.objects.create(user=begun, email="new@hospital.example", primary=True, verified=False)
    EmailAddress.objects.create(user=begun, email="squatter@elsewhere.example", verified=False)
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "new@hospital.example", "role": "admin"}
    )

    PageClient().post(link_in_mail(), {"name": "Nora New", "password": "three plain words"})

    begun.refresh_from_db()
    assert begun.check_password("three plain words")
    assert [address.email for address in EmailAddress.objects.filter(user=begun)] == ["new@hospital.example"]


def test_an_account_that_was_switched_off_is_not_brought_back_by_an_invitation(client_as: ClientAs) -> None:
    ours = a_provider()
    off = User.objects.create_user("off@hospital.example", "an old long password", is_active=False)
    client_as(a_member(ours, Role.ADMIN)).post(
        reverse("invite"), {"email": "off@hospital.example", "role": "admin"}
    )

    PageClient().post(link_in_mail(), {"name": "Back", "password": "three plain words"})

    off.refresh_from_db()
    assert off.check_password("an old long password")
    assert not Membership.objects.filter(user=off).exists()


def test_sending_again_gives_a_new_link_and_kills_the_old_one(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    client.post(reverse("invite"), {"email": "new@hospital.example", "role": "reporter"})
    first = link_in_mail()

    client.post(reverse("invitation-renew", args=[Invitation.objects.get().pk]))

    assert PageClient().get(first).status_code == 404
    assert PageClient().get(link_in_mail()).status_code == 200


@pytest.mark.parametrize("name", ["invitation-renew", "invitation-revoke"])
def test_another_organizations_invitation_is_not_there(client_as: ClientAs, name: str) -> None:
    theirs = a_provider()
    client_as(a_member(theirs, Role.ADMIN)).post(
        reverse("invite"), {"email": "new@hospital.example", "role": "reporter"}
    )
    invitation = Invitation.objects.get()

    answer = client_as(a_member(a_provider(), Role.ADMIN)).post(reverse(name, args=[invitation.pk]))

    assert answer.status_code == 404
    assert Invitation.objects.get().digest == invitation.digest


def test_mail_that_cannot_be_sent_is_said_and_can_be_sent_again(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("pars.people.invitations.send_mail", down)
    client = client_as(a_member(a_provider(), Role.ADMIN))

    answer = client.post(reverse("invite"), {"email": "new@hospital.example", "role": "viewer"}, follow=True)

    assert "could not be mailed" in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_an_administrator_changes_a_role(client_as: ClientAs) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    member = Membership.objects.get(user=a_member(ours, Role.VIEWER))

    client.get(reverse("member", args=[member.pk]))
    client.post(reverse("member", args=[member.pk]), {"role": "reporter"})

    member.refresh_from_db()
    assert member.role == "reporter"
    assert verbs() == ["member.role_changed"]


def test_the_last_administrator_keeps_the_role(client_as: ClientAs) -> None:
    ours = a_provider()
    admin = a_member(ours, Role.ADMIN)
    a_member(ours, Role.ADMIN, is_active=False)
    member = Membership.objects.get(user=admin)

    answer = client_as(admin).post(reverse("member", args=[member.pk]), {"role": "viewer"})

    member.refresh_from_db()
    assert answer.status_code == 422
    assert member.role == "admin"


def test_the_last_administrator_cannot_leave(client_as: ClientAs) -> None:
    ours = a_provider()
    admin = a_member(ours, Role.ADMIN)
    member = Membership.objects.get(user=admin)

    answer = client_as(admin).post(reverse("member-remove", args=[member.pk]), follow=True)

    assert "Somebody has to manage people" in answer.content.decode()
    assert Membership.objects.filter(pk=member.pk).exists()


def test_the_last_operator_cannot_leave(client_as: ClientAs) -> None:
    accreditor = an_accreditor()
    operator = a_member(accreditor, Role.OPERATOR)
    a_member(accreditor, Role.AUDITOR)
    member = Membership.objects.get(user=operator)

    client_as(operator).post(reverse("member-remove", args=[member.pk]))

    assert Membership.objects.filter(pk=member.pk).exists()


def test_a_removed_member_is_out_at_once(client_as: ClientAs) -> None:
    ours = a_provider()
    leaver = a_member(ours, Role.ADMIN)
    signed_in = client_as(leaver)
    signed_in.get(reverse("people"))
    member = Membership.objects.get(user=leaver)

    client_as(a_member(ours, Role.ADMIN)).post(reverse("member-remove", args=[member.pk]))

    assert signed_in.get(reverse("people")).status_code == 403
    assert verbs() == ["member.removed"]


@pytest.mark.parametrize("name", ["member", "member-remove"])
def test_another_organizations_member_is_not_there(client_as: ClientAs, name: str) -> None:
    theirs = Membership.objects.get(user=a_member(a_provider(), Role.VIEWER))

    answer = client_as(a_member(a_provider(), Role.ADMIN)).post(
        reverse(name, args=[theirs.pk]), {"role": "reporter"}
    )

    theirs.refresh_from_db()
    assert answer.status_code == 404
    assert theirs.role == "viewer"


@pytest.mark.parametrize("role", [Role.REPORTER, Role.VIEWER])
def test_only_administrators_see_people(client_as: ClientAs, role: Role) -> None:
    client = client_as(a_member(a_provider(), role))

    answer = client.get(reverse("people"))

    assert answer.status_code == 403


def test_the_list_of_people_takes_as_many_queries_for_many_as_for_one(
    client_as: ClientAs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ours = a_provider()
    client = client_as(a_member(ours, Role.ADMIN))
    client.get(reverse("people"))
    for _ in range(5):
        a_member(ours, Role.VIEWER)

    with django_assert_num_queries(10):
        client.get(reverse("people"))


def test_a_member_of_two_switches_between_them(client_as: ClientAs) -> None:
    person = a_member(a_provider("First Hospital"), Role.ADMIN)
    other = a_board(name="Second Board")
    Membership.objects.create(user=person, organization=other, role=Role.REVIEWER)
    client = client_as(person)

    client.post(reverse("switch"), {"organization": other.pk})

    assert client.get(reverse("people")).status_code == 403
    assert client.session[ACTING_FOR] == str(other.pk)


def test_a_member_switches_to_themselves(client_as: ClientAs) -> None:
    client = client_as(a_member(a_provider(), Role.ADMIN))

    client.post(reverse("switch"), {"organization": "self"})

    assert client.get(reverse("people")).status_code == 403


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_is_nothing_to_switch_to(client_as: ClientAs, asked: str) -> None:
    client = client_as(a_member(a_provider(), Role.ADMIN))

    answer = client.post(reverse("switch"), {"organization": asked})

    assert answer.status_code == 404


def test_nobody_switches_to_an_organization_they_do_not_belong_to(client_as: ClientAs) -> None:
    theirs = a_provider()
    client = client_as(a_member(a_provider(), Role.ADMIN))

    answer = client.post(reverse("switch"), {"organization": theirs.pk})

    assert answer.status_code == 404
    assert ACTING_FOR not in client.session
