-- Only people were asked about: whose details belong to one physician hears so.
INSERT INTO batches_issue (id, batch_id, organization_id, row, "column", value, code, level, params)
SELECT gen_random_uuid(), %(batch)s, %(organization)s, w.row, 'number', w.number, 'matched', 'note', '{}'::jsonb
FROM weighed w WHERE w.code IS NULL AND w.nth = 1 AND w.physician_id IS NOT NULL
