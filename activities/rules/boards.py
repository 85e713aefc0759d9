"""Registration with certifying boards (pars-facts 2.7)."""

from collections.abc import Iterator
from datetime import date

from activities.codes import CodeList, code_list
from activities.record import Record, Registration

from .base import LONGEST_ID, in_quarters, several, short
from .listing import public
from .problem import Problem, hint, problem

MOST_BOARDS, MOST_TYPES, LONGEST_TYPE = 30, 20, 80
MOST_AREAS, LONGEST_AREA = 100, 120


def open_boards(start_on: date | None) -> CodeList:
    """The boards an activity can be registered for that starts on this day."""
    boards = code_list("certifying_board").where(registers="yes")
    return boards.on(start_on) if start_on else boards


def registrations(record: Record) -> Iterator[Problem]:
    if len(record.registrations) > MOST_BOARDS:
        yield problem("too_many", "registrations", most=MOST_BOARDS, number=len(record.registrations))
        return
    boards = open_boards(record.start_on)
    seen: set[str] = set()
    for place, one in enumerate(record.registrations):
        field = f"registrations.{place}"
        if not one.board:
            yield problem("board_missing", f"{field}.board")
        elif not boards.get(one.board):
            yield problem("board_unknown", f"{field}.board", one.board, hint=hint(boards, one.board))
        elif one.board in seen:
            yield problem("board_twice", f"{field}.board", one.board)
        seen.add(one.board)
        yield from _registration(field, one, record.start_on)


def _registration(field: str, one: Registration, start_on: date | None) -> Iterator[Problem]:
    if not in_quarters(one.points):
        yield problem("points_unreadable", f"{field}.points", one.points)
    if one.claim_by and start_on and one.claim_by < start_on:
        yield problem("claim_too_early", f"{field}.claim_by", f"{one.claim_by:%m/%d/%Y}")
    yield from several(f"{field}.credit_types", one.credit_types, most=MOST_TYPES, longest=LONGEST_TYPE)
    yield from several(f"{field}.practice_areas", one.practice_areas, most=MOST_AREAS, longest=LONGEST_AREA)
    yield from several(f"{field}.content_areas", one.content_areas, most=MOST_AREAS, longest=LONGEST_AREA)
    yield from short(f"{field}.internal_id", one.internal_id, LONGEST_ID)
    yield from public(f"{field}.", one.fee, one.registration, one.url)
