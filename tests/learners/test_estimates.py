"""What the planner expects of row security decides whether a chunk takes a second or minutes."""

import json

import pytest
from django.db import connection

from pars.access.actor import Actor
from pars.access.scope import acting_as
from tests.factories import a_provider
from tests.roles import as_role

pytestmark = pytest.mark.django_db

LEARNERS = """
INSERT INTO learners_learner (
    organization_id, fingerprint, first_name, last_name, first_key, last_key, state, number, number_key, birthday,
    verdict, rule, created_at)
SELECT %s, sha256(n::text::bytea), 'A', 'B', 'a', 'b', 'NC', '', '', '', 'not_found', 1, now()
FROM generate_series(1, 500) n
"""
CREDITS = """
INSERT INTO learners_credit (
    organization_id, learner_id, activity_id, credit_type, amount, completed_on, due_on, consent, batch_id, row,
    first_reported_at, changed_at)
SELECT l.organization_id, l.id, a.id, 1, 1, '2026-01-01', '2026-02-01', 'written', gen_random_uuid(), 1, now(), now()
FROM learners_learner l JOIN activities_activity a ON a.organization_id = l.organization_id
"""
ACTIVITY = """
INSERT INTO activities_activity (
    organization_id, activity_id, provider_activity_id, title, description, format, delivery, start_on, end_on, city,
    state, country, credits, listed, tags, providership, created_at, updated_at)
VALUES (%s, %s, '', 'T', 'D', 'Enduring Material', '{Online}', '2026-01-01', '2026-12-31', '', '', '', 4, false, '{}',
    'direct', now(), now())
"""


@pytest.mark.parametrize("table", ["learners_learner", "learners_credit"])
def test_an_organization_newer_than_the_statistics_is_expected_to_have_as_much_as_others(table: str) -> None:
    with as_role("pars_owner"), connection.cursor() as cursor:
        for number in range(3):
            known = a_provider()
            cursor.execute(LEARNERS, [known.pk])
            cursor.execute(ACTIVITY, [known.pk, f"70000000{number}"])
        cursor.execute(CREDITS)
        cursor.execute("ANALYZE learners_learner, learners_credit")
    new = a_provider()

    with (
        as_role("pars_worker"),
        acting_as(Actor.matcher(new.pk, user_id=None)),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"EXPLAIN (FORMAT JSON) UPDATE {table} SET id = id")
        plan = cursor.fetchone()[0]

    [top] = json.loads(plan) if isinstance(plan, str) else plan
    [cost] = [one["Total Cost"] for one in top["Plan"]["Plans"] if one["Parent Relationship"] == "Outer"]
    assert cost > 20, "it would be read again and again, for each row that is joined"
