"""What a cell of an activity file says: one reader for each kind of column, text → a plain JSON value.

`none` takes away what is on record; an empty cell is never read.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from activities.codes import CodeList, code_list
from pars.batches.cells import read_date
from pars.web.exports import plain

_NOTHING = {"none", "n/a", "-", "–", "—"}
_ANSWERS = {
    "yes": True, "y": True, "true": True, "x": True, "1": True,
    "no": False, "n": False, "false": False, "0": False,
}  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_HELD = re.compile(r'"(?:[^"]|"")*"')
_QUOTED_DOMAIN = re.compile(r'"((?:[^"]|"")*)"\s*:(.*)', re.DOTALL)
_BOTH, _SOMEHOW = {"both"}, {"yes", "y", "x", "true", "measured"}


class Unreadable(ValueError):
    """A cell says something that its column cannot hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_none(text: str) -> bool:
    """Whether the cell takes away what is on record."""
    return text.casefold() in _NOTHING


def _text(text: str) -> str:
    return "" if is_none(text) else plain(text)


def _name(text: str) -> str:
    return plain(text)


def _day(text: str) -> str | None:
    if is_none(text):
        return None
    day = read_date(text)
    if day is None:
        raise Unreadable("date_unreadable")
    return day.isoformat()


def _answer(text: str) -> bool:
    if is_none(text):
        return False
    answer = _ANSWERS.get(text.casefold())
    if answer is None:
        raise Unreadable("answer_unreadable")
    return answer


def _number(code: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        if is_none(text):
            return None
        digits = text.removeprefix("$").replace(",", "").strip()
        if not _NUMBER.fullmatch(digits):
            raise Unreadable(code)
        return digits

    return read


def _pieces(text: str, separators: str = ";") -> list[str]:
    """What stands between the separators and line breaks, blanks trimmed; what is in quotation marks stays together."""
    if is_none(text):
        return []
    text = plain(text)
    if '"' not in text:
        parted = re.split(f"[{re.escape(separators)}\n]", text)
        return [piece for one in parted if (piece := one.strip())]
    pieces, at, opening = [""], 0, True  # a quotation mark opens at the start of a piece, and after a colon
    while at < len(text):
        held_together = _HELD.match(text, at) if opening else None
        part = held_together[0] if held_together else text[at]
        at += len(part)
        if part in separators or part == "\n":
            pieces.append("")
            opening = True
        else:
            pieces[-1] += part
            opening = part == ":" or (opening and part.isspace())
    return [piece for one in pieces if (piece := one.strip())]


def _unquoted(piece: str) -> str:
    """The piece without the marks that keep it together."""
    whole = len(piece) > 1 and piece[0] == piece[-1] == '"'
    return piece[1:-1].replace('""', '"') if whole else piece


def held(text: str, separators: str) -> str:
    """The text, in quotation marks where something in it would part it."""
    if is_none(text) or text[:1] == '"' or any(one in text for one in (*separators, "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def joined(pieces: Iterable[str], separators: str = ";") -> str:
    """One cell for several texts, which is read as the same texts again."""
    return "; ".join(held(one, separators) for one in pieces)


def _free(separators: str = ";") -> Callable[[str], list[str]]:
    """Texts separated by semicolons or line breaks."""
    return lambda text: [_unquoted(piece) for piece in _pieces(text, separators)]


def _several(name: str) -> Callable[[str], list[str]]:
    """Codes of a list, separated by semicolons; by commas, too, where that makes codes of them."""

    def read(text: str) -> list[str]:
        known = code_list(name)
        return [one for piece in _pieces(text) for one in _at_commas(piece, known)]

    return read


def _at_commas(piece: str, known: CodeList) -> list[str]:
    parts = [part for one in piece.split(",") if (part := one.strip())]
    if "," not in piece or known.find(piece) or not all(known.find(part) for part in parts):
        return [piece]
    return parts


def _fee(text: str) -> str:
    """ "None" answers this question."""
    return "No" if text.casefold() == "none" else _text(text)


def _other_credits(text: str) -> list[dict[str, Any]]:
    """ "Nursing: 2; Pharmacy: 1.5"."""
    found = []
    for piece in _pieces(text):
        category, amount = _split_number(piece)
        found.append(
            {"category": category, "amount": _number("credits_unreadable")(amount) if amount else None}
        )
    return found


def _split_number(piece: str) -> tuple[str, str]:
    if code_list("credit_category").find(piece):  # "AAPA Category 1" ends with a number of its own
        return piece, ""
    category, colon, amount = piece.rpartition(":")
    if not colon:
        category, _, amount = piece.rpartition(" ")
    return category.strip(), amount.strip()


def _topics(text: str) -> list[dict[str, str]]:
    """ "Opioids: Safe Prescribing; Ethics"; a topic the list knows brings its domain."""
    topics = []
    for piece in _pieces(text):
        split = _QUOTED_DOMAIN.fullmatch(piece)
        domain, colon, topic = (split[1].replace('""', '"'), ":", split[2]) if split else piece.partition(":")
        known = None if colon else code_list("state_topic").find(piece)
        if known:
            topics.append({"domain": known.extra["domain"], "topic": known.code})
        elif colon:
            topics.append({"domain": domain.strip(), "topic": _unquoted(topic.strip())})
        else:
            topics.append({"domain": "", "topic": piece})
    return topics


def count(text: str) -> int | None:
    """A number of learners; None takes it off the record."""
    if is_none(text):
        return None
    whole = text.replace(",", "")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 10):
        raise Unreadable("count_unreadable")
    return int(whole)


def measured(text: str) -> list[str] | None:
    """How an outcome was measured: Objective, Subjective, both, or not said; None takes it off the record."""
    word = text.casefold()
    if is_none(text) or _ANSWERS.get(word) is False:
        return None
    if word in _BOTH:
        return [one.code for one in code_list("measurement").codes]
    return [] if word in _SOMEHOW else _several("measurement")(text)


def in_kind(texts: Iterable[str]) -> bool:
    """Yes or No, or what was given, in words; of the six kinds in the templates to 2020 any."""
    return any(not is_none(text) and _ANSWERS.get(text.casefold(), True) for text in texts)


READERS: dict[str, Callable[[str], Any]] = {
    "title": _text,
    "format": _text,
    "delivery": _several("delivery"),
    "starts": _day,
    "ends": _day,
    "reviewed": _day,
    "city": _text,
    "state": _text,
    "country": _text,
    "credits": _number("credits_unreadable"),
    "session_credits": _number("credits_unreadable"),
    "other_credits": _other_credits,
    "providership": _text,
    "partners": _free(),
    "description": _text,
    "tags": _free(";,"),
    "listed": _answer,
    "fee": _fee,
    "registration": _text,
    "url": _text,
    "professions": _several("profession"),
    "specialties": _free(),
    "interprofessional": _answer,
    "commendations": _several("commendation"),
    "mips": _answer,
    "topics": _topics,
    "supported": _answer,
}
PART_READERS: dict[str, Callable[[str], Any]] = {
    "supporter": _name,
    "support_amount": _number("support_amount"),
    "board": _name,
    "points": _number("points_unreadable"),
    "credit_types": _free(),
    "practice_areas": _free(),
    "content_areas": _free(),
    "claim_by": _day,
    "attested": _answer,
    "internal_id": _text,
    "board_fee": _fee,
    "board_registration": _text,
    "board_url": _text,
}
