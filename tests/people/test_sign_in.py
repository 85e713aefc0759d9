"""Signing in: allauth's flows on our pages."""

import re
import time
from base64 import b32decode
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings as project
from django.core import mail
from django.urls import reverse

from pars.access.models import Organization, User
from pars.access.roles import Role
from tests.factories import PASSWORD, a_board, a_member, a_provider, a_user, an_accreditor
from tests.pages import PageClient

ClientAs = Callable[[User | None], PageClient]

pytestmark = pytest.mark.django_db(databases=["default", "counters"])


def code_now(secret: str) -> str:
    """What an authenticator app shows: RFC 6238 with its defaults."""
    totp = TOTP(b32decode(secret + "=" * (-len(secret) % 8)), 6, SHA1(), 30)
    return totp.generate(int(time.time())).decode()


def sign_in(client: PageClient, user: User) -> None:
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302


def set_up_totp(client: PageClient) -> str:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert found
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_now(found[1])})
    assert answer.status_code == 302
    return found[1]


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_inactive"]
)
def test_a_visitor_finds_the_door(client: PageClient, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    ],
)
def test_a_person_reaches_every_page_of_their_account(client: PageClient, name: str) -> None:
    sign_in(client, a_user())

    answer = client.get(reverse(name))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate"],
)
def test_a_person_with_an_authenticator_reaches_its_pages(client: PageClient, name: str) -> None:
    sign_in(client, a_user())
    set_up_totp(client)

    answer = client.get(reverse(name))

    assert answer.status_code == 200


def test_passkey_pages_open_for_a_person_with_a_passkey(client: PageClient) -> None:
    user = a_user()
    sign_in(client, user)
    key = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )

    answers = [
        client.get(reverse("mfa_list_webauthn")),
        client.get(reverse("mfa_edit_webauthn", args=[key.pk])),
        client.get(reverse("mfa_remove_webauthn", args=[key.pk])),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_no_page_carries_a_script_or_picture_that_the_policy_refuses(client: PageClient) -> None:
    sign_in(client, a_user())

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    assert "data:image" not in page
    assert "<svg" in page


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("account_login", ["Enter your email address.", "Enter your password."]),
        ("account_signup", ["Enter your email address.", "Choose a password of at least 15 characters."]),
        ("account_reset_password", ["Enter your email address."]),
        ("account_change_password", ["Enter the password you have now.", "Enter the new password again."]),
        ("mfa_activate_totp", ["Enter the code."]),
    ],
)
def test_what_was_left_empty_is_asked_for_in_words(
    client: PageClient, name: str, sentences: list[str]
) -> None:
    if name in ("account_change_password", "mfa_activate_totp"):
        sign_in(client, a_user())

    page = client.post(reverse(name), {}).content.decode()

    assert [sentence for sentence in sentences if sentence not in page] == []
    assert "This field is required." not in page


def test_signing_in_leads_home(client: PageClient) -> None:
    user = a_user()

    answer = client.post(reverse("account_login"), {"login": user.email.upper(), "password": PASSWORD})

    assert answer["Location"] == reverse("home")


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: PageClient) -> None:
    known = a_user()

    wrong = client.post(reverse("account_login"), {"login": known.email, "password": "not this one, sorry"})
    unknown = client.post(
        reverse("account_login"), {"login": "no@one.example", "password": "not this one, sorry"}
    )

    sentence = "The email address and/or password you specified are not correct."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_signing_up_with_a_known_address_tells_the_page_nothing(client: PageClient) -> None:
    known = a_user()

    for email in (known.email, "new@physician.example"):
        answer = PageClient().post(
            reverse("account_signup"), {"email": email, "password1": "three plain words"}
        )
        assert answer["Location"] == reverse("account_email_verification_sent")

    assert [message.to for message in mail.outbox] == [[known.email], ["new@physician.example"]]


def test_a_physician_signs_up_confirms_and_signs_in(client: PageClient) -> None:
    client.post(
        reverse("account_signup"), {"email": "new@physician.example", "password1": "three plain words"}
    )
    client.get(reverse("account_email_verification_sent"))

    client.get(link_in_mail())
    client.post(link_in_mail())
    answer = client.post(
        reverse("account_login"), {"login": "new@physician.example", "password": "three plain words"}
    )

    assert answer["Location"] == reverse("home")


def test_a_confirmation_that_ran_out_says_what_to_do(client: PageClient) -> None:
    answer = client.get(reverse("account_confirm_email", args=["nonsense"]))

    assert "a new one is sent" in answer.content.decode()


def test_a_forgotten_password_is_replaced_through_the_mail(client: PageClient) -> None:
    user = a_user()
    client.post(reverse("account_reset_password"), {"email": user.email})
    client.get(reverse("account_reset_password_done"))
    link = link_in_mail()
    where = client.get(link)["Location"]

    client.get(where)
    client.post(where, {"password1": "four other plain words", "password2": "four other plain words"})
    client.get(reverse("account_reset_password_from_key_done"))

    user.refresh_from_db()
    assert user.check_password("four other plain words")
    assert "Ask for a new one" in PageClient().get(link).content.decode()


def test_asking_for_an_unknown_addresss_password_looks_the_same(client: PageClient) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "no@one.example"})

    assert answer["Location"] == reverse("account_reset_password_done")


