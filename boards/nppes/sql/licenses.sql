-- Licenses that nobody has told yet, unconfirmed until their board does; those of states without a board wait aside.
WITH wanted AS (
    SELECT DISTINCT ON (p.board_id, p.number_key) p.*, m.physician_id, m.first_key, m.last_key
    FROM placed p JOIN met m ON m.npi = p.npi
    WHERE p.board_id IS NOT NULL
    ORDER BY p.board_id, p.number_key, m.physician_id
), fresh AS (
    SELECT w.* FROM wanted w
    WHERE NOT EXISTS (
        SELECT FROM learners_license x WHERE x.board_id = w.board_id AND x.number_key = w.number_key
            AND (x.physician_id = w.physician_id OR x.number = w.number)
    )
), added AS (
    INSERT INTO learners_license (
        physician_id, board_id, state, degree, number, number_key, first_key, last_key, npi, status, source, changed_at
    )
    SELECT f.physician_id, f.board_id, f.state, f.degree, f.number, f.number_key, f.first_key, f.last_key, f.npi,
        'unconfirmed', 'nppes', %(now)s
    FROM fresh f
    ON CONFLICT (board_id, number) DO NOTHING
    RETURNING id
), spread AS (
    UPDATE learners_license x SET npi = m.npi
    FROM met m WHERE m.by_license AND x.physician_id = m.physician_id AND x.npi IS DISTINCT FROM m.npi
), aside AS (
    INSERT INTO boards_licenseaside (physician_id, state, degree, number, number_key)
    SELECT DISTINCT ON (m.physician_id, p.state, p.number_key) m.physician_id, p.state, p.degree, p.number, p.number_key
    FROM placed p JOIN met m ON m.npi = p.npi
    WHERE p.board_id IS NULL
    ON CONFLICT (physician_id, state, number_key) DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM aside),
    (
        SELECT count(*)
        FROM placed p
        JOIN met m ON m.npi = p.npi
        JOIN learners_license x ON x.board_id = p.board_id AND x.number = p.number
            AND x.physician_id <> m.physician_id
    )
