"""Where a stack keeps its files.

What belongs to the servers has to lie where their account can reach it: for a checkout under a closed /root
that is /var/tmp, and nobody's folder is opened for it.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pars.devstack.account import Account, service_account
from pars.devstack.errors import StackError
from pars.devstack.processes import end_strays

ROOT = Path(__file__).resolve().parents[2]
# A unix socket's path ends at 107 bytes on Linux, and PostgreSQL's own name in the folder takes 14 of them.
LONGEST_SOCKET_FOLDER = 80
THROW_AWAY_PREFIX = "pars-exec-"
# A cluster with a migrated database, a few clones of it and its log; containers often give /dev/shm 64 MB.
ROOM_IN_MEMORY = 1 << 30


@dataclass(frozen=True)
class Home:
    """The folders of one stack: `folder` is the caller's, `servers` and `sockets` are the servers'."""

    folder: Path
    servers: Path
    sockets: Path
    account: Account | None

    @classmethod
    def at(cls, folder: Path) -> "Home":
        """The stack that is kept in `folder`, which is made. The same folder always gives the same places."""
        account = service_account()
        folder = folder.resolve()
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(0o711 if account else 0o700)
        name = f"pars-{os.geteuid()}-{_mark(folder)}"
        reachable = account is None or account.reaches(folder)
        base = folder if reachable else own_folder(Path("/var/tmp", name))
        sockets = base / "run"
        if len(bytes(sockets)) > LONGEST_SOCKET_FOLDER:
            sockets = own_folder(Path("/tmp", name)) / "run"
        home = cls(folder, own_folder(base / "servers"), sockets, account)
        home.give(home.sockets)
        (folder / "log").mkdir(exist_ok=True)
        return home

    @property
    def marker(self) -> str:
        """What the environment of every process of this stack carries as PARS_STACK."""
        return str(self.folder)

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def give(self, folder: Path) -> Path:
        """A folder that only the servers' account (and root) may enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)
        return folder

    def runnable(self, program: Path, *, within: Path, beside: Path | None = None) -> Path:
        """`program`, or its like in a copy that the servers' account can reach.

        Copied is `within`, the program itself or a folder around it, with what has to stay beside that.
        """
        if self.account is None or self.account.reaches(program):
            return program
        copies = own_folder(COPIES)
        copy = copies / f"{within.name}-{int(program.stat().st_mtime)}"
        if not copy.exists():
            unfinished = Path(tempfile.mkdtemp(dir=copies))
            unfinished.chmod(0o711)
            for source in filter(None, (within, beside)):
                copy_of = shutil.copytree if source.is_dir() else shutil.copy2
                copy_of(source, unfinished / source.name)
            try:
                unfinished.rename(copy)
            except OSError:  # another run was quicker
                shutil.rmtree(unfinished)
        return copy / program.relative_to(within.parent)

    def remove(self) -> None:
        """Delete everything the stack keeps, inside and outside its folder."""
        for folder in {self.servers.parent, self.sockets.parent, self.folder}:
            shutil.rmtree(folder, ignore_errors=True)


def _mark(path: Path) -> str:
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


# Copies of server programs that lie where only root may go; one for a checkout, whatever stacks it runs.
COPIES = Path("/var/tmp", f"pars-{os.geteuid()}-programs-{_mark(ROOT)}")


def own_folder(path: Path) -> Path:
    """Make, or accept, a folder at a guessable name in a place that everyone may write to."""
    path.mkdir(mode=0o711, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise StackError(f"{path} belongs to someone else. Remove it, or set PARS_LOCAL to another folder.")
    path.chmod(0o711)
    return path


@contextmanager
def held(folder: Path) -> Iterator["Lock"]:
    """Hold the stack in `folder` for one process; the kernel lets go when that process dies, however."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise StackError(f"Already running: {file.read().strip() or 'it is just starting'}") from None
        lock = Lock(file.fileno())
        lock.say(f"pid {os.getpid()}")
        yield lock


@dataclass(frozen=True)
class Lock:
    """A held lock; what it says is shown to whoever comes second."""

    fd: int

    def say(self, text: str) -> None:
        os.ftruncate(self.fd, 0)
        os.write(self.fd, text.encode())


@contextmanager
def throw_away(*, on_disk: bool = False) -> Iterator[Home]:
    """A home for one command, in memory if there is room, gone afterwards. Removes what killed ones left."""
    memory = Path("/dev/shm")
    roomy = (
        not on_disk
        and memory.is_dir()
        and os.access(memory, os.W_OK)
        and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    )
    parent = memory if roomy else Path(tempfile.gettempdir())
    _remove_abandoned(parent)
    unnamed = Path(tempfile.mkdtemp(prefix=f".{THROW_AWAY_PREFIX}", dir=parent))
    unnamed.chmod(0o711)
    with held(unnamed):
        # Under its final name only once it is locked: another run takes an unlocked one for abandoned.
        folder = unnamed.rename(parent / unnamed.name.removeprefix("."))
        home = Home.at(folder)
        try:
            yield home
        finally:
            home.remove()


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{THROW_AWAY_PREFIX}*"):
        if folder.lstat().st_uid != os.geteuid():
            continue
        try:
            with held(folder):
                end_strays(str(folder))
                Home.at(folder).remove()
        except StackError:
            continue  # in use
