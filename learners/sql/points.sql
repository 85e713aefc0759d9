-- Certifying-board points of the rows that landed, or were there already, follow the file.
INSERT INTO learners_creditpoints AS q (
    credit_id, organization_id, physician_id, board, member_number, credit_type, points
)
SELECT coalesce(w.new_id, w.credit_id), %(organization)s, w.physician_id, p.board, p.member, p.type, p.points
FROM weighed w
CROSS JOIN LATERAL jsonb_to_recordset(w.points) AS p (board text, member text, type text, points numeric)
WHERE w.points IS NOT NULL AND w.code IS NULL AND w.nth = 1 AND NOT w.withdraw
ON CONFLICT (credit_id, board, credit_type)
DO UPDATE SET points = excluded.points, member_number = excluded.member_number
    WHERE (q.points, q.member_number) <> (excluded.points, excluded.member_number)
