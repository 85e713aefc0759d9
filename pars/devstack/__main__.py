"""The command line of the launcher."""

import os
import shutil
import signal
import sys
from types import FrameType

from pars.devstack.errors import Interrupted, StackError
from pars.devstack.exec import execute
from pars.devstack.home import COPIES, ROOT, Home, held
from pars.devstack.processes import say
from pars.devstack.up import up

USAGE = "Usage: python -m pars.devstack up | exec [--on-disk] -- COMMAND [ARGUMENT …] | clean"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """Do what is asked; returns the exit code. Dies by the signal that interrupted it, after the clean-up."""
    for signum in SIGNALS:
        signal.signal(signum, _interrupt)
    try:
        match arguments:
            case ["up"]:
                up()
            case ["exec", "--", _, *_]:
                return execute(arguments[2:])
            case ["exec", "--on-disk", "--", _, *_]:
                return execute(arguments[3:], on_disk=True)
            case ["clean"]:
                clean()
            case _:
                say(USAGE)
                return 2
    except StackError as error:
        say(str(error))
        return 1
    except Interrupted as interruption:
        signal.signal(interruption.signum, signal.SIG_DFL)
        os.kill(os.getpid(), interruption.signum)
    return 0


def clean() -> None:
    """Remove what `up` keeps in the checkout's own folder, and the copies of server programs made for it."""
    folder = ROOT / ".local"
    if folder.exists():
        with held(folder):
            Home.at(folder).remove()
    shutil.rmtree(COPIES, ignore_errors=True)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # One interruption is enough: a second one must not cut the clean-up short.
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(signum)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
