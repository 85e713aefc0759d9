-- The rows that passed become credits, corrections or withdrawals; what a credit said before goes to its versions in
-- the same statement. Whoever writes an organization's credit has its turn, so what `weighed` found is so still; the
-- two partial unique keys stand behind that.
WITH added AS (
    INSERT INTO learners_credit (
        id, organization_id, learner_id, physician_id, activity_id, credit_type, amount, completed_on, occasion_on,
        due_on, consent, consented_on, rems, batch_id, row, first_reported_at, changed_at
    )
    SELECT w.new_id, %(organization)s, w.learner_id, w.physician_id, w.activity_id, 1, w.amount, w.completed_on,
        w.occasion_on, w.due_on, w.consent, w.consented_on, w.rems, %(batch)s, w.row, %(reported_at)s, %(now)s
    FROM weighed w WHERE w.new_id IS NOT NULL
    ORDER BY w.physician_id, w.activity_id
), emptied AS (
    -- Of board credit alone nothing is left: the completion goes with it.
    SELECT DISTINCT b.credit_id
    FROM board_credit b JOIN learners_credit c ON c.id = b.credit_id
    WHERE b.withdraw AND c.amount = 0 AND NOT EXISTS (
        SELECT FROM learners_creditpoints q
        WHERE q.credit_id = c.id AND q.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT FROM board_credit t WHERE (t.credit_id, t.board, t.type) = (q.credit_id, q.board, q.credit_type)
        )
    )
), corrected AS (
    UPDATE learners_credit c SET amount = w.amount, completed_on = w.completed_on, occasion_on = w.occasion_on,
        rems = coalesce(w.rems, c.rems), batch_id = %(batch)s, row = w.row, changed_at = %(now)s
    FROM weighed w
    WHERE w.credit_id IS NOT NULL AND w.code IS NULL AND w.nth = 1 AND c.id = w.credit_id
        AND CASE
            WHEN w.withdraw THEN w.alone AND w.credit_id NOT IN (SELECT e.credit_id FROM emptied e)
            ELSE (c.amount, c.completed_on) <> (w.amount, w.completed_on) OR w.rems <> coalesce(c.rems, '{}')
                OR w.row IN (SELECT b.first_row FROM board_credit b)
        END
    RETURNING w.row, c.id, old.amount, old.completed_on, old.rems,
        (SELECT p FROM learners_points_of(c.id) AS p) AS points, old.batch_id, old.row AS old_row,
        old.changed_at AS said_at, c.physician_id,
        CASE WHEN c.physician_id IS NULL THEN 'parked' ELSE 'updated' END AS outcome
), withdrawn AS (
    UPDATE learners_credit c SET withdrawn_at = %(now)s, changed_at = %(now)s
    FROM weighed w
    WHERE w.credit_id IS NOT NULL AND w.code IS NULL AND w.withdraw AND w.nth = 1 AND c.id = w.credit_id
        AND c.withdrawn_at IS NULL AND (NOT w.alone OR w.credit_id IN (SELECT e.credit_id FROM emptied e))
    RETURNING w.row, c.id, old.amount, old.completed_on, old.rems, NULL::jsonb AS points, old.batch_id,
        old.row AS old_row, old.changed_at AS said_at, c.physician_id, 'withdrawn' AS outcome
), changed AS (
    SELECT * FROM corrected UNION ALL SELECT * FROM withdrawn
), versions AS (
    INSERT INTO learners_creditversion (
        credit_id, organization_id, physician_id, amount, completed_on, rems, points, batch_id, row, said_at, replaced_at
    )
    SELECT x.id, %(organization)s, x.physician_id, x.amount, x.completed_on, x.rems, x.points, x.batch_id, x.old_row,
        x.said_at, %(now)s
    FROM changed x
)
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %(batch)s, %(organization)s, w.row,
    CASE
        WHEN w.code IS NOT NULL THEN 'failed'
        WHEN x.outcome IS NOT NULL THEN x.outcome
        WHEN w.physician_id IS NULL AND w.nth = 1 THEN 'parked'
        WHEN w.new_id IS NOT NULL THEN 'added'
        ELSE 'unchanged'
    END,
    coalesce(w.new_id, w.credit_id)
FROM weighed w LEFT JOIN changed x ON x.row = w.row
ORDER BY w.row
