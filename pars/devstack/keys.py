"""The two secrets of a stack, 64 random bytes each in hex, and how a secret is written down."""

import os
import secrets
from pathlib import Path

KEYS = {"PARS_SECRET_KEY": "secret-key", "PARS_FIELD_KEY": "field-key"}
LENGTH = 64  # bytes


def passing_keys() -> dict[str, str]:
    """Keys for one run; what the caller's environment sets stays."""
    return {variable: os.environ.get(variable) or secrets.token_hex(LENGTH) for variable in KEYS}


def kept_keys(folder: Path) -> dict[str, str]:
    """The keys kept in `folder`, made at the first call, readable by nobody else.

    What the caller's environment sets stays, and is not written down.
    """
    return {variable: os.environ.get(variable) or _kept(folder / name) for variable, name in KEYS.items()}


def _kept(file: Path) -> str:
    if not file.exists():
        write_private(file, secrets.token_hex(LENGTH))
    return file.read_text()


def write_private(file: Path, text: str) -> None:
    """Write the whole file or nothing, for its owner's eyes only."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
    unfinished.rename(file)