def test_no_message_says_who_or_where_from(client: PageClient) -> None:
    user = a_user("amara@physician.example", name="Amara Osei")
    client.post(reverse("account_signup"), {"email": user.email, "password1": "three plain words"})
    client.post(reverse("account_reset_password"), {"email": user.email})
    sign_in(client, user)
    set_up_totp(client)
    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "four other plain words",
            "password2": "four other plain words",
        },
    )

    texts = "\n".join(f"{message.subject}\n{message.body}" for message in mail.outbox)

    assert len(mail.outbox) >= 3
    assert not [word for word in ("Amara", "Osei", "amara@", "127.0.0.1", "Browser", "2026") if word in texts]


def test_a_member_without_a_second_factor_is_led_to_set_one_up(client: PageClient) -> None:
    sign_in(client, a_member(a_provider(), Role.ADMIN))

    answer = client.get(reverse("people"))

    assert answer["Location"] == reverse("mfa_index")
    assert "Set up a second step first" in client.get(reverse("mfa_index")).content.decode()


def test_after_setting_up_an_authenticator_the_member_goes_on(client: PageClient) -> None:
    sign_in(client, a_member(a_provider(), Role.ADMIN))

    set_up_totp(client)

    assert client.get(reverse("people")).status_code == 200


def test_the_next_sign_in_asks_for_a_code(client: PageClient) -> None:
    member = a_member(a_provider(), Role.ADMIN)
    sign_in(client, member)
    secret = set_up_totp(client)
    client.post(reverse("account_logout"))

    answer = client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    client.get(reverse("mfa_authenticate"))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert answer["Location"] == reverse("mfa_authenticate")
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    assert secret


def test_a_recovery_code_stands_in_for_the_app(client: PageClient) -> None:
    member = a_member(a_provider(), Role.ADMIN)
    sign_in(client, member)
    set_up_totp(client)
    codes = re.findall(r"<code>(\d+)</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    client.post(reverse("account_logout"))
    sign_in(client, member)

    client.post(reverse("mfa_authenticate"), {"code": codes[0]})

    assert len(codes) == 10
    assert client.session["_auth_user_id"] == str(member.pk)


@pytest.mark.parametrize(("seconds", "asked"), [(280, False), (340, True)])
def test_five_minutes_after_signing_in_a_change_asks_for_the_password_again(
    client: PageClient, seconds: int, asked: bool
) -> None:
    sign_in(client, a_user())

    with time_machine.travel(time.time() + seconds):
        answer = client.get(reverse("mfa_activate_totp"))

    assert (answer.status_code == 302) == asked
    assert not asked or answer["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize(
    ("organization", "role", "minutes"),
    [
        (a_board, Role.REVIEWER, 15),
        (an_accreditor, Role.OPERATOR, 15),
        (a_provider, Role.REPORTER, 30),
        (None, None, 30),
    ],
)
def test_who_leaves_the_screen_alone_is_signed_out(
    client_as: ClientAs, organization: Callable[[], Organization] | None, role: Role | None, minutes: int
) -> None:
    client = client_as(a_member(organization(), role) if organization and role else a_user())
    begun = int(time.time())
    client.get(reverse("mfa_index"))

    with time_machine.travel(begun + minutes * 60 - 2, tick=False):
        still_there = client.get(reverse("mfa_index"))
    with time_machine.travel(begun + minutes * 120, tick=False):
        gone = client.get(reverse("mfa_index"))

    assert still_there.status_code == 200
    assert gone["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_who_does_something_now_and_then_stays(client_as: ClientAs) -> None:
    client = client_as(a_member(a_provider(), Role.REPORTER))
    begun = int(time.time())

    answers = []
    for minutes in (0, 20, 40, 60):
        with time_machine.travel(begun + minutes * 60, tick=False):
            answers.append(client.get(reverse("mfa_index")).status_code)

    assert answers == [200] * 4


def test_a_changed_password_leads_back_to_account_security(client: PageClient) -> None:
    sign_in(client, a_user())
    words = "four other plain words"

    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": words, "password2": words}
    )

    assert answer["Location"] == reverse("mfa_index")


def test_the_authenticators_secret_lies_encrypted(client: PageClient) -> None:
    sign_in(client, a_user())

    secret = set_up_totp(client)

    stored = [str(found.data) for found in Authenticator.objects.all()]
    assert len(stored) == 2
    assert not [data for data in stored if secret in data]


def test_the_demos_sign_in_page_names_its_people(client: PageClient, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]

    page = client.get(reverse("account_login")).content.decode()

    assert "operator@accreditor.example" in page
    assert "demo-only-Passw0rd" in page
    assert "Reporter, Northlake Medical Center" in page


def test_elsewhere_the_sign_in_page_names_nobody(client: PageClient) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert not project.DEMO
    assert ".example" not in page


def test_ten_wrong_passwords_close_the_door_for_a_while(client: PageClient) -> None:
    user = a_user("guessed@physician.example")

    for _ in range(11):
        answer = client.post(
            reverse("account_login"), {"login": user.email, "password": "not this one, sorry"}
        )
    right = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert "Too many failed login attempts" in answer.content.decode()
    assert right.status_code == 200


def test_an_address_can_be_added_and_removed(client: PageClient) -> None:
    user = a_user()
    sign_in(client, user)

    client.post(
        reverse("account_email"), {"email": "second@physician.example", "action_add": "yes"}, follow=True
    )
    client.post(
        reverse("account_email"), {"email": "second@physician.example", "action_remove": "yes"}, follow=True
    )

    assert EmailAddress.objects.filter(user=user).count() == 1
