"""Chains events, one chain an organization, a moment after they were written.

A chain written inside the act would make every page wait behind a batch's chunk; so acts insert freely and this job,
alone by an advisory lock, links what has been committed. `verify` recomputes the chain from nothing.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

BLOCK = 2_000
_LOCK = 0x5EA1

_TAKE = """
DELETE FROM audit_unsealed WHERE event_id IN (
    SELECT u.event_id FROM audit_unsealed u JOIN audit_event e ON e.id = u.event_id ORDER BY e.at, e.id LIMIT %s
) RETURNING event_id
"""
_FIELDS = (
    "e.id, coalesce(e.organization_id, 0), e.at, e.actor_kind, e.user_id, e.system, e.verb, e.object_kind, "
    "e.object_id, e.detail::text, (SELECT array_agg(s.physician_id ORDER BY s.physician_id) "
    "FROM audit_subject s WHERE s.event_id = e.id)"
)


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: `number` is the first link that differs."""

    chain: int
    number: int
    reason: str


def digest(before: bytes, fields: tuple[Any, ...]) -> bytes:
    """SHA-256 over the previous link's digest and the event's fields as JSON."""
    event_id, chain, at, *rest = fields
    body = json.dumps([str(event_id), chain, at.astimezone(UTC).isoformat(), *rest], separators=(",", ":"))
    return hashlib.sha256(before + body.encode()).digest()


@transaction.atomic
def seal(*, at: datetime) -> int:
    """Link up to BLOCK waiting events; the number linked. Another sealer at work: 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [BLOCK])
        taken = [row[0] for row in cursor.fetchall()]
        if not taken:
            return 0
        cursor.execute(
            f"SELECT {_FIELDS} FROM audit_event e WHERE e.id = ANY(%s) ORDER BY e.at, e.id", [taken]
        )
        events = cursor.fetchall()
        heads = _heads(cursor, {event[1] for event in events})
        links = []
        for event in events:
            number, before = heads[event[1]]
            link = digest(before, event)
            heads[event[1]] = (number + 1, link)
            links.append((event[1], number + 1, event[0], link, at))
        cursor.executemany(
            "INSERT INTO audit_seal (chain, number, event_id, digest, sealed_at) VALUES (%s, %s, %s, %s, %s)",
            links,
        )
        return len(links)


def _heads(cursor: Any, chains: set[int]) -> dict[int, tuple[int, bytes]]:
    cursor.execute(
        "SELECT DISTINCT ON (chain) chain, number, digest FROM audit_seal WHERE chain = ANY(%s) "
        "ORDER BY chain, number DESC",
        [list(chains)],
    )
    heads = {chain: (number, bytes(link)) for chain, number, link in cursor.fetchall()}
    return {chain: heads.get(chain, (0, b"")) for chain in chains}


def verify() -> Iterator[Break]:
    """Recompute every chain; yields the first break of each. Reads as whoever may see all events."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.chain, s.number, s.digest, {_FIELDS} FROM audit_seal s "
            "LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.chain, s.number"
        )
        chain, expected, before, broken = -1, 0, b"", False
        for row in cursor:
            if row[0] != chain:
                chain, expected, before, broken = row[0], 0, b"", False
            if broken:
                continue
            expected += 1
            reason = _wrong(row, expected, before)
            if reason:
                broken = True
                yield Break(chain, row[1], reason)
            before = bytes(row[2])


def _wrong(row: tuple[Any, ...], expected: int, before: bytes) -> str:
    if row[1] != expected:
        return "a link is missing"
    if row[3] is None:
        return "its event is missing"
    if digest(before, row[3:]) != bytes(row[2]):
        return "its event was altered"
    return ""
