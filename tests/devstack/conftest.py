"""The launcher as a person runs it: a process of its own, told nothing by the stack that runs the tests.

What it does to processes does not depend on the application, so most tests give it a small, quick one.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.devstack import standin

ROOT = Path(__file__).resolve().parents[2]
# What the stack around the tests sets; with any of it the launcher under test would not start from nothing.
OF_THE_STACK_AROUND = ("DATABASE_URL", "REDIS_URL", "PARS_", "PORT", "PG")


@dataclass
class Launched:
    """A launcher started by a test, and the folder it keeps its stack in."""

    process: "subprocess.Popen[str]"
    folder: Path

    def wait_for(self, text: str, seconds: float = 90) -> str:
        """The first line of the launcher's output with `text` in it."""
        deadline = time.monotonic() + seconds
        seen = ""
        while time.monotonic() < deadline:
            seen = (self.folder.parent / "output").read_text()
            for line in seen.splitlines():
                if text in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not said. Said was:\n{seen}")

    def output(self) -> str:
        return (self.folder.parent / "output").read_text()

    def members(self) -> list[int]:
        """The processes that belong to this stack, by the mark in their environment."""
        return processes_with(f"PARS_STACK={self.folder}")

    def all_gone(self, seconds: float = 10) -> bool:
        deadline = time.monotonic() + seconds
        while self.members():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def processes_with(entry: str) -> list[int]:
    """The processes that have this entry in their environment."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if entry.encode() in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a shell that knows nothing of PARS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_STACK_AROUND)}
    return kept | more


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a stack that the servers' account can reach, as a checkout usually is."""
    # Not tmp_path: pytest closes its folders to everybody else.
    above = Path(tempfile.mkdtemp(prefix="pars-test-"))
    above.chmod(0o711)
    yield above / "local"
    shutil.rmtree(above)


@pytest.fixture(scope="session")
def project() -> Iterator[Path]:
    """A checkout with the real launcher around the smallest application."""
    checkout = Path(tempfile.mkdtemp(prefix="pars-test-"))
    checkout.chmod(0o711)
    shutil.copytree(ROOT / "pars" / "devstack", checkout / "pars" / "devstack")
    for name, text in standin.FILES.items():
        (checkout / name).write_text(text)
    yield checkout
    shutil.rmtree(checkout)


@pytest.fixture
def launch(folder: Path, project: Path) -> Iterator[Callable[..., Launched]]:
    """Start the launcher with these arguments; what still runs at the end of the test is ended."""
    started: list[Launched] = []

    def start(*arguments: str, checkout: Path = project, **environment: str) -> Launched:
        folder.parent.mkdir(exist_ok=True)
        with (folder.parent / "output").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "pars.devstack", *arguments],
                cwd=checkout,
                env=clean_environment(PARS_LOCAL=str(folder), **environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        launched = Launched(process, folder)
        started.append(launched)
        return launched

    yield start
    for launched in started:
        if launched.process.poll() is None:
            launched.process.send_signal(signal.SIGTERM)
            launched.process.wait(60)
