-- Check only: say what would happen, touch no credit.
INSERT INTO batches_row (batch_id, organization_id, number, outcome)
SELECT %(batch)s, %(organization)s, w.row,
    CASE
        WHEN w.code IS NOT NULL THEN 'failed'
        WHEN w.physician_id IS NULL AND NOT w.withdraw THEN 'parked'
        WHEN w.credit_id IS NOT NULL AND w.known_amount = w.amount AND NOT w.withdraw
            AND coalesce(w.rems = w.known_rems, w.rems IS NULL)
            AND w.row NOT IN (SELECT b.first_row FROM board_credit b) THEN 'unchanged'
        ELSE 'ready'
    END
FROM weighed w
