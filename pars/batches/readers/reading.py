"""From an upload to rows: guard it here, parse it in a child that may die, take its rows through a pipe."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pars.batches.readers.formats import detect
from pars.batches.readers.guard import guard
from pars.batches.readers.layout import FORMULA, Header, Layout, Row, to_wire
from pars.batches.readers.limits import LIMITS, MIB, Limits
from pars.batches.readers.package import bomb
from pars.batches.readers.refusal import Refused, damaged

_PROJECT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.append(sys.argv[1]); from pars.batches.readers.child import main; sys.exit(main())"
)
_NOISE_BYTES = 4096
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which the fcntl module of Python 3.11 does not name everywhere.


class ChildKilled(Exception):
    """Somebody killed the child: nothing is known of the file, which may be read again."""


class Reading:
    """An upload being read: its header at once, its rows as they are asked for, once.

    Iterating raises Refused when the file turns out to be unreadable further down: rows that came before
    count for nothing then.
    """

    def __init__(self, kind: str, messages: Iterator[dict[str, Any]]) -> None:
        self.format = kind
        self._messages = messages
        self.header = _header(next(messages))

    def __iter__(self) -> Iterator[Row]:
        for message in self._messages:
            for number, *cells in message.get("rows", ()):
                yield Row(number, tuple(cells))


@contextmanager
def read(path: Path, *, layout: Layout, name: str, limits: Limits = LIMITS) -> Iterator[Reading]:
    """Open the file at `path`, which its sender called `name`, as rows under the layout's columns.

    Raises Refused, here or while the rows are iterated, and no other exception on account of what the file
    holds; ChildKilled where the child was killed from outside. The child is gone when the block is left, read
    to the end or not.
    """
    limits = dataclasses.replace(limits, columns=max(limits.columns, layout.columns))
    kind = detect(path, name)
    # It starts while the guard looks, and hears of the file when that has let it pass.
    with _child() as process:
        findings = guard(path, kind, limits)
        request = {
            "path": str(path.resolve()),
            "kind": kind,
            "layout": to_wire(layout),
            "limits": dataclasses.asdict(limits),
            "over": {part: [refusal.code, refusal.message] for part, refusal in findings.over.items()},
            "odd": sorted(findings.odd),
            "parent": os.getpid(),
        }
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(json.dumps(request).encode())
        yield Reading(kind, _messages(process, limits))


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603  Our own interpreter and text.
        [sys.executable, "-I", "-B", "-c", _START, str(_PROJECT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},  # Nothing of ours: the environment holds keys.
        process_group=0,
    )
    try:
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdout, _SET_PIPE_SIZE, MIB)  # Lets the child work ahead.
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def _messages(process: subprocess.Popen[bytes], limits: Limits) -> Iterator[dict[str, Any]]:
    """What the child says, up to its end. Raises Refused for what it refuses and for its own death."""
    noise = bytearray()
    for line in _lines(process, limits, noise):
        message: dict[str, Any] = json.loads(line)
        if b"{}" in line and "rows" in message:
            # An object among the cells is a formula without its value; there is hardly ever one.
            _put_formulas(message["rows"])
        if "refused" in message:
            raise Refused(*message["refused"])
        if "end" in message:
            return
        yield message
    raise _cause_of_death(process.wait(), bytes(noise))


def _lines(process: subprocess.Popen[bytes], limits: Limits, noise: bytearray) -> Iterator[bytes]:
    assert process.stdout is not None
    assert process.stderr is not None
    patience = limits.child_wait_seconds
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map():
            before = time.monotonic()
            events = selector.select(max(patience, 0))
            patience -= time.monotonic() - before
            if not events:
                raise _too_slow()
            for key, _ in events:
                piece = os.read(key.fd, MIB)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    noise += piece[: _NOISE_BYTES - len(noise)]
                else:
                    *lines, rest = (rest + piece).split(b"\n")
                    yield from lines
                    if len(rest) > limits.line_bytes:
                        raise bomb()


def _put_formulas(rows: Iterable[list[Any]]) -> None:
    for row in rows:
        row[:] = [FORMULA if type(cell) is dict else cell for cell in row]


def _cause_of_death(status: int, noise: bytes) -> Exception:
    if status == -signal.SIGXCPU:
        return _too_slow()
    # Both Python and the Rust reader say so when they are refused memory.
    if b"MemoryError" in noise or b"memory allocation" in noise:
        return bomb()
    if status == -signal.SIGKILL:
        return ChildKilled()
    return damaged("file")


def _too_slow() -> Refused:
    return Refused(
        "too_slow",
        "Reading this file takes too long. Copy the rows alone into a new workbook, or split it, "
        "and send that.",
    )


def _header(message: dict[str, Any]) -> Header:
    found = message["header"]
    return Header(found["sheet"], found["row"], tuple(found["headings"]), tuple(found["keys"]))
