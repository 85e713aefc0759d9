"""Every test gets its own copy of the migrated database, the app's own role, and the cast in `factories`.

`devstack exec` has migrated one database as its owner. Each pytest process clones it once; ordinary tests run inside a
transaction that is rolled back, as pars_web, so that row security holds in tests as it does in production.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

import pars.celery  # noqa: F401  (shared tasks need their application)
from pars.access.models import User
from tests.pages import PageClient

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Clone the migrated database for this pytest process; drop the clone at the end."""
    with django_db_blocker.unblock(), _clone(f"{TEMPLATE}_{worker_id}"):
        yield


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[dict[str, str]]:
    """A fresh database in which commits are real; the environment that leads other processes to it and to a broker."""
    name = f"{TEMPLATE}_{worker_id}_committed"
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 15
    with django_db_blocker.unblock(), _clone(name):
        yield os.environ | {
            "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
            "REDIS_URL": f"{os.environ['REDIS_URL']}?virtual_host={number}",
            "PARS_LOCAL": str(settings.UPLOADS_DIR.parent),
            "PARS_DB_ROLE": "pars_worker",
        }


TEMPLATE = str(settings.DATABASES["default"]["NAME"])


@contextmanager
def _clone(name: str) -> Iterator[None]:
    """Django's connections lead to a new copy of the migrated database, and then back."""
    before = [connections[alias].settings_dict["NAME"] for alias in connections]
    with _maintenance() as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY file_copy')
    _lead_to([name] * len(before))
    try:
        yield
    finally:
        _lead_to(before)
        with _maintenance() as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _lead_to(names: list[str]) -> None:
    for alias, name in zip(connections, names, strict=True):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _maintenance() -> psycopg.Connection[Any]:
    """A connection outside Django, to a database nobody clones."""
    return psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True)


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
