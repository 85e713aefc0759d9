"""A certifying board's credit (MOC, continuing certification) in one row: its columns, or a published certificate.

Each board of the list is known by code, name or alias; so is a credit type, but one that our list lacks stays as it was
said, because no full list is public (`activities/codes/moc_credit_type.toml`): the activity's registration decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from activities.codes import code_list
from activities.rules.problem import hint
from pars.batches.cells import UNPRINTABLE, Reading

from .quarters import is_nothing, read_quarters

LONGEST_NUMBER = 20  # of a learner with a board, as it is stored
_BOARDS = code_list("certifying_board")
_TYPES = code_list("moc_credit_type")
_CME = re.compile(r"AMA\b|(AMA )?(PRA )?Category 1\b|CME\b", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """Where a row says its board credit, and what: (credit type, points) by pair, with the columns they stand in."""

    pairs: Sequence[tuple[str, str]]
    type_key: str = "points_type"
    amount_key: str = "points_amount"
    total: str = ""


@dataclass(frozen=True)
class BoardCredit:
    """What a row reports to one board of the learner whom the board knows as `member`. `points`: by credit type."""

    board: str
    member: str
    points: dict[str, str]

    def staged(self) -> list[dict[str, str]]:
        """As the staging table takes it; a point entry for each type."""
        return [
            {"board": self.board, "member": self.member, "type": credit_type, "points": points}
            for credit_type, points in self.points.items()
        ]


def read(reading: Reading, said: Said, *, withdraw: bool) -> BoardCredit | None:
    """What the row says of board credit, each thing wrong with it noted; None where it says nothing of it.

    To withdraw, board and number are enough: they name the learner.
    """
    board, member = reading.text("board"), reading.text("member")
    pairs = [
        (credit_type, text)
        for credit_type, text in said.pairs
        if (credit_type or not is_nothing(text)) and not _CME.match(credit_type)
    ]
    total = "" if is_nothing(said.total) else said.total
    if not (board or member or total or pairs):
        return None
    found = _BOARDS.find(board) if board else None
    if not board:
        reading.wrong("board", "", "board_missing")
    elif found is None:
        reading.wrong("board", board, "board_unknown", hint=_hint(board))
    if board and not member:
        reading.wrong("member", "", "board_number_missing")
    elif len(member) > LONGEST_NUMBER or UNPRINTABLE.search(member):
        reading.wrong("member", member, "board_number_unreadable")
    if total and read_quarters(total) is None:
        reading.wrong("points", total, "points_unreadable")
    code = found.code if found else ""
    points = _points(reading, said, pairs, code)
    if not pairs and not withdraw:
        reading.wrong(said.type_key, "", "points_missing")
    return BoardCredit(code, member, points)


def is_of_a_board(certification: str, board: str) -> bool:
    """Whether a published certificate is a board's: says so by its category, or, without one, by its identifier."""
    return not _CME.match(certification) if certification else bool(board)


def _points(reading: Reading, said: Said, pairs: Sequence[tuple[str, str]], board: str) -> dict[str, str]:
    points: dict[str, str] = {}
    for credit_type, text in pairs:
        amount = read_quarters(text)
        if not credit_type or not text:
            reading.wrong(said.type_key, credit_type or text, "points_incomplete")
        elif amount is None:
            reading.wrong(said.amount_key, text, "points_unreadable")
        elif points.setdefault(name := _type(board, credit_type), str(amount)) != str(amount):
            reading.wrong(said.amount_key, text, "points_twice", type=name)
    return points


@lru_cache(maxsize=1_024)
def _type(board: str, said: str) -> str:
    found = _TYPES.where(board=board).find(said)
    return found.code if found else UNPRINTABLE.sub("�", said)


@lru_cache(maxsize=1_024)
def _hint(board: str) -> str:
    return hint(_BOARDS, board)
