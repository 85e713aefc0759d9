-- New physicians come in; what NPPES itself said before follows the file; a board's or a claim's word stays.
WITH added AS (
    INSERT INTO learners_physician (
        id, npi, degree, first_name, middle_name, last_name, suffix, first_key, last_key, source, created_at
    )
    SELECT m.physician_id, m.npi, m.degree, m.first_name, m.middle_name, m.last_name, m.suffix, m.first_key, m.last_key,
        'nppes', %(now)s
    FROM met m WHERE m.is_new
    RETURNING id
), changed AS (
    UPDATE learners_physician y SET
        npi = m.npi,
        degree = CASE WHEN y.degree = '' THEN m.degree ELSE y.degree END,
        first_name = CASE WHEN y.source = 'nppes' THEN m.first_name ELSE y.first_name END,
        middle_name = CASE WHEN y.source = 'nppes' OR y.middle_name = '' THEN m.middle_name ELSE y.middle_name END,
        last_name = CASE WHEN y.source = 'nppes' THEN m.last_name ELSE y.last_name END,
        suffix = CASE WHEN y.source = 'nppes' OR y.suffix = '' THEN m.suffix ELSE y.suffix END,
        first_key = CASE WHEN y.source = 'nppes' THEN m.first_key ELSE y.first_key END,
        last_key = CASE WHEN y.source = 'nppes' THEN m.last_key ELSE y.last_key END
    FROM met m
    WHERE y.id = m.physician_id AND NOT m.is_new AND (
        y.npi IS NULL OR (y.degree = '' AND m.degree <> '')
        OR (y.middle_name = '' AND m.middle_name <> '') OR (y.suffix = '' AND m.suffix <> '')
        OR (y.source = 'nppes' AND (y.first_name, y.middle_name, y.last_name, y.suffix)
            <> (m.first_name, m.middle_name, m.last_name, m.suffix))
    )
    RETURNING y.id, old.first_name, old.last_name, old.first_key, old.last_key,
        (old.first_key, old.last_key) <> (new.first_key, new.last_key) AS renamed
), aliases AS (
    INSERT INTO learners_alias (physician_id, first_name, last_name, first_key, last_key, source, created_at)
    SELECT c.id, c.first_name, c.last_name, c.first_key, c.last_key, 'nppes', %(now)s FROM changed c WHERE c.renamed
    ON CONFLICT (physician_id, last_key, first_key) DO NOTHING
)
SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM changed)
