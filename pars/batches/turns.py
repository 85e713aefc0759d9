"""One organization's rows are landed one transaction at a time, a large file's in two lanes (docs/adr/0029).

No person is in two lanes, so two chunks never wait for each other's rows.
"""

from django.db import connection

_SPACE = (
    0xBA7C  # tells these advisory locks from others; learners' trigger on removed activities names it too
)


LANES = 2


def try_turn(organization_id: int, lane: int | None = None) -> bool:
    """Take the organization's turn, or one lane of it, until the transaction ends.

    False where another transaction has it, or waits for all of it.
    """
    turn, locks = [_SPACE, organization_id], "pg_try_advisory_xact_lock(%s, hashint8(%s))"
    if lane is not None:
        turn += [_SPACE + 1 + lane, organization_id]
        locks = f"pg_try_advisory_xact_lock_shared(%s, hashint8(%s)) AND {locks}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {locks}", turn)
        return bool(cursor.fetchone()[0])


def wait_turn(organization_id: int) -> None:
    """The same, waiting up to ten seconds: a chunk takes under one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [_SPACE, organization_id])
