-- What the board knows of its licensees fills what nobody had said; a name that changed stays findable as an alias.
WITH said AS (
    SELECT DISTINCT ON (w.physician_id) w.*,
        bool_or(w.renames) OVER (PARTITION BY w.physician_id) AS takes_name,
        max(CASE WHEN w.sets_birthday THEN w.birthday END) OVER (PARTITION BY w.physician_id) AS new_birthday,
        max(CASE WHEN w.new_npi IS DISTINCT FROM w.o_npi THEN w.new_npi END) OVER (PARTITION BY w.physician_id)
            AS other_npi
    FROM weighed w
    WHERE w.code IS NULL AND w.nth = 1 AND NOT w.passed_over AND w.changes AND w.sure_id IS NOT NULL
    ORDER BY w.physician_id, w.renames DESC, w.row
), changed AS (
    UPDATE learners_physician y SET
        npi = coalesce(s.other_npi, y.npi),
        degree = s.degree,
        first_name = CASE WHEN s.takes_name THEN s.first_name ELSE y.first_name END,
        last_name = CASE WHEN s.takes_name THEN s.last_name ELSE y.last_name END,
        first_key = CASE WHEN s.takes_name THEN s.first_key ELSE y.first_key END,
        last_key = CASE WHEN s.takes_name THEN s.last_key ELSE y.last_key END,
        middle_name = CASE WHEN s.middle_name <> '' AND (y.middle_name = '' OR s.takes_name) THEN s.middle_name
            ELSE y.middle_name END,
        suffix = CASE WHEN s.suffix <> '' AND (y.suffix = '' OR s.takes_name) THEN s.suffix ELSE y.suffix END,
        birthday = coalesce(s.new_birthday, y.birthday),
        source = 'roster'
    FROM said s
    WHERE y.id = s.physician_id
    RETURNING y.id, old.first_name, old.last_name, old.first_key, old.last_key, old.source,
        (old.first_key, old.last_key) <> (new.first_key, new.last_key) AS renamed
)
INSERT INTO learners_alias (physician_id, first_name, last_name, first_key, last_key, source, created_at)
SELECT c.id, c.first_name, c.last_name, c.first_key, c.last_key, c.source, %(now)s
FROM changed c WHERE c.renamed
ON CONFLICT (physician_id, last_key, first_key) DO NOTHING
