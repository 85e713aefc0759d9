"""The launcher from outside: what it says, what it returns, and that it leaves nothing behind."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from tests.devstack.conftest import ROOT, Launched, clean_environment

Launch = Callable[..., Launched]
PYTHON = sys.executable

WHO_AM_I = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
    login = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    print(*db.execute(login).fetchone(), db.execute("SHOW timezone").fetchone()[0])
    try:
        db.execute("SELECT * FROM django_migrations")
    except psycopg.errors.InsufficientPrivilege:
        print("no role, no table")
    db.execute("SET ROLE pars_owner")
    print(db.execute("SELECT count(*) > 0 FROM django_migrations").fetchone()[0])
"""

CLONE = """
import os, psycopg
address = os.environ["DATABASE_URL"].replace("@/pars?", "@/postgres?")
with psycopg.connect(address, autocommit=True) as db:
    db.execute("CREATE DATABASE cloned TEMPLATE pars STRATEGY file_copy")
    db.execute("DROP DATABASE cloned")
print("cloned")
"""


def execute(*command: str, checkout: Path, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    """Run a command under `exec` to its end."""
    return subprocess.run(
        [PYTHON, "-m", "pars.devstack", "exec", "--", *command],
        cwd=checkout,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def test_exec_runs_the_command_on_a_migrated_database_without_any_privilege_of_its_own(project: Path) -> None:
    done = execute("sh", "-c", f"{PYTHON} -c '{WHO_AM_I}' && {PYTHON} -c '{CLONE}'; exit 7", checkout=project)

    assert done.stdout.splitlines() == ["pars False False UTC", "no role, no table", "True", "cloned"]
    assert done.returncode == 7


def test_exec_ended_by_sigterm_leaves_no_process_and_no_folder(launch: Launch) -> None:
    launched = launch("exec", "--", "sh", "-c", "echo home=$PARS_LOCAL; sleep 1000")
    home = Path(launched.wait_for("home=").removeprefix("home="))

    launched.process.send_signal(signal.SIGTERM)

    assert launched.process.wait(30) == -signal.SIGTERM
    assert Launched(launched.process, home).all_gone()
    assert not home.exists()


def test_what_a_killed_exec_left_is_removed_by_the_next(launch: Launch, project: Path) -> None:
    launched = launch("exec", "--", "sh", "-c", "echo home=$PARS_LOCAL; sleep 1000")
    home = Path(launched.wait_for("home=").removeprefix("home="))
    launched.process.kill()
    launched.process.wait()
    assert home.exists()

    execute("true", checkout=project)

    assert Launched(launched.process, home).all_gone()
    assert not home.exists()


def test_up_says_ready_serves_loopback_and_goes_without_a_trace(launch: Launch, folder: Path) -> None:
    launched = launch("up", checkout=ROOT)
    address = launched.wait_for("READY").removeprefix("READY ")

    with urllib.request.urlopen(f"{address}healthz") as answer:
        assert answer.status == 200
    second = subprocess.run(
        [PYTHON, "-m", "pars.devstack", "up"],
        cwd=ROOT,
        env=clean_environment(PARS_LOCAL=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stderr.strip()) == (
        1,
        f"Already running: pid {launched.process.pid}, {address}",
    )
    secrets = ("secret-key", "field-key", "environment")
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in secrets] == [0o600] * 3

    launched.process.send_signal(signal.SIGINT)

    assert launched.process.wait(30) == -signal.SIGINT
    assert launched.all_gone()
    assert not (folder / "environment").exists()


def test_up_recovers_after_its_supervisor_and_after_its_database_were_killed(
    launch: Launch, folder: Path
) -> None:
    killed = launch("up")
    killed.wait_for("READY")
    keys = (folder / "field-key").read_text()
    killed.process.kill()
    killed.process.wait()

    # At once, while the killed one's processes are still going.
    again = launch("up")
    again.wait_for("READY")
    assert (folder / "field-key").read_text() == keys
    os.kill(int((folder / "servers/postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    assert again.process.wait(60) == 1
    assert "postgres ended (SIGKILL)" in again.output()
    assert again.all_gone()
    third = launch("up")
    third.wait_for("READY")


def test_an_explicit_port_that_is_taken_is_refused(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        launched = launch("up", PORT=str(taken.getsockname()[1]))

        assert launched.process.wait(30) == 1
    assert "is taken" in launched.output()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another account")
def test_a_checkout_that_the_servers_account_cannot_reach_stays_closed(launch: Launch, folder: Path) -> None:
    folder.parent.chmod(0o700)

    launched = launch("up")
    launched.wait_for("READY")
    sockets = Path(unquote((folder / "environment").read_text().split("?host=")[1].splitlines()[0]))

    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert not (folder / "servers").exists()
    launched.process.terminate()
    launched.process.wait(30)
    shutil.rmtree(sockets.parent)


def test_a_database_without_the_roles_is_refused_with_what_to_run(launch: Launch, project: Path) -> None:
    outer = launch("exec", "--", "sh", "-c", "echo url=$DATABASE_URL; sleep 1000")
    url = outer.wait_for("url=").removeprefix("url=")
    with psycopg.connect(url.replace("//pars@", "//postgres@"), autocommit=True) as db:
        db.execute("CREATE ROLE stranger LOGIN")

    given = subprocess.run(
        [PYTHON, "-m", "pars.devstack", "exec", "--", "true"],
        cwd=project,
        env=clean_environment(DATABASE_URL=url.replace("//pars@", "//stranger@")),
        capture_output=True,
        text=True,
        check=False,
    )

    assert given.returncode == 1
    assert "stranger may not take the roles pars_owner, pars_web, pars_worker" in given.stderr
    assert "psql -v database=pars -v login=stranger -f pars/devstack/roles.sql" in given.stderr
