"""Forms about people and terms: shape only."""

from typing import Any
from zoneinfo import ZoneInfo

from allauth.account import forms as account
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth import password_validation

from pars.access.models import Consent, Organization, User
from pars.access.roles import ROLES_OF, OrganizationKind, Role

# What each role may do, in the words its administrator chooses by.
DUTIES: dict[Role, str] = {
    Role.ADMIN: "manages people and terms, and does everything else",
    Role.REPORTER: "enters activities and reports credit",
    Role.VIEWER: "looks, changes nothing",
    Role.REVIEWER: "looks up licensees",
    Role.OPERATOR: "runs the program",
    Role.AUDITOR: "reads everything, changes nothing",
}

# The zones of the United States and its territories (IANA names), by the name people use.
TIME_ZONES: list[tuple[str, str]] = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico and U.S. Virgin Islands"),
    ("Pacific/Guam", "Guam and Northern Mariana Islands"),
    ("Pacific/Pago_Pago", "American Samoa"),
]


def role_choices(kind: str) -> list[tuple[str, str]]:
    """The roles of a kind of organization, each with what it may do."""
    return [(role.value, f"{role.label}: {DUTIES[role]}") for role in ROLES_OF[OrganizationKind(kind)]]


class RoleForm(forms.Form):
    """A role within one kind of organization."""

    role = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose what this person may do."}
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = role_choices(organization.kind)

    @property
    def chosen_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    """Whom to invite, as what."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the address the invitation goes to."},
    )
    field_order = ("email", "role")


class NewcomerForm(forms.Form):
    """Who follows an invitation without an account."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name, as your colleagues know it."},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=256,
        help_text="At least 15 characters. A few words in a row are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password of at least 15 characters."},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user = User(email=self._email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, user)
        return password


class BoardTermsForm(forms.Form):
    """A board's acceptance."""

    signed_name = forms.CharField(
        label="Your full name",
        max_length=120,
        help_text="Typing it stands for your signature.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your full name to sign."},
    )
    authority = forms.BooleanField(
        label="I may accept these terms for my organization",
        error_messages={"required": "Confirm that you may accept these terms, or ask someone who may."},
    )


class ProviderTermsForm(BoardTermsForm):
    """A provider's acceptance, with the consent it usually holds."""

    consent = forms.ChoiceField(
        label="How learners usually consent",
        choices=[
            (Consent.WRITTEN.value, "Written: they sign or tick that their credit may be reported"),
            (Consent.IMPLIED.value, "Implied: the activity announces the reporting, and they take part"),
        ],
        widget=forms.RadioSelect,
        help_text="Each upload takes this over; it can be changed there.",
        error_messages={"required": "Choose the consent your learners usually give."},
    )
    consent_wording = forms.CharField(
        label="The words your learners read",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("consent", "consent_wording", "signed_name", "authority")


def terms_form(edition: str) -> type[BoardTermsForm]:
    """The form that goes with an edition of the terms."""
    return ProviderTermsForm if edition == OrganizationKind.PROVIDER else BoardTermsForm


class OrganizationForm(forms.Form):
    """What every new organization needs; providers and boards add what only they have."""

    name = forms.CharField(max_length=200, error_messages={"required": "Enter the organization's full name."})
    time_zone = forms.ChoiceField(
        choices=TIME_ZONES, initial="America/Chicago", help_text="Due dates are counted in it."
    )
    admin_email = forms.EmailField(
        label="First administrator’s email address",
        max_length=254,
        help_text="Gets an invitation, and invites everyone else.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the address of the person who will manage the organization."},
    )

    def clean_time_zone(self) -> str:
        return ZoneInfo(self.cleaned_data["time_zone"]).key


# What each field of the sign-in library's forms asks for when it was left empty.
_EMPTY = {
    "login": "Enter your email address.",
    "email": "Enter your email address.",
    "password": "Enter your password.",
    "oldpassword": "Enter the password you have now.",
    "password1": "Choose a password of at least 15 characters.",
    "password2": "Enter the new password again.",
    "code": "Enter the code.",
}


class _InOurWords:
    """Mixed into a form of the sign-in library: says what to enter where it said “This field is required.”"""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & _EMPTY.keys():
            self.fields[name].error_messages["required"] = _EMPTY[name]


class SignInForm(_InOurWords, account.LoginForm):  # type: ignore[misc]
    """Email and password."""


class SignUpForm(_InOurWords, account.SignupForm):  # type: ignore[misc]
    """A physician's new account."""


class AddEmailForm(_InOurWords, account.AddEmailForm):  # type: ignore[misc]
    """One more address of an account."""


class ForgottenPasswordForm(_InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link that sets a new password."""


class NewPasswordForm(_InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, behind that link."""


class ChangePasswordForm(_InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """The password of somebody who knows the one before."""


class ActivateAppForm(_InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, meant to sign in by itself; a plain security key can still be added as a second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name"
        self.fields["name"].help_text = "To tell your passkeys apart, such as “Office laptop”."
        self.fields["passwordless"].label = "Sign in with it alone, without a password"
        self.fields["passwordless"].initial = True
        self.fields[
            "passwordless"
        ].help_text = (
            "Asks for your fingerprint, face or PIN. Take the tick away for a key that has none of them."
        )


class SecondStepForm(_InOurWords, AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in. `has_app`, `has_passkeys`: what this account has, so that the page names nothing else.

    Whoever has either has recovery codes too.
    """

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        ways = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        self.has_passkeys = Authenticator.Type.WEBAUTHN in ways
        self.has_app = Authenticator.Type.TOTP in ways


class TrailForm(forms.Form):
    """Filters of the audit trail, all optional."""

    organization = forms.CharField(label="Provider ID or board code", required=False, max_length=20)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
