-- Credit that waited for its physician goes to them as soon as they are known. Where the physician has that credit
-- already, the waiting one is joined to it: it is withdrawn, and the earlier of the two report dates stays. So do the
-- credits where the other is board credit alone, and board points that the other lacks. Each person is looked up by
-- themselves: what a chunk costs must not grow with the credit a provider has reported.
WITH waiting AS (
    SELECT c.id, k.physician_id, c.activity_id, c.credit_type, c.occasion_on, c.amount,
        row_number() OVER same AS nth, first_value(c.id) OVER same AS first_id,
        min(c.first_reported_at) OVER (
            PARTITION BY k.physician_id, c.activity_id, c.credit_type, c.occasion_on
        ) AS earliest
    FROM looked k
    CROSS JOIN LATERAL (
        SELECT x.* FROM learners_credit x
        WHERE x.learner_id = k.learner_id AND x.physician_id IS NULL AND x.withdrawn_at IS NULL
        OFFSET 0
    ) c
    WHERE k.verdict = 'matched' AND NOT k.is_new
    WINDOW same AS (
        PARTITION BY k.physician_id, c.activity_id, c.credit_type, c.occasion_on
        ORDER BY c.amount = 0, c.first_reported_at, c.id
    )
), held AS (
    SELECT w.id AS waiting_id, e.id AS credit_id, w.nth, w.amount, w.earliest
    FROM waiting w
    JOIN learners_credit e ON e.physician_id = w.physician_id AND e.activity_id = w.activity_id
        AND e.credit_type = w.credit_type AND e.occasion_on IS NOT DISTINCT FROM w.occasion_on
        AND e.withdrawn_at IS NULL
), dated AS (
    UPDATE learners_credit c SET first_reported_at = least(c.first_reported_at, h.earliest),
        amount = CASE WHEN c.amount = 0 THEN h.amount ELSE c.amount END,
        changed_at = CASE WHEN c.amount = 0 AND h.amount > 0 THEN %(now)s ELSE c.changed_at END
    FROM held h
    WHERE h.nth = 1 AND c.id = h.credit_id
        AND (h.earliest < c.first_reported_at OR c.amount = 0 AND h.amount > 0)
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row,
        old.changed_at AS said_at, new.amount <> old.amount AS is_other
), moved AS (
    UPDATE learners_credit c SET physician_id = w.physician_id, first_reported_at = w.earliest, changed_at = %(now)s
    FROM waiting w
    WHERE c.id = w.id AND w.nth = 1 AND NOT EXISTS (SELECT FROM held h WHERE h.waiting_id = w.id)
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row,
        old.changed_at AS said_at
), joined AS (
    UPDATE learners_credit c SET withdrawn_at = %(now)s, changed_at = %(now)s
    FROM waiting w
    WHERE c.id = w.id AND (w.nth > 1 OR EXISTS (SELECT FROM held h WHERE h.waiting_id = w.id))
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row,
        old.changed_at AS said_at
), handed_on AS (
    INSERT INTO learners_creditpoints (
        credit_id, organization_id, physician_id, board, member_number, credit_type, points
    )
    SELECT coalesce(h.credit_id, w.first_id), %(organization)s, w.physician_id, q.board, q.member_number, q.credit_type,
        q.points
    FROM joined j
    JOIN waiting w ON w.id = j.id
    LEFT JOIN held h ON h.waiting_id = w.id
    JOIN learners_creditpoints q ON q.credit_id = j.id AND q.withdrawn_at IS NULL
    ORDER BY w.nth
    ON CONFLICT (credit_id, board, credit_type) DO NOTHING
), points AS (
    UPDATE learners_creditpoints q SET physician_id = m.physician_id FROM moved m WHERE q.credit_id = m.id
)
INSERT INTO learners_creditversion (
    credit_id, organization_id, physician_id, amount, completed_on, rems, batch_id, row, said_at, replaced_at
)
SELECT t.id, %(organization)s, NULL, t.amount, t.completed_on, t.rems, t.batch_id, t.row, t.said_at, %(now)s
FROM (SELECT * FROM moved UNION ALL SELECT * FROM joined) t
UNION ALL
SELECT d.id, %(organization)s, d.physician_id, d.amount, d.completed_on, d.rems, d.batch_id, d.row, d.said_at, %(now)s
FROM dated d WHERE d.is_other
