"""A real server with the demo world, and Debian's Chromium in front of it.

Server, browser and the loaded world are made once for each pytest process; every test finds the world as new, in a copy
of the database under the name that the server knows.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, sync_playwright

from pars.demo import world
from tests.browser.person import Person, Serve, Visitor
from tests.databases import TEMPLATE, clone, connected_to, copy, environment
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
PATIENCE = 60  # seconds


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps uploads."""
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """The name of a database with the demo world, to which nobody is connected."""
    name = f"{TEMPLATE}_{worker_id}_world"
    with django_db_blocker.unblock(), copy(name):
        with connected_to(name), as_role("pars_owner"):
            world.load(at=now())
        yield name


@pytest.fixture(scope="session")
def serve(worker_id: str, local: Path) -> Serve:
    """Starts a server of the tests' database: `with serve(demo=False) as address`."""

    @contextmanager
    def serving(*, demo: bool) -> Iterator[str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "pars.wsgi:application", "--no-control-socket"]
        command += ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "error"]
        settings = {"PARS_DEMO": "1" if demo else "", "PARS_DB_ROLE": "pars_web", "PARS_LOCAL": str(local)}
        server = subprocess.Popen(command, cwd=ROOT, env=environment(_name(worker_id), worker_id) | settings)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(PATIENCE)

    return serving


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[str]:
    """The address of this pytest process's server."""
    with serve(demo=True) as address:
        yield address


@pytest.fixture
def site(loaded: str, server: str, uploads: Path, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """The server's address, the world as it was loaded."""
    with django_db_blocker.unblock(), clone(_name(worker_id), of=loaded):
        yield server


@pytest.fixture
def uploads(local: Path, settings: Any) -> Path:
    """The folder in which the test finds the uploads that the server was sent."""
    settings.UPLOADS_DIR = local / "uploads"
    return local / "uploads"


def _name(worker_id: str) -> str:
    return f"{TEMPLATE}_{worker_id}_served"


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django would refuse to ask the database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Visitor]:
    """Makes people: `visitor("reporter@…")` is signed in, `visitor()` is not. At the end, nobody saw a fault."""
    people: list[Person] = []

    def come(email: str = "", *, at: str = site, **context: Any) -> Person:
        window = browser.new_context(base_url=at, reduced_motion="reduce", **context)
        person = Person(window, at, shots=os.environ.get("SHOTS", ""))
        people.append(person)
        if email:
            person.sign_in(email)
        return person

    yield come
    for person in people:
        person.page.context.close()
    assert [fault for person in people for fault in person.faults] == []
