"""Row security's settings: the only place that opens a scope (style: Scope).

`acting_as` puts the actor into settings that last for one transaction; the policies written by `rls` read them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from .actor import Actor

_NAMES = ("pars.kind", "pars.organization_id", "pars.physician_id", "pars.user_id")


def _read() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'coalesce(current_setting({n!r}, true), %s)' for n in _NAMES)}", [""] * 4
        )
        return [str(value) for value in cursor.fetchone()]


def _set(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'set_config({name!r}, %s, true)' for name in _NAMES)}", values)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """One transaction (or savepoint) in which row security shows what `actor` may see.

    On an error, or when the block marked its work to be undone, the rollback restores the outer settings;
    otherwise they are put back by hand. Where there was no transaction, they end with this one.
    """
    inside = connection.in_atomic_block
    with transaction.atomic():
        outer = _read() if inside else None
        ids = (actor.organization_id, actor.physician_id, actor.user_id)
        _set([actor.kind, *("" if value is None else str(value) for value in ids)])
        yield
        if outer is not None and not connection.needs_rollback:
            _set(outer)
