"""The one way in which reading a file fails."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """This file cannot be read, and its sender can do something about it.

    `code` is stable and may be stored and tested for; `message` is one or two sentences for the person who
    sent the file and may improve. Neither ever holds a value from the file other than headings, sheet names
    and a day. With a `question` the sender can answer it, and the same file is read on.
    """

    def __init__(self, code: str, message: str, question: dict[str, Any] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.question = question or {}

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def damaged(what: str) -> Refused:
    """The refusal for a file that breaks off or contradicts itself; `what` names its kind to a person."""
    return Refused(
        "damaged",
        f"This {what} is damaged and cannot be read. Open it in the program it came from, "
        "save it under a new name and send that.",
    )


def too_many_rows(rows: int, most: int) -> Refused:
    """The refusal for a file with more rows than are read, with both numbers."""
    return Refused(
        "too_many_rows",
        f"This file has {rows:,} rows; the most is {most:,}. Split it and send the parts.",
    )
