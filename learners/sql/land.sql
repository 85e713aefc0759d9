-- The rows that passed become credits. The two partial keys make a repeat an update or nothing; what a credit said
-- before a change goes to its versions in the same statement.
WITH good AS (
    SELECT w.* FROM weighed w WHERE w.code IS NULL AND w.nth = 1 AND NOT w.withdraw
), landed AS (
    INSERT INTO learners_credit AS c (
        organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, occasion_on, due_on,
        consent, batch_id, row, first_reported_at, changed_at
    )
    SELECT %(organization)s, g.learner_id, g.physician_id, g.activity_id, 1, g.amount, g.completed_on, g.occasion_on,
        g.due_on, g.consent, %(batch)s, g.row, %(reported_at)s, %(now)s
    FROM good g WHERE g.physician_id IS NOT NULL
    ORDER BY g.physician_id, g.activity_id
    ON CONFLICT (physician_id, activity_id, credit_type, occasion_on)
        WHERE physician_id IS NOT NULL AND withdrawn_at IS NULL
    DO UPDATE SET amount = excluded.amount, batch_id = excluded.batch_id, row = excluded.row,
        changed_at = excluded.changed_at
        WHERE c.amount <> excluded.amount
    RETURNING new.row, new.id, old.id AS old_id, old.amount AS old_amount, old.completed_on AS old_on,
        old.batch_id AS old_batch, old.row AS old_row, old.changed_at AS old_at, old.physician_id AS old_physician
), parked AS (
    INSERT INTO learners_credit AS c (
        organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, occasion_on, due_on,
        consent, batch_id, row, first_reported_at, changed_at
    )
    SELECT %(organization)s, g.learner_id, NULL, g.activity_id, 1, g.amount, g.completed_on, g.occasion_on, g.due_on,
        g.consent, %(batch)s, g.row, %(reported_at)s, %(now)s
    FROM good g WHERE g.physician_id IS NULL
    ORDER BY g.learner_id, g.activity_id
    ON CONFLICT (learner_id, activity_id, credit_type, occasion_on)
        WHERE physician_id IS NULL AND withdrawn_at IS NULL
    DO UPDATE SET amount = excluded.amount, batch_id = excluded.batch_id, row = excluded.row,
        changed_at = excluded.changed_at
        WHERE c.amount <> excluded.amount
    RETURNING new.row, new.id, old.id AS old_id, old.amount AS old_amount, old.completed_on AS old_on,
        old.batch_id AS old_batch, old.row AS old_row, old.changed_at AS old_at, old.physician_id AS old_physician
), withdrawn AS (
    UPDATE learners_credit c SET withdrawn_at = %(now)s, changed_at = %(now)s
    FROM weighed w
    WHERE w.code IS NULL AND w.withdraw AND w.nth = 1 AND c.id = w.credit_id AND c.withdrawn_at IS NULL
    RETURNING w.row, c.id, old.id AS old_id, old.amount AS old_amount, old.completed_on AS old_on,
        old.batch_id AS old_batch, old.row AS old_row, old.changed_at AS old_at, old.physician_id AS old_physician
), touched AS (
    SELECT l.*, CASE WHEN l.old_id IS NULL THEN 'added' ELSE 'updated' END AS outcome FROM landed l
    UNION ALL SELECT p.*, 'parked' FROM parked p
    UNION ALL SELECT x.*, 'withdrawn' FROM withdrawn x
), versions AS (
    INSERT INTO learners_creditversion (
        credit_id, organization_id, physician_id, amount, completed_on, batch_id, row, said_at, replaced_at
    )
    SELECT t.old_id, %(organization)s, t.old_physician, t.old_amount, t.old_on, t.old_batch, t.old_row, t.old_at,
        %(now)s
    FROM touched t WHERE t.old_id IS NOT NULL
)
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %(batch)s, %(organization)s, w.row,
    CASE
        WHEN w.code IS NOT NULL THEN 'failed'
        WHEN t.outcome IS NOT NULL THEN t.outcome
        WHEN w.physician_id IS NULL AND w.nth = 1 THEN 'parked'
        ELSE 'unchanged'
    END,
    coalesce(t.id, w.credit_id)
FROM weighed w LEFT JOIN touched t ON t.row = w.row
