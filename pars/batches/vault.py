"""The stored upload: encrypted on disk, plain only in a private folder while it is being read.

A file is a header and frames of 1 MiB, each sealed with AES-256-GCM. The file's own key comes from the
vault's key and a random salt (HKDF-SHA256), so frames may be numbered: the nonce of a frame is its index and
whether it is the last. A frame moved, left out, cut off or taken from another file therefore does not open.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"PARSV001"
_SALT_BYTES = 32
_FRAME_BYTES = 1024 * 1024
_TAG_BYTES = 16
_GRACE_SECONDS = 60
_PLAIN_PREFIX = "pars-plain-"


class TooLarge(Exception):
    """The source holds more than the limit; nothing was stored."""


class Tampered(Exception):
    """The stored file is not the one that was sealed with this key."""


@dataclass(frozen=True)
class Stored:
    """What was sealed: its size in bytes and the SHA-256 (hexadecimal) of the plain bytes."""

    size: int
    sha256: str


def seal(source: BinaryIO, target: Path, key: bytes, *, limit: int) -> Stored:
    """Encrypt `source` into `target` under a 32-byte key; the file is there whole and on disk, or not at all.

    Raises TooLarge beyond `limit` bytes without reading further than one frame.
    """
    salt = os.urandom(_SALT_BYTES)
    header = _MAGIC + salt
    cipher = _cipher(key, salt)
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".sealing-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(header)
            for index, (frame, last) in enumerate(_with_last(_frames(source, _FRAME_BYTES))):
                size += len(frame)
                if size > limit:
                    raise TooLarge
                digest.update(frame)
                out.write(cipher.encrypt(_nonce(index, last=last), frame, header))
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return Stored(size, digest.hexdigest())


@contextmanager
def open_plain(path: Path, key: bytes) -> Iterator[Path]:
    """The stored file as a plain one, 0600 in a folder of its own, gone when the block is left.

    A killed process cannot tidy up, so each call also removes the folders that no living process holds.
    Raises Tampered, and FileNotFoundError when nothing is stored.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PLAIN_PREFIX))
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        plain = folder / "upload"
        with path.open("rb") as sealed, os.fdopen(_private(plain), "wb") as out:
            for frame in _unsealed(sealed, key):
                out.write(frame)
        yield plain
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _unsealed(sealed: BinaryIO, key: bytes) -> Iterator[bytes]:
    header = sealed.read(len(_MAGIC) + _SALT_BYTES)
    if len(header) < len(_MAGIC) + _SALT_BYTES or not header.startswith(_MAGIC):
        raise Tampered
    cipher = _cipher(key, header[len(_MAGIC) :])
    for index, (frame, last) in enumerate(_with_last(_frames(sealed, _FRAME_BYTES + _TAG_BYTES))):
        try:
            yield cipher.decrypt(_nonce(index, last=last), frame, header)
        except InvalidTag as problem:
            raise Tampered from problem


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"pars stored upload").derive(key))


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


def _frames(source: BinaryIO, size: int) -> Iterator[bytes]:
    """Pieces of exactly `size` bytes and a shorter one at the end; one empty piece for an empty source."""
    frame = _full(source, size)
    yield frame
    while len(frame) == size:
        frame = _full(source, size)
        if frame:
            yield frame


def _full(source: BinaryIO, size: int) -> bytes:
    # A socket or a pipe may give less than it was asked for.
    frame = bytearray()
    while len(frame) < size and (piece := source.read(size - len(frame))):
        frame += piece
    return bytes(frame)


def _with_last(frames: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = next(frames)
    for frame in frames:
        yield held, False
        held = frame
    yield held, True


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PLAIN_PREFIX + "*"):
        with suppress(OSError):
            made = folder.stat()
            # One made this minute may not be held yet: its process is between making and locking it.
            if made.st_uid == os.getuid() and time.time() - made.st_mtime > _GRACE_SECONDS:
                _remove_unheld(folder)


def _remove_unheld(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)
