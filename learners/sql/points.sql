-- Certifying-board points of the rows that landed, or were there already, follow the file. Those of a completion that was
-- withdrawn with them stay with it.
WITH taken_back AS (
    UPDATE learners_creditpoints q SET withdrawn_at = %(now)s
    FROM board_credit b JOIN learners_credit c ON c.id = b.credit_id
    WHERE b.withdraw AND c.withdrawn_at IS NULL
        AND (q.credit_id, q.board, q.credit_type) = (b.credit_id, b.board, b.type) AND q.withdrawn_at IS NULL
)
INSERT INTO learners_creditpoints (
    credit_id, organization_id, physician_id, board, member_number, credit_type, points
)
SELECT b.credit_id, %(organization)s, b.physician_id, b.board, b.member, b.type, b.points
FROM board_credit b
WHERE NOT b.withdraw
ON CONFLICT (credit_id, board, credit_type)
DO UPDATE SET points = excluded.points, member_number = excluded.member_number, withdrawn_at = NULL
