"""Copies of the migrated database, and where Django's connections lead meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

TEMPLATE = str(settings.DATABASES["default"]["NAME"])


@contextmanager
def copy(name: str, *, of: str = TEMPLATE) -> Iterator[None]:
    """A database of this name like `of`, to which nobody is connected; dropped at the end."""
    with _maintenance() as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY file_copy')
    try:
        yield
    finally:
        with _maintenance() as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's connections lead to the database of this name, and then back."""
    before = [connections[alias].settings_dict["NAME"] for alias in connections]
    _lead_to([name] * len(before))
    try:
        yield
    finally:
        _lead_to(before)


@contextmanager
def clone(name: str, *, of: str = TEMPLATE) -> Iterator[None]:
    """Both: Django works on a copy."""
    with copy(name, of=of), connected_to(name):
        yield


def _lead_to(names: list[str]) -> None:
    for alias, name in zip(connections, names, strict=True):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def environment(name: str, worker_id: str) -> dict[str, str]:
    """What leads another process to the database of this name, and to this pytest process's part of the broker."""
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 15
    return os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "REDIS_URL": f"{os.environ['REDIS_URL']}?virtual_host={number}",
        "PARS_LOCAL": str(settings.UPLOADS_DIR.parent),
        "PARS_DB_ROLE": "pars_worker",
    }


def _maintenance() -> psycopg.Connection[Any]:
    """A connection outside Django, to a database nobody clones."""
    return psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True)
