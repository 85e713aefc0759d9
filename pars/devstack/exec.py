"""`exec -- CMD`: one command against services of its own, migrated and empty, gone when it ends."""

import os
import signal
import subprocess
from collections.abc import Sequence

from pars.devstack.errors import Interrupted, StackError
from pars.devstack.home import throw_away
from pars.devstack.processes import GLANCE, MARKER, Crew, die_with_supervisor
from pars.devstack.services import WEB, prepare, start_services

# Seconds that the command has for its own clean-up: after the terminal's Ctrl-C, and after a SIGTERM.
AFTER_INTERRUPT, AFTER_TERMINATE = 5.0, 5.0


def execute(command: Sequence[str], *, on_disk: bool = False) -> int:
    """Run the command and return its exit code; 128 + n where signal n ended it, as a shell says it."""
    with throw_away(on_disk=on_disk) as home, Crew(home.marker) as crew:
        environment = start_services(crew, home, kept=False)
        prepare(crew, home, environment)
        environment.setdefault("PARS_DB_ROLE", WEB)
        code = _in_foreground(crew, command, {**environment, MARKER: home.marker})
    return code if code >= 0 else 128 - code


def _in_foreground(crew: Crew, command: Sequence[str], environment: dict[str, str]) -> int:
    """Run it on our terminal, in our process group: Ctrl-C reaches it, a debugger may read the keyboard."""
    try:
        child = subprocess.Popen(command, env=environment, preexec_fn=die_with_supervisor(signal.SIGTERM))
    except OSError as error:
        raise StackError(f"{command[0]}: {os.strerror(error.errno or 0)}") from None
    try:
        while child.poll() is None:
            crew.watch(GLANCE)
    except Interrupted as interruption:
        if interruption.signum == signal.SIGINT:
            _wait(child, AFTER_INTERRUPT)
        raise
    finally:
        if child.poll() is None:
            child.terminate()
            _wait(child, AFTER_TERMINATE)
        child.kill()
        child.wait()
    return child.returncode


def _wait(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return
