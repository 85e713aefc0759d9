-- One waiting credit is told in other words: it goes to the learner of these, and to their physician where they have one.
-- Words that disagree or fit several leave it where it is. Where that credit stands already, the waiting one is joined
-- to it, like one that found its physician (join.sql). The earliest report date stays.
WITH told AS (
    SELECT p.learner_id, coalesce(p.physician_id, k.physician_id) AS physician_id
    FROM person p LEFT JOIN looked k ON k.learner_id = p.learner_id
    WHERE coalesce(k.verdict, 'matched') NOT IN ('disagrees', 'several')
), waiting AS (
    SELECT c.id, t.learner_id, t.physician_id, c.first_reported_at, c.amount, (
        SELECT e.id FROM learners_credit e
        WHERE e.activity_id = c.activity_id AND e.credit_type = c.credit_type AND e.id <> c.id
            AND e.occasion_on IS NOT DISTINCT FROM c.occasion_on AND e.withdrawn_at IS NULL
            AND (e.physician_id = t.physician_id
                OR t.physician_id IS NULL AND e.physician_id IS NULL AND e.learner_id = t.learner_id)
    ) AS held
    FROM told t JOIN learners_credit c ON c.id = %(reword)s
    WHERE c.organization_id = %(organization)s AND c.physician_id IS NULL AND c.withdrawn_at IS NULL
        AND c.learner_id <> t.learner_id
), dated AS (
    UPDATE learners_credit e SET first_reported_at = least(w.first_reported_at, e.first_reported_at),
        amount = CASE WHEN e.amount = 0 THEN w.amount ELSE e.amount END,
        changed_at = CASE WHEN e.amount = 0 AND w.amount > 0 THEN %(now)s ELSE e.changed_at END
    FROM waiting w
    WHERE e.id = w.held AND (w.first_reported_at < e.first_reported_at OR e.amount = 0 AND w.amount > 0)
    RETURNING e.id, e.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row,
        old.changed_at AS said_at, new.amount <> old.amount AS is_other
), changed AS (
    UPDATE learners_credit c SET
        learner_id = CASE WHEN w.held IS NULL THEN w.learner_id ELSE c.learner_id END,
        physician_id = CASE WHEN w.held IS NULL THEN w.physician_id END,
        withdrawn_at = CASE WHEN w.held IS NOT NULL THEN %(now)s::timestamptz END,
        batch_id = %(batch)s, row = 1, changed_at = %(now)s
    FROM waiting w WHERE c.id = w.id
    RETURNING c.id, c.physician_id, old.amount, old.completed_on, old.rems, old.batch_id, old.row,
        old.changed_at AS said_at
), handed_on AS (
    INSERT INTO learners_creditpoints (
        credit_id, organization_id, physician_id, board, member_number, credit_type, points
    )
    SELECT w.held, %(organization)s, w.physician_id, q.board, q.member_number, q.credit_type, q.points
    FROM waiting w JOIN learners_creditpoints q ON q.credit_id = w.id AND q.withdrawn_at IS NULL
    WHERE w.held IS NOT NULL
    ON CONFLICT (credit_id, board, credit_type) DO NOTHING
), points AS (
    UPDATE learners_creditpoints q SET physician_id = x.physician_id
    FROM changed x WHERE q.credit_id = x.id AND x.physician_id IS NOT NULL
)
INSERT INTO learners_creditversion (
    credit_id, organization_id, physician_id, amount, completed_on, rems, batch_id, row, said_at, replaced_at
)
SELECT x.id, %(organization)s, NULL, x.amount, x.completed_on, x.rems, x.batch_id, x.row, x.said_at, %(now)s
FROM changed x
UNION ALL
SELECT d.id, %(organization)s, d.physician_id, d.amount, d.completed_on, d.rems, d.batch_id, d.row, d.said_at, %(now)s
FROM dated d WHERE d.is_other
