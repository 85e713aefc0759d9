"""Row-level security for migrations: the second fence round every tenant row (design section 6).

A policy is an SQL condition over the table's own columns and the four settings that `scope.acting_as` sets. Write
conditions with the fragments below, qualify every column with its table, use EXISTS rather than IN, and never let
two tables' policies refer to each other.
"""

from collections.abc import Iterable

from django.db.migrations import RunSQL

APP_ROLES = ("pars_web", "pars_worker")
KIND = "current_setting('pars.kind', true)"
ORGANIZATION_ID = "nullif(current_setting('pars.organization_id', true), '')::bigint"
PHYSICIAN_ID = "nullif(current_setting('pars.physician_id', true), '')::bigint"
USER_ID = "nullif(current_setting('pars.user_id', true), '')::bigint"

OPERATOR = f"{KIND} = 'operator'"


def kind_is(*kinds: str) -> str:
    """Condition: the actor is of one of these kinds."""
    return f"{KIND} IN ({', '.join(repr(kind) for kind in kinds)})"


def own(table: str, *kinds: str) -> str:
    """Condition: the row belongs to the actor's organization, the actor being of one of these kinds."""
    return f"({kind_is(*kinds)} AND {table}.organization_id = {ORGANIZATION_ID})"


def any_of(*conditions: str) -> str:
    return "(" + " OR ".join(conditions) + ")"


def isolate(table: str, *, see: str, write: str | None = None, delete: str | None = None) -> RunSQL:
    """Switch row security on, forced, for `table`.

    `see` may be read; `write` may be inserted and updated (both the old and the new row); `delete` may be deleted.
    What is left out nobody may do. The owner passes, or foreign keys and data migrations would fail.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY owner ON {table} TO pars_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY see ON {table} FOR SELECT TO {', '.join(APP_ROLES)} USING ({see})",
    ]
    if write is not None:
        roles = ", ".join(APP_ROLES)
        statements += [
            f"CREATE POLICY add ON {table} FOR INSERT TO {roles} WITH CHECK ({write})",
            f"CREATE POLICY change ON {table} FOR UPDATE TO {roles} USING ({write}) WITH CHECK ({write})",
        ]
    if delete is not None:
        statements.append(
            f"CREATE POLICY remove ON {table} FOR DELETE TO {', '.join(APP_ROLES)} USING ({delete})"
        )
    return RunSQL(";\n".join(statements), RunSQL.noop)


def allow_only(table: str, privileges: str, *, roles: Iterable[str] = APP_ROLES) -> RunSQL:
    """Narrow what the running app may do with `table` to `privileges` ("SELECT, INSERT"; "" for nothing)."""
    names = ", ".join(roles)
    grant = f";\nGRANT {privileges} ON {table} TO {names}" if privileges else ""
    return RunSQL(f"REVOKE ALL ON {table} FROM {names}{grant}", RunSQL.noop)


def let_delete(table: str, *, when: str, role: str) -> RunSQL:
    """Let one role alone of the running app delete rows of a table that is isolated already, under a condition."""
    others = ", ".join(name for name in APP_ROLES if name != role)
    return RunSQL(
        f"CREATE POLICY remove ON {table} FOR DELETE TO {role} USING ({when});\n"
        f"GRANT DELETE ON {table} TO {role};\n"
        f"REVOKE DELETE ON {table} FROM {others}",
        f"DROP POLICY remove ON {table}",
    )
