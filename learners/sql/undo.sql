-- What the batch added is withdrawn, what it corrected says again what it said before it; what each said until now goes
-- to its versions in the same statement.
WITH withdrawn AS (
    UPDATE learners_credit c SET withdrawn_at = %(now)s, changed_at = %(now)s
    FROM undoable u
    WHERE u.outcome = 'withdrawn' AND c.id = u.target AND c.withdrawn_at IS NULL
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems, NULL::jsonb AS points,
        old.batch_id, old.row, old.changed_at AS said_at
), put_back AS (
    UPDATE learners_credit c SET amount = u.amount_before, rems = u.rems_before, batch_id = u.batch_before,
        row = u.row_before, changed_at = %(now)s
    FROM undoable u
    WHERE u.outcome = 'updated' AND c.id = u.target
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems,
        (SELECT p FROM learners_points_of(c.id) AS p) AS points, old.batch_id, old.row, old.changed_at AS said_at
)
INSERT INTO learners_creditversion (
    credit_id, organization_id, physician_id, amount, completed_on, rems, points, batch_id, row, said_at, replaced_at
)
SELECT x.id, %(organization)s, x.physician_id, x.amount, x.completed_on, x.rems, x.points, x.batch_id, x.row, x.said_at,
    %(now)s
FROM (SELECT * FROM withdrawn UNION ALL SELECT * FROM put_back) x
