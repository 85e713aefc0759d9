-- Licenses are added or brought up to date; what one said before goes to its versions in the same statement.
WITH good AS (
    SELECT w.* FROM weighed w WHERE w.code IS NULL AND w.nth = 1 AND NOT w.passed_over
), added AS (
    INSERT INTO learners_license (
        physician_id, board_id, state, degree, number, number_key, first_key, last_key, npi, status, issued_on,
        expires_on, source, changed_at
    )
    SELECT g.physician_id, %(organization)s, %(state)s, g.degree, g.number, g.number_key, g.first_key, g.last_key,
        g.new_npi, g.new_status, g.new_issued_on, g.new_expires_on, 'roster', %(now)s
    FROM good g WHERE g.license_id IS NULL
    ORDER BY g.number
    RETURNING id, number
), changed AS (
    UPDATE learners_license x SET number = g.number, number_key = g.number_key, degree = g.degree,
        first_key = g.first_key, last_key = g.last_key, npi = g.new_npi, status = g.new_status,
        issued_on = g.new_issued_on, expires_on = g.new_expires_on, source = 'roster', changed_at = %(now)s
    FROM good g
    WHERE x.id = g.license_id
        AND (x.number, x.degree, x.first_key, x.last_key, x.npi, x.status, x.issued_on, x.expires_on, x.source)
            IS DISTINCT FROM (g.number, g.degree, g.first_key, g.last_key, g.new_npi, g.new_status, g.new_issued_on,
                g.new_expires_on, 'roster')
    RETURNING x.id, old.physician_id, old.number, old.degree, old.first_key, old.last_key, old.status, old.issued_on,
        old.expires_on, old.changed_at AS said_at,
        CASE
            WHEN old.status <> 'lapsed' AND new.status = 'lapsed' THEN 'lapsed'
            WHEN old.status <> 'suspended' AND new.status = 'suspended' THEN 'suspended'
            WHEN old.status <> 'revoked' AND new.status = 'revoked' THEN 'revoked'
            WHEN old.source <> 'roster' THEN 'confirmed'
            WHEN old.issued_on < new.issued_on THEN 'reissued'
            WHEN old.status <> 'active' AND new.status = 'active' THEN 'reinstated'
            WHEN old.expires_on < new.expires_on OR (old.expires_on IS NULL AND new.expires_on IS NOT NULL)
                THEN 'renewed'
            ELSE 'corrected'
        END AS change
), versions AS (
    INSERT INTO learners_licenseversion (
        license_id, board_id, physician_id, number, degree, first_key, last_key, status, issued_on, expires_on, said_at,
        replaced_at, change, source
    )
    SELECT c.id, %(organization)s, c.physician_id, c.number, c.degree, c.first_key, c.last_key, c.status, c.issued_on,
        c.expires_on, c.said_at, %(now)s, c.change, 'roster'
    FROM changed c
)
INSERT INTO batches_row (batch_id, organization_id, number, outcome, target)
SELECT %(batch)s, %(organization)s, w.row,
    CASE
        WHEN w.code IS NOT NULL THEN 'failed'
        WHEN w.nth > 1 OR w.passed_over THEN 'unchanged'
        WHEN a.id IS NOT NULL THEN 'added'
        WHEN w.changes THEN 'updated'
        ELSE 'unchanged'
    END,
    coalesce(a.id, w.license_id)
FROM weighed w LEFT JOIN added a ON a.number = w.number AND w.code IS NULL AND w.nth = 1
