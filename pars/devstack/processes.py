"""One crew of processes: started in order, watched, stopped together, whatever happens to the supervisor."""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from pars.devstack.account import Account
from pars.devstack.errors import StackError

MARKER = "PARS_STACK"
PR_SET_PDEATHSIG = 1
GLANCE = 0.05  # seconds between two looks at the crew while something is awaited
STRAYS_PATIENCE = 5.0
LAST_LINES = 30
_libc = ctypes.CDLL(None)


class Tier(IntEnum):
    """What stops together. A higher tier stands on the lower ones and stops first."""

    SERVER = 1
    APPLICATION = 2


@dataclass
class Process:
    """One member of the crew. `ending` asks it to stop; after `patience` seconds it is killed."""

    name: str
    popen: "subprocess.Popen[bytes]"
    tier: Tier
    ending: signal.Signals
    patience: float
    log: Path | None
    unprinted: bytes = b""

    def running(self) -> bool:
        return self.popen.poll() is None

    def outcome(self) -> str:
        """How it ended, with the last lines it wrote where those are not on the terminal already."""
        code = self.popen.returncode
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        if self.log is None:
            return f"{self.name} ended ({how})."
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"{self.name} ended ({how}). Its last lines, from {self.log}:", *lines])


class Crew:
    """The processes of one stack. Leaving the `with` block stops them all, and whatever they left behind.

    Every member runs in a session of its own: a Ctrl-C in the terminal reaches the supervisor alone, and the
    servers are still there while the application stops. Linux signals a member whose supervisor was killed.
    """

    def __init__(self, marker: str) -> None:
        self._marker = marker
        self._members: list[Process] = []
        self._output = selectors.DefaultSelector()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        tier: Tier = Tier.APPLICATION,
        cwd: Path,
        account: Account | None = None,
        log: Path | None = None,
        ending: signal.Signals = signal.SIGTERM,
        patience: float = 10,
    ) -> Process:
        """Start a member. Its lines go to `log`, or, each with its name before it, to our own stderr."""
        output = log.open("ab") if log else None
        try:
            popen = subprocess.Popen(
                command,
                env={**env, MARKER: self._marker},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output or subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=die_with_supervisor(ending),
            )
        finally:
            if output:
                output.close()
        process = Process(name, popen, tier, ending, patience, log)
        self._members.append(process)
        if popen.stdout:
            self._output.register(popen.stdout, selectors.EVENT_READ, process)
        return process

    def member(self, name: str) -> Process:
        """The member of that name; KeyError where there is none."""
        return {process.name: process for process in self._members}[name]

    def dismiss(self, process: Process, signum: signal.Signals) -> None:
        """End a member by a signal to it alone, which it does not survive. Its end is nobody's failure."""
        self._members.remove(process)
        process.popen.send_signal(signum)
        process.popen.wait()

    def finish(self, process: Process) -> None:
        """Wait for a member that has one thing to do. Raises StackError unless it did it."""
        while process.running():
            self._pass_on(GLANCE)
            self._all_running(but=process)
        self._members.remove(process)
        if process.popen.returncode != 0:
            raise StackError(process.outcome())

    def until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Watch the crew until `ready()`. Raises StackError when a member ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise StackError(f"{what} did not answer within {seconds:.0f} seconds.")
            self.watch(GLANCE)

    def watch(self, seconds: float) -> None:
        """Pass on what the members write, for at most so long. Raises StackError when one has ended."""
        self._pass_on(seconds)
        self._all_running()

    def stop(self) -> None:
        """End all members, tier by tier, and then every process that carries the stack's marker."""
        for tier in sorted(Tier, reverse=True):
            members = [process for process in reversed(self._members) if process.tier is tier]
            began = time.monotonic()
            for process in members:
                if process.running():
                    process.popen.send_signal(process.ending)
            for process in members:
                while process.running() and time.monotonic() < began + process.patience:
                    self._pass_on(GLANCE)
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.popen.pid, signal.SIGKILL)
                process.popen.wait()
        self._members.clear()
        self._pass_on(0)
        self._output.close()
        end_strays(self._marker)

    def _all_running(self, but: Process | None = None) -> None:
        for process in self._members:
            if process is not but and not process.running():
                self._pass_on(0)
                raise StackError(process.outcome())

    def _pass_on(self, seconds: float) -> None:
        if not self._output.get_map():
            time.sleep(seconds)
            return
        for key, _ in self._output.select(seconds):
            process: Process = key.data
            read = os.read(key.fd, 1 << 16)
            if not read:
                self._output.unregister(key.fileobj)
                read = b"\n" if process.unprinted else b""
            *lines, process.unprinted = (process.unprinted + read).split(b"\n")
            for line in lines:
                say(f"{process.name:<6} | {line.decode(errors='replace')}")


def say(text: str) -> None:
    """Write a line to the terminal, if there still is one."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def die_with_supervisor(ending: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: after the change of user, which would clear it. Does nothing outside Linux."""
    if sys.platform != "linux":
        return lambda: None
    return lambda: _libc.prctl(PR_SET_PDEATHSIG, int(ending))


def end_strays(marker: str) -> None:
    """End every process of the stack so marked, orphans too. Does nothing where there is no /proc."""
    deadline = time.monotonic() + STRAYS_PATIENCE
    asked: set[int] = set()
    while strays := _marked(marker):
        late = time.monotonic() > deadline
        for pid in strays:
            if late or pid not in asked:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        asked |= strays
        time.sleep(GLANCE)


def _marked(marker: str) -> set[int]:
    wanted = f"{MARKER}={marker}".encode()
    found = set()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        pid = int(environment.parent.name)
        with suppress(OSError):  # ended meanwhile, or somebody else's
            if pid != os.getpid() and wanted in environment.read_bytes().split(b"\0"):
                found.add(pid)
    return found
