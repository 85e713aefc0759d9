-- The same license, and the same NPI, twice in one file are judged side by side, so they share a chunk.
UPDATE boards_stagedlicense s SET chunk = f.chunk
FROM (
    SELECT t.number, min(t.chunk) AS chunk
    FROM boards_stagedlicense t
    WHERE t.batch_id = %(batch)s
    GROUP BY t.number
    HAVING min(t.chunk) <> max(t.chunk)
) f
WHERE s.batch_id = %(batch)s AND s.number = f.number AND s.chunk <> f.chunk;
UPDATE boards_stagedlicense s SET chunk = f.chunk
FROM (
    SELECT t.npi, min(t.chunk) AS chunk
    FROM boards_stagedlicense t
    WHERE t.batch_id = %(batch)s AND t.npi IS NOT NULL
    GROUP BY t.npi
    HAVING min(t.chunk) <> max(t.chunk)
) f
WHERE s.batch_id = %(batch)s AND s.npi = f.npi AND s.chunk <> f.chunk
