-- What the batch withdrew is on record again, with the report date it had. A learner who waited then may have a
-- physician by now: the credit goes to them.
WITH restored AS (
    UPDATE learners_credit c SET withdrawn_at = NULL, physician_id = u.physician_id, changed_at = %(now)s
    FROM undoable u
    WHERE u.outcome = 'added' AND c.id = u.target
    RETURNING c.id, c.physician_id, old.physician_id AS physician_before, old.amount, old.completed_on, old.rems,
        old.batch_id, old.row, old.withdrawn_at, old.changed_at AS said_at
), points AS (
    UPDATE learners_creditpoints q SET physician_id = x.physician_id
    FROM restored x WHERE q.credit_id = x.id AND q.physician_id IS DISTINCT FROM x.physician_id
)
INSERT INTO learners_creditversion (
    credit_id, organization_id, physician_id, amount, completed_on, rems, batch_id, row, withdrawn_at, said_at,
    replaced_at
)
SELECT x.id, %(organization)s, x.physician_before, x.amount, x.completed_on, x.rems, x.batch_id, x.row,
    x.withdrawn_at, x.said_at, %(now)s
FROM restored x
