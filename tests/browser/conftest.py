"""A real server with the demo world, and Debian's Chromium in front of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, sync_playwright

from pars.demo import world
from tests.browser.person import Person
from tests.roles import as_role

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30  # seconds


@pytest.fixture
def site(committed: dict[str, str], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server of this test's own, with the demo world loaded."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher"
    ]  # as the server will check them
    with as_role("pars_owner"):
        world.load(at=now())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "pars.wsgi:application", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning"]
    environment = committed | {"PARS_DEMO": "1", "PARS_DB_ROLE": "pars_web"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            opener.open(address, timeout=2).close()
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Any]:
    """Makes people: `visitor("reporter@…")` is signed in, `visitor()` is not. At the end, nobody saw a fault."""
    people: list[Person] = []

    def come(email: str = "", **context: Any) -> Person:
        person = Person(
            browser.new_context(base_url=site, **context), site, shots=os.environ.get("SHOTS", "")
        )
        people.append(person)
        if email:
            person.sign_in(email)
        return person

    yield come
    assert [fault for person in people for fault in person.faults] == []
