"""One thing to say about a record: where it stands, what was said there, and the code with its values."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activities.codes import CodeList
from activities.sentences import SENTENCES

_SHOWN = 200  # characters of the person's own value

# Line breaks and tabs are for descriptions; the others, and what turns the direction of reading, for nobody.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """`field` is a field of Record; within nested ones a path like "registrations.0.points". `value` is as it was said.

    `params` fill the sentence, and are plain JSON values.
    """

    code: str
    field: str
    value: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence, filled in."""
        return SENTENCES[self.code].text.format(**self.params).strip()

    @property
    def top(self) -> str:
        """The Record's own field: "registrations" of "registrations.0.points"."""
        return self.field.partition(".")[0]


def problem(code: str, field: str, value: object = "", **params: Any) -> Problem:
    shown = "" if value is None else UNPRINTABLE.sub("�", str(value))
    return Problem(code, field, shown[:_SHOWN], params)


def hint(codes: CodeList, said: str) -> str:
    """ "Did you mean …? " for a misspelled code, or nothing."""
    nearest = codes.nearest(said)
    return f"Did you mean “{nearest.label}”? " if nearest else ""
