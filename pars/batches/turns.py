"""One organization's rows are landed one transaction at a time.

So the guess budget counts exactly, two chunks never wait for each other's rows, and no tenant takes every worker.
A chunk is looked at before its turn: two of an organization's chunks may be under way, in lanes, one of them landing.
"""

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

_SPACE = (
    0xBA7C  # tells these advisory locks from others; learners' trigger on removed activities names it too
)

_LANES = (0xBA7D, 0xBA7E)


class NotOurTurn(Exception):
    """Others of the same organization are at work; what was begun is for another time."""


def try_turn(organization_id: int) -> bool:
    """Take the organization's turn until the transaction ends; False where another transaction has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashint8(%s))", [_SPACE, organization_id])
        return bool(cursor.fetchone()[0])


def wait_turn(organization_id: int) -> None:
    """The same, waiting up to ten seconds: a chunk takes under one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [_SPACE, organization_id])


def take_lane(organization_id: int) -> None:
    """Take one of the organization's two lanes until the transaction ends. Raises NotOurTurn where none is free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_xact_lock(%s, hashint8(%s)) THEN true "
            "ELSE pg_try_advisory_xact_lock(%s, hashint8(%s)) END",
            [_LANES[0], organization_id, _LANES[1], organization_id],
        )
        if not cursor.fetchone()[0]:
            raise NotOurTurn


def take_turn(organization_id: int) -> None:
    """`wait_turn` for a chunk, which can wait for another time. Raises NotOurTurn."""
    try:
        wait_turn(organization_id)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise NotOurTurn from error
        raise
