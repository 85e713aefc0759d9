"""Reading the parts of a JSON document by type; what has another type becomes a problem, and empty."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from activities.rules import Problem
from activities.rules.problem import problem

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_DEEPEST, _MOST_VALUES, _LONGEST = 40, 20_000, 200_000
_MOST_DIGITS = 40
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


class Part:
    """One object of the document, at a path of keys. `found` collects problems for the whole document."""

    def __init__(self, said: object, path: str, found: list[Problem]) -> None:
        self.path, self.found = (path, found)
        self.said: dict[str, Any] = said if isinstance(said, dict) else {}
        if said is not None and not isinstance(said, dict):
            self._wrong("", said, "an object")

    def says(self, key: str) -> bool:
        return key in self.said

    def part(self, key: str) -> "Part":
        return Part(self.said.get(key), self._at(key), self.found)

    def parts(self, key: str) -> list["Part"]:
        """The objects of a list; a single object stands for a list of one."""
        if not isinstance(self.said.get(key), list):
            return [self.part(key)] if self.said.get(key) is not None else []
        at = self._at(key)
        return [Part(one, f"{at}.{place}", self.found) for place, one in enumerate(self.said[key])]

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; a single text stands for a list of one."""
        texts = self._list(key)
        if any(not isinstance(one, str) for one in texts):
            self._wrong(key, texts, "a list of texts")
            return ()
        return tuple(texts)

    def text(self, key: str) -> str:
        said = self.said.get(key)
        if said is None or isinstance(said, str):
            return said or ""
        if isinstance(said, int | float) and not isinstance(said, bool):
            return str(said)
        self._wrong(key, said, "a text")
        return ""

    def flag(self, key: str) -> bool | None:
        said = self.said.get(key)
        if isinstance(said, str) and said.strip().lower() in _TRUTHS:
            return _TRUTHS[said.strip().lower()]
        if said is None or isinstance(said, bool):
            return said
        self._wrong(key, said, "true or false")
        return None

    def number(self, key: str) -> Decimal | None:
        """A number, of JSON or as text. Whether it is one that can be is for the rules to say."""
        said = self.said.get(key)
        if said is None or said == "":
            return None
        if isinstance(said, int | float | str) and not isinstance(said, bool):
            try:
                if len(str(said)) < _MOST_DIGITS:
                    return Decimal(str(said).strip())
            except (InvalidOperation, ValueError):
                pass
        self._wrong(key, said, "a number")
        return None

    def count(self, key: str) -> int:
        amount = self.number(key)
        if amount is not None and amount.is_finite() and amount == amount.to_integral_value():
            return int(amount)
        self._wrong(key, self.said.get(key), "a whole number")
        return 0

    def day(self, key: str) -> date | None:
        """A day; time and zone after it are not looked at, so that no day shifts."""
        said = self.said.get(key)
        if said is None or said == "":
            return None
        match = _DAY.fullmatch(said.strip()) if isinstance(said, str) else None
        try:
            if match:
                return date.fromisoformat(match[1])
        except ValueError:
            pass
        self._wrong(key, said, "a day as YYYY-MM-DD")
        return None

    def _list(self, key: str) -> list[Any]:
        said = self.said.get(key)
        if said is None:
            return []
        return said if isinstance(said, list) else [said]

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _wrong(self, key: str, said: object, wanted: str) -> None:
        at = self._at(key) if key else self.path
        shown = type(said).__name__ if isinstance(said, dict | list) else said
        self.found.append(problem("document_shape", at, shown, wanted=wanted))


def bounded(document: object) -> list[Problem]:
    """Whether the document can be kept: not too deep, not too long, no text that the database refuses."""
    values, length = (0, 0)
    waiting: list[tuple[object, int]] = [(document, 0)]
    while waiting:
        said, depth = waiting.pop()
        values += 1
        if isinstance(said, dict):
            waiting += [(value, depth + 1) for value in said.values()]
            waiting += [(key, depth + 1) for key in said]
        elif isinstance(said, list):
            waiting += [(value, depth + 1) for value in said]
        elif isinstance(said, str):
            length += len(said)
            if _UNKEEPABLE.search(said):
                return [problem("text_unreadable", "", said)]
        elif isinstance(said, float) and not isfinite(said):
            return [problem("document_shape", "", said, wanted="a number")]
        if depth > _DEEPEST or values > _MOST_VALUES or length > _LONGEST:
            return [problem("document_too_large", "")]
    return []
