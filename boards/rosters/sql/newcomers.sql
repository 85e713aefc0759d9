-- Whom the registry does not know, or not for sure, becomes a physician of their own; rows of one NPI share one.
WITH newcomer AS (
    SELECT nextval(pg_get_serial_sequence('learners_physician', 'id')) AS id, d.*
    FROM (
        SELECT DISTINCT ON (w.newcomer) w.newcomer, w.new_npi, w.degree, w.first_name, w.middle_name, w.last_name, w.suffix,
            w.first_key, w.last_key, w.birthday
        FROM weighed w
        WHERE w.code IS NULL AND w.nth = 1 AND NOT w.passed_over AND w.physician_id IS NULL
        ORDER BY w.newcomer, w.birthday NULLS LAST, w.row
    ) d
), made AS (
    INSERT INTO learners_physician (
        id, npi, degree, first_name, middle_name, last_name, suffix, first_key, last_key, birthday, source, created_at
    )
    SELECT n.id, n.new_npi, n.degree, n.first_name, n.middle_name, n.last_name, n.suffix, n.first_key, n.last_key,
        n.birthday, 'roster', %(now)s
    FROM newcomer n
)
UPDATE weighed w SET physician_id = n.id
FROM newcomer n
WHERE w.code IS NULL AND w.nth = 1 AND NOT w.passed_over AND w.physician_id IS NULL AND w.newcomer = n.newcomer
