"""A worker as one would write it first: rows are inserted one block after another, each block committed by itself so
that a page can show progress, and a chunk is done when its last block is. Killed in between it begins the chunk anew.

Only for `proof.kills`, which must find it out; its schema goes without the keys that would refuse the second copy.
"""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
django.setup()

from django.db import connection

from pars.access.scope import acting_as
from pars.batches import processing
from pars.batches.job import Job
from pars.batches.models import Chunk
from pars.celery import app

__all__ = ["app"]

ROWS_A_BLOCK = 500

_ROWS = "SELECT row FROM learners_stagedcredit WHERE batch_id = %s AND chunk = %s ORDER BY row"
_CLEAR = "DELETE FROM learners_stagedcredit WHERE batch_id = %s AND chunk = %s"
_LEARNERS = """
INSERT INTO learners_learner (
    organization_id, fingerprint, first_name, last_name, first_key, last_key, state, number, number_key, birthday,
    physician_id, verdict, rule, created_at)
SELECT %(organization)s, s.fingerprint, s.first_name, s.last_name, s.first_key, s.last_key, s.state, s.number,
    s.number_key, s.birthday, l.physician_id, CASE WHEN l.id IS NULL THEN 'not_found' ELSE 'matched' END, 0, now()
FROM learners_stagedcredit s
LEFT JOIN learners_license l ON l.state = s.state AND l.number_key = s.number_key
WHERE s.batch_id = %(batch)s AND s.row = ANY(%(rows)s)
ON CONFLICT DO NOTHING
"""
_CREDITS = """
INSERT INTO learners_credit (
    organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, due_on, consent,
    batch_id, row, first_reported_at, changed_at)
SELECT %(organization)s, l.id, l.physician_id, a.id, 1, s.amount, s.completed_on, a.end_on + 30, 'written', %(batch)s,
    s.row, now(), now()
FROM learners_stagedcredit s
JOIN learners_learner l ON l.organization_id = %(organization)s AND l.fingerprint = s.fingerprint
JOIN activities_activity a ON a.activity_id = s.activity_id
WHERE s.batch_id = %(batch)s AND s.row = ANY(%(rows)s)
"""
_OUTCOMES = """
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT c.batch_id, c.organization_id, c.row, CASE WHEN c.physician_id IS NULL THEN 'parked' ELSE 'added' END, c.id
FROM learners_credit c
WHERE c.batch_id = %(batch)s AND c.row = ANY(%(rows)s)
ON CONFLICT DO NOTHING
"""


def _work(job: Job, claim: processing.Claim, *, hopeless: bool) -> None:
    with acting_as(job.actor), connection.cursor() as cursor:
        cursor.execute(_ROWS, [job.batch.pk, claim.number])
        numbers = [row for (row,) in cursor.fetchall()]
    for first in range(0, len(numbers), ROWS_A_BLOCK):
        params: dict[str, Any] = {
            "batch": job.batch.pk,
            "organization": job.batch.organization_id,
            "rows": numbers[first : first + ROWS_A_BLOCK],
        }
        with acting_as(job.actor), connection.cursor() as cursor:
            for statement in (_LEARNERS, _CREDITS, _OUTCOMES):
                cursor.execute(statement, params)
    with acting_as(job.actor), connection.cursor() as cursor:
        cursor.execute(_CLEAR, [job.batch.pk, claim.number])
        Chunk.objects.filter(pk=claim.chunk_id).update(status=Chunk.Status.DONE, leased_until=None)


processing._work = _work
