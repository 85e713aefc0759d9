-- Licenses that waited for a board of their state and degree take their place.
WITH board AS (
    SELECT d.state, d.degree, min(d.organization_id) AS board_id
    FROM (
        SELECT x.state, 'MD' AS degree, x.organization_id FROM boards_board x WHERE x.licenses_md
        UNION ALL
        SELECT x.state, 'DO', x.organization_id FROM boards_board x WHERE x.licenses_do
    ) d
    GROUP BY d.state, d.degree
), taken AS (
    DELETE FROM boards_licenseaside a USING board b WHERE b.state = a.state AND b.degree = a.degree
    RETURNING a.physician_id, a.state, a.degree, a.number, a.number_key, b.board_id
), placed AS (
    INSERT INTO learners_license (
        physician_id, board_id, state, degree, number, number_key, first_key, last_key, npi, status, source, changed_at
    )
    SELECT DISTINCT ON (t.board_id, t.number) t.physician_id, t.board_id, t.state, t.degree, t.number, t.number_key,
        y.first_key, y.last_key, y.npi, 'unconfirmed', 'nppes', %(now)s
    FROM taken t JOIN learners_physician y ON y.id = t.physician_id
    WHERE NOT EXISTS (
        SELECT FROM learners_license x WHERE x.board_id = t.board_id AND x.number_key = t.number_key
            AND (x.physician_id = t.physician_id OR x.number = t.number)
    )
    ORDER BY t.board_id, t.number, t.physician_id
    ON CONFLICT (board_id, number) DO NOTHING
    RETURNING id
)
SELECT count(*) FROM placed
