-- What the registry says of each `person` without a physician (design section 7).
-- A candidate is whom the license, the NPI or, with neither given, the number with a certifying board or else the name
-- and state point at.
CREATE TEMPORARY TABLE looked ON COMMIT DROP AS
WITH asked AS (
    -- In the license index's own order, so that one look-up finds what it needs where the last one was.
    SELECT p.* FROM person p WHERE p.physician_id IS NULL ORDER BY p.state, p.number_key
), candidate AS (
    SELECT p.learner_id, p.last_key, p.birthday, 1 AS via, x.physician_id
    FROM asked p JOIN learners_license x ON x.state = p.state AND x.number_key = p.number_key
    WHERE p.number_key <> ''
    UNION ALL
    SELECT p.learner_id, p.last_key, p.birthday, 2, y.id
    FROM asked p JOIN learners_physician y ON y.npi = p.npi
    WHERE p.npi IS NOT NULL
    UNION ALL
    SELECT p.learner_id, p.last_key, p.birthday, 8, x.physician_id
    FROM asked p JOIN learners_certification x ON x.board = p.board AND x.number = p.number
    WHERE p.board <> ''
    UNION ALL
    SELECT p.learner_id, p.last_key, p.birthday, 4, x.physician_id
    FROM asked p JOIN learners_license x
        ON x.state = p.state AND x.last_key = p.last_key AND x.first_key = p.first_key
    WHERE p.number_key = '' AND p.npi IS NULL
    UNION ALL
    SELECT p.learner_id, p.last_key, p.birthday, 4, x.physician_id
    FROM asked p JOIN learners_alias a ON a.last_key = p.last_key AND a.first_key = p.first_key
        JOIN learners_license x ON x.physician_id = a.physician_id AND x.state = p.state
    WHERE p.number_key = '' AND p.npi IS NULL
), pointed AS (
    -- Whom something in the row does not point at is not meant, whatever else agrees: a number and an NPI of two people
    -- disagree on every day of the year.
    SELECT c.learner_id, c.last_key, c.birthday, c.physician_id, bit_or(c.via) AS via,
        bit_or(c.via) = bit_or(bit_or(c.via)) OVER (PARTITION BY c.learner_id) AS every_way
    FROM candidate c GROUP BY c.learner_id, c.last_key, c.birthday, c.physician_id
), compared AS (
    SELECT c.learner_id, c.via, c.physician_id, n.agrees AS named,
        n.agrees AND c.every_way AND y.birthday IS NULL AS birthday_unknown,
        n.agrees AND c.every_way AND y.birthday IS NOT DISTINCT FROM c.birthday AS agrees
    FROM pointed c
    JOIN learners_physician y ON y.id = c.physician_id
    CROSS JOIN LATERAL (
        -- a name the physician went by agrees like the one on record
        SELECT y.last_key = c.last_key OR EXISTS (
            SELECT FROM learners_alias a WHERE a.physician_id = y.id AND a.last_key = c.last_key
        ) AS agrees
    ) n
), weighed AS (
    SELECT c.learner_id,
        min(c.physician_id) FILTER (WHERE c.agrees) AS agreeing,
        min(c.physician_id) FILTER (WHERE c.agrees) < max(c.physician_id) FILTER (WHERE c.agrees) AS several_agree,
        bool_or(c.birthday_unknown) AS someone_unknown,
        bool_or(c.via = 4) AS by_name,
        coalesce(min(c.physician_id) FILTER (WHERE c.named), min(c.physician_id)) AS meant,
        min(c.physician_id) < max(c.physician_id) AS several_people
    FROM compared c GROUP BY c.learner_id
)
SELECT p.fingerprint, p.learner_id, p.is_new, v.verdict,
    CASE v.verdict WHEN 'matched' THEN w.agreeing END AS physician_id,
    -- Whom a wrong guess is about: the physician, by whatever it is that points at them and at no other of the name; or
    -- the name in a state, where several have it.
    CASE
        WHEN w.by_name AND w.several_people THEN 'n:' || p.state || ':' || md5(p.last_key || ' ' || p.first_key)
        WHEN w.learner_id IS NOT NULL THEN 'p:' || w.meant
    END AS target
FROM asked p
LEFT JOIN weighed w ON w.learner_id = p.learner_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN w.learner_id IS NULL THEN 'not_found'
        -- Before any birthday is looked at: beside an unknown one, that of a namesake must not show.
        WHEN w.someone_unknown THEN 'unconfirmed'
        WHEN w.several_agree THEN 'several'
        WHEN w.agreeing IS NOT NULL THEN 'matched'
        ELSE 'disagrees'
    END AS verdict
) v
