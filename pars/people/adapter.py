"""What of sign-in is ours: who may sign up, what its e-mails say, and how second factors are stored."""

import logging
import time
from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.http import HttpRequest
from django.shortcuts import resolve_url

from pars.access.models import User
from pars.access.secrets import key_for
from pars.web.context import PRODUCT

logger = logging.getLogger(__name__)

SIGNED_IN_AT = "signed_in_at"
REAUTHENTICATION_TIMEOUT = 300  # seconds; as long as allauth takes a confirmed password for fresh


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by e-mail. Anyone may sign up, to act for themselves; organizations invite."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home sends each kind of person on to the page they work from."""
        return resolve_url("home")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SIGNED_IN_AT] = int(time.time())

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within five minutes of signing in: a newcomer sets up a second factor straight away."""
        since = time.time() - self.request.session.get(SIGNED_IN_AT, 0)
        return since > REAUTHENTICATION_TIMEOUT and bool(super().is_reauthentication_required(app=app))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without names, addresses or the device it came from: mail is read by others than its reader."""
        kept = {name: value for name, value in context.items() if name not in _PERSONAL}
        super().send_mail(template_prefix, email, kept | {"product": PRODUCT})

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell the account's owner what has changed. It has: a mail server that is down does not undo that."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except OSError as refusal:  # its words may name the recipient
            logger.error("A notification could not be sent: %s", type(refusal).__name__)


_PERSONAL = frozenset(
    {"user", "username", "email", "ip", "user_agent", "from_email", "to_email", "deleted_email"}
)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery seeds lie encrypted; passkeys carry the product's name, not the host's."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture alone, to stand inside a page: images from data addresses are not allowed there."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": PRODUCT}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name or user.email}


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(key_for("second-factor")))
