-- Check only: say what would happen, touch no license.
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %(batch)s, %(organization)s, w.row,
    CASE
        WHEN w.code IS NOT NULL THEN 'failed'
        WHEN w.nth > 1 OR w.passed_over OR NOT w.changes THEN 'unchanged'
        ELSE 'ready'
    END,
    w.license_id
FROM weighed w
