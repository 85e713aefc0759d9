"""Django's cache on a table of its own connection.

allauth counts attempts in the cache. Kept on the `counters` alias, in autocommit, a count survives the rollback of the
request that made it, needs no Redis, and is never culled to make room (stack.md trap: DatabaseCache culls live rows).
"""

import pickle
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

_LIVE = "(expires_at IS NULL OR expires_at > now())"


class CounterCache(BaseCache):
    """The parts of Django's cache interface that counting needs; values are pickled as in Django's own table cache."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.table = table

    def _run(self, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with connections["counters"].cursor() as cursor:
            cursor.execute(sql.format(table=self.table, live=_LIVE), values)
            return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]

    def _expiry(self, timeout: float | None) -> datetime | None:
        seconds = self.get_backend_timeout(timeout)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._run(
            "SELECT value FROM {table} WHERE key = %s AND {live}", [self.make_and_validate_key(key, version)]
        )
        return pickle.loads(found[0][0]) if found else default  # noqa: S301 (written by this class)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(
            "INSERT INTO {table} (key, value, expires_at) VALUES (%s, %s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
            [self.make_and_validate_key(key, version), pickle.dumps(value), self._expiry(timeout)],
        )

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        added = self._run(
            "INSERT INTO {table} AS t (key, value, expires_at) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE "
            "SET value = excluded.value, expires_at = excluded.expires_at WHERE t.expires_at <= now()",
            [self.make_and_validate_key(key, version), pickle.dumps(value), self._expiry(timeout)],
        )
        return bool(added[0][0])

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        touched = self._run(
            "UPDATE {table} SET expires_at = %s WHERE key = %s AND {live}",
            [self._expiry(timeout), self.make_and_validate_key(key, version)],
        )
        return bool(touched[0][0])

    def delete(self, key: str, version: int | None = None) -> bool:
        deleted = self._run("DELETE FROM {table} WHERE key = %s", [self.make_and_validate_key(key, version)])
        return bool(deleted[0][0])

    def clear(self) -> None:
        self._run("DELETE FROM {table}", [])

    def clear_expired(self) -> None:
        """What has run out goes; called by the clock."""
        self._run("DELETE FROM {table} WHERE expires_at <= now()", [])
