-- Each NPI of the block beside the physician it is: known by it, or by a license with the same full name and no NPI yet.
CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT l.npi, l.state, l.degree, l.number, l.number_key, b.board_id
FROM incoming_license l
LEFT JOIN (
    SELECT d.state, d.degree, min(d.organization_id) AS board_id
    FROM (
        SELECT x.state, 'MD' AS degree, x.organization_id FROM boards_board x WHERE x.licenses_md
        UNION ALL
        SELECT x.state, 'DO', x.organization_id FROM boards_board x WHERE x.licenses_do
    ) d
    GROUP BY d.state, d.degree
) b ON b.state = l.state AND b.degree = l.degree;
ANALYZE placed;
CREATE TEMPORARY TABLE met ON COMMIT DROP AS
WITH by_license AS (
    SELECT p.npi, min(x.physician_id) AS physician_id
    FROM placed p
    JOIN incoming i ON i.npi = p.npi
    JOIN learners_license x ON x.board_id = p.board_id AND x.number_key = p.number_key
    JOIN learners_physician q ON q.id = x.physician_id AND q.npi IS NULL AND q.last_key = i.last_key
        AND q.first_key = i.first_key
    GROUP BY p.npi
    HAVING min(x.physician_id) = max(x.physician_id)
), once AS (
    SELECT b.physician_id, min(b.npi) AS npi FROM by_license b GROUP BY b.physician_id HAVING count(*) = 1
)
SELECT i.*, coalesce(y.id, o.physician_id, nextval(pg_get_serial_sequence('learners_physician', 'id'))) AS physician_id,
    y.id IS NULL AND o.physician_id IS NULL AS is_new,
    y.id IS NULL AND o.physician_id IS NOT NULL AS by_license
FROM incoming i
LEFT JOIN learners_physician y ON y.npi = i.npi
LEFT JOIN once o ON o.npi = i.npi AND y.id IS NULL;
ANALYZE met
