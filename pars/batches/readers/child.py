"""The disposable process that parses one upload: one request on standard input, lines of JSON on standard
output.

    {"header": {…}}                                   once
    {"rows": [[number, cell, …], …]}                  about 500 rows a line; a formula without its value is {}
    {"end": rows}  or  {"refused": [code, message]}   last

It has no keys, no settings and no Django, may not write files, and dies of its limits or with its parent.
Nothing from the file is ever written to standard error: what stands there may reach a log.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from pars.batches.readers.layout import Formula, Layout, Table, from_wire
from pars.batches.readers.limits import Limits
from pars.batches.readers.refusal import Refused, damaged, too_many_rows

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve the one request and end."""
    # Libraries that print must not be able to speak for us.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.read())
    limits = Limits(**request["limits"])
    _die_with(request["parent"])
    _confine(limits)
    try:
        _serve(request, limits, out)
    except Refused as refusal:
        _refuse(out, refusal)
    except MemoryError:
        raise
    except BrokenPipeError:
        return 1  # The parent has seen enough.
    except BaseException as problem:  # noqa: BLE001  A panic of the Rust reader is no Exception.
        sys.stderr.write(type(problem).__name__)
        _refuse(out, damaged("file"))
    out.flush()
    return 0


def _refuse(out: BinaryIO, refusal: Refused) -> None:
    _send(out, {"refused": [refusal.code, refusal.message, refusal.question]})


def _die_with(parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)  # The parent went before the call.


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.child_bytes, limits.child_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.child_cpu_seconds, limits.child_cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _serve(request: dict[str, Any], limits: Limits, out: BinaryIO) -> None:
    header, rows, order = _open(request, from_wire(request["layout"]), limits)
    _send(out, {"header": dataclasses.asdict(header)})
    workbook = request["kind"] in ("xlsx", "xls", "ods")
    most = limits.workbook_rows if workbook else limits.rows
    count = 0
    block: list[str] = []
    characters = 0
    for number, cells in rows:
        count += 1
        if count > most:
            continue  # The refusal names the count.
        line = _json([number, *cells])
        block.append(line)
        characters += len(line)
        if len(block) == limits.block_rows or characters > limits.block_characters:
            _send_rows(out, block)
            block, characters = [], 0
    if count > most:
        raise too_many_rows(count, most)
    if not count:
        raise Refused(
            "no_rows", "There are headings in this file but no rows under them. Add rows and send it again."
        )
    if order and (asking := order.question(header.headings)):
        raise asking
    if block:
        _send_rows(out, block)
    _send(out, {"end": count})


def _open(request: dict[str, Any], layout: Layout, limits: Limits) -> Table:
    # Each format's libraries are loaded only for it: they are most of the child's start.
    path, kind = Path(request["path"]), request["kind"]
    if kind == "csv":
        from pars.batches.readers.delimited import open_delimited  # noqa: PLC0415

        return open_delimited(path, layout, limits)
    if kind in ("xml", "json"):
        from pars.batches.readers.records import open_records  # noqa: PLC0415

        return open_records(path, kind, layout, limits)
    from pars.batches.readers.workbooks import open_workbook  # noqa: PLC0415

    over = {part: Refused(*refusal) for part, refusal in request["over"].items()}
    return open_workbook(path, kind, layout, limits, over=over, odd=frozenset(request["odd"]))


def _send_rows(out: BinaryIO, block: list[str]) -> None:
    _write(out, '{"rows":[' + ",".join(block) + "]}")


def _send(out: BinaryIO, message: dict[str, object]) -> None:
    _write(out, _json(message))


def _write(out: BinaryIO, line: str) -> None:
    out.write(line.encode("utf-8", "replace") + b"\n")
    out.flush()


def _json(value: object) -> str:
    text = _ENCODER.encode(value)
    return _ENCODER.encode(_without_nul(value)) if "\\u0000" in text else text


def _formula(value: object) -> dict[str, object]:
    if isinstance(value, Formula):
        return {}
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_formula)


def _without_nul(value: Any) -> Any:
    # PostgreSQL's text cannot hold the character, and nobody typed it.
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_nul(each) for name, each in value.items()}
    return value
