-- The same person and activity twice in one file are judged side by side, so they share a chunk.
UPDATE learners_stagedcredit s SET chunk = f.chunk
FROM (
    SELECT t.fingerprint, t.activity_id, min(t.chunk) AS chunk
    FROM learners_stagedcredit t
    WHERE t.batch_id = %(batch)s
    GROUP BY t.fingerprint, t.activity_id
    HAVING min(t.chunk) <> max(t.chunk)
) f
WHERE s.batch_id = %(batch)s AND s.fingerprint = f.fingerprint AND s.activity_id = f.activity_id AND s.chunk <> f.chunk
