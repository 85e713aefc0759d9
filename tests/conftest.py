"""Every test gets its own copy of the migrated database, the app's own role, and the cast in `factories`.

`devstack exec` has migrated one database as its owner. Each pytest process clones it once; ordinary tests run inside a
transaction that is rolled back, as pars_web, so that row security holds in tests as it does in production.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import pars.celery  # noqa: F401  (shared tasks need their application)
from pars.access.models import User
from tests.databases import TEMPLATE, clone, environment
from tests.pages import PageClient

SAMPLES = Path(__file__).parent / "samples"

# The suite asks the same today and tomorrow, on a slow machine too; `--hypothesis-profile default` looks for new cases.
hypothesis_settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Clone the migrated database for this pytest process; drop the clone at the end."""
    with django_db_blocker.unblock(), clone(f"{TEMPLATE}_{worker_id}"):
        yield


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[dict[str, str]]:
    """A fresh database in which commits are real; the environment that leads other processes to it and to a broker."""
    name = f"{TEMPLATE}_{worker_id}_committed"
    with django_db_blocker.unblock(), clone(name):
        yield environment(name, worker_id)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(autouse=True)
def _quick_and_apart(tmp_path: Path, settings: Any) -> None:
    """Uploads in a folder of the test's own; passwords hashed without Argon2's deliberate slowness."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def client() -> PageClient:
    """A visitor whose every page is checked (see `pages`)."""
    return PageClient()


@pytest.fixture
def client_as() -> Callable[[User | None], PageClient]:
    """A checked client signed in as a user, who has an authenticator app; None: a visitor."""

    def sign_in(user: User | None) -> PageClient:
        checked = PageClient()
        if user is not None:
            totp = Authenticator.Type.TOTP
            Authenticator.objects.get_or_create(user=user, type=totp, defaults={"data": {}})
            checked.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return checked

    return sign_in


@pytest.fixture
def samples() -> Path:
    """The folder of files that people would send."""
    return SAMPLES
