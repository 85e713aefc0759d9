-- What the rows that pass say of board credit and the record does not say yet, by the row that stands for their
-- completion: points to be added or changed and, where they are withdrawn alone, to be taken back.
CREATE TEMPORARY TABLE board_credit ON COMMIT DROP AS
SELECT DISTINCT w.first_row, f.withdraw, coalesce(f.new_id, f.credit_id) AS credit_id, f.physician_id,
    p.board, p.member, p.type, p.points
FROM weighed w
JOIN weighed f ON f.row = w.first_row
CROSS JOIN LATERAL jsonb_to_recordset(w.points) AS p (board text, member text, type text, points numeric)
LEFT JOIN learners_creditpoints q ON q.credit_id = f.credit_id AND q.board = p.board AND q.credit_type = p.type
    AND q.withdrawn_at IS NULL
WHERE w.points IS NOT NULL AND w.code IS NULL
    AND CASE
        WHEN w.withdraw THEN f.alone AND q.id IS NOT NULL
        ELSE (q.points, q.member_number) IS DISTINCT FROM (p.points, p.member)
    END
