-- Board points say again what they said before the batch: what it brought is taken back, what it changed or took back is
-- as it was.
WITH back AS (
    SELECT DISTINCT ON (u.target) u.target, c.physician_id, u.points_before
    FROM undoable u JOIN learners_credit c ON c.id = u.target
    WHERE u.outcome = 'updated' AND u.points_before IS NOT NULL
), taken_back AS (
    UPDATE learners_creditpoints q SET withdrawn_at = %(now)s
    FROM back b
    WHERE q.credit_id = b.target AND q.withdrawn_at IS NULL AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(b.points_before) AS p (board text, type text)
        WHERE (p.board, p.type) = (q.board, q.credit_type)
    )
)
INSERT INTO learners_creditpoints (
    credit_id, organization_id, physician_id, board, member_number, credit_type, points
)
SELECT b.target, %(organization)s, b.physician_id, p.board, p.member, p.type, p.points
FROM back b
CROSS JOIN LATERAL jsonb_to_recordset(b.points_before) AS p (board text, member text, type text, points numeric)
ON CONFLICT (credit_id, board, credit_type)
DO UPDATE SET points = excluded.points, member_number = excluded.member_number, withdrawn_at = NULL
