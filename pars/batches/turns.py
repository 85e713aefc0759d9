"""One organization's rows are landed one transaction at a time.

So the guess budget counts exactly, two chunks never wait for each other's rows, and no tenant takes every worker.
"""

from django.db import connection

_SPACE = (
    0xBA7C  # tells these advisory locks from others; learners' trigger on removed activities names it too
)


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
