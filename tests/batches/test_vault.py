"""The stored upload: nobody reads it without the key, and no changed byte goes unnoticed."""

import hashlib
import io
import os
import stat
import tempfile
from pathlib import Path

import pytest

from pars.batches import vault

KEY = bytes(range(32))
MIB = 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])
def test_what_is_sealed_comes_back_whole(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)

    stored = vault.seal(io.BytesIO(content), tmp_path / "a", KEY, limit=4 * MIB)

    assert stored == vault.Stored(size, hashlib.sha256(content).hexdigest())
    assert size < 100 or content[:100] not in (tmp_path / "a").read_bytes()
    with vault.open_plain(tmp_path / "a", KEY) as plain:
        assert plain.read_bytes() == content
        assert stat.S_IMODE(plain.stat().st_mode) == 0o600
        assert stat.S_IMODE(plain.parent.stat().st_mode) == 0o700
    assert not plain.parent.exists()


class Dribble(io.BytesIO):
    """A source that gives at most 1,000 bytes at a time, as a socket may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1000, 1000))


def test_a_source_that_gives_little_at_a_time_is_sealed_whole(tmp_path: Path) -> None:
    content = os.urandom(MIB + 1)

    stored = vault.seal(Dribble(content), tmp_path / "a", KEY, limit=4 * MIB)

    assert stored.size == len(content)
    with vault.open_plain(tmp_path / "a", KEY) as plain:
        assert plain.read_bytes() == content


def test_a_file_has_its_name_only_once_it_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    synced: list[tuple[int, bool]] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, target.exists()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)

    vault.seal(io.BytesIO(b"x"), target, KEY, limit=10)

    assert synced == [(target.stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_too_large_an_upload_is_not_read_further_and_leaves_nothing(tmp_path: Path) -> None:
    source = io.BytesIO(bytes(10 * MIB))

    with pytest.raises(vault.TooLarge):
        vault.seal(source, tmp_path / "a", KEY, limit=2 * MIB)

    assert source.tell() <= 4 * MIB
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage", ["flip", "cut", "swap", "drop", "extend", "another's", "header", "short", "empty"]
)
def test_a_changed_file_does_not_open(damage: str, tmp_path: Path) -> None:
    plain = os.urandom(3 * MIB)
    for name in ("a", "b"):
        vault.seal(io.BytesIO(plain), tmp_path / name, KEY, limit=4 * MIB)
    content, another = ((tmp_path / name).read_bytes() for name in ("a", "b"))
    header, frames = content[:40], [content[40 + n * (MIB + 16) :][: MIB + 16] for n in range(3)]
    changed = {
        "flip": content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
        "cut": header + frames[0] + frames[1],
        "swap": header + frames[1] + frames[0] + frames[2],
        "drop": header + frames[0] + frames[2],
        "extend": content + frames[2],
        "another's": header + another[40 : 40 + MIB + 16] + frames[1] + frames[2],
        "short": content[:20],
        "empty": b"",
        "header": bytes([content[0] ^ 1]) + content[1:],
    }
    (tmp_path / "a").write_bytes(changed[damage])

    with pytest.raises(vault.Tampered), vault.open_plain(tmp_path / "a", KEY):
        pass


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    vault.seal(io.BytesIO(b"x"), tmp_path / "a", KEY, limit=10)

    with pytest.raises(vault.Tampered), vault.open_plain(tmp_path / "a", bytes(32)):
        pass


def test_what_a_killed_process_left_in_plain_is_removed_and_what_is_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    vault.seal(io.BytesIO(b"x"), tmp_path / "a", KEY, limit=10)
    left = tmp_path / "pars-plain-left"
    left.mkdir()
    (left / "upload").write_bytes(b"1979")
    os.utime(left, (0, 0))
    fresh = tmp_path / "pars-plain-fresh"
    fresh.mkdir()

    with vault.open_plain(tmp_path / "a", KEY) as first:
        os.utime(first.parent, (0, 0))  # in use for long
        with vault.open_plain(tmp_path / "a", KEY) as second:
            assert first.read_bytes() == second.read_bytes() == b"x"

    assert not left.exists()
    assert fresh.exists()
