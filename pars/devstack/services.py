"""The database and the broker of a stack, and the environment that leads the application to them."""

import fcntl
import os
import sys
from pathlib import Path

from pars.devstack.broker import Broker
from pars.devstack.given import prepare_given
from pars.devstack.home import ROOT, Home
from pars.devstack.keys import kept_keys, passing_keys
from pars.devstack.postgres import START_SECONDS, Cluster
from pars.devstack.processes import Crew

OWNER, WEB, WORKER = "pars_owner", "pars_web", "pars_worker"


def start_services(crew: Crew, home: Home, *, kept: bool) -> dict[str, str]:
    """Start what the caller did not bring. Returns the environment for the application, without a role.

    `kept` services and keys outlive the run; the others lose everything with it, and are the faster for it.
    """
    cluster = None if "DATABASE_URL" in os.environ else Cluster.of(home, kept=kept)
    broker = None if "REDIS_URL" in os.environ else Broker(home, kept=kept)
    server = cluster.start(crew) if cluster else None
    if broker:
        broker.start(crew)
        crew.until(broker.ready, seconds=START_SECONDS, what="The broker")
    if cluster and server:
        crew.until(lambda: cluster.ready(server), seconds=START_SECONDS, what="PostgreSQL")
        cluster.make_roles()
        if not kept:
            cluster.offer_as_template()
    else:
        prepare_given(os.environ["DATABASE_URL"])
    return {
        **os.environ,
        **(kept_keys(home.folder) if kept else passing_keys()),
        "DATABASE_URL": cluster.url if cluster else os.environ["DATABASE_URL"],
        "REDIS_URL": broker.url if broker else os.environ["REDIS_URL"],
        "PARS_LOCAL": str(home.folder),
        "PYTHONUNBUFFERED": "1",
    }


def prepare(crew: Crew, home: Home, environment: dict[str, str], *options: str) -> None:
    """Migrate as the owner, collect static files, and whatever `options` ask for."""
    command: list[str | Path] = [sys.executable, "manage.py", "prepare", *options]
    env = {**environment, "PARS_DB_ROLE": OWNER}
    # One at a time: all stacks of a checkout collect their static files into the same folder.
    with (ROOT / "manage.py").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        crew.finish(crew.start("prepare", command, env=env, cwd=ROOT, log=home.log("prepare")))
